"""YouTube's Data API v3 and Google's permission, as far as a pre-save meets them."""

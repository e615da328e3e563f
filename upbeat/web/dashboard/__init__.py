"""What the artist's team sees and does."""

"""The look of the fan's pages: plain values in, bytes for a browser out. Knows no models, no settings and no clock."""

"""TIDAL, as its API description (1.10.104) and what others met tell of it."""

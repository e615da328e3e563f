"""Spotify: accounts.spotify.com, api.spotify.com and open.spotify.com as they are in 2026."""

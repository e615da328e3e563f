"""SoundCloud: OAuth 2.1, URNs, and playlists that are written whole."""

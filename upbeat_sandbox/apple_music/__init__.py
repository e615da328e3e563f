"""Apple Music, played: the API, MusicKit JS, and the window in which it asks."""

"""SoundCloud: secure.soundcloud.com, api.soundcloud.com and soundcloud.com as they are in 2026."""

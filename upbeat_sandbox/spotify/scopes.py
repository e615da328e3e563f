"""Spotify's scopes, in the words a fan reads on the consent page."""

SCOPES = {
    "app-remote-control": "Talk to the app on your device",
    "playlist-modify-private": "Create and change your private playlists",
    "playlist-modify-public": "Create and change your public playlists",
    "playlist-read-collaborative": "See playlists you make together with others",
    "playlist-read-private": "See your private playlists",
    "streaming": "Play music and control playback on your devices",
    "ugc-image-upload": "Upload pictures for your playlists",
    "user-follow-modify": "Follow and unfollow artists and people for you",
    "user-follow-read": "See who you follow",
    "user-library-modify": "Add music to your library and remove it",
    "user-library-read": "See what is in your library",
    "user-modify-playback-state": "Control what you are playing",
    "user-read-currently-playing": "See what you are playing now",
    "user-read-email": "See your e-mail address",
    "user-read-playback-position": "See where you stopped in a podcast",
    "user-read-playback-state": "See your devices and what plays on them",
    "user-read-private": "See your country and kind of subscription",
    "user-read-recently-played": "See what you played lately",
    "user-top-read": "See your top artists and songs",
}

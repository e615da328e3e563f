"""Deezer's permissions, in the words a fan reads on the consent page."""

PERMISSIONS = {
    "basic_access": "See your name and your profile",
    "email": "See your e-mail address",
    "offline_access": "Act for you at any time, also when you are away",
    "manage_library": "Add music to your library, follow artists, make playlists",
    "manage_community": "Follow people for you",
    "delete_library": "Remove music from your library",
    "listening_history": "See what you played lately",
}

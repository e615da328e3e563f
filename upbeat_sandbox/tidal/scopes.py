"""What an application may ask a fan for, in the words of the consent page."""

SCOPES = {
    "user.read": "Read your account information, such as country and e-mail address",
    "collection.read": "Read your collection",
    "collection.write": "Change your collection",
    "playlists.read": "Read your playlists",
    "playlists.write": "Change your playlists",
    "search.read": "Read your personal search results",
    "search.write": "Change your search history",
    "recommendations.read": "Read your recommendations",
    "entitlements.read": "Read what your subscription allows",
    "playback": "Play music",
}
INTERNAL = ("r_usr", "w_usr")
"""For TIDAL's own applications only: who else asks for one gets an error page."""

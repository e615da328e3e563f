"""Google's scopes, in the words a fan reads on the consent page."""

_AUTH = "https://www.googleapis.com/auth/"
MANAGE = _AUTH + "youtube"
SSL = _AUTH + "youtube.force-ssl"
READ = _AUTH + "youtube.readonly"
PARTNER = _AUTH + "youtubepartner"
EMAIL = _AUTH + "userinfo.email"
PROFILE = _AUTH + "userinfo.profile"

SCOPES = {
    MANAGE: "Manage your YouTube account",
    SSL: "See, edit, and permanently delete your YouTube videos, ratings, comments and captions",
    READ: "View your YouTube account",
    _AUTH + "youtube.upload": "Manage your YouTube videos",
    PARTNER: "View and manage your assets and associated content on YouTube",
    EMAIL: "See your primary Google Account email address",
    PROFILE: "See your personal info, including any personal info you've made publicly available",
    "openid": "Associate you with your personal info on Google",
    "email": "See your primary Google Account email address",
    "profile": "See your personal info, including any personal info you've made publicly available",
}
SHORT = {"email": EMAIL, "profile": PROFILE}
"""Two scopes have a short name; what is granted is the long one."""
TO_WRITE = (MANAGE, SSL, PARTNER)
TO_READ = (MANAGE, SSL, READ, PARTNER)

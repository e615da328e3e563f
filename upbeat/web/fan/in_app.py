"""Browsers inside other apps: a permission window does not open there, or does not come back."""

import re

_APPS = (
    ("Instagram", re.compile(r"\bInstagram\b")),
    ("Facebook", re.compile(r"\bFBA[NV]/|\bFB_IAB/")),
    ("TikTok", re.compile(r"BytedanceWebview|musical_ly|\btrill_|TikTok", re.IGNORECASE)),
    ("Snapchat", re.compile(r"\bSnapchat/")),
    ("LinkedIn", re.compile(r"\bLinkedInApp\b")),
    ("Pinterest", re.compile(r"\[Pinterest/|\bPinterest/")),
    ("LINE", re.compile(r"\bLine/\d")),
)


def in_app(user_agent: str) -> str:
    """The name of the app whose browser this is; empty for a browser of its own."""
    return next((name for name, signs in _APPS if signs.search(user_agent[:1000])), "")


def way_out(url: str, user_agent: str) -> tuple[str, str]:
    """What opens an address in a browser of its own, and that browser's name: two empty ones where nothing does.

    iOS has had `x-safari-https://` since 17; Android hands an `intent:` to the browser its owner chose.
    """
    scheme, _, rest = url.partition("://")
    if re.search(r"\b(iPhone|iPad|iPod)\b", user_agent[:1000]):
        return f"x-safari-{url}", "Safari"
    if re.search(r"\bAndroid\b", user_agent[:1000]):
        return f"intent://{rest}#Intent;scheme={scheme};action=android.intent.action.VIEW;end", ""
    return "", ""

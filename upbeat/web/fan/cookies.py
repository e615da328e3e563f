"""A fan's cookies: one that binds a trip to this browser, one a campaign that opens their receipt, one for the clock.

None follows anybody: a browser gets the first when it sets out to a service's permission page, the second when a
pre-save is recorded. A campaign's cookie is `service_key` pairs, so the fast path sees by its name alone that the
page is a personal one. The third is a time zone, which the pages of a local release set by script (`own-time.js`).
"""

import re
import secrets

from django.conf import settings

from upbeat.core.zones import is_zone

_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_PAIR = re.compile(rf"(?P<service>[a-z_]+)_(?P<key>{_KEY.pattern})")
"""A key has a set length, so that it may begin with the sign that a service's name may hold."""
_ZONE = re.compile(rb"(?:^|; ?)zone=([A-Za-z0-9_+/-]{1,64})")
_YEAR = 365 * 24 * 3600
MOST = 30
"""Campaigns a browser remembers; beyond, the oldest goes (its receipt link still opens)."""


def browser_name() -> str:
    return _prefix() + "trip"


def receipt_name(campaign_id: int) -> str:
    return f"{_prefix()}fan-{campaign_id}"


def new_browser() -> str:
    return secrets.token_urlsafe(32)


def browser_of(cookies: dict[str, str]) -> str:
    """What binds trips to this browser, or "" where it has none that could be ours."""
    value = cookies.get(browser_name(), "")
    return value if _KEY.fullmatch(value) else ""


def receipts_of(cookies: dict[str, str], campaign_id: int) -> dict[str, str]:
    """The receipt keys this browser has for a campaign, by service."""
    pairs = (_PAIR.fullmatch(pair) for pair in cookies.get(receipt_name(campaign_id), "").split("."))
    return {pair["service"]: pair["key"] for pair in pairs if pair}


def zone_of(cookies: dict[str, str]) -> str:
    """The time zone this browser has told us, "" if none."""
    name = cookies.get("zone", "")
    return name if is_zone(name) else ""


def zone_in_header(cookie: bytes) -> str:
    """The same from the bytes of a Cookie header."""
    found = _ZONE.search(cookie)
    name = found[1].decode("ascii") if found else ""
    return name if is_zone(name) else ""


def set_browser(value: str) -> str:
    """The Set-Cookie value that binds trips to a browser; it outlives the longest trip."""
    return _set(browser_name(), value, 3600)


def set_receipt(cookies: dict[str, str], campaign_id: int, service: str, key: str) -> list[str]:
    """The Set-Cookie values after a pre-save: the new key beside the ones there are, and room for them."""
    keys = receipts_of(cookies, campaign_id) | {service: key}
    value = ".".join(f"{service}_{key}" for service, key in keys.items())
    start = f"{_prefix()}fan-"
    others = sorted(
        int(name.removeprefix(start))
        for name in cookies
        if name.startswith(start)
        and name.removeprefix(start).isdecimal()
        and name != receipt_name(campaign_id)
    )
    too_many = others[: max(0, len(others) + 1 - MOST)]
    return [
        _set(receipt_name(campaign_id), value, _YEAR),
        *(_set(receipt_name(old), "", 0) for old in too_many),
    ]


def _set(name: str, value: str, seconds: int) -> str:
    secure = "; Secure" if settings.SECURE else ""
    return f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _prefix() -> str:
    return "__Host-" if settings.SECURE else ""

"""Time zones, always from the locked tzdata wheel.

The system's copy is never read: Debian's 2025b is wrong for Morocco, Cuba and much of Canada in 2026, and two machines
of one installation must not disagree about a release instant. Clearing the search path leaves `zoneinfo` the wheel.
"""

import zoneinfo
from collections import defaultdict
from functools import cache
from zoneinfo import ZoneInfo

zoneinfo.reset_tzpath(to=())
ZoneInfo.clear_cache()

_NOT_PLACES = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


_ALL = frozenset(zoneinfo.available_timezones())


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone a person may choose, in alphabetical order: places, and UTC."""
    return (*sorted(name for name in _ALL if "/" in name and not name.startswith(_NOT_PLACES)), "UTC")


def every_zone() -> frozenset[str]:
    """The names of all zones, those a browser may say included."""
    return _ALL


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone. Any text may be asked about."""
    return name in _ALL


def zone(name: str) -> ZoneInfo:
    """The rules of an IANA zone. Raises `ValueError` for a name that is none (ask `is_zone` first)."""
    if not is_zone(name):
        raise ValueError("not an IANA time zone")
    return ZoneInfo(name)


def city(name: str) -> str:
    """What people call a zone: "America/Argentina/Buenos_Aires" is "Buenos Aires"."""
    return name.rsplit("/", 1)[-1].replace("_", " ")


@cache
def zones_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every zone to choose from: region, then (name, what people call it)."""
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in zone_names():
        region, _, rest = name.partition("/")
        country = rest.rpartition("/")[0].replace("_", " ")
        regions[region if rest else "Universal"].append(
            (name, f"{city(name)} ({country})" if country else city(name))
        )
    return [(region, sorted(names, key=lambda one: one[1])) for region, names in regions.items()]

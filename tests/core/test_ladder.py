"""A button stands on the best rung this installation really has, and a fan whom it does not hold lands on the next."""

from datetime import timedelta
from itertools import product

import pytest

from upbeat.core.ladder import (
    Fan,
    Hold,
    Installed,
    Offered,
    Reason,
    Rung,
    in_words,
    ladder,
    stands_on,
)

SAVE, NATIVE, REMIND, LINK = Rung
SIX_MONTHS, HOURS = timedelta(days=180), timedelta(hours=4)
ALL = Offered(native=True, shop=True)
HAS = Installed("Spotify", can_save=True, grant_life=SIX_MONTHS)
NO_APP = Installed("Spotify", can_save=False)
CLOSED = Installed("Qobuz", can_save=False, speaks=False, has_native=False)
TIDAL = Installed("TIDAL", can_save=True, grant_life=HOURS, has_native=False)
FOR_EVER = Installed("Deezer", can_save=True, has_native=False)
NAMED = Installed("Spotify", can_save=True, grant_life=SIX_MONTHS, named_only=True)


def days(count: float, *, native: bool = False, shop: bool = False) -> Offered:
    return Offered(timedelta(days=count), native, shop)


@pytest.mark.parametrize(
    ("installed", "offered", "fan", "stood"),
    [
        # What the installation has
        (HAS, ALL, Fan(), (SAVE, NATIVE, None)),
        (HAS, Offered(), Fan(), (SAVE, REMIND, None)),
        (NO_APP, ALL, Fan(), (NATIVE, REMIND, Reason.NO_APP)),
        (NO_APP, Offered(), Fan(), (REMIND, None, Reason.NO_APP)),
        (NO_APP, Offered(shop=True), Fan(), (REMIND, LINK, Reason.NO_APP)),
        (CLOSED, Offered(), Fan(), (REMIND, None, Reason.CLOSED)),
        (CLOSED, Offered(native=True), Fan(), (NATIVE, REMIND, Reason.CLOSED)),
        (NAMED, ALL, Fan(), (NATIVE, REMIND, Reason.NAMED_ONLY)),
        (NAMED, Offered(), Fan(), (REMIND, None, Reason.NAMED_ONLY)),
        (
            Installed("X", can_save=False, can_remind=False),
            Offered(shop=True),
            Fan(),
            (LINK, None, Reason.NO_APP),
        ),
        (Installed("X", can_save=False, can_remind=False), Offered(), Fan(), (None, None, Reason.NO_APP)),
        # How far the release lies ahead
        (HAS, days(179), Fan(), (SAVE, REMIND, None)),
        (HAS, days(180), Fan(), (REMIND, None, Reason.TOO_FAR)),
        (HAS, days(400, native=True), Fan(), (NATIVE, REMIND, Reason.TOO_FAR)),
        (FOR_EVER, days(900), Fan(), (SAVE, REMIND, None)),
        (TIDAL, days(1), Fan(), (REMIND, None, Reason.TOO_FAR)),
        (TIDAL, days(0.1), Fan(), (SAVE, REMIND, None)),
        (TIDAL, days(-3), Fan(), (SAVE, REMIND, None)),
        # What this fan met
        (HAS, ALL, Fan(Reason.NOT_OPEN), (NATIVE, REMIND, Reason.NOT_OPEN)),
        (HAS, Offered(), Fan(Reason.NOT_OPEN), (REMIND, None, Reason.NOT_OPEN)),
        (HAS, Offered(), Fan(Reason.APP_REFUSED), (REMIND, None, Reason.APP_REFUSED)),
        (HAS, Offered(shop=True), Fan(Reason.DOWN), (REMIND, LINK, Reason.DOWN)),
        (HAS, Offered(), Fan(in_app="Instagram"), (REMIND, None, Reason.IN_APP)),
        (HAS, ALL, Fan(in_app="TikTok"), (NATIVE, REMIND, Reason.IN_APP)),
        (HAS, ALL, Fan(absent=True), (REMIND, LINK, Reason.ABSENT)),
        (NO_APP, ALL, Fan(absent=True), (REMIND, LINK, Reason.NO_APP)),
    ],
)
def test_where_a_tap_lands_and_where_next(
    installed: Installed, offered: Offered, fan: Fan, stood: tuple[Rung | None, Rung | None, Reason | None]
) -> None:
    stand = stands_on(installed, offered, fan)
    assert (stand.rung, stand.below, stand.reason) == stood


def test_whoever_can_be_reminded_is_never_turned_away_and_never_sent_where_a_save_cannot_live() -> None:
    """Over everything there may be at once: 4,608 ladders."""
    lives, leads = (None, HOURS, SIX_MONTHS), (timedelta(hours=-1), timedelta(hours=5), timedelta(days=200))
    fells = (None, Reason.NOT_OPEN, Reason.APP_REFUSED, Reason.DOWN)
    flags = (True, False)
    seen = 0
    for save, life, speaks, native, named in product(flags, lives, flags, flags, flags):
        installed = Installed(
            "Any", save, grant_life=life, speaks=speaks, has_native=native, named_only=named
        )
        for lead, given, shop, fell, in_app in product(leads, flags, flags, fells, ("", "LINE")):
            stand = stands_on(installed, Offered(lead, given, shop), Fan(fell, in_app))
            seen += 1
            assert stand.rung is not None and stand.why
            assert (stand.rung is SAVE) == (stand.reason is None)
            if stand.rung is SAVE:
                assert save and speaks and not named and not in_app and fell is None
                assert life is None or lead < life
            if stand.rung is NATIVE:
                assert given
            rungs = list(Rung)
            assert stand.below is None or rungs.index(stand.below) > rungs.index(stand.rung)
    assert seen == 4608


@pytest.mark.parametrize(
    ("installed", "offered", "fan", "why"),
    [
        (HAS, Offered(), Fan(), "We add the music to the library on Spotify."),
        (
            NO_APP,
            Offered(),
            Fan(),
            "This installation has no app at Spotify. We send the link when it is out.",
        ),
        (NO_APP, ALL, Fan(), "This installation has no app at Spotify. Spotify’s own page does it."),
        (CLOSED, Offered(), Fan(), "Qobuz lets no other app in. We send the link when it is out."),
        (
            TIDAL,
            days(30),
            Fan(),
            "TIDAL forgets a permission after 4 hours, and the release is later. We send the link when it is out.",
        ),
        (
            HAS,
            Offered(),
            Fan(in_app="Instagram"),
            "Spotify cannot ask for permission inside Instagram. We send the link when it is out.",
        ),
        (HAS, Offered(), Fan(Reason.DOWN), "Spotify does not answer. We send the link when it is out."),
        (
            HAS,
            Offered(shop=True),
            Fan(absent=True),
            "Spotify does not exist where this fan is. We send the link when it is out.",
        ),
    ],
)
def test_the_reason_says_what_is_missing_and_what_happens_instead(
    installed: Installed, offered: Offered, fan: Fan, why: str
) -> None:
    assert stands_on(installed, offered, fan).why == why


@pytest.mark.parametrize(
    ("installed", "offered", "holds"),
    [
        (HAS, Offered(), "save:holds native:not_yet remind:holds link:not_yet"),
        (NO_APP, ALL, "save:not_yet native:holds remind:holds link:holds"),
        (CLOSED, Offered(), "save:never native:never remind:holds link:not_yet"),
        (TIDAL, days(30), "save:not_yet native:never remind:holds link:not_yet"),
    ],
)
def test_the_whole_ladder_tells_not_yet_from_never(
    installed: Installed, offered: Offered, holds: str
) -> None:
    assert " ".join(f"{step.rung}:{step.hold}" for step in ladder(installed, offered)) == holds
    assert {step.hold for step in ladder(installed, offered)} <= set(Hold)


@pytest.mark.parametrize(
    ("life", "words"),
    [
        (SIX_MONTHS, "180 days"),
        (HOURS, "4 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=1), "1 hour"),
    ],
)
def test_a_life_in_words(life: timedelta, words: str) -> None:
    assert in_words(life) == words

"""A button stands on the best rung this installation really has."""

from datetime import timedelta

import pytest

from upbeat.core.ladder import Installed, Offered, Rung, stands_on

ALL = Offered(native=True, shop=True)


def spotify(*, save: bool, remind: bool = True, life: int | None = 180) -> Installed:
    return Installed("Spotify", save, remind, None if life is None else timedelta(days=life))


@pytest.mark.parametrize(
    ("installed", "offered", "rung"),
    [
        (spotify(save=True), ALL, Rung.SAVE),
        (spotify(save=False), ALL, Rung.NATIVE),
        (spotify(save=False), Offered(shop=True), Rung.REMIND),
        (spotify(save=False, remind=False), Offered(shop=True), Rung.LINK),
        (spotify(save=False, remind=False), Offered(), None),
        (spotify(save=True), Offered(lead=timedelta(days=179)), Rung.SAVE),
        (spotify(save=True), Offered(lead=timedelta(days=180)), Rung.REMIND),
        (spotify(save=True, life=None), Offered(lead=timedelta(days=900)), Rung.SAVE),
    ],
)
def test_the_best_rung_that_holds(installed: Installed, offered: Offered, rung: Rung | None) -> None:
    assert stands_on(installed, offered).rung is rung


@pytest.mark.parametrize(
    ("below", "rung"),
    [(Rung.SAVE, Rung.NATIVE), (Rung.NATIVE, Rung.REMIND), (Rung.REMIND, Rung.LINK), (Rung.LINK, None)],
)
def test_a_fan_falls_to_the_next_rung_not_to_the_ground(below: Rung, rung: Rung | None) -> None:
    assert stands_on(spotify(save=True), ALL, below=below).rung is rung


def test_the_reason_says_what_is_missing_and_what_happens_instead() -> None:
    stand = stands_on(spotify(save=False), Offered())
    assert stand.why == "This installation has no app at Spotify. We send the link when it is out."


def test_a_permission_that_would_end_too_early_is_named() -> None:
    stand = stands_on(spotify(save=True, remind=False), Offered(lead=timedelta(days=200)))
    assert stand.rung is None
    assert "180 days" in stand.why

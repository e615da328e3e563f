"""A release night on Apple Music: a 202 is no promise, and one word, or two in one hour, is no end of a permission."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.delivery.night import UPC, Night, states
from tests.sandbox_process import Sandbox
from upbeat.fans.models import Connection

pytestmark = pytest.mark.django_db(transaction=True)
SERVICE, TITLE = "apple_music", "Night Ferry North"


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Iterator[Night]:
    """Two hours before the release."""
    night = Night(sandbox)
    opens = night.campaign.opens_at
    sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"released_at": opens.isoformat()})
    night.move_to(opens - timedelta(hours=2))
    yield night
    assert [call["wrong"] for call in sandbox.calls(service=SERVICE, wrong=1)] == []


def albums(night: Night, name: str) -> list[str]:
    return [one["name"] for one in night.sandbox.fan(name, SERVICE)["albums"]]


def test_everybody_has_the_album_and_the_playlist_once_and_what_was_ignored_is_added_again(
    night: Night,
) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        night.fan(name, SERVICE, playlist="Friday")
    # Two saves are taken and forgotten.
    night.sandbox.fault("forgetful", match={"service": SERVICE, "path": "^/v1/me/library$"}, times=2)
    night.release()
    for _ in range(4):
        night.deliver()
        night.move(minutes=2)
    for name in ("Ada", "Ben", "Cleo"):
        fan = night.sandbox.fan(name, SERVICE)
        assert albums(night, name) == [TITLE]
        assert [len(one["tracks"]) for one in fan["playlists"] if one["name"] == "Friday"] == [10]
        assert fan["duplicates"] == 0
    assert {state for _, state, _ in states()} <= {"delivered", "verified"}
    assert (
        len(
            [
                one
                for one in night.sandbox.calls(service=SERVICE, method="POST")
                if one["path"].endswith("/playlists")
            ]
        )
        == 3
    )


def test_a_permission_is_given_up_after_two_words_hours_apart(night: Night) -> None:
    for name in ("Ada", "Ben"):
        night.fan(name, SERVICE)
    night.sandbox.revoke(SERVICE, "Ada")
    night.release()
    night.deliver()
    assert albums(night, "Ben") == [TITLE]
    for minutes in (30, 60):
        night.move(minutes=minutes)
        night.deliver()
        assert Connection.objects.filter(service=SERVICE, dead_at__isnull=False).count() == 0
    night.move(minutes=60)
    night.deliver()
    night.deliver()
    assert Connection.objects.filter(service=SERVICE, dead_at__isnull=False).count() == 1
    assert sorted(state for what, state, _ in states() if what == "save") == ["delivered", "needs_fan"]


def test_a_wave_of_false_words_that_lasts_an_hour_loses_nobody(night: Night) -> None:
    night.fan("Ada", SERVICE)
    night.sandbox.fault("invalid_grant", match={"service": SERVICE}, times=1000)
    night.release()
    for _ in range(3):
        night.deliver()
        night.move(minutes=20)
    night.sandbox.no_faults()
    night.move(minutes=30)
    night.deliver()
    night.deliver()
    assert albums(night, "Ada") == [TITLE]

"""A night on TIDAL: a lost answer is asked for again under the same key, a word it gave is not."""

from datetime import timedelta

import pytest

from tests.delivery import books
from tests.delivery.night import UPC, Night, states
from tests.sandbox_process import Sandbox
from upbeat.delivery.models import Delivery
from upbeat.delivery.source import look_around
from upbeat.delivery.telling import teller
from upbeat.fans.models import SeenGrant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Night:
    sandbox.turn("tidal", gives_refresh_token=True)
    return Night(sandbox)


def albums(night: Night, name: str) -> list[str]:
    return [album["name"] for album in night.sandbox.fan(name, "tidal")["albums"]]


def test_a_crowd_is_served_once_each_through_lost_answers_and_renewals(night: Night) -> None:
    night.crowd("tidal", 6, playlists=True)
    night.move(days=2)
    night.release()
    night.sandbox.fault(
        "drop", when="after", times=4, match={"service": "tidal", "host": "openapi", "method": "POST"}
    )
    for _ in range(4):
        night.deliver()
        night.move(seconds=45)
    assert {state for _, state, _ in states()} <= {"delivered", "verified"}, states()
    fans = [fan for name, fan in night.sandbox.fans("tidal").items() if name.startswith("tidal 0")]
    assert len(fans) == 6
    for fan in fans:
        assert len(fan["albums"]) == 1
        assert fan["duplicates"] == 0
    assert sum(len(fan["playlists"]) for fan in fans) == 3
    assert night.sandbox.calls(service="tidal", wrong=1) == []


def test_a_lost_answer_is_heard_when_it_is_asked_for_again(night: Night) -> None:
    night.fan("Ada", "tidal")
    night.release()
    match = {"service": "tidal", "path": "userCollectionAlbums"}
    night.sandbox.fault("drop", when="after", times=1, match=match)
    night.deliver()
    assert albums(night, "Ada") == ["Night Ferry North"]
    night.move(minutes=5)
    night.deliver()
    assert states() == [("save", "delivered", "done")]  # and not "already": the first answer came again
    assert Delivery.objects.get().attempts == 2


def test_what_is_not_there_yet_is_not_asked_for_under_the_same_key(night: Night) -> None:
    night.fan("Ada", "tidal")
    night.release()
    assert night.run(lambda: look_around(night.now))
    later = night.now() + timedelta(minutes=10)
    night.sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"released_at": later.isoformat()})
    night.deliver()
    assert states() == [("save", "pending_source", "not_found_yet")]
    night.move(minutes=20)
    night.deliver()
    assert states() == [("save", "delivered", "done")]
    assert albums(night, "Ada") == ["Night Ferry North"]


def test_a_permission_that_ended_asks_the_fan_and_nobody_else(night: Night) -> None:
    night.sandbox.turn("tidal", gives_refresh_token=False)
    night.fan("Ada", "tidal")
    night.release()
    night.deliver()
    assert states() == [("save", "needs_fan", "grant_dead")]


def test_a_reminder_leads_to_the_tap_that_saves_until_a_refresh_token_was_seen(night: Night) -> None:
    fan = night.fan("Ada", "tidal")
    fan.towards = "tidal"
    fan.save()
    books.out(night.campaign, "tidal")
    row = Delivery.objects.get()
    assert teller(night.campaign)(row).url.endswith(f"/{night.campaign.slug}/tidal")
    SeenGrant.objects.create(service="tidal", renewable=True, seen_at=night.now())
    assert teller(night.campaign)(row).url == "https://example.com/the-album"

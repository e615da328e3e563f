"""Nothing goes out that is not what was announced, until the team has decided; and then at once."""

import asyncio
from datetime import timedelta

import pytest

from tests.delivery import books
from tests.delivery.night import TITLE, UPC, Night, states
from tests.sandbox_process import Sandbox
from upbeat.artists.models import Person
from upbeat.campaigns.describe import Described, Source
from upbeat.campaigns.models import ServiceLink
from upbeat.core.link import Link
from upbeat.core.links import release_link
from upbeat.delivery import guard
from upbeat.delivery.models import Alarm, Batch, Limiter
from upbeat.delivery.source import AHEAD
from upbeat.delivery.threads import beside
from upbeat.providers.base import Found, Kind
from upbeat.web.dashboard.set_up import mend, take
from upbeat.web.fan.rows import playable

pytestmark = pytest.mark.django_db(transaction=True)
LIBRARY = {"service": "spotify", "method": "PUT", "path": "/me/library"}
HARBOURS = "859713000407"


@pytest.fixture
def night(transactional_db: None, sandbox: Sandbox) -> Night:
    return Night(sandbox)


def link(service: str = "spotify") -> ServiceLink:
    return ServiceLink.objects.get(service=service)


def writes(night: Night, service: str = "spotify") -> list[str]:
    """The albums that were saved, as the calls name them."""
    calls = night.sandbox.calls(service=service, method="PUT", path="/me/library")
    return [call["query"] for call in calls]


def lie(night: Night, title: str) -> None:
    """The catalogues show another title."""
    night.sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"title": title})


def album(night: Night, upc: str) -> Link:
    """A release's address as a team pastes it."""
    found = night.ask("spotify", lambda spotify: spotify.look_up(upc=upc))
    read = release_link(found.url, (found.service,))
    assert isinstance(read, Link)
    return read


def held_night(night: Night, fans: int = 3) -> None:
    for number in range(fans):
        night.fan(f"Fan {number}", reads=True)
    lie(night, f"{TITLE} (Deluxe)")
    night.release()
    night.deliver()


def test_another_release_is_held_and_the_team_told(night: Night) -> None:
    held_night(night)
    assert link().is_held and link().found_at is None
    assert link().differs == ["title"] and link().seen["title"] == f"{TITLE} (Deluxe)"
    assert link().seen["track_count"] == 10 and link().seen["cover_url"]
    assert {row[1:] for row in states()} == {("queued", "held")}
    assert writes(night) == []
    (alarm,) = Alarm.objects.filter(service="spotify")
    assert alarm.kind == "held" and "title is not the same" in alarm.sentence
    assert "spotify" not in {one.service for one in playable(night.campaign)}
    asked = len(night.sandbox.calls(service="spotify", path="/v1/search"))
    night.move(minutes=10)
    night.deliver()
    assert len(night.sandbox.calls(service="spotify", path="/v1/search")) == asked, "nobody looks on"


def test_it_is_held_a_quarter_of_an_hour_ahead_and_nobody_is_served_at_the_instant(night: Night) -> None:
    night.sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"visible_before": ["spotify", "deezer"]})
    night.fan("Ada", "deezer", reads=True)
    lie(night, "Something Else")
    assert night.campaign.opens_at is not None
    night.move_to(night.campaign.opens_at - AHEAD + timedelta(seconds=1))
    night.deliver()
    assert link("deezer").is_held and [row[1:] for row in states(action="save")] == [("waiting", "")]
    night.release()
    night.deliver()
    assert {row[1:] for row in states()} == {("queued", "held")}
    assert night.sandbox.fan("Ada", "deezer")["albums"] == []


def test_this_is_right_lets_everybody_go_and_is_not_asked_again(night: Night) -> None:
    held_night(night)
    ada = Person.objects.create(email="ada@example.com")
    assert guard.approve(link(), ada, night.now())
    night.deliver()
    assert len(writes(night)) == 3 and {row[1] for row in states()} == {"verified"}
    assert (link().decided_by, link().is_held, link().differs) == (ada, False, ["title"])
    assert Alarm.objects.get(service="spotify").ended_at is not None
    assert not guard.approve(link(), ada, night.now())


def test_another_link_is_looked_at_and_who_waits_goes_out(night: Night) -> None:
    held_night(night)
    night.campaign.release.title, night.campaign.release.upc = "Paper Harbours", ""
    night.campaign.release.save()
    guard.use_link(link(), album(night, HARBOURS), None, night.now())
    assert {row[1] for row in states()} == {"pending_source"} and not link().is_held
    night.deliver()
    assert {row[1] for row in states()} == {"verified"} and link().pasted
    assert len(set(writes(night))) == 1
    assert link().service_id in writes(night)[0]


def test_a_pasted_wrong_album_is_held_as_well(night: Night) -> None:
    held_night(night)
    guard.use_link(link(), album(night, HARBOURS), None, night.now())
    night.deliver()
    assert link().is_held and link().differs == ["title", "upc"]
    assert writes(night) == [] and {row[1:] for row in states()} == {("queued", "held")}


def test_a_link_pasted_while_the_release_is_pending_serves_who_waits(night: Night) -> None:
    night.campaign.release.upc = "859713009990"
    night.campaign.release.save()
    night.fan("Ada", reads=True)
    night.release()
    night.deliver()
    assert [row[1] for row in states()] == ["pending_source"]
    night.move(days=13)
    right = album(night, UPC)
    guard.use_link(link(), right, None, night.now())
    night.deliver()
    assert link().is_held and link().differs == ["upc"]
    take(night.campaign, "upc", {"upc": UPC}, night.now())
    night.deliver()
    assert [row[1] for row in states()] == ["verified"]


def test_what_was_found_at_set_up_is_looked_at_once_more(night: Night) -> None:
    night.sandbox.ask("PATCH", f"/_control/releases/{UPC}", {"visible_before": ["spotify"]})
    found = night.ask("spotify", lambda spotify: spotify.look_up(upc=UPC))
    with_link = books.out(night.campaign)
    ServiceLink.objects.filter(pk=with_link.pk).update(
        service_id=found.id, track_ids=list(found.track_ids), found_at=night.now() - timedelta(days=1)
    )
    night.fan("Ada")
    lie(night, "Something Else")
    night.release()
    night.deliver()
    assert link().is_held and writes(night) == []


def test_correcting_what_was_announced_serves_who_was_held_for_it(night: Night) -> None:
    held_night(night)
    settled = take(night.campaign, "title", {"title": f"{TITLE} (Deluxe)"}, night.now())
    assert settled.changed and not link().is_held
    night.deliver()
    assert {row[1] for row in states()} == {"verified"}


def test_a_corrected_upc_looks_anew_and_serves_who_waits(night: Night) -> None:
    night.campaign.release.upc = "859713009990"
    night.campaign.release.save()
    night.fan("Ada", reads=True)
    night.release()
    night.deliver()
    night.move(hours=3)
    take(night.campaign, "upc", {"upc": UPC}, night.now())
    night.deliver()
    assert [row[1] for row in states()] == ["verified"]


def test_mending_a_published_page_with_a_link_compares_it_too(night: Night) -> None:
    night.campaign.release.upc = ""
    night.campaign.release.save()
    night.fan("Ada", reads=True)
    night.release()
    night.deliver()
    assert [row[1] for row in states()] == ["pending_source"]

    def pasted(upc: str) -> str:
        found: Found = night.ask("spotify", lambda spotify: spotify.look_up(upc=upc))
        return mend(
            night.campaign, Described(Source(link=album(night, upc)), {"spotify": found}), night.now()
        )

    pasted(HARBOURS)
    night.deliver()
    assert link().is_held and writes(night) == []
    pasted(UPC)
    night.deliver()
    assert [row[1] for row in states()] == ["verified"]


def test_another_link_in_the_middle_of_the_run_ends_the_wrong_one(night: Night) -> None:
    night.campaign.release.upc = ""
    night.campaign.release.save()
    night.crowd("spotify", 60)
    night.release()
    right, wrong = album(night, UPC), album(night, HARBOURS)
    books.out(night.campaign)
    ServiceLink.objects.update(service_id=wrong.id, found_at=night.now())
    Batch.objects.create(campaign=night.campaign, service="spotify", canary_passed_at=night.now())
    Limiter.objects.update(rate=40, max_rate=40)
    one = link()

    async def mended() -> None:
        running = asyncio.create_task(night.turn())
        while not await beside(night.sandbox.calls, service="spotify", path="/me/library"):
            await asyncio.sleep(0.02)
        await beside(guard.use_link, one, right, None, night.now())
        await running

    night.run(mended)
    before = [query for query in writes(night) if wrong.id in query]
    assert len(before) < 60
    Limiter.objects.update(rate=5000, max_rate=5000)
    for _ in range(3):
        night.deliver()
    assert [query for query in writes(night) if wrong.id in query] == before, "nobody after the change"
    assert {row[1] for row in states()} == {"delivered"}
    assert len([query for query in writes(night) if right.id in query]) == 60


def test_who_was_held_for_fourteen_days_waits_no_more(night: Night) -> None:
    held_night(night, 1)
    night.move(days=14)
    night.deliver()
    assert [row[1:] for row in states()] == [("expired", "held")]


def test_a_look_that_was_overtaken_by_a_decision_changes_nothing(night: Night) -> None:
    held_night(night, 1)
    old = link()
    guard.use_link(link(), album(night, HARBOURS), None, night.now())
    found = night.ask("spotify", lambda spotify: spotify.release(Kind.ALBUM, old.service_id))
    assert not guard.take(old, found, night.now())
    assert link().service_id != old.service_id and not link().is_held


def test_what_was_found_at_set_up_and_is_gone_is_waited_for(night: Night) -> None:
    books.out(night.campaign)
    ServiceLink.objects.update(service_id="4jfVyTe1hEeT6ow4HWW9nX")
    night.fan("Ada")
    version = night.campaign.version
    night.release()
    night.deliver()
    night.campaign.refresh_from_db()
    assert link().found_at is None and [row[1] for row in states()] == ["pending_source"]
    assert night.campaign.version > version, "the page does not list it any more"

"""One fan's whole story: in order, in words, with what comes next; and nobody else's."""

import html
import json
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.web.desk import NOW, desk, person, ready
from upbeat import clock
from upbeat.campaigns import publish
from upbeat.campaigns.models import Campaign
from upbeat.core.delivery import State
from upbeat.delivery import plan
from upbeat.delivery.models import Attempt, Chunk, Delivery
from upbeat.fans import record
from upbeat.fans.models import PreSave
from upbeat.fans.record import WantedPlaylist
from upbeat.fans.tokens import forget
from upbeat.providers.base import Account, Grant, Token

pytestmark = pytest.mark.django_db
CODE = "F-Q8ZA-2P"


@pytest.fixture
def campaign() -> Campaign:
    campaign = ready(person("Ada"), day="2027-03-26")
    for place, name in enumerate(("Marlo Venn", "Pale Harbour: New")):
        campaign.follow_targets.create(
            kind="artist", service_id=name, name=name, main=not place, position=place
        )
    assert publish.publish(campaign, NOW) == []
    return campaign


@pytest.fixture
def client(campaign: Campaign) -> Client:
    return desk(campaign.team.members.get().person)


@pytest.fixture
def wish(campaign: Campaign) -> PreSave:
    """Pre-saved from New York, with a playlist and one of two follows."""
    scopes = frozenset({"user-library-modify", "user-follow-modify"})
    grant = Grant(Token("the-access"), Token("the-refresh"), timedelta(hours=1), scopes)
    said = {"receipt_key": "the-key", "language": "en", "zone": "America/New_York"}
    pre_save = record.record_pre_save(
        campaign=campaign,
        service="spotify",
        account=Account("the-account", "Ben"),
        grant=grant,
        now=NOW,
        **said,
    ).pre_save
    pre_save.fan.code = CODE
    pre_save.fan.save()
    plan.plan_save(pre_save, NOW)
    at = NOW + timedelta(minutes=2)
    main = campaign.follow_targets.filter(main=True)
    record.complete(pre_save, follows=main, playlist=WantedPlaylist("Rainy Sundays", "p1"), now=at)
    plan.plan_completion(pre_save, at)
    words = {"words": "News by e-mail", "words_version": "7", "language": "en"}
    record.consent(pre_save, email="hanna.w@mail.example", now=at, **words)
    return pre_save


def settle(wish: PreSave, action: str, at: datetime, state: State, **more: object) -> None:
    """One try, and what the delivery became of it."""
    row = Delivery.objects.get(pre_save=wish, action=action)
    verdict, reason = ("later", "rate_limited") if state is State.RETRYING else ("done", "done")
    asked = more.pop("asked", action)
    Attempt.objects.create(
        delivery=row, at=at, asked=asked, verdict=verdict, reason=reason, milliseconds=210, status=200,
        note=more.pop("note", ""),
    )  # fmt: skip
    Delivery.objects.filter(pk=row.pk).update(
        state=state,
        reason=reason,
        next_at=more.pop("next_at", None),
        settled_at=None if state.is_open else at,
    )


def page(client: Client, campaign: Campaign, code: str = CODE) -> str:
    answer = client.get(f"/dashboard/releases/{campaign.pk}/fans/{code}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def told(text: str) -> list[str]:
    return re.findall(r'<p class="medium">([^<]+)</p>', text)


def test_the_night_is_told_in_order(client: Client, campaign: Campaign, wish: PreSave) -> None:
    opens = campaign.opens_at
    assert opens
    seconds = [opens + timedelta(seconds=number) for number in range(5)]
    settle(wish, "follow", NOW + timedelta(minutes=2, seconds=1), State.DELIVERED)
    settle(wish, "playlist", seconds[2], State.RETRYING, next_at=seconds[3])
    settle(wish, "playlist", seconds[3], State.DELIVERED)
    settle(wish, "save", seconds[1], State.DELIVERED)
    settle(wish, "save", seconds[4], State.VERIFIED, asked="read back")
    Delivery.objects.filter(pre_save=wish, action="save").update(settled_at=seconds[1])
    forget(wish.connection.__class__.objects.filter(pk=wish.connection_id))
    text = page(client, campaign)
    assert told(text) == [
        "Pre-saved on Spotify",
        "Pressed Complete",
        "Said yes to e-mail",
        "Followed Marlo Venn",
        "Release",
        "Album added to the library",
        "Spotify asked us to wait",
        "The music added to “Rainy Sundays”",
        "Read back",
    ]
    for words in (
        "Follows Marlo Venn. Left out Pale Harbour: New.",
        "“News by e-mail” (version 7)",
        "Spotify answered in 0.21 s.",
        "deleted: we cannot touch this account any more",
        "New York (UTC−4)",
        "1 of 1",
        "save",
    ):
        assert words in text, words
    for secret in ("hanna", "mail.example", "the-account", "the-access", "the-key"):
        assert secret not in text


def test_before_the_release_it_says_what_comes_and_when(
    client: Client, campaign: Campaign, wish: PreSave
) -> None:
    text = page(client, campaign)
    assert "Gave permission to add to the library and to follow." in text
    assert (
        "The library: Fri 26 Mar 2027, 00:00 in Berlin, which is Thu 25 Mar 2027, 19:00 in New York." in text
    )
    assert "kept, sealed" in text
    assert "Try now" not in text
    assert told(text)[-1] == "Release"


def test_a_try_that_waits_can_be_made_now(client: Client, campaign: Campaign, wish: PreSave) -> None:
    now = clock.now()
    rows = Delivery.objects.filter(pre_save=wish, action="save")
    later = now + timedelta(hours=1)
    rows.update(
        state=State.RETRYING, reason="service_error", due_at=now - timedelta(minutes=1), next_at=later
    )
    Campaign.objects.filter(pk=campaign.pk).update(opens_at=now - timedelta(minutes=1))
    Chunk.objects.all().delete()
    assert "Try now" in page(client, campaign)
    answer = client.post(f"/dashboard/releases/{campaign.pk}/fans/{CODE}/again")
    assert answer.status_code == 302
    row = rows.get()
    assert (row.state, row.due_at) == (State.RETRYING, now - timedelta(minutes=1))
    assert row.next_at
    assert row.next_at < later
    chunk = Chunk.objects.get(pre_save=wish)
    assert chunk.job_id
    assert chunk.lo <= row.pk <= chunk.hi
    again = client.post(f"/dashboard/releases/{campaign.pk}/fans/{CODE}/again", follow=True)
    assert "There is nothing to try again." in again.content.decode()


def test_what_waits_for_the_release_cannot_be_hurried(
    client: Client, campaign: Campaign, wish: PreSave
) -> None:
    before = list(Delivery.objects.order_by("id").values("state", "next_at"))
    client.post(f"/dashboard/releases/{campaign.pk}/fans/{CODE}/again")
    assert list(Delivery.objects.order_by("id").values("state", "next_at")) == before


def test_their_data_is_all_but_the_tokens(client: Client, campaign: Campaign, wish: PreSave) -> None:
    answer = client.get(f"/dashboard/releases/{campaign.pk}/fans/{CODE}/data.json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{CODE}.json"'
    data = json.loads(answer.content)
    assert data["pre_saves"][0]["account"] == "the-account"
    assert data["pre_saves"][0]["playlist"] == {"name": "Rainy Sundays", "new": False}
    assert data["email_consents"][0]["email"] == "hanna.w@mail.example"
    assert {row["action"] for row in data["pre_saves"][0]["deliveries"]} == {"save", "follow", "playlist"}
    assert "the-access" not in answer.content.decode()
    assert "the-refresh" not in answer.content.decode()


@pytest.mark.parametrize("part", ["", "/data.json", "/again"])
def test_another_teams_fan_does_not_exist(
    client: Client, campaign: Campaign, wish: PreSave, part: str
) -> None:
    other = person("Ben")
    own = ready(other, title="Wake")
    ask = desk(other).post if part == "/again" else desk(other).get
    assert ask(f"/dashboard/releases/{campaign.pk}/fans/{CODE}{part}").status_code == 404
    assert ask(f"/dashboard/releases/{own.pk}/fans/{CODE}{part}").status_code == 404
    assert (
        client.get(
            f"/dashboard/releases/{campaign.pk}/fans/F-0000-00{part.replace('/again', '')}"
        ).status_code
        == 404
    )
    assert client.get(f"/dashboard/releases/{campaign.pk}/fans/%00%F0%9F").status_code == 404
    assert Client().get(f"/dashboard/releases/{campaign.pk}/fans/{CODE}").status_code == 302

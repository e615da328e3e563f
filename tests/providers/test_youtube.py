"""What only YouTube does, told over HTTP against the sandbox."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.providers.played import OUT, REDIRECT, Played
from upbeat.core.outcome import Outcome, Verdict
from upbeat.providers.base import Action, Entity, Found, Kind, Token
from upbeat.providers.registry import build

ADA = "Ada Lovelace"


def test_the_fan_is_asked_so_that_we_may_act_later(youtube: Played) -> None:
    ask = partial(
        youtube.provider.authorize_url, redirect_uri=REDIRECT, state="s", scopes=["a", "b"], challenge="c"
    )
    query = parse_qs(urlsplit(ask()).query)
    assert query["access_type"] == ["offline"]
    assert query["prompt"] == ["consent"]
    assert query["include_granted_scopes"] == ["true"]
    assert (query["code_challenge"], query["code_challenge_method"]) == (["c"], ["S256"])
    again = parse_qs(urlsplit(ask(ask_again=True)).query)
    assert again["prompt"] == ["select_account consent"]


async def test_subscribing_again_is_as_good_as_done(youtube: Played) -> None:
    grant, artist = await youtube.grant(ADA, Action.FOLLOW), await youtube.artist()
    verdicts = [(await youtube.provider.follow(grant.access, artist)).verdict for _ in range(2)]
    assert verdicts == [Verdict.DONE, Verdict.ALREADY]


async def test_an_app_that_is_being_tested_brings_a_permission_for_seven_days(youtube: Played) -> None:
    youtube.switch(publishing="testing")
    grant = await youtube.grant(ADA, Action.SAVE)
    assert grant.life == timedelta(seconds=604_799)


async def test_a_fan_without_a_channel_is_told_before_anything_is_promised(youtube: Played) -> None:
    youtube.switch(no_channel=[ADA])
    grant = await youtube.grant(ADA, Action.SAVE)
    answers = [
        await youtube.provider.who(grant.access),
        await youtube.provider.save(grant.access, await youtube.found()),
    ]
    assert [(one.verdict, one.reason) for one in answers if isinstance(one, Outcome)] == [
        (Verdict.REFUSED, "no_channel")
    ] * 2


async def test_a_day_that_is_spent_says_so_for_every_call(youtube: Played) -> None:
    grant, found = await youtube.grant(ADA, Action.SAVE), await youtube.found()
    youtube.switch(units_a_day=0)
    saved, read = (
        await youtube.provider.save(grant.access, found),
        await youtube.provider.is_saved(grant.access, found),
    )
    assert [one.reason for one in (saved, read) if isinstance(one, Outcome)] == ["day_spent"] * 2
    assert youtube.library(ADA) == []


@pytest.mark.parametrize("base", ["", "/youtube/v3"])
async def test_the_apis_address_may_be_given_with_its_version(youtube: Played, base: str) -> None:
    settings = replace(youtube.settings, api_url=youtube.settings.api_url + base)
    provider = build("youtube", settings)
    assert isinstance(await provider.release(Kind.ALBUM, (await youtube.found()).id), Found)


async def test_without_a_key_a_video_is_read_from_the_site(youtube: Played) -> None:
    provider = build("youtube", replace(youtube.settings, api_key=Token("")))
    track = youtube.control("GET", f"/releases/{OUT}")["tracks"][0]
    found = await provider.release(Kind.TRACK, track["youtube"]["id"])
    assert isinstance(found, Found)
    assert (found.title, found.artist, found.track_ids) == (
        track["title"],
        "Marlo Venn",
        (track["youtube"]["id"],),
    )
    assert found.artist_id.startswith("UC")
    assert await provider.release(Kind.TRACK, "made-up") is None
    nobody = await provider.follow(Token("t"), Entity("youtube", Kind.ARTIST, ""))
    assert (nobody.verdict, nobody.reason) == (Verdict.REFUSED, "not_known")

"""What is Apple Music's own, against the sandbox."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.providers.played import OUT, Played, outcome
from upbeat.core.outcome import Verdict
from upbeat.providers.apple_music import oauth
from upbeat.providers.apple_music.client import AppleMusic
from upbeat.providers.apple_music.oauth import LIFE, Signer, mistake
from upbeat.providers.base import Account, Action, Grant, Playlist, Token

ADA = "Ada Lovelace"


def pem(curve: Any = None) -> str:
    key = generate_private_key(curve or SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def claims(token: object) -> dict[str, Any]:
    assert isinstance(token, Token)
    part = token.reveal().split(".")[1]
    return dict(json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))))


async def test_a_developer_token_is_kept_for_half_its_life_and_signed_anew_after(
    apple_music: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer, now = Signer(apple_music.settings), 1_800_000_000.0
    monkeypatch.setattr(oauth.time, "time", lambda: now)
    first = signer.token()
    now += LIFE / 2 - 1
    assert signer.token() is first
    assert claims(signer.token("https://music.example"))["origin"] == ["https://music.example"]
    now += 1
    assert claims(signer.token())["exp"] == int(now) + LIFE
    now -= LIFE  # a clock that was set back
    assert claims(signer.token())["iat"] <= now
    assert "***" in repr(first)


@pytest.mark.parametrize(
    "key", ["", "not a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]
)
async def test_without_a_key_nothing_is_asked(apple_music: Played, key: str) -> None:
    provider = AppleMusic(replace(apple_music.settings, client_secret=Token(key)))
    answer = outcome(await provider.look_up(upc=OUT))
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "app_refused")
    assert key not in repr(answer) or not key
    assert apple_music.sandbox.calls(service="apple_music") == []


def test_what_is_wrong_with_a_credential_is_said(apple_music: Played) -> None:
    good = apple_music.settings
    assert mistake(good) == ""
    assert mistake(replace(good, client_secret=Token(good.client_secret.reveal().replace("\n", "\\n")))) == ""
    assert "team id" in mistake(replace(good, client_id="no team"))
    assert "key id" in mistake(replace(good, key_id=""))
    for wrong in (pem(SECP384R1()), "-----BEGIN", good.client_secret.reveal()[:90]):
        assert ".p8" in mistake(replace(good, client_secret=Token(wrong)))


async def test_another_key_of_the_same_team_is_no_key_of_ours(apple_music: Played) -> None:
    provider = AppleMusic(replace(apple_music.settings, client_secret=Token(pem())))
    answer = await provider.credential()
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "app_refused")
    assert "signature" in apple_music.wrongs()[0]
    apple_music.control("DELETE", "/calls")
    assert (await apple_music.provider.credential()).good


async def test_a_save_counts_when_it_is_in_the_library(apple_music: Played) -> None:
    grant, found = await apple_music.grant(ADA, Action.SAVE), await apple_music.found()
    apple_music.switch(late_seconds=60)
    answer = await apple_music.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "not_shown_yet")
    apple_music.switch(late_seconds=0)
    assert (await apple_music.provider.save(grant.access, found)).good
    assert len(apple_music.fan(ADA)["albums"]) == 1


async def test_a_library_that_forgot_where_it_has_an_album_from_is_looked_through(
    apple_music: Played,
) -> None:
    grant, found = await apple_music.grant(ADA, Action.SAVE), await apple_music.found()
    apple_music.switch(library_link=False)
    assert await apple_music.provider.is_saved(grant.access, found) is False
    assert (await apple_music.provider.save(grant.access, found)).good
    assert await apple_music.provider.is_saved(grant.access, found) is True


async def test_what_is_not_sold_in_the_fans_country_waits_for_the_source(apple_music: Played) -> None:
    grant, found = await apple_music.grant(ADA, Action.SAVE), await apple_music.found()
    apple_music.switch(unsold_in=["de"])
    answer = await apple_music.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "not_found_yet")
    apple_music.switch(unsold_in=["us", "gb"])
    assert (await apple_music.found()).id == found.id


async def test_a_401_is_about_the_fans_subscription_or_about_us(apple_music: Played) -> None:
    grant, found = await apple_music.grant(ADA, Action.SAVE), await apple_music.found()
    apple_music.switch(no_subscription=[ADA])
    answer = await apple_music.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "no_subscription")
    again = await apple_music.provider.exchange(code=grant.access.reveal(), redirect_uri="", verifier="")
    assert outcome(again).reason == "no_subscription"
    provider = AppleMusic(replace(apple_music.settings, client_secret=Token(pem())))
    assert (await provider.save(grant.access, found)).reason == "app_refused"
    apple_music.control("DELETE", "/calls")
    apple_music.switch(no_subscription=[])
    assert (await apple_music.provider.save(grant.access, found)).good


async def test_terms_that_wait_for_the_fan_end_nothing(apple_music: Played) -> None:
    grant, found = await apple_music.grant(ADA, Action.SAVE), await apple_music.found()
    apple_music.switch(terms_open=[ADA])
    answer = await apple_music.provider.save(grant.access, found)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "terms_open")


@pytest.mark.parametrize(
    ("switch", "reason"), [("accepted", "done"), ("ignored", "done"), ("refused", "bad_request")]
)
async def test_a_favourite_artist_is_all_the_following_there_is(
    apple_music: Played, switch: str, reason: str
) -> None:
    grant, artist = await apple_music.grant(ADA, Action.FOLLOW), await apple_music.artist()
    apple_music.switch(favorite_artists=switch)
    assert (await apple_music.provider.follow(grant.access, artist)).reason == reason
    assert len(apple_music.fan(ADA)["artists"]) == (switch == "accepted")


async def test_the_token_is_the_account_and_a_new_one_looks_like_a_new_fan(apple_music: Played) -> None:
    grants = [await apple_music.grant(ADA, Action.SAVE) for _ in range(2)]
    apple_music.switch(token_each_time=True)
    grants.append(await apple_music.grant(ADA, Action.SAVE))
    accounts = [await apple_music.provider.who(grant.access) for grant in grants]
    assert accounts[0] == accounts[1] != accounts[2]
    for grant, account in zip(grants, accounts, strict=True):
        assert isinstance(grant, Grant)
        assert isinstance(account, Account)
        assert grant.access.reveal() not in account.id


async def test_a_playlist_that_shows_late_is_not_taken_for_gone(apple_music: Played) -> None:
    grant, found = await apple_music.grant(ADA, Action.PLAYLIST), await apple_music.found()
    apple_music.switch(late_seconds=60)
    made = await apple_music.provider.create_playlist(grant.access, "Low tide")
    assert isinstance(made, Playlist)
    answer = await apple_music.provider.add_tracks(grant.access, made.id, found.track_ids)
    assert (answer.verdict, answer.reason) == (Verdict.LATER, "playlist_not_there")

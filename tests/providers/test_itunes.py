"""Apple's open look-up: what its answers mean, and the sandbox's own asked over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.providers.played import OUT, TO_COME
from tests.sandbox_process import Sandbox
from upbeat.core.outcome import Outcome, Verdict
from upbeat.providers.base import Catalogue, Found, Kind
from upbeat.providers.http import Answer
from upbeat.providers.itunes import answers, shapes
from upbeat.providers.registry import defaults, reader

UPC = "4061707811234"
PICTURE = "https://is1-ssl.mzstatic.com/image/thumb/Music/v4/aa/bb/{name}/100x100bb.jpg"
ALBUM: dict[str, Any] = {
    "wrapperType": "collection",
    "collectionId": 1700000001,
    "collectionName": "Low Tide",
    "artistId": 20500001,
    "artistName": "Low Meridian",
    "collectionViewUrl": "https://music.apple.com/us/album/low-tide/1700000001?uo=4",
    "artworkUrl100": PICTURE.format(name="4061707811234.jpg"),
    "trackCount": 2,
    "releaseDate": "2027-03-26T07:00:00Z",
}
SONG = {
    "wrapperType": "track",
    "kind": "song",
    "trackId": 1700000002,
    "trackName": "Tide",
    "collectionId": 1700000001,
    "artistName": "Low Meridian",
    "trackViewUrl": "https://music.apple.com/us/album/tide/1700000001?i=1700000002&uo=4",
}


def test_an_album_brings_its_songs_and_the_code_its_picture_is_named_by() -> None:
    found = shapes.release([ALBUM, SONG, SONG | {"kind": "music-video"}, SONG | {"collectionId": 9}])
    assert found is not None
    assert (found.kind, found.id, found.upc, found.track_ids) == (
        Kind.ALBUM,
        "1700000001",
        UPC,
        ("1700000002",),
    )
    assert found.url == "https://music.apple.com/us/album/low-tide/1700000001"
    assert found.cover_url.endswith("/1000x1000bb.jpg")
    assert str(found.release_date) == "2027-03-26"


def test_of_several_versions_the_one_whose_picture_has_the_code_is_meant() -> None:
    other = ALBUM | {"collectionId": 5, "artworkUrl100": PICTURE.format(name="cover.jpg")}
    found = shapes.release([other, ALBUM], UPC)
    assert found is not None
    assert found.id == "1700000001"
    assert shapes.release([SONG]) == shapes.release([SONG, ALBUM | {"wrapperType": "artist"}])


@pytest.mark.parametrize("name", ["4061707811235.jpg", "cover.jpg", "40617078112.jpg"])
def test_a_picture_that_is_not_named_by_a_code_says_none(name: str) -> None:
    found = shapes.release([ALBUM | {"artworkUrl100": PICTURE.format(name=name)}])
    assert found is not None
    assert found.upc == ""


@pytest.mark.parametrize(
    "odd", [{}, {"collectionId": None}, {"collectionId": [], "artistName": 7, "releaseDate": 1}]
)
def test_fields_that_are_missing_or_of_another_kind_are_survived(odd: dict[str, Any]) -> None:
    assert shapes.release([{"wrapperType": "collection"} | odd]) is None
    assert shapes.release([odd]) is None


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, b"", "rate_limited"),
        (429, b"", "rate_limited"),
        (503, b"<html>", "service_error"),
        (400, b'{"errorMessage":"Invalid value(s)"}', "not_understood"),
        (200, b"<html>", "unreadable"),
        (200, b'{"results":"none"}', "unreadable"),
    ],
)
def test_what_is_no_result_says_why(status: int, body: bytes, reason: str) -> None:
    outcome = answers.read(Answer(status, {}, body))
    assert isinstance(outcome, Outcome)
    assert (outcome.verdict, outcome.reason) == (Verdict.LATER, reason)
    assert outcome.asked_to_wait is (reason == "rate_limited")


@pytest.fixture
async def itunes(sandbox: Sandbox) -> AsyncIterator[Catalogue]:
    """The catalogue of an installation that has no key for Apple Music."""
    from dataclasses import replace

    settings = replace(sandbox.service_settings()["apple_music"], client_id="")
    catalogue = reader("apple_music", settings)
    assert catalogue is not None
    yield catalogue
    await catalogue.close()


async def test_a_release_is_found_by_its_upc_and_by_its_id_without_a_credential(itunes: Catalogue) -> None:
    found = await itunes.look_up(upc=OUT)
    assert isinstance(found, Found)
    assert (found.service, found.title, found.upc, found.track_count) == (
        "apple_music",
        "Paper Harbours",
        OUT,
        8,
    )
    assert len(found.track_ids) == 8
    again = await itunes.release(Kind.ALBUM, found.id)
    assert isinstance(again, Found)
    assert again.track_ids == found.track_ids
    song = await itunes.release(Kind.TRACK, found.track_ids[0])
    assert isinstance(song, Found)
    assert (song.kind, song.artist) == (Kind.TRACK, found.artist)
    assert await itunes.look_up(isrc="GBAYE6900531") is None


async def test_what_is_not_out_is_not_found_and_too_many_calls_are_a_wait(
    itunes: Catalogue, sandbox: Sandbox
) -> None:
    assert await itunes.look_up(upc=TO_COME) is None
    assert await itunes.release(Kind.ALBUM, "1") is None
    sandbox.fault("rate_limit", match={"service": "apple_music", "host": "itunes"})
    outcome = await itunes.look_up(upc=OUT)
    assert isinstance(outcome, Outcome)
    assert outcome.asked_to_wait


async def test_an_artist_is_found_by_words(itunes: Catalogue) -> None:
    found = await itunes.search(Kind.ARTIST, "marlo venn")
    assert isinstance(found, list)
    assert [one.name for one in found] == ["Marlo Venn"]
    entity = await itunes.entity(Kind.ARTIST, found[0].id)
    assert entity is not None and not isinstance(entity, Outcome)
    assert entity.name == "Marlo Venn"


@pytest.mark.parametrize(
    ("name", "readable"), [("deezer", True), ("apple_music", True), ("spotify", False), ("tidal", False)]
)
def test_some_catalogues_answer_an_installation_without_a_credential(name: str, readable: bool) -> None:
    assert (reader(name, defaults(name)) is not None) is readable

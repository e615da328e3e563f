"""What a rehearsal concludes from what a fan has: it must be able to fail, and for each reason."""

from typing import Any

import pytest

from upbeat.commands.rehearsal.seeding import Guest, Music
from upbeat.commands.rehearsal.truth import Judgement, judge_fan

AT = "2027-03-26T00:00:00Z"
MUSIC = Music(
    upc="1", ids={"spotify": "album"}, tracks={"spotify": ["a", "b", "c"]}, artist={"spotify": "artist"}
)
SAVED = {("save", ""): "delivered"}
FILLED = SAVED | {("playlist", ""): "delivered"}
GONE = {("save", ""): "needs_fan"}


def guest(*, playlist: bool = False, revokes: bool = False, follows: bool = False) -> Guest:
    one = Guest(1, "Mira", "spotify", "UTC", {}, revokes=revokes, follows=["artist"] if follows else [])
    if playlist:
        one.playlist, one.playlist_id, one.had = "Mine", "p1", ["x"]
    return one


def fan(*, albums: str = "album", lists: tuple[str, ...] = ("xabc",), artists: str = "") -> dict[str, Any]:
    def shelf(ids: list[str]) -> list[dict[str, str]]:
        return [{"id": one, "name": one, "at": AT} for one in ids]

    playlists = [
        {"id": f"p{place}", "name": "Mine", "own": True, "tracks": shelf(list(tracks))}
        for place, tracks in enumerate(lists, start=1)
    ]
    return {
        "albums": shelf(albums.split()), "tracks": [], "artists": shelf(artists.split()), "users": [],
        "playlists": playlists,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "has", "states", "wrong"),
    [
        (guest(), fan(), SAVED, set()),
        (guest(), fan(), {("save", ""): "verified"}, set()),
        (guest(playlist=True), fan(), FILLED, set()),
        (guest(revokes=True), fan(albums=""), GONE, set()),
        (guest(), fan(albums=""), {("save", ""): "retrying"}, {"lost"}),
        (guest(), fan(albums=""), {}, {"lost"}),
        (guest(), fan(albums=""), GONE, {"lost"}),
        (guest(), fan(albums=""), SAVED, {"lost", "untrue"}),
        (guest(), fan(), GONE, {"untrue"}),
        (guest(revokes=True), fan(albums=""), SAVED, {"untrue"}),
        (guest(revokes=True), fan(albums=""), {("save", ""): "queued"}, {"lost"}),
        (guest(follows=True), fan(), SAVED | {("follow", "artist"): "delivered"}, {"lost", "untrue"}),
        (guest(playlist=True), fan(lists=("xab",)), FILLED, {"lost", "untrue"}),
        (guest(playlist=True), fan(lists=("xabcc",)), FILLED, {"doubled"}),
        (guest(playlist=True), fan(lists=("xacb",)), FILLED, {"out_of_order"}),
        (guest(playlist=True), fan(lists=("abcx",)), FILLED, {"out_of_order"}),
        (guest(playlist=True), fan(lists=("abc",)), FILLED, {"out_of_order"}),
    ],
)
def test_each_way_to_go_wrong_is_seen(
    who: Guest, has: dict[str, Any], states: dict[tuple[str, str], str], wrong: set[str]
) -> None:
    judgement = Judgement()
    judge_fan(judgement, who, has, states, MUSIC)
    names = ("lost", "doubled", "out_of_order", "untrue")
    assert {name for name in names if getattr(judgement, name)} == wrong
    assert judgement.passed is not bool(wrong)
    assert bool(judgement.wrong) is bool(wrong)


def test_a_new_playlist_that_was_made_twice_is_seen() -> None:
    one, judgement = guest(playlist=True), Judgement()
    one.playlist_id, one.had = "", []
    judge_fan(judgement, one, fan(lists=("abc", "")), FILLED, MUSIC)
    assert judgement.doubled

"""The announced release is known again in what a catalogue shows, and another one is not taken for it."""

import pytest

from upbeat.core.same_release import Described, differences

THE_SAME = [
    (Described("Night Ferry North"), Described("night  ferry NORTH ")),
    (Described("Élan vital"), Described("E\u0301lan Vital")),
    (Described("Elan Vital"), Described("Élan Vital")),
    (Described("Straße"), Described("STRASSE")),
    (Described("Don't Wait"), Described("Don\u2019t Wait")),
    (Described("North - South"), Described("North \u2013 South")),
    (Described("Gangway"), Described("Gangway - Single")),
    (Described("Gangway"), Described("Gangway - EP")),
    (Described("Gangway"), Described("Gangway (feat. Sable)")),
    (Described(artist="Marlo Venn"), Described(artist="MARLO VENN")),
    (Described(artist="Marlo Venn & Sable"), Described(artist="Marlo Venn, Sable")),
    (Described(artist="Marlo Venn & Sable"), Described(artist="Sable, Marlo Venn")),
    (Described(artist="Marlo Venn & Sable"), Described(artist="Marlo Venn")),
    (Described(artist="Marlo Venn"), Described(artist="Marlo Venn, Sable")),
    (Described(upc="859713000100"), Described(upc="0859713000100")),
    (Described(upc="859713000100"), Described(upc="00859713000100")),
    (Described(upc="012345678905"), Described(upc="12345678905")),
    (Described(isrc="USHM81871741"), Described(isrc="US-HM8-18-71741")),
    (Described(track_count=0), Described(track_count=12)),
    (Described(track_count=10), Described(track_count=0)),
    (Described("A", "B", "1", "C", 3), Described()),
    (Described("東京"), Described("東京")),
]
ANOTHER = [
    (Described("Night Ferry North"), Described("Night Ferry North (Deluxe)"), "title"),
    (Described("Night Ferry North (Deluxe)"), Described("Night Ferry North"), "title"),
    (Described("Gangway"), Described("Gangway (Live)"), "title"),
    (Described("Gangway"), Described("Gangways"), "title"),
    (Described("Single"), Described("EP"), "title"),
    (Described("東京"), Described("大阪"), "title"),
    (Described(artist="Marlo Venn"), Described(artist="Marlo Venn Tribute"), "artist"),
    (Described(artist="Marlo Venn"), Described(artist="Sable"), "artist"),
    (Described(upc="859713000100"), Described(upc="859713000407"), "upc"),
    (Described(isrc="USHM81871741"), Described(isrc="USHM81871742"), "isrc"),
    (Described(track_count=10), Described(track_count=12), "track_count"),
]


@pytest.mark.parametrize(("announced", "seen"), THE_SAME)
def test_it_is_the_same(announced: Described, seen: Described) -> None:
    assert differences(announced, seen) == ()


@pytest.mark.parametrize(("announced", "seen", "field"), ANOTHER)
def test_it_is_another(announced: Described, seen: Described, field: str) -> None:
    assert differences(announced, seen) == (field,)


def test_every_difference_is_named_in_a_steady_order() -> None:
    announced = Described("One", "Ada", "859713000100", "USHM81871741", 10)
    seen = Described("Two", "Ben", "859713000407", "USHM81871742", 9)
    assert differences(announced, seen) == ("title", "artist", "upc", "isrc", "track_count")

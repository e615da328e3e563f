"""Whatever is pasted: an answer or a problem, never an exception."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as some

from upbeat.core.addresses import Address, read_address
from upbeat.core.identifiers import Upc, parse_isrc, parse_upc
from upbeat.core.link import Link
from upbeat.core.links import follow_target, parse_link, release_link
from upbeat.core.problem import Problem
from upbeat.core.shop_links import ShopLink, shop_link

PIECES = [
    "https://",
    "spotify:",
    "open.spotify.com",
    "/",
    "..",
    "%",
    "@",
    ":",
    "[",
    "]",
    "?",
    "#",
    "album",
    "user",
    "xn--",
    "soundcloud:",
    "tidal://",
    "itms://",
    "vnd.youtube:",
    "music.apple.com",
    "w.soundcloud.com/player?url=",
    "youtu.be",
    "listen.tidal.com/#!/",
    "music.yandex.ru/iframe#",
    "x.bandcamp.com",
    "amazon.de/dp/",
    "mixcloud.com/",
    "lnk.to",
]
release_on_any = partial(release_link, readable=("spotify", "deezer", "soundcloud", "youtube"))
pasted = some.text() | some.lists(some.sampled_from(PIECES) | some.text(max_size=3)).map("".join)


@given(pasted)
def test_any_text_is_a_link_or_a_problem(text: str) -> None:
    for read in (parse_link, follow_target, release_on_any):
        assert isinstance(read(text), Link | Problem)
    assert isinstance(shop_link(text), ShopLink | Problem)


@given(pasted)
def test_an_address_reads_the_same_when_it_is_read_again(text: str) -> None:
    address = read_address(text)
    if isinstance(address, Address) and len(address.url) <= 1000:
        assert address.url.isascii()
        assert read_address(address.url) == address


@given(some.text() | some.text("0123456789 -eE+"))
def test_any_text_is_a_code_or_a_problem(text: str) -> None:
    assert isinstance(parse_upc(text), Upc | Problem)
    assert isinstance(parse_isrc(text), str | Problem)

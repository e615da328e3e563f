"""Pre-order links, by pasting what exists."""

import pytest

from upbeat.core.hosts import Verb
from upbeat.core.problem import Problem
from upbeat.core.shop_links import ShopLink, shop_link


@pytest.mark.parametrize(
    ("text", "service", "label", "verb"),
    [
        ("https://itunes.apple.com/au/preorder/x/id499465357", "itunes", "iTunes", Verb.PRE_ORDER),
        ("https://music.apple.com/us/album/x/1?app=itunes", "itunes", "iTunes", Verb.PRE_ORDER),
        ("https://music.apple.com/us/album/x/1", "apple_music", "Apple Music", Verb.PRE_ADD),
        ("https://www.amazon.co.uk/dp/B07VQTD55C", "amazon", "Amazon", Verb.PRE_ORDER),
        ("https://music.amazon.de/albums/B07VQTD55C", "amazon_music", "Amazon Music", Verb.PRE_SAVE),
        ("https://lowmeridian.bandcamp.com/album/low-tide", "bandcamp", "Bandcamp", Verb.PRE_ORDER),
        ("https://www.qobuz.com/gb-en/album/x/abc", "qobuz", "Qobuz", Verb.PRE_ORDER),
        ("spotify:prerelease:1Kqdup6HEqeP3hHXDELQHl", "spotify", "Spotify", Verb.PRE_SAVE),
        ("itms://itunes.apple.com/us/album/id540000001", "itunes", "iTunes", Verb.PRE_ORDER),
        ("https://low.lnk.to/tide", "", "low.lnk.to", Verb.PRE_ORDER),
        ("www.shop.example/low-tide", "", "shop.example", Verb.PRE_ORDER),
        ("https://amazon.co.uk.evil.example/dp/1", "", "amazon.co.uk.evil.example", Verb.PRE_ORDER),
    ],
)
def test_a_pasted_address_brings_its_name_and_verb(text: str, service: str, label: str, verb: Verb) -> None:
    link = shop_link(text)
    assert isinstance(link, ShopLink)
    assert (link.service, link.label, link.verb) == (service, label, verb)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("shop.example/low-tide?ref=a%20b#buy", "https://shop.example/low-tide?ref=a%20b#buy"),
        ("http://shop.example/x", "http://shop.example/x"),
        ("https://SHOP.example:443/X", "https://shop.example/X"),
        ("https://m\u00fcller.example/\u00e4", "https://xn--mller-kva.example/%C3%A4"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ('https://shop.example/"><script>', "https://shop.example/%22%3E%3Cscript%3E"),
    ],
)
def test_the_address_is_kept_as_a_browser_would_open_it(text: str, url: str) -> None:
    link = shop_link(text)
    assert isinstance(link, ShopLink)
    assert link.url == url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("javascript:alert(1)", "address_scheme"),
        ("JaVaScRiPt://shop.example/%0aalert(1)", "address_scheme"),
        ("data:text/html,<script>", "address_scheme"),
        ("vbscript:x", "address_scheme"),
        ("file:///etc/passwd", "address_scheme"),
        ("ftp://shop.example/x", "address_scheme"),
        ("mailto:a@shop.example", "address_scheme"),
        ("https://user:secret@shop.example/", "address_user"),
        ("https://shop.example:8443/", "address_port"),
        ("https://shop.example:abc/", "address_malformed"),
        ("https:///shop", "address_malformed"),
        ("https://shop..example/", "address_host"),
        ("https://[v1.x]/", "address_host"),
        ("https://%31%32%37.0.0.1/", "address_host"),
        ("https://shop.example/a b", "address_space"),
        ("https://shop.example/\x00", "address_control"),
        ("https://shop.example/\r\nSet-Cookie: a=b", "address_control"),
        ("https://shop.example/\u202egpj.exe", "address_control"),
        ("http://localhost/", "address_private"),
        ("localhost:8000", "address_private"),
        ("http://shop.localhost/", "address_private"),
        ("http://intranet/", "address_private"),
        ("http://nas.local/", "address_private"),
        ("http://127.0.0.1/", "address_private"),
        ("http://127.1/", "address_private"),
        ("http://2130706433/", "address_private"),
        ("http://0x7f000001/", "address_private"),
        ("http://0177.0.0.1/", "address_private"),
        ("http://\uff11\uff12\uff17.0.0.1/", "address_private"),
        ("http://10.1.2.3/", "address_private"),
        ("http://172.16.0.1/", "address_private"),
        ("http://192.168.0.1/", "address_private"),
        ("http://100.64.0.1/", "address_private"),
        ("http://169.254.169.254/latest/meta-data", "address_private"),
        ("http://0.0.0.0/", "address_private"),
        ("http://224.0.0.1/", "address_private"),
        ("http://[::1]/", "address_private"),
        ("http://[::ffff:127.0.0.1]/", "address_private"),
        ("http://[64:ff9b::7f00:1]/", "address_private"),
        ("http://[2002:7f00:1::]/", "address_private"),
        ("http://[fe80::1]/", "address_private"),
        ("http://[fd00::1]/", "address_private"),
        ("https://shop.example/" + "a" * 1000, "address_long"),
        ("the shop", "not_a_link"),
    ],
)
def test_an_unsafe_address_is_refused_with_the_reason(text: str, code: str) -> None:
    problem = shop_link(text)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.right

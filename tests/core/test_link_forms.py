"""Each service's addresses, in every shape people paste, come out as one thing with one canonical address."""

import pytest

from upbeat.core.identifiers import parse_link
from upbeat.core.link import Link
from upbeat.core.links import as_release
from upbeat.core.problem import Problem

UUID = "0a1b2c3d-1111-4222-8333-abcdefabcdef"
APPLE, STORE, CLASSICAL = (
    "https://music.apple.com",
    "https://itunes.apple.com",
    "https://classical.music.apple.com",
)
YOUTUBE, YT_MUSIC = "https://www.youtube.com", "https://music.youtube.com"
CASES: dict[tuple[str, str, str, str], list[str]] = {
    ("apple_music", "album", "1700000001", f"{APPLE}/de/album/1700000001"): [
        f"{APPLE}/de/album/night-ferry/1700000001",
        f"{APPLE}/de/album/night-ferry/1700000001?uo=4&l=en&at=1000l&ct=spring",
        f"{APPLE}/DE/album/1700000001/",
        "geo.music.apple.com/de/album/_/1700000001?app=music&ls=1",
        "https://beta.music.apple.com/de/album/x/1700000001",
        "https://embed.music.apple.com/de/album/x/1700000001",
        "https://itunes.apple.com/de/album/x/id1700000001?mt=1&app=music",
        "https://tools.applemusic.com/embed/v1/album/1700000001?country=de",
        "music://music.apple.com/de/album/night-ferry/1700000001",
        "itms://itunes.apple.com/de/album/id1700000001?app=music",
        f"{APPLE}/de/album/%E3%83%95%E3%82%A7%E3%83%AA%E3%83%BC/1700000001",
    ],
    ("apple_music", "track", "1700000005", f"{APPLE}/us/song/1700000005"): [
        f"{APPLE}/us/album/night-ferry/1700000001?i=1700000005",
        f"{APPLE}/song/night-ferry/1700000005",
        f"{APPLE}/us/album/1700000001?uo=4&i=1700000005&i=9",
    ],
    ("apple_music", "album", "1700000001", f"{CLASSICAL}/be/album/1700000001"): [
        "https://classical.music.apple.com/be/album/night-music/1700000001"
    ],
    ("apple_music", "artist", "20500001", f"{APPLE}/us/artist/20500001"): [f"{APPLE}/artist/low-meridian/20500001"],
    ("apple_music", "playlist", "pl.u-aBcD.1e2", f"{APPLE}/us/playlist/pl.u-aBcD.1e2"): [
        f"{APPLE}/us/playlist/late/pl.u-aBcD.1e2"
    ],
    ("apple_music", "video", "530000001", f"{APPLE}/ee/music-video/530000001"): [
        f"{APPLE}/ee/music-video/black/530000001?app=music"
    ],
    ("apple_music", "label", "1540000001", f"{APPLE}/us/label/1540000001"): [f"{APPLE}/us/label/tidewater/1540000001"],
    ("apple_music", "preadd", "1700000009", f"{APPLE}/us/pre-add/1700000009"): [
        f"{APPLE}/us/pre-add/night-ferry/1700000009"
    ],
    ("itunes", "album", "540000001", f"{STORE}/us/album/id540000001"): [
        "https://geo.itunes.apple.com/us/album/x/id540000001?app=itunes",
        "http://itunes.apple.com/album/x-+-y/id540000001?ign-mpt=uo%3D4",
        "https://itunes.apple.com/us/album/feat.-ke$ha!/540000001",
        "https://geo.music.apple.com/us/album/_/540000001?app=itunes",
        "http://itunes.apple.com/WebObjects/MZStore.woa/wa/viewAlbum?id=540000001&s=143441",
    ],
    ("itunes", "track", "540000007", f"{STORE}/gb/album/id540000001?i=540000007"): [
        "https://itunes.apple.com/gb/album/x/id540000001?i=540000007"
    ],
    ("itunes", "preadd", "499000001", f"{STORE}/au/preorder/id499000001"): [
        "http://itunes.apple.com/au/preorder/the-last/id499000001"
    ],
    ("tidal", "album", "80900001", "https://tidal.com/album/80900001"): [
        "https://tidal.com/browse/album/80900001?u",
        "https://tidal.com/album/80900001/u",
        "https://listen.tidal.com/album/80900001",
        "http://desktop.stage.tidal.com/album/80900001",
        "https://embed.tidal.com/albums/80900001",
        "https://store.tidal.com/us/album/80900001",
        "tidal.com/#!/gb/store/album/80900001",
        "https://tidal.com/pt-br/album/80900001",
        "tidal://album/80900001",
    ],
    ("tidal", "track", "80900002", "https://tidal.com/track/80900002"): [
        "https://listen.tidal.com/album/80900001/track/80900002",
        "https://tidal.com/browse/track/80900002?play=true",
        "https://embed.tidal.com/tracks/80900002?layout=gridify",
    ],
    ("tidal", "playlist", UUID, f"https://tidal.com/playlist/{UUID}"): [
        f"https://tidal.com/browse/playlist/{UUID.upper()}"
    ],
    ("tidal", "mix", "000ec0b01da1dd", "https://tidal.com/mix/000ec0b01da1dd"): ["https://tidal.com/mix/000ec0b01da1dd"],
    ("tidal", "video", "358000001", "https://tidal.com/video/358000001"): ["https://listen.tidal.com/video/358000001"],
    ("soundcloud", "user", "low-meridian", "https://soundcloud.com/low-meridian"): [
        "http://m.soundcloud.com/low-meridian",
        "https://soundcloud.com/low-meridian/tracks?utm_source=clipboard",
        "https://soundcloud.com/low-meridian%E2%80%8E",
        "https://www.soundcloud.com/low-meridian/spotlight",
    ],
    ("soundcloud", "track", "low-meridian/tide", "https://soundcloud.com/low-meridian/tide"): [
        "https://soundcloud.com/low-meridian/tide?si=1a2b&utm_campaign=social_sharing",
        "https://soundcloud.com/low-meridian/tide?in=somebody/sets/late",
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/low-meridian/tide&color=ff5500",
    ],
    ("soundcloud", "track", "low-meridian/tide", "https://soundcloud.com/low-meridian/tide/s-Ab1"): [
        "https://soundcloud.com/low-meridian/tide/s-Ab1?in=x"
    ],
    ("soundcloud", "playlist", "low-meridian/sets/tides", "https://soundcloud.com/low-meridian/sets/tides"): [
        "https://m.soundcloud.com/low-meridian/sets/tides/"
    ],
    ("soundcloud", "track", "293", "https://api.soundcloud.com/tracks/293"): [
        "https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F293&visual=true",
        "https://api.soundcloud.com/tracks/293?secret_token=s-1",
    ],
    ("soundcloud", "playlist", "soundcloud:playlists:41", "https://api.soundcloud.com/playlists/41"): [
        "soundcloud:playlists:41",
        "soundcloud://playlists:41",
        "https://api.soundcloud.com/playlists/soundcloud%3Aplaylists%3A41",
    ],
    ("soundcloud", "track", "soundcloud:tracks:293", "https://api.soundcloud.com/tracks/293"): ["soundcloud://sounds:293"],
    ("youtube", "video", "a1B2c3D4-_9", f"{YOUTUBE}/watch?v=a1B2c3D4-_9"): [
        "https://youtu.be/a1B2c3D4-_9?si=x&t=10",
        "https://www.youtube.com/watch?v=a1B2c3D4-_9&list=PLabc&index=2",
        "https://m.youtube.com/watch?feature=share&v=a1B2c3D4-_9",
        "https://www.youtube.com/shorts/a1B2c3D4-_9",
        "https://www.youtube.com/live/a1B2c3D4-_9?feature=share",
        "https://www.youtube-nocookie.com/embed/a1B2c3D4-_9?rel=0",
        "https://www.youtube.com/v/a1B2c3D4-_9",
        "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3Da1B2c3D4-_9%26feature%3Dshare",
        "vnd.youtube:a1B2c3D4-_9",
        "vnd.youtube://a1B2c3D4-_9",
        "youtube://watch?v=a1B2c3D4-_9",
    ],
    ("youtube", "playlist", "PLabc_1", f"{YOUTUBE}/playlist?list=PLabc_1"): [
        "https://www.youtube.com/playlist?playnext=1&list=PLabc_1&feature=x",
        "https://www.youtube.com/embed/videoseries?list=PLabc_1",
    ],
    ("youtube", "channel", "@LowMeridian", f"{YOUTUBE}/@LowMeridian"): [
        "https://www.youtube.com/@LowMeridian/releases",
        "https://m.youtube.com/@LowMeridian?si=x#soon",
    ],
    ("youtube", "channel", "UCabcdefghijklmnopqrstuv", f"{YOUTUBE}/channel/UCabcdefghijklmnopqrstuv"): [
        "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/featured?view_as=subscriber"
    ],
    ("youtube", "channel", "lowmeridian", f"{YOUTUBE}/user/lowmeridian"): [
        "http://m.youtube.com/#/user/lowmeridian",
        "youtube.com/user/lowmeridian/videos",
    ],
    ("youtube", "channel", "lowmeridian", f"{YOUTUBE}/lowmeridian"): [
        "https://www.youtube.com/c/lowmeridian/about",
        "https://www.youtube.com/lowmeridian/videos",
    ],
    ("youtube_music", "album", "MPREb_0aB", f"{YT_MUSIC}/browse/MPREb_0aB"): [f"{YT_MUSIC}/browse/MPREb_0aB"],
    ("youtube_music", "playlist", "OLAK5uy_x1", f"{YT_MUSIC}/playlist?list=OLAK5uy_x1"): [
        f"{YT_MUSIC}/playlist?list=OLAK5uy_x1&src=Linkfire&lId=1&cId=2",
        f"{YT_MUSIC}/browse/VLOLAK5uy_x1",
        "youtubemusic://playlist?list=OLAK5uy_x1",
    ],
    ("youtube_music", "video", "a1B2c3D4-_9", f"{YT_MUSIC}/watch?v=a1B2c3D4-_9"): [
        f"{YT_MUSIC}/watch?v=a1B2c3D4-_9&list=RDAMVM1&si=q"
    ],
    ("youtube_music", "channel", "UCabc", f"{YT_MUSIC}/channel/UCabc"): [f"{YT_MUSIC}/browse/UCabc"],
    ("amazon_music", "album", "B0ABCDEF12", "https://music.amazon.co.uk/albums/B0ABCDEF12"): [
        "https://music.amazon.co.uk/albums/B0ABCDEF12?ref=dm_sh_1&musicTerritory=GB#"
    ],
    ("amazon_music", "track", "B0ABCDEF13", "https://music.amazon.com.au/tracks/B0ABCDEF13"): [
        "https://music.amazon.com.au/albums/B0ABCDEF12?marketplaceId=A&trackAsin=B0ABCDEF13",
        "music.amazon.com.au/tracks/B0ABCDEF13?ref=x",
    ],
    ("amazon", "item", "B0ABCDEF12", "https://www.amazon.de/dp/B0ABCDEF12"): [
        "http://amazon.de/Low-Tide/dp/B0ABCDEF12/ref=sr_1_1?ie=UTF8",
        "https://www.amazon.de/gp/product/B0ABCDEF12/#customerReviews",
        "https://www.amazon.de/-/en/Low-Tide/dp/B0ABCDEF12",
        "https://www.amazon.de/exec/obidos/ASIN/B0ABCDEF12/tag",
        "https://www.amazon.de/x/dp/B0ABCDEF12%3Ftag%3Dws",
    ],
    ("amazon", "item", "B0ABCDEF12", "https://www.amazon.com/dp/B0ABCDEF12"): ["https://amzn.com/B0ABCDEF12"],
    ("amazon", "artist", "B000ABCDEF", "https://www.amazon.co.uk/-/e/B000ABCDEF"): [
        "http://www.amazon.co.uk/Low-Meridian/e/B000ABCDEF?ref=x"
    ],
    ("bandcamp", "album", "lowmeridian/low-tide", "https://lowmeridian.bandcamp.com/album/low-tide"): [
        "http://LowMeridian.bandcamp.com/album/low-tide/?from=discover_page#x"
    ],
    ("bandcamp", "track", "lowmeridian/tide", "https://lowmeridian.bandcamp.com/track/tide"): [
        "lowmeridian.bandcamp.com/track/tide?action=download"
    ],
    ("bandcamp", "artist", "lowmeridian", "https://lowmeridian.bandcamp.com/"): [
        "https://lowmeridian.bandcamp.com",
        "https://lowmeridian.bandcamp.com/music?x",
    ],
    ("bandcamp", "album", "3985", "https://bandcamp.com/EmbeddedPlayer/album=3985/"): [
        "https://bandcamp.com/EmbeddedPlayer/album=3985/size=large/bgcol=ffffff/"
    ],
    ("qobuz", "album", "n8rjmh4wnz", "https://www.qobuz.com/gb-en/album/low-tide/n8rjmh4wnz"): [
        "http://qobuz.com/gb-en/album/low-tide/n8rjmh4wnz?x=1"
    ],
    ("qobuz", "album", "0060254707654", "https://open.qobuz.com/album/0060254707654"): [
        "https://play.qobuz.com/album/0060254707654",
        "https://open.qobuz.com/album/0060254707654/",
    ],
    ("qobuz", "artist", "3240001", "https://www.qobuz.com/fr-fr/interpreter/low-meridian/3240001"): [
        "https://www.qobuz.com/fr-fr/interpreter/low-meridian/download-streaming-albums/3240001"
    ],
    ("audiomack", "track", "lowmeridian/tide", "https://audiomack.com/lowmeridian/song/tide"): [
        "https://www.audiomack.com/song/lowmeridian/tide",
        "https://audiomack.com/embed/lowmeridian/song/tide",
        "https://audiomack.com/embed/song/lowmeridian/tide?background=1",
    ],
    ("audiomack", "album", "lowmeridian/low-tide", "https://audiomack.com/lowmeridian/album/low-tide"): [
        "https://audiomack.com/lowmeridian/album/low-tide#x"
    ],
    ("audiomack", "artist", "lowmeridian", "https://audiomack.com/lowmeridian"): ["http://audiomack.com/lowmeridian/"],
    ("boomplay", "album", "53500001", "https://www.boomplay.com/albums/53500001"): [
        "http://boomplay.com/albums/53500001?from=home&srModel=COPYLINK"
    ],
    ("anghami", "track", "1026000001", "https://play.anghami.com/song/1026000001"): [
        "https://www.anghami.com/song/1026000001?adj_t=1"
    ],
    ("pandora", "album", "ALabcDEF1", "https://www.pandora.com/artist/low-meridian/low-tide/ALabcDEF1"): [
        "https://www.pandora.com/artist/low-meridian/low-tide/ALabcDEF1?part=ug"
    ],
    ("pandora", "track", "TRabc1", "https://www.pandora.com/artist/low-meridian/low-tide/tide/TRabc1"): [
        "pandora.com/artist/low-meridian/low-tide/tide/TRabc1"
    ],
    ("napster", "album", "alb.123456", "https://play.napster.com/album/alb.123456"): [
        "https://play.napster.com/album/alb.123456",
        "https://web.napster.com/artist/art.9/album/alb.123456",
    ],
    ("napster", "track", "tra.77", "https://play.napster.com/track/tra.77"): ["https://app.napster.com/track/tra.77"],
    ("yandex_music", "album", "22200001", "https://music.yandex.com/album/22200001"): [
        "https://music.yandex.ru/album/22200001?utm_medium=copy_link",
        "https://music.yandex.kz/#!/album/22200001",
        "https://music.yandex.ru/iframe/#album/22200001",
    ],
    ("yandex_music", "track", "222:333", "https://music.yandex.com/album/222/track/333"): [
        "https://music.yandex.by/album/222/track/333",
        "https://music.yandex.com/iframe/#track/333:222",
    ],
    ("yandex_music", "playlist", "low:7", "https://music.yandex.com/users/low/playlists/7"): [
        "https://music.yandex.ru/users/low/playlists/7"
    ],
    ("yandex_music", "playlist", f"lk.{UUID}", f"https://music.yandex.com/playlists/lk.{UUID}"): [
        f"https://music.yandex.ru/playlists/lk.{UUID}?utm_source=x"
    ],
    ("jiosaavn", "track", "OQsEfQ_V1", "https://www.jiosaavn.com/song/tide/OQsEfQ_V1"): [
        "https://www.saavn.com/s/song/hindi/Low/tide/OQsEfQ_V1"
    ],
    ("mixcloud", "show", "low/late-mix", "https://www.mixcloud.com/low/late-mix/"): ["http://m.mixcloud.com/low/late-mix"],
    ("beatport", "album", "1560001", "https://www.beatport.com/release/low-tide/1560001"): [
        "http://classic.beatport.com/release/low-tide/1560001/",
        "https://www.beatport.com/fr/release/low-tide/1560001",
    ],
    ("beatport", "track", "1680001", "https://www.beatport.com/track/tide/1680001"): [
        "https://beatport.com/track/tide/1680001?x"
    ],
    ("7digital", "album", "6120001", "https://www.7digital.com/artist/low/release/low-tide-6120001"): [
        "https://de.7digital.com/artist/low/release/low-tide-6120001?f=1",
        "http://us.7digital.com/yourmusic/artist/low/release/low-tide-6120001/6120001",
    ],
    ("juno", "album", "5900001-02", "https://www.junodownload.com/products/low-tide/5900001-02/"): [
        "junodownload.com/products/low-tide/5900001-02"
    ],
    ("spotify", "short", "Ab1", "https://spotify.link/Ab1"): ["https://spotify.link/Ab1?utm=1"],
    ("soundcloud", "short", "aBc", "https://on.soundcloud.com/aBc"): ["on.soundcloud.com/aBc"],
    ("amazon", "short", "3xYz", "https://amzn.to/3xYz"): ["http://amzn.to/3xYz"],
    ("apple_music", "short", "LowTide", "https://apple.co/LowTide"): ["https://apple.co/LowTide"],
    ("tidal", "short", "x1", "https://tidal.link/x1"): ["https://tidal.link/x1"],
    ("linkfire", "page", "lowtide", "https://lowmeridian.lnk.to/lowtide"): ["https://lowmeridian.lnk.to/lowtide?ref=1"],
    ("feature_fm", "page", "low-tide", "https://ffm.to/low-tide"): ["https://ffm.to/low-tide"],
    ("hypeddit", "page", "low/tide", "https://hypeddit.com/low/tide"): ["https://hypeddit.com/low/tide"],
    ("odesli", "page", "i/1700000005", "https://song.link/i/1700000005"): ["https://song.link/i/1700000005"],
    ("linktree", "page", "lowmeridian", "https://linktr.ee/lowmeridian"): ["linktr.ee/lowmeridian?utm_source=x"],
}  # fmt: skip
TABLE = [(text, *wanted) for wanted, texts in CASES.items() for text in texts]


@pytest.mark.parametrize(("text", "service", "kind", "id", "url"), TABLE, ids=[case[0] for case in TABLE])
def test_a_link_is_read_for_what_it_is(text: str, service: str, kind: str, id: str, url: str) -> None:
    link = parse_link(text)
    assert isinstance(link, Link), link
    assert (link.service, link.kind.value, link.id, link.url) == (service, kind, id, url)


@pytest.mark.parametrize("wanted", CASES, ids=[wanted[3] for wanted in CASES])
def test_the_canonical_address_leads_to_the_same_thing(wanted: tuple[str, str, str, str]) -> None:
    link = parse_link(wanted[3])
    assert isinstance(link, Link), link
    assert (link.service, link.kind.value, link.url) == (wanted[0], wanted[1], wanted[3])


@pytest.mark.parametrize(
    "text",
    [
        "https://music.apple.com/",
        "https://music.apple.com/us/album/night-ferry/abc",
        "https://music.apple.com/us/playlist/late/123",
        "https://music.apple.com/library/albums/l.abc",
        "https://itunes.apple.com/us/podcast/x/id123",
        "https://linkmaker.itunes.apple.com/us/album/x/id123",
        "https://tidal.com/album/",
        "https://tidal.com/album/12x",
        "https://tidal.com/playlist/123",
        "https://tidal.com/album/../track/1",
        "https://account.tidal.com/album/1",
        "tidal://evil/1",
        "https://soundcloud.com/search?q=tide",
        "https://soundcloud.com/tags/tide",
        "https://soundcloud.com/low/tide/recommended",
        "https://soundcloud.com/low%2Ftide",
        "https://w.soundcloud.com/player/?url=https%3A%2F%2Fevil.example%2Ftracks%2F1",
        "soundcloud:evil:1",
        "https://www.youtube.com/results?search_query=tide",
        "https://www.youtube.com/redirect?q=https://evil.example",
        "https://www.youtube.com/watch?v=",
        "https://www.youtube.com/watch?feature=x&amp;v=a1B2c3D4-_9",
        "https://youtu.be/",
        "https://youtu.be/a/b",
        "https://music.youtube.com/search?q=tide",
        "https://studio.youtube.com/watch?v=a1B2c3D4-_9",
        "https://www.youtube.com/attribution_link?u=https%3A%2F%2Fevil.example",
        "https://fancymusic.amazon.com/artists/B0ABCDEF12",
        "https://www.amazon.de/vdp/0123456789abcdef",
        "https://music.amazon.com/albums/abc",
        "https://daily.bandcamp.com/features/tide",
        "https://bandcamp.com/tag/ambient",
        "https://lowmeridian.bandcamp.com/merch/shirt",
        "https://a.b.bandcamp.com/album/x",
        "https://www.qobuz.com/gb-en/shop",
        "https://www.beatport.com/stem/x/1",
        "https://spotify.link/",
        "https://song.link/",
    ],
)
def test_a_services_page_that_is_nothing_of_its_catalogue_is_refused_with_the_reason(text: str) -> None:
    problem = parse_link(text)
    assert isinstance(problem, Problem), problem
    assert problem.code == "link_malformed"
    assert "Share" in problem.right


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://music.apple.com.evil.example/us/album/x/1", "host_unknown"),
        ("https://evil.example/https://tidal.com/album/1", "host_unknown"),
        ("https://evilbandcamp.com/album/x", "host_unknown"),
        ("https://youtube.com.evil.example/watch?v=a1B2c3D4-_9", "host_unknown"),
        ("//soundcloud.com.evil.example/low/tide", "host_unknown"),
        ("https://tida\u04cf.com/album/1", "host_unknown"),
        ("https://lnk.to.evil.example/x", "host_unknown"),
        ("https://books.apple.com/us/book/x/id1", "host_unknown"),
        ("https://me@tidal.com/album/1", "address_user"),
        ("https://tidal.com:8443/album/1", "address_port"),
        ("https://tidal.com/album/1\x00", "address_control"),
        ("ftp://tidal.com/album/1", "address_scheme"),
        ("music://evil.example/us/album/x/1", "link_malformed"),
        ("deezer://evil.example/album/1", "link_malformed"),
        ("http://127.0.0.1/album/1", "address_private"),
    ],
)
def test_what_only_looks_like_a_service_is_refused(text: str, code: str) -> None:
    problem = parse_link(text)
    assert isinstance(problem, Problem), problem
    assert problem.code == code


@pytest.mark.parametrize(
    ("text", "service", "kind"),
    [
        (f"{STORE}/us/album/x/id540000001", "apple_music", "album"),
        (f"{APPLE}/us/pre-add/x/1700000009", "apple_music", "album"),
        (f"{YT_MUSIC}/playlist?list=OLAK5uy_x1", "youtube", "album"),
        ("https://youtu.be/a1B2c3D4-_9", "youtube", "track"),
        ("https://soundcloud.com/low/sets/tides", "soundcloud", "album"),
        ("https://soundcloud.com/low/tide", "soundcloud", "track"),
        ("tidal://album/80900001", "tidal", "album"),
    ],
)
def test_a_release_is_named_as_its_catalogue_is_asked_for_it(text: str, service: str, kind: str) -> None:
    link = parse_link(text)
    assert isinstance(link, Link)
    release = as_release(link, ("apple_music", "youtube", "soundcloud", "tidal"))
    assert isinstance(release, Link)
    assert (release.service, release.kind.value, release.id) == (service, kind, link.id)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{YOUTUBE}/playlist?list=PLabc", "release_kind"),
        (f"{YOUTUBE}/@low", "release_kind"),
        (f"{APPLE}/us/music-video/x/1", "release_kind"),
        ("https://www.qobuz.com/gb-en/album/x/abc", "release_service"),
        ("https://low.lnk.to/tide", "link_page"),
        ("https://on.soundcloud.com/aBc", "link_short"),
    ],
)
def test_what_is_no_release_is_told_from_one(text: str, code: str) -> None:
    link = parse_link(text)
    assert isinstance(link, Link)
    problem = as_release(link, ("apple_music", "youtube"))
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.right

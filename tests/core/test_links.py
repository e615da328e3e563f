"""Every form of a link reads as the same thing, and what only looks like one is refused with the reason."""

from functools import partial
from time import perf_counter

import pytest

from upbeat.core.link import Link, LinkKind
from upbeat.core.links import follow_target, parse_link, release_link
from upbeat.core.problem import Problem

release_on_any = partial(release_link, readable=("spotify", "deezer"))
ALBUM = Link(
    "spotify",
    LinkKind.ALBUM,
    "5vkqYmiPBYLaalcmjujWxK",
    "https://open.spotify.com/album/5vkqYmiPBYLaalcmjujWxK",
)
ARTIST = Link(
    "spotify",
    LinkKind.ARTIST,
    "3TVXtAsR1Inumwj472S9r4",
    "https://open.spotify.com/artist/3TVXtAsR1Inumwj472S9r4",
)
PLAYLIST = Link(
    "spotify",
    LinkKind.PLAYLIST,
    "37i9dQZF1DX0XUsuxWHRQd",
    "https://open.spotify.com/playlist/37i9dQZF1DX0XUsuxWHRQd",
)
NAMED = Link("spotify", LinkKind.USER, "hitradioö3", "https://open.spotify.com/user/hitradio%C3%B63")
DEEZER = Link("deezer", LinkKind.ALBUM, "302127", "https://www.deezer.com/album/302127")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://open.spotify.com/album/5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("open.spotify.com/album/5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("//open.spotify.com/album/5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("HTTP://Open.Spotify.Com:80/album/5vkqYmiPBYLaalcmjujWxK/?si=0123abcd&nd=1#top", ALBUM),
        ("https://open.spotify.com./album/5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("https://open.spotify.com//album//5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("https://open.spotify.com/intl-pt-br/album/5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("https://open.spotify.com/embed/album/5vkqYmiPBYLaalcmjujWxK?utm_source=generator", ALBUM),
        ("https://open.spotify.com/intl-de/embed/album/5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("https://embed.spotify.com/?uri=spotify%3Aalbum%3A5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("https://play.spotify.com/album/5vkqYmiPBYLaalcmjujWxK/0tgVpDi06FyKpA1z0VMD4v", ALBUM),
        ("spotify:album:5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("SPOTIFY:album:5vkqYmiPBYLaalcmjujWxK?si=1", ALBUM),
        ("spotify://album/5vkqYmiPBYLaalcmjujWxK", ALBUM),
        ("\ufeff https://open.spotify.com/album/5vkqYmiPBYLaalcmjujWxK\u200b\n", ALBUM),
        ("https://open.spotify.com/artist/3TVXtAsR1Inumwj472S9r4/discography/all", ARTIST),
        ("spotify:artist:3TVXtAsR1Inumwj472S9r4", ARTIST),
        ("spotify:user:spotify:playlist:37i9dQZF1DX0XUsuxWHRQd", PLAYLIST),
        ("https://open.spotify.com/user/spotify/playlist/37i9dQZF1DX0XUsuxWHRQd", PLAYLIST),
        ("spotify:playlist:37i9dQZF1DX0XUsuxWHRQd", PLAYLIST),
        ("https://open.spotify.com/user/hitradio%C3%B63", NAMED),
        ("https://open.spotify.com/user/hitradioö3", NAMED),
        ("https://open.spotify.com/user/hitradioo\u03083/playlists", NAMED),
        ("spotify:user:hitradio%C3%B63", NAMED),
        ("https://www.deezer.com/album/302127", DEEZER),
        ("deezer.com/en/album/302127?utm_source=deezer", DEEZER),
        ("http://m.deezer.com/pt-br/album/302127/", DEEZER),
        ("https://widget.deezer.com/widget/dark/album/302127", DEEZER),
        ("deezer://www.deezer.com/album/302127", DEEZER),
    ],
)
def test_every_form_of_one_thing_is_the_same_link(text: str, link: Link) -> None:
    assert parse_link(text) == link


@pytest.mark.parametrize(
    ("text", "service", "kind"),
    [
        ("https://www.deezer.com/profile/18671676", "deezer", LinkKind.USER),
        ("https://www.deezer.com/fr/show/1", "deezer", LinkKind.SHOW),
        ("https://link.deezer.com/s/31aEpblnSrNBNSHi3nrZZ", "deezer", LinkKind.SHORT),
        ("https://spotify.link/auVCkcbzoyb", "spotify", LinkKind.SHORT),
        ("https://open.spotify.com/prerelease/1Kqdup6HEqeP3hHXDELQHl", "spotify", LinkKind.COUNTDOWN),
    ],
)
def test_other_pages_are_known_for_what_they_are(text: str, service: str, kind: LinkKind) -> None:
    link = parse_link(text)
    assert isinstance(link, Link)
    assert (link.service, link.kind) == (service, kind)


@pytest.mark.parametrize(
    "text",
    [
        "https://open.spotify.com/",
        "https://open.spotify.com/album/",
        "https://open.spotify.com/album/5vkqYmiPBYLaalcmjujWx",
        "https://open.spotify.com/album/5vkqYmiPBYLaalcmjujWxKK",
        "https://open.spotify.com/album/5vkqYmiPBYLaalcmjujWx!",
        "https://open.spotify.com/album/../artist/3TVXtAsR1Inumwj472S9r4",
        "https://open.spotify.com/album/%2e%2e/artist/3TVXtAsR1Inumwj472S9r4",
        "https://open.spotify.com/album%2F5vkqYmiPBYLaalcmjujWxK",
        "https://open.spotify.com/search/5vkqYmiPBYLaalcmjujWxK",
        "https://open.spotify.com/user/",
        "https://open.spotify.com/user/a%2Fb",
        "https://open.spotify.com/user/%ff",
        "https://open.spotify.com/user/x%00y",
        "https://www.spotify.com/album/5vkqYmiPBYLaalcmjujWxK",
        "spotify:",
        "spotify:album",
        "spotify:local:a:b:c:1",
        "spotify:user:x:collection",
        "https://www.deezer.com/album/abc",
        "https://www.deezer.com/album/-1",
        "https://www.deezer.com/album/0",
        "https://www.deezer.com/album/\u0661",
        "https://www.deezer.com/album/../artist/27",
        "https://developers.deezer.com/album/302127",
    ],
)
def test_an_address_of_a_service_that_leads_to_nothing_is_malformed(text: str) -> None:
    problem = parse_link(text)
    assert isinstance(problem, Problem)
    assert problem.code == "link_malformed"
    assert "Share" in problem.right


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://open.spotify.com.evil.example/artist/3TVXtAsR1Inumwj472S9r4", "host_unknown"),
        ("https://open-spotify.com/artist/3TVXtAsR1Inumwj472S9r4", "host_unknown"),
        ("https://notspotify.com/artist/3TVXtAsR1Inumwj472S9r4", "host_unknown"),
        ("https://open.sp\u043etify.com/artist/3TVXtAsR1Inumwj472S9r4", "host_unknown"),
        ("https://open.xn--sptify-xqf.com/artist/3TVXtAsR1Inumwj472S9r4", "host_unknown"),
        ("https://evil.example/?u=https://open.spotify.com/artist/3TVXtAsR1Inumwj472S9r4", "host_unknown"),
        ("https://evil.example#@open.spotify.com/artist/3TVXtAsR1Inumwj472S9r4", "host_unknown"),
        ("https://open.spotify.com@evil.example/artist/3TVXtAsR1Inumwj472S9r4", "address_user"),
        ("https://user@open.spotify.com/artist/3TVXtAsR1Inumwj472S9r4", "address_user"),
        ("https://evil.example\\@open.spotify.com/artist/3TVXtAsR1Inumwj472S9r4", "address_control"),
        ("https://open.spotify.com/artist/\n3TVXtAsR1Inumwj472S9r4", "address_control"),
        ("https://open.spotify.com:8080/artist/3TVXtAsR1Inumwj472S9r4", "address_port"),
        ("javascript:alert(1)//open.spotify.com/artist/3TVXtAsR1Inumwj472S9r4", "address_scheme"),
        ("https://open.spotify.com/" + "a" * 2000, "address_long"),
        ("Low Meridian", "not_a_link"),
        ("3TVXtAsR1Inumwj472S9r4", "not_a_link"),
        ("", "not_a_link"),
    ],
)
def test_a_look_alike_is_not_the_service(text: str, code: str) -> None:
    for read in (parse_link, follow_target, release_on_any):
        problem = read(text)
        assert isinstance(problem, Problem)
        assert problem.code == code


@pytest.mark.parametrize(
    "text", [ARTIST.url, PLAYLIST.url, NAMED.url, "spotify:artist:3TVXtAsR1Inumwj472S9r4"]
)
def test_artists_playlists_and_profiles_can_be_followed(text: str) -> None:
    assert isinstance(follow_target(text), Link)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("spotify:track:0tgVpDi06FyKpA1z0VMD4v", "This is a song, and it cannot be followed."),
        (ALBUM.url, "This is an album, and it cannot be followed."),
        ("spotify:show:0tgVpDi06FyKpA1z0VMD4v", "This is a podcast, and it cannot be followed."),
        (
            "spotify:episode:0tgVpDi06FyKpA1z0VMD4v",
            "This is an episode of a podcast, and it cannot be followed.",
        ),
        ("https://spotify.link/auVCkcbzoyb", "This is a short link: it does not say what it leads to."),
        ("https://www.deezer.com/artist/27", "This leads to Deezer, and follows are made on Spotify."),
        (
            "https://music.apple.com/gb/artist/136975",
            "This leads to Apple Music, and follows are made on Spotify.",
        ),
    ],
)
def test_what_cannot_be_followed_is_refused_with_the_reason(text: str, wrong: str) -> None:
    problem = follow_target(text)
    assert isinstance(problem, Problem)
    assert problem.wrong == wrong
    assert problem.right


def test_a_broken_link_is_refused_with_the_way_to_a_whole_one() -> None:
    problem = follow_target("https://open.spotify.com/artist/3TVXtAsR")
    assert isinstance(problem, Problem)
    assert problem.sentence == (
        "This is a Spotify address, but what follows the word artist is not a whole id of 22 letters and digits. "
        "In Spotify, choose Share, then Copy link."
    )


@pytest.mark.parametrize("text", [ALBUM.url, DEEZER.url, "spotify:track:0tgVpDi06FyKpA1z0VMD4v"])
def test_a_release_is_an_album_or_a_song(text: str) -> None:
    assert isinstance(release_on_any(text), Link)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ARTIST.url, "release_kind"),
        ("https://open.spotify.com/prerelease/1Kqdup6HEqeP3hHXDELQHl", "release_kind"),
        ("https://tidal.com/browse/album/130201923", "release_service"),
        ("https://spotify.link/auVCkcbzoyb", "link_short"),
    ],
)
def test_what_is_no_release_says_what_to_paste(text: str, code: str) -> None:
    problem = release_on_any(text)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.right


@pytest.mark.parametrize(
    "flood",
    [
        "a" * 100_000,
        "https://open.spotify.com/" + "/" * 100_000,
        "spotify:" + ":" * 100_000,
        "https://" + "a." * 50_000 + "com",
        "https://open.spotify.com/intl-" + "a" * 100_000,
        " " * 100_000,
        "%" * 100_000,
        "o\u0308" * 50_000,
    ],
)
def test_a_flood_is_answered_at_once(flood: str) -> None:
    started = perf_counter()
    assert isinstance(parse_link(flood), Problem)
    assert perf_counter() - started < 0.1

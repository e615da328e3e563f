"""Services and shops whose addresses need no more than a table: their hosts, and the forms."""

from dataclasses import dataclass

from upbeat.core.addresses import Address
from upbeat.core.hosts import label_of
from upbeat.core.link import Link, LinkKind, malformed
from upbeat.core.link_forms.form import Form, parts_of, read_forms
from upbeat.core.problem import Problem

_ID = "(?P<id>[1-9][0-9]{0,18})"
_KEY = "(?P<id>[0-9A-Za-z_,-]{1,64})"
_SLUG = "(?P<slug>[^/]{1,300})"
_REST = "(?:/.*)?"
_ALBUM, _TRACK, _ARTIST, _PLAYLIST = LinkKind.ALBUM, LinkKind.TRACK, LinkKind.ARTIST, LinkKind.PLAYLIST


@dataclass(frozen=True, slots=True)
class Table:
    """The addresses of one service: on these hosts, in these forms. `hash_bang`: the path may stand behind `#!/`."""

    hosts: frozenset[str]
    forms: tuple[Form, ...]
    hash_bang: bool = False


def read_table(service: str, address: Address) -> Link | Problem:
    """An address of a service that stands in `TABLES`."""
    table = TABLES[service]
    if address.site not in table.hosts:
        return malformed(label_of(service), "not one of its catalogue")
    return read_forms(service, parts_of(service, address, hash_bang=table.hash_bang), table.forms)


def _plain(home: str, words: dict[str, LinkKind], id: str = _ID, *, before: str = "") -> tuple[Form, ...]:
    """`<home>/<word>/<id>`, each word a kind."""
    return tuple(
        Form(f"{before}{word}/{id}{_REST}", kind, f"{home}/{word}/{{id}}") for word, kind in words.items()
    )


def _slugged(home: str, words: dict[str, LinkKind], id: str = _ID, *, before: str = "") -> tuple[Form, ...]:
    """`<home>/<word>/<slug>/<id>`."""
    return tuple(
        Form(f"{before}{word}/{_SLUG}/{id}{_REST}", kind, f"{home}/{word}/{{slug}}/{{id}}")
        for word, kind in words.items()
    )


_AUDIOMACK = "https://audiomack.com"
_AUDIOMACK_WORDS = {"song": _TRACK, "album": _ALBUM, "playlist": _PLAYLIST}
_OWNER = "(?P<owner>[0-9A-Za-z_.-]{1,100})"
_NAME = "(?P<name>[0-9A-Za-z_.-]{1,200})"
_QOBUZ = "https://www.qobuz.com"
_QOBUZ_PLAYER = {
    "album": _ALBUM,
    "track": _TRACK,
    "artist": _ARTIST,
    "playlist": _PLAYLIST,
    "label": LinkKind.LABEL,
}
_QOBUZ_AT = "(?P<at>[a-z]{2}-[a-z]{2})/"
_BEATPORT = "https://www.beatport.com"
_BEATPORT_WORDS = {
    "release": _ALBUM,
    "track": _TRACK,
    "artist": _ARTIST,
    "label": LinkKind.LABEL,
    "chart": _PLAYLIST,
}
_BEATPORT_AT = "(?:[a-z]{2}/)?"
_YANDEX = "https://music.yandex.com"
_SAAVN = "https://www.jiosaavn.com"
_PANDORA = "https://www.pandora.com"
_7DIGITAL = "(?P<slug>[^/]{1,200}-(?P<id>[1-9][0-9]{3,18}))"

_7DIGITAL_AT = "us uk de fr es it ca fr-ca en-ca ie at be nl dk se no fi pt ch pl au nz"

TABLES = {
    "audiomack": Table(
        frozenset({"audiomack.com", "m.audiomack.com"}),
        (
            *(
                Form(f"(?:embed/)?{path}", kind, f"{_AUDIOMACK}/{{owner}}/{word}/{{name}}", "{owner}/{name}")
                for word, kind in _AUDIOMACK_WORDS.items()
                for path in (f"(?!embed/){_OWNER}/{word}/{_NAME}", f"{word}/{_OWNER}/{_NAME}")
            ),
            Form(
                "(?!(?:song|album|playlist|embed|trending-now|search|world|about|upload|playlists|top|genre|dashboard"
                f"|creators|premium|contact-us|legal|blog|oembed)(?:/|$)){_OWNER}",
                _ARTIST,
                f"{_AUDIOMACK}/{{owner}}",
                "{owner}",
            ),
        ),
    ),
    "qobuz": Table(
        frozenset({"qobuz.com", "open.qobuz.com", "play.qobuz.com", "widget.qobuz.com"}),
        (
            *_plain("https://open.qobuz.com", _QOBUZ_PLAYER, _KEY),
            *(
                Form(f"{_QOBUZ_AT}{word}/{_SLUG}/(?:download-streaming-albums/)?{_KEY}", kind,
                     f"{_QOBUZ}/{{at}}/{word}/{{slug}}/{{id}}")
                for word, kind in (("album", _ALBUM), ("interpreter", _ARTIST), ("playlists", _PLAYLIST))
            ),
            Form(f"{_QOBUZ_AT}label/{_SLUG}/(?:download-streaming-albums/)?{_KEY}", LinkKind.LABEL,
                 f"{_QOBUZ}/{{at}}/label/{{slug}}/download-streaming-albums/{{id}}"),
        ),
    ),
    "beatport": Table(
        frozenset({"beatport.com", "pro.beatport.com", "classic.beatport.com", "dj.beatport.com"}),
        (
            *_slugged(_BEATPORT, _BEATPORT_WORDS, before=_BEATPORT_AT),
            *(
                Form(f"{_BEATPORT_AT}{word}s?/{_ID}", kind, f"{_BEATPORT}/{word}/-/{{id}}")
                for word, kind in _BEATPORT_WORDS.items()
            ),
            Form(f"releases/[0-9]+/{_ID}", _TRACK, f"{_BEATPORT}/track/-/{{id}}"),
            *(
                Form(f"{word}s/{_SLUG}/{_ID}", kind, f"{_BEATPORT}/{word}/{{slug}}/{{id}}")
                for word, kind in _BEATPORT_WORDS.items()
            ),
            Form(f"[a-z]{{2}}-[A-Z]{{2}}/html/content/release/detail/0*{_ID}{_REST}", _ALBUM,
                 f"{_BEATPORT}/release/-/{{id}}"),
        ),
    ),
    "boomplay": Table(
        frozenset({"boomplay.com", "m.boomplay.com", "boomplaymusic.com"}),
        _plain("https://www.boomplay.com", {"albums": _ALBUM, "songs": _TRACK, "artists": _ARTIST,
               "playlists": _PLAYLIST, "video": LinkKind.VIDEO, "podcasts": LinkKind.SHOW,
               "episode": LinkKind.EPISODE}),
    ),
    "anghami": Table(
        frozenset({"anghami.com", "play.anghami.com"}),
        _plain("https://play.anghami.com", {"album": _ALBUM, "song": _TRACK, "artist": _ARTIST,
               "playlist": _PLAYLIST, "video": LinkKind.VIDEO, "podcast": LinkKind.SHOW,
               "episode": LinkKind.EPISODE}),
    ),
    "napster": Table(
        frozenset({"napster.com", "play.napster.com", "web.napster.com", "us.napster.com", "app.napster.com"}),
        tuple(
            Form(f"(?:.*/)?(?P<id>{letters}[.][0-9]{{1,18}})", kind, f"https://play.napster.com/{word}/{{id}}")
            for word, letters, kind in (("track", "tra", _TRACK), ("album", "alb", _ALBUM), ("artist", "art", _ARTIST),
                                        ("playlist", "(?:pp|mp)", _PLAYLIST))
        ),
    ),
    "pandora": Table(
        frozenset({"pandora.com"}),
        tuple(
            Form(f"{path}/(?P<id>{letters}[0-9A-Za-z:]{{1,40}})", kind, f"{_PANDORA}/{url}/{{id}}")
            for letters, path, url, kind in (
                ("TR:?", "artist/(?P<a>[^/]+)/(?P<b>[^/]+)/(?P<c>[^/]+)", "artist/{a}/{b}/{c}", _TRACK),
                ("AL:?", "artist/(?P<a>[^/]+)/(?P<b>[^/]+)", "artist/{a}/{b}", _ALBUM),
                ("AR:?", "artist/(?P<a>[^/]+)", "artist/{a}", _ARTIST),
                ("PL:", "playlist", "playlist", _PLAYLIST),
                ("PC:", "podcast/(?P<a>[^/]+)", "podcast/{a}", LinkKind.SHOW),
                ("PE:", "podcast/(?P<a>[^/]+)/(?P<b>[^/]+)", "podcast/{a}/{b}", LinkKind.EPISODE),
            )
        ),
    ),
    "jiosaavn": Table(
        frozenset({"jiosaavn.com", "saavn.com", "m.jiosaavn.com"}),
        (
            *_slugged(_SAAVN, {"song": _TRACK, "album": _ALBUM, "artist": _ARTIST, "featured": _PLAYLIST}, _KEY),
            Form(f"s/song/(?:[^/]+/)+{_SLUG}/{_KEY}", _TRACK, f"{_SAAVN}/song/{{slug}}/{{id}}"),
            Form(f"p/album/(?:[^/]+/)*{_SLUG}/{_KEY}", _ALBUM, f"{_SAAVN}/album/{{slug}}/{{id}}"),
            Form(f"s/playlist/(?P<owner>[^/]+)/{_SLUG}/{_KEY}", _PLAYLIST,
                 f"{_SAAVN}/s/playlist/{{owner}}/{{slug}}/{{id}}"),
            Form(f"shows/{_SLUG}/(?:[0-9]+/)?{_KEY}", LinkKind.SHOW, f"{_SAAVN}/shows/{{slug}}/{{id}}"),
        ),
    ),
    "yandex_music": Table(
        frozenset({f"music.yandex.{country}" for country in ("ru", "com", "by", "kz", "uz", "ua")}),
        (
            Form(f"(?:iframe/)?album/(?P<album>[0-9]+)/track/{_ID}", _TRACK, f"{_YANDEX}/album/{{album}}/track/{{id}}",
                 "{album}:{id}"),
            Form(f"track/{_ID}:(?P<album>[0-9]+)", _TRACK, f"{_YANDEX}/album/{{album}}/track/{{id}}",
                 "{album}:{id}"),
            *_plain(_YANDEX, {"album": _ALBUM, "artist": _ARTIST, "label": LinkKind.LABEL, "track": _TRACK},
                    before="(?:iframe/)?"),
            Form("playlists/(?P<id>[0-9a-z.-]{8,64})", _PLAYLIST, f"{_YANDEX}/playlists/{{id}}"),
            Form(f"users/{_OWNER}/playlists/{_ID}", _PLAYLIST, f"{_YANDEX}/users/{{owner}}/playlists/{{id}}",
                 "{owner}:{id}"),
        ),
        hash_bang=True,
    ),
    "mixcloud": Table(
        frozenset({"mixcloud.com", "m.mixcloud.com", "beta.mixcloud.com"}),
        (
            Form("(?P<owner>[\\w-]{1,100})/playlists/(?P<name>[^/]{1,200})", _PLAYLIST,
                 "https://www.mixcloud.com/{owner}/playlists/{name}/", "{owner}/playlists/{name}"),
            Form("(?!(?:discover|categories|search|tag|live|select|pro|upload|about|terms|privacy|widget|oembed|login"
                 "|genres|artist|track)(?:/|$))(?P<owner>[\\w-]{1,100})"
                 "(?:/(?:uploads|favorites|listens|stream|playlists|followers|following|tracks|posts|about|reposts))?",
                 LinkKind.USER, "https://www.mixcloud.com/{owner}/", "{owner}"),
            Form("(?!(?:discover|categories|search|tag|live|genres|widget|artist|track)/)"
                 "(?P<owner>[\\w-]{1,100})/(?P<name>[^/]{1,200})", LinkKind.SHOW,
                 "https://www.mixcloud.com/{owner}/{name}/", "{owner}/{name}"),
        ),
    ),
    "7digital": Table(
        frozenset({"7digital.com", *(f"{at}.7digital.com" for at in
                   _7DIGITAL_AT.split())}),
        (
            Form(f"(?:yourmusic/)?artist/{_OWNER}/release/{_7DIGITAL}(?:/[0-9]+)?", _ALBUM,
                 "https://www.7digital.com/artist/{owner}/release/{slug}"),
            Form(f"(?:yourmusic/)?artist/{_OWNER}/release/(?P<slug>[^/]{{1,200}})", _ALBUM,
                 "https://www.7digital.com/artist/{owner}/release/{slug}", "{owner}/{slug}"),
            Form(f"artist/{_OWNER}", _ARTIST, "https://www.7digital.com/artist/{owner}", "{owner}"),
        ),
    ),
    "juno": Table(
        frozenset({"junodownload.com", "secure.junodownload.com"}),
        (
            Form(f"products/{_SLUG}/(?P<id>[0-9]{{4,9}}-[0-9]{{2}})", _ALBUM,
                 "https://www.junodownload.com/products/{slug}/{id}/"),
            Form(f"artists/{_SLUG}{_REST}", _ARTIST, "https://www.junodownload.com/artists/{slug}/", "{slug}"),
            Form(f"labels/{_SLUG}{_REST}", LinkKind.LABEL, "https://www.junodownload.com/labels/{slug}/", "{slug}"),
        ),
    ),
    "traxsource": Table(
        frozenset({"traxsource.com"}),
        _plain("https://www.traxsource.com", {"title": _ALBUM, "track": _TRACK, "artist": _ARTIST,
               "label": LinkKind.LABEL}),
    ),
    "kkbox": Table(
        frozenset({"kkbox.com"}),
        tuple(
            Form(f"(?P<at>[a-z]{{2}})(?:/[a-z]{{2}})?/{word}/{_KEY}", kind,
                 f"https://www.kkbox.com/{{at}}/{word}/{{id}}")
            for word, kind in (("album", _ALBUM), ("song", _TRACK), ("artist", _ARTIST), ("playlist", _PLAYLIST))
        ),
    ),
    "gaana": Table(
        frozenset({"gaana.com"}),
        tuple(
            Form(f"{word}/(?P<id>[0-9A-Za-z_-]{{1,200}})", kind, f"https://gaana.com/{word}/{{id}}")
            for word, kind in (("album", _ALBUM), ("song", _TRACK), ("artist", _ARTIST), ("playlist", _PLAYLIST))
        ),
    ),
    "audius": Table(
        frozenset({"audius.co"}),
        (
            Form(f"{_OWNER}/album/{_NAME}", _ALBUM, "https://audius.co/{owner}/album/{name}", "{owner}/album/{name}"),
            Form(f"{_OWNER}/playlist/{_NAME}", _PLAYLIST, "https://audius.co/{owner}/playlist/{name}",
                 "{owner}/playlist/{name}"),
            Form(f"(?!(?:explore|trending|search|feed|library|upload|legal)(?:/|$)){_OWNER}/{_NAME}", _TRACK,
                 "https://audius.co/{owner}/{name}", "{owner}/{name}"),
            Form(f"(?!(?:explore|trending|search|feed|library|upload|legal)(?:/|$)){_OWNER}", _ARTIST,
                 "https://audius.co/{owner}", "{owner}"),
        ),
    ),
}  # fmt: skip
"""By the service's key in `core.hosts`."""

"""The rules of set-up, one door for form and file alike: a question, what was typed, and what became of it.

What holds is written and the page's version grows. What does not hold is kept in `Campaign.unsettled` as it was typed,
with what is wrong, what would be right and the one-tap remedies; the last right answer goes on being shown to fans.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from upbeat.artists.models import Artist, Team
from upbeat.campaigns import slugs
from upbeat.campaigns.models import Campaign, Release
from upbeat.campaigns.moment import FIELDS as WHEN
from upbeat.campaigns.moment import answer_when, read_time
from upbeat.campaigns.shown import shown
from upbeat.campaigns.trouble import Remedy, Trouble
from upbeat.core.identifiers import parse_isrc, parse_upc
from upbeat.core.problem import Problem

LONGEST_NAME = 200
KINDS = {Release.ALBUM: "Album", Release.EP: "EP", Release.SINGLE: "Single"}
LANGUAGES = {"en": "The fan’s own, else English", "de": "The fan’s own, else German"}
SWITCHES = ("offers_playlist", "offers_email", "strict")
MIDNIGHT = "00:00"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an answer. `trouble` None: it holds. `changed`: fans may see something new."""

    trouble: Trouble | None = None
    changed: bool = False
    said: str = ""
    """What we mended in the answer, for the person to read."""


def draft(team: Team, *, zone: str, now: datetime) -> Campaign:
    """A new empty campaign of the team: midnight, in this zone, on no day yet."""
    at = read_time(MIDNIGHT)
    assert not isinstance(at, Problem)
    with transaction.atomic():
        release = Release.objects.create(artist=artist_named(team, ""))
        return Campaign.objects.create(release=release, zone=zone, time=at, created_at=now)


def settle(campaign: Campaign, question: str, typed: Mapping[str, str], now: datetime) -> Settled:
    """Take one answer; fields that are not in `typed` stay. `campaign` is brought up to date.

    Raises `KeyError` for a question we do not ask.
    """
    answer = _ANSWERS[question]
    with transaction.atomic():
        locked(campaign)
        given = shown(campaign, question) | {
            name: plain(typed[name]) for name in FIELDS[question] if name in typed
        }
        before = _as_written(campaign)
        said = answer(campaign, given, now)
        trouble = said if isinstance(said, Trouble) else None
        if trouble is None:
            trouble = _write(campaign)
        if trouble is not None:
            undo(campaign)
            keep(campaign, question, trouble, given)
            return Settled(trouble)
        let_go(campaign, question)
        changed = _as_written(campaign) != before
        if changed:
            campaign.touch()
        return Settled(None, changed, said if isinstance(said, str) else "")


def locked(campaign: Campaign) -> None:
    """Hold the campaign's row to the end of the transaction and bring the object, and its release, up to date."""
    list(Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk))
    undo(campaign)


def undo(campaign: Campaign) -> None:
    """Bring the object back to what the database has."""
    campaign.refresh_from_db()
    campaign.release.refresh_from_db()


def keep(campaign: Campaign, question: str, trouble: Trouble, typed: Mapping[str, str]) -> None:
    """Remember an answer that does not hold."""
    campaign.unsettled[question] = trouble.as_kept(typed)
    campaign.save(update_fields=["unsettled"])


def let_go(campaign: Campaign, question: str) -> None:
    """Forget what was wrong with the question."""
    if campaign.unsettled.pop(question, None) is not None:
        campaign.save(update_fields=["unsettled"])


def artist_named(team: Team, name: str) -> Artist:
    """The team's artist of this name, made if there is none. A draft's artist may have no name yet."""
    return Artist.objects.get_or_create(team=team, name=name)[0]


def plain(text: str) -> str:
    """Text on one line, without what cannot be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _title(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> Trouble | None:
    trouble = _name_trouble(campaign, "title", typed["title"])
    campaign.release.title = typed["title"]
    return trouble


def _artist(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> Trouble | None:
    trouble = _name_trouble(campaign, "artist", typed["artist"])
    if trouble is None and typed["artist"] != campaign.release.artist.name:
        campaign.release.artist = artist_named(campaign.team, typed["artist"])
    return trouble


def _name_trouble(campaign: Campaign, field: str, name: str) -> Trouble | None:
    if len(name) > LONGEST_NAME:
        wrong = f"The {field} has {len(name)} letters."
        return Trouble(Problem(f"{field}_long", wrong, f"Use {LONGEST_NAME} at the most."), field)
    if not name and campaign.state == Campaign.PUBLISHED:
        return Trouble(Problem(f"{field}_missing", f"A published page needs its {field}."), field)
    return None


def _kind(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> Trouble | None:
    if typed["kind"] not in KINDS:
        return Trouble(
            Problem("kind_unknown", "This is no kind of release.", "It is album, ep or single."), "kind"
        )
    campaign.release.kind = typed["kind"]
    return None


def _upc(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> Trouble | str | None:
    read = parse_upc(typed["upc"]) if typed["upc"] else None
    if isinstance(read, Problem):
        return Trouble(read, "upc")
    campaign.release.upc = read.code if read else ""
    return read.said if read else None


def _isrc(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> Trouble | None:
    read = parse_isrc(typed["isrc"]) if typed["isrc"] else ""
    if isinstance(read, Problem):
        return Trouble(read, "isrc")
    campaign.release.isrc = read
    return None


def _slug(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> Trouble | None:
    if campaign.state != Campaign.DRAFT:
        if typed["slug"].strip("/").lower() == campaign.slug:
            return None
        return Trouble(
            Problem(
                "slug_fixed",
                "The page is public under its address, so it stays.",
                "Links to it are out there.",
            ),
            "slug",
        )
    read = slugs.read(typed["slug"]) if typed["slug"] else None
    if isinstance(read, Problem):
        return _other_slug(campaign, read, typed["slug"])
    if read and not slugs.is_free(read, campaign):
        return _other_slug(campaign, _taken(read), read)
    campaign.slug = read
    return None


def _taken(slug: str) -> Problem:
    return Problem("slug_taken", f"{slug} is taken by another page here.", "Choose another address.")


def _other_slug(campaign: Campaign, problem: Problem, wanted: str) -> Trouble:
    free = slugs.suggest(wanted, campaign.release.title, campaign.release.artist.name, campaign=campaign)
    return Trouble(problem, "slug", (Remedy(f"Use {free}", {"slug": free}),))


def _language(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> Trouble | None:
    if typed["language"] not in LANGUAGES:
        return Trouble(Problem("language_unknown", "Pages are not written in this language."), "language")
    campaign.language = typed["language"]
    return None


def _switch(field: str) -> "Answer":
    def turn(campaign: Campaign, typed: Mapping[str, str], _now: datetime) -> None:
        setattr(campaign, field, typed[field].lower() in ("1", "on", "true", "yes"))

    return turn


Answer = Callable[[Campaign, Mapping[str, str], datetime], Trouble | str | None]
_ANSWERS: dict[str, Answer] = {
    "title": _title,
    "artist": _artist,
    "kind": _kind,
    "upc": _upc,
    "isrc": _isrc,
    "when": answer_when,
    "slug": _slug,
    "language": _language,
    **{field: _switch(field) for field in SWITCHES},
}
FIELDS: dict[str, tuple[str, ...]] = {question: (question,) for question in _ANSWERS} | {"when": WHEN}
"""The fields of each question."""

_CAMPAIGN = ("slug", "day", "time", "zone", "fold", "local", "opens_at", "language", *SWITCHES)
_RELEASE = ("title", "kind", "upc", "isrc", "artist_id")


def _as_written(campaign: Campaign) -> tuple[object, ...]:
    return (
        *(getattr(campaign, name) for name in _CAMPAIGN),
        *(getattr(campaign.release, name) for name in _RELEASE),
    )


def _write(campaign: Campaign) -> Trouble | None:
    """Save what the answer set. Somebody may have taken the same address a moment ago."""
    try:
        with transaction.atomic():
            campaign.save(update_fields=_CAMPAIGN)
    except IntegrityError:
        return _other_slug(campaign, _taken(campaign.slug or ""), campaign.slug or "")
    release, former = campaign.release, Release.objects.get(pk=campaign.release_id)
    release.save(update_fields=_RELEASE)
    if former.artist_id != release.artist_id:
        Artist.objects.filter(pk=former.artist_id, releases=None).delete()
    if (former.upc, former.isrc) != (release.upc, release.isrc):
        release.links.filter(pasted=False).delete()  # found under another code: they are looked for again
    return None

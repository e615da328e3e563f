"""What the installation remembers before a release day: a team, a campaign, fans with a permission each."""

from datetime import UTC, datetime, timedelta
from itertools import count

from upbeat.artists.models import Artist, Team
from upbeat.campaigns.models import Campaign, FollowTarget, Release, ServiceLink
from upbeat.fans.models import Connection, Fan, FollowChoice, PlaylistChoice, PreSave
from upbeat.fans.tokens import keep_tokens
from upbeat.providers.base import Grant, Token

_numbers = count(1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def campaign(
    opens_at: datetime = NOW + DAY, *, upc: str = "", team: Team | None = None, title: str = ""
) -> Campaign:
    """A published campaign."""
    number = next(_numbers)
    team = team or Team.objects.create(name=f"Team {number}")
    artist, _ = Artist.objects.get_or_create(team=team, name="Marlo Venn")
    release = Release.objects.create(artist=artist, title=title or f"Release {number}", upc=upc)
    return Campaign.objects.create(
        release=release,
        state=Campaign.PUBLISHED,
        slug=f"release-{number}",
        day=opens_at.date(),
        time=opens_at.time(),
        opens_at=opens_at,
        created_at=NOW - DAY,
    )


def fan(
    campaign: Campaign, service: str = "spotify", *, grant: Grant | None = None, now: datetime = NOW - DAY
) -> PreSave:
    """A pre-save of a fan of its own, whose permission was given at `now`; nothing is planned yet."""
    number = next(_numbers)
    given = grant or Grant(
        Token(f"access {number}"), Token(f"refresh {number}"), timedelta(hours=1), frozenset()
    )
    person = Fan.objects.create(team=campaign.team, code=f"F-{number}", created_at=now)
    connection = Connection.objects.create(
        fan=person, team=campaign.team, service=service, account_id=f"account {number}", granted_at=now
    )
    assert keep_tokens(connection.pk, 0, given, now)
    return wish(campaign, connection, now=now)


def wish(campaign: Campaign, connection: Connection, *, now: datetime = NOW - DAY) -> PreSave:
    """Another pre-save with a permission we know."""
    number = next(_numbers)
    return PreSave.objects.create(
        campaign=campaign,
        fan=connection.fan,
        connection=connection,
        service=connection.service,
        receipt=f"{number:064d}",
        created_at=now,
        completed_at=now,
    )


def target(campaign: Campaign, service_id: str, *, kind: str = "artist", main: bool = False) -> FollowTarget:
    return FollowTarget.objects.create(
        campaign=campaign, kind=kind, service_id=service_id, name=service_id, main=main
    )


def choose(pre_save: PreSave, *targets: FollowTarget, playlist: str = "", playlist_id: str = "") -> None:
    """What the fan picks before COMPLETE."""
    for one in targets:
        FollowChoice.objects.create(pre_save=pre_save, target=one)
    if playlist:
        PlaylistChoice.objects.create(
            pre_save=pre_save, name=playlist, playlist_id=playlist_id, is_new=not playlist_id
        )


def out(
    campaign: Campaign, service: str = "spotify", *, tracks: tuple[str, ...] = ("one", "two")
) -> ServiceLink:
    """The release has been found on the service."""
    return ServiceLink.objects.create(
        release=campaign.release,
        service=service,
        service_id="the-album",
        url="https://example.com/the-album",
        artist_id="the-artist",
        track_ids=list(tracks),
        found_at=NOW,
    )

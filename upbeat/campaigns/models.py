"""What is released, and the page we make for it."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from upbeat.artists.models import Artist, Person, Team
from upbeat.core import release_clock


class Cover(models.Model):
    """The artist's own upload: its renditions lie in `covers/<sha256>-<size>.jpg`, its colours here."""

    team = models.ForeignKey(Team, models.CASCADE)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    palette = models.JSONField()
    """`campaigns.palette.Palette` as JSON: both outcomes of nine colours, and which one is native."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "sha256"], name="cover_once_a_team")]

    def __str__(self) -> str:
        return self.sha256[:12]

    def path(self, size: int) -> str:
        """Where the rendition of `size` pixels (480, 960, 1400) lies below the media folder, and its URL below /."""
        return f"covers/{self.sha256}-{size}.jpg"


class Release(models.Model):
    """The music."""

    ALBUM, EP, SINGLE = "album", "ep", "single"

    artist = models.ForeignKey(Artist, models.PROTECT, related_name="releases")
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, default=ALBUM)
    upc = models.CharField(max_length=14, blank=True)
    isrc = models.CharField(max_length=12, blank=True)
    track_count = models.PositiveSmallIntegerField(default=0)
    cover = models.ForeignKey(Cover, models.SET_NULL, null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.title} by {self.artist}"


class ServiceLink(models.Model):
    """Where a release is on one streaming service: found by its code, or pasted by the team.

    `found_at` empty: the service does not show it yet ("pending source"), and `next_look_at` says when we look again;
    or what it shows is not what was announced (`held_at`), and the team has to decide. At set-up, before anybody waits
    for it, that is `differs` alone.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="links")
    service = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, default="album")
    service_id = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    artist_id = models.CharField(max_length=64, blank=True)
    track_ids = models.JSONField(default=list, blank=True)
    pasted = models.BooleanField(default=False)
    found_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveIntegerField(default=0)
    seen = models.JSONField(default=dict, blank=True)
    """What the catalogue showed last: title, artist, upc, isrc, track_count, release_date, cover_url, url, id."""
    differs = models.JSONField(default=list, blank=True)
    """The fields of `seen` that are not what was announced."""
    held_at = models.DateTimeField(null=True, blank=True)
    """Since when nothing goes out on this service because of that. Empty again when the team has decided."""
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    """Who said "this is right", of exactly the release with `service_id`."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "service"], name="link_once_a_service")]

    def __str__(self) -> str:
        return f"{self.release} on {self.service}"

    @property
    def is_held(self) -> bool:
        """Whether nothing goes out there because the service shows something else than was announced."""
        return self.held_at is not None


class Campaign(models.Model):
    """What we do about a release: its page, its moment and its offers.

    `opens_at` is derived from day, time, zone and fold, and is the only thing that decides which page is shown.
    `version` grows with every change the page depends on.
    """

    DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"

    release = models.OneToOneField(Release, models.CASCADE, related_name="campaign")
    state = models.CharField(max_length=10, default=DRAFT)
    slug = models.SlugField(max_length=60, null=True, blank=True, unique=True)
    day = models.DateField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    fold = models.PositiveSmallIntegerField(default=0)
    """Which one, where an hour exists twice: 0 the first, 1 the second."""
    opens_at = models.DateTimeField(null=True, blank=True, db_index=True)
    local = models.BooleanField(default=False)
    """A local release (S31): day and time are by each fan's own clock, `opens_at` is the first of these instants."""
    language = models.CharField(max_length=8, default="en")
    offers_playlist = models.BooleanField(default=True)
    offers_email = models.BooleanField(default=True)
    strict = models.BooleanField(default=False)
    """The strict way of PRODUCT §3.6: the first permission covers the save alone."""
    switched = models.JSONField(default=dict, blank=True)
    """Services the team put on the page (true) or took off it (false); the rest follow the rule (`listed`)."""
    unsettled = models.JSONField(default=dict, blank=True)
    """What the team typed that does not hold yet, by field: the wrong value stays until it is put right."""
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(slug__isnull=False, opens_at__isnull=False),
                name="published_has_address_and_moment",
            )
        ]

    def __str__(self) -> str:
        return str(self.release)

    @property
    def team(self) -> Team:
        return self.release.artist.team

    @property
    def last_opens_at(self) -> datetime | None:
        """The last instant at which it comes out for anybody: `opens_at`, unless the release is local."""
        if self.opens_at is None or not self.local:
            return self.opens_at
        return self.opens_at + release_clock.SPREAD

    def opens_for(self, zone: str) -> datetime:
        """The instant for a fan with this time zone. No zone, or one we do not know: the campaign's own.

        Only for a campaign with a moment.
        """
        if self.opens_at is None:
            raise ValueError("this campaign has no moment yet")
        if not self.local or self.day is None or self.time is None:
            return self.opens_at
        return release_clock.opens_where(self.day, self.time, zone, self.zone)

    def next_opens_at(self, now: datetime) -> datetime | None:
        """The next instant after `now` at which it comes out for anybody, None after the last."""
        return next((instant for instant in self.instants() if instant > now), None)

    def instants(self) -> tuple[datetime, ...]:
        """Every instant at which it comes out for anybody, in their order: one, unless the release is local."""
        if self.local and self.day is not None and self.time is not None:
            return release_clock.local_instants(self.day, self.time)
        return () if self.opens_at is None else (self.opens_at,)

    def is_out(self, now: datetime) -> bool:
        """Whether the music is out (local: for the first fans): a function of the clock and of nothing else."""
        return self.opens_at is not None and now >= self.opens_at

    def is_out_for(self, zone: str, now: datetime) -> bool:
        """Whether the music is out for a fan with this time zone."""
        return self.opens_at is not None and now >= self.opens_for(zone)

    def derive_moment(self) -> None:
        """Set `opens_at` from what was chosen; empty while day or time is missing."""
        if self.day is None or self.time is None:
            self.opens_at = None
        elif self.local:
            self.opens_at = release_clock.opens_first(self.day, self.time)
        else:
            self.opens_at = release_clock.opens_at(self.day, self.time, self.zone, fold=self.fold)

    def touch(self) -> None:
        """Say that the page has changed: every process renders it anew within a second."""
        Campaign.objects.filter(pk=self.pk).update(version=F("version") + 1)
        self.refresh_from_db(fields=["version"])


class FollowTarget(models.Model):
    """Somebody or something a fan may follow. One main artist, at most three besides (S4)."""

    MOST_ADDITIONAL = 3

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="follow_targets")
    service = models.CharField(max_length=20, default="spotify")
    kind = models.CharField(max_length=10)
    service_id = models.CharField(max_length=128)
    name = models.CharField(max_length=200)
    image = models.CharField(max_length=200, blank=True)
    """Path of our own copy below the media folder: a fan page loads nothing from elsewhere."""
    main = models.BooleanField(default=False)
    ticked = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-main", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "service", "kind", "service_id"], name="follow_target_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "service"], condition=Q(main=True), name="one_main_artist"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """A shop or another service's own page, by its existing URL (S8–S10)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="offers")
    service = models.CharField(max_length=20, blank=True)
    """The known service its host belongs to; empty for a store."""
    label = models.CharField(max_length=60)
    verb = models.CharField(max_length=12)
    url = models.URLField(max_length=1000)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

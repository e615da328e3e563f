"""The promise to a fan is one row here. The queue carries only chunk ids."""

from django.db import models
from django.db.models import Q

from upbeat.artists.models import Person
from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.core.delivery import State
from upbeat.delivery.spending import Spending  # noqa: F401 - a table of this app
from upbeat.fans.models import PreSave

OPEN_STATES = tuple(
    state.value
    for state in (State.WAITING, State.QUEUED, State.IN_PROGRESS, State.PENDING_SOURCE, State.RETRYING)
)


class Delivery(models.Model):
    """One action, for one fan, on one service, with a life of its own (PRODUCT §4).

    It may be tried from `next_at` on, which is set exactly while the state is open. `intended_at` is the intent of an
    action that does not repeat safely: once set, we look before we do.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="deliveries", db_index=False)
    pre_save = models.ForeignKey(PreSave, models.CASCADE, related_name="deliveries")
    service = models.CharField(max_length=20)
    action = models.CharField(max_length=10)
    """save, playlist or follow (`providers.base.Action`)."""
    target = models.ForeignKey(FollowTarget, models.CASCADE, null=True)
    """Whom to follow; empty with follow: the release's own artist, as the service's catalogue names it."""
    state = models.CharField(max_length=16, default=State.WAITING.value)
    reason = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    intended_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    sample = models.BooleanField(default=False)
    """Chosen to be read back from the service: its permission is kept until then. Empty again when that is done."""

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            # With the id at its end a list of those that stand alike is read in order, on PostgreSQL too.
            models.Index(
                fields=["campaign", "service", "action", "state", "reason", "id"], name="delivery_by_state"
            ),
            models.Index(fields=["campaign", "service", "id"], name="delivery_by_service"),
            models.Index(
                fields=["campaign", "service", "id"],
                condition=Q(next_at__isnull=False),
                name="delivery_open",
            ),
            models.Index(
                fields=["campaign", "service"], condition=Q(sample=True), name="delivery_to_read_back"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pre_save", "action"], condition=Q(target=None), name="delivery_once"
            ),
            models.UniqueConstraint(
                fields=["pre_save", "action", "target"],
                condition=Q(target__isnull=False),
                name="delivery_once_a_target",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN_STATES], next_at__isnull=False)
                | (~Q(state__in=[*OPEN_STATES]) & Q(next_at__isnull=True)),
                name="open_means_next_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} on {self.service}: {self.state}"


class Chunk(models.Model):
    """A range of deliveries of one campaign × service that one job works through. `epoch` is the fence.

    `pre_save` set: only this fan's rows in the range (what a COMPLETE asked for at once); gone when they have ended.
    The others of a campaign × service follow each other without a gap: what has a smaller id than the last `hi` lies
    in one of them.
    """

    MOST = 500

    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False)
    service = models.CharField(max_length=20)
    pre_save = models.OneToOneField(PreSave, models.CASCADE, null=True)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    epoch = models.PositiveIntegerField(default=0)
    job_id = models.BigIntegerField(null=True)
    canary = models.BooleanField(default=False)
    """Its first handful goes before everybody: the other chunks of its campaign × service wait until that has been
    read back."""
    turn = models.PositiveIntegerField(default=0)
    """Its place in the service's queue, smallest first: campaigns that are out at the same time take turns."""

    class Meta:
        indexes = [models.Index(fields=["campaign", "service", "hi"], name="chunk_by_range")]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.service} {self.lo}–{self.hi}"


class Attempt(models.Model):
    """One try at a delivery: what was asked, what came back (redacted), how long it took."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    asked = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.asked}: {self.reason}"


class Limiter(models.Model):
    """How fast we may call one service with one credential, shared by all processes (GCRA).

    `tat` is the theoretical arrival time of the next call, in seconds since the epoch; so is `paused_until`.
    """

    key = models.CharField(max_length=80, unique=True)
    rate = models.FloatField()
    max_rate = models.FloatField()
    tat = models.FloatField(default=0)
    paused_until = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.rate:g}/s"


class Batch(models.Model):
    """All deliveries of one campaign on one service: how far its canary is, and what reading back has shown."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="batches")
    service = models.CharField(max_length=20)
    canary_began_at = models.DateTimeField(null=True)
    canary_passed_at = models.DateTimeField(null=True)
    """From then on everybody is served."""
    canary_read = models.PositiveIntegerField(default=0)
    canary_good = models.PositiveIntegerField(default=0)
    held_at = models.DateTimeField(null=True)
    """Reading the canary back did not show what was delivered: nothing more goes out until the team decides."""
    sample_read = models.PositiveIntegerField(default=0)
    sample_good = models.PositiveIntegerField(default=0)
    sampled_at = models.DateTimeField(null=True)
    """When the last of the sample was read back."""
    done_at = models.DateTimeField(null=True)
    """When nobody was left to be served; empty while somebody is."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "service"], name="batch_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} on {self.service}"


class Tally(models.Model):
    """How many tries a campaign × service saw in five seconds, how many of them delivered: the pace of the night."""

    SECONDS = 5

    campaign = models.ForeignKey(Campaign, models.CASCADE, db_index=False)
    service = models.CharField(max_length=20)
    at = models.DateTimeField()
    """When the five seconds began."""
    tried = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    """Saves and reminders only: fans, as the headline counts them."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "service", "at"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.at:%H:%M:%S}: {self.delivered} of {self.tried}"


class Circuit(models.Model):
    """What a token endpoint said lately, by credential (`Limiter.key`): one that calls everybody dead is not believed.

    Times are seconds since the epoch by the installation's clock, as those of the connections are.
    """

    key = models.CharField(max_length=80, unique=True)
    window_from = models.FloatField(default=0)
    renewed = models.PositiveIntegerField(default=0)
    died = models.PositiveIntegerField(default=0)
    renewed_at = models.FloatField(default=0)
    """When the last grant that it renewed had been asked for."""
    opened_at = models.FloatField(default=0)
    """Since when the circuit is open; 0: it is closed."""
    closed_at = models.FloatField(default=0)
    try_at = models.FloatField(default=0)
    """While it is open, one renewal is tried from then on."""

    def __str__(self) -> str:
        return f"{self.key}: {'open' if self.opened_at else 'closed'}"


class Alarm(models.Model):
    """Something the team must know, told once by e-mail and shown until it is over."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="alarms")
    service = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20)
    """preflight, held, pending_source, circuit (`delivery.alarms`)."""
    sentence = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "service", "kind"], condition=Q(ended_at=None), name="alarm_once_open"
            )
        ]

    def __str__(self) -> str:
        return self.sentence


class PreFlight(models.Model):
    """One readiness check of a campaign: its lines as they stood at `at`."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="pre_flights")
    occasion = models.CharField(max_length=10)
    """7d, 48h, 24h, 1h, or button."""
    opens_at = models.DateTimeField(null=True)
    """The instant it was made for: a release that moves is checked again."""
    at = models.DateTimeField()
    lines = models.JSONField(default=list)
    """`delivery.preflight.Line` as JSON: level (fine, warning, stop), what, sentence, advice, service."""
    worst = models.CharField(max_length=8, blank=True)
    """Empty while it runs."""

    class Meta:
        indexes = [models.Index(fields=["campaign", "at"], name="pre_flight_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "occasion", "opens_at"],
                condition=~Q(occasion="button"),
                name="pre_flight_once_an_occasion",
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} at {self.at:%d %b %H:%M}: {self.worst}"


class Rehearsal(models.Model):
    """One rehearsal of a campaign's release day in the sandbox, and what it showed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rehearsals")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    fans = models.PositiveIntegerField()
    faults = models.CharField(max_length=6, blank=True)
    """mild, hard, or empty."""
    passed = models.BooleanField(null=True)
    """Nobody lost, nobody doubled; empty while it runs."""
    seconds = models.FloatField(null=True)
    """How long the deliveries took."""
    result = models.JSONField(default=dict, blank=True)
    """What `upbeat rehearse --json` printed."""

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.fans} fans"


class ReportLink(models.Model):
    """A read-only link to a campaign's report, for a label. Revocable; only the hash of its key is kept."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="report_links")
    key_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"report of {self.campaign_id}"

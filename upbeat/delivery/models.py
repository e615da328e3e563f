"""The promise to a fan is one row here. The queue carries only chunk ids."""

from django.db import models
from django.db.models import Q

from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.core.delivery import State
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

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["campaign", "service", "id"], name="delivery_by_service"),
            models.Index(
                fields=["campaign", "service", "id"],
                condition=Q(next_at__isnull=False),
                name="delivery_open",
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

"""How often a page was seen and a button tapped: hourly sums, stripped of identity from the start."""

from django.db import models

from upbeat.campaigns.models import Campaign


class HourlyCount(models.Model):
    """How often `what` happened to `subject` of a campaign in one hour."""

    VIEW, TAP, OFFER, PLAY, SHARE = "view", "tap", "offer", "play", "share"
    CALENDAR = "calendar"
    """The file, or another site's form: whether it was kept there nobody can know."""
    NATIVE, FELL = "native", "fell"
    """To a service's own page before the release; and a fan whom the save did not hold (`spotify not-open`)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="counts")
    hour = models.DateTimeField()
    what = models.CharField(max_length=10)
    subject = models.CharField(max_length=40, blank=True)
    """The service, or the id of the offer."""
    crawler = models.BooleanField(default=False)
    """Bots and link previews are counted apart."""
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "hour", "what", "subject", "crawler"], name="one_count_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.subject}: {self.count}"

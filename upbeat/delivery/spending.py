"""What is spent of a day's budget: one row a credential and day, which all processes take from."""

from datetime import date

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Greatest


class Spending(models.Model):
    """What an app has spent in a day of a service that counts that (`Capabilities.budget`).

    `key` is the credential's, as `Limiter` has it; `day` the service's own, in its zone.
    """

    key = models.CharField(max_length=80)
    day = models.DateField()
    units = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="spending_once_a_day")]

    def __str__(self) -> str:
        return f"{self.key} on {self.day}: {self.units}"


def spent(key: str, day: date) -> int:
    return Spending.objects.filter(key=key, day=day).values_list("units", flat=True).first() or 0


def spend(key: str, day: date, units: int, *, most: int) -> bool:
    """Take so many units if no more than `most` are spent then: all or none."""
    fits = Spending.objects.filter(key=key, day=day, units__lte=most - units)
    with transaction.atomic():
        if fits.update(units=F("units") + units):
            return True
        Spending.objects.get_or_create(key=key, day=day)
        return fits.update(units=F("units") + units) == 1


@transaction.atomic
def close(key: str, day: date, units: int) -> None:
    """At least so many are spent."""
    Spending.objects.get_or_create(key=key, day=day)
    Spending.objects.filter(key=key, day=day).update(units=Greatest("units", units))

"""Who works here: the installation, its people, their teams and the artists they work for."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Installation(models.Model):
    """The one row about this installation itself.

    `clock_offset` is how far its clock has been moved (sandbox mode only; see `upbeat.clock`).
    """

    clock_offset = models.DurationField(default=timedelta)
    sealed_proof = models.BinaryField(default=b"")
    """Sealed by the pages with the key they seal with: who cannot open it has other keys (`fans.keys`)."""
    secret_print = models.CharField(max_length=64, blank=True)
    """Of the secret key: tells whether two machines have the same one, and nothing else."""
    push_print = models.CharField(max_length=64, blank=True)
    """The same of the key that notifications are signed with."""
    looked_at = models.DateTimeField(null=True, blank=True)
    """When each service was last asked whether it still knows this installation."""
    looks = models.JSONField(default=dict, blank=True)
    """What it said: by service a reason, "done" where all is well."""

    def __str__(self) -> str:
        return "This installation"

    @classmethod
    def the_one(cls) -> "Installation":
        return cls.objects.get_or_create(pk=1)[0]


class People(BaseUserManager["Person"]):
    """Creates people. An address is kept in lower case, so that it is one account however it is typed."""

    def register(self, *, email: str, name: str, password: str, zone: str = "UTC") -> "Person":
        person = self.model(email=email.strip().lower(), name=name.strip(), zone=zone)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in."""

    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC")
    """IANA name; the dashboard tells times in it."""
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = People()

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Team(models.Model):
    """The people behind one or more artists. Everything a fan gave belongs to one team and to no other."""

    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person on a team."""

    OWNER, MEMBER = "owner", "member"

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, default=MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class Artist(models.Model):
    """The act a team works for."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="artists")
    name = models.CharField(max_length=200)
    ids = models.JSONField(default=dict, blank=True)
    """Who this is on each service, by the service's key, as far as a release has told us."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="artist_once_a_team")]

    def __str__(self) -> str:
        return self.name

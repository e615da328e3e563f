"""What fans gave us: a grant, a wish, a consent. Each belongs to one team."""

from django.db import models

from upbeat.artists.models import Team
from upbeat.campaigns.models import Campaign, FollowTarget


class Fan(models.Model):
    """A person who gave us something. We know no name: `code` ("F-Q8ZA-2P") is what the team sees."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="fans")
    code = models.CharField(max_length=12, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Connection(models.Model):
    """One grant of one service account, shared by all campaigns of a team. Tokens are sealed (`fans.sealing`).

    A reminder has one too: its `service` is the channel (email, push), its `account_id` a keyed hash of the address,
    and the address is what is sealed as access.

    Both seals empty: the permission was forgotten after the delivery, or is dead (`dead_at`).
    """

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="connections")
    team = models.ForeignKey(Team, models.CASCADE)
    service = models.CharField(max_length=20)
    account_id = models.CharField(max_length=128)
    scopes = models.JSONField(default=list)
    sealed_access = models.BinaryField(default=b"")
    sealed_refresh = models.BinaryField(default=b"")
    access_expires_at = models.DateTimeField(null=True)
    token_version = models.PositiveIntegerField(default=0)
    """Grows with every write of tokens: the compare in compare-and-swap."""
    granted_at = models.DateTimeField()
    dies_at = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(null=True)
    """When the token endpoint first said that the grant is dead; a second word, later, makes it `dead_at`."""
    renewing_until = models.DateTimeField(null=True)
    """One process renews at a time: until then nobody else does."""
    writing_until = models.DateTimeField(null=True)
    """One at a time puts something of this account back whole (`fans.writing`)."""
    dead_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "service", "account_id"], name="connection_once_an_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fan} on {self.service}"


class SeenGrant(models.Model):
    """What a service's latest grant was like, where some come without a refresh token and die within hours."""

    service = models.CharField(max_length=20, unique=True)
    renewable = models.BooleanField()
    """Whether it came with a refresh token."""
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.service}: {'renewable' if self.renewable else 'for hours'}"


class PreSave(models.Model):
    """The fan's wish for one campaign on one service account: exactly one (S13)."""

    SAVE, REMIND = "save", "remind"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="pre_saves")
    fan = models.ForeignKey(Fan, models.CASCADE, related_name="pre_saves")
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="pre_saves")
    service = models.CharField(max_length=20)
    """The streaming service; of a reminder its channel (email, push)."""
    rung = models.CharField(max_length=10, default=SAVE)
    """What we do at the instant: save the music, or remind the fan (PRODUCT §1)."""
    towards = models.CharField(max_length=20, blank=True)
    """Of a reminder: the service its link leads to; empty: the page, where all of them are."""
    receipt = models.CharField(max_length=64, unique=True)
    """SHA-256 of the fan's private key (in their cookie and receipt link); the key itself is not kept."""
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=64, blank=True)
    """The fan's own time zone as their browser said."""
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    asked_again_at = models.DateTimeField(null=True)
    """When the one letter was handed over that asks for a new permission, because theirs has ended."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "connection"], name="pre_save_once_an_account")
        ]

    def __str__(self) -> str:
        return f"{self.fan}: {self.campaign_id} on {self.service}"


class PlaylistChoice(models.Model):
    """Put it into this playlist of mine, or into a new one of this name (made on the day)."""

    pre_save = models.OneToOneField(PreSave, models.CASCADE, related_name="playlist_choice")
    playlist_id = models.CharField(max_length=64, blank=True)
    """Empty: a new one. Filled in when it has been made."""
    name = models.CharField(max_length=100)
    is_new = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class FollowChoice(models.Model):
    """A follow the fan approved with COMPLETE. What they did not approve is not here."""

    pre_save = models.ForeignKey(PreSave, models.CASCADE, related_name="follow_choices")
    target = models.ForeignKey(FollowTarget, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pre_save", "target"], name="follow_choice_once")]

    def __str__(self) -> str:
        return f"{self.pre_save_id} follows {self.target}"


class Consent(models.Model):
    """A yes to e-mail: the words that were shown, their version, language and time. Withdrawn, never edited."""

    fan = models.ForeignKey(Fan, models.CASCADE, related_name="consents")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="consents")
    words = models.TextField()
    words_version = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    sealed_email = models.BinaryField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fan", "campaign"], name="consent_once_a_campaign")]

    def __str__(self) -> str:
        return f"{self.fan}: e-mail"


class Trip(models.Model):
    """One way to a service's permission page and back (OAuth state). Used once, soon stale, bound to one browser.

    A reminder by e-mail goes the same way: the state is in the link of the letter that asks to confirm it, which may
    well be opened in another browser.
    """

    PRE_SAVE, MORE, REMIND = "pre_save", "more", "remind"

    state_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    campaign = models.ForeignKey(Campaign, models.CASCADE)
    service = models.CharField(max_length=20)
    purpose = models.CharField(max_length=10)
    pre_save = models.ForeignKey(PreSave, models.CASCADE, null=True)
    """Of a later trip: whose pre-save asks for more (a playlist, follows in the strict way)."""
    sealed_verifier = models.BinaryField(default=b"")
    """Of a reminder: the state itself, for the letter. Empty again when that is handed over."""
    sealed_address = models.BinaryField(default=b"")
    """Of a reminder that is not confirmed yet."""
    address_print = models.CharField(max_length=64, blank=True, db_index=True)
    """And the keyed hash of that address, so that nobody is written to again and again."""
    scopes = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    """What the fan had chosen on COMPLETE, so that the second trip loses nothing. Never an e-mail address."""
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} on {self.service}"

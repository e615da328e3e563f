"""What fans gave us goes into the books here, and nowhere else.

Every function expects the caller's transaction: a pre-save and its plan, or a completion and its plan, are kept
together or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from upbeat.artists.models import Team
from upbeat.campaigns.models import Campaign, FollowTarget
from upbeat.fans.codes import fingerprint, new_fan_code
from upbeat.fans.grants import dies_at, note_grant
from upbeat.fans.models import Connection, Consent, Fan, FollowChoice, PlaylistChoice, PreSave
from upbeat.fans.sealing import seal
from upbeat.fans.tokens import keep_tokens
from upbeat.providers.base import Account, Grant


@dataclass(frozen=True, slots=True)
class Recorded:
    """A pre-save, and whether it is a new one."""

    pre_save: PreSave
    created: bool


@dataclass(frozen=True, slots=True)
class WantedPlaylist:
    """A playlist of the fan's own (`id`), or a new one of this name (`id` empty)."""

    name: str
    id: str = ""


def record_pre_save(
    *,
    campaign: Campaign,
    service: str,
    account: Account,
    grant: Grant,
    receipt_key: str,
    fan_code: str | None = None,
    language: str,
    zone: str,
    now: datetime,
) -> Recorded:
    """Record that this account wants this release: exactly one pre-save, however often the fan comes back.

    `fan_code` is a fan this browser is known to be: a new account joins that fan, unless they have another one on the
    same service (then two people share a browser). The key that opens the receipt
    is the latest one. A pre-save that was taken back stands again.
    """
    connection = connection_of(campaign.team, service, account.id, fan_code, now)
    renew_grant(connection, grant, campaign, now)
    pre_save, created = PreSave.objects.select_for_update().get_or_create(
        campaign=campaign,
        connection=connection,
        defaults={
            "fan": connection.fan,
            "service": service,
            "receipt": fingerprint(receipt_key),
            "language": language,
            "zone": zone,
            "created_at": now,
        },
    )
    if not created:
        pre_save.receipt = fingerprint(receipt_key)
        pre_save.zone = zone or pre_save.zone
        pre_save.withdrawn_at = None
        pre_save.save(update_fields=["receipt", "zone", "withdrawn_at"])
    return Recorded(pre_save, created)


def renew_grant(connection: Connection, grant: Grant, campaign: Campaign, now: datetime) -> None:
    """Keep a fresh grant of an account we know, unless the one we have allows more and lives through the release."""
    with_more = set(connection.scopes) > grant.scopes and bool(connection.sealed_access)
    lives = connection.dies_at is None or (
        campaign.last_opens_at is not None and max(campaign.last_opens_at, now) < connection.dies_at
    )
    if with_more and lives:
        return
    note_grant(connection.service, grant, now)
    connection.granted_at = now
    connection.dies_at = dies_at(connection, grant, now)
    connection.save(update_fields=["granted_at", "dies_at"])
    while not keep_tokens(connection.pk, connection.token_version, grant, now):
        connection.refresh_from_db(fields=["token_version"])
    connection.refresh_from_db()


def complete(
    pre_save: PreSave, *, follows: Iterable[FollowTarget], playlist: WantedPlaylist | None, now: datetime
) -> None:
    """Record what the fan chose with COMPLETE. Choosing again replaces the choice before."""
    wanted = {target.pk for target in follows}
    pre_save.follow_choices.exclude(target__in=wanted).delete()
    FollowChoice.objects.bulk_create(
        [FollowChoice(pre_save=pre_save, target_id=target) for target in sorted(wanted)],
        ignore_conflicts=True,
    )
    if playlist is None:
        PlaylistChoice.objects.filter(pre_save=pre_save).delete()
    else:
        PlaylistChoice.objects.update_or_create(
            pre_save=pre_save,
            defaults={"name": playlist.name, "playlist_id": playlist.id, "is_new": not playlist.id},
        )
    pre_save.completed_at = pre_save.completed_at or now
    pre_save.save(update_fields=["completed_at"])


def consent(
    pre_save: PreSave, *, email: str, words: str, words_version: str, language: str, now: datetime
) -> Consent:
    """Record a yes to e-mail with the words that were shown. A second yes to the same words changes the address."""
    given, _ = Consent.objects.update_or_create(
        fan=pre_save.fan,
        campaign=pre_save.campaign,
        defaults={
            "words": words,
            "words_version": words_version,
            "language": language,
            "sealed_email": seal(email, context=email_context(pre_save.fan_id, pre_save.campaign_id)),
            "given_at": now,
            "withdrawn_at": None,
        },
    )
    return given


def email_context(fan_id: int, campaign_id: int) -> str:
    """The place of a sealed address: opens with `open_seal(consent.sealed_email, context=…)`."""
    return f"consent of fan {fan_id} to campaign {campaign_id}"


def connection_of(
    team: Team, service: str, account_id: str, fan_code: str | None, now: datetime
) -> Connection:
    """The team's connection to this account, locked; a new one belongs to the fan of `fan_code` or to a new fan."""
    row = {"team": team, "service": service, "account_id": account_id}
    connection = Connection.objects.select_for_update().filter(**row).first()
    if connection is None:
        known = Fan.objects.filter(team=team, code=fan_code).exclude(connections__service=service)
        fan = known.first() if fan_code else None
        fan = fan or Fan.objects.create(team=team, code=new_fan_code(), created_at=now)
        connection, _ = Connection.objects.get_or_create(**row, defaults={"fan": fan, "granted_at": now})
    return connection

"""Whom this process can speak to for a fan, and where they send the fan back."""

from django.conf import settings

from upbeat import clock
from upbeat.core.outcome import Outcome
from upbeat.delivery import speaker as speakers
from upbeat.delivery.budget import count_look
from upbeat.fans.models import Connection
from upbeat.providers.base import Playlist, Provider
from upbeat.web.outer.threads import in_thread


def speaker(service: str) -> Provider:
    """The provider of a service this installation has a credential for. On the event loop only."""
    return speakers.speaker(service).provider


def can_save(service: str) -> bool:
    """Whether this installation can send a fan to the service's permission page at all."""
    return service in settings.SERVICES and bool(settings.SERVICES[service].client_id)


def redirect_uri(service: str) -> str:
    """Where the service sends the fan back: a constant, the same bytes everywhere, never from the Host header."""
    return f"{settings.PUBLIC_URL}/connect/{service}/callback"


async def playlists_of(connection: Connection) -> list[Playlist] | Outcome:
    """The fan's own playlists."""
    ours = speakers.speaker(connection.service)
    token = await ours.tokens.access(connection, clock.cached_now)
    if isinstance(token, Outcome):
        return token
    await in_thread(lambda: count_look(connection.service, clock.cached_now()))
    return await ours.provider.playlists(token)


async def close() -> None:
    await speakers.close_speakers()

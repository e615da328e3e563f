"""A release night in small: the product's deliveries on one side, the sandbox's services on the other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from tests.delivery import books
from tests.sandbox_process import Sandbox
from upbeat.campaigns.models import Campaign
from upbeat.core.outcome import Outcome
from upbeat.delivery.models import Chunk, Delivery, Limiter
from upbeat.delivery.perform import perform_chunk
from upbeat.delivery.plan import plan_completion, plan_save
from upbeat.delivery.reconcile import reconcile
from upbeat.delivery.source import look_around
from upbeat.delivery.speaker import close_speakers, speaker
from upbeat.delivery.threads import beside
from upbeat.fans.models import PreSave
from upbeat.providers.base import Grant, Token

UPC, TITLE = "859713000100", "Night Ferry North"
"""Night Ferry North by Marlo Venn, ten tracks: the sandbox's release to come."""
SCOPES = {
    "spotify": [
        "user-library-modify",
        "user-follow-modify",
        "playlist-read-private",
        "playlist-modify-private",
        "playlist-modify-public",
    ],
    "apple_music": ["library"],
    "deezer": ["basic_access", "manage_library", "manage_community", "offline_access"],
    "soundcloud": [],
    "tidal": ["user.read", "collection.write", "playlists.read", "playlists.write"],
}
READS = {
    "spotify": ["user-library-read"],
    "apple_music": [],
    "deezer": [],
    "soundcloud": [],
    "tidal": ["collection.read"],
}


class Night:
    """Both clocks, one campaign and its fans."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._ahead = timedelta()
        self.campaign: Campaign = books.campaign(self.now() + timedelta(days=20), upc=UPC, title=TITLE)
        for name, has in sandbox.service_settings().items():
            Limiter.objects.create(key=f"{name}/{has.client_id}"[:80], rate=5000, max_rate=5000)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move_to(self, moment: datetime) -> None:
        """The clocks of the installation and of the services."""
        self._ahead = moment - datetime.now(UTC)
        self.sandbox.move_to(self.now())

    def move(self, **by: float) -> None:
        self.move_to(self.now() + timedelta(**by))

    def release(self) -> None:
        """The instant comes, and the services show the music."""
        assert self.campaign.opens_at is not None
        self.move_to(self.campaign.opens_at + timedelta(seconds=1))

    def fan(
        self,
        name: str,
        service: str = "spotify",
        *,
        playlist: str = "",
        playlist_id: str = "",
        reads: bool = False,
    ) -> PreSave:
        """A fan who has pre-saved and pressed COMPLETE. `reads`: we know that we may read back what we save."""
        pre_save = books.fan(
            self.campaign, service, grant=self.grant(name, service, reads=reads), now=self.now()
        )
        plan_save(pre_save, self.now())
        if playlist:
            books.choose(pre_save, playlist=playlist, playlist_id=playlist_id)
            plan_completion(pre_save, self.now())
        return pre_save

    def crowd(
        self, service: str, number: int, *, playlists: bool = False, reads: bool = False, prefix: str = ""
    ) -> None:
        """Many fans, of whom every second may want a new playlist as well."""
        scopes = SCOPES[service] + READS[service] * reads
        given = self.sandbox.grants(service, scopes, count=number, prefix=prefix or service)
        with transaction.atomic():
            for count, said in enumerate(given):
                grant = as_grant(said, scopes if reads else [])
                pre_save = books.fan(self.campaign, service, grant=grant, now=self.now())
                if playlists and count % 2:
                    books.choose(pre_save, playlist="Friday")
                plan_save(pre_save, self.now())
                plan_completion(pre_save, self.now())

    def grant(self, name: str, service: str = "spotify", *, reads: bool = False) -> Grant:
        scopes = SCOPES[service] + READS[service] * reads
        return as_grant(self.sandbox.grants(service, scopes, names=[name])[0], scopes if reads else [])

    def deliver(self) -> None:
        """One turn of the crank, errors let through: look, give out the work, do all of it."""
        self.run(self.turn)

    def perform(self, chunk: Chunk) -> datetime | None:
        return self.run(lambda: perform_chunk(chunk.pk, now=self.now))

    def ask(self, service: str, call: Callable[[Any], Awaitable[Any]]) -> Any:
        """Ask a provider something outside all deliveries."""

        async def asking() -> Any:
            answer = await call(speaker(service).provider)
            assert not isinstance(answer, Outcome), answer
            return answer

        return self.run(asking)

    def run(self, work: Callable[[], Awaitable[Any]]) -> Any:
        async def running() -> Any:
            try:
                return await work()
            finally:
                await close_speakers()

        return asyncio.run(running())

    async def turn(self) -> None:
        """`deliver`, for tests that have something else going on at the same time."""
        await look_around(self.now)
        await beside(reconcile, self.now())
        chunks = await beside(lambda: list(Chunk.objects.order_by("id").values_list("pk", flat=True)))
        await asyncio.gather(*(perform_chunk(chunk, now=self.now) for chunk in chunks))


def as_grant(said: dict[str, Any], scopes: Iterable[str] = ()) -> Grant:
    """What the sandbox's control API says of a permission, as the provider would have brought it."""
    return Grant(
        access=Token(said["access_token"]),
        refresh=Token(said["refresh_token"]) if said["refresh_token"] else None,
        expires_in=timedelta(seconds=said["expires_in"]) if said["expires_in"] else None,
        scopes=frozenset(scopes),
    )


def states(**only: object) -> list[tuple[str, str, str]]:
    """Action, state and reason of each delivery."""
    found = Delivery.objects.filter(**only).order_by("id")
    return list(found.values_list("action", "state", "reason"))

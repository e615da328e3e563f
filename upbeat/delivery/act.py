"""One delivery is tried: which call its action needs, and what came of it. Here exceptions become outcomes."""

import logging

from upbeat.campaigns.models import ServiceLink
from upbeat.core.outcome import Outcome, later
from upbeat.delivery.lease import LeaseOver
from upbeat.delivery.models import Delivery
from upbeat.delivery.playlist import Intend, add_to_playlist
from upbeat.delivery.settle import Fenced, Tried
from upbeat.delivery.source import as_found
from upbeat.delivery.speaker import Call, Paused
from upbeat.providers.base import Action, Entity, Kind

logger = logging.getLogger(__name__)


async def act(row: Delivery, link: ServiceLink | None, call: Call, intend: Intend) -> Tried | None:
    """Try a delivery. None: it was somebody else's to do.

    Raises what ends the whole chunk's work: `Paused`, `LeaseOver`, `Fenced`.
    """
    call.errand = _errand(row)
    try:
        outcome = await _do(row, link, call, intend)
    except (Paused, LeaseOver, Fenced):
        raise
    except Exception:
        logger.exception("Delivery %s could not be tried.", row.pk)
        outcome = later("error", "Something on our side went wrong.")
    if outcome is None:
        return None
    return Tried(row, outcome, call.now(), round(call.spent * 1000), _asked(row, link))


async def _do(row: Delivery, link: ServiceLink | None, call: Call, intend: Intend) -> Outcome | None:
    provider = call.provider
    if row.action == Action.FOLLOW:
        whom = _whom(row, link)
        return await call(lambda access: provider.follow(access, whom), Action.FOLLOW)
    if link is None:
        raise ValueError("A save and a playlist need the release's link.")
    if row.action == Action.PLAYLIST:
        return await add_to_playlist(row, link.track_ids, call, intend)
    release = as_found(link)
    return await call(lambda access: provider.save(access, release), Action.SAVE)


def _errand(row: Delivery) -> str:
    """The delivery, and how many of its tries got a word from the service: a try whose answer we never saw (it failed)
    is the same errand again, one after a word like "not there yet" is another."""
    return f"delivery {row.pk} {row.attempts - row.failures}"


def _asked(row: Delivery, link: ServiceLink | None) -> str:
    """For the attempt log: what, and of what."""
    if row.target is not None:
        return f"follow {row.target.kind} {row.target.service_id}"
    if link is None:
        return row.action
    about = {
        Action.SAVE: f"save {link.kind} {link.service_id}",
        Action.FOLLOW: f"follow artist {link.artist_id}",
        Action.PLAYLIST: f"add {len(link.track_ids)} tracks to a playlist",
    }
    return about[Action(row.action)]


def _whom(row: Delivery, link: ServiceLink | None) -> Entity:
    if row.target is not None:
        return Entity(row.service, Kind(row.target.kind), row.target.service_id, row.target.name)
    if link is None:
        raise ValueError("The release's artist is known by its link.")
    return Entity(row.service, Kind.ARTIST, link.artist_id)

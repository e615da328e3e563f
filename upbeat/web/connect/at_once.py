"""What is due at once is done while the fan waits, for as long as one waits for a page."""

import asyncio
import logging

from upbeat import clock
from upbeat.delivery.perform import perform_chunk

_log = logging.getLogger(__name__)

SECONDS = 4.0
"""How long the fan waits. What is left then, the deliveries go on with."""


async def perform_now(chunk_id: int | None, pre_save_id: int) -> None:
    """Perform a fan's own chunk. Nothing is lost where that fails: it is found without a job, and gets one."""
    if chunk_id is None:
        return
    try:
        async with asyncio.timeout(SECONDS):
            await perform_chunk(chunk_id, now=clock.cached_now)
    except TimeoutError:
        _log.info("What pre-save %s asked for goes on without the fan waiting", pre_save_id)
    except Exception:
        _log.exception("What pre-save %s asked for is left to the deliveries", pre_save_id)

"""The one row a rehearsal writes: that it was, and what it showed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from upbeat import clock
from upbeat.commands.rehearsal.script import Script
from upbeat.commands.rehearsal.troupe import RehearsalFailed
from upbeat.delivery.models import Rehearsal

Keep = Callable[[dict[str, Any]], None]


@contextmanager
def kept(script: Script, row: int | None = None) -> Iterator[Keep]:
    """A row from the beginning on (`row`: one that is there already), closed in the end, result or not."""
    one = Rehearsal.objects.filter(pk=row).first() if row is not None else None
    one = one or Rehearsal.objects.create(
        campaign_id=script.campaign_id, fans=script.fans, faults=script.faults, began_at=clock.now()
    )

    def keep(result: dict[str, Any]) -> None:
        one.passed, one.seconds, one.result = result["passed"], result["night"]["seconds"], result

    try:
        yield keep
    except RehearsalFailed as problem:
        one.result = {"problem": str(problem)}
        raise
    except (KeyboardInterrupt, SystemExit):
        one.result = {"problem": "It was stopped."}
        raise
    finally:
        one.ended_at = clock.now()
        one.save(update_fields=["ended_at", "passed", "seconds", "result"])

"""What the look-up's answers mean. Pure: an answer goes in, its results or an outcome come out. Sources: FACTS.md."""

from datetime import timedelta
from typing import Any

from upbeat.core.outcome import Outcome, later, wait
from upbeat.providers.faults import fault, retry_after, unreadable
from upbeat.providers.fields import at, dicts
from upbeat.providers.http import Answer

LABEL = "Apple"
_A_MINUTE = timedelta(minutes=1)


def read(answer: Answer) -> list[dict[str, Any]] | Outcome:
    """The results; none is an answer. 403 says, as 429 does, that there were more than about 20 calls a minute."""
    if answer.status == 403:
        return wait(f"{LABEL} asked us to wait.", after=retry_after(answer) or _A_MINUTE, status=403)
    faulty = fault(answer, LABEL)
    if faulty is not None:
        return faulty
    if answer.status != 200:
        return later("not_understood", f"{LABEL} did not understand the question.", status=answer.status)
    if not isinstance(at(answer.json, "results"), list):
        return unreadable(answer, LABEL)
    return dicts(answer.json, "results")

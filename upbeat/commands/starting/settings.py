"""Settings with which nothing may run."""

from upbeat.commands.starting.refusal import CannotStart
from upbeat.web.checks import forbidding


def check_settings() -> None:
    """Raise `CannotStart` with all that is wrong."""
    worst = forbidding()
    if worst:
        raise CannotStart("\n        ".join(worst))

"""The letter that tells one member of the team of an alarm."""

from collections.abc import Callable
from datetime import datetime


async def tell(alarm_id: int, person_id: int, *, now: Callable[[], datetime]) -> datetime | None:
    """Send it. Returns when to try again, if it could not be sent."""
    return None

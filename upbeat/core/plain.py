"""Values as JSON has them."""

from datetime import date, datetime
from typing import Any


def plain(value: Any) -> Any:
    """The same with times as ISO 8601, all the way down."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value

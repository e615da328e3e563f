"""Whether a service that asks to wait means the whole application, or has sent one call away for no reason."""

from collections import deque

SHORT_SECONDS = 5.0
"""A wait longer than this is always believed to be everybody's."""
OF_LAST, MANY = 10, 3


class Answers:
    """The last ten answers of a service.

    A limit that is reached sends everybody away. Now and then a service asks one call to wait a moment while it serves
    all others; believing that of everybody would make a crawl of a night: 3 % of such answers, a second each, leave 33
    calls a second. So a short wait concerns the fan whose call it was, until it is the third of the last ten answers.
    """

    def __init__(self) -> None:
        self._last: deque[bool] = deque(maxlen=OF_LAST)
        self._asked = 0

    def add(self, asked_to_wait: bool) -> None:
        if len(self._last) == OF_LAST:
            self._asked -= self._last[0]
        self._last.append(asked_to_wait)
        self._asked += asked_to_wait

    def concerns_all(self, seconds: float) -> bool:
        """Whether the wait just added, of so many seconds, is for the whole application."""
        return seconds > SHORT_SECONDS or self._asked >= MANY

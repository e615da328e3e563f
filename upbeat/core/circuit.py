"""When a token endpoint is believed that says a grant is dead. Times are numbers of seconds, and arguments.

One word is not enough: services have called everybody dead for ten minutes, and a fan who is told to reconnect for
nothing is lost. So a first word is a doubt; a second one, later, is believed, if the endpoint has been in its right
mind meanwhile. When it calls too many dead at once nothing is believed at all: the circuit is open.
"""

from dataclasses import dataclass, replace

SECOND_WORD = 30.0
"""How long after the first word a second one says something new."""
ALONE = 900.0
"""The same where nobody who asked after the first word was renewed: nothing shows the endpoint in its right mind."""
WINDOW = 120.0
MOST_DEAD, MOST_DEAD_SHARE = 5, 0.2
PROBE = 30.0
"""While the circuit is open one renewal is tried so often."""
BELIEVED_AFTER = 86_400.0
"""Who has said the same for a day means it."""


@dataclass(frozen=True, slots=True)
class Record:
    """What an endpoint has said lately."""

    window_from: float = 0.0
    renewed: int = 0
    died: int = 0
    """First words."""
    renewed_at: float = 0.0
    """When the last grant that was renewed had been asked for."""
    opened_at: float = 0.0
    """0: the circuit is closed."""
    closed_at: float = 0.0
    try_at: float = 0.0

    @property
    def is_open(self) -> bool:
        return self.opened_at > 0

    def speaks_for_itself(self, now: float) -> bool:
        """Open for so long that it is no false wave: everybody may ask again, and a word is a word."""
        return self.is_open and now - self.opened_at >= BELIEVED_AFTER

    def may_ask(self, now: float) -> bool:
        """Whether a renewal may go out; of an open circuit only the one that finds a probe due (`probing`)."""
        return not self.is_open or self.speaks_for_itself(now) or now >= self.try_at


def renewed(record: Record, count: int, now: float, *, began: float) -> Record:
    """So many grants were renewed, the last of them asked for at `began`. After the opening, that closes it."""
    if record.is_open and began > record.opened_at:
        return Record(window_from=now, renewed=count, renewed_at=began, closed_at=now)
    in_window = _window(record, now)
    return replace(in_window, renewed=in_window.renewed + count, renewed_at=max(record.renewed_at, began))


def died(record: Record, now: float) -> Record:
    """A first word about somebody's grant. One too many opens the circuit."""
    if record.is_open:
        return record
    counted = _window(record, now)
    counted = replace(counted, died=counted.died + 1)
    if counted.died < MOST_DEAD or counted.died <= MOST_DEAD_SHARE * (counted.died + counted.renewed):
        return counted
    return replace(counted, opened_at=now, try_at=now + PROBE)


def probing(record: Record, now: float) -> Record:
    """A probe goes out; the next one not before its pause is over."""
    return replace(record, try_at=now + PROBE)


def doubt(record: Record, doubted_at: float | None) -> float | None:
    """The first word, if it still counts: one from before the circuit closed again is void."""
    return None if doubted_at is None or doubted_at <= record.closed_at else doubted_at


def wait_to_believe(
    record: Record, doubted_at: float, now: float, *, second_word: float = SECOND_WORD
) -> float:
    """A word after the first one: how long from now it has to be said again to be believed. 0: it is believed.

    Who was renewed before the first word shows nothing: a false wave begins between two words. `second_word`: of a
    service whose waves last, how long after the first word a second one says something new.
    """
    in_its_right_mind = record.renewed_at > doubted_at
    patience = second_word if in_its_right_mind else max(second_word, ALONE)
    return max(doubted_at + patience - now, 0.0)


def _window(record: Record, now: float) -> Record:
    """The record with the counts of the last two minutes only. A clock that was moved begins a new window."""
    if 0 <= now - record.window_from < WINDOW:
        return record
    return replace(record, window_from=now, renewed=0, died=0)

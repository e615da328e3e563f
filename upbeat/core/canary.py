"""The handful that goes first, and when it says stop."""

HANDFUL = 25
"""How many fans go first, at the most."""
_TOO_MANY = 0.2


def says_stop(read: int, missing: int) -> bool:
    """Whether what was read back is reason to hold everybody else: a clear part is not there.

    More than a fifth, and at least two; where only one could be read, that one. A single fan among several may have
    taken it out again.
    """
    return read > 0 and missing >= min(2, read) and missing > _TOO_MANY * read

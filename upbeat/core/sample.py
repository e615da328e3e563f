"""How many to read back, and what that proves of everybody: counting without assuming any shape of the errors."""

from math import ceil, exp, lgamma

CONFIDENCE = 0.95
AT_LEAST = 0.97
"""What a sample without a single miss must prove at that confidence."""


def size(population: int) -> int:
    """How many of `population` must be read back so that none missing proves that at least 97 % have it, at 95 %.

    Drawn without putting back: of few, nearly all are needed; of very many, 99.
    """
    if population <= 0:
        return 0
    missing = _fewest_missing(population)
    if missing > population:
        return population
    low, high = 1, population
    while low < high:
        middle = (low + high) // 2
        if _none_seen(population, missing, middle) <= 1 - CONFIDENCE:
            high = middle
        else:
            low = middle + 1
    return low


def statement(population: int, read: int, good: int) -> float:
    """The part of `population` that has it at the least, at 95 % confidence, when `good` of the `read` have it.

    Exact (Clopper and Pearson's way, for drawing without putting back): the share for which as few misses as were
    seen, or fewer, would come up in one sample of twenty.
    """
    if population <= 0 or read <= 0:
        return 0.0
    read = min(read, population)
    missed = read - min(good, read)
    low, high = missed, population - (read - missed)  # how many may be missing in all
    while low < high:
        middle = (low + high + 1) // 2
        if _at_most_seen(population, middle, read, missed) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle - 1
    return (population - low) / population


def _fewest_missing(population: int) -> int:
    """The smallest number of missing ones that would be less than 97 % served."""
    return population - ceil(AT_LEAST * population - 1e-9) + 1


def _none_seen(population: int, missing: int, read: int) -> float:
    return _at_most_seen(population, missing, read, 0)


def _at_most_seen(population: int, missing: int, read: int, most: int) -> float:
    """How likely `most` misses or fewer are among the read ones, if so many are missing in all (hypergeometric)."""
    fewest = max(0, read - (population - missing))
    return sum(
        exp(_choose(missing, seen) + _choose(population - missing, read - seen) - _choose(population, read))
        for seen in range(fewest, min(most, missing, read) + 1)
    )


def _choose(number: int, of: int) -> float:
    """The logarithm of the binomial coefficient."""
    return lgamma(number + 1) - lgamma(of + 1) - lgamma(number - of + 1)

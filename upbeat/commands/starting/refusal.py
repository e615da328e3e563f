"""Why a command does not start: a sentence for whoever started it, not a stack trace."""


class CannotStart(Exception):  # noqa: N818 - it is what has happened
    """The message says what forbids it and what to do."""

"""One process at a time on one data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):  # noqa: N818 - it is what has happened, as FileExistsError
    """Another process holds this data folder. The message says which, and what to do."""


@contextmanager
def alone_on(data_dir: Path) -> Iterator[None]:
    """Hold `data_dir` for this process alone, or raise `AlreadyRunning`.

    The system lets go of the lock when the process ends, in whatever way: a file left behind means nothing.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "running.lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(
                f"Another Upbeat is already running on this data: {data_dir} (process {file.read().strip() or '?'}). "
                "Stop it first, or give this one a folder of its own with UPBEAT_DATA_DIR."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield

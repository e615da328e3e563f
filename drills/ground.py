"""The ground of one drill: a folder, a store, the sandbox and the wire to it. Django is set up on it."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from drills.wire import Wire
from tests.postgres import Cluster
from tests.sandbox_process import Sandbox, running_sandbox

ROOT = Path(__file__).parents[1]
SMALL_DISK = "300m"
_TABLES = (
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_jobs",
    "procrastinate_workers",
)


class Ground:
    """Enter it before anything of `upbeat` is imported that needs Django. `store`: sqlite or postgresql."""

    def __init__(
        self, store: str, *, everywhere: bool = False, small: bool = False, quick: bool = False
    ) -> None:
        self.store, self._everywhere, self._small, self.quick = store, everywhere, small, quick
        self._things = ExitStack()
        self.sandbox: Sandbox
        self.wire: Wire
        self.cluster: Cluster | None = None
        self.folder = Path()

    def __enter__(self) -> "Ground":
        self.folder = Path(tempfile.mkdtemp(prefix="upbeat-drill-"))
        self._things.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        if self._small:
            self._mount()
        self.sandbox = self._things.enter_context(running_sandbox())
        port = urlsplit(self.sandbox.url).port
        assert port
        self.wire = Wire(port, "0.0.0.0" if self._everywhere else "127.0.0.1")
        self._things.callback(self.wire.close)
        if self.store == "postgresql":
            self._start_cluster()
        for name in [name for name in os.environ if name.startswith("UPBEAT_")]:
            del os.environ[name]
        os.environ |= self.environment()
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        self._begin()
        return self

    def begin_again(self) -> None:
        """For another drill on the same ground: nobody is known, and nothing is broken."""
        from django.core.management import call_command
        from django.db import connection

        self.sandbox.reset()
        self.wire.mend()
        call_command("flush", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"DELETE FROM {table}")
        self._begin()

    @staticmethod
    def _begin() -> None:
        from upbeat import clock
        from upbeat.fans.keys import remember_keys

        clock.refresh(force=True)
        remember_keys()  # as the pages do when they start: workers ask for them

    def __exit__(self, *_: object) -> None:
        self._things.close()

    def environment(self, host: str = "127.0.0.1") -> dict[str, str]:
        """The product's settings. `host`: the name this machine has where the process lives."""
        here = f"http://{host}:{self.wire.port}"
        given = {
            name: said.replace(self.sandbox.url, here) for name, said in self.sandbox.environment().items()
        }
        return given | {
            "DJANGO_SETTINGS_MODULE": "upbeat.settings",
            "UPBEAT_SANDBOX_URL": self.sandbox.url,
            "UPBEAT_DATA_DIR": str(self.small_disk if self._small else self.folder / "data"),
            "UPBEAT_DATABASE_URL": self.database_url(host),
        }

    def database_url(self, host: str = "127.0.0.1") -> str:
        if self.cluster is None:
            return f"sqlite://{self.small_disk if self._small else self.folder / 'data'}/upbeat.sqlite3"
        return self.cluster.dsn.replace("127.0.0.1", host)

    @property
    def small_disk(self) -> Path:
        """A disk of its own, where the drill has one."""
        return self.folder / "disk"

    def _mount(self) -> None:
        self.small_disk.mkdir()
        mount = [
            "mount",
            "-t",
            "tmpfs",
            "-o",
            f"size={SMALL_DISK},mode=777",
            "upbeat-drill",
            str(self.small_disk),
        ]
        subprocess.run(mount, check=True)
        self._things.callback(subprocess.run, ["umount", "-l", str(self.small_disk)], check=False)

    def _start_cluster(self) -> None:
        home = (self.small_disk if self._small else self.folder) / "cluster"
        home.mkdir()
        options = ("max_wal_size=48MB", "min_wal_size=32MB") if self._small else ()
        self.cluster = Cluster(home, *options, host="0.0.0.0" if self._everywhere else "127.0.0.1")
        if self._everywhere:
            self.cluster.trust("10.203.0.0/16")
        self.cluster.start()
        self._things.callback(self.cluster.stop)


def worker_command(ground: Ground, port: int) -> list[str]:
    """What an operator would start: everything in one process on SQLite, a worker of its own on PostgreSQL.

    On a quick ground a worker that is given up after two seconds instead of twenty.
    """
    if ground.quick:
        return [sys.executable, "-m", "tests.delivery.worker_process"]
    run = ["run", "--port", str(port)] if ground.store == "sqlite" else ["worker"]
    return [sys.executable, "-m", "upbeat", *run]

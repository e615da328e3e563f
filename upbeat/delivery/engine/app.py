"""The one Procrastinate app of this process, on whichever database Django is set to."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from threading import RLock

from django.conf import settings
from django.db import connections
from django.utils.module_loading import autodiscover_modules
from procrastinate import App
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import DjangoApp

from upbeat import clock
from upbeat.delivery.engine.blueprint import tasks
from upbeat.delivery.engine.postgres_connector import PostgresConnector
from upbeat.delivery.engine.sqlite_connector import SQLiteConnector

POLL_SECONDS = {"sqlite": 0.25, "postgresql": 0.5}
"""How soon a job that has become due is seen: nobody announces that."""


_building = RLock()


def get_app() -> App:
    """This process's app, with the tasks of every installed app's `tasks` module. Django must be set up."""
    return app_on("default")


def app_on(using: str) -> App:
    """The same for any of Django's databases. The threads of a process share one app: so they wake its worker."""
    with _building:
        return _app_on(using)


def forget_apps() -> None:
    """Build anew when next asked: for tests, whose databases come and go."""
    _app_on.cache_clear()


@cache
def _app_on(using: str) -> App:
    app = build_app(connector(using, now=clock.now, moved=settings.SANDBOX), connections[using].vendor)
    autodiscover_modules("tasks")
    app.add_tasks_from(tasks, namespace="")
    return app


def connector(using: str, *, now: Callable[[], datetime], moved: bool) -> BaseConnector:
    """The connector for a database: `now` says what is due, on PostgreSQL only where that clock may be `moved`."""
    if connections[using].vendor == "sqlite":
        return SQLiteConnector(now=now, using=using)
    return PostgresConnector(now=now if moved else None, using=using)


def build_app(connector: BaseConnector, vendor: str) -> App:
    """An app without tasks. It is Procrastinate's own for Django, which closes connections after each task."""
    return DjangoApp(
        connector=connector, worker_defaults={"fetch_job_polling_interval": POLL_SECONDS[vendor]}
    )

"""The queue's tables on SQLite. On PostgreSQL `procrastinate.contrib.django` brings its own migrations."""

from typing import Any

from django.db import migrations

from upbeat.delivery.engine.sqlite_schema import create_tables, drop_tables


def forwards(_apps: Any, schema_editor: Any) -> None:
    create_tables(schema_editor)


def backwards(_apps: Any, schema_editor: Any) -> None:
    drop_tables(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]

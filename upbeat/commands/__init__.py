"""The `upbeat` command. Each sub-command is a module here with `add(subparsers)` and a function that does it."""

import argparse
import importlib
import os
import sys
from pathlib import Path

_NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main(words: list[str] | None = None) -> None:
    """Parse the words of the command line, do the one thing, exit with its number."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upbeat.settings")
    parser = argparse.ArgumentParser(
        prog="upbeat", description="Pre-saves and smart links on your own server."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in _NAMES:
        importlib.import_module(f"upbeat.commands.{name}").add(subparsers)
    arguments = parser.parse_args(words)
    sys.exit(_run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from upbeat.env import SettingError

    try:
        return int(arguments.run(arguments) or 0)
    except SettingError as problem:
        print(f"upbeat: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130

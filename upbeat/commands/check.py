"""`upbeat check`: what this installation can do, what is missing, and what to do about it."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upbeat.web.checks import Finding


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("check", help="say what is missing, and which redirect URI to register")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 when something forbids the installation to start."""
    import django

    django.setup()
    from upbeat.web.checks import Level, findings

    found = findings(ask=True)
    if arguments.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    else:
        _print(found)
    return int(any(one.level is Level.WRONG for one in found))


def _print(found: "list[Finding]") -> None:
    from rich.console import Console

    from upbeat.web.checks import Level

    console = Console(highlight=False)
    signs = {Level.GOOD: "[green]✓[/]", Level.MISSING: "[yellow]![/]", Level.WRONG: "[red]✗[/]"}
    for one in found:
        console.print(f"{signs[one.level]} [bold]{one.what}[/]  {one.sentence}", soft_wrap=True)
        if one.advice:
            console.print(f"  [dim]→[/] {one.advice}", soft_wrap=True)
    wrong = any(one.level is Level.WRONG for one in found)
    console.print("\nThis installation cannot run like this." if wrong else "\nThis installation can run.")

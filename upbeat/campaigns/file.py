"""A campaign from a TOML file: the same rules as the form, said in sentences with the key they belong to.

Documented in docs/reference/campaign-file.md. Either everything holds and the campaign is there, or nothing is written.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from upbeat.artists.models import Team
from upbeat.campaigns import follow_targets, offers, setup
from upbeat.campaigns.covers import settle_cover
from upbeat.campaigns.describe import Described, Source, read_source
from upbeat.campaigns.fill_in import fill_in
from upbeat.campaigns.models import Campaign
from upbeat.campaigns.publish import findings
from upbeat.core.link import Link, LinkKind
from upbeat.core.links import follow_target
from upbeat.core.problem import Problem
from upbeat.providers.base import Entity, Kind

KEYS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "release": {"source": str, "title": str, "artist": str, "kind": str, "upc": str, "isrc": str, "tracks": int,
                "cover": str},
    "when": {"day": object, "time": object, "zone": str, "which": str, "local": bool},
    "page": {"address": str, "language": str, "playlist": bool, "email": bool, "strict": bool},
    "follows": {"link": str, "name": str, "main": bool, "ticked": bool},
    "links": {"url": str, "verb": str, "label": str},
}  # fmt: skip
"""Every key of every table, and what its value is."""
_LISTS = ("follows", "links")
_QUESTIONS = {
    "release.title": "title", "release.artist": "artist", "release.kind": "kind", "release.upc": "upc",
    "release.isrc": "isrc", "page.address": "slug", "page.language": "language", "page.playlist": "offers_playlist",
    "page.email": "offers_email", "page.strict": "strict",
}  # fmt: skip
_KEY_OF = {question: key for key, question in _QUESTIONS.items()} | {
    "when": "when.day", "cover": "release.cover", "source": "release.source", "offer": "links", "follow": "follows",
}  # fmt: skip
_UNNAMED = Problem("follow_unnamed", "The service did not say who this is.", "Add a name, or try again.")
_FOLD = {"": "", "first": "0", "second": "1"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that does not hold: `when.time: 02:30 does not exist on this day in Berlin …`."""

    key: str
    problem: Problem

    def __str__(self) -> str:
        return f"{self.key}: {self.problem.sentence}" if self.key else self.problem.sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """A file that has been read and has the right shape. Its contents are still to be judged."""

    folder: Path
    tables: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        table, _, name = key.partition(".")
        return self.tables.get(table, {}).get(name)

    @property
    def source(self) -> Source | Problem | None:
        """What there is to ask the services about; None: nothing."""
        text = self.get("release.source") or self.get("release.upc") or self.get("release.isrc")
        return read_source(text) if text else None

    def links_to_follow(self) -> Iterator[tuple[str, Mapping[str, Any], Link | Problem]]:
        for number, one in enumerate(self.tables.get("follows", ()), start=1):
            yield f"follows[{number}].link", one, follow_target(one.get("link", ""))


def read_file(path: Path, changes: Sequence[tuple[str, str]] = ()) -> Plan | list[Wrong]:
    """Read and shape a file. `changes` lays other values over it: (`page.address`, `night-ferry`)."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        return [Wrong("", Problem("file_unreadable", f"{path} cannot be read: {problem.strerror}."))]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        return [Wrong("", Problem("file_malformed", f"{path} is not TOML: {problem}."))]
    for key, value in changes:
        table, _, name = key.partition(".")
        if table in KEYS and table not in _LISTS and isinstance(tables.setdefault(table, {}), dict):
            tables[table][name] = value
        else:
            return [Wrong(key, Problem("key_unknown", "This key cannot be set from outside the file."))]
    wrong = list(_misshapen(tables))
    return wrong or Plan(path.parent, tables)


def create(
    plan: Plan,
    team: Team,
    *,
    zone: str,
    now: datetime,
    described: Described | None,
    entities: Mapping[str, Entity],
) -> tuple[Campaign | None, list[Wrong]]:
    """The campaign, or everything that is wrong with it; then nothing has been written.

    `described`: what the services said about the source. `entities`: who each follow link names, by the link.
    """
    with transaction.atomic():
        campaign = setup.draft(team, zone=zone, now=now)
        wrong = _fill(campaign, plan, now, described)
        wrong += _follow(campaign, plan, entities)
        wrong += _offer(campaign, plan)
        told = {one.key.partition("[")[0] for one in wrong}
        late = [one for one in findings(campaign, now) if one.question not in campaign.unsettled]
        wrong += [Wrong(key, one.problem) for one in late if (key := _KEY_OF[one.question]) not in told]
        if wrong:
            transaction.set_rollback(True)
            return None, wrong
    return campaign, []


def _fill(campaign: Campaign, plan: Plan, now: datetime, described: Described | None) -> list[Wrong]:
    wrong = []
    if isinstance(plan.source, Problem):
        wrong.append(Wrong("release.source" if plan.get("release.source") else "release.upc", plan.source))
    if described is not None:
        fill_in(campaign, described, now)
    if plan.get("release.tracks"):
        campaign.release.track_count = plan.get("release.tracks")
        campaign.release.save(update_fields=["track_count"])
    for key, question in _QUESTIONS.items():
        value = plan.get(key)
        if value is not None and not (key == "release.upc" and wrong):
            typed = ("on" if value else "") if isinstance(value, bool) else str(value)
            wrong += _settle(campaign, question, {question: typed}, now, key)
    wrong += _when(campaign, plan, now)
    if plan.get("release.cover"):
        wrong += _cover(campaign, plan.folder / plan.get("release.cover"))
    return wrong


def _when(campaign: Campaign, plan: Plan, now: datetime) -> list[Wrong]:
    table = plan.tables.get("when", {})
    if not table:
        return []
    which = table.get("which", "")
    if which not in _FOLD:
        return [Wrong("when.which", Problem("which_unknown", "This says neither first nor second."))]
    typed = {
        name: str(table[name])[: 10 if name == "day" else 64] for name in ("day", "zone") if name in table
    }
    if "time" in table:
        typed["time"] = str(table["time"])[:5]
    typed["local"] = "1" if table.get("local") in (True, "true") else "0"
    return _settle(campaign, "when", typed | {"fold": _FOLD[which]}, now, "when")


def _settle(campaign: Campaign, question: str, typed: dict[str, str], now: datetime, key: str) -> list[Wrong]:
    trouble = setup.settle(campaign, question, typed, now).trouble
    if trouble is None:
        return []
    where = f"when.{trouble.at}" if question == "when" else key
    choose = ' Add which = "first" or "second".' if trouble.problem.code == "time_twice" else ""
    problem = Problem(trouble.problem.code, trouble.problem.wrong, (trouble.problem.right + choose).strip())
    return [Wrong(where, problem)]


def _cover(campaign: Campaign, path: Path) -> list[Wrong]:
    try:
        body = path.read_bytes()
    except OSError as problem:
        unread = Problem(
            "cover_unread", f"{path} cannot be read: {problem.strerror}.", "The path counts from the file."
        )
        return [Wrong("release.cover", unread)]
    refused = settle_cover(campaign, body)
    return [Wrong("release.cover", refused)] if refused else []


def _follow(campaign: Campaign, plan: Plan, entities: Mapping[str, Entity]) -> list[Wrong]:
    wrong = []
    for key, one, link in plan.links_to_follow():
        if isinstance(link, Problem):
            wrong.append(Wrong(key, link))
            continue
        known = entities.get(link.url)
        name = (
            one.get("name")
            or (known.name if known else "")
            or (link.id if link.kind is LinkKind.USER else "")
        )
        if not name:
            wrong.append(Wrong(key, _UNNAMED))
            continue
        entity = Entity(link.service, Kind(link.kind.value), link.id, name, known.image_url if known else "")
        added = follow_targets.add(
            campaign, entity, main=one.get("main", False), ticked=one.get("ticked", True)
        )
        if isinstance(added, Problem):
            wrong.append(Wrong(key, added))
    return wrong


def _offer(campaign: Campaign, plan: Plan) -> list[Wrong]:
    wrong = []
    for number, one in enumerate(plan.tables.get("links", ()), start=1):
        added = offers.add(campaign, one.get("url", ""), verb=one.get("verb", ""), label=one.get("label", ""))
        if isinstance(added, Problem):
            wrong.append(Wrong(f"links[{number}].url", added))
    return wrong


def _misshapen(tables: Mapping[str, Any]) -> Iterator[Wrong]:
    """Unknown keys and values of another kind: a slip of the pen is never passed over in silence."""
    for table, content in tables.items():
        if table not in KEYS:
            yield Wrong(
                table, Problem("key_unknown", "We do not know this table.", f"There are {', '.join(KEYS)}.")
            )
            continue
        is_list = table in _LISTS
        rows = content if is_list and isinstance(content, list) else [content]
        for number, row in enumerate(rows, start=1):
            where = f"{table}[{number}]" if is_list else table
            if not isinstance(row, dict) or is_list is not isinstance(content, list):
                brackets = f"[[{table}]]" if is_list else f"[{table}]"
                yield Wrong(
                    table, Problem("table_shape", "This has another shape.", f"Write it as {brackets}.")
                )
                continue
            yield from _misplaced(where, KEYS[table], row)


def _misplaced(where: str, known: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Wrong]:
    words = {str: "a text in quotes", bool: "true or false", int: "a whole number"}
    for name, value in row.items():
        kind = known.get(name)
        if kind is None:
            yield Wrong(
                f"{where}.{name}",
                Problem("key_unknown", "We do not know this key.", f"There are {', '.join(known)}."),
            )
        elif kind is not object and (
            not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        ):
            yield Wrong(f"{where}.{name}", Problem("value_kind", f"This should be {words[kind]}."))

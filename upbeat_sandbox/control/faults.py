"""Control: ordered faults, and the record of calls."""

from typing import Any

from upbeat_sandbox.control.asking import Ask, Wrong, on, whole
from upbeat_sandbox.ids import fan_key
from upbeat_sandbox.ledger import CAPACITY


@on("GET", "/faults", "", "the faults in force, with how often each was met and struck")
def faults(ask: Ask) -> dict[str, Any]:
    return {"faults": [rule.as_dict() for rule in ask.world.faults.rules]}


@on(
    "POST",
    "/faults",
    "",
    'order one: {"match": {"service", "host", "path" (regular expression), "method", "user", "client_id"}, '
    '"effect": {"kind", …}, "times", "after", "probability", "seed"}',
)
def order(ask: Ask) -> dict[str, Any]:
    return ask.world.faults.add(ask.data).as_dict() | {"created": True}


@on("DELETE", "/faults", "", "call all faults off")
def call_off_all(ask: Ask) -> dict[str, Any]:
    removed = len(ask.world.faults.rules)
    ask.world.faults.rules = []
    return {"removed": removed}


@on("DELETE", "/faults/{id}", "", "call one off")
def call_off(ask: Ask) -> dict[str, Any]:
    if not ask.world.faults.remove(ask.values["id"]):
        raise Wrong("there is no such fault", 404)
    return {"removed": 1}


FILTERS = ("service", "host", "method", "path", "user", "client_id", "status")


@on(
    "GET",
    "/calls",
    "service host method path user client_id status wrong fault after limit",
    "the last calls, oldest first: filters service, host, method, path (a part of it), user, client_id, "
    "status (a number or dropped), wrong=1, fault=1; after=number, limit (500)",
)
def calls(ask: Ask) -> dict[str, Any]:
    after = whole(ask.query.get("after", "0"), "after", 0, 10**12)
    limit = whole(ask.query.get("limit", "500"), "limit", 1, CAPACITY)
    ledger = ask.world.ledger
    found = [entry for entry in ledger.entries if entry.number > after and wanted(entry, ask.query)]
    shown = found[:limit] if after else found[-limit:]
    return {
        "total": ledger.total,
        "matching": len(found),
        "counts": dict(ledger.counts),
        "calls": [entry.as_dict() for entry in shown],
    }


def wanted(entry: Any, query: dict[str, str]) -> bool:
    for name in FILTERS:
        if name not in query:
            continue
        value, held = query[name], getattr(entry, name)
        if name == "path":
            fits = value in held
        elif name == "status":
            fits = str(held or "dropped") == value
        elif name == "user":
            fits = held is not None and fan_key(held) == fan_key(value)
        else:
            fits = str(held or "").casefold() == value.casefold()
        if not fits:
            return False
    return not (query.get("wrong") == "1" and not entry.wrong) and not (
        query.get("fault") == "1" and not entry.fault
    )


@on("DELETE", "/calls", "", "forget the calls so far")
def forget_calls(ask: Ask) -> dict[str, Any]:
    ask.world.ledger.clear()
    return {"forgotten": True}

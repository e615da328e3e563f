"""What is fine needs few words: such lines are put together, so that the others are seen."""

from collections.abc import Iterable

from upbeat.core.preflight import Level, Line
from upbeat.delivery.preflight.subject import Subject
from upbeat.delivery.preflight.wording import listed

_HOUSE = ("clock", "disk", "database", "queue", "seals", "workers")


def tidy(lines: list[Line], subject: Subject) -> list[Line]:
    """Trouble as it is; then what is fine, a line for each thing instead of one for each service."""
    labels = {service.name: service.label for service in subject.services}
    fine = [line for line in lines if line.level is Level.FINE]
    kept = [line for line in lines if line.level is not Level.FINE]
    for check in ("found", "match"):
        kept += _of_services([line for line in fine if line.check == check], labels)
    kept += [line for line in fine if line.check == "permissions"]
    kept += _keys([line for line in fine if line.check in ("credentials", "limits")], labels)
    kept += [line for line in fine if line.check in ("mail", "mail_time")]
    return kept + _house([line for check in _HOUSE for line in fine if line.check == check])


def _of_services(lines: list[Line], labels: dict[str, str]) -> Iterable[Line]:
    """`Release found: on Spotify and Deezer, by UPC …`"""
    for what, sentence in dict.fromkeys((line.what, line.sentence) for line in lines):
        where = [labels[line.service] for line in lines if (line.what, line.sentence) == (what, sentence)]
        told = f"on {listed(where)}" + (f", {sentence}" if sentence else "")
        yield Line(lines[0].check, Level.FINE, what, told)


def _keys(lines: list[Line], labels: dict[str, str]) -> list[Line]:
    where = [labels[line.service] for line in lines if line.check == "credentials"]
    limits = [line for line in lines if line.check == "limits"]
    told = [*([f"good on {listed(where)}"] if where else []), *(line.sentence for line in limits)]
    names = [*(["keys"] if where else []), *(["rate limits"] if limits else [])]
    return [Line("credentials", Level.FINE, _begun(listed(names)), "; ".join(told))] if names else []


def _house(lines: list[Line]) -> list[Line]:
    """`Clock, disk, queue and 2 workers: 0 s off · 61 GB free`"""
    if not lines:
        return []
    names = listed([line.what.lower() for line in lines])
    return [
        Line("house", Level.FINE, _begun(names), " · ".join(filter(None, (line.sentence for line in lines))))
    ]


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]

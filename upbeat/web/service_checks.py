"""What an installation has for each service, the rung its fans stand on, and what would raise it, in sentences."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import DatabaseError

from upbeat.core.ladder import Reason, Rung, stands_on
from upbeat.core.outcome import Outcome
from upbeat.delivery.budget import fans_a_day
from upbeat.providers.access import ACCESS
from upbeat.providers.registry import ServiceSettings, credential, defaults, label, mistake
from upbeat.web import looks
from upbeat.web.abilities import EXAMPLE, how_to
from upbeat.web.findings import Finding, Level
from upbeat.web.standing import installed

Lines = Iterator[Finding]


def service_findings(*, ask: bool) -> Lines:
    """Each service in turn. `ask`: whether it still knows this installation."""
    said = async_to_sync(looks.ask_all)() if ask else {}
    for service in settings.SERVICES:
        yield from _service(service, said)


def _service(service: str, said: Mapping[str, Outcome]) -> Lines:
    has, what, start = settings.SERVICES[service], label(service), f"UPBEAT_{service.upper()}"
    away = [url for url in _addresses(has) if not _is_its_own(service, url)]
    if away and not settings.SANDBOX:
        yield Finding(
            what,
            Level.WRONG,
            f"{away[0]} is not {what} but a sandbox or somebody else.",
            f"Set UPBEAT_SANDBOX=1 if it is meant (every page then says so), or unset {start}_*_URL.",
        )
        return
    absent = _absent(service, has)
    if not any((has.client_id, has.key_id, has.client_secret.reveal())):
        yield _without(service)
    elif absent:
        other = " (or _FILE)" if absent[0] == credential(service).secret else ""
        yield Finding(what, Level.WRONG, f"{start}_{absent[0]}{other} is missing.", _to_register(service))
    elif wrong := mistake(service, has):
        yield Finding(what, Level.WRONG, wrong, f"Look at {start}_*.")
    else:
        where = f" (sandbox at {urlsplit(has.api_url).netloc})" if away else ""
        yield _with(service, where, said.get(service))


def _without(service: str) -> Finding:
    """No app there, which is how most begin: fans are reminded."""
    known, how = ACCESS[service], how_to(service)
    assert how is not None
    to_do = known.to_do or "There is nothing you can do, unless you own an older app."
    parts = (f"Where: {how.register_url}", _to_register(service), f"Settings: {', '.join(how.settings)}")
    advice = " · ".join(part for part in (to_do, *parts) if part)
    sentence = f"Fans get a reminder. {known.without}"
    return Finding(label(service), Level.MISSING, sentence, advice, rung=Rung.REMIND)


def _with(service: str, where: str, said: Outcome | None) -> Finding:
    what, register = label(service), _to_register(service)
    if said is not None and said.reason == "app_refused":
        how = how_to(service)
        keys = " and ".join(how.settings) if how else ""
        return Finding(
            what, Level.MISSING, f"{what} does not accept this installation’s app: fans get a reminder.",
            f"Put in its new secret ({keys}) and start Upbeat again. {register}".strip(), rung=Rung.REMIND,
        )  # fmt: skip
    silent = "" if said is None or said.good else f" It did not answer just now: {said.note}"
    if _is_too_short(service):
        return Finding(
            what, Level.MISSING, f"Fans get a reminder{where}. {ACCESS[service].within}{silent}", register,
            rung=Rung.REMIND,
        )  # fmt: skip
    knows = (
        f" {what} has just said that it knows this installation." if said is not None and said.good else ""
    )
    many = fans_a_day(service)
    a_day = f" Its quota serves about {many} fans a day." if many is not None else ""
    return Finding(
        what, Level.GOOD, f"Pre-saves are offered{where}.{a_day}{knows}{silent}", register, rung=Rung.SAVE
    )


def _is_too_short(service: str) -> bool:
    """Whether its permissions end too soon to act on the day. A database without tables has seen none."""
    try:
        return stands_on(installed(service), EXAMPLE).reason is Reason.TOO_FAR
    except DatabaseError:
        return False


def _absent(service: str, has: ServiceSettings) -> list[str]:
    """The settings of a credential that are not there, by the end of their names."""
    called = credential(service)
    needed = {called.id: has.client_id, called.secret: has.client_secret.reveal()}
    if called.key_id:
        needed[called.key_id] = has.key_id
    return [name for name, value in needed.items() if not value]


def _to_register(service: str) -> str:
    """What has to be registered at the service; empty where that is nothing."""
    how = how_to(service)
    return f"Redirect URI to register there: {how.redirect_uri}" if how and how.redirect_uri else ""


def _addresses(has: ServiceSettings) -> list[str]:
    return [url for url in (has.api_url, has.authorize_url, has.token_url, has.musickit_url) if url]


def _is_its_own(service: str, url: str) -> bool:
    """Whether an address is the service's own, by host and scheme."""
    hosts = {urlsplit(one).hostname for one in _addresses(defaults(service))}
    return urlsplit(url).scheme == "https" and urlsplit(url).hostname in hosts

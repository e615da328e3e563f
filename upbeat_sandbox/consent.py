"""The page on which a fan says yes or no: the same frame for both services, each with its own face."""

from html import escape
from importlib import resources
from string import Template
from urllib.parse import quote, unquote

from upbeat_sandbox import ids
from upbeat_sandbox.call import Call, Refusal, Reply, as_html
from upbeat_sandbox.people import Account
from upbeat_sandbox.world import give_starter_playlists

FIRST_NAMES = [
    "Robin",
    "Ada",
    "Jonas",
    "Mira",
    "Theo",
    "Yuki",
    "Noor",
    "Elif",
    "Sam",
    "Ines",
    "Lars",
    "Chloé",
    "Tomás",
    "Greta",
    "Kofi",
    "Luz",
    "Anouk",
    "Finn",
]
LAST_NAMES = [
    "Amsel",
    "Okoye",
    "Lindqvist",
    "Marek",
    "Duarte",
    "Haas",
    "Sato",
    "Novak",
    "Bell",
    "Ferreira",
    "Adler",
    "Quist",
    "Moreau",
    "Tan",
    "Vega",
]


def template(name: str) -> Template:
    return Template(resources.files("upbeat_sandbox").joinpath("pages", name).read_text("utf-8"))


STYLE = resources.files("upbeat_sandbox").joinpath("pages", "sandbox.css").read_text("utf-8")
CONSENT = template("consent.html")
PROBLEM = template("problem.html")


def suggested_name(call: Call) -> str:
    """A fan nobody is yet, to save the person in front of the page some typing."""
    for attempt in range(200):
        number = ids.number_from("suggestion", call.service.name, len(call.service.accounts), attempt)
        name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number // 97 % len(LAST_NAMES)]}"
        if call.service.account_named(name) is None:
            return name
    return f"Fan {len(call.service.accounts) + 1}"


def cookie_name(call: Call) -> str:
    return f"sandbox_{call.service.name}_fan"


def remembered_fan(call: Call) -> str:
    """The name this browser last agreed with, or nothing."""
    for part in call.headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == cookie_name(call):
            return unquote(value)
    return ""


def remember(call: Call, reply: Reply, fan: str) -> Reply:
    path = f"/{call.service.name}/{call.host}"
    reply.headers["Set-Cookie"] = (
        f"{cookie_name(call)}={quote(fan, safe='')}; Path={path}; HttpOnly; SameSite=Lax"
    )
    return reply


def page(call: Call, app_name: str, permissions: list[str], problem: str = "") -> Reply:
    """The consent page. It posts `fan` and `decision` (agree or cancel) back to the address it was asked for."""
    known = remembered_fan(call)
    name = known or suggested_name(call)
    wanted = "".join(f"<li>{escape(words)}</li>" for words in permissions)
    return as_html(
        CONSENT.substitute(
            style=STYLE,
            service=call.service.name,
            label=escape(call.service.label),
            app=escape(app_name),
            permissions=wanted or "<li>See your name</li>",
            fan=escape(name, quote=True),
            hint=f"You were here before as {escape(known)}." if known else "Any name is an account here.",
            problem=f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else "",
            until=escape(call.service.facts.until),
        ),
        400 if problem else 200,
    )


def error_page(call: Call, headline: str, explanation: str) -> Reply:
    """For what must not be sent back to the application: a wrong client or a wrong address."""
    call.error = headline
    words = {"headline": escape(headline), "explanation": escape(explanation)}
    return as_html(
        PROBLEM.substitute(style=STYLE, service=call.service.name, label=escape(call.service.label), **words),
        400,
    )


def agreeing_fan(call: Call, form: dict[str, str], app_name: str, permissions: list[str]) -> Account:
    """The fan who agreed, with an account from now on; the page once more where no name was typed."""
    name = form.get("fan", "").strip()
    if form.get("decision") != "agree" or not name or len(name) > 80:
        words = "Type a name for your account, then agree or cancel."
        raise Refusal(page(call, app_name, permissions, words))
    fan = call.service.account_named(name)
    if fan is None:
        fan = call.service.open_account(name, call.now)
        give_starter_playlists(call.world, call.service, fan)
    return fan


def withheld(form: dict[str, str]) -> set[str]:
    """What the fan left out."""
    return set(form.get("withhold", "").replace(",", " ").split())

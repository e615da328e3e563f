"""A fan's browser without a person behind: keeps cookies by origin, sends what a browser sends, shows every header."""

import http.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from upbeat.commands.demonstration.forms import Form, form_to, forms_of

Fields = list[tuple[str, str]]


@dataclass
class Reply:
    """What came back, not followed anywhere."""

    url: str
    status: int
    headers: dict[str, str]
    set_cookies: list[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def form(self, ending: str) -> Form:
        return form_to(self.text, self.url, ending)


@dataclass
class Browser:
    """`get` and `post` do one request; `open` and `send` go on to where they are led."""

    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)

    def get(self, url: str, **headers: str) -> Reply:
        return self.ask("GET", url, headers=headers)

    def post(self, url: str, fields: Fields, **headers: str) -> Reply:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        kind = "application/x-www-form-urlencoded"
        return self.ask(
            "POST", url, urlencode(fields).encode(), {"Origin": origin, "Content-Type": kind, **headers}
        )

    def open(self, url: str) -> Reply:
        return self.follow(self.get(url))

    def send(self, form: Form, **answers: str | list[str] | None) -> Reply:
        return self.follow(self.post(form.action, form.filled(**answers)))

    def follow(self, reply: Reply) -> Reply:
        while reply.status in (301, 302, 303, 307, 308):
            reply = self.get(urljoin(reply.url, reply.headers["location"]))
        return reply

    def ask(
        self, method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        jar = self.cookies.setdefault(parts.netloc, {})
        sent = {"User-Agent": "Mozilla/5.0 (a fan)", **(headers or {})}
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        self.trail.append(url)
        try:
            connection.request(
                method, url.removeprefix(f"{parts.scheme}://{parts.netloc}") or "/", body, sent
            )
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        set_cookies = answer.headers.get_all("set-cookie") or []
        for line in set_cookies:
            jar.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(url, answer.status, named, set_cookies, data)

    # --- what a fan does ---------------------------------------------------------------------------------------

    def ask_permission(self, page: str, service: str, zone: str = "Europe/Berlin") -> Reply:
        """Page, sheet, and on to the service's permission page."""
        self.open(page)
        return self.send(self.open(f"{page}/{service}").form(f"/{service}"), zone=zone)

    def decide(self, asked: Reply, name: str, *, agree: bool = True) -> Reply:
        """Fill in the permission page. Returns the redirect back, not followed."""
        form = next(form for form in forms_of(asked.text, asked.url) if form.method == "post")
        field_name = next(key for key, _ in form.values if key in ("name", "user", "username", "fan"))
        button, value = form.buttons[0] if agree else form.buttons[-1]
        return self.post(form.action, form.filled(**{field_name: name, button: value}))

    def answer(self, asked: Reply, name: str, *, agree: bool = True) -> Reply:
        if "/yours" in asked.url:
            return asked  # a remembered fan was not asked again
        return self.follow(self.decide(asked, name, agree=agree))

    def pre_save(self, page: str, service: str, name: str) -> Reply:
        """All the way to the success page."""
        return self.answer(self.ask_permission(page, service), name)

    def callback(self) -> str:
        """The last callback address visited."""
        return next(url for url in reversed(self.trail) if "/callback" in url)

"""A fan without a person behind: opens pages, fills in forms, gives or refuses permission. Plain HTTP, own cookies."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from upbeat.commands.demonstration.forms import Form, form_to, forms_of


@dataclass
class Seen:
    """A page the fan ended on."""

    url: str
    status: int
    text: str

    def form(self, ending: str) -> Form:
        return form_to(self.text, self.url, ending)


class Visitor:
    """One fan's browser."""

    def __init__(self, name: str, page: str) -> None:
        self.name, self.page = name, page.rstrip("/")
        self._http: aiohttp.ClientSession | None = None
        self.trail: list[str] = []
        """Every address visited, so that a story can go back or come twice."""

    async def __aenter__(self) -> "Visitor":
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=30),
            headers={"User-Agent": "Mozilla/5.0 (a fan of the demonstration)"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http:
            await self._http.close()

    async def _ask(self, method: str, url: str, data: list[tuple[str, str]] | None = None) -> Seen:
        """One request and all its redirects, each noted in the trail."""
        assert self._http
        for _ in range(10):
            self.trail.append(url)
            origin = str(URL(self.trail[-2]).origin()) if len(self.trail) > 1 else ""
            headers = {"Origin": origin} if method == "POST" else {}
            async with self._http.request(
                method, URL(url, encoded=True), data=data, headers=headers, allow_redirects=False
            ) as answer:
                location = answer.headers.get("Location")
                if answer.status not in (301, 302, 303, 307, 308) or not location:
                    return Seen(url, answer.status, await answer.text())
                url, method, data = urljoin(url, location), "GET", None
        raise RuntimeError(f"Too many redirects, last {url.split('?')[0]}")

    async def get(self, url: str) -> Seen:
        return await self._ask("GET", url)

    async def send(self, form: Form, **answers: str | Iterable[str] | None) -> Seen:
        """Send a form, as `Form.filled` says."""
        return await self._ask("POST", form.action, form.filled(**answers))

    async def ask_permission(self, service: str) -> Seen:
        """Page, sheet, and on to the service's permission page."""
        await self.get(self.page)
        sheet = await self.get(f"{self.page}/{service}")
        return await self.send(sheet.form(f"/{service}"), zone="Europe/Berlin")

    async def answer(self, asked: Seen, *, agree: bool = True) -> Seen:
        """Fill in the service's permission page and come back. A remembered fan may be back already."""
        if asked.url.startswith(self.page):
            return asked
        form = next(form for form in forms_of(asked.text, asked.url) if form.method == "post")
        name_field = next((n for n, _ in form.values if n in ("name", "user", "username", "fan")), "name")
        yes, no = form.buttons[0], form.buttons[-1]
        button = yes if agree else no
        return await self.send(form, **{name_field: self.name, button[0]: button[1]})

    async def pre_save(self, service: str) -> Seen:
        """All the way to the success page."""
        return await self.answer(await self.ask_permission(service))

    async def complete(self, success: Seen, **answers: str | Iterable[str] | None) -> Seen:
        """Press COMPLETE with these answers, and give the second permission if the service asks for one."""
        back = await self.send(success.form("/yours"), **answers)
        return await self.answer(back)

    def callback(self) -> str:
        """The last callback address visited (what a replay sends again)."""
        return next(url for url in reversed(self.trail) if "/callback" in url)

"""Reads the forms of a page, so that a fan without a person behind can fill them in and send them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """One form: where it goes, how, and what a browser would send with nothing touched."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    offered: dict[str, list[str]] = field(default_factory=dict)
    """What each named box, radio or select would send if it were chosen."""

    def filled(self, **answers: str | Iterable[str] | None) -> list[tuple[str, str]]:
        """What is sent: the page's own values, with `answers` in place (None: left out; a list: several)."""
        kept = [(name, value) for name, value in self.values if name not in answers]
        for name, answer in answers.items():
            if answer is None:
                continue
            kept += [(name, answer)] if isinstance(answer, str) else [(name, one) for one in answer]
        return kept


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.forms: list[Form] = []
        self._chosen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.base, has.get("action") or self.base)
            self.forms.append(Form(action, has.get("method", "get").lower()))
        elif self.forms and tag in ("input", "button", "select", "option", "textarea"):
            getattr(self, f"_read_{tag}")(self.forms[-1], has)

    def _read_input(self, form: Form, has: dict[str, str]) -> None:
        name, kind, value = has.get("name", ""), has.get("type", "text"), has.get("value", "")
        if not name or "disabled" in has:
            return
        if kind in ("checkbox", "radio"):
            form.offered.setdefault(name, []).append(value or "on")
            if "checked" in has:
                form.values.append((name, value or "on"))
        elif kind == "submit":
            form.buttons.append((name, value))
        else:
            form.values.append((name, value))

    def _read_button(self, form: Form, has: dict[str, str]) -> None:
        if has.get("name") and has.get("type", "submit") == "submit":
            form.buttons.append((has["name"], has.get("value", "")))

    def _read_select(self, _form: Form, has: dict[str, str]) -> None:
        self._chosen = has.get("name", "")

    def _read_option(self, form: Form, has: dict[str, str]) -> None:
        name = self._chosen
        form.offered.setdefault(name, []).append(has.get("value", ""))
        if "selected" in has:
            form.values.append((name, has.get("value", "")))

    def _read_textarea(self, form: Form, has: dict[str, str]) -> None:
        form.values.append((has.get("name", ""), ""))


def forms_of(page: str, base: str) -> list[Form]:
    """All forms of a page, in order; `base` is its address."""
    reader = _Reader(base)
    reader.feed(page)
    return reader.forms


def form_to(page: str, base: str, ending: str) -> Form:
    """The form whose action ends with `ending`. LookupError, with what there is, when the page has none."""
    there = forms_of(page, base)
    for form in there:
        if form.action.split("?")[0].rstrip("/").endswith(ending):
            return form
    raise LookupError(f"No form to {ending} on {base}; there is {[form.action for form in there]}")

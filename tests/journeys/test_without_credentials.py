"""An installation with no app at any service: a fan leaves reminders, and each of them is there at the instant."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from icalendar import Calendar

from tests.sandbox_process import running_sandbox
from tests.web.browser import Browser
from tests.web.running import running_product
from tests.web.test_push_page import fields, messages, subscribe

T = TypeVar("T")


def soon(look: Callable[[], T], enough: Callable[[T], bool]) -> T:
    until = time.monotonic() + 20
    while not enough(found := look()) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def test_reminders_by_mail_notification_and_calendar_arrive_at_the_instant(tmp_path: Path) -> None:
    with running_sandbox() as sandbox:
        mail = sandbox.ask("GET", "/")["mail"]["smtp_url"]
        settings = {"UPBEAT_SANDBOX": "1", "UPBEAT_SMTP_URL": mail, "UPBEAT_MAIL_FROM": "me@team.example"}

        def letters() -> list[dict[str, Any]]:
            return list(sandbox.ask("GET", "/_control/mail?to=mira@fans.example")["letters"])

        with running_product(tmp_path, **settings) as product:
            page, fan = product.campaign(opens_in=3_600, title="Low Tide", follows=False), Browser()
            asked = fan.send(fan.get(f"{page}/remind").form("/remind"), email="mira@fans.example", zone="")
            assert "Open the mail and confirm." in asked.text
            (letter,) = soon(letters, bool)
            (confirm,) = [link for link in letter["links"] if "/confirm/" in link]
            fan.send(fan.get(confirm).form(confirm.rpartition("/")[2]))
            phone = subscribe(sandbox, fan, page)
            assert fan.post(f"{page}/remind/push", fields(phone)).status == 303
            (event,) = Calendar.from_ical(fan.get(f"{page}/release.ics").body).walk("VEVENT")
            assert str(event["URL"]) == page
            assert len(letters()) == 1
            assert messages(sandbox, phone, within=0) == []

            assert fan.post(f"{product.url}/_demo/jump?to={page.rpartition('/')[2]}", []).status == 303
            (shown,) = messages(sandbox, phone, within=20)
            assert json.loads(shown["text"])["url"] == page
            _, told = soon(letters, lambda found: len(found) > 1)
            assert told["subject"].startswith("Out now: Low Tide")
            assert page in told["links"]
            states = "SELECT service, state FROM delivery_delivery ORDER BY service"
            done = [("email", "delivered"), ("push", "delivered")]
            assert soon(lambda: product.rows(states), lambda found: found == done) == done
            kept = "SELECT count(*) FROM fans_connection WHERE length(sealed_access) > 0"
            assert soon(lambda: product.one(kept), lambda left: left == 0) == 0

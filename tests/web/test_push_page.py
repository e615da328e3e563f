"""Notify this phone: from the tap to the message that the browser shows, and the ways that never lead so far."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser
from tests.web.running import Product

NO_PUSH = "delete window.PushManager"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


def subscribe(services: Sandbox, fan: Browser, page: str) -> dict[str, Any]:
    """A browser that subscribed with the sandbox's push service for the key the page names."""
    found = re.search(r'data-key="([\w-]+)"', fan.get(f"{page}/remind").text)
    assert found
    wanted = {"application_server_key": found[1]}
    return dict(services.ask("POST", "/_control/push/subscriptions", wanted))


def fields(made: dict[str, Any], **other: str) -> list[tuple[str, str]]:
    """What the page's script posts."""
    return list(({"endpoint": made["endpoint"], "zone": "Europe/Berlin"} | made["keys"] | other).items())


def messages(services: Sandbox, made: dict[str, Any], *, within: float = 15) -> list[dict[str, Any]]:
    """What reached this browser, as soon as there is something."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        found = services.ask("GET", f"/_control/push/messages?subscription={made['id']}")["messages"]
        if found:
            return list(found)
        time.sleep(0.1)
    return []


def reminders(product: Product, page: str) -> list[tuple[Any, ...]]:
    return product.rows(
        "SELECT p.service, p.rung, p.towards, p.zone, d.action, d.state FROM fans_presave p "
        "JOIN campaigns_campaign c ON c.id = p.campaign_id JOIN delivery_delivery d ON d.pre_save_id = p.id "
        "WHERE c.slug = ?",
        page.rpartition("/")[2],
    )


# --- Over HTTP ------------------------------------------------------------------------------------------------------


def test_a_subscription_is_a_reminder_and_its_address_lies_sealed(
    product: Product, services: Sandbox, fan: Browser
) -> None:
    page = product.campaign()
    made = subscribe(services, fan, page)
    landed = fan.post(f"{page}/remind/push", fields(made, service="spotify"))
    assert landed.status == 303
    receipt = landed.headers["location"]
    assert receipt.startswith("/r/")
    assert any("fan-" in cookie and "HttpOnly" in cookie for cookie in landed.set_cookies)
    assert reminders(product, page) == [("push", "remind", "spotify", "Europe/Berlin", "remind", "waiting")]
    assert fan.get(f"{product.url}{receipt}").status == 200
    kept = product.rows("SELECT account_id, sealed_access FROM fans_connection WHERE service = 'push'")
    assert not any(made["id"] in str(value) for row in kept for value in row)
    again = fan.post(f"{page}/remind/push", fields(made, service=""))
    assert again.headers["location"] == receipt
    assert reminders(product, page) == [("push", "remind", "", "Europe/Berlin", "remind", "waiting")]


def test_what_cannot_be_sent_to_is_refused_with_a_sentence_and_leaves_nothing(
    product: Product, services: Sandbox, fan: Browser
) -> None:
    page = product.campaign()
    made = subscribe(services, fan, page)
    for wrong in ({"endpoint": "javascript:alert(1)"}, {"p256dh": "AAAA"}, {"auth": ""}):
        reply = fan.post(f"{page}/remind/push", fields(made, **wrong))
        assert reply.status == 422
        assert "The browser gave us nothing we can send to." in reply.text
        assert "Put it in a calendar" in reply.text
    assert fan.post(f"{page}/remind/push", fields(made), Origin="https://evil.example").status == 403
    assert fan.post(f"{product.url}/no-such-page/remind/push", fields(made)).status == 404
    out = product.campaign(opens_in=-60)
    assert fan.post(f"{out}/remind/push", fields(made)).headers["location"] == urlsplit(out).path
    assert reminders(product, page) == reminders(product, out) == []


def test_without_script_the_row_leads_to_the_reason_and_the_other_ways(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    assert f'href="{urlsplit(page).path}/remind/push"' in fan.get(f"{page}/remind").text
    shown = fan.get(f"{page}/remind/push")
    assert "Notifications need JavaScript." in shown.text
    assert "Put it in a calendar" in shown.text


def test_the_worker_stands_at_the_root_and_is_looked_for_again_each_time(
    product: Product, fan: Browser
) -> None:
    worker = fan.get(f"{product.url}/push-worker.js")
    assert worker.status == 200
    assert worker.headers["content-type"] == "text/javascript; charset=utf-8"
    assert worker.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert "img-src 'self'" in worker.headers["content-security-policy"], (
        "else the cover is not in the notification"
    )
    assert fan.get(worker.url, **{"If-None-Match": worker.headers["etag"]}).status == 304
    assert "push.js" not in fan.get(product.campaign()).text, "nobody who does not ask loads any of it"


def test_a_fan_who_is_only_reminded_is_told_of_no_library(
    product: Product, services: Sandbox, fan: Browser
) -> None:
    page = product.campaign(opens_in=3_600)
    made = subscribe(services, fan, page)
    fan.post(f"{page}/remind/push", fields(made))
    assert fan.get(f"{page}/push/yours").status == 303
    assert fan.post(f"{page}/push/yours", [("do", "complete")]).status != 200
    product.change(
        "UPDATE campaigns_campaign SET opens_at = '2026-01-02 00:00:00', version = version + 1 WHERE slug = ?",
        page.rpartition("/")[2],
    )
    shown = fan.get(page)
    assert "Out now" in shown.text
    assert "library" not in shown.text


# --- In a browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def phone(
    chromium: Chromium, *, allowed: bool = True, script: str = "", agent: str | None = None
) -> BrowserContext:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, timezone_id="Europe/Berlin", user_agent=agent
    )
    context.set_default_timeout(10_000)
    if allowed:
        context.grant_permissions(["notifications"])
    if script:
        context.add_init_script(script)
    return context


def tapped(context: BrowserContext, page: str) -> Page:
    tab = context.new_page()
    tab.goto(page)
    tab.get_by_role("link", name="Remind me").first.click()
    tab.get_by_role("link", name="Notify this phone").click()
    return tab


STUB = """
PushManager.prototype.subscribe = async function (wanted) {
  const key = btoa(String.fromCharCode(...wanted.applicationServerKey));
  if (!wanted.userVisibleOnly || key.replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "") !== "%(key)s") {
    throw new Error("not as the page said");
  }
  return { toJSON: () => (%(made)s) };
};
"""
"""Chromium's own push service is out of reach: the sandbox's subscription stands in, keys and all."""


@pytest.mark.browser
def test_allow_and_at_the_instant_the_browser_shows_it_and_opens_the_link(
    product: Product, services: Sandbox, fan: Browser, chromium: Chromium
) -> None:
    page = product.campaign(opens_in=3_600, title="Low Tide")
    made = subscribe(services, fan, page)
    said = {"endpoint": made["endpoint"], "keys": made["keys"]}
    context = phone(chromium, script=STUB % {"key": made["server_key"], "made": json.dumps(said)})
    tab = tapped(context, page)
    tab.wait_for_url(re.compile(r"/r/"))
    (worker,) = context.service_workers
    assert urlsplit(worker.url).path == "/push-worker.js"
    assert worker.evaluate("registration.scope") == f"{product.url}/push/"
    assert reminders(product, page)[0][-1] == "waiting"

    assert fan.post(f"{product.url}/_demo/jump?to={page.rpartition('/')[2]}", []).status == 303
    (message,) = messages(services, made)
    assert (message["state"], message["problem"], message["urgency"]) == ("shown", "", "high")
    text = json.loads(message["text"])
    assert text["title"] == "Low Tide is out"
    assert text["url"] == page

    session = context.new_cdp_session(tab)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    tab.wait_for_timeout(200)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": product.url, "registrationId": found[0], "data": message["text"]},
    )
    shown = "async () => (await registration.getNotifications()).map((one) => [one.title, one.body, one.data, one.tag])"
    tab.wait_for_timeout(300)
    assert worker.evaluate(shown) == [["Low Tide is out", text["body"], page, text["tag"]]]
    opened = worker.evaluate(
        """async () => {
          const [notification] = await registration.getNotifications();
          let opened = "";
          clients.openWindow = async (url) => { opened = url; };
          dispatchEvent(new NotificationEvent("notificationclick", { notification }));
          return opened;
        }"""
    )
    assert opened == page
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"allowed": False}, "Notifications are blocked for this page."),
        ({"script": 'Notification.requestPermission = async () => "default"'}, "Nothing was allowed."),
        (
            {"script": "PushManager.prototype.subscribe = () => Promise.reject()"},
            "push service did not answer",
        ),
        ({"script": NO_PUSH}, "This browser can’t show notifications."),
        ({"script": NO_PUSH, "agent": f"{IPHONE} Safari/604.1"}, "only pages on the home screen"),
        ({"script": NO_PUSH, "agent": f"{IPHONE} Instagram 390.0.0.1"}, "don’t work inside this app"),
    ],
    ids=["blocked", "dismissed", "unreachable", "cannot", "iPhone", "in an app"],
)
def test_where_it_does_not_work_one_sentence_says_why_and_the_other_ways_stay(
    product: Product, chromium: Chromium, how: dict[str, Any], sentence: str
) -> None:
    page = product.campaign()
    context = phone(chromium, **how)
    tab = tapped(context, page)
    expect(tab.locator("dialog small[role=status]")).to_contain_text(sentence)
    expect(tab.get_by_role("link", name="Put it in a calendar")).to_be_visible()
    assert reminders(product, page) == []
    assert not context.service_workers or "did not answer" in sentence
    context.close()

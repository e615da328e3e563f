"""A fan without any streaming account, with eyes: a reminder is left, confirmed in the letter, and arrives."""

import re
import time
from collections.abc import Callable, Iterator
from email.message import Message

import pytest
from playwright.sync_api import Page, expect

from tests.delivery.post_office import PostOffice, body_of, html_of, post_office, smtp_url
from tests.web.running import Product, running_product

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:Requiring AUTH")]

DIRECT = "https://open.spotify.com/album/4iV5W9uYEdYUVa79Axb7Rh"
ADA = "ada@fans.example"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    with post_office(tmp_path_factory.mktemp("post"), tls=True) as office:
        yield office


@pytest.fixture(scope="module")
def product(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(
        tmp_path_factory.mktemp("reminding"),
        UPBEAT_SANDBOX="1",
        UPBEAT_SMTP_URL=smtp_url(office),
        UPBEAT_MAIL_FROM="Upbeat <upbeat@music.example>",
        SSL_CERT_FILE=str(office.certificate),
    ) as product:
        yield product


def letter(office: PostOffice, number: int) -> Message:
    end = time.monotonic() + 15
    while len(office.taken) < number:
        assert time.monotonic() < end, "no letter"
        time.sleep(0.05)
    return office.taken[number - 1][1]


def link(mail: Message, part: str) -> str:
    found = re.search(rf"http://\S*/{part}/\S+|http://\S*/{part}\b", body_of(mail))
    assert found
    return found[0]


def read(page: Page, mail: Message, keep: Callable[[Page, str], None], name: str) -> None:
    """Open a letter as a mail program would, by day and by night."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_content(html_of(mail))
        keep(page, f"{name}-{scheme}")


@pytest.mark.parametrize("script", [True, False])
def test_a_reminder_is_left_confirmed_and_arrives(
    product: Product,
    office: PostOffice,
    phone: Callable[..., Page],
    keep_picture: Callable[[Page, str], None],
    *,
    script: bool,
) -> None:
    office.taken.clear()
    address = product.campaign(links={"spotify": DIRECT}, follows=False)
    page = phone(java_script_enabled=script)
    page.goto(f"{address}/remind?to=spotify")
    expect(page.get_by_role("heading", name="One message, the minute it’s out.")).to_be_visible()
    assert page.get_by_label("Link to").input_value() == "spotify"
    keep_picture(page, f"reminder-1-sheet-{script}")
    page.get_by_label("E-mail").fill(ADA)
    page.get_by_role("button", name="Remind me by e-mail").click()
    expect(page.get_by_text("Open the mail and confirm.")).to_be_visible()
    keep_picture(page, f"reminder-2-sent-{script}")

    asked = letter(office, 1)
    read(phone(), asked, keep_picture, "reminder-3-asks")
    page.goto(link(asked, "confirm"))
    expect(page.get_by_role("heading", name="Remind you of Night Ferry North?")).to_be_visible()
    keep_picture(page, f"reminder-4-confirm-{script}")
    page.get_by_role("button", name="Yes, remind me").click()
    expect(page.get_by_text("Reminder, with the link to Spotify")).to_be_visible()
    keep_picture(page, f"reminder-5-receipt-{script}")

    product.upbeat("clock", address.rpartition("/")[2])
    message = letter(office, 2)
    assert DIRECT in body_of(message)
    read(phone(), message, keep_picture, "reminder-6-message")
    page.reload()
    expect(page.get_by_text("Deleted")).to_be_visible()


def test_a_reminder_is_taken_back_from_the_letter(
    product: Product,
    office: PostOffice,
    phone: Callable[..., Page],
    keep_picture: Callable[[Page, str], None],
) -> None:
    office.taken.clear()
    address = product.campaign(follows=False)
    page = phone()
    page.goto(f"{address}/remind")
    page.get_by_label("E-mail").fill("ben@fans.example")
    page.get_by_role("button", name="Remind me by e-mail").click()
    expect(page.get_by_text("Open the mail and confirm.")).to_be_visible()
    page.goto(link(letter(office, 1), "confirm"))
    page.get_by_role("button", name="Yes, remind me").click()
    page.get_by_role("link", name="Take it back").click()
    keep_picture(page, "reminder-7-stop")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Nothing more is sent.")).to_be_visible()
    keep_picture(page, "reminder-8-stopped")
    product.upbeat("clock", address.rpartition("/")[2])
    time.sleep(1)
    assert len(office.taken) == 1

"""A reminder from the form to the mailbox: double opt-in, one message, and every way back."""

import re
import time
from collections.abc import Callable, Iterator
from email.message import Message
from typing import Any, TypeVar

import pytest

from tests.delivery import books
from tests.delivery.post_office import PostOffice, body_of, post_office, smtp_url
from tests.web.browser import Browser, Reply
from tests.web.running import Product, running_product
from upbeat.env import MailServer
from upbeat.web.fan.reminding import remind_sheet

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

T = TypeVar("T")
DIRECT = "https://open.spotify.com/album/4iV5W9uYEdYUVa79Axb7Rh"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    with post_office(tmp_path_factory.mktemp("post"), starttls=True) as office:
        yield office


@pytest.fixture(scope="module")
def product(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An installation with a mail server and no credential of any service."""
    with running_product(
        tmp_path_factory.mktemp("reminding"),
        UPBEAT_SANDBOX="1",
        UPBEAT_SMTP_URL=smtp_url(office),
        UPBEAT_MAIL_FROM="Upbeat <upbeat@music.example>",
        UPBEAT_MAIL_PER_HOUR="360000",
        SSL_CERT_FILE=str(office.certificate),
    ) as product:
        yield product


def ask(page: str, email: str, *, towards: str = "", browser: Browser | None = None) -> Reply:
    fields = [("zone", "Europe/Berlin"), ("service", towards), ("email", email)]
    return (browser or Browser()).post(f"{page}/remind", fields)


def letter(office: PostOffice, to: str, number: int = 1) -> Message:
    """The n-th letter to this address, as soon as it is there."""
    found = until(lambda: [one for name, one in office.taken if name == to], lambda them: len(them) >= number)
    return found[number - 1]


def until(look: Callable[[], T], enough: Callable[[T], bool]) -> T:
    end = time.monotonic() + 10
    while not enough(seen := look()):
        assert time.monotonic() < end, seen
        time.sleep(0.05)
    return seen


def words(reply: Reply) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<[^>]+>", "", reply.text)


def link(mail: Message, part: str) -> str:
    found = re.search(rf"http://\S*/{part}/\S+", body_of(mail))
    assert found, body_of(mail)
    return found[0].rstrip(".")


def confirmed(page: str, office: PostOffice, email: str, *, towards: str = "") -> tuple[Browser, Reply]:
    """A fan who has asked, opened the letter in their browser and confirmed; and their receipt."""
    fan = Browser()
    assert ask(page, email, towards=towards, browser=fan).status == 303
    url = link(letter(office, email), "confirm")
    return fan, fan.send(fan.get(url).form("confirm" + url.rpartition("confirm")[2]))


def out_now(product: Product, page: str) -> None:
    product.upbeat("clock", page.rpartition("/")[2])


def test_from_the_form_to_one_message_with_the_direct_link(product: Product, office: PostOffice) -> None:
    page = product.campaign(links={"spotify": DIRECT}, follows=False)
    sheet = Browser().get(f"{page}/remind?to=spotify")
    assert re.search(r'<option value="spotify" selected>', sheet.text)
    fan, receipt = confirmed(page, office, "ada@fans.example", towards="spotify")
    assert receipt.path.startswith("/r/")
    assert "Reminder, with the link to Spotify" in words(receipt)
    assert "Kept sealed until then" in receipt.text
    assert f'href="{receipt.path}">Reminder set</a>' in fan.get(page).text
    assert product.one("SELECT count(*) FROM fans_trip WHERE length(sealed_address) > 0") == 0
    out_now(product, page)
    message = letter(office, "ada@fans.example", 2)
    assert message["Subject"] == "Out now: Night Ferry North by Marlo Venn"
    assert DIRECT.replace("https://open.spotify.com", "") in body_of(message)
    until(lambda: fan.get(receipt.url).text, lambda text: "Deleted" in text)
    assert product.one("SELECT count(*) FROM fans_connection WHERE length(sealed_access) > 0") == 0
    assert "fans.example" not in product.log()
    assert "fans.example" not in str(product.rows("SELECT args FROM procrastinate_jobs"))


def test_a_letter_that_is_only_opened_confirms_nothing(product: Product, office: PostOffice) -> None:
    page = product.campaign(follows=False)
    ask(page, "scanned@fans.example")
    mail = letter(office, "scanned@fans.example")
    for part in ("confirm", "stop"):
        assert Browser().get(link(mail, part)).status == 200
    assert product.one("SELECT count(*) FROM fans_presave p JOIN campaigns_campaign c ON c.id = p.campaign_id "
                       "WHERE c.slug = ?", page.rpartition("/")[2]) == 0  # fmt: skip


def test_confirming_twice_or_in_another_browser_is_one_reminder(product: Product, office: PostOffice) -> None:
    page = product.campaign(follows=False)
    ask(page, "twice@fans.example")
    url = link(letter(office, "twice@fans.example"), "confirm")
    first, second = (Browser().post(url, []) for _ in range(2))
    assert (first.status, second.status) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert Browser().get(url).headers["location"] == first.headers["location"]
    own = product.rows("SELECT count(*) FROM fans_presave WHERE service = 'email' AND campaign_id = "
                       "(SELECT id FROM campaigns_campaign WHERE slug = ?)", page.rpartition("/")[2])  # fmt: skip
    assert own == [(1,)]


def test_one_click_takes_it_back_without_a_cookie_and_a_look_does_not(
    product: Product, office: PostOffice
) -> None:
    page = product.campaign(follows=False)
    _, receipt = confirmed(page, office, "stop@fans.example")
    stop = f"{receipt.url}/stop"
    assert Browser().get(stop).status == 200
    program = Browser().ask(
        "POST", stop, b"List-Unsubscribe=One-Click",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert program.status == 200
    assert "Taken back" in program.text
    assert "Taken back" in Browser().get(receipt.url).text
    out_now(product, page)
    time.sleep(0.7)
    assert len([to for to, _ in office.taken if to == "stop@fans.example"]) == 1


def test_who_never_asked_says_so_with_one_click_in_the_first_letter(
    product: Product, office: PostOffice
) -> None:
    page = product.campaign(follows=False)
    ask(page, "notme@fans.example")
    mail = letter(office, "notme@fans.example")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        Browser().ask("POST", mail["List-Unsubscribe"].strip("<> \r\n"), b"List-Unsubscribe=One-Click").status
        == 200
    )
    late = Browser().post(link(mail, "confirm"), [])
    assert late.status == 410
    assert "run out" in late.text


def test_the_receipt_changes_the_service_and_erases_everything(product: Product, office: PostOffice) -> None:
    page = product.campaign(follows=False)
    fan, receipt = confirmed(page, office, "erase@fans.example", towards="spotify")
    changed = fan.send(receipt.form("/towards"), service="deezer")
    assert "Reminder, with the link to Deezer" in words(changed)
    asked = fan.get(f"{receipt.url}/erase")
    assert fan.send(asked.form("/erase")).status == 200
    assert fan.get(receipt.url).status == 404
    known = product.rows("SELECT account_id FROM fans_connection WHERE account_id LIKE 'erased%'")
    assert len(known) == 1


def test_the_same_address_is_written_to_once_and_the_answer_is_the_same(
    product: Product, office: PostOffice
) -> None:
    page = product.campaign(follows=False)
    answers = [ask(page, email) for email in ("same@fans.example", "SAME@fans.example", "same@fans.example")]
    assert len({(one.status, one.headers["location"], one.body) for one in answers}) == 1
    letter(office, "same@fans.example")
    time.sleep(0.5)
    assert sum(to.lower() == "same@fans.example" for to, _ in office.taken) == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "a@b.example\r\nBcc: eve@fans.example",
        "ada@fans.example,eve@fans.example",
        "a" * 300 + "@b.example",
    ],
)
def test_what_is_no_address_comes_back_with_a_sentence(product: Product, email: str) -> None:
    page = product.campaign(follows=False)
    answer = ask(page, email)
    assert answer.status == 422
    assert "This is not an e-mail address." in answer.text


def test_one_place_cannot_ask_for_ever_and_others_still_can(product: Product) -> None:
    page = product.campaign(follows=False)
    statuses = [ask(page, f"many{number}@fans.example").status for number in range(40)]
    assert statuses[-1] == 429
    last = ask(page, "more@fans.example")
    assert "Try again in an hour" in last.text
    assert last.headers["retry-after"] == "3600"


def test_a_form_from_elsewhere_is_refused_and_a_huge_one_not_read(product: Product) -> None:
    page = product.campaign(follows=False)
    stranger = Browser().post(f"{page}/remind", [("email", "a@fans.example")], Origin="https://evil.example")
    assert stranger.status == 403
    huge = Browser().post(f"{page}/remind", [("email", "a" * 70_000)])
    assert huge.status == 413
    assert Browser().get(f"{page}/remind/confirm/{'x' * 43}").status == 404
    assert Browser().get(f"{product.url}/r/{'x' * 43}/stop").status == 404


@pytest.mark.django_db
def test_without_a_mail_server_there_is_no_form_for_an_address(settings: Any) -> None:
    campaign = books.campaign()
    assert (remind_sheet(campaign, "tidal", books.NOW).action, settings.MAIL_SERVER) == ("", None)
    settings.MAIL_SERVER, settings.MAIL_FROM = MailServer("mail.example", 587), "upbeat@music.example"
    offered = remind_sheet(campaign, "tidal", books.NOW)
    assert (offered.action, offered.chosen) == (f"/{campaign.slug}/remind", "tidal")

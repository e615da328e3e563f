"""The letter to a fan whose permission has ended: the worker writes it, and its link needs one tap in any browser."""

import re
import time
from pathlib import Path

import pytest

from tests.delivery.post_office import body_of, post_office, smtp_url
from tests.sandbox_process import running_sandbox
from tests.web.browser import Browser
from tests.web.running import running_product

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

ADA = "ada@fans.example"


def test_the_letter_is_sent_once_and_its_link_puts_the_permission_right(tmp_path: Path) -> None:
    with post_office(tmp_path, starttls=True) as office, running_sandbox() as services:
        told = {
            "UPBEAT_SMTP_URL": smtp_url(office),
            "UPBEAT_MAIL_FROM": "Upbeat <upbeat@music.example>",
            "SSL_CERT_FILE": str(office.certificate),
        }
        with running_product(tmp_path, **services.environment(), **told) as product:
            fan = Browser()
            page = product.campaign(opens_in=3 * 24 * 3600)
            success = fan.pre_save(page, "spotify", "Ada")
            fan.send(success.form("/yours"), follow=[], consent="yes", email=ADA, do="complete")
            product.change("UPDATE fans_connection SET dies_at = datetime('now', '+1 day')")
            until = time.monotonic() + 15
            while not office.taken:
                assert time.monotonic() < until, product.log()
                time.sleep(0.1)
            [(to, letter)] = office.taken
            assert to == ADA
            link = re.search(r"http://\S+/r/\S+", body_of(letter))
            assert link is not None
            phone = Browser()
            back = phone.answer(phone.send(phone.open(link[0]).form("/reconnect")), "Ada")
            assert "Already pre-saved" in back.text
            assert "asks you again" not in phone.open(link[0]).text
            time.sleep(0.9)
            assert len(office.taken) == 1
            assert product.one("SELECT count(*) FROM procrastinate_jobs WHERE args LIKE '%@%'") == 0
            assert ADA not in product.log()

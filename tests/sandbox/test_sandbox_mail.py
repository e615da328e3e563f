"""The sandbox's mail server, spoken to by Python's own client."""

import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from tests.sandbox.stranger import Stranger

TO = "mira@fans.example"


def hand_over(sandbox: Stranger, to: str = TO) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "upbeat@music.example", to, "Nachtfähre is out"
    letter.set_content("Listen: https://music.example/night-ferry")
    where = urlsplit(sandbox.ask("GET", "/", accept="application/json").json["mail"]["smtp_url"])
    with smtplib.SMTP(where.hostname or "", where.port or 0, timeout=10) as line:
        line.send_message(letter)


def taken(sandbox: Stranger) -> list[str]:
    return [one["to"] for one in sandbox.control("GET", "/mail")["letters"]]


def test_a_letter_is_taken_and_shown_to_whoever_asks(sandbox: Stranger) -> None:
    hand_over(sandbox)
    (letter,) = sandbox.control("GET", f"/mail?to={TO}")["letters"]
    assert letter["subject"] == "Nachtfähre is out"
    assert letter["links"] == ["https://music.example/night-ferry"]
    assert sandbox.control("GET", "/mail?to=nobody@fans.example")["letters"] == []
    assert sandbox.control("DELETE", "/mail") == {"thrown_away": 1}


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [("rate_limit", "/rcpt", 450), ("error", "/data", 451), ("forbidden", "/rcpt", 550)],
)
def test_a_refusal_has_its_code_and_takes_nothing(sandbox: Stranger, kind: str, path: str, code: int) -> None:
    sandbox.fault(kind, match={"service": "mail", "path": path}, times=1)
    with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)) as refused:
        hand_over(sandbox)
    problem = refused.value
    said = (
        problem.recipients[TO][0] if isinstance(problem, smtplib.SMTPRecipientsRefused) else problem.smtp_code
    )
    assert said == code
    assert taken(sandbox) == []
    hand_over(sandbox)
    assert taken(sandbox) == [TO]


@pytest.mark.parametrize(("when", "has"), [("before", []), ("after", [TO])])
def test_it_can_hang_up_before_it_has_taken_a_letter_or_after(
    sandbox: Stranger, when: str, has: list[str]
) -> None:
    sandbox.fault("drop", match={"service": "mail", "path": "/data"}, when=when, times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        hand_over(sandbox)
    assert taken(sandbox) == has

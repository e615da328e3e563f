"""The settings of the mail server: every wrong form is a sentence that holds nothing secret."""

from typing import Any

import pytest

from upbeat import env
from upbeat.delivery.mail import NotSent
from upbeat.env import MailServer, SettingError
from upbeat.web.checks import Level, findings

RIGHT = {
    "smtp://ana:a%40b@mail.example": MailServer("mail.example", 587, "ana", "a@b", starttls=True),
    "smtp://mail.example:2587?starttls=1": MailServer("mail.example", 2587, starttls=True),
    "smtp://127.0.0.1?starttls=0": MailServer("127.0.0.1", 25),
    "smtps://ana:s3cret@mail.example": MailServer("mail.example", 465, "ana", "s3cret", tls=True),
}
WRONG = {
    "mail.example:587": "must be like smtp://",
    "http://ana:s3cret@mail.example": "must be like smtp://",
    "smtp://ana:s3cret@[::1": "must be like smtp://",
    "smtp://ana:s3cret@mail.example:x": "must be like smtp://",
    "smtp://ana:s3cret@mail.example/inbox": "must be like smtp://",
    "smtp://ana@mail.example": "a user and a password, or neither",
    "smtp://ana:s3cret@mail.example?tls=1": "?starttls=0 or ?starttls=1",
    "smtps://ana:s3cret@mail.example?starttls=1": "encrypted from the first byte",
}


@pytest.mark.parametrize("url", RIGHT)
def test_a_server_is_one_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPBEAT_SMTP_URL", url)
    server = env.mail_server("UPBEAT_SMTP_URL")
    assert server == RIGHT[url]
    assert "s3cret" not in repr(server)


@pytest.mark.parametrize("url", WRONG)
def test_a_wrong_address_is_said_without_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPBEAT_SMTP_URL", url)
    with pytest.raises(SettingError) as problem:
        env.mail_server("UPBEAT_SMTP_URL")
    assert WRONG[url] in str(problem.value)
    assert "s3cret" not in str(problem.value)


@pytest.mark.parametrize("address", ["music.example", "@music.example", "Upbeat", "a@b\nBcc: everybody@else"])
def test_a_sender_that_is_no_address_is_said(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPBEAT_MAIL_FROM", address)
    with pytest.raises(SettingError, match="must be an address like"):
        env.mail_address("UPBEAT_MAIL_FROM")


@pytest.mark.django_db
def test_check_says_how_the_mail_stands(settings: Any) -> None:
    def mail() -> tuple[Level, str]:
        one = next(one for one in findings(ask=True) if one.what == "Mail")
        return one.level, one.sentence

    assert mail() == (Level.MISSING, "No reminders by e-mail, and alarms are shown in the dashboard alone.")
    settings.MAIL_SERVER = MailServer("127.0.0.1", 1)
    assert mail()[0] is Level.WRONG, "a sender is missing"
    settings.MAIL_FROM = "upbeat@music.example"
    assert mail() == (Level.MISSING, str(NotSent("The mail server could not be reached.")))
    settings.MAIL_SERVER = MailServer("mail.example", 25, "ana", "s3cret")
    assert mail() == (Level.WRONG, "The mail password would travel in the clear.")

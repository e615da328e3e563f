"""The way in: first run once, signing in without telling who exists, guessing limited, forms of our own pages only."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from tests.web.desk import PASSWORD, desk, draft, person
from upbeat.artists.models import Member, Person
from upbeat.web.dashboard import tries

pytestmark = pytest.mark.django_db
OWNER = {
    "name": "Ada Maes",
    "email": "Ada@Example.org",
    "password": "a ferry at midnight",
    "zone": "Europe/Berlin",
}


@pytest.fixture(autouse=True)
def _no_tries() -> None:
    cache.clear()


@pytest.mark.parametrize(
    "address", ["/", "/dashboard", "/sign-in", "/dashboard/releases/new", "/dashboard/releases/1"]
)
def test_a_fresh_installation_leads_to_the_first_run(address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/first-run")


def test_the_first_run_makes_an_owner_who_is_signed_in() -> None:
    client = Client()
    assert client.get("/first-run").status_code == 200
    assert client.post("/first-run", OWNER).headers["Location"] == "/dashboard"
    assert "Start with a link" in client.get("/dashboard").content.decode()
    owner = Person.objects.get()
    assert (owner.email, owner.zone, owner.initials) == ("ada@example.org", "Europe/Berlin", "AM")
    assert Member.objects.get(person=owner).role == Member.OWNER


def test_the_first_run_closes_after_its_first_use() -> None:
    Client().post("/first-run", OWNER)
    assert Client().get("/first-run").status_code == 404
    assert Client().post("/first-run", OWNER | {"email": "eve@example.org"}).status_code == 404
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Write your name."),
        ("email", "ada", "This is not an e-mail address."),
        ("password", "elevenchars", "This password has 11 characters. Use 12 or more"),
        ("password", "password1234", "on the list of common ones"),
        ("zone", "Mars/Olympus", "We do not know this time zone."),
    ],
)
def test_a_wrong_answer_is_a_sentence_and_makes_nobody(field: str, value: str, said: str) -> None:
    answer = Client().post("/first-run", OWNER | {field: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Person.objects.exists()


def test_a_password_is_never_sent_back() -> None:
    answer = Client().post("/first-run", OWNER | {"email": "ada"})
    assert OWNER["password"] not in answer.content.decode()


def test_signing_in_gives_the_session_a_new_id_and_leads_where_one_wanted_to_go() -> None:
    ada = person("Ada")
    campaign = draft(ada)
    client = Client()
    wanted = f"/dashboard/releases/{campaign.pk}/page"
    door = client.get(wanted).headers["Location"]
    assert door == "/sign-in?" + urlencode({"next": wanted})
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    answer = client.post(door, {"username": "ADA@example.org", "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == wanted
    assert client.session.session_key != before


def test_nobody_is_sent_to_another_site_after_signing_in() -> None:
    person("Ada")
    wanted = {"username": "ada@example.org", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/sign-in", wanted).headers["Location"] == "/dashboard"


def test_the_answer_is_the_same_for_an_address_we_know_and_one_we_do_not() -> None:
    person("Ada")
    pages = []
    for email in ("ada@example.org", "eve@example.org"):
        answer = Client().post("/sign-in", {"username": email, "password": "wrong"})
        assert answer.status_code == 422
        pages.append(_without_secrets(answer.content.decode().replace(email, "")))
    assert pages[0] == pages[1]
    assert "E-mail and password do not belong together." in pages[0]


def _without_secrets(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_hundred_wrong_tries_are_not_a_hundred_guesses() -> None:
    person("Ada")
    client = Client()
    wrong = {"username": "ada@example.org", "password": "wrong"}
    codes = [client.post("/sign-in", wrong).status_code for _ in range(tries.MOST_FOR_ACCOUNT + 2)]
    assert codes == [422] * tries.MOST_FOR_ACCOUNT + [429] * 2
    refused = client.post("/sign-in", {"username": "ada@example.org", "password": PASSWORD})
    assert refused.status_code == 429
    assert "Too many wrong tries." in refused.content.decode()


def test_guessing_at_many_accounts_from_one_address_is_limited_too() -> None:
    person("Ada")
    for number in range(tries.MOST_FOR_ADDRESS):
        tries.wrong(f"{number}@example.org", "127.0.0.1")
    answer = Client().post("/sign-in", {"username": "ada@example.org", "password": PASSWORD})
    assert answer.status_code == 429


def test_signing_out_needs_a_form_of_ours() -> None:
    client = desk(person("Ada"))
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/dashboard").status_code == 302


@pytest.mark.parametrize("address", ["/sign-in", "/dashboard/releases/new", "/dashboard/releases/1/publish"])
def test_a_form_from_elsewhere_is_refused(address: str) -> None:
    client = desk(person("Ada"), csrf=True)
    assert client.post(address, {"source": "859713000100"}).status_code == 403


def test_an_expired_session_sends_the_whole_page_to_the_door() -> None:
    person("Ada")
    answer = Client().post("/dashboard/releases/1/answer", {"title": "x"}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")

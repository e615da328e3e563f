"""The owner's account: made once, kept hashed, opened by its password."""

import pytest
from django.test import Client

from upbeat.artists.models import Person

pytestmark = pytest.mark.django_db

OWNER = {
    "name": "Nora Teller",
    "email": "nora@label.example",
    "password": "harbour lights 2026",
    "zone": "Europe/Berlin",
}


def test_the_owner_can_sign_in_with_the_password_chosen_on_the_first_visit() -> None:
    Client().post("/first-run", OWNER)
    client = Client()
    client.post("/sign-in", {"username": "Nora@Label.example", "password": OWNER["password"]})
    assert client.get("/dashboard").status_code == 200


def test_a_password_is_never_kept_as_it_was_typed() -> None:
    Client().post("/first-run", OWNER)
    kept = Person.objects.get().password
    assert OWNER["password"] not in kept
    assert kept.startswith("pbkdf2_sha256$")


def test_nobody_can_make_a_second_owner() -> None:
    Client().post("/first-run", OWNER)
    again = Client().post("/first-run", OWNER | {"email": "thief@label.example"})
    assert again.status_code == 404
    assert Person.objects.count() == 1

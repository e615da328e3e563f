"""Every way to change a page, on rows that are really committed: what a store locks needs a transaction of our own."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.sandbox_process import Sandbox
from tests.web.desk import PASSWORD, desk, draft, person, picture, ready

pytestmark = pytest.mark.django_db(transaction=True)
MARLO = "https://open.spotify.com/artist/4jfVyTe1hEeT6ow4HWW9nL"


def _changes() -> Iterator[tuple[str, dict[str, str]]]:
    yield "answer", {"title": "Night Ferry North"}
    yield "answer", {"slug": "dashboard"}
    yield "source", {"source": "nonsense"}
    yield "source", {"source": "859713000100"}
    yield "follows", {"who": "spotify:album:4uLU6hMCjMI75M1A2tKUQC"}
    yield "follows", {"who": MARLO}
    yield "follows", {"who": MARLO}
    yield "links", {"url": "javascript:alert(1)"}
    yield "links", {"url": "https://shop.example.com/wake"}
    yield "links", {"url": "https://shop.example.com/sail"}
    yield "publish", {}


@pytest.mark.parametrize("asked", [{}, {"HX-Request": "true"}], ids=["plain", "in place"])
def test_every_change_of_a_page_is_kept_or_refused(sandbox: Sandbox, asked: dict[str, str]) -> None:
    ada = person("Ada")
    campaign, client = draft(ada), desk(ada)
    start = f"/dashboard/releases/{campaign.pk}"
    for path, typed in _changes():
        assert client.post(f"{start}/{path}", typed, headers=asked).status_code in (200, 302, 422), path
    (first, _), target = campaign.offers.all(), campaign.follow_targets.get()
    for path, do in (
        (f"links/{first.pk}", "down"),
        (f"links/{first.pk}", "remove"),
        (f"follows/{target.pk}", "remove"),
    ):
        assert client.post(f"{start}/{path}", {"do": do}, headers=asked).status_code in (200, 302)
    assert campaign.offers.count() == 1
    assert not campaign.follow_targets.exists()


def test_a_cover_is_kept_or_refused_and_the_page_goes_out() -> None:
    ada = person("Ada")
    campaign, client = ready(ada), desk(ada)
    for body in (b"no picture", picture()):
        upload = SimpleUploadedFile("cover.jpg", body)
        assert client.post(f"/dashboard/releases/{campaign.pk}/cover", {"cover": upload}).status_code == 302
    assert client.post(f"/dashboard/releases/{campaign.pk}/publish").status_code == 302


def test_the_first_owner_is_made_and_signs_in_again() -> None:
    made = {
        "name": "Ada",
        "team": "Ada's",
        "email": "ada@example.org",
        "password": PASSWORD,
        "zone": "Europe/Berlin",
    }
    assert Client().post("/first-run", made).status_code == 302
    for password, status in (("wrong", 422), (PASSWORD, 302)):
        assert (
            Client().post("/sign-in", {"username": "ada@example.org", "password": password}).status_code
            == status
        )

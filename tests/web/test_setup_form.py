"""The form of set-up: saved as it is typed, wrong values stay, publishing refuses until all is right."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.sandbox_process import Sandbox
from tests.web.desk import NOW, desk, draft, person, picture, ready
from upbeat.artists.models import Person
from upbeat.campaigns import publish, setup
from upbeat.campaigns.models import Campaign
from upbeat.fans.models import PreSave

pytestmark = pytest.mark.django_db
AS_TYPED = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ada() -> Person:
    return person("Ada")


@pytest.fixture
def client(ada: Person) -> Client:
    return desk(ada)


def at(campaign: Campaign, part: str) -> str:
    return f"/dashboard/releases/{campaign.pk}/{part}"


def again(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def test_a_field_is_saved_while_it_is_typed(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    answer = client.post(at(campaign, "answer"), {"title": "Night Ferry North"}, **AS_TYPED)
    assert again(campaign).release.title == "Night Ferry North"
    assert answer.headers["HX-Trigger"] == "page-changed"
    assert re.search(r"Saved \d\d:\d\d:\d\d", answer.content.decode())


def test_a_wrong_value_stays_with_what_would_be_right(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    answer = client.post(at(campaign, "answer"), {"upc": "4 061707 811230"}, **AS_TYPED).content.decode()
    assert "The last digit does not fit." in answer
    assert "it would be 4, not 0" in answer
    assert ", except 1 field" in answer
    page = client.get(at(campaign, "page")).content.decode()
    assert 'value="4 061707 811230"' in page
    assert 'aria-invalid="true"' in page


def test_a_remedy_is_one_tap(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    day = {"day": "2027-03-28", "time": "02:30", "zone": "Europe/Berlin"}
    said = client.post(at(campaign, "answer"), day, **AS_TYPED).content.decode()
    assert "02:30 does not exist on this day in Berlin: the clocks go from 02:00 straight to 03:00." in said
    client.post(at(campaign, "answer"), {"use": "when:0"}, **AS_TYPED)
    assert again(campaign).opens_at == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("use", ["when:9", "when:-1", "title:0", "nonsense", "when:²"])
def test_a_remedy_that_does_not_exist_changes_nothing(ada: Person, client: Client, use: str) -> None:
    campaign = draft(ada)
    setup.settle(campaign, "when", {"day": "2027-03-28", "time": "02:30"}, NOW)
    assert client.post(at(campaign, "answer"), {"use": use}, **AS_TYPED).status_code == 200
    assert again(campaign).opens_at is None


def test_a_switch_that_is_off_says_so(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    client.post(at(campaign, "answer"), {"asked-offers_email": "1"}, **AS_TYPED)
    assert not again(campaign).offers_email
    assert again(campaign).offers_playlist
    client.post(at(campaign, "answer"), {"asked-offers_email": "1", "offers_email": "on"}, **AS_TYPED)
    assert again(campaign).offers_email


def test_what_we_do_not_ask_is_ignored(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    sly = {
        "state": "published",
        "version": "99",
        "published_at": "2026-01-01",
        "release": "7",
        "team": "2",
        "id": "1",
    }
    client.post(at(campaign, "answer"), sly | {"title": "Wake"})
    after = again(campaign)
    assert (after.state, after.release_id, after.published_at) == (Campaign.DRAFT, campaign.release_id, None)
    assert after.release.title == "Wake"
    assert after.version == campaign.version + 1


def test_everything_works_as_a_plain_form(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    typed = {
        "title": "Wake", "artist": "Marlo Venn", "kind": "ep", "upc": "859713000100", "day": "2027-03-26",
        "time": "18:00", "zone": "Europe/Berlin", "slug": "wake", "language": "en", "asked-offers_email": "1",
        "asked-offers_playlist": "1", "offers_playlist": "on", "asked-strict": "1",
    }  # fmt: skip
    answer = client.post(at(campaign, "answer"), typed)
    assert answer.headers["Location"] == at(campaign, "page")
    after = again(campaign)
    assert (after.slug, after.offers_email, after.offers_playlist, after.strict) == (
        "wake",
        False,
        True,
        False,
    )
    assert after.opens_at == datetime(2027, 3, 26, 17, 0, tzinfo=UTC)


def test_publishing_refuses_with_a_summary_that_leads_to_each_field(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    setup.settle(campaign, "upc", {"upc": "4 061707 811230"}, NOW)
    answer = client.post(at(campaign, "answer"), {"do": "publish", "title": "Wake", "artist": "Marlo Venn"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "things to put right before this can go out" in page
    assert '<a href="#q-upc">UPC: the last digit does not fit</a>' in page
    assert '<a href="#q-cover">Cover: there is no cover yet</a>' in page
    assert again(campaign).state == Campaign.DRAFT


def test_publishing_leads_to_the_link_and_plans_the_release(ada: Person, client: Client) -> None:
    campaign = ready(ada)
    answer = client.post(at(campaign, "publish"))
    assert answer.headers["Location"] == at(campaign, "share")
    assert again(campaign).slug == "night-ferry-north"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'release'")
        assert cursor.fetchone()[0] == 1
    page = client.get(at(campaign, "share")).content.decode()
    assert "It is live" in page
    assert "/night-ferry-north" in page


def test_the_public_address_answers_at_once(ada: Person, client: Client) -> None:
    campaign = ready(ada)
    assert client.get("/night-ferry-north").status_code == 404
    client.post(at(campaign, "publish"))
    assert Client().get("/night-ferry-north").status_code == 200


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_qr_code_is_a_file(ada: Person, client: Client, kind: str, start: bytes) -> None:
    campaign = ready(ada)
    assert client.get(at(campaign, f"qr.{kind}")).status_code == 404
    client.post(at(campaign, "publish"))
    answer = client.get(at(campaign, f"qr.{kind}"))
    assert answer.content.startswith(start)
    assert "night-ferry-north-qr" in answer.headers["Content-Disposition"]


def test_a_date_that_moves_takes_every_open_pre_save_along(
    ada: Person, client: Client, sandbox: Sandbox
) -> None:
    campaign = ready(ada)
    publish.publish(campaign, NOW)
    pre_save = waiting(campaign)
    asked = client.post(at(campaign, "answer"), {"day": "2027-04-02"}, **AS_TYPED).headers["HX-Redirect"]
    client.post(asked.partition("?")[0], {"day": "2027-04-02"})
    moved = datetime(2027, 4, 1, 22, 0, tzinfo=UTC)
    assert again(campaign).opens_at == moved
    assert {row.next_at for row in pre_save.deliveries.all()} == {moved}


def waiting(campaign: Campaign) -> PreSave:
    """A fan's pre-save with its planned save."""
    from upbeat.delivery import plan
    from upbeat.fans.models import Connection, Fan

    fan = Fan.objects.create(team=campaign.team, code="F-AAAA-AA", created_at=NOW)
    grant = Connection.objects.create(
        fan=fan, team=campaign.team, service="spotify", account_id="x", granted_at=NOW
    )
    pre_save = PreSave.objects.create(
        campaign=campaign, fan=fan, connection=grant, service="spotify", receipt="r" * 64, created_at=NOW
    )
    plan.plan_save(pre_save, NOW)
    return pre_save


# --- The cover -------------------------------------------------------------------------------------------------------
def upload(client: Client, campaign: Campaign, body: bytes, name: str = "cover.jpg") -> None:
    client.post(at(campaign, "cover"), {"cover": SimpleUploadedFile(name, body)})


def test_an_upload_becomes_the_cover(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    upload(client, campaign, picture())
    cover = again(campaign).release.cover
    assert cover is not None
    assert cover.palette["native"] in ("dark", "light")


def test_what_is_no_cover_is_refused_and_the_one_there_was_stays(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    upload(client, campaign, picture())
    kept = again(campaign).release.cover
    upload(client, campaign, b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cover.svg")
    assert again(campaign).release.cover == kept
    assert again(campaign).unsettled["cover"]["wrong"]
    assert "SVG" in client.get(at(campaign, "page")).content.decode()


def test_no_file_at_all_is_a_sentence(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    assert client.post(at(campaign, "cover")).status_code == 302
    assert "No file was chosen." in client.get(at(campaign, "page")).content.decode()


# --- Links -----------------------------------------------------------------------------------------------------------
def test_links_are_added_changed_and_removed(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    client.post(at(campaign, "links"), {"url": "https://shop.example.com/wake"}, **AS_TYPED)
    offer = campaign.offers.get()
    client.post(at(campaign, f"links/{offer.pk}"), {"label": "Store", "verb": "buy"}, **AS_TYPED)
    offer.refresh_from_db()
    assert (offer.label, offer.verb) == ("Store", "buy")
    client.post(at(campaign, f"links/{offer.pk}"), {"do": "remove"})
    assert not campaign.offers.exists()


def test_an_unsafe_link_stays_in_the_field_with_the_reason(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    said = client.post(at(campaign, "links"), {"url": "http://10.0.0.1/shop"}, **AS_TYPED).content.decode()
    assert "is not on the open internet" in said
    assert 'value="http://10.0.0.1/shop"' in said
    assert not campaign.offers.exists()


def test_a_button_cannot_carry_a_script(ada: Person, client: Client) -> None:
    campaign = draft(ada)
    client.post(at(campaign, "links"), {"url": "https://shop.example.com/wake"})
    offer = campaign.offers.get()
    label = '"><script>alert(1)</script>'
    client.post(at(campaign, f"links/{offer.pk}"), {"label": label, "verb": "buy"})
    assert "<script>alert(1)" not in client.get(at(campaign, "page")).content.decode()


# --- The preview -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("which", ["before", "success", "after"])
def test_the_preview_is_the_real_page_of_a_draft(
    ada: Person, client: Client, sandbox: Sandbox, which: str
) -> None:
    campaign = draft(ada)
    setup.settle(campaign, "title", {"title": "Low Tide"}, NOW)
    answer = client.get(at(campaign, f"preview/{which}"))
    assert answer.status_code == 200
    assert "Low Tide" in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert again(campaign).opens_at is None


def test_a_page_may_be_framed_by_nobody_else(ada: Person, client: Client) -> None:
    assert client.get(at(draft(ada), "page")).headers["X-Frame-Options"] == "DENY"

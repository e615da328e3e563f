"""The fans of a campaign: searched, narrowed, a page at a time (S29)."""

import html
import re

import pytest
from django.test import Client

from tests.delivery import books
from tests.web.desk import NOW, desk, person
from tests.web.night_books import Lot, book
from upbeat.artists.models import Team
from upbeat.campaigns.models import Campaign, Release
from upbeat.core.delivery import State
from upbeat.delivery import listing
from upbeat.delivery.models import Delivery
from upbeat.fans.models import Fan

pytestmark = pytest.mark.django_db
EVERY_STATE = [
    Lot("spotify", State.WAITING, 3),
    Lot("spotify", State.QUEUED, 2),
    Lot("spotify", State.IN_PROGRESS, 1),
    Lot("spotify", State.DELIVERED, 5, "done"),
    Lot("spotify", State.VERIFIED, 2, "done"),
    Lot("spotify", State.NEEDS_FAN, 4, "grant_dead"),
    Lot("deezer", State.DELIVERED, 6, "done", ("follow",)),
    Lot("deezer", State.PENDING_SOURCE, 7, "not_found_yet"),
    Lot("deezer", State.RETRYING, 1, "rate_limited"),
    Lot("deezer", State.REFUSED, 2, "library_full"),
    Lot("deezer", State.EXPIRED, 1, "service_error"),
    Lot("deezer", State.WITHDRAWN, 3),
]


@pytest.fixture
def campaign() -> Campaign:
    """A published one of Ada's, without a cover: making those takes a second."""
    return books.campaign(team=Team.objects.get(members__person=person("Ada")))


@pytest.fixture
def client(campaign: Campaign) -> Client:
    return desk(campaign.team.members.get().person)


def found(client: Client, campaign: Campaign, query: str = "") -> str:
    answer = client.get(f"/dashboard/releases/{campaign.pk}/fans{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def codes(page: str) -> list[str]:
    return re.findall(r'class="whole" href="[^"]*">([^<]+)</a>', page)


def chips(page: str) -> dict[str, int]:
    drawn = re.findall(r'class="chip".*?(?:</svg>|>)([A-Za-z ]+) <span class="quiet">([\d,]+)</span>', page)
    return {word: int(number.replace(",", "")) for word, number in drawn}


def name_fans(campaign: Campaign, *names: str) -> None:
    """Give the first fans real codes."""
    for fan, code in zip(Fan.objects.filter(team=campaign.team).order_by("id"), names, strict=False):
        Fan.objects.filter(pk=fan.pk).update(code=code)


def test_the_chips_add_up_to_the_pre_saves_and_name_withdrawn_apart(
    client: Client, campaign: Campaign
) -> None:
    book(campaign, EVERY_STATE, NOW)
    page = found(client, campaign)
    drawn = chips(page)
    assert drawn == {"All": 34, "Delivered": 13, "Queued": 7, "Pending": 7, "Could not": 7, "Withdrawn": 3}
    assert drawn["All"] + drawn["Withdrawn"] == campaign.pre_saves.count() == len(codes(page))
    assert 'Fans <span class="many-fans">' in page


def test_the_list_is_narrowed(client: Client, campaign: Campaign) -> None:
    book(campaign, EVERY_STATE, NOW)
    for query, number in [
        ("?state=could_not_be_delivered", 7),
        ("?state=needs_fan", 4),
        ("?state=withdrawn", 3),
        ("?service=deezer", 20),
        ("?service=deezer&state=delivered", 6),
        ("?reason=library_full", 2),
        ("?q=deez", 20),
        ("?q=deez&service=spotify", 0),
        ("?reason=library_full&state=delivered", 0),
    ]:
        assert len(codes(found(client, campaign, query))) == number, query


def test_each_line_says_what_was_asked_and_why_it_stands_so(client: Client, campaign: Campaign) -> None:
    book(campaign, EVERY_STATE, NOW)
    page = found(client, campaign)
    for words in (
        "Library · follows Marlo Venn",
        "Needs the fan",
        "Spotify says the permission has ended",
        "The library on Deezer is full",
        "Deezer does not show the release yet",
        "We tried for 14 days",
        "Deezer asked us to wait until",
        "Read back: it is there",
        "The fan took it back on 22 Nov",
    ):
        assert words in page, words


def test_a_fan_is_found_by_the_beginning_of_their_code(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 5, "done")], NOW)
    name_fans(campaign, "F-Q8ZA-3X", "F-Q8ZA-2P", "F-FQ22-22", "F-7K2M-QX", "F-R8ZA-2P")
    for typed, who in [
        ("F-Q8ZA-2P", ["F-Q8ZA-2P"]),
        ("q8za2p", ["F-Q8ZA-2P"]),
        (" f q8za ", ["F-Q8ZA-2P", "F-Q8ZA-3X"]),
        ("Q8", ["F-Q8ZA-2P", "F-Q8ZA-3X"]),
        ("F-FQ", ["F-FQ22-22"]),
        ("fq", ["F-FQ22-22"]),
        ("za-2p", []),
    ]:
        assert codes(found(client, campaign, f"?q={typed}")) == who, typed


def test_what_cannot_be_searched_for_is_said_in_a_sentence(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 2, "done")], NOW)
    for typed in [
        "hanna@mail.example",
        "%00",
        "'; drop table fans",
        "%F0%9F%8E%B5",
        "％",
        "١٢٣",
        "x" * 5000,
        "%25_",
    ]:
        page = found(client, campaign, f"?q={typed}")
        assert "A code is like F-Q8ZA-2P" in page or "E-mail addresses lie sealed here" in page, typed
        assert codes(page) == []


def test_pages_follow_each_other_without_a_gap(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 60, "done"), Lot("deezer", State.QUEUED, 50)], NOW)
    query, seen = "", []
    for _ in range(3):
        page = found(client, campaign, query)
        seen += codes(page)
        following = re.search(r'href="([^"]*)" rel="next"', page)
        query = following[1] if following else ""
    assert query == ""
    assert len(seen) == len(set(seen)) == 110
    newest = list(Delivery.objects.order_by("-id").values_list("pre_save__fan__code", flat=True))
    assert seen == newest


@pytest.mark.parametrize(("few", "step"), [(2_000, 100), (0, 20), (0, 100)])
def test_a_search_by_code_is_paged_by_code(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, few: int, step: int
) -> None:
    """Both ways: few saves are looked through for codes, and codes for saves where there are many."""
    monkeypatch.setattr(listing, "_FEW", few)
    monkeypatch.setattr(listing, "_STEP", step)
    book(campaign, [Lot("spotify", State.DELIVERED, 70, "done")], NOW)
    book(books.campaign(), [Lot("spotify", State.DELIVERED, 5, "done")], NOW)
    page = found(client, campaign, "?q=F-")
    following = re.search(r'href="([^"]*)" rel="next"', page)
    assert following
    rest = codes(found(client, campaign, following[1]))
    assert sorted(codes(page) + rest) == codes(page) + rest
    assert codes(found(client, campaign, "?q=F-&state=queued")) == []
    assert len(set(codes(page) + rest)) == 70


def test_a_made_up_cursor_breaks_nothing(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 2, "done")], NOW)
    for cursor in ["9" * 400, "-1", "0x10", "1e9", "%00", "١", "F-ZZ", str(2**63 - 1), ""]:
        assert len(codes(found(client, campaign, f"?after={cursor}"))) == 2, cursor
        found(client, campaign, f"?q=F-&after={cursor}")


def test_unknown_filters_narrow_to_nothing_known(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 2, "done")], NOW)
    assert len(codes(found(client, campaign, "?service=napster&state=lost&reason=%3Cscript%3E"))) == 2


def test_script_is_given_the_list_alone(client: Client, campaign: Campaign) -> None:
    book(campaign, EVERY_STATE, NOW)
    address = f"/dashboard/releases/{campaign.pk}/fans?state=delivered"
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert len(codes(part)) == 13
    assert '<input type="hidden" name="state" value="delivered">' in part


def test_another_campaigns_fans_are_not_in_it(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 1, "done")], NOW)
    other = books.campaign()
    book(other, [Lot("spotify", State.DELIVERED, 2, "done")], NOW)
    assert len(codes(found(client, campaign))) == 1
    assert len(codes(found(client, campaign, "?q=F-"))) == 1


def test_the_top_bar_finds_releases_by_name_and_fans_by_code(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 2, "done"), Lot("deezer", State.QUEUED, 1)], NOW)
    name_fans(campaign, "F-Q8ZA-3X", "F-Q8ZA-2P", "F-Q9ZA-22")
    theirs = books.campaign()
    Release.objects.filter(campaign=theirs).update(title="Night Bus")
    book(theirs, [Lot("spotify", State.DELIVERED, 1, "done")], NOW)
    Fan.objects.filter(team=theirs.team).update(code="F-Q8ZA-4B")

    def said(query: str) -> str:
        answer = client.get(f"/dashboard/fans{query}", follow=True)
        assert answer.status_code == 200
        return html.unescape(answer.content.decode())

    assert re.findall(r"<th scope=\"row\">([^<]+)</th>", said("")) == ["F-Q9ZA-22", "F-Q8ZA-2P", "F-Q8ZA-3X"]
    assert re.findall(r"<th scope=\"row\">([^<]+)</th>", said("?q=q8")) == ["F-Q8ZA-2P", "F-Q8ZA-3X"]
    assert "<h1>F-Q8ZA-2P</h1>" in said("?q=F-Q8ZA-2P")
    assert f'href="/dashboard/releases/{campaign.pk}"' in said(f"?q={campaign.release.title.lower()}")
    assert "Nothing is called that" in said("?q=Night Bus")
    for odd in ("%00", "'", "x" * 5000, "%F0%9F%8E%B5", "F-Q8ZA-4B"):
        assert "Nothing is called that" in said(f"?q={odd}")
    for cursor in ("9" * 400, "-1", "x", "%00"):
        said(f"?after={cursor}")
        said(f"?q=q8&after={cursor}")


def test_all_fans_are_paged_too(client: Client, campaign: Campaign) -> None:
    book(campaign, [Lot("spotify", State.DELIVERED, 70, "done")], NOW)
    for query in ("", "?q=F-"):
        page = html.unescape(client.get(f"/dashboard/fans{query}").content.decode())
        following = re.search(r'href="([^"]*)" rel="next"', page)
        assert following
        seen = re.findall(r"<th scope=\"row\">([^<]+)</th>", page)
        seen += re.findall(
            r"<th scope=\"row\">([^<]+)</th>", client.get(f"/dashboard/fans{following[1]}").content.decode()
        )
        assert len(seen) == len(set(seen)) == 70

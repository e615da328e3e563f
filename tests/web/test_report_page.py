"""The report as it is handed over: the page, the files, and the link that opens it to somebody without an account."""

import csv
import html
import io
import json
import re

import pytest
from django.test import Client

from tests.delivery import books
from tests.web.desk import NOW, desk, person
from tests.web.night_books import book
from tests.web.test_fans_list import EVERY_STATE
from upbeat.artists.models import Team
from upbeat.campaigns.models import Campaign
from upbeat.delivery.models import ReportLink
from upbeat.delivery.report import fingerprint
from upbeat.fans.models import Fan
from upbeat.web.dashboard.report import leaves

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    """Without a cover: making those takes a second."""
    campaign = books.campaign(team=Team.objects.get(members__person=person("Ada")))
    campaign.release.title = "=Night & Ferry"
    campaign.release.save()
    book(campaign, EVERY_STATE, NOW)
    return campaign


@pytest.fixture
def client(campaign: Campaign) -> Client:
    return desk(campaign.team.members.get().person)


def address(campaign: Campaign, part: str = "report") -> str:
    return f"/dashboard/releases/{campaign.pk}/{part}"


def shared(client: Client, campaign: Campaign) -> str:
    """Make a link; its path."""
    said = client.post(address(campaign, "report/links")).content.decode()
    made = re.search(r"https?://[^/\"]+(/report/[\w-]{32})\"", said)
    assert made
    return made[1]


def figures(page: str) -> list[int]:
    return [int(one.replace(",", "")) for one in re.findall(r'<dd class="figure[^"]*">([\d,]+)</dd>', page)]


def test_the_page_adds_up_to_the_pre_saves_and_names_withdrawn_apart(
    client: Client, campaign: Campaign
) -> None:
    page = html.unescape(client.get(address(campaign)).content.decode())
    assert figures(page) == [13, 7, 7, 7]
    assert "Not in these figures: 3 who took their pre-save back. With them there were 37." in page
    assert campaign.pre_saves.count() == 37
    assert "=Night & Ferry" in page
    assert "The library on Deezer is full." in page


def test_the_files_hold_the_same_as_the_page(client: Client, campaign: Campaign) -> None:
    told = json.loads(client.get(address(campaign, "report.json")).content)
    assert told["fingerprint"] == f"sha256:{fingerprint(told['report'])}"
    assert told["report"]["fans"]["counted"] + told["report"]["fans"]["withdrawn"] == 37
    answer = client.get(address(campaign, "report.csv"))
    assert answer.headers["Content-Disposition"].endswith(f'-report-{told["number"]}.csv"')
    rows = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert rows[0] == ["part", "what", "value"]
    assert rows[1:4] == [
        ["", key, rows[place][2]] for place, key in enumerate(("number", "as_of", "fingerprint"), 1)
    ]
    leaf = [[part, what, "" if value is None else str(value)] for part, what, value in leaves(told["report"])]
    leaf[0][2] = f"'{leaf[0][2]}"
    assert leaf[0] == ["release", "title", "'=Night & Ferry"]
    assert rows[4:] == leaf


def test_a_stranger_with_the_link_reads_counts_and_nothing_else(client: Client, campaign: Campaign) -> None:
    path = shared(client, campaign)
    answer = Client().get(path)
    page = answer.content.decode()
    assert figures(page) == [13, 7, 7, 7]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies
    assert "Vary" not in answer.headers or "Cookie" not in answer.headers["Vary"]
    assert "/dashboard/" not in page.replace("/static/dashboard/", "")
    assert "<script" not in page
    assert not [fan.code for fan in Fan.objects.all() if fan.code in page]
    for kind in ("csv", "json"):
        file = Client().get(f"{path}/report.{kind}")
        assert (file.status_code, file.headers["Cache-Control"]) == (200, "no-store")
    assert Client().get(f"{path}/report.exe").status_code == 404


def test_only_a_hash_of_the_key_is_kept(client: Client, campaign: Campaign) -> None:
    key = shared(client, campaign).rpartition("/")[2]
    assert key not in repr(list(ReportLink.objects.values()))
    assert key not in client.get(address(campaign)).content.decode()


def test_a_revoked_link_opens_nothing(client: Client, campaign: Campaign) -> None:
    path = shared(client, campaign)
    link = ReportLink.objects.get()
    assert client.post(address(campaign, f"report/links/{link.pk}")).status_code == 302
    assert Client().get(path).status_code == 404
    assert Client().get(f"{path}/report.json").status_code == 404
    assert client.post(address(campaign, f"report/links/{link.pk}")).status_code == 404
    assert "The link opens nothing any more." in client.get(address(campaign)).content.decode()


def test_a_made_up_key_opens_nothing(campaign: Campaign) -> None:
    for key in ["x", "%00", "a" * 3000, "é", "../report"]:
        assert Client().get(f"/report/{key}").status_code == 404, key


def test_another_team_hands_over_and_revokes_nothing(client: Client, campaign: Campaign) -> None:
    shared(client, campaign)
    link = ReportLink.objects.get()
    other = person("Ben")
    own = books.campaign(team=Team.objects.get(members__person=other))
    ben = desk(other)
    for part in ("report", "report.csv", "report.json"):
        assert ben.get(address(campaign, part)).status_code == 404
    assert ben.post(address(campaign, "report/links")).status_code == 404
    assert ben.post(address(campaign, f"report/links/{link.pk}")).status_code == 404
    assert ben.post(address(own, f"report/links/{link.pk}")).status_code == 404
    assert ben.post(address(own, f"report/links/{2**63}")).status_code == 404
    assert ReportLink.objects.get().revoked_at is None
    assert Client().post(address(campaign, "report/links")).status_code == 302
    assert ReportLink.objects.count() == 1


def test_before_the_release_it_says_that_they_wait(client: Client, campaign: Campaign) -> None:
    assert "34 fans wait for the release" in client.get(address(campaign)).content.decode()

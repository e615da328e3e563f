"""A campaign from a file: the rules of the form, each refusal with its key, and nothing half-written."""

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.desk import NOW, person, picture
from upbeat.artists.models import Team
from upbeat.campaigns.file import KEYS, Plan, Wrong, create, read_file
from upbeat.campaigns.models import Campaign, Release
from upbeat.providers.base import Entity

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "upbeat" / "commands" / "demonstration" / "night-ferry-north.toml"
GOOD = """
[release]
title = "Wake"
artist = "Marlo Venn"
kind = "ep"
upc = "859713000100"
tracks = 5
cover = "cover.jpg"

[when]
day = 2027-03-26
time = 00:00:00
zone = "Europe/Berlin"

[page]
address = "wake"
email = false

[[follows]]
link = "https://open.spotify.com/artist/4jfVyTe1hEeT6ow4HWW9nL"
name = "Marlo Venn"
main = true

[[links]]
url = "https://shop.example.com/wake"
verb = "buy"
label = "Store"
"""
FOLLOW = '\n[[follows]]\nlink = "https://open.spotify.com/playlist/{:022}"\nname = "Number {}"\n'

Made = tuple[Campaign | None, list[Wrong]]


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Made]:
    team = Team.objects.get(members__person=person("Ada"))
    (tmp_path / "cover.jpg").write_bytes(picture())

    def make(text: str, changes: list[tuple[str, str]] | None = None, **known: Entity) -> Made:
        path = tmp_path / "campaign.toml"
        path.write_text(text, encoding="utf-8")
        plan = read_file(path, changes or [])
        if not isinstance(plan, Plan):
            return None, plan
        return create(plan, team, zone="UTC", now=NOW, described=None, entities=known)

    return make


def test_a_whole_campaign_comes_from_a_file(made: Callable[..., Made]) -> None:
    campaign, wrong = made(GOOD)
    assert wrong == []
    assert campaign is not None
    release = campaign.release
    assert (release.title, release.kind, release.track_count, release.upc) == (
        "Wake",
        "ep",
        5,
        "859713000100",
    )
    assert (campaign.slug, campaign.offers_email, campaign.offers_playlist) == ("wake", False, True)
    assert release.cover is not None
    assert campaign.follow_targets.get().main
    assert campaign.offers.get().label == "Store"


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("859713000100", "859713000101", "release.upc", "The last digit does not fit."),
        ("2027-03-26", "2020-03-26", "when.day", "This moment has passed."),
        (
            "2027-03-26\ntime = 00:00:00",
            "2027-03-28\ntime = 02:30:00",
            "when.time",
            "02:30 does not exist on this day",
        ),
        (
            "2027-03-26\ntime = 00:00:00",
            "2027-10-31\ntime = 02:30:00",
            "when.time",
            'Add which = "first" or "second".',
        ),
        ("Europe/Berlin", "Berlin", "when.zone", "We do not know this time zone."),
        ('address = "wake"', 'address = "admin"', "page.address", "is kept for this installation itself"),
        ("cover.jpg", "missing.jpg", "release.cover", "cannot be read"),
        ("cover.jpg", "campaign.toml", "release.cover", "picture"),
        (
            "https://shop.example.com/wake",
            "http://10.0.0.1/wake",
            "links[1].url",
            "is not on the open internet",
        ),
        ('verb = "buy"', 'verb = "steal"', "links[1].url", "This is not a verb of a button."),
        ("open.spotify.com/artist/", "open.spotify.com/album/", "follows[1].link", "it cannot be followed"),
        ('name = "Marlo Venn"\n', "", "follows[1].link", "The service did not say who this is."),
        ('title = "Wake"', 'titel = "Wake"', "release.titel", "We do not know this key."),
        ("tracks = 5", 'tracks = "five"', "release.tracks", "This should be a whole number."),
        ("email = false", 'email = "no"', "page.email", "This should be true or false."),
        ("[[links]]", "[links]", "links", "Write it as [[links]]."),
        ("[when]", "[date]", "date", "We do not know this table."),
        ('title = "Wake"\n', "", "release.title", "There is no title yet."),
        ("[release]", "[release", "", "is not TOML"),
    ],
)
def test_each_slip_is_a_sentence_with_its_key(
    made: Callable[..., Made], old: str, new: str, key: str, said: str
) -> None:
    assert old in GOOD
    campaign, wrong = made(GOOD.replace(old, new))
    assert campaign is None
    assert [one.key for one in wrong] == [key]
    assert said in str(wrong[0])
    assert not Campaign.objects.exists()
    assert not Release.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(made: Callable[..., Made]) -> None:
    text = (
        GOOD.replace("859713000100", "1")
        .replace("2027-03-26", "2020-01-01")
        .replace('cover = "cover.jpg"\n', "")
    )
    _, wrong = made(text)
    assert {one.key for one in wrong} == {"release.upc", "when.day", "release.cover"}


def test_the_fourth_follow_is_refused_in_the_file_too(made: Callable[..., Made]) -> None:
    four = "".join(FOLLOW.format(number, number) for number in range(1, 5))
    campaign, wrong = made(GOOD + four)
    assert campaign is None
    assert str(wrong[0]) == (
        "follows[5].link: A page can ask for three follows besides the artist. “Number 4” would be the fourth. "
        "Remove one above, then add it."
    )


def test_of_an_hour_that_comes_twice_the_file_may_choose(made: Callable[..., Made]) -> None:
    text = GOOD.replace("2027-03-26\ntime = 00:00:00", '2027-10-31\ntime = "02:30"\nwhich = "second"')
    campaign, wrong = made(text)
    assert wrong == []
    assert campaign is not None
    assert campaign.fold == 1


def test_values_can_be_laid_over_the_file(made: Callable[..., Made]) -> None:
    campaign, wrong = made(
        GOOD, [("page.address", "other"), ("when.day", "2027-05-07"), ("when.time", "18:00")]
    )
    assert wrong == []
    assert campaign is not None
    assert (campaign.slug, str(campaign.day)) == ("other", "2027-05-07")


def test_the_reference_explains_every_key_and_the_example_uses_only_these() -> None:
    page = (ROOT / "docs" / "reference" / "campaign-file.md").read_text(encoding="utf-8")
    for table, keys in KEYS.items():
        assert f"`[{table}]`" in page or f"`[[{table}]]`" in page
        for key in keys:
            assert f"`{key}`" in page, f"{table}.{key}"
    assert set(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))) <= set(KEYS)
    assert isinstance(read_file(EXAMPLE), Plan)


def test_the_command_says_what_is_wrong_and_ends_with_two(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text(GOOD.replace("[when]", "[date]"), encoding="utf-8")
    command = [sys.executable, "-m", "upbeat", "campaign", "create", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 2
    assert ended.stderr == (
        "upbeat campaign: date: We do not know this table. There are release, when, page, follows, links.\n"
    )

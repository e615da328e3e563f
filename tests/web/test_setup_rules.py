"""The rules of set-up by tables: what is typed, what is kept, what is said."""

import itertools
from datetime import UTC, datetime

import pytest

from tests.web.desk import NOW, draft, person, ready
from upbeat.campaigns import follow_targets, offers, publish, setup, slugs
from upbeat.campaigns.models import Campaign, FollowTarget, Offer
from upbeat.campaigns.shown import shown
from upbeat.core.problem import Problem
from upbeat.providers.base import Entity, Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return draft(person("Ada"))


@pytest.mark.parametrize(
    ("question", "typed", "code"),
    [
        ("title", {"title": "x" * 201}, "title_long"),
        ("artist", {"artist": "x" * 201}, "artist_long"),
        ("kind", {"kind": "mixtape"}, "kind_unknown"),
        ("upc", {"upc": "4 061707 811230"}, "upc_check_digit"),
        ("upc", {"upc": "12345"}, "upc_length"),
        ("isrc", {"isrc": "nonsense"}, "isrc_shape"),
        ("when", {"day": "2027-03-28", "time": "02:30"}, "time_skipped"),
        ("when", {"day": "2027-10-31", "time": "02:30"}, "time_twice"),
        ("when", {"day": "2020-01-01", "time": "00:00"}, "date_past"),
        ("when", {"day": "soon", "time": "00:00"}, "day_shape"),
        ("when", {"day": "2027-03-26", "time": "25:00"}, "time_shape"),
        ("when", {"day": "2027-03-26", "time": "00:00", "zone": "Mars/Olympus"}, "zone_unknown"),
        ("slug", {"slug": "Nacht 🌙 Fähre"}, "slug_shape"),
        ("slug", {"slug": "dashboard"}, "slug_reserved"),
        ("slug", {"slug": "a--b"}, "slug_shape"),
        ("slug", {"slug": "x" * 61}, "slug_long"),
        ("language", {"language": "tlh"}, "language_unknown"),
    ],
)
def test_what_does_not_hold_is_refused_and_stays_as_it_was_typed(
    campaign: Campaign, question: str, typed: dict[str, str], code: str
) -> None:
    before = shown(campaign, question)
    settled = setup.settle(campaign, question, typed, NOW)
    assert settled.trouble is not None
    assert settled.trouble.problem.code == code
    assert settled.trouble.problem.wrong.endswith((".", "?"))
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert shown(campaign, question) == before | typed
    assert campaign.unsettled[question]["code"] == code
    assert campaign.opens_at is None


@pytest.mark.parametrize(
    ("question", "typed", "kept"),
    [
        ("title", "  Night \u0000 Ferry\u200b\n North ", "Night Ferry North"),
        ("upc", "UPC 0-85971-30001-00", "859713000100"),
        ("upc", "", ""),
        ("isrc", "qz-upb-26-00101", "QZUPB2600101"),
        ("kind", "ep", "ep"),
        ("slug", " Night-Ferry/ ", "night-ferry"),
    ],
)
def test_what_is_meant_is_understood(campaign: Campaign, question: str, typed: str, kept: str) -> None:
    settled = setup.settle(campaign, question, {question: typed}, NOW)
    if question == "upc" and typed and settled.trouble:
        pytest.fail(str(settled.trouble.problem))
    where = campaign if question == "slug" else campaign.release
    assert getattr(where, question) == kept


def test_the_instant_is_the_zones_midnight(campaign: Campaign) -> None:
    settled = setup.settle(campaign, "when", {"day": "2027-03-26", "time": "0", "zone": "Europe/Berlin"}, NOW)
    assert settled.changed
    assert campaign.opens_at == datetime(2027, 3, 25, 23, 0, tzinfo=UTC)


def test_a_skipped_hour_is_put_right_with_one_tap(campaign: Campaign) -> None:
    trouble = setup.settle(campaign, "when", {"day": "2027-03-28", "time": "02:30"}, NOW).trouble
    assert trouble is not None
    assert [remedy.label for remedy in trouble.remedies] == ["Use 03:00", "Use 01:59"]
    kept = campaign.unsettled["when"]
    assert setup.settle(campaign, "when", kept["values"] | kept["remedies"][0]["values"], NOW).trouble is None
    assert campaign.opens_at == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert campaign.unsettled == {}


@pytest.mark.parametrize(("fold", "hour"), [("0", 0), ("1", 1)])
def test_of_an_hour_that_comes_twice_the_chosen_one_is_meant(
    campaign: Campaign, fold: str, hour: int
) -> None:
    typed = {"day": "2027-10-31", "time": "02:30", "fold": fold}
    assert setup.settle(campaign, "when", typed, NOW).trouble is None
    assert campaign.opens_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_a_wrong_answer_leaves_the_last_right_one_on_the_page(campaign: Campaign) -> None:
    setup.settle(campaign, "when", {"day": "2027-03-26", "time": "00:00"}, NOW)
    setup.settle(campaign, "when", {"day": "2027-03-28", "time": "02:30"}, NOW)
    assert campaign.opens_at == datetime(2027, 3, 25, 23, 0, tzinfo=UTC)


def test_every_change_makes_a_new_version_and_the_same_answer_none(campaign: Campaign) -> None:
    before = campaign.version
    assert setup.settle(campaign, "title", {"title": "Wake"}, NOW).changed
    assert campaign.version == before + 1
    assert not setup.settle(campaign, "title", {"title": "Wake"}, NOW).changed
    assert campaign.version == before + 1


def test_a_taken_address_comes_with_a_free_one(campaign: Campaign) -> None:
    setup.settle(campaign, "slug", {"slug": "wake"}, NOW)
    other = draft(person("Ben"))
    trouble = setup.settle(other, "slug", {"slug": "wake"}, NOW).trouble
    assert trouble is not None
    assert trouble.problem.code == "slug_taken"
    free = trouble.remedies[0].values
    assert setup.settle(other, "slug", free, NOW).trouble is None


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("Größe & Café's",), "grosse-and-cafes"),
        (("東雲ランプ", "Óla Brekkudóttir"), "ola-brekkudottir"),
        (("🌙",), "release"),
        (("Dashboard", "Marlo Venn"), "marlo-venn"),
    ],
)
def test_an_address_is_suggested_from_the_words_there_are(words: tuple[str, ...], slug: str) -> None:
    assert slugs.suggest(*words) == slug


def test_no_address_of_our_own_can_be_taken() -> None:
    from django.urls import get_resolver

    firsts = {
        str(one.pattern).split("/")[0] for part in get_resolver().url_patterns for one in part.url_patterns
    }
    ours = {first for first in firsts if first and "<" not in first}
    assert len(ours) >= 4
    assert ours | {"connect", "media", "static", "health"} <= slugs.RESERVED


# --- Follows ---------------------------------------------------------------------------------------------------------
def entity(name: str, kind: Kind = Kind.ARTIST) -> Entity:
    return Entity("spotify", kind, name.replace(" ", ""), name)


def test_a_page_asks_for_three_follows_besides_the_artist_and_refuses_the_fourth(campaign: Campaign) -> None:
    setup.settle(campaign, "artist", {"artist": "Nia Farrow"}, NOW)
    assert isinstance(follow_targets.add(campaign, entity("Nia Farrow")), FollowTarget)
    for name, kind in (("New", Kind.PLAYLIST), ("Saltmarsh Choir", Kind.ARTIST), ("paleharbour", Kind.USER)):
        assert isinstance(follow_targets.add(campaign, entity(name, kind)), FollowTarget)
    refused = follow_targets.add(campaign, entity("Low Meridian"))
    assert isinstance(refused, Problem)
    assert refused.sentence == (
        "A page can ask for three follows besides the artist. “Low Meridian” would be the fourth. "
        "Remove one above, then add it."
    )
    targets = list(campaign.follow_targets.all())
    assert [target.name for target in targets if target.main] == ["Nia Farrow"]
    assert len(targets) == 4


def test_the_same_one_is_not_added_twice(campaign: Campaign) -> None:
    follow_targets.add(campaign, entity("Saltmarsh Choir"))
    again = follow_targets.add(campaign, entity("Saltmarsh Choir"))
    assert isinstance(again, Problem)
    assert again.code == "follow_twice"


def test_another_main_artist_takes_the_place_of_the_first(campaign: Campaign) -> None:
    follow_targets.add(campaign, entity("Nia Farrow"), main=True)
    follow_targets.add(campaign, entity("Orrin Vale"), main=True)
    assert [target.name for target in campaign.follow_targets.all()] == ["Orrin Vale"]


def test_a_playlist_cannot_be_the_main_artist(campaign: Campaign) -> None:
    refused = follow_targets.add(campaign, entity("New", Kind.PLAYLIST), main=True)
    assert isinstance(refused, Problem)
    assert refused.code == "follow_main_kind"


# --- Links -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("javascript:alert(1)", "address_scheme"),
        ("http://192.168.0.1/shop", "address_private"),
        ("https://localhost/shop", "address_private"),
        ("https://name@shop.example.com/", "address_user"),
        ("two words", "not_a_link"),
    ],
)
def test_an_unsafe_link_is_refused(campaign: Campaign, url: str, code: str) -> None:
    refused = offers.add(campaign, url)
    assert isinstance(refused, Problem)
    assert refused.code == code
    assert not campaign.offers.exists()


def test_a_known_host_has_its_name_and_verb_and_an_unknown_one_can_be_named(campaign: Campaign) -> None:
    known = offers.add(campaign, "https://marlovenn.bandcamp.com/album/wake")
    unknown = offers.add(campaign, "shop.example.com/wake")
    assert isinstance(known, Offer)
    assert isinstance(unknown, Offer)
    assert (known.service, known.label, known.verb) == ("bandcamp", "Bandcamp", "pre-order")
    assert (unknown.service, unknown.label) == ("", "shop.example.com")
    assert offers.change(campaign, unknown.pk, verb="buy", label=" Official  store ") is None
    unknown.refresh_from_db()
    assert (unknown.label, unknown.verb) == ("Official store", "buy")
    problem = offers.change(campaign, unknown.pk, verb="steal")
    assert problem is not None
    assert problem.code == "verb_unknown"


def test_links_are_put_in_order_step_by_step(campaign: Campaign) -> None:
    for name in "abc":
        offers.add(campaign, f"https://shop.example.com/{name}", label=name)
    ids = dict(campaign.offers.values_list("label", "pk"))
    for name, step in (("c", -1), ("c", -1), ("c", -1), ("a", 1)):
        offers.move(campaign, ids[name], step)
    assert "".join(campaign.offers.values_list("label", flat=True)) == "cba"


# --- Publishing ------------------------------------------------------------------------------------------------------
def test_an_empty_draft_says_all_that_is_missing(campaign: Campaign) -> None:
    assert {one.question for one in publish.findings(campaign, NOW)} >= {"cover", "title", "artist", "when"}
    assert publish.publish(campaign, NOW)
    assert campaign.state == Campaign.DRAFT


def test_what_is_ready_goes_out_under_a_suggested_address() -> None:
    campaign = ready(person("Ada"))
    assert publish.publish(campaign, NOW) == []
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert (campaign.state, campaign.slug, campaign.published_at) == (
        Campaign.PUBLISHED,
        "night-ferry-north",
        NOW,
    )


def test_an_answer_that_does_not_hold_keeps_the_page_from_going_out() -> None:
    campaign = ready(person("Ada"))
    setup.settle(campaign, "upc", {"upc": "859713000101"}, NOW)
    assert [one.question for one in publish.publish(campaign, NOW)] == ["upc"]


def test_a_moment_that_has_passed_meanwhile_keeps_it_too() -> None:
    campaign = ready(person("Ada"))
    late = datetime(2027, 6, 1, tzinfo=UTC)
    assert [one.problem.code for one in publish.publish(campaign, late)] == ["date_past"]


@pytest.mark.parametrize(
    ("question", "typed", "code"),
    [
        ("title", {"title": ""}, "title_missing"),
        ("slug", {"slug": "another"}, "slug_fixed"),
        ("when", {"day": ""}, "moment_missing"),
        ("when", {"day": "2026-01-01"}, "date_past"),
    ],
)
def test_a_published_page_keeps_what_it_needs(question: str, typed: dict[str, str], code: str) -> None:
    campaign = ready(person("Ada"))
    publish.publish(campaign, NOW)
    trouble = setup.settle(campaign, question, typed, NOW).trouble
    assert trouble is not None
    assert trouble.problem.code == code


def test_what_is_out_already_may_still_be_moved_ahead_but_not_into_the_past() -> None:
    campaign, later = ready(person("Ada")), datetime(2027, 6, 1, tzinfo=UTC)
    publish.publish(campaign, NOW)
    trouble = setup.settle(campaign, "when", {"day": "2027-05-31"}, later).trouble
    assert trouble is not None
    assert trouble.problem.code == "date_past"
    assert setup.settle(campaign, "when", {"day": "2028-01-01"}, later).changed
    assert not campaign.is_out(later)


def test_a_local_release_needs_no_choice_where_the_clocks_change() -> None:
    campaign = ready(person("Ada"))
    for day, at in (("2026-03-29", "02:30"), ("2026-10-25", "02:30"), ("2026-04-24", "00:30")):
        typed = {"day": day, "time": at, "zone": "Europe/Berlin", "local": "1"}
        assert setup.settle(campaign, "when", typed, datetime(2026, 1, 1, tzinfo=UTC)).trouble is None
    assert campaign.opens_at == datetime(2026, 4, 23, 10, 30, tzinfo=UTC)
    assert campaign.opens_for("America/New_York") == datetime(2026, 4, 24, 4, 30, tzinfo=UTC)
    assert setup.settle(campaign, "when", {"local": "0"}, NOW).trouble is not None  # it has passed by now


def test_a_local_release_must_lie_ahead_by_the_teams_own_clock() -> None:
    campaign = ready(person("Ada"))
    typed = {"day": "2027-03-26", "time": "00:00", "zone": "Europe/Berlin", "local": "1"}
    assert setup.settle(campaign, "when", typed, datetime(2027, 3, 25, 22, 59, tzinfo=UTC)).trouble is None
    assert setup.settle(
        campaign, "when", typed | {"time": "00:01"}, datetime(2027, 3, 25, 23, 1, tzinfo=UTC)
    ).trouble


def test_an_artist_nobody_needs_any_more_goes() -> None:
    campaign = draft(person("Ada"))
    for name in itertools.accumulate("Nia"):
        setup.settle(campaign, "artist", {"artist": name}, NOW)
    assert list(campaign.team.artists.values_list("name", flat=True)) == ["Nia"]

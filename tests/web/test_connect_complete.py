"""COMPLETE: follows, playlist and e-mail, each only if the fan said so, on one trip or two."""

import re
from itertools import combinations
from urllib.parse import urlsplit

import pytest

from tests.sandbox_process import Sandbox
from tests.web.browser import Browser, Reply
from tests.web.running import Product
from tests.web.test_connect import query_of

OF_PAGE = "(SELECT id FROM campaigns_campaign WHERE slug = ?)"


def slug(page: str) -> str:
    return page.rpartition("/")[2]


def consents(product: Product, page: str) -> list[tuple[str, str, str]]:
    sql = f"SELECT words, words_version, language FROM fans_consent WHERE campaign_id = {OF_PAGE}"
    return product.rows(sql, slug(page))


def playlist(product: Product, page: str) -> list[tuple[str, str, int]]:
    return product.rows(
        "SELECT name, playlist_id, is_new FROM fans_playlistchoice JOIN fans_presave p ON p.id = pre_save_id "
        f"WHERE p.campaign_id = {OF_PAGE}",
        slug(page),
    )


def completed(product: Product, page: str) -> bool:
    sql = f"SELECT completed_at FROM fans_presave WHERE campaign_id = {OF_PAGE}"
    return product.one(sql, slug(page)) is not None


def follows(services: Sandbox, name: str) -> set[str]:
    return {one["name"] for one in services.fan(name)["artists"]}


def offered(success: Reply) -> list[str]:
    return success.form("/yours").offered["follow"]


@pytest.mark.parametrize("chosen", [*combinations((0, 1), 0), *combinations((0, 1), 1), (0, 1)])
def test_exactly_the_approved_follows_happen_at_once(
    product: Product, fan: Browser, services: Sandbox, chosen: tuple[int, ...]
) -> None:
    name, names = f"Follower {chosen}", ("Marlo Venn", "DJ Kettlewell")
    success = fan.pre_save(product.campaign(), "spotify", name)
    done = fan.send(success.form("/yours"), follow=[offered(success)[one] for one in chosen], do="complete")
    assert done.path.endswith("/yours")
    assert "Add to calendar" in done.text
    assert follows(services, name) == {names[one] for one in chosen}


def test_the_main_artist_is_ticked_and_the_others_as_the_team_says(product: Product, fan: Browser) -> None:
    success = fan.pre_save(product.campaign(), "spotify", "Ticks")
    form = success.form("/yours")
    assert [value for name, value in form.values if name == "follow"] == offered(success)[:1]


def test_nothing_is_followed_before_complete(product: Product, fan: Browser, services: Sandbox) -> None:
    fan.pre_save(product.campaign(), "spotify", "Waits")
    assert follows(services, "Waits") == set()


def test_what_the_page_did_not_offer_is_not_followed(product: Product, fan: Browser) -> None:
    page = product.campaign()
    others = fan.pre_save(product.campaign(), "spotify", "Elsewhere")
    success = fan.pre_save(page, "spotify", "Forger")
    fan.send(success.form("/yours"), follow=[*offered(others), "0", "9999", "x"], do="complete")
    chosen = "SELECT count(*) FROM fans_followchoice JOIN fans_presave p ON p.id = pre_save_id WHERE p.campaign_id = "
    assert product.one(chosen + OF_PAGE, slug(page)) == 0


def test_a_new_playlist_needs_a_second_trip_which_finishes_by_itself(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "Lister")
    answers = {"follow": offered(success), "playlist": "new", "playlist_name": "  Night   drives "}
    asked = fan.send(success.form("/yours"), **answers, do="complete")
    assert "playlist-modify-private" in query_of(asked.url)["scope"][0]
    assert not completed(product, page)
    done = fan.answer(asked, "Lister")
    assert "Night drives" in done.text
    assert playlist(product, page) == [("Night drives", "", 1)]
    assert follows(services, "Lister") == {"Marlo Venn", "DJ Kettlewell"}


def test_a_fan_may_choose_one_of_their_own_playlists(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "Chooser")
    asked = fan.send(success.form("/yours"), do="playlists")
    shown = fan.answer(asked, "Chooser")
    ids = shown.form("/yours").offered["playlist_id"]
    done = fan.send(shown.form("/yours"), playlist="mine", playlist_id=ids[-1], do="complete")
    assert "Add to calendar" in done.text
    [(name, playlist_id, is_new)] = playlist(product, page)
    assert (playlist_id, is_new) == (ids[-1], 0)
    assert name in done.text


def test_choosing_one_of_mine_before_we_may_look_asks_for_that(product: Product, fan: Browser) -> None:
    success = fan.pre_save(product.campaign(), "spotify", "Early")
    asked = fan.send(success.form("/yours"), playlist="mine", do="complete")
    shown = fan.answer(asked, "Early")
    form = shown.form("/yours")
    assert ("playlist", "mine") in form.values
    assert form.offered["playlist_id"]


def test_somebody_elses_playlist_is_not_one_of_mine(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "deezer", "Picker")
    again = fan.send(success.form("/yours"), playlist="mine", playlist_id="908622995", do="complete")
    assert "This playlist is not there any more" in again.text
    assert not completed(product, page)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"playlist": "new", "playlist_name": "  "}, "Give the playlist a name."),
        ({"playlist": "new", "playlist_name": "x" * 101}, "Use 100 letters at the most."),
        ({"playlist": "mine"}, "Choose one of your playlists."),
        ({"consent": "yes", "email": ""}, "This is not an e-mail address."),
        ({"consent": "yes", "email": "ada"}, "This is not an e-mail address."),
        (
            {"consent": "yes", "email": "ada@example.com\r\nBcc: x@example.com"},
            "This is not an e-mail address.",
        ),
        ({"consent": "yes", "email": "a" * 60_000 + "@example.com"}, "This is not an e-mail address."),
    ],
)
def test_what_does_not_hold_is_said_and_nothing_is_recorded(
    product: Product, fan: Browser, answers: dict[str, str], sentence: str
) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "deezer", "Careless")
    again = fan.send(success.form("/yours"), **answers, do="complete")
    assert again.status == 422
    assert sentence in again.text
    assert "Pre-saved on Deezer" in again.text
    assert not completed(product, page)
    assert consents(product, page) == []


def test_what_was_chosen_is_still_chosen_after_a_mistake(product: Product, fan: Browser) -> None:
    success = fan.pre_save(product.campaign(), "spotify", "Keeper")
    second = offered(success)[1]
    again = fan.send(success.form("/yours"), follow=[second], consent="yes", email="no", do="complete")
    values = again.form("/yours").values
    assert [value for name, value in values if name == "follow"] == [second]
    assert ("email", "no") in values
    assert ("consent", "yes") in values


def test_a_consent_is_kept_with_the_words_that_were_shown_and_the_address_sealed(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "deezer", "Agrees")
    assert "consent" not in dict(success.form("/yours").values)
    fan.send(success.form("/yours"), consent="yes", email="Fan@Example.com", do="complete")
    [(words, version, language)] = consents(product, page)
    assert words == "Marlo Venn may e-mail me about new music and concerts. I can stop at any time."
    assert words in re.sub("<[^>]+>", "", success.text)
    assert (version, language) == ("en-1", "en")
    stored = b"".join(one.read_bytes() for one in product.folder.glob("upbeat.sqlite3*"))
    assert b"fan@example.com" not in stored.lower()


def test_without_a_tick_no_address_is_kept(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "deezer", "Silent")
    done = fan.send(success.form("/yours"), email="silent@example.com", do="complete")
    assert "Add to calendar" in done.text
    assert consents(product, page) == []


def test_an_address_never_travels_on_the_second_trip(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "Travels")
    form = success.form("/yours")
    asked = fan.send(
        form, consent="yes", email="travels@example.com", playlist="new", playlist_name="Mine", do="complete"
    )
    assert len(consents(product, page)) == 1
    assert "travels" not in asked.url
    assert "travels@" not in product.one("SELECT group_concat(choices) FROM fans_trip")


def test_a_second_permission_refused_leaves_the_pre_save_and_the_choices(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "Halfway")
    asked = fan.send(success.form("/yours"), playlist="new", playlist_name="Mine", follow=[], do="complete")
    back = fan.answer(asked, "Halfway", agree=False)
    assert "Pre-saved on Spotify" in back.text
    assert "Nothing was changed" in back.text
    assert ("playlist_name", "Mine") in back.form("/yours").values
    assert not completed(product, page)


def test_a_second_permission_of_another_account_is_not_kept(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "First one")
    fan.cookies = {host: jar for host, jar in fan.cookies.items() if host == urlsplit(page).netloc}
    asked = fan.send(success.form("/yours"), playlist="new", playlist_name="Mine", do="complete")
    back = fan.answer(asked, "Second one")
    assert "That was another account" in back.text
    assert not completed(product, page)
    scopes = "SELECT c.scopes FROM fans_connection c JOIN fans_presave p ON p.connection_id = c.id"
    assert "playlist" not in product.one(f"{scopes} WHERE p.campaign_id = {OF_PAGE}", slug(page))


def test_in_the_strict_way_follows_are_asked_for_on_complete(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    success = fan.pre_save(product.campaign(strict=True), "spotify", "Strict")
    asked = fan.send(success.form("/yours"), do="complete")
    assert "user-follow-modify" in query_of(asked.url)["scope"][0]
    done = fan.answer(asked, "Strict")
    assert "Add to calendar" in done.text
    assert follows(services, "Strict") == {"Marlo Venn"}


def test_who_leaves_before_complete_keeps_the_pre_save_and_may_finish_later(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Returns")
    home = fan.open(page)
    assert f'href="{urlsplit(page).path}/spotify/yours"' in home.text
    again = fan.open(f"{page}/spotify/yours")
    done = fan.send(again.form("/yours"), do="complete")
    assert completed(product, page)
    assert "Change or undo" in done.text
    assert "Add to calendar" in fan.open(f"{page}/spotify/yours").text


def test_a_choice_may_be_changed(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "deezer", "Changes")
    fan.send(success.form("/yours"), playlist="new", playlist_name="One", do="complete")
    change = fan.open(f"{page}/deezer/yours?change=1")
    assert ("playlist_name", "One") in change.form("/yours").values
    done = fan.send(change.form("/yours"), playlist="no", do="complete")
    assert playlist(product, page) == []
    assert "One" not in done.text.partition("Add to calendar")[2].partition("Change or undo")[0]


def test_follows_that_do_not_answer_hold_the_fan_up_four_seconds_at_most(
    product: Product, fan: Browser, services: Sandbox
) -> None:
    success = fan.pre_save(product.campaign(), "spotify", "Patient")
    services.fault("delay", match={"service": "spotify", "path": "/v1/me/(library|following)"}, seconds=7)
    done = fan.send(success.form("/yours"), do="complete")
    services.no_faults()
    assert "Add to calendar" in done.text
    assert "Working" in done.text

"""After the instant: the smart link for everybody, and the fan's own library first for those who pre-saved."""

from urllib.parse import urlsplit

import pytest

from tests.web.browser import Browser
from tests.web.running import Product

LINK = {"spotify": "https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"}
SAVES = """UPDATE delivery_delivery SET state = ?, next_at = NULL, reason = 'x', note = '' WHERE action = 'save' AND
           campaign_id = (SELECT id FROM campaigns_campaign WHERE slug = ?)"""


def release(product: Product, page: str) -> None:
    """The release is out, and on Spotify."""
    slug = page.rpartition("/")[2]
    product.change("UPDATE campaigns_campaign SET opens_at = '2020-01-01 00:00:00' WHERE slug = ?", slug)
    product.change(
        "UPDATE campaigns_servicelink SET url = ?, found_at = '2020-01-01 00:00:00' WHERE service = 'spotify' AND "
        "release_id = (SELECT release_id FROM campaigns_campaign WHERE slug = ?)",
        LINK["spotify"],
        slug,
    )
    product.change("UPDATE campaigns_campaign SET version = version + 1 WHERE slug = ?", slug)


def test_only_services_that_have_the_release_are_listed(product: Product, fan: Browser) -> None:
    page = product.campaign(opens_in=-60, links=LINK)
    shown = fan.get(page)
    assert "Out now" in shown.text
    assert f'href="{urlsplit(page).path}/play/spotify"' in shown.text
    assert "Deezer" not in shown.text
    play = fan.get(f"{page}/play/spotify")
    album = urlsplit(LINK["spotify"]).path
    here = product.environment["UPBEAT_SPOTIFY_OPEN_URL"]  # the sandbox plays open.spotify.com
    assert (play.status, play.headers["location"]) == (302, here + album)
    assert fan.get(f"{page}/play/deezer").status == 404


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("delivered", "Already in your library"),
        ("verified", "Already in your library"),
        ("refused", "Spotify did not take it"),
        ("expired", "Spotify did not take it"),
        ("needs_fan", "Spotify asks you again"),
    ],
)
def test_a_pre_saver_reads_how_their_own_save_stands(
    product: Product, fan: Browser, stranger: Browser, state: str, sentence: str
) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", f"Fan {state}")
    product.change(SAVES, state, page.rpartition("/")[2])
    release(product, page)
    shown = fan.get(page)
    assert sentence in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert sentence in fan.open(f"{page}/spotify/yours").text
    assert sentence not in stranger.get(page).text


def test_a_fan_whose_permission_ended_may_give_it_again_after_the_release(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Again")
    product.change(SAVES, "needs_fan", page.rpartition("/")[2])
    release(product, page)
    back = fan.pre_save(page, "spotify", "Again")
    assert "On its way to your library" in back.text or "Already in your library" in back.text


def test_after_the_release_there_is_no_sheet_for_newcomers(product: Product, fan: Browser) -> None:
    page = product.campaign(opens_in=-60, links=LINK)
    for address in ("/spotify", "/remind"):
        reply = fan.get(page + address)
        assert (reply.status, reply.headers["location"]) == (302, urlsplit(page).path)


def test_the_demo_jumps_to_the_release(product: Product, fan: Browser) -> None:
    page = product.campaign(opens_in=3_600)
    target = fan.get(page).form("/_demo/jump").action
    assert fan.post(target, [], Origin="https://evil.example").status == 403
    assert "Out now" in fan.follow(fan.post(target, [])).text
    assert fan.post(target, []).status == 409
    assert fan.get(target).status == 405


def test_the_calendar_file_names_the_instant(product: Product, fan: Browser) -> None:
    page = product.campaign()
    reply = fan.get(f"{page}/release.ics")
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    opens = product.one("SELECT opens_at FROM campaigns_campaign WHERE slug = ?", page.rpartition("/")[2])
    stamp = opens.partition(".")[0].replace("-", "").replace(":", "").replace(" ", "T")
    assert f"DTSTART:{stamp}Z" in reply.text
    assert "Night Ferry North" in reply.text
    assert page in reply.text.replace("\r\n ", "")


def test_a_reminder_without_an_address(product: Product, fan: Browser) -> None:
    page = product.campaign()
    shown = fan.get(f"{page}/remind")
    assert "Put it in a calendar" in shown.text
    assert 'name="email"' not in shown.text


def test_a_fan_on_three_services_is_one_person_on_the_receipt_of_their_own_browser(
    product: Product, fan: Browser, stranger: Browser
) -> None:
    page = product.campaign()
    keys = [
        fan.pre_save(page, service, "Thrice").text.partition('"/r/')[2][:43]
        for service in ("spotify", "deezer", "soundcloud")
    ]
    here = fan.get(f"{product.url}/r/{keys[0]}").text
    assert all(f"On {label}" in here for label in ("Spotify", "Deezer", "SoundCloud"))
    assert f'href="/r/{keys[1]}"' in here and f'href="/r/{keys[2]}"' in here
    elsewhere = stranger.get(f"{product.url}/r/{keys[0]}").text
    assert "On Spotify" in elsewhere
    assert "On Deezer" not in elsewhere and "On SoundCloud" not in elsewhere


def test_the_receipt_opens_with_its_key_alone(product: Product, fan: Browser, stranger: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "Receipt")
    fan.send(success.form("/yours"), consent="yes", email="receipt@example.com", do="complete")
    key = success.text.partition('"/r/')[2][:43]
    address = f"{product.url}/r/{key}"
    shown = stranger.get(address)
    assert shown.status == 200
    assert "Your receipt" in shown.text
    assert "Waiting" in shown.text
    assert "receipt@example.com" not in shown.text
    assert shown.headers["cache-control"] == "no-store"

"""The fan's pages in a real Chromium: they fit, they can be read and reached, and they work without script."""

import gzip
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Formatter

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from upbeat.web.pages import render
from upbeat.web.pages.preview import invented
from upbeat.web.pages.preview.invented import NOW, OPENS, artwork, pages
from upbeat.web.pages.words import LANGUAGES, Words, consent

STATIC = invented.DEMO.parent
HOME = "/night-ferry-north"
ADDRESSES = {HOME: "01-before", f"{HOME}/spotify": "02-sheet", f"{HOME}/remind": "07-calendar"}
pytestmark = pytest.mark.browser


class _Site(BaseHTTPRequestHandler):
    """The preview over HTTP, each page under the policy its hashes allow."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        kind, policy = "text/html; charset=utf-8", "default-src 'none'"
        try:
            if path.startswith("/static/pages/"):
                kind = {"js": "text/javascript", "svg": "image/svg+xml"}.get(
                    path.rsplit(".")[-1], "image/jpeg"
                )
                body = (STATIC / path.removeprefix("/static/pages/")).read_bytes()
            elif path.startswith("/media/"):
                name, _, size = path[7:-4].rpartition("-")
                kind, body = "image/jpeg", artwork(name).renditions[int(size)]
            else:
                page = PAGES[ADDRESSES.get(path, path[1:])]
                styles = " ".join(f"'{one}'" for one in page.style_hashes)
                policy = (
                    f"default-src 'none'; style-src {styles}; script-src 'self'; img-src 'self'; "
                    "connect-src 'self'; form-action 'self'"
                )
                body = page.html.encode()
        except KeyError:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-security-policy", policy)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


PAGES = pages()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def opened(
    chromium: Browser, width: int, height: int, **options: object
) -> tuple[BrowserContext, Page, list[str]]:
    """A page with the clock at the invented now, and what goes wrong on it."""
    options.setdefault("timezone_id", "Europe/Berlin")
    context = chromium.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **options
    )
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda problem: wrong.append(str(problem)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.clock.set_fixed_time(NOW)
    return context, page, wrong


def test_at_twice_the_text_size_nothing_is_cut_off_and_the_pill_drops_below_the_name(
    chromium: Browser, site: str
) -> None:
    context, page, _ = opened(chromium, 390, 844)
    for name in ("01-before", "02-sheet", "03b-edit", "04-done", "08a-released", "10-german"):
        page.goto(f"{site}/{name}")
        page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
        page.evaluate("document.adoptedStyleSheets[0].insertRule(':root { font-size: 200% }')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    page.goto(f"{site}/01-before")
    page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    page.evaluate("document.adoptedStyleSheets[0].insertRule(':root { font-size: 200% }')")
    name_box, pill_box = (
        page.locator(".row .name").first.bounding_box(),
        page.locator(".row .pill").first.bounding_box(),
    )
    assert name_box and pill_box and pill_box["y"] >= name_box["y"] + name_box["height"]
    context.close()


@pytest.mark.parametrize("name", ["01-before", "08a-released"])
def test_three_rows_are_visible_on_a_small_phone(chromium: Browser, site: str, name: str) -> None:
    context, page, _ = opened(chromium, 375, 667)
    page.goto(f"{site}/{name}")
    boxes = [row.bounding_box() for row in page.locator(".row").all()[:3]]
    assert all(box and box["y"] + box["height"] <= 667 for box in boxes)
    context.close()


_TOO_SMALL = """() => {
  const bad = [], root = document.querySelector("dialog:modal") ?? document.body;
  for (const one of root.querySelectorAll("a, button, select, summary, input:not([type=hidden])")) {
    const target = one.closest("label") ?? one;
    if (one.closest("[inert]") || one.matches(".vh, .scrim") || !target.checkVisibility()) continue;
    target.scrollIntoView({ block: "center" });
    const box = target.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const hit = (dx, dy) => target.contains(document.elementFromPoint(x + dx, y + dy));
    if (![[0, -21.5], [0, 21.5], [-21.5, 0], [21.5, 0]].every((by) => hit(...by))) bad.push(one.outerHTML.slice(0, 90));
  }
  return bad;
}"""


_HARD_TO_READ = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const even = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (c) => c.slice(0, 3).map((v) => even(v / 255));
  const lum = (c) => { const [r, g, b] = light(c); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const c = rgb(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const bad = [], root = document.querySelector("dialog:modal") ?? document.body;
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || one.closest("[inert], .vh, script") || !one.checkVisibility()) continue;
    const [low, high] = [lum(rgb(getComputedStyle(one).color)), lum(ground(one))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) bad.push(`${walk.currentNode.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return bad;
}"""


def test_every_page_fits_320_pixels_can_be_read_and_reached_and_keeps_its_policy(
    chromium: Browser, site: str
) -> None:
    context, page, wrong = opened(chromium, 320, 640)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add("/".join(request.url.split("/")[:3])))
    for name in PAGES:
        page.goto(f"{site}/{name}", wait_until="domcontentloaded")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{name} is {wide} wide"
        assert page.evaluate(_HARD_TO_READ) == [], f"{name}: words of too little contrast"
        assert page.evaluate(_TOO_SMALL) == [], f"{name}: targets under 44 pixels"
        assert page.locator("h1").count() == 1, f"{name}: one heading"
    context.close()
    assert wrong == []
    assert hosts == {site}


def test_light_pages_can_be_read_in_the_dark(chromium: Browser, site: str) -> None:
    context, page, _ = opened(chromium, 390, 844, color_scheme="dark")
    for name in ("01-light", "07-remind", "08a-released", "10-german", "03-german", "11-broken"):
        page.goto(f"{site}/{name}", wait_until="domcontentloaded")
        assert page.evaluate(_HARD_TO_READ) == [], name
    context.close()


def test_a_dark_cover_is_dark_for_all_and_a_light_one_follows_the_reader(
    chromium: Browser, site: str
) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        context, page, _ = opened(chromium, 390, 844, color_scheme=scheme)
        for name in ("01-before", "01-light"):
            page.goto(f"{site}/{name}")
            grounds[name, scheme] = page.evaluate(
                "getComputedStyle(document.documentElement).backgroundColor"
            )
        context.close()
    assert grounds["01-before", "light"] == grounds["01-before", "dark"]
    assert grounds["01-light", "light"] != grounds["01-light", "dark"]


def test_a_tap_opens_the_sheet_in_place_and_escape_gives_the_focus_back(chromium: Browser, site: str) -> None:
    context, page, wrong = opened(chromium, 390, 844)
    page.goto(site + HOME)
    page.locator(".row").first.click()
    page.locator("dialog:modal").wait_for()
    assert page.url == f"{site}{HOME}/spotify"
    assert page.evaluate("document.activeElement.textContent").startswith("We add this one album")
    assert page.locator("input[name=zone]").input_value() == "Europe/Berlin"
    page.keyboard.press("Escape")
    page.wait_for_url(site + HOME)
    assert page.locator("dialog").count() == 0
    assert page.evaluate("document.activeElement.textContent").startswith("Spotify")
    assert wrong == []
    context.close()


def test_without_script_the_sheets_own_address_shows_it_and_the_page_beneath_cannot_be_reached(
    chromium: Browser, site: str
) -> None:
    context, page, _ = opened(chromium, 390, 844, java_script_enabled=False)
    page.goto(site + HOME)
    page.locator(".row").first.click()
    page.wait_for_url(f"{site}{HOME}/spotify")
    assert page.locator("main[inert]").count() == 1
    assert page.locator("dialog").is_visible()
    form = page.locator("dialog form")
    assert (form.get_attribute("method"), form.get_attribute("action")) == ("post", f"{HOME}/spotify")
    page.get_by_text("Not now").click()
    page.wait_for_url(site + HOME)
    assert "At 00:00 in Berlin" in page.locator(".date").inner_text()
    context.close()


def test_without_script_the_extras_unfold_and_all_is_sent(chromium: Browser, site: str) -> None:
    context, page, _ = opened(chromium, 390, 844, java_script_enabled=False)
    page.goto(f"{site}/03-success")
    assert page.locator("[name=playlist_name]").is_hidden()
    assert page.locator("[name=email]").is_hidden()
    page.get_by_text("New", exact=True).click()
    page.get_by_text("may e-mail me").click()
    page.locator("summary").click()
    assert page.locator("[name=playlist_name]").is_visible()
    assert page.locator("[name=email]").is_visible()
    assert page.locator("[role=switch]").count() == 4
    page.get_by_text("One of mine").click()
    assert page.get_by_role("button", name="Show my playlists").is_visible()
    assert page.get_by_text("for the playlist").is_visible()
    context.close()


def test_the_consent_is_never_ticked_by_us() -> None:
    assert 'name="consent" value="yes">' in PAGES["03-success"].html


def test_the_line_of_the_follows_tells_who_is_left(chromium: Browser, site: str) -> None:
    context, page, _ = opened(chromium, 390, 844)
    page.goto(f"{site}/03-success")
    page.locator("summary").click()
    line = page.locator("[data-follows]")
    page.get_by_role("switch", name="Marlo Venn Artist").uncheck()
    assert line.text_content() == "Slow Crossings"
    page.get_by_role("switch", name="Slow Crossings").uncheck()
    assert line.text_content() == "Nobody"
    context.close()


def test_moments_turn_into_the_fans_own_time(chromium: Browser, site: str) -> None:
    context, page, _ = opened(chromium, 390, 844, timezone_id="America/Los_Angeles")
    page.goto(site + HOME)
    assert "Out Thursday 27 March" in page.locator(".date").inner_text()
    page.goto(f"{site}/03-elsewhere")
    assert "Thursday 27 March at 16:00, your time." in page.locator(".good").inner_text()
    context.close()


@pytest.mark.parametrize(
    ("before", "head", "left"),
    [
        (timedelta(days=11, hours=4, seconds=5), "Out Friday 28 March", "In 11 days 4 hours"),
        (timedelta(days=3, hours=1), "Out Friday 28 March", "In 3 days 1 hour"),
        (timedelta(hours=31, minutes=12), "Out tomorrow, 00:00", "In 31 h 12 min"),
        (timedelta(minutes=12, seconds=31), "Out tonight, 00:00", "In 12:31"),
    ],
)
def test_the_date_line_counts_in_the_right_measure(
    chromium: Browser, site: str, before: timedelta, head: str, left: str
) -> None:
    context, page, _ = opened(chromium, 390, 844)
    page.clock.set_fixed_time(OPENS.at - before)
    page.goto(site + HOME)
    page.wait_for_function("document.querySelector('.date').style.length")
    assert page.locator("[data-out]").text_content() == head
    assert page.locator("[data-left]").text_content() == left
    context.close()


@pytest.mark.parametrize(("from_now", "asked"), [(timedelta(seconds=-20), 2), (timedelta(hours=1), 1)])
def test_at_the_instant_the_page_asks_again_but_a_fast_clock_does_not_hammer(
    chromium: Browser, site: str, from_now: timedelta, asked: int
) -> None:
    context = chromium.new_context(timezone_id="Europe/Berlin")
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.clock.install(time=OPENS.at + from_now)
    page.goto(site + HOME)
    page.locator(".date[style]").wait_for()
    page.clock.run_for(24_000)
    page.wait_for_timeout(500)
    assert requests.count(site + HOME) == asked
    context.close()


def test_share_copies_the_link_where_the_system_has_no_way_of_its_own(chromium: Browser, site: str) -> None:
    context, page, _ = opened(chromium, 390, 844)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.clock.resume()
    page.goto(f"{site}/04-done")
    page.evaluate("Object.defineProperty(navigator, 'share', { value: undefined })")
    page.get_by_text("Share").click()
    page.locator(".toast", has_text="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"https://listen.example{HOME}"
    context.close()


def test_news_has_the_focus_and_comes_first_in_the_title(chromium: Browser, site: str) -> None:
    context, page, _ = opened(chromium, 390, 844)
    for name in ("03-success", "04-done", "06a-cancelled"):
        page.goto(f"{site}/{name}")
        assert page.evaluate("document.activeElement.matches('.band')"), name
    assert page.title().startswith("Nothing was changed · ")
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_and_carries_no_code_of_its_own(name: str) -> None:
    html = PAGES[name].html.encode()
    assert len(html) <= 14 * 1024
    assert len(gzip.compress(html, 9)) <= 5_300
    assert not re.search(rb' style="|<script>|\son\w+="|https?://(?!listen\.example)', html)


def test_strangers_words_cannot_leave_their_place() -> None:
    bad = '"><script>alert(1)</script>'
    page = render.render_before(
        invented.before(sleeve=invented.sleeve(title=bad, artist=bad, imprint_name=bad))
    )
    assert "<script>alert" not in page.html


def test_every_language_says_the_same_things_with_the_same_gaps() -> None:
    first = LANGUAGES["en"]
    for language in LANGUAGES.values():
        assert language.WORDS.keys() == first.WORDS.keys()
        assert language.SCRIPT.count("|") == first.SCRIPT.count("|")
        assert language.COUNTDOWN.count("|") == first.COUNTDOWN.count("|")
        for key, words in language.WORDS.items():
            gaps = {name for _, name, _, _ in Formatter().parse(words) if name}
            assert gaps <= {name for _, name, _, _ in Formatter().parse(first.WORDS[key]) if name}, key


def test_dates_are_printed_without_the_systems_locale() -> None:
    assert Words("en").day(OPENS.at, OPENS.zone) == "Friday 28 March"
    assert Words("de").day(OPENS.at, OPENS.zone) == "Freitag, 28.\u00a0März"
    assert Words("tlh").language == "en"
    assert consent("de", "Marlo Venn")[0].startswith("Marlo Venn darf mir")


def test_a_title_in_arabic_letters_and_a_page_from_right_to_left_hold(chromium: Browser) -> None:
    page = render.render_before(invented.before(sleeve=invented.sleeve(title="شرفات", title_language="ar")))
    context, view, _ = opened(chromium, 390, 844)
    view.set_content(page.html.replace('dir="ltr"', 'dir="rtl"', 1))
    mark, pill = (
        view.locator(".row svg").first.bounding_box(),
        view.locator(".row .pill").first.bounding_box(),
    )
    assert mark and pill and mark["x"] > pill["x"]
    assert view.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_the_same_values_give_the_same_bytes() -> None:
    again = replace(invented.before())
    assert render.render_before(again) == PAGES["01-before"]

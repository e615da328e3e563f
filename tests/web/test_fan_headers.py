"""What every answer says to a browser, errors and files included; what no address lets out."""

import pytest

from tests.web.browser import Browser
from tests.web.running import Product, running_product

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}
ADDRESSES = [
    "/health",
    "/{page}",
    "/{page}/spotify",
    "/{page}/remind",
    "/{page}/remind/push",
    "/{page}/calendar",
    "/{page}/release.ics",
    "/{page}/to/0",
    "/{page}/spotify/yours",
    "/{page}/spotify/cancelled",
    "/nothing-here",
    "/nothing/here/at/all",
    "/connect/spotify/callback?code=a&state=b",
    "/static/pages/fan.js",
    "/push-worker.js",
    "/static/nothing.css",
    "/media/covers/nothing.jpg",
    "/r/nothing",
    "/sign-in",
    "/dashboard",
    "/",
    "/first-run",
]


@pytest.fixture(scope="module")
def page(_product: Product) -> str:
    return _product.campaign()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_guarded(product: Product, fan: Browser, page: str, address: str) -> None:
    reply = fan.get(product.url + address.format(page=page.rpartition("/")[2]))
    assert reply.status < 500
    assert {name: reply.headers.get(name) for name in ALWAYS} == ALWAYS
    assert reply.headers["referrer-policy"] in ("same-origin", "strict-origin-when-cross-origin")
    policy = reply.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "Traceback" not in reply.text


def test_a_fan_page_may_lead_to_the_permission_pages_and_load_nothing_of_others(
    fan: Browser, page: str, services: object
) -> None:
    reply = fan.get(page)
    policy = dict(part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["img-src"] == "'self'"
    assert policy["style-src"].startswith("'sha256-")
    assert "127.0.0.1" in policy["form-action"]
    assert " style=" not in reply.text


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "BREW"])
@pytest.mark.parametrize("address", ["", "/spotify", "/spotify/yours"])
def test_other_methods_are_not_known(fan: Browser, page: str, method: str, address: str) -> None:
    assert fan.ask(method, page + address).status == 405


@pytest.mark.parametrize("address", ["/spotify/cancelled", "/remind", "/release.ics", ""])
def test_what_is_read_cannot_be_posted_to(fan: Browser, page: str, address: str) -> None:
    assert fan.post(page + address, []).status in (403, 404, 405)


@pytest.mark.parametrize(
    "address",
    [
        "/static/../settings.py",
        "/static/..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/static/pages/",
        "/static/",
        "/static//etc/passwd",
        "/media/../secret_key",
        "/media/..%2Fsecret_key",
        "/media/%2e%2e/upbeat.sqlite3",
        "/media/covers/../../sealing_keys",
        "/media/covers/",
        "/media/",
        "/.git/config",
        "/.env",
        "/static/pages/fan.js%00.png",
    ],
)
def test_nothing_but_our_files_is_given_out(product: Product, fan: Browser, address: str) -> None:
    reply = fan.get(product.url + address)
    assert reply.status in (400, 404)
    assert b"SECRET" not in reply.body
    assert b"k1:" not in reply.body


def test_an_upload_is_shown_as_a_picture_and_nothing_more(product: Product, fan: Browser) -> None:
    folder = product.folder / "media" / "covers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a-480.jpg").write_bytes(b"\xff\xd8\xff picture")
    (folder / "b.html").write_bytes(b"<script>")
    (folder / "c.svg").write_bytes(b"<svg>")
    reply = fan.get(f"{product.url}/media/covers/a-480.jpg")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/jpeg")
    assert "sandbox" in reply.headers["content-security-policy"]
    assert "immutable" in reply.headers["cache-control"]
    assert fan.get(f"{product.url}/media/covers/b.html").status == 404
    assert fan.get(f"{product.url}/media/covers/c.svg").status == 404


def test_our_own_files_are_kept_for_good_under_the_address_with_their_hash(
    product: Product, fan: Browser, page: str
) -> None:
    script = fan.get(page).text.partition('<script src="')[2].partition('"')[0]
    kept, asked = fan.get(product.url + script), fan.get(product.url + script.partition("?")[0])
    assert "immutable" in kept.headers["cache-control"]
    assert "immutable" not in asked.headers["cache-control"]
    again = fan.get(product.url + script, **{"If-None-Match": kept.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_an_installation_behind_https_says_so_and_keeps_its_cookies_to_itself(
    tmp_path_factory: pytest.TempPathFactory, fan: Browser
) -> None:
    folder = tmp_path_factory.mktemp("https")
    given = {"UPBEAT_SPOTIFY_CLIENT_ID": "a", "UPBEAT_SPOTIFY_CLIENT_SECRET": "b"}
    with running_product(folder, public="https://music.example", **given) as product:
        page = product.campaign(follows=False)
        reply = fan.get(page)
        assert "max-age=31536000" in reply.headers["strict-transport-security"]
        leaving = fan.post(f"{page}/spotify", [("zone", "")], Origin="https://music.example")
        [cookie] = leaving.set_cookies
        assert cookie.startswith("__Host-trip=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert (
            "redirect_uri=https%3A%2F%2Fmusic.example%2Fconnect%2Fspotify%2Fcallback"
            in leaving.headers["location"]
        )
        assert "Sandbox" not in reply.text

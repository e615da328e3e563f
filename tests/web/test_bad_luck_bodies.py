"""What is sent to us may be huge, slow, or no text: nobody else notices, and nothing of it is kept or logged."""

import socket
import time

from tests.web.browser import Browser
from tests.web.running import Product

NUL = "Friday\0night"


def sent(
    product: Product, path: str, body: bytes, *, said: int | None = None, cookie: str = "", **headers: str
) -> socket.socket:
    """A connection on which a POST has begun: `said` bytes are promised, `body` is there."""
    connection = socket.create_connection(("127.0.0.1", int(product.url.rpartition(":")[2])), timeout=20)
    lines = {
        "Host": product.url.removeprefix("http://"),
        "Origin": product.url,
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body) if said is None else said),
        "Cookie": cookie,
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    connection.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    return connection


def door(product: Product, fan: Browser) -> tuple[str, str]:
    """A stranger's CSRF cookie, and the token that belongs to it."""
    token = dict(fan.open(f"{product.url}/sign-in").form("").values)["csrfmiddlewaretoken"]
    jar = fan.cookies[product.url.removeprefix("http://")]
    return "; ".join(f"{name}={value}" for name, value in jar.items()), token


def test_forms_that_come_drop_by_drop_hold_up_nobody(product: Product, fan: Browser) -> None:
    page = product.campaign()
    cookie, _ = door(product, fan)
    slow = [sent(product, "/sign-in", b"email=", said=100, cookie=cookie) for _ in range(12)]
    try:
        began = time.monotonic()
        assert Browser().get(f"{page}/spotify").status == 200
        assert time.monotonic() - began < 3
    finally:
        for one in slow:
            one.close()


def test_a_stranger_can_not_fill_the_disk(product: Product, fan: Browser) -> None:
    cookie, token = door(product, fan)
    start = (
        f'--B\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        '--B\r\nContent-Disposition: form-data; name="cover"; filename="a.png"\r\n\r\n'
    ).encode()
    for path, status in (("/sign-in", b"415"), ("/dashboard/releases/1/cover", b"403")):
        kind = "multipart/form-data; boundary=B"
        with sent(product, path, start, said=10**9, cookie=cookie, Content_Type=kind) as connection:
            # Refused before a byte of the file has come.
            assert connection.recv(20).split()[1] == status
    with sent(product, "/sign-in", b"a=", said=10**9, cookie=cookie) as connection:
        assert connection.recv(20).split()[1] == b"413"


def test_a_form_for_a_service_the_page_does_not_offer_is_answered_at_once(
    product: Product, fan: Browser
) -> None:
    page = product.campaign()
    door(product, fan)
    began = time.monotonic()
    assert fan.post(f"{page}/tidal", [("zone", "")]).status in (403, 404)
    assert time.monotonic() - began < 2


def test_a_sign_that_belongs_in_no_text_is_refused_in_a_sentence(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "Nula")
    said = fan.send(success.form("/yours"), follow=None, playlist="new", playlist_name=NUL)
    assert said.status == 400
    assert "a sign that belongs in no text" in said.text
    _, token = door(product, Browser())
    assert fan.post(f"{product.url}/sign-in", [("csrfmiddlewaretoken", token), ("email", NUL)]).status == 400


def test_what_cannot_be_seen_does_not_get_into_a_playlists_name(product: Product, fan: Browser) -> None:
    page = product.campaign()
    success = fan.pre_save(page, "spotify", "Rila")
    asked = fan.send(
        success.form("/yours"), follow=None, playlist="new", playlist_name="\u202eFri\x1bday\t night"
    )
    fan.answer(asked, "Rila")
    assert product.rows("SELECT name FROM fans_playlistchoice ORDER BY id DESC LIMIT 1") == [
        ("Fri day night",)
    ]


def test_the_key_of_a_receipt_is_never_logged(product: Product, fan: Browser) -> None:
    page = product.campaign()
    fan.pre_save(page, "spotify", "Kira")
    jar = fan.cookies[product.url.removeprefix("http://")]
    key = next(value for name, value in jar.items() if name.startswith("fan-")).partition("_")[2]
    assert fan.get(f"{product.url}/r/{key}").status == 200
    assert fan.post(f"{product.url}/r/{key}", []).status == 403
    assert fan.get(f"{product.url}/r/{key}", Host="somebody.example").status == 400
    assert key not in product.log()


def test_a_line_of_the_log_is_one_line_and_no_stack_trace_of_a_strangers(
    product: Product, fan: Browser
) -> None:
    fan.post(f"{product.url}/x%0a2026-01-01%20ERROR%20forged", [("a", "b")])
    fan.get(f"{product.url}/sign-in?{'a=1&' * 1100}")
    fan.get(f"{product.url}/sign-in", Host="somebody.example")
    log = product.log()
    assert not [line for line in log.splitlines() if line.startswith("2026-01-01 ERROR forged")]
    assert "TooManyFieldsSent" not in log
    assert "DisallowedHost" not in log

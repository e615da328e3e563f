"""The authorization pages of both services."""

import pytest

from tests.sandbox.stranger import BACK, CHALLENGE, Answer, Stranger


def spotify_request(sandbox: Stranger, **changes: str) -> dict[str, str]:
    asked = {
        "client_id": sandbox.services()["spotify"]["client_id"],
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": "user-library-modify user-follow-modify",
        "state": "a state & more",
    }
    return asked | changes


def visit(sandbox: Stranger, request: dict[str, str], **headers: str) -> Answer:
    return sandbox.ask("GET", "/spotify/accounts/authorize", query=request, **headers)


def decide(sandbox: Stranger, request: dict[str, str], **form: str) -> Answer:
    return sandbox.ask("POST", "/spotify/accounts/authorize", query=request, form=form)


def test_the_page_says_who_asks_and_what_for(sandbox: Stranger) -> None:
    page = visit(sandbox, spotify_request(sandbox))
    assert page.status == 200
    assert "Allow Upbeat to use your Spotify account?" in page.text
    assert "Add music to your library" in page.text
    assert "<script" not in page.text


def test_agreeing_brings_a_code_and_the_state_back(sandbox: Stranger) -> None:
    answer = decide(sandbox, spotify_request(sandbox), fan="Mira Haas", decision="agree")
    assert answer.status == 302
    assert answer.came_back["state"] == "a state & more"
    assert answer.came_back["code"]


def test_cancelling_brings_access_denied_back(sandbox: Stranger) -> None:
    answer = decide(sandbox, spotify_request(sandbox), decision="cancel")
    assert answer.came_back == {"error": "access_denied", "state": "a state & more"}


def test_agreeing_without_a_name_shows_the_page_again(sandbox: Stranger) -> None:
    answer = decide(sandbox, spotify_request(sandbox), fan="  ", decision="agree")
    assert answer.status == 400
    assert "Type a name" in answer.text


def test_a_name_with_markup_is_shown_as_text(sandbox: Stranger) -> None:
    page = visit(sandbox, spotify_request(sandbox), cookie="sandbox_spotify_fan=%3Cb%3EMira")
    assert "<b>Mira" not in page.text
    assert "&lt;b&gt;Mira" in page.text


def test_a_fan_who_agreed_before_is_sent_straight_back(sandbox: Stranger) -> None:
    request = spotify_request(sandbox)
    cookie = decide(sandbox, request, fan="Mira Haas", decision="agree").headers["set-cookie"].split(";")[0]
    assert visit(sandbox, request, cookie=cookie).status == 302
    assert visit(sandbox, request | {"show_dialog": "true"}, cookie=cookie).status == 200
    assert visit(sandbox, request | {"scope": "user-read-email"}, cookie=cookie).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://localhost:9/back"},
    ],
)
def test_what_cannot_be_trusted_is_never_sent_anywhere(sandbox: Stranger, wrong: dict[str, str]) -> None:
    answer = visit(sandbox, spotify_request(sandbox) | wrong)
    assert answer.status == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"scope": "user-library-modify be-my-friend"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_told_to_the_application(
    sandbox: Stranger, wrong: dict[str, str], error: str
) -> None:
    answer = visit(sandbox, spotify_request(sandbox) | wrong)
    assert answer.came_back == {"error": error, "state": "a state & more"}


def test_registered_addresses_must_match_letter_for_letter(sandbox: Stranger) -> None:
    made = sandbox.control(
        "POST", "/clients", {"service": "spotify", "redirect_uris": ["https://music.example/back"]}
    )
    request = spotify_request(sandbox, client_id=made["client_id"])
    assert visit(sandbox, request | {"redirect_uri": "https://music.example/back"}).status == 200
    assert visit(sandbox, request | {"redirect_uri": "https://music.example/back/"}).status == 400
    assert visit(sandbox, request).status == 400


def test_a_withheld_scope_is_missing_from_the_grant(sandbox: Stranger) -> None:
    sandbox.turn("spotify", withhold_scopes=["user-follow-modify"])
    decide(sandbox, spotify_request(sandbox), fan="Mira Haas", decision="agree")
    assert sandbox.fan("spotify")["grants"][0]["scopes"] == ["user-library-modify"]


def deezer_request(sandbox: Stranger, **changes: str) -> dict[str, str]:
    app_id = sandbox.services()["deezer"]["client_id"]
    asked = {
        "app_id": app_id,
        "redirect_uri": BACK,
        "perms": "basic_access,offline_access,manage_library",
        "state": "z",
    }
    return asked | changes


def test_deezer_says_user_denied(sandbox: Stranger) -> None:
    address = "/deezer/connect/oauth/auth.php"
    answer = sandbox.ask("POST", address, query=deezer_request(sandbox), form={"decision": "cancel"})
    assert answer.came_back == {"error_reason": "user_denied", "state": "z"}


def test_deezer_gives_a_token_for_ever_with_offline_access(sandbox: Stranger) -> None:
    has, address = sandbox.services()["deezer"], "/deezer/connect/oauth/auth.php"
    form = {"fan": "Mira Haas", "decision": "agree"}
    code = sandbox.ask("POST", address, query=deezer_request(sandbox), form=form).came_back["code"]
    wanted = {"app_id": has["client_id"], "secret": has["client_secret"], "code": code}
    first = sandbox.ask("GET", has["token_url"], query=wanted)
    assert first.text.startswith("access_token=")
    assert first.text.endswith("&expires=0")
    again = sandbox.ask("GET", has["token_url"], query=wanted)
    assert (again.status, again.text) == (200, "wrong code")
    code = sandbox.ask(
        "POST",
        address,
        query=deezer_request(sandbox, perms="email"),
        form={"fan": "Theo", "decision": "agree"},
    )
    answer = sandbox.ask(
        "GET", has["token_url"], query=wanted | {"code": code.came_back["code"], "output": "json"}
    )
    assert answer.json["expires"] == 3600

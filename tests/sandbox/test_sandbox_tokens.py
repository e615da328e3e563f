"""Spotify's token endpoint, and what becomes of the tokens."""

from base64 import b64encode
from typing import Any

import pytest

from tests.sandbox.stranger import BACK, CHALLENGE, VERIFIER, Answer, Stranger


def basic(sandbox: Stranger) -> dict[str, str]:
    has = sandbox.services()["spotify"]
    pair = f"{has['client_id']}:{has['client_secret']}"
    return {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def trade(sandbox: Stranger, *, secret: bool = True, **form: str) -> Answer:
    return sandbox.ask("POST", "/spotify/accounts/api/token", form=form, **(basic(sandbox) if secret else {}))


def a_code(sandbox: Stranger, **changes: str) -> str:
    client_id = sandbox.services()["spotify"]["client_id"]
    asked = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": "user-library-modify",
    }
    form = {"fan": "Mira Haas", "decision": "agree"}
    return sandbox.ask("POST", "/spotify/accounts/authorize", query=asked | changes, form=form).came_back[
        "code"
    ]


def by_code(sandbox: Stranger, code: str, *, secret: bool = True, **more: str) -> Answer:
    return trade(
        sandbox, secret=secret, grant_type="authorization_code", code=code, **({"redirect_uri": BACK} | more)
    )


def refreshed(sandbox: Stranger, token: str, *, secret: bool = True, **more: str) -> Answer:
    return trade(sandbox, secret=secret, grant_type="refresh_token", refresh_token=token, **more)


def said(answer: Answer) -> tuple[int, Any, Any]:
    return answer.status, answer.json["error"], answer.json["error_description"]


def test_a_code_brings_both_tokens(sandbox: Stranger) -> None:
    brought = by_code(sandbox, a_code(sandbox))
    assert brought.json.keys() == {"access_token", "token_type", "expires_in", "scope", "refresh_token"}
    assert brought.json["expires_in"] == 3600
    assert brought.headers["cache-control"] == "no-store"
    assert sandbox.spotify(brought.json["access_token"], "GET", "/me").json["display_name"] == "Mira Haas"


def test_a_code_works_once(sandbox: Stranger) -> None:
    code = a_code(sandbox)
    assert by_code(sandbox, code).status == 200
    assert said(by_code(sandbox, code)) == (400, "invalid_grant", "Invalid authorization code")


def test_a_code_dies_after_ten_minutes(sandbox: Stranger) -> None:
    code = a_code(sandbox)
    sandbox.later(seconds=601)
    assert said(by_code(sandbox, code)) == (400, "invalid_grant", "Authorization code expired")


def test_a_code_is_bound_to_its_address(sandbox: Stranger) -> None:
    answer = by_code(sandbox, a_code(sandbox), redirect_uri=BACK + "/")
    assert said(answer) == (400, "invalid_grant", "Invalid redirect URI")


def test_the_verifier_is_checked(sandbox: Stranger) -> None:
    code = a_code(sandbox, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert said(by_code(sandbox, code))[2] == "code_verifier must be supplied"
    assert said(by_code(sandbox, code, code_verifier="x" * 50))[2] == "code_verifier was incorrect"
    assert by_code(sandbox, code, code_verifier=VERIFIER).status == 200


def test_without_a_secret_or_a_challenge_there_is_no_token(sandbox: Stranger) -> None:
    client_id = sandbox.services()["spotify"]["client_id"]
    answer = by_code(sandbox, a_code(sandbox), secret=False, client_id=client_id)
    assert said(answer)[:2] == (400, "invalid_client")


def test_a_confidential_client_keeps_its_refresh_token(sandbox: Stranger) -> None:
    token = by_code(sandbox, a_code(sandbox)).json["refresh_token"]
    assert "refresh_token" not in refreshed(sandbox, token).json
    assert refreshed(sandbox, token).status == 200


def test_a_public_clients_refresh_token_works_once(sandbox: Stranger) -> None:
    client_id = sandbox.services()["spotify"]["client_id"]
    code = a_code(sandbox, code_challenge=CHALLENGE, code_challenge_method="S256")
    first = by_code(sandbox, code, secret=False, client_id=client_id, code_verifier=VERIFIER).json[
        "refresh_token"
    ]
    second = refreshed(sandbox, first, secret=False, client_id=client_id).json["refresh_token"]
    assert second != first
    assert said(refreshed(sandbox, first, secret=False, client_id=client_id))[1] == "invalid_grant"
    assert refreshed(sandbox, second, secret=False, client_id=client_id).status == 200


def test_rotation_can_be_switched_on(sandbox: Stranger) -> None:
    sandbox.turn("spotify", rotate_refresh_tokens=True)
    token = by_code(sandbox, a_code(sandbox)).json["refresh_token"]
    assert refreshed(sandbox, token).json["refresh_token"] != token


def test_a_permission_dies_six_months_after_consent_however_often_it_is_refreshed(sandbox: Stranger) -> None:
    token = by_code(sandbox, a_code(sandbox)).json["refresh_token"]
    sandbox.later(days=180)
    assert refreshed(sandbox, token).status == 200
    sandbox.later(days=5)
    assert said(refreshed(sandbox, token)) == (400, "invalid_grant", "Refresh token revoked")
    assert by_code(sandbox, a_code(sandbox)).status == 200


def test_an_access_token_lives_for_an_hour(sandbox: Stranger) -> None:
    token = by_code(sandbox, a_code(sandbox)).json["access_token"]
    sandbox.later(seconds=3601)
    assert sandbox.spotify(token, "GET", "/me").json == {
        "error": {"status": 401, "message": "The access token expired"}
    }


def test_a_revoked_permission_is_dead_everywhere(sandbox: Stranger) -> None:
    brought = by_code(sandbox, a_code(sandbox)).json
    assert sandbox.control("POST", "/grants/revoke", {"service": "spotify", "names": ["mira haas"]}) == {
        "revoked": 1
    }
    assert said(refreshed(sandbox, brought["refresh_token"])) == (
        400,
        "invalid_grant",
        "Refresh token revoked",
    )
    assert sandbox.spotify(brought["access_token"], "GET", "/me").status == 401


def test_scopes_add_up(sandbox: Stranger) -> None:
    token = by_code(sandbox, a_code(sandbox)).json["refresh_token"]
    by_code(sandbox, a_code(sandbox, scope="user-follow-modify"))
    assert refreshed(sandbox, token).json["scope"] == "user-follow-modify user-library-modify"


def test_the_application_gets_a_token_of_its_own(sandbox: Stranger) -> None:
    token = trade(sandbox, grant_type="client_credentials").json["access_token"]
    assert sandbox.spotify(token, "GET", "/search?q=upc:859713000209&type=album").json["albums"]["total"] == 1
    assert sandbox.spotify(token, "GET", "/me").status == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "made up"}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
    ],
)
def test_what_is_wrong_is_said_flatly(sandbox: Stranger, form: dict[str, str], error: str) -> None:
    assert said(trade(sandbox, **form))[:2] == (400, error)


def test_json_is_not_understood_here(sandbox: Stranger) -> None:
    answer = sandbox.ask(
        "POST", "/spotify/accounts/api/token", data={"grant_type": "client_credentials"}, **basic(sandbox)
    )
    assert said(answer)[:2] == (400, "unsupported_grant_type")

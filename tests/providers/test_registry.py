"""Services by name, with and without a credential."""

from dataclasses import replace

import pytest

from upbeat.providers.base import Action, Asks, Token
from upbeat.providers.registry import build, capabilities, defaults, label, names


@pytest.mark.parametrize("name", names())
def test_what_a_service_can_do_is_known_without_a_credential(name: str) -> None:
    can = capabilities(name)
    assert set(can.scopes) == set(Action) - {Action.REMIND}
    assert 0 < can.rate <= can.max_rate
    assert label(name).lower().replace(" ", "_") == name


@pytest.mark.parametrize("name", names())
def test_a_service_is_built_from_its_settings(name: str) -> None:
    provider = build(name, defaults(name))
    assert provider.name == name
    if provider.capabilities.asks is Asks.MUSICKIT:
        return
    url = provider.authorize_url(
        redirect_uri="https://x.example/back", state="s t", scopes=["a", "b"], challenge="c"
    )
    assert url.startswith(defaults(name).authorize_url + "?")
    assert "state=s+t" in url
    assert "redirect_uri=https%3A%2F%2Fx.example%2Fback" in url


def test_spotify_can_be_made_to_ask_again() -> None:
    spotify = build("spotify", defaults("spotify"))
    asked = {"redirect_uri": "https://x.example/", "state": "s", "scopes": (), "challenge": "c"}
    assert "show_dialog=true" in spotify.authorize_url(**asked, ask_again=True)
    assert "show_dialog=false" in spotify.authorize_url(**asked)


def test_a_secret_never_prints() -> None:
    assert "S3cret" not in repr(replace(defaults("spotify"), client_secret=Token("S3cret")))
    assert "S3cret" not in f"{Token('S3cret')} {Token('S3cret')!r}"

"""What is sealed opens with its own key, in its own place, and nowhere else."""

import base64
import secrets

import pytest
from django.conf import settings

from upbeat.env import SettingError
from upbeat.fans.sealing import BrokenSealError, SealError, UnknownKeyError, open_seal, seal


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@pytest.fixture
def old_key() -> str:
    return key("old")


def test_a_seal_opens_in_its_own_place() -> None:
    assert (
        open_seal(seal("a tøken", context="connection 1 access"), context="connection 1 access") == "a tøken"
    )


def test_a_seal_shows_nothing_of_what_is_in_it() -> None:
    sealed = seal("BQD-secret-token", context="here")
    assert b"secret" not in sealed


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert len({seal("same", context="here") for _ in range(50)}) == 50


def test_a_seal_cannot_be_moved_to_another_row() -> None:
    sealed = seal("a token", context="connection 1 access")
    with pytest.raises(BrokenSealError):
        open_seal(sealed, context="connection 2 access")


def test_a_changed_byte_breaks_the_seal() -> None:
    sealed = bytearray(seal("a token", context="here"))
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(SealError):
            open_seal(bytes(broken), context="here")


@pytest.mark.parametrize("cut", [0, 1, 3, 14, 20])
def test_a_cut_seal_is_refused(cut: int) -> None:
    with pytest.raises(SealError):
        open_seal(seal("a token", context="here")[:cut], context="here")


def test_after_a_rotation_the_new_key_seals_and_both_open(
    old_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SEALING_KEYS", old_key)
    before = seal("old", context="here")
    monkeypatch.setattr(settings, "SEALING_KEYS", f"{key('new')},{old_key}")
    after = seal("new", context="here")
    assert (open_seal(before, context="here"), open_seal(after, context="here")) == ("old", "new")
    assert after.startswith(b"\x03new")


def test_a_key_that_was_taken_away_is_named_as_missing(old_key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SEALING_KEYS", old_key)
    before = seal("old", context="here")
    monkeypatch.setattr(settings, "SEALING_KEYS", key("new"))
    with pytest.raises(UnknownKeyError, match="UPBEAT_SEALING_KEYS"):
        open_seal(before, context="here")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "k1",
        "k1:",
        "k1:abc",
        ":" + "A" * 44,
        "k1:" + base64.b64encode(bytes(32)).decode(),
        "k1:" + "A" * 40,
    ],
    ids=["empty", "no key", "empty key", "short", "no id", "all zero", "too short"],
)
def test_a_placeholder_for_a_key_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SEALING_KEYS", wrong)
    with pytest.raises(SettingError, match="UPBEAT_SEALING_KEYS"):
        seal("a token", context="here")


def test_two_keys_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SEALING_KEYS", f"{key('k1')},{key('k1')}")
    with pytest.raises(SettingError, match="id of its own"):
        seal("a token", context="here")

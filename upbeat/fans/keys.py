"""Whether this machine has the installation's keys. With others it could open nothing that fans entrusted to us."""

from hashlib import sha256

from django.conf import settings
from django.utils.crypto import salted_hmac

from upbeat.artists.models import Installation
from upbeat.fans.models import Connection
from upbeat.fans.sealing import SealError, open_seal, seal
from upbeat.fans.tokens import opens

_PLACE, _WORDS = "installation", "the keys of this installation"


def sealing_keys_fit() -> bool:
    """Whether they open what the installation seals: its proof, or, where there is none yet, a fan's permission."""
    proof = _known().sealed_proof
    if not proof:
        sealed = Connection.objects.exclude(sealed_access=b"", sealed_refresh=b"").order_by("-id").first()
        return sealed is None or opens(sealed)
    try:
        return open_seal(proof, context=_PLACE) == _WORDS
    except SealError:
        return False


def secret_key_fits() -> bool:
    """Whether it is the one the pages had when they last started, or they never did."""
    return _known().secret_print in ("", _print())


def push_key_fits() -> bool:
    """Whether notifications are signed here with the key that browsers have subscribed for, or nobody said which."""
    return _known().push_print in ("", _push_print())


def keys_are_known() -> bool:
    """Whether the pages have started with this release, and said which keys they have."""
    return bool(_known().sealed_proof)


def alone_with_keys() -> None:
    """Until the open transaction ends nobody else compares keys to remember them: machines may start at once."""
    list(Installation.objects.select_for_update().filter(pk=Installation.the_one().pk))


def remember_keys() -> None:
    """From now on every process of the installation must have these keys."""
    proof = seal(_WORDS, context=_PLACE)
    Installation.objects.filter(pk=Installation.the_one().pk).update(
        sealed_proof=proof, secret_print=_print(), push_print=_push_print()
    )


def _known() -> Installation:
    """What is known of the installation; nothing is written."""
    return Installation.objects.first() or Installation()


def _push_print() -> str:
    return sha256(f"upbeat.fans.keys/{settings.VAPID_KEY}".encode()).hexdigest()


def _print() -> str:
    return salted_hmac("upbeat.fans.keys", "secret key", algorithm="sha256").hexdigest()

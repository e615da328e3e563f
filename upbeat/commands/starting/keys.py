"""Machines that work on one database must have the same keys: said in sentences before anything is opened with them."""

from django.conf import settings
from django.db import transaction

from upbeat.commands.starting.refusal import CannotStart
from upbeat.fans.keys import (
    alone_with_keys,
    push_key_fits,
    remember_keys,
    sealing_keys_fit,
    secret_key_fits,
)

_SEALED_OTHERWISE = (
    "The sealing keys here do not open what this installation has sealed, so no fan could be served. "
    "Copy {folder}/sealing_keys from the machine that has served the pages so far, or set UPBEAT_SEALING_KEYS as there."
)
_LOST = " If they are lost for good, `upbeat run --new-keys` goes on with these: fans must give their permission again."
_SIGNED_OTHERWISE = (
    "The secret key here is not the one the pages have. "
    "Copy {folder}/secret_key from the machine that serves them, or set UPBEAT_SECRET_KEY as there."
)
_NOTIFIES_OTHERWISE = (
    "The key for notifications here is not the one the pages have, so no browser would take any. "
    "Copy {folder}/vapid_key from the machine that serves them, or set UPBEAT_VAPID_KEY as there."
)
_SIGNED_ANEW = (
    "The secret key is another one than before: everybody has to sign in again, and every other machine "
    "needs this one too."
)
_NOTIFIES_ANEW = (
    "The key for notifications is another one than before: fans who allowed them get none until the old one is back "
    "({folder}/vapid_key, or UPBEAT_VAPID_KEY)."
)


@transaction.atomic
def check_keys_of_pages(*, new_keys: bool = False) -> str:
    """Raise `CannotStart` with other sealing keys than the installation's; `new_keys`: go on with these all the same.

    Returns what is to be said about the other keys, "" where there is nothing.
    """
    alone_with_keys()
    if not new_keys and not sealing_keys_fit():
        raise CannotStart(_SEALED_OTHERWISE.format(folder=settings.DATA_DIR) + _LOST)
    said = [] if secret_key_fits() else [_SIGNED_ANEW]
    said += [] if push_key_fits() else [_NOTIFIES_ANEW]
    remember_keys()
    return " ".join(said).format(folder=settings.DATA_DIR)


def check_keys_of_worker() -> None:
    """Raise `CannotStart` with other keys than the pages have."""
    for fit, sentence in (
        (sealing_keys_fit(), _SEALED_OTHERWISE),
        (secret_key_fits(), _SIGNED_OTHERWISE),
        (push_key_fits(), _NOTIFIES_OTHERWISE),
    ):
        if not fit:
            raise CannotStart(sentence.format(folder=settings.DATA_DIR))

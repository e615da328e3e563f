"""Machines that work on one database must have the same keys: said in sentences before anything is opened with them."""

from django.conf import settings
from django.db import transaction

from upbeat.commands.starting.refusal import CannotStart
from upbeat.fans.keys import alone_with_keys, remember_keys, sealing_keys_fit, secret_key_fits

_SEALED_OTHERWISE = (
    "The sealing keys here do not open what this installation has sealed, so no fan could be served. "
    "Copy {folder}/sealing_keys from the machine that has served the pages so far, or set UPBEAT_SEALING_KEYS as there."
)
_LOST = " If they are lost for good, `upbeat run --new-keys` goes on with these: fans must give their permission again."
_SIGNED_OTHERWISE = (
    "The secret key here is not the one the pages have. "
    "Copy {folder}/secret_key from the machine that serves them, or set UPBEAT_SECRET_KEY as there."
)


@transaction.atomic
def check_keys_of_pages(*, new_keys: bool = False) -> str:
    """Raise `CannotStart` with other sealing keys than the installation's; `new_keys`: go on with these all the same.

    Returns what is to be said about the secret key, "" where there is nothing.
    """
    alone_with_keys()
    if not new_keys and not sealing_keys_fit():
        raise CannotStart(_SEALED_OTHERWISE.format(folder=settings.DATA_DIR) + _LOST)
    fits = secret_key_fits()
    remember_keys()
    if fits:
        return ""
    return (
        "The secret key is another one than before: everybody has to sign in again, and every other machine "
        "needs this one too."
    )


def check_keys_of_worker() -> None:
    """Raise `CannotStart` with other keys than the pages have."""
    for fit, sentence in (
        (sealing_keys_fit(), _SEALED_OTHERWISE),
        (secret_key_fits(), _SIGNED_OTHERWISE),
    ):
        if not fit:
            raise CannotStart(sentence.format(folder=settings.DATA_DIR))

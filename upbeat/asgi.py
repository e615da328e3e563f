"""`upbeat.asgi:application`: the whole web side of an installation, for `upbeat run` or any ASGI server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upbeat.settings")
django.setup()

from upbeat.web.outer.app import Outer  # noqa: E402 - models can only be imported after the set-up

application = Outer()

"""The routes of api.soundcloud.com; the modules beside this one fill it."""

from upbeat_sandbox.routing import Table

table = Table()

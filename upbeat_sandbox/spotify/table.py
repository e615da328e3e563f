"""The routes of api.spotify.com; the modules beside this one fill it."""

from upbeat_sandbox.routing import Table

table = Table()

"""The routes of openapi.tidal.com; the modules beside this one fill it."""

from upbeat_sandbox.routing import Table

table = Table()

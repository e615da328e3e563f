"""The routes of api.music.apple.com; the modules beside this one fill it."""

from upbeat_sandbox.routing import Table

table = Table()

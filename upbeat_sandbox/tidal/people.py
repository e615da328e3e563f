"""openapi.tidal.com: the fan's own account."""

from typing import Any

from upbeat_sandbox.call import Call
from upbeat_sandbox.tidal.documents import refuse
from upbeat_sandbox.tidal.music import one
from upbeat_sandbox.tidal.resources import user_of
from upbeat_sandbox.tidal.table import table


@table.on("GET", "/v2/users/{id}", scopes="user.read r_usr", user=True)
def user(call: Call) -> Any:
    """`me`, or the fan's own id; nobody else is there."""
    if call.path_values["id"] not in ("me", call.account.id):
        raise refuse(404)
    return one(call, user_of(call.account))

"""What stands before every call of api.deezer.com: the token in the query, the permissions by name, the quota."""

from upbeat_sandbox.call import Call
from upbeat_sandbox.deezer.answers import refuse

LOG_IN_FIRST = "An active access token must be used to query information about the current user"


def read_token(call: Call) -> None:
    """Finds whose token came with the call, if any. Deezer looks for it in the query and nowhere else."""
    call.token = call.service.grants.access.get(call.query.get("access_token", ""))
    if call.token is not None:
        call.client_id = call.token.client_id
    if "authorization" in call.headers:
        call.note("token in the Authorization header; it belongs in the query as access_token")


def check_token(call: Call) -> None:
    """A token that is given must be good, even where none is needed."""
    if "access_token" not in call.query:
        return
    token = call.token
    dead = token is None or token.approval is None or token.approval.revoked
    if dead or (token and token.expires_at is not None and call.now >= token.expires_at):
        raise refuse(300)


def check_quota(call: Call) -> None:
    if call.service.over_limit(call.client_id or "address") is not None:
        raise refuse(4)


def need(call: Call, *permissions: str) -> None:
    """Error 200 unless somebody is logged in and gave every one of these permissions."""
    if call.token is None:
        raise refuse(200, LOG_IN_FIRST)
    for permission in permissions:
        if permission not in call.token.scopes:
            raise refuse(200, f"Permission denied: {permission} is needed")

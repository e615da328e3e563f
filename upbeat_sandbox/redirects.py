"""Where a fan may be sent back to, and how parameters are put on such an address."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from upbeat_sandbox.grants import Client

LOOPBACK = ("127.0.0.1", "::1")


def accepted(client: Client, uri: str, *, localhost: bool) -> bool:
    """A registered address, letter for letter. A client with none registered may use any loopback address over http.

    `localhost` says whether the name counts as loopback (Spotify refuses it since 2025-11-27).
    """
    if client.redirect_uris:
        return uri in client.redirect_uris
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    return (
        parts.scheme == "http"
        and not parts.fragment
        and (host in LOOPBACK or (localhost and host == "localhost"))
    )


def with_parameters(uri: str, **parameters: str | None) -> str:
    """The address with these added to its query; those that are None are left out."""
    parts = urlsplit(uri)
    added = urlencode({name: value for name, value in parameters.items() if value is not None})
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))

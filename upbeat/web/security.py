"""What every answer of this installation says to the browser, and whose form we take."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from upbeat.providers.base import Asks
from upbeat.providers.registry import capabilities
from upbeat.web.outer.http import Header, Request

NOTHING_CSP = "default-src 'none'; frame-ancestors 'none'"
"""For what is no page: redirects, files, plain texts."""
UPLOAD_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For what a team has uploaded: a browser that opens it on its own gives it no origin."""
WORKER_CSP = "default-src 'none'; img-src 'self'; frame-ancestors 'none'"
"""For the service worker: a notification's picture is fetched under this."""
DESK_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For the dashboard, unless a view says otherwise."""


def fan_csp(styles: Iterable[str]) -> str:
    """The policy of a fan page. `styles` are the hashes of its inline style sheets ("sha256-…").

    The form that starts a trip answers with a redirect to the service, and Chromium asks form-action about that, too.
    """
    allowed = " ".join(f"'{one.strip(chr(39))}'" for one in styles) or "'none'"
    return (
        f"default-src 'none'; style-src {allowed}; script-src 'self'; img-src 'self'; connect-src 'self'; "
        f"manifest-src 'self'; form-action 'self' {' '.join(_permission_pages())}; base-uri 'none'; "
        "frame-ancestors 'none'"
    ).replace("  ", " ")


def musickit_csp(styles: Iterable[str], script_url: str, api_url: str) -> str:
    """The same for the one page on which a service's own script asks. It speaks to its service, and to nobody else."""
    script, api = _origin(script_url), _origin(api_url)
    asked = {script, api} | ({"https://*.apple.com"} if script.endswith(".apple.com") else set())
    return (
        fan_csp(styles)
        .replace("script-src 'self'", f"script-src 'self' {script}")
        .replace("connect-src 'self'", f"connect-src 'self' {' '.join(sorted(asked))}")
    )


def headers_for_all() -> list[Header]:
    """The headers of every answer, the policy for content apart."""
    always = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), browsing-topics=()"),
    ]
    if settings.SECURE:
        always.append((b"strict-transport-security", b"max-age=31536000"))
    return always


def protected(headers: Iterable[Header], *, csp: str = NOTHING_CSP) -> list[Header]:
    """These headers, and each of ours that is not among them."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    ours = [*headers_for_all(), (b"content-security-policy", csp.encode())]
    return given + [(name, value) for name, value in ours if name not in names]


def from_our_page(request: Request) -> bool:
    """Whether a form was sent from a page of this installation.

    A browser says where a form comes from (Origin, or Sec-Fetch-Site). Something that says neither is no browser, so
    nobody's cookies can be borrowed with it; and our cookies are SameSite besides.
    """
    origin = request.headers.get("origin")
    if origin is not None:
        return origin in _our_origins()
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _our_origins() -> set[str]:
    ours = urlsplit(settings.PUBLIC_URL)
    return {f"{ours.scheme}://{ours.netloc}"}


def _permission_pages() -> list[str]:
    """The origins of the services' permission pages this installation uses."""
    return sorted(
        {
            _origin(has.authorize_url)
            for service, has in settings.SERVICES.items()
            if has.client_id and capabilities(service).asks is Asks.REDIRECT
        }
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

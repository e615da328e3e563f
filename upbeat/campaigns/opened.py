"""Where a release is opened on a service."""

from django.conf import settings

from upbeat.campaigns.models import ServiceLink
from upbeat.providers.registry import defaults


def opened(link: ServiceLink) -> str:
    """The release's address at the service, or at the sandbox where that plays it."""
    has = settings.SERVICES.get(link.service)
    if has is None:
        return link.url
    own = defaults(link.service).open_url
    return link.url.replace(own, has.open_url, 1) if link.url.startswith(f"{own}/") else link.url

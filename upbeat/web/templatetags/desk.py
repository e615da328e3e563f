"""What several pages of the dashboard draw."""

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from upbeat.web.pages import marks

register = Library()
_CHANNELS = {"email": "email", "push": "bell", "calendar": "calendar"}


@register.simple_tag
def logo(service: str, label: str = "") -> SafeString:
    """The sign of a service, a channel or (empty) a shop, as the fan pages draw it."""
    name = _CHANNELS.get(service, "")
    drawn = marks.icon(name) if name else marks.mark(service, label or service)
    return format_html('<span class="logo">{}</span>', drawn)

"""Our own drawings: the services' marks and the pages' icons, 24 by 24, in the colour of the words around them.

Each is a simple sign that says which service is meant, drawn here. `cut` paints in the colour of the ground beneath.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_NOTE = "M9.3 17V6.9l7.5-1.8v10.2M9.3 8.6l7.5-1.8"
_HEADS = '<path d="M9 17a2 1.8 0 1 1-4 0 2 1.8 0 0 1 4 0m7.5-1.7a2 1.8 0 1 1-4 0 2 1.8 0 0 1 4 0"/>'

_MARKS = {
    "spotify": '<circle cx="12" cy="12" r="12"/><path class="cut" stroke-width="2.1" '
    'd="M5 8.6q7.4-2.2 14.2 1.6M5.7 12.4q6.2-1.8 12 1.4M6.4 16q5.2-1.5 9.8 1.2"/>',
    "apple_music": f'<rect width="24" height="24" rx="6"/><g class="cut" stroke-width="1.7"><path d="{_NOTE}"/>'
    f'<g class="cut fill">{_HEADS}</g></g>',
    "itunes": '<circle class="line" cx="12" cy="12" r="11.5" stroke-width=".9"/>'
    f'<path class="line" stroke-width="1.7" d="{_NOTE}"/>{_HEADS}',
    "deezer": '<path d="M0 7.6a1 2.6 0 1 1 2 0 1 2.6 0 0 1-2 0m24 0a1 2.6 0 1 0-2 0 1 2.6 0 0 0 2 0'
    "M2.4 7.8a2 6 0 1 1 4 0 "
    "2 6 0 0 1-4 0m19.2 0a2 6 0 1 0-4 0 2 6 0 0 0 4 0M5.8 10.2a2.1 8.6 0 1 1 4.2 0 2.1 8.6 0 0 1-4.2 0m12.4 0"
    "a2.1 8.6 0 1 "
    '0-4.2 0 2.1 8.6 0 0 0 4.2 0M9.6 14a2.4 9.2 0 1 1 4.8 0 2.4 9.2 0 0 1-4.8 0"/>',
    "tidal": '<path d="m4 5.6 4 4-4 4-4-4zm8 0 4 4-4 4-4-4zm8 0 4 4-4 4-4-4zm-8 8 4 4-4 4-4-4z"/>',
    "youtube_music": '<circle cx="12" cy="12" r="12"/><circle class="cut" cx="12" cy="12" r="6.6" stroke-width="1.3"/>'
    '<path class="cut fill" d="m10.2 8.9 5 3.1-5 3.1z"/>',
    "youtube": '<rect y="4" width="24" height="16" rx="4.5"/><path class="cut fill" d="m9.6 8 6.8 4-6.8 4z"/>',
    "soundcloud": '<path class="line" stroke-width="1" '
    'd="M.6 13v2.6M2.4 12v4.6M4.2 11.4v5.2M6 10.4v6.2M7.8 9v7.6M9.6 8v8.6"/>'
    '<path d="M11 7.9a5.6 5.6 0 0 1 8.2 3.4 3 3 0 1 1 1.4 5.9H11z"/>',
    "bandcamp": '<path d="M7 5.2h17l-7 13.6H0z"/>',
}
_ICONS = {
    "store": '<path d="M5 9h14l1 11H4zM8.7 9V7.6a3.3 3.3 0 0 1 6.6 0V9"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19.5 7"/>',
    "calendar": '<path d="M4 5.5h16v14.5H4zM4 10h16M8 3v4M16 3v4"/>',
    "library": '<path d="M12 5v14M5 12h14"/>',
    "playlist": '<path d="M3 6h14M3 11.5h11M3 17h7M18 12v8M14 16h8"/>',
    "follow": '<circle cx="12" cy="8" r="4"/><path d="M5 20.5c0-8 14-8 14 0"/>',
    "email": '<path d="M3 5.5h18v13H3zM3.5 6.5 12 13l8.5-6.5"/>',
    "bell": '<path d="M4 17.5h16c-2-2-2-4-2-7a6 6 0 0 0-12 0c0 3 0 5-2 7zM10.5 21h3"/>',
    "wrong": '<circle cx="12" cy="12" r="9"/><path d="M12 7v6M12 16.2v.3"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
}
_ICONS["new_playlist"] = _ICONS["playlist"]


def mark(service: str, name: str) -> SafeString:
    """The sign of a service or shop; without a drawing the first letter of its name."""
    if service in _MARKS:
        return mark_safe(f'<svg viewBox="0 0 24 24" aria-hidden="true">{_MARKS[service]}</svg>')  # noqa: S308 - ours
    if not service:
        return icon("store")
    return format_html('<b class="letter" aria-hidden="true">{}</b>', name[:1].upper())


def icon(name: str) -> SafeString:
    """One of our icons; `name` is ours, never a stranger's."""
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_ICONS[name]}</svg>')  # noqa: S308 - ours

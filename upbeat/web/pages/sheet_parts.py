"""What the sheets over a page show, as plain frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PermissionSheet:
    """2: one sentence about what will happen, and the form that starts the trip."""

    service: str
    label: str
    action: str
    """Where the form is sent (POST) with `zone`, the fan's time zone (empty without script)."""
    asks_follow: bool = False
    """The first permission covers following, too, and the sheet says both."""
    follows_on_the_day: bool = False
    """The permission covers following the artist on release day (Deezer), and the sheet says so."""
    at_once: bool = False
    """It is used as soon as it is given: it is out, or there already and the permission would not live until then."""
    musickit: "MusicKitPart | None" = None
    """The service asks on this page (Apple Music)."""
    in_app: "InAppPart | None" = None
    """This is the browser inside another app, where the service cannot ask: the sheet says how to go on."""
    remind_url: str = ""
    native_url: str = ""
    """The service's own page, where that is the next rung down."""


@dataclass(frozen=True, slots=True)
class InAppPart:
    """The ways out of the browser inside another app, with the fan's choice: they go on where they were."""

    app: str
    copy_url: str
    """This very sheet, as a whole URL."""
    open_url: str = ""
    """What opens it in a browser of its own; empty where nothing does."""
    browser: str = ""
    """That browser's name; empty: we do not know which one it is."""


@dataclass(frozen=True, slots=True)
class MusicKitPart:
    """What the sheet needs where a service's own script asks: that, and ours."""

    script: str
    musickit_url: str
    token: str
    """Proves this installation to the service, for hours. Public by nature."""
    name: str
    """Who asks, in the service's own window."""
    back: str
    """Where the fan's token is sent (POST)."""
    fresh: bool = False
    """An earlier yes that the browser keeps is of no use."""


@dataclass(frozen=True, slots=True)
class RemindSheet:
    """7: a message at the instant. The e-mail form is there only with `action`, the phone only with `push_url`."""

    calendar_url: str
    action: str = ""
    """Where the form is sent (POST) with `service` and `email`."""
    services: tuple[tuple[str, str], ...] = ()
    """Key and name of each service the link may lead to."""
    chosen: str = ""
    email: str = ""
    email_error: str = ""
    """In words of the page's language."""
    push_url: str = ""
    push_key: str = ""
    """What a browser subscribes for: the installation's public key."""
    keeps: tuple[str, str, int] | None = None
    """Why this is no save: the service's name, the key of a sentence, and for how many days or hours it keeps a
    permission."""
    push_note: str = ""
    """Why the phone cannot be notified, as a key of the page's words: then the row is off."""


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """The ways into a calendar: a file, and other sites' forms by their names. All of them are counted taps."""

    file_url: str
    forms: tuple[tuple[str, str], ...]

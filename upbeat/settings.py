"""Every setting of an installation, read once from the environment. `upbeat check` explains each of them."""

import base64
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from upbeat import env
from upbeat.providers.base import Token
from upbeat.providers.registry import ServiceSettings, credential, defaults, names

BASE_DIR = Path(__file__).resolve().parent

# --- The installation -------------------------------------------------------------------------------------------
DATA_DIR = Path(env.text("UPBEAT_DATA_DIR", "data")).resolve()
PUBLIC_URL = env.text("UPBEAT_URL", "http://127.0.0.1:8000").rstrip("/")
SANDBOX = env.flag("UPBEAT_SANDBOX")
SECURE = PUBLIC_URL.startswith("https://")
DEBUG = False

# --- Secrets: from the environment, or made on first use and kept in the data folder ------------------------------
SECRET_KEY = env.kept_secret("UPBEAT_SECRET_KEY", DATA_DIR / "secret_key", lambda: secrets.token_urlsafe(50))
SEALING_KEYS = env.kept_secret(
    "UPBEAT_SEALING_KEYS",
    DATA_DIR / "sealing_keys",
    lambda: "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
)
"""`id:base64 of 32 bytes`, comma separated; the first one seals, all of them open."""
VAPID_KEY = env.vapid_key(
    "UPBEAT_VAPID_KEY",
    env.kept_secret("UPBEAT_VAPID_KEY", DATA_DIR / "vapid_key", lambda: env.new_vapid_key(SECRET_KEY)),
)
"""What notifications are signed with: a private key on P-256, as base64url of its 32 bytes."""


# --- Streaming services -------------------------------------------------------------------------------------------
def _service(name: str) -> ServiceSettings:
    start, given, called = f"UPBEAT_{name.upper()}", defaults(name), credential(name)
    return ServiceSettings(
        client_id=env.text(f"{start}_{called.id}"),
        client_secret=Token(env.secret(f"{start}_{called.secret}")),
        api_url=env.text(f"{start}_API_URL", given.api_url).rstrip("/"),
        authorize_url=env.text(f"{start}_AUTHORIZE_URL", given.authorize_url),
        token_url=env.text(f"{start}_TOKEN_URL", given.token_url),
        open_url=env.text(f"{start}_OPEN_URL", given.open_url).rstrip("/"),
        sandbox=SANDBOX,
        api_key=Token(env.secret(f"{start}_API_KEY")),
        units_a_day=env.number(f"{start}_UNITS_A_DAY", 0, least=0),
        key_id=env.text(f"{start}_{called.key_id}") if called.key_id else "",
        musickit_url=env.text(f"{start}_MUSICKIT_URL", given.musickit_url) if given.musickit_url else "",
        lookup_url=env.text(f"{start}_LOOKUP_URL", given.lookup_url).rstrip("/") if given.lookup_url else "",
    )


SERVICES: dict[str, ServiceSettings] = {name: _service(name) for name in names()}
SHORT_LINKS_URL = env.text("UPBEAT_SHORT_LINKS_URL").rstrip("/")
"""In sandbox mode: who is asked where a short link leads, instead of its own host, as `<it>/<host>/<path>`."""
SANDBOX_URL = env.text("UPBEAT_SANDBOX_URL").rstrip("/")
"""Where the sandbox's control plane is, in sandbox mode: `upbeat clock` moves its clock along."""


# --- Database -----------------------------------------------------------------------------------------------------
def _port(parts: SplitResult) -> str:
    try:
        return str(parts.port or "")
    except ValueError:
        raise env.SettingError(
            "UPBEAT_DATABASE_URL must have a number from 1 to 65535 as its port."
        ) from None


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database URL."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                # Without IMMEDIATE a transaction that reads first and writes later fails instead of waiting.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": _port(parts),
            "CONN_MAX_AGE": 60,
            # A machine that is frozen or cut off in a transaction must not keep its locks from the others: sooner
            # than its lease is over, which is 20 s.
            "OPTIONS": {"connect_timeout": 5, "options": "-c idle_in_transaction_session_timeout=15s"},
        }
    raise env.SettingError("UPBEAT_DATABASE_URL must begin with sqlite:// or postgresql://.")


DATABASES = {
    "default": database(env.secret("UPBEAT_DATABASE_URL", f"sqlite://{DATA_DIR / 'upbeat.sqlite3'}"))
}
EMBEDDED = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Django -------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "upbeat.artists",
    "upbeat.campaigns",
    "upbeat.fans",
    "upbeat.delivery",
    "upbeat.clicks",
    "upbeat.web",
    *([] if EMBEDDED else ["procrastinate.contrib.django"]),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "upbeat.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "dashboard" / "templates", BASE_DIR / "web" / "pages" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]
STATICFILES_DIRS = [BASE_DIR / "web" / "dashboard" / "static", BASE_DIR / "web" / "pages" / "static"]
STATIC_URL = "/static/"
MEDIA_ROOT = DATA_DIR / "media"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

# --- Accounts and sessions ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "artists.Person"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/dashboard"
LOGOUT_REDIRECT_URL = "/sign-in"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- Mail: reminders to fans, alarms to the team. Without a server there are none of the first, and the second are
# shown in the dashboard alone ------------------------------------------------------------------------------------
MAIL_SERVER = env.mail_server("UPBEAT_SMTP_URL")
MAIL_FROM = env.mail_address("UPBEAT_MAIL_FROM")
MAIL_PER_HOUR = env.number("UPBEAT_MAIL_PER_HOUR", 3600, least=1)
"""How many letters to fans the mail server may be given in an hour, by all processes together."""

# --- The door -------------------------------------------------------------------------------------------------------
ALLOWED_HOSTS = [
    urlsplit(PUBLIC_URL).hostname or "127.0.0.1",
    *(["127.0.0.1", "localhost"] if SANDBOX else []),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "upbeat.web.fan.errors.forbidden"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("UPBEAT_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOG_LEVELS = ("WARNING", "DEBUG", "INFO", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Their lines hold whole paths, and a path may be the key of a receipt; `web.fan.errors` logs what is to be known.
    "loggers": {"django.request": {"level": "CRITICAL"}, "django.security": {"level": "CRITICAL"}},
    "root": {"handlers": ["console"], "level": env.one_of("UPBEAT_LOG_LEVEL", *LOG_LEVELS)},
}

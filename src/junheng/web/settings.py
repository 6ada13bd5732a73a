"""The one settings file; everything that differs between servers comes from :mod:`junheng.web.environment`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from junheng.web.environment import MalformedEnvironmentError, Mode, read_email_url, read_environment, read_field_keys

try:
    ENVIRONMENT = read_environment()
except MalformedEnvironmentError as fault:
    raise ImproperlyConfigured(str(fault)) from None

HERE = Path(__file__).resolve().parent
PRODUCTION = ENVIRONMENT.mode is Mode.PRODUCTION
DEMO = ENVIRONMENT.mode is Mode.DEMO
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value()
FIELD_KEYS = read_field_keys(ENVIRONMENT.field_keys.get_secret_value())
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
DATA_DIR = ENVIRONMENT.data_dir.resolve()
LEASE_SECONDS = ENVIRONMENT.lease_seconds
WIDEN_RACES = ENVIRONMENT.widen_races
ARRIVAL_HEADER = ENVIRONMENT.arrival_header
WEB_THREADS = ENVIRONMENT.web_threads

ROOMS = ("access", "interface", "records", "directory", "staffing", "rotation", "reporting")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_vite",
    "django_tables2",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "template_partials",
    "tree_queries",
    "csp",
    "django_tasks",
    *(f"junheng.web.{room}" for room in ROOMS),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.dingtalk",
    "allauth.socialaccount.providers.feishu",
]
MIDDLEWARE = [
    "junheng.web.interface.arriving.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "junheng.web.interface.limits.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "junheng.web.interface.errors.NotAllowedMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "junheng.web.directory.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "junheng.web.directory.middleware.StandingMiddleware",
    "junheng.web.directory.middleware.LanguageMiddleware",
    "junheng.web.directory.middleware.IdleMiddleware",
    "junheng.web.directory.middleware.FirstThingsMiddleware",
]
ROOT_URLCONF = "junheng.web.urls"
WSGI_APPLICATION = "junheng.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "junheng.web.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FILTERS_EMPTY_CHOICE_LABEL = _("全部")
DJANGO_TABLES2_TEMPLATE = "interface/_table.html"

# --- database: the settings that the figures of the benchmarks rest on ---------------------------------------------

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA_DIR / "junheng.sqlite3"),
    "CONN_MAX_AGE": 60,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
        "PRAGMA mmap_size=134217728;PRAGMA cache_size=-16000;",
    },
}

_DATABASE_URL = (
    "DATABASE_URL: 应为 sqlite:///路径 或 postgres://用户:密码@主机:端口/库名 / "
    "expected sqlite:///path or postgres://user:password@host:port/name"
)


def _database() -> dict[str, Any]:
    if not ENVIRONMENT.database_url:
        return SQLITE
    try:
        given: dict[str, Any] = dict(
            dj_database_url.parse(ENVIRONMENT.database_url, conn_max_age=60, conn_health_checks=True)
        )
    except (ValueError, KeyError) as fault:
        raise ImproperlyConfigured(_DATABASE_URL) from fault
    if given["ENGINE"].endswith("sqlite3"):
        return SQLITE | {"NAME": given["NAME"]}
    if not given["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured(_DATABASE_URL)
    given["OPTIONS"] = given.get("OPTIONS", {}) | {
        "connect_timeout": 5,
        "tcp_user_timeout": 8000,
        "keepalives_idle": 30,
        "options": "-c statement_timeout=30000",
    }
    return given


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "junheng_cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "junheng"},
}

# --- who signs in --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "junheng.web.directory.passwords.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "junheng.web.directory.allauth_adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "junheng.web.directory.allauth_adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "login": None}
"""Of codes only: passwords are braked by :mod:`junheng.web.directory.braking`, because a school shares one address."""
MFA_ADAPTER = "junheng.web.directory.allauth_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Junheng"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.https
USERSESSIONS_TRACK_ACTIVITY = False


def _provider(name: str, text: str, needed: set[str]) -> dict[str, str] | None:
    if not text:
        return None
    try:
        given = json.loads(text)
        if not (isinstance(given, dict) and needed <= set(given) and all(isinstance(v, str) for v in given.values())):
            raise ValueError
    except ValueError:
        said = ", ".join(sorted(needed))
        raise ImproperlyConfigured(f"JUNHENG_{name}: expected a JSON object with the texts {said}") from None
    return given


def _providers() -> dict[str, Any]:
    found: dict[str, Any] = {}
    if oidc := _provider("OIDC", ENVIRONMENT.oidc, {"name", "server_url", "client_id", "secret"}):
        app = {
            "provider_id": "oidc",
            "name": oidc["name"],
            "client_id": oidc["client_id"],
            "secret": oidc["secret"],
            "settings": {"server_url": oidc["server_url"]},
        }
        found["openid_connect"] = {"APPS": [app]}
    for provider in ("dingtalk", "feishu"):
        if given := _provider(provider.upper(), getattr(ENVIRONMENT, provider), {"client_id", "secret"}):
            found[provider] = {"APPS": [{"client_id": given["client_id"], "secret": given["secret"], "key": ""}]}
    return found


SOCIALACCOUNT_PROVIDERS = _providers()


def _sign_in_pages() -> list[str]:
    """Where the providers' own sign-in pages are: the browser refuses a form that leads there otherwise."""
    pages = {"dingtalk": "https://login.dingtalk.com", "feishu": "https://open.feishu.cn"}
    if "openid_connect" in SOCIALACCOUNT_PROVIDERS:
        address = urlsplit(SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"])
        pages["openid_connect"] = f"{address.scheme}://{address.netloc}"
    return [pages[name] for name in SOCIALACCOUNT_PROVIDERS]


SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = False

# --- sessions, cookies, headers ------------------------------------------------------------------------------------

SESSION_COOKIE_AGE = ENVIRONMENT.session_idle_minutes * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_SSL_REDIRECT = ENVIRONMENT.https and PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the proxy in the same machine
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": [UNSAFE_INLINE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *_sign_in_pages()],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
UPLOAD_LIMITS = {"workbook": 60 * 1024**2, "attachment": 20 * 1024**2}
EXPORT_LIMITS = {"alert_files": 20, "alert_rows": 20_000, "refuse_files": 100, "refuse_rows": 200_000}
"""Lists that one person may export within an hour before it is told, and before it is refused."""
HOOKS_MAY_BE_LOCAL = False
"""Whether web hooks may lead to this machine and its network; only tests say yes."""
HOOK_SECONDS = 10

# --- language, time, files -----------------------------------------------------------------------------------------

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = "junheng.web.interface.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone
STATIC_URL = "static/"
STATIC_ROOT = None  # nothing is collected: whitenoise serves what the finders find
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": HERE / "static" / "bundle" / ".vite" / "manifest.json",
        "static_url_prefix": "bundle",
    }
}

# --- background work, mail, log ------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "junheng.web.records.tasks.LeaseBackend"}}
MAIL_SERVER = read_email_url(ENVIRONMENT.email_url)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_SERVER else 'console'}.EmailBackend"
if MAIL_SERVER:
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_SSL = MAIL_SERVER.encrypted_from_start
    EMAIL_USE_TLS = bool(MAIL_SERVER.password) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.email_from
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"junheng": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
LIST_EXPORTER = "junheng.web.records.exports.export_list"

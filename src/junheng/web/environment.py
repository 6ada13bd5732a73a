"""What the environment says, each value refused out loud when it is malformed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEFAULT_SECRET = "for-development-only-and-refused-in-production"  # noqa: S105 - the guard is that production refuses it
DEFAULT_FIELD_KEYS = "dev:" + base64.b64encode(b"junheng development field key 32").decode()


class Mode(StrEnum):
    """What the server is run for."""

    DEVELOPMENT = "development"
    DEMO = "demo"
    PRODUCTION = "production"


class MalformedEnvironmentError(ValueError):
    """One or more variables cannot be used; the text names each, what was found and what is expected."""


class Environment(BaseSettings):
    """Every setting of the web application. A field ``x`` is read from ``JUNHENG_X``."""

    model_config = SettingsConfigDict(env_prefix="JUNHENG_", extra="ignore", env_ignore_empty=True)

    mode: Mode = Mode.DEVELOPMENT
    debug: bool = False
    secret_key: SecretStr = SecretStr(DEFAULT_SECRET)
    field_keys: SecretStr = SecretStr(DEFAULT_FIELD_KEYS)
    """Keys of encrypted fields as ``id:base64`` of 32 bytes, by commas; the first one encrypts, all decrypt."""
    data_dir: Path = Path("junheng-data")
    """Where SQLite, attachments and exports live; never under a folder that a web server serves."""
    database_url: Annotated[str, Field(validation_alias="DATABASE_URL")] = ""
    hosts: Annotated[tuple[str, ...], NoDecode] = ("localhost", "127.0.0.1", "[::1]")
    https: bool = True
    """Whether the site is reached by HTTPS; only the demo and development may say no."""
    time_zone: str = "Asia/Shanghai"
    language: str = "zh-hans"
    session_idle_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 30
    lease_seconds: Annotated[int, Field(ge=1, le=3600)] = 30
    email_url: str = ""
    """Where e-mail goes, as ``smtp://user:password@host:port``; blank prints it to the console."""
    email_from: str = "junheng@localhost"
    oidc: str = ""
    """An OpenID Connect provider as JSON: ``{"name", "server_url", "client_id", "secret"}``."""
    dingtalk: str = ""
    """DingTalk as JSON: ``{"client_id", "secret"}``."""
    feishu: str = ""
    """Feishu as JSON: ``{"client_id", "secret"}``."""
    arrival_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    """Header in which the reverse proxy itself says when a request arrived, such as ``X-Request-Start``."""
    web_threads: Annotated[int, Field(ge=1, le=64)] = 8
    """Threads of a web process that answer, each with a connection to the database."""
    widen_races: Annotated[float, Field(ge=0, le=10)] = 0
    """Seconds to wait between a check and its write; only tests may set it."""

    @field_validator("hosts", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("field_keys")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        read_field_keys(value.get_secret_value())
        return value

    @field_validator("hosts")
    @classmethod
    def _named(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or any("/" in host or any(mark.isspace() for mark in host) for host in value):
            raise ValueError("expected names of hosts by commas, without https:// and paths")
        return value

    @field_validator("time_zone")
    @classmethod
    def _on_earth(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("expected a time zone such as Asia/Shanghai")
        return value

    @field_validator("language")
    @classmethod
    def _spoken(cls, value: str) -> str:
        if value not in {"zh-hans", "en"}:
            raise ValueError("expected zh-hans or en")
        return value

    @field_validator("email_url")
    @classmethod
    def _mailed(cls, value: str) -> str:
        read_email_url(value)
        return value

    @model_validator(mode="after")
    def _safe(self) -> Environment:
        if self.mode is not Mode.PRODUCTION:
            return self
        faults = [
            text
            for wrong, text in (
                (self.debug, "JUNHENG_DEBUG must be off"),
                (self.secret_key.get_secret_value() == DEFAULT_SECRET, "JUNHENG_SECRET_KEY must be set to a secret"),
                (len(self.secret_key.get_secret_value()) < 40, "JUNHENG_SECRET_KEY must have at least 40 characters"),
                (self.field_keys.get_secret_value() == DEFAULT_FIELD_KEYS, "JUNHENG_FIELD_KEYS must be set"),
                (not self.https, "JUNHENG_HTTPS must be on"),
                (self.widen_races > 0, "JUNHENG_WIDEN_RACES is for tests"),
                ("*" in self.hosts, "JUNHENG_HOSTS must name the hosts"),
            )
            if wrong
        ]
        if faults:
            raise ValueError("in production " + "; ".join(faults))
        return self


def read_field_keys(text: str) -> dict[str, bytes]:
    """Keys by id, in order. Raises ``ValueError`` for a part that is not ``id:base64`` of 32 bytes."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        name, colon, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not (colon and name.isalnum() and len(key) == 32) or name in keys:
            raise ValueError("expected id:base64 of 32 bytes, by commas, each id once")
        keys[name] = key
    return keys


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over."""

    host: str
    port: int
    user: str
    password: str
    encrypted_from_start: bool
    """``smtps``; ``smtp`` begins in the clear and must go over to TLS where a password is sent."""


def read_email_url(text: str) -> MailServer | None:
    """The mail server of a URL; ``None`` for a blank one. Raises ``ValueError`` for anything else."""
    if not text:
        return None
    expected = ValueError("expected smtp://user:password@host:port or smtps://…")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise expected from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise expected
    secure = parts.scheme == "smtps"
    given = (unquote(parts.username or ""), unquote(parts.password or ""))
    return MailServer(parts.hostname, port or (465 if secure else 25), *given, secure)


def read_environment() -> Environment:
    """The environment, or :class:`MalformedEnvironmentError` naming every variable that cannot be used."""
    try:
        return Environment()
    except ValidationError as fault:
        lines = []
        for error in fault.errors(include_url=False, include_context=False, include_input=False):
            name = ".".join(str(part) for part in error["loc"])
            variable = (name if name.isupper() else f"JUNHENG_{name.upper()}") if name else ""
            lines.append(f"{variable}: {error['msg']}" if variable else error["msg"])
        said = "\n  ".join(lines)
        raise MalformedEnvironmentError(
            f"环境变量有误，服务未启动 / malformed environment, not started:\n  {said}"
        ) from None

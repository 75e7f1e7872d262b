"""Every environment variable that the product reads (prefix `TICKET_`), typed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, cast
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ticket_app.settings.hosts import (
    HOST_PATTERN,
    ORIGIN_PATTERN,
    check_imap_url,
    is_loopback,
    normalized_origin,
    split_url,
)
from ticket_app.settings.issuers import TrustedIssuer
from ticket_app.settings.secret_file import load_or_create_secret

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent

WordList = Annotated[list[str], NoDecode]
"""A setting with several values, separated by commas."""
VARIABLE_NAMES: dict[str, tuple[str, ...]] = {
    "debug": ("TICKET_DEBUG", "DEBUG"),
    "log_level": ("TICKET_LOG_LEVEL", "LOG_LEVEL"),
    "secret_key": ("TICKET_SECRET_KEY", "DJANGO_SECRET_KEY"),
    "database_url": ("TICKET_DATABASE_URL", "DATABASE_URL"),
    "redis_url": ("TICKET_REDIS_URL", "REDIS_URL"),
}
"""Settings with several variables, the first of which that is set counts: those without prefix are
the names in the KubeBro guide ("Environment Variables") and the Centcom guide ("Debug Mode").
"""
POSTGRESQL_SCHEMES = ("postgres", "postgresql", "postgresql+psycopg")


def _names(field: str) -> AliasChoices:
    return AliasChoices(*VARIABLE_NAMES[field])


class Settings(BaseSettings):
    """The settings of an installation; each field is read from `TICKET_<NAME>` unless noted."""

    model_config = SettingsConfigDict(
        env_prefix="TICKET_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    env: Literal["development", "production", "test"] = "development"
    debug: bool = Field(default=False, validation_alias=_names("debug"))
    log_level: str = Field(default="info", validation_alias=_names("log_level"))
    log_dir: str | None = None
    var: Path = PROJECT_ROOT / "var"
    secret_key: str = Field(default="", validation_alias=_names("secret_key"))
    database_url: str = Field(default="", validation_alias=_names("database_url"))
    database_pool: int = Field(default=8, ge=1, le=1000)
    database_threads: int = Field(default=4, ge=1, le=256)
    files_url: str = ""
    redis_url: str | None = Field(default=None, validation_alias=_names("redis_url"))
    clamav_url: str | None = None
    public_url: str | None = None
    cors_origins: WordList = []
    trusted_proxies: WordList = []
    trusted_issuers: Annotated[list[TrustedIssuer], NoDecode] = []
    demo_password: str | None = None
    demo: bool | None = None
    registration: bool = True
    submissions_per_hour: int = Field(default=200, ge=0)
    sign_in_tries_per_minute: int = Field(default=10, ge=0)
    sign_in_failures_per_minute: int = Field(default=100, ge=0)
    rate_general_per_hour: int = Field(default=1000, ge=0)
    rate_uploads_per_hour: int = Field(default=100, ge=0)
    rate_searches_per_hour: int = Field(default=200, ge=0)
    rate_reports_per_hour: int = Field(default=50, ge=0)
    rate_imports_per_hour: int = Field(default=60, ge=0)
    session_days: int = Field(default=14, ge=1, le=3650)
    reopen_days: int = Field(default=14, ge=0, le=3650)
    audit_days: int | None = Field(default=None, ge=1, le=36_500)
    """After how many days administrative entries of the audit trail are deleted; None for never."""
    timezone: ZoneInfo = ZoneInfo("UTC")
    sections: WordList = [
        "user_interface",
        "database_connectivity",
        "authentication",
        "plugins",
        "reporting",
        "api",
        "performance",
        "installation",
        "notifications",
        "billing",
        "other",
    ]
    jobs: bool = True
    job_threads: int = Field(default=4, ge=1, le=64)
    webhook_threads: int = Field(default=16, ge=1, le=256)
    webhook_allow_hosts: WordList = []
    mcp_token: str = ""
    smtp_url: str = ""
    mail_from: str = "Help desk <support@localhost>"
    mail_hold_seconds: int = Field(default=60, ge=0, le=86_400)
    imap_url: str | None = None
    mail_inbound_token: str = ""
    mail_authserv_id: str | None = None
    mail_unknown_senders: Literal["accept", "park", "refuse"] = "accept"
    mail_verification: bool = False
    """Whether a registration counts only once its address is verified."""

    @field_validator(
        "cors_origins", "trusted_proxies", "webhook_allow_hosts", "sections", mode="before"
    )
    @classmethod
    def _split_words(cls, value: str | Iterable[object]) -> list[str]:
        """Accept a JSON list or values separated by commas."""
        if isinstance(value, str):
            is_json = re.match(r'\s*(?:\[\s*["\]]|\{)', value)
            value = _read_json(value) if is_json else value.split(",")
        return [str(word).strip() for word in value if str(word).strip()]

    @field_validator("trusted_issuers", mode="before")
    @classmethod
    def _parse_issuers(cls, value: object) -> object:
        """Accept a JSON list of objects."""
        return _read_json(value) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, names: list[str]) -> list[str]:
        """Accept origins (`scheme://host[:port]`), and `*` for any."""
        for name in names:
            if name != "*" and not (ORIGIN_PATTERN.fullmatch(name) and split_url(name).hostname):
                raise ValueError(
                    "must be a list of origins with http:// or https:// and a host but no path, "
                    "such as https://app.example.com, or * for any"
                )
        return [name if name == "*" else normalized_origin(name) for name in names]

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, names: list[str]) -> list[str]:
        """Accept networks and addresses."""
        try:
            for name in names:
                ip_network(name, strict=False)
        except ValueError:
            raise ValueError(
                "must be a list of addresses or networks, such as 10.0.0.0/8"
            ) from None
        return names

    @field_validator("webhook_allow_hosts")
    @classmethod
    def _check_hosts(cls, names: list[str]) -> list[str]:
        """Accept hosts, each as `host` or `host:port`."""
        if not all(HOST_PATTERN.fullmatch(name) for name in names):
            raise ValueError("must be a list of hosts, each as host or host:port")
        return names

    @field_validator("timezone", mode="before")
    @classmethod
    def _parse_time_zone(cls, name: object) -> object:
        """Accept a name from the IANA time zone database."""
        try:
            return ZoneInfo(name) if isinstance(name, str) else name
        except (KeyError, ValueError, OSError):
            raise ValueError("must be an IANA time zone, such as Europe/Berlin") from None

    @field_validator("log_level")
    @classmethod
    def _check_log_level(cls, value: str) -> str:
        if value.lower() not in {"debug", "info", "warning", "error", "critical"}:
            raise ValueError("must be debug, info, warning, error or critical")
        return value.lower()

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str) -> str:
        if not value:
            return value
        parts = split_url(value)
        is_file = value.startswith("sqlite:///") and len(parts.path) > 1
        if not is_file and parts.scheme not in POSTGRESQL_SCHEMES:
            raise ValueError(
                "must be sqlite:///path/to/file or postgresql://user:password@host/name"
            )
        return value

    @field_validator("files_url")
    @classmethod
    def _check_files_url(cls, value: str) -> str:
        if not value:
            return value
        parts = split_url(value)
        is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
        is_bucket = parts.scheme in ("s3", "gs", "az") and parts.netloc
        if not (is_folder or is_bucket or value == "memory://"):
            raise ValueError(
                "must be a URL: file:///folder, s3://bucket/prefix, gs://bucket/prefix "
                "or az://container/prefix"
            )
        return value

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, value: str | None) -> str | None:
        if value and split_url(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must be a URL, such as redis://host:6379/0")
        return value or None

    @field_validator("clamav_url")
    @classmethod
    def _check_clamav_url(cls, value: str | None) -> str | None:
        parts = split_url(value or "")
        is_socket = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
        is_host = parts.scheme == "tcp" and parts.hostname and parts.port
        if value and not is_socket and not is_host:
            raise ValueError("must be unix:///path/to/socket or tcp://host:port")
        return value or None

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp_url(cls, value: str) -> str:
        if not value:
            return value
        parts = split_url(value)
        is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
        is_server = parts.scheme in ("smtp", "smtps") and parts.hostname
        starttls = dict(parse_qsl(parts.query)).get("starttls", "auto")
        if not (is_folder or is_server) or starttls not in ("required", "auto", "off"):
            raise ValueError(
                "must be smtp://user:password@host:587?starttls=required (or auto, off), "
                "smtps://host:465 or file:///folder"
            )
        return value

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, value: str) -> str:
        _, address = parseaddr(value)
        _, at, domain = address.rpartition("@")
        if not at or not domain or any(character in value for character in "\r\n"):
            raise ValueError("must be an address, such as Acme Support <support@example.com>")
        return value

    @field_validator("imap_url")
    @classmethod
    def _check_imap_url(cls, value: str | None) -> str | None:
        if not value:
            return None
        return check_imap_url(value)

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        parts = split_url(value or "")
        if value and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("must be a URL, such as https://desk.example.com")
        return value or None

    @model_validator(mode="after")
    def _fill_defaults(self) -> Settings:
        if self.env == "production" and len(self.secret_key) < 32:
            raise ValueError(
                "TICKET_SECRET_KEY must have at least 32 characters when TICKET_ENV is production."
            )
        if self.debug and "log_level" not in self.model_fields_set:
            self.log_level = "debug"
        if not self.database_url:
            self.database_url = f"sqlite:///{self.var / 'desk.db'}"
        if not self.smtp_url:
            self.smtp_url = (self.var / "mail").resolve().as_uri()
        if not self.files_url:
            self.files_url = (self.var / "files").resolve().as_uri()
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        if not self.secret_key:
            try:
                self.secret_key = load_or_create_secret(self.var / "secret_key")
            except OSError as error:
                raise ValueError(
                    f"TICKET_VAR must be a writable folder ({error.strerror})."
                ) from None
        return self

    @property
    def is_local_only(self) -> bool:
        """Whether `HOST` and the public URL are loopback, so that only this machine has access."""
        public = urlsplit(self.public_url).hostname or "" if self.public_url else "localhost"
        return is_loopback(os.environ.get("HOST") or "127.0.0.1") and is_loopback(public)

    @property
    def has_demo_accounts(self) -> bool:
        """Whether demo accounts exist: as `TICKET_DEMO` says, otherwise if `is_local_only`.

        Never in production.
        """
        if self.env == "production":
            return False
        return self.is_local_only if self.demo is None else self.demo

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is in use."""
        return self.database_url.startswith("sqlite")


def _read_json(value: str) -> list[object]:
    try:
        parsed: object = json.loads(value)
    except ValueError:
        raise ValueError("must be a list in valid JSON") from None
    if not isinstance(parsed, list):
        raise ValueError("must be a list in valid JSON")  # noqa: TRY004 - pydantic reads it
    return cast("list[object]", parsed)

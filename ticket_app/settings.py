"""Every environment variable the product reads, once and typed (prefix `TICKET_`)."""

from __future__ import annotations

import json
import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AliasChoices, BaseModel, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SESSION_COOKIE = "desk_session"
"""The browser session's cookie."""
ROOT = Path(__file__).resolve().parent.parent


HOST_OR_PORT = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


ORIGIN = re.compile(rf"https?://{HOST_OR_PORT.pattern}", re.IGNORECASE)
DEFAULT_PORTS = {"http": ":80", "https": ":443"}
RENAMED = {"TICKET_ALLOWED_ORIGINS": "TICKET_CORS_ORIGINS"}
"""Variables that are read no longer, and the one to use instead."""


def normalized_origin(url: str) -> str:
    """Return the `scheme://host[:port]` of a URL in lower case, without a default port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower().removesuffix(
        DEFAULT_PORTS.get(parts.scheme.lower(), "")
    )


Words = Annotated[list[str], NoDecode]
"""A setting of several words."""


class TrustedIssuer(BaseModel):
    """Somebody whose JWTs we take for identity: a shared secret, a public key, or a JWKS."""

    issuer: str
    audience: str | None = None
    secret: str | None = Field(default=None, min_length=32)
    public_key: str | None = None
    jwks: dict[str, Any] | None = None
    jwks_url: str | None = None
    algorithms: list[str] = []
    subject_claim: str = "sub"
    email_claim: str = "email"
    username_claim: str = "preferred_username"
    name_claim: str = "name"

    @model_validator(mode="after")
    def _exactly_one_key(self) -> TrustedIssuer:
        given = [self.secret, self.public_key, self.jwks, self.jwks_url]
        if sum(key is not None for key in given) != 1:
            raise ValueError("name exactly one of secret, public_key, jwks and jwks_url")
        allowed = ["HS256"] if self.secret else ["RS256", "ES256"]
        self.algorithms = self.algorithms or allowed
        if not set(self.algorithms) <= set(allowed):
            raise ValueError(f"this kind of key signs with {' or '.join(allowed)}")
        return self


class Settings(BaseSettings):
    """How this desk runs; each field is the variable `TICKET_<NAME>` unless it says otherwise."""

    model_config = SettingsConfigDict(env_prefix="TICKET_", env_file=".env", extra="ignore")

    env: Literal["development", "production", "test"] = "development"
    debug: bool = False
    log_level: str = Field(
        default="info", validation_alias=AliasChoices("TICKET_LOG_LEVEL", "LOG_LEVEL")
    )
    log_dir: str | None = None
    var: Path = ROOT / "var"
    secret_key: str = ""
    database_url: str = ""
    database_pool: int = 8
    database_threads: int = 4
    files_url: str = ""
    redis_url: str | None = None
    clamav_url: str | None = None
    public_url: str | None = None
    cors_origins: Words = []
    trusted_proxies: Words = []
    trusted_issuers: list[TrustedIssuer] = []
    demo_password: str | None = None
    demo: bool = True
    registration: bool = True
    submissions_per_hour: int = 200
    sign_in_tries_per_minute: int = 10
    rate_general_per_hour: int = 1000
    rate_uploads_per_hour: int = 100
    rate_searches_per_hour: int = 200
    rate_reports_per_hour: int = 50
    session_days: int = 14
    sections: list[str] = [
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
    webhook_allow_hosts: Words = []

    @model_validator(mode="before")
    @classmethod
    def _no_old_name(cls, values: Any) -> Any:
        """A renamed variable is refused: whoever set it must know that it does nothing now."""
        file = cls.model_config.get("env_file")
        in_file = dotenv_values(file) if isinstance(file, str) else {}
        used = {name.upper() for name in (*os.environ, *in_file)}
        for old, new in RENAMED.items():
            if old in used:
                raise ValueError(f"{old} is now called {new}; rename it")
        return values

    @field_validator("cors_origins", "trusted_proxies", "webhook_allow_hosts", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """A JSON list, or words with commas between them."""
        if isinstance(value, str):
            is_json = re.match(r'\s*\[\s*["\]]', value)
            value = json.loads(value) if is_json else value.split(",")
        return [str(word).strip() for word in value if str(word).strip()]

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, names: list[str]) -> list[str]:
        """Each is a `scheme://host[:port]`, or `*` for any."""
        for name in names:
            if name != "*" and not ORIGIN.fullmatch(name):
                raise ValueError(
                    "each origin must be http:// or https:// with a host and no path, "
                    "as in https://app.example.com, or * for any"
                )
            _ = urlsplit(name).port  # raises ValueError for one that there cannot be
        return [name if name == "*" else normalized_origin(name) for name in names]

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, names: list[str]) -> list[str]:
        """Each is a network or an address."""
        for name in names:
            ip_network(name, strict=False)
        return names

    @field_validator("webhook_allow_hosts")
    @classmethod
    def _hosts(cls, names: list[str]) -> list[str]:
        """Each is a `host` or a `host:port`."""
        for name in names:
            if not HOST_OR_PORT.fullmatch(name):
                raise ValueError(f"{name} is neither a host nor a host:port")
        return names

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.lower() not in {"debug", "info", "warning", "error", "critical"}:
            raise ValueError("LOG_LEVEL is debug, info, warning, error or critical")
        return value.lower()

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        if self.env == "production" and len(self.secret_key) < 32:
            raise ValueError(
                "TICKET_SECRET_KEY of at least 32 characters is required in production"
            )
        if not self.database_url:
            self.database_url = f"sqlite:///{self.var / 'desk.db'}"
        if not self.files_url:
            self.files_url = (self.var / "files").resolve().as_uri()
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        if not self.secret_key:
            self.secret_key = kept_secret(self.var / "secret_key")
        return self

    @property
    def is_sqlite(self) -> bool:
        """The embedded database is in use."""
        return self.database_url.startswith("sqlite")


def kept_secret(path: Path, length: int = 48) -> str:
    """A random secret kept in a private file, made once even when several processes start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        written = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(length))
        # A link appears whole and only once: whoever comes second takes the first one's secret.
        with suppress(FileExistsError):
            path.hardlink_to(written)
        written.unlink()
    return path.read_text().strip()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read from the environment once."""
    return Settings()


def reload_settings(**overrides: Any) -> Settings:
    """Read the environment anew (tests and the operator's verbs)."""
    settings.cache_clear()
    for name, value in overrides.items():
        os.environ[f"TICKET_{name.upper()}"] = (
            value if isinstance(value, str) else json.dumps(value)
        )
    return settings()

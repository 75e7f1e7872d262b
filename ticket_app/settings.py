"""The settings: every environment variable that the product reads (prefix `TICKET_`), typed."""

from __future__ import annotations

import difflib
import json
import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AliasChoices,
    BaseModel,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from ticket_app.name_suggestions import suggest_name

SESSION_COOKIE = "desk_session"
"""The name of the session cookie."""
ZONE_COOKIE = "time_zone"
"""The cookie with the browser's time zone (assets/js/before_paint.js)."""
PROJECT_ROOT = Path(__file__).resolve().parent.parent


HOST_PATTERN = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


ORIGIN_PATTERN = re.compile(rf"https?://{HOST_PATTERN.pattern}", re.IGNORECASE)
DEFAULT_PORTS = {"http": ":80", "https": ":443"}
RENAMED_VARIABLES = {"TICKET_ALLOWED_ORIGINS": "TICKET_CORS_ORIGINS"}
"""Variables that are no longer read, and their new names."""


def normalized_origin(url: str) -> str:
    """Return the `scheme://host[:port]` of a URL in lower case, without a default port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower().removesuffix(
        DEFAULT_PORTS.get(parts.scheme.lower(), "")
    )


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


WordList = Annotated[list[str], NoDecode]
"""A setting with several values, separated by commas."""


class TrustedIssuer(BaseModel):
    """An issuer whose JWTs identify people, with a shared secret, a public key or a JWKS."""

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
    def _check_exactly_one_key(self) -> TrustedIssuer:
        given = [self.secret, self.public_key, self.jwks, self.jwks_url]
        if sum(key is not None for key in given) != 1:
            raise ValueError("must have exactly one of secret, public_key, jwks and jwks_url")
        allowed = ["HS256"] if self.secret else ["RS256", "ES256"]
        self.algorithms = self.algorithms or allowed
        if not set(self.algorithms) <= set(allowed):
            raise ValueError(
                f"must list only algorithms of its kind of key: {' or '.join(allowed)}"
            )
        return self


class Settings(BaseSettings):
    """The settings of an installation; each field is read from `TICKET_<NAME>` unless noted."""

    model_config = SettingsConfigDict(
        env_prefix="TICKET_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    env: Literal["development", "production", "test"] = "development"
    debug: bool = False
    log_level: str = Field(
        default="info", validation_alias=AliasChoices("TICKET_LOG_LEVEL", "LOG_LEVEL")
    )
    log_dir: str | None = None
    var: Path = PROJECT_ROOT / "var"
    secret_key: str = ""
    database_url: str = ""
    database_pool: int = Field(default=8, ge=1, le=1000)
    database_threads: int = Field(default=4, ge=1, le=256)
    files_url: str = ""
    redis_url: str | None = None
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
    session_days: int = Field(default=14, ge=1, le=3650)
    reopen_days: int = Field(default=14, ge=0, le=3650)
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

    @field_validator(
        "cors_origins", "trusted_proxies", "webhook_allow_hosts", "sections", mode="before"
    )
    @classmethod
    def _split_words(cls, value: Any) -> Any:
        """Accept a JSON list or values separated by commas."""
        if isinstance(value, str):
            is_json = re.match(r'\s*(?:\[\s*["\]]|\{)', value)
            value = _read_json(value) if is_json else value.split(",")
        return [str(word).strip() for word in value if str(word).strip()]

    @field_validator("trusted_issuers", mode="before")
    @classmethod
    def _parse_issuers(cls, value: Any) -> Any:
        """Accept a JSON list of objects."""
        return _read_json(value) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, names: list[str]) -> list[str]:
        """Accept origins (`scheme://host[:port]`), and `*` for any."""
        for name in names:
            if name != "*" and not (ORIGIN_PATTERN.fullmatch(name) and _split_url(name).hostname):
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
    def _parse_time_zone(cls, name: Any) -> Any:
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
        parts = _split_url(value)
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
        parts = _split_url(value)
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
        if value and _split_url(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must be a URL, such as redis://host:6379/0")
        return value or None

    @field_validator("clamav_url")
    @classmethod
    def _check_clamav_url(cls, value: str | None) -> str | None:
        parts = _split_url(value or "")
        is_socket = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
        is_host = parts.scheme == "tcp" and parts.hostname and parts.port
        if value and not is_socket and not is_host:
            raise ValueError("must be unix:///path/to/socket or tcp://host:port")
        return value or None

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        parts = _split_url(value or "")
        if value and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("must be a URL, such as https://desk.example.com")
        return value or None

    @model_validator(mode="after")
    def _fill_defaults(self) -> Settings:
        if self.env == "production" and len(self.secret_key) < 32:
            raise ValueError(
                "TICKET_SECRET_KEY must have at least 32 characters when TICKET_ENV is production."
            )
        if not self.database_url:
            self.database_url = f"sqlite:///{self.var / 'desk.db'}"
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


POSTGRESQL_SCHEMES = ("postgres", "postgresql", "postgresql+psycopg")
MIN_NAME_SIMILARITY = 0.88
"""The similarity, from 0 to 1, of a name with two typing mistakes."""


def _split_url(url: str) -> SplitResult:
    """Return the parts of a URL. Raises `ValueError` if it is not valid."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        raise ValueError(
            "is not a valid URL. Percent-encode special characters in passwords (%40 for @)"
        ) from None
    return parts


def _read_json(value: str) -> Any:
    try:
        parsed = json.loads(value)
    except ValueError:
        raise ValueError("must be a list in valid JSON") from None
    if not isinstance(parsed, list):
        raise ValueError("must be a list in valid JSON")  # noqa: TRY004 - pydantic reads it
    return parsed


def load_or_create_secret(path: Path, length: int = 48) -> str:
    """Return the secret in a private file, which is created if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        temporary_path = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(
            os.open(temporary_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
        ) as file:
            file.write(secrets.token_urlsafe(length))
        # Linking is atomic and fails if the file exists: the second process uses the first's
        # secret.
        with suppress(FileExistsError):
            path.hardlink_to(temporary_path)
        temporary_path.unlink()
    return path.read_text().strip()


class InvalidSettings(ValueError):
    """The environment contains invalid settings.

    `problems` has a message for each, with the name of the variable and never its value.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read from the environment once.

    Raises:
        InvalidSettings: with a message for each invalid variable.
    """
    problems, _ = check_variable_names()
    try:
        loaded = Settings()
    except ValidationError as error:
        raise InvalidSettings([*problems, *map(_describe_problem, error.errors())]) from None
    except SettingsError as error:
        raise InvalidSettings([*problems, f"{error}."]) from None
    if problems:
        raise InvalidSettings(problems)
    return loaded


def check_variable_names() -> tuple[list[str], list[str]]:
    """Return errors and warnings about `TICKET_` variables that are not settings.

    A misspelt name of a setting is an error. Other names get only a warning, because Kubernetes,
    for example, sets `TICKET_PORT` for a service called ticket.
    """
    known_names = {_variable_name(name) for name in Settings.model_fields}
    env_file = Settings.model_config.get("env_file")
    env_file_values = dotenv_values(env_file) if isinstance(env_file, str | Path) else {}
    errors: list[str] = []
    warnings: list[str] = []
    for name in sorted({name.upper() for name in (*os.environ, *env_file_values)} - known_names):
        if not name.startswith("TICKET_") or name.startswith("TICKET_TEST_"):
            continue
        if name in RENAMED_VARIABLES:
            errors.append(f"{name} was renamed to {RENAMED_VARIABLES[name]}. Set that instead.")
            continue
        short_name, known_short_names = (
            name.removeprefix("TICKET_"),
            [n.removeprefix("TICKET_") for n in known_names],
        )
        suggested = suggest_name(short_name, known_short_names) or next(
            iter(difflib.get_close_matches(short_name, known_short_names, 1, MIN_NAME_SIMILARITY)),
            None,
        )
        if suggested:
            errors.append(f"{name} is not a setting. Did you mean TICKET_{suggested}?")
        else:
            warnings.append(f"{name} is not a setting and is ignored.")
    return errors, warnings


def _variable_name(field: str) -> str:
    """Return the name of the variable that a field is read from."""
    return field if field.isupper() else f"TICKET_{field.upper()}"


_PROBLEM_REASONS = {
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "extra_forbidden": "is not a known option",
    "missing": "is missing",
}


def _describe_problem(problem: Any) -> str:
    """Return the message for a problem that pydantic found, without the value."""
    location = [str(part) for part in problem["loc"]]
    context = problem.get("ctx") or {}
    kind = problem["type"]
    if kind == "value_error":
        reason = str(context["error"])
    elif kind == "greater_than_equal":
        reason = f"must be at least {context['ge']}"
    elif kind == "less_than_equal":
        reason = f"must be at most {context['le']}"
    elif kind == "literal_error":
        reason = f"must be {context['expected']}"
    elif kind == "string_too_short":
        reason = f"must have at least {context['min_length']} characters"
    else:
        reason = _PROBLEM_REASONS.get(kind, "has an invalid value")
    if not location:
        return reason
    name, inner_location = _variable_name(location[0]), location[1:]
    if inner_location and inner_location[0].isdigit():
        inner_location[0] = f"entry {int(inner_location[0]) + 1}"
    return f"{', '.join([name, *inner_location])} {reason}."


def reload_settings(**overrides: Any) -> Settings:
    """Read the environment again, for tests and commands."""
    settings.cache_clear()
    for name, value in overrides.items():
        os.environ[f"TICKET_{name.upper()}"] = (
            value if isinstance(value, str) else json.dumps(value)
        )
    return settings()

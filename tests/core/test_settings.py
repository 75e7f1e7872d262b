"""The environment is read once, typed, and refused where it would be unsafe."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ticket_app.settings import (
    InvalidSettings,
    Settings,
    check_variable_names,
    load_or_create_secret,
    reload_settings,
    settings,
)


def test_defaults_are_a_development_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "FILES_URL", "ENV"):
        monkeypatch.delenv(f"TICKET_{name}")
    found = reload_settings()
    assert found.env == "development"
    assert found.is_sqlite
    assert found.database_url == f"sqlite:///{tmp_path}/var/desk.db"
    assert found.files_url == f"file://{tmp_path}/var/files"
    assert found.secret_key == (tmp_path / "var" / "secret_key").read_text()
    assert len(found.secret_key) >= 48
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert settings() is found
    assert reload_settings().secret_key == found.secret_key


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_production_wants_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str) -> None:
    monkeypatch.setenv("TICKET_ENV", "production")
    monkeypatch.setenv("TICKET_SECRET_KEY", key)
    with pytest.raises(InvalidSettings, match="TICKET_SECRET_KEY"):
        reload_settings()
    assert not (tmp_path / "var" / "secret_key").exists()
    monkeypatch.setenv("TICKET_SECRET_KEY", "x" * 32)
    assert reload_settings().env == "production"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_is_understood(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("TICKET_DATABASE_URL", f"{scheme}://u:p@h/d")
    assert reload_settings().database_url == "postgresql+psycopg://u:p@h/d"
    assert not settings().is_sqlite


KUBEBRO_ENVIRONMENT = [
    ("DATABASE_URL", "postgres://u:p@h/d", "database_url", "postgresql+psycopg://u:p@h/d"),
    ("REDIS_URL", "redis://h:6379/0", "redis_url", "redis://h:6379/0"),
    ("DEBUG", "True", "debug", True),
    ("DEBUG", "False", "debug", False),
    ("DJANGO_SECRET_KEY", "d" * 50, "secret_key", "d" * 50),
]


@pytest.mark.parametrize(("name", "value", "field", "read"), KUBEBRO_ENVIRONMENT)
def test_names_of_the_kubebro_guide_are_aliases(
    own_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    field: str,
    read: object,
) -> None:
    monkeypatch.delenv("TICKET_SECRET_KEY")
    monkeypatch.setenv(name, value)
    assert getattr(reload_settings(), field) == read


def test_own_name_of_a_setting_takes_precedence_over_its_alias(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/django")
    monkeypatch.setenv("TICKET_DATABASE_URL", "postgres://u:p@h/desk")
    assert reload_settings().database_url.endswith("/desk")


@pytest.mark.parametrize(
    ("name", "value"), [("DEBUG", "perhaps"), ("DATABASE_URL", "mysql://h/d"), ("LOG_LEVEL", "x")]
)
def test_problem_names_the_alias_that_is_set(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings) as refused:
        reload_settings()
    (line,) = refused.value.problems
    assert line.startswith(f"{name} must be ")


def test_debug_logs_at_debug_unless_a_level_is_set(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_DEBUG", "true")
    assert reload_settings().log_level == "debug"
    monkeypatch.setenv("LOG_LEVEL", "warning")
    assert reload_settings().log_level == "warning"


SECRET = "hunter2"
WRONG = [
    ("ENV", "staging", "must be 'development', 'production' or 'test'"),
    ("LOG_LEVEL", "loud", "must be debug, info, warning, error or critical"),
    ("DATABASE_POOL", "many", "must be a whole number"),
    ("DATABASE_POOL", "0", "must be at least 1"),
    ("DATABASE_THREADS", "0", "must be at least 1"),
    ("SESSION_DAYS", "-1", "must be at least 1"),
    ("SESSION_DAYS", "0", "must be at least 1"),
    ("SESSION_DAYS", "9999999999", "must be at most 3650"),
    ("SUBMISSIONS_PER_HOUR", "-5", "must be at least 0"),
    ("SIGN_IN_TRIES_PER_MINUTE", "-5", "must be at least 0"),
    ("RATE_GENERAL_PER_HOUR", "-1", "must be at least 0"),
    ("RATE_UPLOADS_PER_HOUR", "-1", "must be at least 0"),
    ("RATE_SEARCHES_PER_HOUR", "-1", "must be at least 0"),
    ("RATE_REPORTS_PER_HOUR", "1.5", "must be a whole number"),
    ("JOB_THREADS", "0", "must be at least 1"),
    ("WEBHOOK_THREADS", "257", "must be at most 256"),
    ("REGISTRATION", "perhaps", "must be true or false"),
    (
        "TRUSTED_ISSUERS",
        f'[{{"issuer": "x", "name": "{SECRET}"}}]',
        ", entry 1 must have exactly one of",
    ),
    (
        "TRUSTED_ISSUERS",
        f'[{{"issuer": "x", "secret": "{SECRET}"}}]',
        ", entry 1, secret must have at least 32 characters",
    ),
    ("TRUSTED_ISSUERS", f'{{"{SECRET}": 1}}', "must be a list in valid JSON"),
    ("SECTIONS", "{" + SECRET, "must be a list in valid JSON"),
    ("TRUSTED_PROXIES", SECRET, "must be a list of addresses or networks, such as 10.0.0.0/8"),
    ("WEBHOOK_ALLOW_HOSTS", f"{SECRET}/x", "must be a list of hosts, each as host or host:port"),
    (
        "DATABASE_URL",
        f"mysql://root:{SECRET}@host/desk",
        "must be sqlite:///path/to/file or postgresql://user:password@host/name",
    ),
    ("DATABASE_URL", f"postgresql+psycopg2://root:{SECRET}@host/desk", "must be sqlite:///"),
    ("DATABASE_URL", f"postgresql://root:{SECRET}#1@host/desk", "is not a valid URL"),
    ("DATABASE_URL", f"postgresql://root:{SECRET}@host:many/desk", "is not a valid URL"),
    ("DATABASE_URL", "/srv/desk.db", "must be sqlite:///"),
    ("DATABASE_URL", "sqlite://", "must be sqlite:///"),
    ("FILES_URL", f"/srv/{SECRET}", "must be a URL: file:///folder"),
    ("FILES_URL", "file://srv/files", "must be a URL: file:///folder"),
    ("FILES_URL", "s3://", "must be a URL: file:///folder"),
    ("FILES_URL", f"ftp://u:{SECRET}@host/x", "must be a URL: file:///folder"),
    ("REDIS_URL", f"{SECRET}:6379", "must be a URL, such as redis://host:6379/0"),
    ("CLAMAV_URL", "tcp://host", "must be unix:///path/to/socket or tcp://host:port"),
    ("PUBLIC_URL", "desk.example.com", "must be a URL, such as https://desk.example.com"),
    ("SMTP_URL", "http://mail.example.com", "smtp://"),
    ("SMTP_URL", "smtp://mail.example.com?starttls=maybe", "starttls"),
    ("MAIL_FROM", "Acme Support", "Acme Support <support@example.com>"),
    ("IMAP_URL", "imap://mail.example.com/INBOX", "imaps://"),
]


@pytest.mark.parametrize(("name", "value", "reason"), WRONG)
def test_a_value_that_cannot_be_used_is_refused_in_one_line_without_it(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(f"TICKET_{name}", value)
    with pytest.raises(InvalidSettings) as refused:
        reload_settings()
    (line,) = refused.value.problems
    assert line.startswith(f"TICKET_{name}")
    assert reason in line
    assert line.endswith(".")
    assert SECRET not in line


def test_every_wrong_setting_is_named_at_once(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_SESSION_DAYS", "-1")
    monkeypatch.setenv("TICKET_DATABASE_URL", "mysql://host/desk")
    monkeypatch.setenv("TICKET_SESION_DAYS", "1")
    with pytest.raises(InvalidSettings) as refused:
        reload_settings()
    assert [line.split()[0] for line in refused.value.problems] == [
        "TICKET_SESION_DAYS",
        "TICKET_DATABASE_URL",
        "TICKET_SESSION_DAYS",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TICKET_SESION_DAYS", "TICKET_SESSION_DAYS"),
        ("TICKET_DATABASE_ULR", "TICKET_DATABASE_URL"),
        ("ticket_databse_url", "TICKET_DATABASE_URL"),
        ("TICKET_PUBLICURL", "TICKET_PUBLIC_URL"),
        ("TICKET_REDIS", "TICKET_REDIS_URL"),
        ("TICKET_SECRET", "TICKET_SECRET_KEY"),
        ("TICKET_SESION_DAY", "TICKET_SESSION_DAYS"),
    ],
)
def test_a_misspelt_name_is_refused_and_the_right_one_named(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    monkeypatch.setenv(written, "1")
    with pytest.raises(InvalidSettings) as refused:
        reload_settings()
    assert refused.value.problems == [f"{written.upper()} is not a setting. Did you mean {meant}?"]


@pytest.mark.parametrize(
    "name", ["TICKET_PORT", "TICKET_SERVICE_HOST", "TICKET_PORT_8000_TCP_ADDR", "TICKET_COLOUR"]
)
def test_another_unknown_name_is_a_warning(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "tcp://10.0.0.1:8000")
    assert reload_settings().env == "test"
    assert check_variable_names() == ([], [f"{name} is not a setting and is ignored."])


def test_names_in_the_env_file_are_read_too(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "settings.env"
    file.write_text("TICKET_SESION_DAYS=3\nTICKET_COLOUR=blue\n")
    monkeypatch.setitem(Settings.model_config, "env_file", str(file))
    refused, warnings = check_variable_names()
    assert refused == ["TICKET_SESION_DAYS is not a setting. Did you mean TICKET_SESSION_DAYS?"]
    assert warnings == ["TICKET_COLOUR is not a setting and is ignored."]


def test_a_folder_that_cannot_be_written_is_named(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    monkeypatch.setenv("TICKET_VAR", str(tmp_path / "taken"))
    monkeypatch.delenv("TICKET_SECRET_KEY")
    with pytest.raises(InvalidSettings, match="TICKET_VAR must be a writable folder"):
        reload_settings()


ANY_TEXT = {
    "secret_key",
    "demo_password",
    "log_dir",
    "mcp_token",
    "mail_inbound_token",
    "mail_authserv_id",
}


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_field_is_read_from_the_environment(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"TICKET_{name.upper()}", "{")
    if name in ANY_TEXT:
        assert getattr(reload_settings(), name) == "{"
    elif name == "var":
        monkeypatch.delenv("TICKET_FILES_URL")
        assert reload_settings().database_url == "sqlite:///{/desk.db"
    else:
        with pytest.raises(InvalidSettings, match=f"TICKET_{name.upper()}"):
            reload_settings()


def test_one_secret_is_made_by_many(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: load_or_create_secret(path), range(16)))
    assert made == {path.read_text()}


@pytest.mark.parametrize(
    "given", ["https://a.example, https://b.example", '["https://a.example", "https://b.example"]']
)
def test_several_words_come_with_commas_or_as_json(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("TICKET_CORS_ORIGINS", given)
    assert reload_settings().cors_origins == ["https://a.example", "https://b.example"]

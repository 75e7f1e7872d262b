"""The environment is read once, typed, and refused where it would be unsafe."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from ticket_app.settings import Settings, kept_secret, reload_settings, settings


def test_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    with pytest.raises(ValidationError, match="TICKET_SECRET_KEY"):
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TICKET_ENV", "staging"),
        ("TICKET_LOG_LEVEL", "loud"),
        ("TICKET_DATABASE_POOL", "many"),
        ("TICKET_TRUSTED_ISSUERS", '[{"issuer": "x"}]'),
        ("TICKET_REGISTRATION", "perhaps"),
    ],
)
def test_what_is_no_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        reload_settings()


TEXTS = {
    name for name, field in Settings.model_fields.items() if field.annotation in (str, str | None)
} - {"log_level"}


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_field_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"TICKET_{name.upper()}", "{")
    if name in TEXTS:
        assert getattr(reload_settings(), name) == "{"
    elif name == "var":
        monkeypatch.delenv("TICKET_FILES_URL")
        assert reload_settings().database_url == "sqlite:///{/desk.db"
    else:
        with pytest.raises((ValidationError, SettingsError), match=f"(?i){name}"):
            reload_settings()


def test_one_secret_is_made_by_many(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: kept_secret(path), range(16)))
    assert made == {path.read_text()}


@pytest.mark.parametrize(
    "told", ["https://a.example, https://b.example", '["https://a.example", "https://b.example"]']
)
def test_several_words_come_with_commas_or_as_json(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv("TICKET_CORS_ORIGINS", told)
    assert reload_settings().cors_origins == ["https://a.example", "https://b.example"]

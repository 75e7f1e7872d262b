"""The logs tell what happened in JSON, and never a secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cast import PASSWORD, Cast, UowFor
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import issue_tokens, refresh_tokens, start_browser_session
from ticket_app.core.platform import logs
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.settings import reload_settings

SECRETS = {
    "password": "hunter22 hunter22",
    "old_password": "kettle kettle",
    "secret_key": "s3cr3ts3cr3t",
    "client_secret": "c1ientc1ient",
    "token": "tk_abcdefghijklmnop",
    "access_token": "plainplainplain",
    "authorization": "Basic b3duZXI6aHVudGVy",
    "Cookie": "session=abcdefabcdef",
    "set-cookie": "session=fedcbafedcba",
    "api_key": "kkkkkkkkkkkk",
    "X-API-Key": "tk_zyxwvutsrqponmlk",
}
SHAPES = [
    "tk_abcdefghijklmnop",
    "rt_abcdefghijklmnop",
    "whsec_abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "Bearer abcdef",
]


def test_log_entry_is_one_line_of_json(written: Any) -> None:
    logs.log().info("request", path="/tickets", status=200, took=1.5, who=None)
    (line,) = written()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "desk",
        "path": "/tickets",
        "status": 200,
        "took": 1.5,
        "who": None,
    }
    assert written("auth") == []


def test_no_secret_is_ever_written(written: Any, tmp_path: Path, capsys: Any) -> None:
    for name, value in SECRETS.items():
        logs.log().warning("top", **{name: value})
        logs.log().warning("nested", headers={name: value, "deep": [{name: value}]})
        logs.log().warning("bytes", **{name: value.encode()})
        logs.log().warning("list", **{name: [value]})
    for shape in SHAPES:
        logs.log().info(
            f"said {shape}", note=f"it was {shape}!", several=[shape], inner={"a": shape}
        )
        logs.log().info("object", error=ValueError(f"bad {shape}"))
        try:
            raise ValueError(f"bad {shape}")
        except ValueError:
            logs.log().exception("failed")
    text = (tmp_path / "var" / "logs" / "desk.log").read_text() + capsys.readouterr().out
    for secret in (*SECRETS.values(), *SHAPES):
        assert secret not in text, secret
    assert len(written()) == 4 * len(SECRETS) + 3 * len(SHAPES)


def test_signing_in_writes_who_and_never_with_what(
    written: Any, uow_for: UowFor, cast: Cast, tmp_path: Path, capsys: Any
) -> None:
    caller = ClientInfo("192.0.2.1", "a browser")
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "owner", PASSWORD, caller)
        cookie = start_browser_session(uow, proven, caller)
        tokens = issue_tokens(uow, proven, caller)
    with uow_for(cast.owner) as uow:
        value, _ = create_api_token(uow, "script")
    with uow_for(None) as uow, pytest.raises(Unauthenticated):
        verify_credentials(uow, "owner\ud800", "hunter22 hunter22", caller)
    with uow_for(None) as uow:
        assert refresh_tokens(uow, tokens.refresh_token) is not None
        assert refresh_tokens(uow, tokens.refresh_token) is None
    text = (tmp_path / "var" / "logs" / "auth.log").read_text() + capsys.readouterr().out
    for secret in (PASSWORD, cookie, tokens.access_token, tokens.refresh_token, value, "hunter22"):
        assert secret not in text
    assert [line["event"] for line in written("auth")] == [
        "signed_in",
        "signed_in",
        "api_token_created",
        "sign_in_failed",
        "refresh_token_reused",
    ]
    assert written("auth")[2]["token"] == value[:7]


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "\n{}", "\u2028", "🏮", "\x1b[31m"])
def test_an_odd_value_is_one_line(written: Any, odd: str) -> None:
    logs.log().info("odd", value=odd, inner=[odd])
    assert len(written()) == 1


@pytest.mark.parametrize(
    ("name", "value", "lines"),
    [
        ("LOG_LEVEL", "WARNING", 1),
        ("LOG_LEVEL", "debug", 3),
        ("TICKET_LOG_LEVEL", "error", 0),
        ("TICKET_DEBUG", "false", 2),
    ],
)
def test_the_level_is_as_set(
    monkeypatch: pytest.MonkeyPatch, written: Any, name: str, value: str, lines: int
) -> None:
    monkeypatch.setenv(name, value)
    reload_settings()
    logs.configure()
    logs.log().debug("a")
    logs.log().info("b")
    logs.log().warning("c")
    assert len(written()) == lines


def test_the_folder_is_as_set(
    monkeypatch: pytest.MonkeyPatch, written: Any, tmp_path: Path
) -> None:
    monkeypatch.setenv("TICKET_LOG_DIR", str(tmp_path / "elsewhere"))
    reload_settings()
    logs.configure()
    logs.log().info("here")
    assert "here" in (tmp_path / "elsewhere" / "desk.log").read_text()
    assert written() == []

"""`POST /mail/inbound`: the token, the size, and what it answers (MAIL.md, "Incoming email")."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import TestClient
from tests.cast import Cast
from tests.core.mailing import write
from ticket_app.core.platform.errors import Unavailable
from ticket_app.settings import reload_settings

TOKEN = "the post office's own token"


@pytest.fixture
def post(nobody: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TICKET_MAIL_INBOUND_TOKEN", TOKEN)
    monkeypatch.setenv("TICKET_MAIL_FROM", "Acme <support@desk.example.com>")
    reload_settings()

    def send(source: bytes, token: str | None = TOKEN, **headers: str) -> Any:
        authorization = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return nobody.post(
            "/mail/inbound",
            content=source,
            headers={"Content-Type": "message/rfc822"} | authorization | headers,
        )

    return send


def test_message_is_accepted_once(post: Any) -> None:
    source = write()
    first = post(source)
    assert (first.status_code, first.json()) == (
        202,
        {"status": "accepted", "ticket": "SUP-1", "reason": None},
    )
    second = post(source)
    assert (second.status_code, second.json()) == (
        202,
        {"status": "duplicate", "ticket": "SUP-1", "reason": None},
    )


def test_own_mail_is_ignored_and_a_forged_reply_is_parked(post: Any) -> None:
    own = post(write("support@desk.example.com")).json()
    assert (own["status"], own["ticket"]) == ("ignored", None)
    assert own["reason"]


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x"])
def test_other_tokens_are_rejected(post: Any, token: str | None) -> None:
    response = post(write(), token)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["error"]


@pytest.mark.parametrize("token", ["", "anything"])
def test_without_a_token_in_the_settings_it_is_closed(
    post: Any, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("TICKET_MAIL_INBOUND_TOKEN", "")
    reload_settings()
    assert post(write(), token).status_code == 401


@pytest.mark.parametrize("source", [b"", b"hello", b'{"From": "a@b.example"}', bytes(range(256))])
def test_what_is_not_a_message_is_rejected(post: Any, source: bytes) -> None:
    response = post(source)
    assert response.status_code == 400
    assert response.json()["error"]


def test_message_over_25_megabytes_is_rejected(post: Any) -> None:
    assert post(write() + b"x" * 25 * 1024 * 1024).status_code == 413
    large = write() + b"x" * 20 * 1024 * 1024
    assert post(large).status_code == 202


def test_sender_may_try_again_while_the_database_is_away(
    post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Unavailable("The database is not available right now")

    monkeypatch.setattr("ticket_app.api.mail.inbound.receive", fail)
    response = post(write())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")

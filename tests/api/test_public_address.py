"""Links in answers lead to where people reach the desk, not to where the proxy found it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As, file
from tests.cast import PASSWORD, Cast
from tests.core import samples
from ticket_app.settings import reload_settings

PUBLIC = "https://desk.example.com"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database will do: what is under test is no query."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.mark.parametrize(("given", "base"), [(None, "http://testserver"), (PUBLIC, PUBLIC)])
def test_every_link_begins_with_the_public_url(
    as_: As, cast: Cast, monkeypatch: pytest.MonkeyPatch, given: str | None, base: str
) -> None:
    if given:
        monkeypatch.setenv("TICKET_PUBLIC_URL", given + "/")
        reload_settings()
    agent, owner = as_(cast.agent), as_(cast.owner)
    for n in range(3):
        file(owner, title=f"Number {n}")
    for path in ("/api/tickets/", "/api/v1/tickets/", "/api/ticketing/tickets/"):
        for first, second in (("limit=1", "limit=1&offset=1"), ("page_size=1", "page=2")):
            assert agent.get(f"{path}?{first}").json()["next"].startswith(f"{base}{path}?")
            middle = agent.get(f"{path}?{second}&page_size=1").json()
            assert middle["previous"].startswith(f"{base}{path}?")
            assert "%" not in middle["previous"]
    assert agent.get("/tickets?size=1").headers["link"].startswith(f"<{base}/tickets?")
    number = agent.get("/tickets?size=1").json()["data"]["items"][0]["id"]
    sent = agent.post(
        f"/attachments/ticket/{number}/upload", files={"file": ("a.png", samples.png())}
    )
    assert sent.json()["data"]["upload_url"].startswith(f"{base}/attachments/")


@pytest.mark.parametrize(
    ("public_url", "origin", "is_secure"),
    [
        (None, None, False),
        (None, "http://testserver", False),
        (None, "https://testserver", True),
        ("https://desk.example.com", None, True),
        ("HTTPS://desk.example.com", None, True),
        ("http://desk.example.com", None, False),
    ],
)
def test_the_cookie_is_secure_where_the_browser_speaks_https(
    nobody: TestClient,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    public_url: str | None,
    origin: str | None,
    is_secure: bool,
) -> None:
    if public_url:
        monkeypatch.setenv("TICKET_PUBLIC_URL", public_url)
        reload_settings()
    answer = nobody.post(
        "/session/login",
        data={"username": "owner", "password": PASSWORD},
        headers={"origin": origin} if origin else {},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert ("Secure" in answer.headers["set-cookie"]) is is_secure

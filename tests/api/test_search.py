"""The `search` of each document finds a ticket by its requester, files, numbers and script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import TestClient
from tests.core import samples

LISTS = {
    "kubebro": ("/api/tickets/", "results"),
    "bmasia": ("/api/v1/tickets/", "results"),
    "ticketing": ("/api/ticketing/tickets/", "results"),
    "enterprise": ("/tickets", "data.items"),
}
TITLE = "東京都のWi-Fiが遅い"


def _found(client: TestClient, dialect: str, words: str) -> int:
    path, place = LISTS[dialect]
    answer: Any = client.get(path, params={"search": words}).json()
    for name in place.split("."):
        answer = answer[name]
    return len(answer)


@pytest.fixture
def created(owner: TestClient, agent: TestClient) -> dict[str, Any]:
    """A ticket with a file and a note, created through Enterprise."""
    body = {"title": TITLE, "description": "Łódź", "ticket_type": "incident", "priority": "low"}
    ticket = owner.post("/tickets", json=body).json()["data"]
    for name, internal in (("bericht.png", False), ("gehalt.png", True)):
        sent = agent.post(
            f"/attachments/ticket/{ticket['id']}/upload",
            data={"is_internal": str(internal).lower()},
            files={"file": (name, samples.png(), "image/png")},
        )
        assert sent.status_code == 201, sent.text
    return ticket


@pytest.mark.parametrize("dialect", LISTS)
def test_search_of_every_document(
    owner: TestClient,
    stranger: TestClient,
    agent: TestClient,
    created: dict[str, Any],
    dialect: str,
) -> None:
    number = created["id"]
    for words in (
        "京都", "wifi", "lodz", "bericht.png", "Lanternworks", "INC-1", "inc 1", f"#{number}",
        str(number), created["ticket_number"],
    ):  # fmt: skip
        assert _found(agent, dialect, words) == 1, words
        assert _found(owner, dialect, words) == 1, words
        assert _found(stranger, dialect, words) == 0, words
    for words in ("Olive", "owner@example.com", "ownby"):
        assert _found(agent, dialect, words) == 1, words
        assert _found(stranger, dialect, words) == 0, words
    assert _found(agent, dialect, "京東") == _found(owner, dialect, "京東") == 0

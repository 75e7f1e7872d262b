"""Null for a word, half a character, a time without a zone: values that look harmless."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from tests.api.conftest import CreateTicket

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NULL = "This field may not be null."


@pytest.mark.parametrize(
    ("path", "by", "field"),
    [
        *(("/api/tickets/{}/", "id", field) for field in ("status", "priority", "category")),
        *(("/api/v1/tickets/{}/", "uuid", field) for field in ("status", "priority", "category")),
        *(
            ("/api/ticketing/tickets/{}/", "id", field)
            for field in ("status", "priority", "category")
        ),
        *(("/tickets/{}", "id", field) for field in ("status", "priority", "ticket_type")),
    ],
)
def test_null_for_a_word_is_not_quoted_as_none(
    agent: TestClient, create_ticket: CreateTicket, path: str, by: str, field: str
) -> None:
    ticket = create_ticket()
    reference = ticket["id"] if by == "uuid" else ticket["ticket_key"]
    answer = agent.patch(path.format(reference), json={field: None})
    assert answer.status_code == 400
    if path.startswith("/tickets"):
        assert answer.json()["error"]["message"] == f"The {field} field is required."
    else:
        assert answer.json() == {field: [NULL]}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("\ud800", "Not a valid string."),
        ("a\x00b", "Null characters are not allowed."),
    ],
    ids=["surrogate", "nul"],
)
def test_impossible_team_name_is_wrong_input(
    agent: TestClient, create_ticket: CreateTicket, name: str, message: str
) -> None:
    answer = agent.patch(
        f"/api/v1/tickets/{create_ticket()['id']}/",
        content=b'{"assigned_team": %s}' % json.dumps(name).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()) == (400, {"assigned_team": [message]})


@only_sqlite
def test_time_written_by_another_program_without_a_zone_is_in_utc(
    database: Engine, agent: TestClient, owner: TestClient, create_ticket: CreateTicket
) -> None:
    """Such as by SQLite's own `datetime('now', '-20 days')`."""
    ticket = create_ticket()
    agent.post(
        f"/api/ticketing/tickets/{ticket['ticket_key']}/change_status/",
        json={"status": "resolved"},
    )
    key = UUID(ticket["id"])
    with database.begin() as connection:
        connection.execute(
            text("UPDATE ticket SET resolved_at = '2026-01-02 03:04:05' WHERE uuid = :key"),
            {"key": key.hex},
        )
    payload = agent.get(f"/api/v1/tickets/{ticket['id']}/")
    assert payload.json()["resolved_at"] == "2026-01-02T03:04:05Z"
    posted = owner.post(f"/api/tickets/{ticket['id']}/comments", json={"content": "Again"})
    assert posted.status_code == 200
    assert posted.json()["ticket"]["id"] != ticket["id"]


def test_body_that_is_not_json_is_answered_without_the_parser_s_words(owner: TestClient) -> None:
    answer = owner.post(
        "/api/tickets", content=b"{'a': 1}", headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        "The request body is not valid JSON.",
    )

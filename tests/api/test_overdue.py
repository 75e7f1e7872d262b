"""Overdue means the same in every document: past its due date and not done, waiting included."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import As, Working
from tests.cast import Cast
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import locking, opening, status_changes

CASES = [
    (None, -1, True),
    (Status.PENDING_USER, -1, True),
    (Status.IN_PROGRESS, -1, True),
    (Status.RESOLVED, -1, False),
    (Status.CLOSED, -1, False),
    (None, 1, False),
    (None, None, False),
]


@pytest.fixture
def overdue(working: Working, cast: Cast) -> set[int]:
    """Tickets of every sort; the ids of those that are overdue."""
    late: set[int] = set()
    for status, hours, is_late in CASES:
        due_at = None if hours is None else utc_now() + timedelta(hours=hours)
        with working(cast.owner) as uow:
            draft = opening.TicketDraft("Lamp", "Dark.", due_at=due_at)
            ticket_id = opening.open_ticket(uow, draft).id
        assert ticket_id is not None
        if status:
            with working(cast.agent) as uow:
                status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
        if is_late:
            late.add(ticket_id)
    return late


def answered(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_document_counts_and_lists_the_same_overdue_tickets(
    overdue: set[int], as_: As, cast: Cast
) -> None:
    for actor in (cast.manager, cast.owner):
        client = as_(actor)
        base = "/api/ticketing/tickets/"
        every = answered(client.get(base, params={"page_size": 50}))["results"]
        assert {row["id"] for row in every if row["is_overdue"]} == overdue
        by_filter = answered(client.get(base, params={"overdue": "true"}))
        by_path = answered(client.get(f"{base}overdue/"))
        for listed in (by_filter, by_path):
            assert {row["id"] for row in listed["results"]} == overdue
            assert listed["count"] == len(overdue)
        assert answered(client.get(f"{base}statistics/"))["overdue_count"] == len(overdue)
        stats = answered(client.get("/api/v1/tickets/stats/"))
        assert stats["overdue"] == len(overdue)
        rows = answered(client.get("/api/v1/tickets/", params={"limit": 50}))["results"]
        whole = [answered(client.get(f"/api/v1/tickets/{row['id']}/")) for row in rows]
        assert sum(row["is_overdue"] for row in whole) == len(overdue)
    board = answered(as_(cast.manager).get("/reports/dashboard"))["data"]
    assert board["backlog"]["overdue"] == len(overdue)
    searched = answered(
        as_(cast.manager).post("/tickets/search", json={"filters": {"overdue": True}})
    )["data"]
    assert ({row["id"] for row in searched["items"]}, searched["total"]) == (overdue, len(overdue))


def test_an_sla_breach_is_a_fact_of_its_own(
    overdue: set[int], as_: As, working: Working, cast: Cast
) -> None:
    (breached,) = sorted(overdue)[:1]
    with working(cast.agent) as uow:
        locking.lock_ticket(uow, breached).sla_breached_at = utc_now()
    search = as_(cast.manager).post
    found = answered(search("/tickets/search", json={"filters": {"sla_breached": True}}))["data"]
    assert [row["id"] for row in found["items"]] == [breached]
    wrong = search("/tickets/search", json={"filters": {"sla_breached": "yes"}})
    assert wrong.status_code == 400
    assert "sla_breached" in wrong.text

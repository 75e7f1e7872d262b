"""Approvals, search, reports and webhooks through the Python client, against the real API."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ticket_system_sdk import (
    BusinessRuleViolation,
    NotFound,
    PermissionDenied,
    TicketSystemClient,
    ValidationError,
    verify_webhook,
)

from tests.sdk.conftest import Client
from tests.sdk.inbox import Inbox

pytestmark = pytest.mark.xdist_group("served")

NEW: dict[str, Any] = {"title": "A new laptop", "description": "The old one is tired."}


@pytest.fixture
def uma(client: Client) -> TicketSystemClient:
    return client("uma")


@pytest.fixture
def sam(client: Client) -> TicketSystemClient:
    return client("sam")


@pytest.fixture
def ada(client: Client) -> TicketSystemClient:
    return client("ada")


def asked_of_ada(uma: TicketSystemClient, sam: TicketSystemClient, ada: TicketSystemClient) -> int:
    """An approval that sam asks of ada."""
    ticket = uma.tickets.create({**NEW, "priority": "high", "department_id": 1})
    asked = sam.approvals.request(ticket.id, reason="It costs", approver_ids=[ada.auth.me().id])
    assert (asked.ticket_id, asked.reason) == (ticket.id, "It costs")
    assert asked.requested_by.username == "sam"
    return asked.id


def test_an_approval_is_asked_for_and_given(
    uma: TicketSystemClient, sam: TicketSystemClient, ada: TicketSystemClient
) -> None:
    approval_id = asked_of_ada(uma, sam, ada)
    waiting = ada.approvals.pending(priority="high", department_id=1)
    mine = next(one for one in waiting.all() if one.id == approval_id)
    assert mine.ticket.title == "A new laptop"
    assert mine.requested_by.username == "sam"
    assert approval_id in [one.id for one in ada.approvals.pending(everybody=True).all()]
    with pytest.raises(PermissionDenied):
        uma.approvals.act(approval_id, "approve")
    given = ada.approvals.act(approval_id, "approve", comments="Fine", conditions=["At most 2000"])
    assert given.state == "approved"
    assert given.conditions == ("At most 2000",)
    assert ada.approvals.get(approval_id).decided_by is not None
    assert [one.id for one in sam.approvals.of_ticket(given.ticket_id)] == [approval_id]
    assert sam.tickets.get(given.ticket_id).approvals[0].state == "approved"
    with pytest.raises(BusinessRuleViolation):
        ada.approvals.act(approval_id, "reject", comments="Changed my mind")
    with pytest.raises(NotFound):
        ada.approvals.get(10**6)


def test_approvals_are_decided_together_handed_on_and_taken_back(
    uma: TicketSystemClient, sam: TicketSystemClient, ada: TicketSystemClient
) -> None:
    first, second, third = (asked_of_ada(uma, sam, ada) for _ in range(3))
    done = ada.approvals.bulk([first, 10**6], "reject", comments="Not this year")
    assert (done.total, done.succeeded, done.failed) == (2, 1, 1)
    assert (done.results[0].approval_id, done.results[0].state) == (first, "rejected")
    assert done.results[1].error is not None
    assert done.results[1].error.code == "RESOURCE_NOT_FOUND"
    assert ada.approvals.get(first).rejected_because == "Not this year"
    asked = ada.approvals.act(second, "request_info", comments="Which one?")
    assert (asked.state, asked.question) == ("info_requested", "Which one?")
    assert sam.approvals.cancel(third).state == "cancelled"


def test_search(uma: TicketSystemClient) -> None:
    for title in ("Printer on fire", "Printer out of paper", "Window on fire"):
        uma.tickets.create({**NEW, "title": title, "tags": ["searched"]})
    found = uma.tickets.search("printer", filters={"tags": ["searched"], "status": ["open"]})
    assert {ticket.title for ticket in found} == {"Printer on fire", "Printer out of paper"}
    since = datetime.now(UTC) - timedelta(days=1)
    sorted_ = uma.tickets.search(
        filters={"tags": ["searched"], "created_after": since, "priority": ["medium"]},
        sort=[{"field": "priority", "order": "desc"}, {"field": "created_at", "order": "asc"}],
        size=1,
    )
    assert (sorted_.total, sorted_.pages) == (3, 3)
    titles = [ticket.title for ticket in sorted_.all()]
    assert titles == ["Printer on fire", "Printer out of paper", "Window on fire"]
    with pytest.raises(ValidationError):
        uma.tickets.search(sort=[{"field": "password", "order": "asc"}])


def test_reports(uma: TicketSystemClient, ada: TicketSystemClient, tmp_path: Path) -> None:
    ticket = uma.tickets.create({**NEW, "title": "=1+1", "tags": ["reported"]})
    board = ada.reports.dashboard(period="7d")
    assert board.metrics.total_tickets >= 1
    assert board.metrics.total_tickets == ada.reports.dashboard().metrics.total_tickets
    assert sum(one.count for one in board.top_categories) >= 1
    today = datetime.now(UTC).date()
    figures = ada.reports.performance(start_date=today, end_date=today)
    assert figures.period.start_date == today
    assert "sam" in {agent.username for agent in figures.agents}
    table = ada.reports.performance_file(tmp_path / "p.csv", start_date=today, end_date=today)
    assert "sam" in table.read_text()
    filters = {"tags": ["reported"], "status": "open", "created_after": today}
    exported = ada.reports.export(tmp_path / "t.json", format="json", filters=filters)
    items = json.loads(exported.read_text())["data"]["items"]
    assert [one["id"] for one in items] == [ticket.id]
    assert ada.reports.export(tmp_path / "t.xlsx", format="xlsx").read_bytes()[:2] == b"PK"
    with pytest.raises(ValidationError):
        ada.reports.export(tmp_path / "none.csv", filters={"colour": "blue"})
    with pytest.raises(PermissionDenied):
        uma.reports.export(tmp_path / "none.csv")
    assert {path.name for path in tmp_path.iterdir()} == {"p.csv", "t.json", "t.xlsx"}


def test_a_webhook_from_its_making_to_its_end(
    uma: TicketSystemClient, ada: TicketSystemClient, inbox: Inbox, worker: None
) -> None:
    made = ada.webhooks.create(url=inbox.url, events=["ticket.created", "comment.added"])
    assert made.secret is not None
    assert made.secret not in repr(made)
    assert made.id in [one.id for one in ada.webhooks.list().all()]
    tried = ada.webhooks.test(made.id)
    assert tried.event == "ping"
    first = inbox.next()
    assert ada.webhooks.verify(first.body, first.headers, made.secret).event == "ping"
    ticket = uma.tickets.create(NEW)
    told = inbox.next()
    event = verify_webhook(told.body, told.headers, made.secret)
    assert event.event == "ticket.created"
    assert event.data["ticket"]["id"] == ticket.id
    assert event.webhook_id == made.webhook_id
    rotated = ada.webhooks.rotate_secret(made.webhook_id or "")
    assert rotated.secret not in (None, made.secret)
    uma.comments.create(ticket_id=ticket.id, content="And this")
    told = inbox.next()
    for secret in (made.secret, rotated.secret or ""):
        assert verify_webhook(told.body, told.headers, secret).event == "comment.added"
    deliveries = ada.webhooks.deliveries(made.id)
    assert {one.event for one in deliveries.all()} == {"ping", "ticket.created", "comment.added"}
    one = ada.webhooks.delivery(made.id, deliveries[0].id)
    assert one.payload is not None
    assert one.payload["data"]["ticket"]["id"] == ticket.id
    assert ada.webhooks.replay(made.id, one.id).message_id == one.message_id
    assert inbox.next().headers["webhook-id"] == told.headers["webhook-id"]
    hour = datetime.now(UTC) - timedelta(hours=1)
    assert ada.webhooks.replay_since(made.id, hour, state="failed").replayed == 0
    off = ada.webhooks.update(made.id, {"active": False, "events": ["ticket.updated"]})
    assert (off.active, off.events) == (False, ("ticket.updated",))
    ada.webhooks.delete(made.id)
    with pytest.raises(NotFound):
        ada.webhooks.get(made.id)
    with pytest.raises(PermissionDenied):
        uma.webhooks.list()


def test_a_secret_of_ones_own_signs_too(
    ada: TicketSystemClient, inbox: Inbox, worker: None
) -> None:
    secret = "your_webhook_secret"
    made = ada.webhooks.create(url=inbox.url, events=["ticket.created"], secret=secret)
    ada.webhooks.test(made.id)
    told = inbox.next()
    assert verify_webhook(told.body, told.headers, secret).event == "ping"
    ada.webhooks.delete(made.id)

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
from tests.sdk.webhook_receiver import WebhookReceiver

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


def request_approval_from_ada(
    uma: TicketSystemClient, sam: TicketSystemClient, ada: TicketSystemClient
) -> int:
    """Let sam request an approval from ada and return its id."""
    ticket = uma.tickets.create({**NEW, "priority": "high", "department_id": 1})
    asked = sam.approvals.request(ticket.id, reason="It costs", approver_ids=[ada.auth.me().id])
    assert (asked.ticket_id, asked.reason) == (ticket.id, "It costs")
    assert asked.requested_by.username == "sam"
    return asked.id


def test_approval_is_requested_and_approved(
    uma: TicketSystemClient, sam: TicketSystemClient, ada: TicketSystemClient
) -> None:
    approval_id = request_approval_from_ada(uma, sam, ada)
    waiting = ada.approvals.pending(priority="high", department_id=1)
    mine = next(one for one in waiting.all() if one.id == approval_id)
    assert mine.ticket.title == "A new laptop"
    assert mine.requested_by.username == "sam"
    assert approval_id in [one.id for one in ada.approvals.pending(all_approvers=True).all()]
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


def test_bulk_rejection_request_for_info_and_cancellation(
    uma: TicketSystemClient, sam: TicketSystemClient, ada: TicketSystemClient
) -> None:
    first, second, third = (request_approval_from_ada(uma, sam, ada) for _ in range(3))
    done = ada.approvals.bulk([first, 10**6], "reject", comments="Not this year")
    assert (done.total, done.succeeded, done.failed) == (2, 1, 1)
    assert (done.results[0].approval_id, done.results[0].state) == (first, "rejected")
    assert done.results[1].error is not None
    assert done.results[1].error.code == "RESOURCE_NOT_FOUND"
    assert ada.approvals.get(first).rejected_because == "Not this year"
    asked = ada.approvals.act(second, "request_info", comments="Which one?")
    assert (asked.state, asked.question) == ("info_requested", "Which one?")
    assert sam.approvals.cancel(third).state == "cancelled"


def test_search_filters_and_sorts_tickets(uma: TicketSystemClient) -> None:
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


def test_reports_are_read_and_exported(
    uma: TicketSystemClient, ada: TicketSystemClient, tmp_path: Path
) -> None:
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


def test_webhook_is_created_delivered_replayed_and_deleted(
    uma: TicketSystemClient, ada: TicketSystemClient, receiver: WebhookReceiver, worker: None
) -> None:
    webhook = ada.webhooks.create(url=receiver.url, events=["ticket.created", "comment.added"])
    assert webhook.secret is not None
    assert webhook.secret not in repr(webhook)
    assert webhook.id in [one.id for one in ada.webhooks.list().all()]
    tried = ada.webhooks.test(webhook.id)
    assert tried.event == "ping"
    first = receiver.next()
    assert ada.webhooks.verify(first.body, first.headers, webhook.secret).event == "ping"
    ticket = uma.tickets.create(NEW)
    message = receiver.next()
    event = verify_webhook(message.body, message.headers, webhook.secret)
    assert event.event == "ticket.created"
    assert event.data["ticket"]["id"] == ticket.id
    assert event.webhook_id == webhook.webhook_id
    rotated = ada.webhooks.rotate_secret(webhook.webhook_id or "")
    assert rotated.secret not in (None, webhook.secret)
    uma.comments.create(ticket_id=ticket.id, content="And this")
    message = receiver.next()
    for secret in (webhook.secret, rotated.secret or ""):
        assert verify_webhook(message.body, message.headers, secret).event == "comment.added"
    deliveries = ada.webhooks.deliveries(webhook.id)
    assert {one.event for one in deliveries.all()} == {"ping", "ticket.created", "comment.added"}
    one = ada.webhooks.delivery(webhook.id, deliveries[0].id)
    assert one.payload is not None
    assert one.payload["data"]["ticket"]["id"] == ticket.id
    assert ada.webhooks.replay(webhook.id, one.id).message_id == one.message_id
    assert receiver.next().headers["webhook-id"] == message.headers["webhook-id"]
    hour = datetime.now(UTC) - timedelta(hours=1)
    assert ada.webhooks.replay_since(webhook.id, hour, state="failed").replayed == 0
    inactive = ada.webhooks.update(webhook.id, {"active": False, "events": ["ticket.updated"]})
    assert (inactive.active, inactive.events) == (False, ("ticket.updated",))
    ada.webhooks.delete(webhook.id)
    with pytest.raises(NotFound):
        ada.webhooks.get(webhook.id)
    with pytest.raises(PermissionDenied):
        uma.webhooks.list()


def test_webhook_is_signed_with_a_given_secret(
    ada: TicketSystemClient, receiver: WebhookReceiver, worker: None
) -> None:
    secret = "your_webhook_secret"
    webhook = ada.webhooks.create(url=receiver.url, events=["ticket.created"], secret=secret)
    ada.webhooks.test(webhook.id)
    message = receiver.next()
    assert verify_webhook(message.body, message.headers, secret).event == "ping"
    ada.webhooks.delete(webhook.id)

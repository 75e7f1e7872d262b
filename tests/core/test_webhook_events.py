"""What happens to a ticket is told outside: once, as it was then, in the document's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select, text

from tests.cast import Cast, Clock, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from tests.core.webhooks import fan_out, list_events, subscribed
from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import attachments, uploading
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import outbox
from ticket_app.core.platform.ticket_numbers import format_enterprise_number
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalAction,
    ApprovalEvent,
    EntryKind,
    Kind,
    Priority,
    Status,
)
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import (
    assigning,
    editing,
    locking,
    merge_moves,
    opening,
    status_changes,
    trash,
)
from ticket_app.core.timeline import timeline
from ticket_app.core.webhooks import event_messages
from ticket_app.core.webhooks import events as webhook_events
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.demo import create as demo
from ticket_app.jobs import webhooks as jobs
from ticket_app.tables import Ticket, outbox_message_table

SELECT_CHANGES = select(outbox_message_table).where(
    outbox_message_table.c.topic == outbox.CHANGES_TOPIC
)

Happen = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def happen(uow_for: UowFor, cast: Cast) -> Happen:
    """Does something at a desk, one transaction long; returns what a webhook of all is told."""
    with uow_for(cast.admin) as uow:
        subscribed(uow)
    seen = 0

    def do(action: Callable[[UnitOfWork], Any], by: Any = None) -> list[dict[str, Any]]:
        nonlocal seen
        with uow_for(by or cast.agent) as uow:
            action(uow)
        fan_out(uow_for)
        with uow_for(cast.admin, writes=False) as uow:
            new = list_events(uow)[seen:]
        seen += len(new)
        return new

    return do


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["event"] for event in events]


def on(ticket_id: int, action: Callable[[UnitOfWork, Ticket], Any]) -> Callable[[UnitOfWork], Any]:
    return lambda uow: action(uow, locking.lock_ticket(uow, ticket_id))


def creating(**list_events: Any) -> Callable[[UnitOfWork], Any]:
    draft = opening.TicketDraft(**{"title": "New Issue", "description": "It is dark"} | list_events)
    return lambda uow: opening.open_ticket(uow, draft)


def test_created_ticket_sends_the_documented_event(
    happen: Happen, uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    (event,) = happen(creating(kind=Kind.INCIDENT, tags=["lamp"]), cast.owner)
    with uow_for(cast.admin, writes=False) as uow:
        (webhook,) = webhook_subscriptions.list_all(uow)
        ticket = uow.connection.execute(select(Ticket)).one()
    now = clock.now.isoformat().replace("+00:00", "Z")
    owner = {"id": cast.owner.id, "username": "owner"}
    assert event == {
        "event": "ticket.created",
        "timestamp": now,
        "data": {
            "ticket": {
                "id": ticket.id,
                "ticket_number": format_enterprise_number(ticket),
                "title": "New Issue",
                "status": "open",
                "priority": "medium",
                "ticket_type": "incident",
                "created_by": owner,
                "assigned_to": None,
                "department_id": None,
                "tags": ["lamp"],
                "due_date": None,
                "created_at": now,
                "updated_at": now,
            },
            "actor": owner,
        },
        "webhook_id": f"wh_{webhook.uuid.hex}",
    }
    assert format_enterprise_number(ticket) == "TKT-20261120-001"


def test_the_events_are_the_documents_and_two_of_ours() -> None:
    facts = yaml.safe_load(Path("tests/contracts/enterprise.yaml").read_text(encoding="utf-8"))
    assert list(EVENT_NAMES[:8]) == facts["words"]["event"]
    assert EVENT_NAMES[8:] == ("ticket.sla_warning", "ticket.sla_breached")
    assert len(set(EVENT_NAMES)) == 10


def test_an_sla_warning_and_a_breach_are_sent(happen: Happen, cast: Cast, clock: Clock) -> None:
    def create_policy(uow: UnitOfWork) -> None:
        targets = {"respond_minutes": None, "resolve_minutes": 480, "calendar_id": None}
        sla_policies.create_policy(uow, "Standard", **targets)

    assert happen(create_policy, cast.admin) == []
    (created,) = happen(creating(), cast.owner)
    opened_at, due_at = clock.now, clock.now + timedelta(hours=8)
    reported = []
    for hours in (6.5, 2):
        clock.forward(hours=hours)
        reported += happen(sla_tracking.check_due_targets)
    warning, breach = reported
    assert names(reported) == ["ticket.sla_warning", "ticket.sla_breached"]
    due_by = due_at.isoformat().replace("+00:00", "Z")
    sla = {"target": "resolution", "due_by": due_by, "breached_at": None}
    assert warning["data"] == {"ticket": created["data"]["ticket"], "sla": sla, "actor": None}
    assert breach["data"]["sla"] == {**sla, "breached_at": due_by}
    assert breach["data"]["ticket"]["updated_at"] == opened_at.isoformat().replace("+00:00", "Z")


def test_a_ticket_created_for_an_assignee_is_created_and_assigned(
    happen: Happen, cast: Cast
) -> None:
    created, assigned = happen(creating(assignee_id=cast.agent.id))
    assert names([created, assigned]) == ["ticket.created", "ticket.assigned"]
    agent = {"id": cast.agent.id, "username": "agent"}
    assert created["data"]["ticket"]["assigned_to"] == agent
    assert assigned["data"]["assigned_to"] == agent
    assert assigned["data"]["previously_assigned_to"] is None


def test_a_status_is_changed_and_so_the_ticket_is_updated(
    happen: Happen, file_ticket: FileTicket, cast: Cast
) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    updated, changed = happen(
        on(ticket_id, lambda uow, held: status_changes.change_status(uow, held, Status.RESOLVED))
    )
    assert names([updated, changed]) == ["ticket.updated", "ticket.status_changed"]
    assert updated["data"]["changes"] == [{"field": "status", "old": "open", "new": "resolved"}]
    assert changed["data"]["old_status"] == "open"
    assert changed["data"]["new_status"] == "resolved"
    for event in (updated, changed):
        assert event["data"]["ticket"]["status"] == "resolved"
        assert event["data"]["actor"] == {"id": cast.agent.id, "username": "agent"}


def test_undocumented_change_sends_no_event(happen: Happen, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    change = on(ticket_id, lambda uow, held: status_changes.change_status(uow, held, Status.OPEN))
    assert happen(change) == []


def test_assignment_event_contains_every_change(
    happen: Happen, file_ticket: FileTicket, cast: Cast
) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    updated, assigned = happen(
        on(ticket_id, lambda uow, held: assigning.assign(uow, held, cast.manager.id))
    )
    assert names([updated, assigned]) == ["ticket.updated", "ticket.assigned"]
    assert updated["data"]["changes"] == [
        {"field": "assigned_to_id", "old": None, "new": cast.manager.id}
    ]
    _, put_down = happen(on(ticket_id, lambda uow, held: assigning.assign(uow, held, None)))
    assert put_down["data"]["assigned_to"] is None
    assert put_down["data"]["previously_assigned_to"]["username"] == "manager"


def test_other_fields_are_one_update_a_transaction(
    happen: Happen, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    changes = {
        "priority": Priority.URGENT,
        "title": "Dark again",
        "tags": ["a", "b"],
        "kind": Kind.BUG,
        "due_at": clock.now,
        "internal_notes": "n" * 2000,
        "estimated_hours": 1.5,
    }
    (event,) = happen(on(ticket_id, lambda uow, held: editing.edit(uow, held, changes)))
    assert event["event"] == "ticket.updated"
    assert sorted(event["data"]["changes"], key=lambda change: change["field"]) == [
        {"field": "due_date", "old": None, "new": "2026-11-20T09:00:00Z"},
        {"field": "estimated_hours", "old": None, "new": 1.5, "is_internal": True},
        {
            "field": "internal_notes",
            "old": None,
            "new": "n" * 1000,
            "is_internal": True,
            "is_truncated": True,
        },
        {"field": "priority", "old": "medium", "new": "critical"},
        {"field": "tags", "old": [], "new": ["a", "b"]},
        {"field": "ticket_type", "old": "request", "new": "problem"},
        {"field": "title", "old": "The lamp flickers", "new": "Dark again"},
    ]
    shown = event["data"]["ticket"]
    assert (shown["title"], shown["priority"], shown["tags"]) == (
        "Dark again",
        "critical",
        ["a", "b"],
    )


def test_comment_events_show_whether_the_comment_is_internal(
    happen: Happen, file_ticket: FileTicket, cast: Cast
) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    (public,) = happen(
        on(ticket_id, lambda uow, held: commenting.add_comment(uow, held, "Since when?"))
    )
    (note,) = happen(
        on(
            ticket_id,
            lambda uow, held: commenting.add_comment(uow, held, "x" * 12_000, internal=True),
        )
    )
    assert names([public, note]) == ["comment.added"] * 2
    comment = public["data"]["comment"]
    assert comment.pop("id") > 0
    assert comment == {
        "user_id": cast.agent.id,
        "user": {"id": cast.agent.id, "username": "agent"},
        "content": "Since when?",
        "is_truncated": False,
        "is_internal": False,
        "mentions": [],
        "created_at": public["timestamp"],
    }
    assert note["data"]["comment"]["is_internal"] is True
    assert note["data"]["comment"]["is_truncated"] is True
    assert len(note["data"]["comment"]["content"]) == 10_000


def test_comment_deleted_before_delivery_sends_no_event(
    happen: Happen, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)

    def slip(uow: UnitOfWork) -> None:
        comment = commenting.add_comment(
            uow, locking.lock_ticket(uow, ticket_id), "my word is 1234"
        )
        commenting.delete_comment(uow, comment)

    events = happen(slip)
    assert "comment.added" not in names(events)


def test_uploaded_file_sends_an_event(
    happen: Happen, file_ticket: FileTicket, cast: Cast, clock: Clock, tmp_path: Any
) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    path = tmp_path / "a.png"
    path.write_bytes(samples.png())
    seen = uploading.count_check_and_store(cast.agent, path, "a.png", now=clock.now)
    (event,) = happen(
        on(ticket_id, lambda uow, held: attachments.attach(uow, held, seen, internal=True))
    )
    assert event["event"] == "file.uploaded"
    shown = event["data"]["file"]
    assert shown.pop("id") > 0
    assert shown == {
        "filename": "a.png",
        "size": path.stat().st_size,
        "content_type": "image/png",
        "virus_scan_status": "clean",
        "is_internal": True,
        "uploaded_by": {"id": cast.agent.id, "username": "agent"},
    }


def test_approvals_are_requested_and_processed(
    happen: Happen, file_ticket: FileTicket, cast: Cast
) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    asked = happen(
        on(
            ticket_id,
            lambda uow, held: approval_requests.request_approval(
                uow, held, approver_ids=[cast.manager.id]
            ),
        )
    )
    assert sorted(names(asked)) == [
        "approval.requested",
        "ticket.status_changed",
        "ticket.updated",
    ]
    requested = next(event for event in asked if event["event"] == "approval.requested")
    approval = requested["data"]["approval"]
    assert approval.pop("id") > 0
    assert approval == {
        "action": "requested",
        "state": "pending",
        "to": None,
        "comments": None,
        "by": {"id": cast.agent.id, "username": "agent"},
        "is_internal": False,
        "at": requested["timestamp"],
    }
    assert requested["data"]["ticket"]["status"] == "pending_approval"

    def decide(uow: UnitOfWork) -> None:
        approval_decisions.perform_action(
            uow, 1, ApprovalAction.APPROVE, comments="Fine", conditions=["Until May"]
        )

    decided = happen(decide, cast.manager)
    assert names(decided).count("approval.processed") == 1
    processed = next(event for event in decided if event["event"] == "approval.processed")
    approval_data = processed["data"]["approval"]
    assert (approval_data["id"], approval_data["action"], approval_data["state"]) == (
        1,
        "approved",
        "approved",
    )
    assert approval_data["comments"] == "- Until May\n\nFine"
    assert approval_data["by"] == {"id": cast.manager.id, "username": "manager"}
    assert processed["data"]["ticket"]["status"] == "open"


def test_every_approval_action_sends_an_event_or_is_explicitly_excluded() -> None:
    assert webhook_events.APPROVAL_EVENT_NAMES.keys() == set(ApprovalEvent)
    assert set(webhook_events.APPROVAL_EVENT_NAMES.values()) == {
        "approval.requested",
        "approval.processed",
        None,
    }


def test_comment_made_before_a_merge_is_reported_for_its_original_ticket(
    happen: Happen, uow_for: UowFor, file_ticket: FileTicket, cast: Cast
) -> None:
    """The jobs were away while the ticket was merged into another one."""
    first, second = file_ticket(), file_ticket()
    happen(lambda uow: None)
    with uow_for(cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, first), "Since noon")
    with uow_for(cast.agent) as uow:
        merge_moves.move(uow, first, second)
    (event,) = happen(lambda uow: None)
    assert event["event"] == "comment.added"
    assert event["data"]["ticket"]["id"] == first


def test_the_trash_is_an_update(happen: Happen, file_ticket: FileTicket, cast: Cast) -> None:
    ticket_id = file_ticket()
    happen(lambda uow: None)
    (gone,) = happen(on(ticket_id, trash.delete_ticket))
    assert gone["data"]["changes"] == [{"field": "is_deleted", "old": False, "new": True}]
    (back,) = happen(lambda uow: trash.restore_ticket(uow, ticket_id), cast.admin)
    assert back["data"]["changes"] == [{"field": "is_deleted", "old": True, "new": False}]


def test_event_contains_the_ticket_as_it_was_at_the_time(
    happen: Happen, uow_for: UowFor, file_ticket: FileTicket, cast: Cast, clock: Clock
) -> None:
    """The jobs were away while the ticket went on."""
    ticket_id = file_ticket()
    clock.forward(minutes=1)
    with uow_for(cast.agent) as uow:
        held = locking.lock_ticket(uow, ticket_id)
        editing.edit(uow, held, {"title": "Dark", "priority": Priority.LOW, "tags": ["x"]})
        assigning.assign(uow, held, cast.agent.id)
    clock.forward(minutes=1)
    with uow_for(cast.agent) as uow:
        held = locking.lock_ticket(uow, ticket_id)
        assigning.assign(uow, held, cast.manager.id)
        status_changes.change_status(uow, held, Status.CLOSED)
    events = happen(lambda uow: None)
    approval_data = {
        (event["event"], event["data"]["ticket"]["title"], event["data"]["ticket"]["status"])
        for event in events
    }
    assert approval_data == {
        ("ticket.created", "The lamp flickers", "open"),
        ("ticket.updated", "Dark", "open"),
        ("ticket.assigned", "Dark", "open"),
        ("ticket.updated", "Dark", "closed"),
        ("ticket.assigned", "Dark", "closed"),
        ("ticket.status_changed", "Dark", "closed"),
    }
    created = next(event for event in events if event["event"] == "ticket.created")
    assert created["timestamp"] == "2026-11-20T09:00:00Z"
    assert created["data"]["ticket"]["assigned_to"] is None
    assert created["data"]["ticket"]["tags"] == []


def test_only_subscribed_events_are_sent(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        comments = subscribed(uow, "comment.added")
        created = subscribed(uow, "ticket.created", "file.uploaded")
        off = subscribed(uow, active=False)
    file_ticket()
    fan_out(uow_for)
    with uow_for(cast.admin) as uow:
        assert list_events(uow, comments.id) == list_events(uow, off.id) == []
        assert names(list_events(uow, created.id)) == ["ticket.created"]


def test_nothing_is_stored_without_subscriptions(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        off = subscribed(uow, active=False)
        webhook_subscriptions.delete_webhook(uow, subscribed(uow).id)
    file_ticket()
    with uow_for(cast.admin, writes=False) as uow:
        assert (
            uow.connection.execute(
                select(func.count()).select_from(SELECT_CHANGES.subquery())
            ).scalar_one()
            == 0
        )
        assert list_events(uow, off.id) == []


def test_one_message_a_ticket_in_the_tickets_own_transaction(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        subscribed(uow)

    def file_and_fail() -> None:
        with uow_for(cast.agent) as uow:
            creating()(uow)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    with uow_for(cast.agent) as uow:
        ids = [creating(assignee_id=cast.agent.id)(uow).id for _ in range(3)]
    with uow_for(cast.admin, writes=False) as uow:
        rows = uow.connection.execute(
            select(outbox_message_table.c.topic, outbox_message_table.c.payload).where(
                outbox_message_table.c.topic == outbox.CHANGES_TOPIC
            )
        ).all()
    assert len(rows) == 3
    assert sorted(row.payload["ticket_id"] for row in rows) == sorted(ids)
    assert all(len(row.payload["entries"]) >= 2 for row in rows)


def test_a_line_that_was_rolled_back_is_nobodys(
    happen: Happen, file_ticket: FileTicket, uow_for: UowFor, cast: Cast
) -> None:
    """Within a savepoint ids may be given out twice; a line belongs to its ticket only."""
    first, second = file_ticket(), file_ticket()
    happen(lambda uow: None)

    def half(uow: UnitOfWork) -> None:
        savepoint = uow.connection.begin_nested()
        timeline.add_entry(uow, first, EntryKind.COMMENT, body="never said")
        savepoint.rollback()
        timeline.add_entry(uow, second, EntryKind.COMMENT, body="said")

    (event,) = happen(half)
    assert event["data"]["ticket"]["id"] == second
    assert event["data"]["comment"]["content"] == "said"


def test_repeated_fan_out_creates_no_duplicate_deliveries(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        subscribed(uow)
    file_ticket()
    with uow_for(cast.admin) as uow:
        (message,) = uow.connection.execute(SELECT_CHANGES).all()
    fan_out(uow_for)
    with uow_for(None) as uow:
        outbox.enqueue(uow, outbox.CHANGES_TOPIC, **message.payload)
    fan_out(uow_for)
    with uow_for(cast.admin, writes=False) as uow:
        assert names(list_events(uow)) == ["ticket.created"]


def test_a_broken_message_holds_up_no_other(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        subscribed(uow)
    with uow_for(None) as uow:
        outbox.enqueue(uow, outbox.CHANGES_TOPIC, nonsense=True)
    file_ticket()
    for task in jobs.CHANGES.claim_tasks(1):
        task()
    with uow_for(cast.admin, writes=False) as uow:
        assert names(list_events(uow)) == ["ticket.created"]
        (left,) = uow.connection.execute(SELECT_CHANGES).all()
    assert left.payload == {"nonsense": True}
    assert "KeyError" in left.last_error


def test_purged_ticket_sends_no_more_events(
    happen: Happen, uow_for: UowFor, file_ticket: FileTicket, cast: Cast
) -> None:
    with uow_for(None) as uow:
        outbox.enqueue(uow, outbox.CHANGES_TOPIC, ticket_id=4711, entries=[1, 2, 3])
    assert happen(lambda uow: None) == []


def test_webhook_is_disabled_when_its_owner_may_no_longer_see_everything(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        webhook = subscribed(uow)
        uow.connection.execute(text("UPDATE person SET role = 'agent' WHERE username = 'admin'"))
    file_ticket()
    fan_out(uow_for)
    with uow_for(cast.admin) as uow:
        found = webhook_subscriptions.find(uow, webhook.id)
        assert list_events(uow) == []
    assert not found.is_active
    assert "may no longer manage webhooks" in (found.deactivation_reason or "")


def test_demo_data_is_nobodys_news(own_settings: Any, tmp_path: Any) -> None:
    from ticket_app.core.operations import installation
    from ticket_app.core.platform import database

    engine = database.create_database_engine(f"sqlite:///{tmp_path}/demo.db")
    installation.migrate(engine)
    demo.load(engine)
    with engine.connect() as connection:
        rows = connection.execute(select(outbox_message_table.c.topic)).scalars().all()
    assert not {outbox.CHANGES_TOPIC, outbox.NOTIFICATIONS_TOPIC} & {*rows}
    engine.dispose()


def test_a_ping_carries_a_ticket_as_all_do(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        event = event_messages.build_ping(uow)
    payload = event_messages.format_payload(event, "wh_1")
    assert payload.startswith('{"event":"ping","timestamp":"2026-11-20T09:00:00Z","data":{"ticket"')
    assert payload.endswith('"webhook_id":"wh_1"}')

"""What happens to a ticket is told outside: once, as it was then, in the document's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.cast import Cast, Clock, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from tests.core.webhooks import fan_out, subscribed, told
from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import outbox
from ticket_app.core.platform.ticket_numbers import day_number
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import (
    ApprovalAction,
    ApprovalEvent,
    EntryKind,
    Kind,
    Priority,
    Status,
)
from ticket_app.core.tickets import merge_moves, tickets
from ticket_app.core.timeline import timeline
from ticket_app.core.webhooks import event_words
from ticket_app.core.webhooks import events as webhook_events
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENTS
from ticket_app.demo import create as demo
from ticket_app.jobs import webhooks as jobs
from ticket_app.tables import Ticket, outbox_message_table

Happen = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def happen(desk_for: DeskFor, cast: Cast) -> Happen:
    """Does something at a desk, one transaction long; returns what a webhook of all is told."""
    with desk_for(cast.admin) as desk:
        subscribed(desk)
    seen = 0

    def do(deed: Callable[[Desk], Any], by: Any = None) -> list[dict[str, Any]]:
        nonlocal seen
        with desk_for(by or cast.agent) as desk:
            deed(desk)
        fan_out(desk_for)
        with desk_for(cast.admin, writes=False) as desk:
            new = told(desk)[seen:]
        seen += len(new)
        return new

    return do


def names(events: list[dict[str, Any]]) -> list[str]:
    return [event["event"] for event in events]


def on(ticket_id: int, deed: Callable[[Desk, Ticket], Any]) -> Callable[[Desk], Any]:
    return lambda desk: deed(desk, tickets.hold(desk, ticket_id))


def filing(**told: Any) -> Callable[[Desk], Any]:
    draft = tickets.TicketDraft(**{"title": "New Issue", "description": "It is dark"} | told)
    return lambda desk: tickets.open_ticket(desk, draft)


def test_it_works(happen: Happen, desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    (event,) = happen(filing(kind=Kind.INCIDENT, tags=["lamp"]), cast.owner)
    with desk_for(cast.admin, writes=False) as desk:
        (webhook,) = webhook_subscriptions.listed(desk)
        ticket = desk.db.execute(select(Ticket)).one()
    now = clock.now.isoformat().replace("+00:00", "Z")
    owner = {"id": cast.owner.id, "username": "owner"}
    assert event == {
        "event": "ticket.created",
        "timestamp": now,
        "data": {
            "ticket": {
                "id": ticket.id,
                "ticket_number": day_number(ticket),
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
    assert day_number(ticket) == "TKT-20261120-001"


def test_the_events_are_the_documents() -> None:
    assert len(set(EVENTS)) == 8


def test_a_ticket_filed_and_handed_on_is_created_and_assigned(happen: Happen, cast: Cast) -> None:
    created, assigned = happen(filing(assignee_id=cast.agent.id))
    assert names([created, assigned]) == ["ticket.created", "ticket.assigned"]
    agent = {"id": cast.agent.id, "username": "agent"}
    assert created["data"]["ticket"]["assigned_to"] == agent
    assert assigned["data"]["assigned_to"] == agent
    assert assigned["data"]["previously_assigned_to"] is None


def test_a_status_is_changed_and_so_the_ticket_is_updated(
    happen: Happen, file_ticket: FileTicket, cast: Cast
) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)
    updated, changed = happen(
        on(ticket_id, lambda desk, held: tickets.change_status(desk, held, Status.RESOLVED))
    )
    assert names([updated, changed]) == ["ticket.updated", "ticket.status_changed"]
    assert updated["data"]["changes"] == [{"field": "status", "old": "open", "new": "resolved"}]
    assert changed["data"]["old_status"] == "open"
    assert changed["data"]["new_status"] == "resolved"
    for event in (updated, changed):
        assert event["data"]["ticket"]["status"] == "resolved"
        assert event["data"]["actor"] == {"id": cast.agent.id, "username": "agent"}


def test_a_change_the_document_has_no_words_for_is_not_told(
    happen: Happen, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)
    change = on(ticket_id, lambda desk, held: tickets.change_status(desk, held, Status.OPEN))
    assert happen(change) == []


def test_assigning_is_told_with_all_it_changed(
    happen: Happen, file_ticket: FileTicket, cast: Cast
) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)
    updated, assigned = happen(
        on(ticket_id, lambda desk, held: tickets.assign(desk, held, cast.manager.id))
    )
    assert names([updated, assigned]) == ["ticket.updated", "ticket.assigned"]
    assert updated["data"]["changes"] == [
        {"field": "assigned_to_id", "old": None, "new": cast.manager.id}
    ]
    _, put_down = happen(on(ticket_id, lambda desk, held: tickets.assign(desk, held, None)))
    assert put_down["data"]["assigned_to"] is None
    assert put_down["data"]["previously_assigned_to"]["username"] == "manager"


def test_other_fields_are_one_update_a_transaction(
    happen: Happen, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)
    changes = {
        "priority": Priority.URGENT,
        "title": "Dark again",
        "tags": ["a", "b"],
        "kind": Kind.BUG,
        "due_at": clock.now,
        "internal_notes": "n" * 2000,
        "estimated_hours": 1.5,
    }
    (event,) = happen(on(ticket_id, lambda desk, held: tickets.edit(desk, held, changes)))
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


def test_comments_say_whether_they_are_internal(
    happen: Happen, file_ticket: FileTicket, cast: Cast
) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)
    (public,) = happen(
        on(ticket_id, lambda desk, held: commenting.comment(desk, held, "Since when?"))
    )
    (note,) = happen(
        on(
            ticket_id,
            lambda desk, held: commenting.comment(desk, held, "x" * 12_000, internal=True),
        )
    )
    assert names([public, note]) == ["comment.added"] * 2
    said = public["data"]["comment"]
    assert said.pop("id") > 0
    assert said == {
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


def test_a_comment_taken_back_before_it_was_told_is_not_told(
    happen: Happen, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)

    def slip(desk: Desk) -> None:
        said = commenting.comment(desk, tickets.hold(desk, ticket_id), "my word is 1234")
        commenting.withdraw(desk, said)

    events = happen(slip)
    assert "comment.added" not in names(events)


def test_a_file_is_told_of(
    happen: Happen, file_ticket: FileTicket, cast: Cast, clock: Clock, tmp_path: Any
) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)
    path = tmp_path / "a.png"
    path.write_bytes(samples.png())
    seen = attachments.examine(cast.agent, path, "a.png", now=clock.now)
    (event,) = happen(
        on(ticket_id, lambda desk, held: attachments.attach(desk, held, seen, internal=True))
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
    happen(lambda desk: None)
    asked = happen(
        on(
            ticket_id,
            lambda desk, held: approval_requests.request(
                desk, held, approver_ids=[cast.manager.id]
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

    def decide(desk: Desk) -> None:
        approval_decisions.act(
            desk, 1, ApprovalAction.APPROVE, comments="Fine", conditions=["Until May"]
        )

    decided = happen(decide, cast.manager)
    assert names(decided).count("approval.processed") == 1
    processed = next(event for event in decided if event["event"] == "approval.processed")
    told_of = processed["data"]["approval"]
    assert (told_of["id"], told_of["action"], told_of["state"]) == (1, "approved", "approved")
    assert told_of["comments"] == "- Until May\n\nFine"
    assert told_of["by"] == {"id": cast.manager.id, "username": "manager"}
    assert processed["data"]["ticket"]["status"] == "open"


def test_every_word_about_approvals_is_told_or_left_out_on_purpose() -> None:
    assert event_words.APPROVAL.keys() == set(ApprovalEvent)
    assert set(event_words.APPROVAL.values()) == {
        "approval.requested",
        "approval.processed",
        None,
    }


def test_what_was_said_before_a_merge_is_told_of_where_it_was_said(
    happen: Happen, desk_for: DeskFor, file_ticket: FileTicket, cast: Cast
) -> None:
    """The jobs were away while the ticket was merged into another one."""
    first, second = file_ticket(), file_ticket()
    happen(lambda desk: None)
    with desk_for(cast.agent) as desk:
        commenting.comment(desk, tickets.hold(desk, first), "Since noon")
    with desk_for(cast.agent) as desk:
        merge_moves.bring(desk, first, second)
    (event,) = happen(lambda desk: None)
    assert event["event"] == "comment.added"
    assert event["data"]["ticket"]["id"] == first


def test_the_trash_is_an_update(happen: Happen, file_ticket: FileTicket, cast: Cast) -> None:
    ticket_id = file_ticket()
    happen(lambda desk: None)
    (gone,) = happen(on(ticket_id, tickets.delete_ticket))
    assert gone["data"]["changes"] == [{"field": "is_deleted", "old": False, "new": True}]
    (back,) = happen(lambda desk: tickets.restore_ticket(desk, ticket_id), cast.admin)
    assert back["data"]["changes"] == [{"field": "is_deleted", "old": True, "new": False}]


def test_a_ticket_is_told_as_it_stood_then(
    happen: Happen, desk_for: DeskFor, file_ticket: FileTicket, cast: Cast, clock: Clock
) -> None:
    """The jobs were away while the ticket went on."""
    ticket_id = file_ticket()
    clock.forward(minutes=1)
    with desk_for(cast.agent) as desk:
        held = tickets.hold(desk, ticket_id)
        tickets.edit(desk, held, {"title": "Dark", "priority": Priority.LOW, "tags": ["x"]})
        tickets.assign(desk, held, cast.agent.id)
    clock.forward(minutes=1)
    with desk_for(cast.agent) as desk:
        held = tickets.hold(desk, ticket_id)
        tickets.assign(desk, held, cast.manager.id)
        tickets.change_status(desk, held, Status.CLOSED)
    events = happen(lambda desk: None)
    told_of = {
        (event["event"], event["data"]["ticket"]["title"], event["data"]["ticket"]["status"])
        for event in events
    }
    assert told_of == {
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


def test_only_what_was_subscribed_to_is_told(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        comments = subscribed(desk, "comment.added")
        filed = subscribed(desk, "ticket.created", "file.uploaded")
        off = subscribed(desk, active=False)
    file_ticket()
    fan_out(desk_for)
    with desk_for(cast.admin) as desk:
        assert told(desk, comments.id) == told(desk, off.id) == []
        assert names(told(desk, filed.id)) == ["ticket.created"]


def test_without_anybody_to_tell_nothing_is_written(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        off = subscribed(desk, active=False)
        webhook_subscriptions.remove(desk, subscribed(desk).id)
    file_ticket()
    with desk_for(cast.admin, writes=False) as desk:
        assert (
            desk.db.execute(select(func.count()).select_from(outbox_message_table)).scalar_one()
            == 0
        )
        assert told(desk, off.id) == []


def test_one_message_a_ticket_in_the_tickets_own_transaction(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        subscribed(desk)

    def file_and_fail() -> None:
        with desk_for(cast.agent) as desk:
            filing()(desk)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    with desk_for(cast.agent) as desk:
        ids = [filing(assignee_id=cast.agent.id)(desk).id for _ in range(3)]
    with desk_for(cast.admin, writes=False) as desk:
        rows = desk.db.execute(
            select(outbox_message_table.c.topic, outbox_message_table.c.payload)
        ).all()
    assert [row.topic for row in rows] == [outbox.CHANGES_TOPIC] * 3
    assert sorted(row.payload["ticket_id"] for row in rows) == sorted(ids)
    assert all(len(row.payload["entries"]) >= 2 for row in rows)


def test_a_line_that_was_rolled_back_is_nobodys(
    happen: Happen, file_ticket: FileTicket, desk_for: DeskFor, cast: Cast
) -> None:
    """Within a savepoint ids may be given out twice; a line belongs to its ticket only."""
    first, second = file_ticket(), file_ticket()
    happen(lambda desk: None)

    def half(desk: Desk) -> None:
        savepoint = desk.db.begin_nested()
        timeline.append(desk, first, EntryKind.COMMENT, body="never said")
        savepoint.rollback()
        timeline.append(desk, second, EntryKind.COMMENT, body="said")

    (event,) = happen(half)
    assert event["data"]["ticket"]["id"] == second
    assert event["data"]["comment"]["content"] == "said"


def test_repeating_the_fan_out_tells_nothing_twice(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        subscribed(desk)
    file_ticket()
    with desk_for(cast.admin) as desk:
        (message,) = desk.db.execute(select(outbox_message_table)).all()
    fan_out(desk_for)
    with desk_for(None) as desk:
        outbox.put(desk, outbox.CHANGES_TOPIC, **message.payload)
    fan_out(desk_for)
    with desk_for(cast.admin, writes=False) as desk:
        assert names(told(desk)) == ["ticket.created"]


def test_a_broken_message_holds_up_no_other(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        subscribed(desk)
    with desk_for(None) as desk:
        outbox.put(desk, outbox.CHANGES_TOPIC, nonsense=True)
    file_ticket()
    for task in jobs.take_changes():
        task()
    with desk_for(cast.admin, writes=False) as desk:
        assert names(told(desk)) == ["ticket.created"]
        (left,) = desk.db.execute(select(outbox_message_table)).all()
    assert left.payload == {"nonsense": True}
    assert "KeyError" in left.last_error


def test_a_destroyed_ticket_is_told_of_no_more(
    happen: Happen, desk_for: DeskFor, file_ticket: FileTicket, cast: Cast
) -> None:
    with desk_for(None) as desk:
        outbox.put(desk, outbox.CHANGES_TOPIC, ticket_id=4711, entries=[1, 2, 3])
    assert happen(lambda desk: None) == []


def test_a_webhook_whose_owner_may_not_know_it_all_is_switched_off(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        webhook = subscribed(desk)
        desk.db.execute(text("UPDATE person SET role = 'agent' WHERE username = 'admin'"))
    file_ticket()
    fan_out(desk_for)
    with desk_for(cast.admin) as desk:
        found = webhook_subscriptions.find(desk, webhook.id)
        assert told(desk) == []
    assert not found.is_active
    assert "may no longer manage webhooks" in found.switched_off_why


def test_demo_data_is_nobodys_news(own_settings: Any, tmp_path: Any) -> None:
    from ticket_app.core.operations import installation
    from ticket_app.core.platform import database

    engine = database.make_engine(f"sqlite:///{tmp_path}/demo.db")
    installation.migrate(engine)
    demo.load(engine)
    with engine.connect() as connection:
        rows = connection.execute(select(outbox_message_table.c.topic)).scalars().all()
    assert outbox.CHANGES_TOPIC not in rows
    engine.dispose()


def test_a_ping_carries_a_ticket_as_all_do(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        event = webhook_events.ping(desk)
    payload = webhook_events.payload(event, "wh_1")
    assert payload.startswith('{"event":"ping","timestamp":"2026-11-20T09:00:00Z","data":{"ticket"')
    assert payload.endswith('"webhook_id":"wh_1"}')

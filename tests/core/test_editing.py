"""Fields are changed together or not at all, each on its own line of the timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import MORNING, Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Forbidden, Invalid, RuleViolation, VersionConflict
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Severity, Status
from ticket_app.core.tickets import counters, ticket_list, ticket_query
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.fields import (
    INTERNAL_FIELDS,
    editable_field_validators,
    requester_editable_fields,
)
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.timeline import timeline
from ticket_app.tables.tickets import FAR_FUTURE

NEW: dict[str, tuple[Any, str]] = {
    "title": ("The lamp is out", "The lamp is out"),
    "description": ("Quite dark.\n", "Quite dark.\n"),
    "section": ("billing", "billing"),
    "plugin_name": ("dimmer", "dimmer"),
    "client_version": ("2", "2"),
    "steps_to_reproduce": ("Look", "Look"),
    "expected_behavior": ("Light", "Light"),
    "actual_behavior": ("Dark", "Dark"),
    "environment": ({"os": "Plan 9"}, "{'os': 'Plan 9'}"),
    "tags": (["b", "a"], "b, a"),
    "admin_feedback": ("Soon", "Soon"),
    "internal_notes": ("Bulb?", "Bulb?"),
    "public_notes": ("Known", "Known"),
    "estimated_hours": (2.5, "2.5"),
    "actual_hours": (3.0, "3.0"),
    "kind": (Kind.BUG, "bug"),
    "priority": (Priority.CRITICAL, "critical"),
    "severity": (Severity.MAJOR, "major"),
    "category": (Category.BILLING, "billing"),
    "due_at": (MORNING + timedelta(days=1), "2026-11-21T09:00:00+00:00"),
}
"""A new value for each field, and how the timeline tells it."""


def test_every_field_is_tried() -> None:
    assert NEW.keys() == editable_field_validators().keys()
    assert editable_field_validators().keys() > requester_editable_fields()


@pytest.mark.parametrize("field", NEW)
def test_each_field_is_changed_and_recorded(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    value, shown = NEW[field]
    clock.forward(minutes=3)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        old = getattr(ticket, field)
        edit(uow, ticket, {field: value})
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert getattr(ticket, field) == value
        assert (ticket.version, ticket.updated_at) == (2, clock.now)
        lines = timeline.list_entries(uow, ticket_id)[1:]
        assert [(line.kind, line.field, line.new_value) for line in lines] == [
            ("change", field, shown)
        ]
        assert lines[0].old_value == (", ".join(old) if isinstance(old, list) else old)
        assert (lines[0].audience == "internal") == (field in INTERNAL_FIELDS)
        assert ticket.priority_rank == Priority(ticket.priority).rank
        assert ticket.due_sort_at == (ticket.due_at or FAR_FUTURE)


def test_the_number_stays_when_the_kind_changes(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"kind": "bug"})
    with uow_for(cast.agent) as uow:
        assert lock_ticket(uow, "SUP-1").kind == "bug"
        assert counters.count_all_tickets(uow).by_kind == {"bug": 1}


def test_several_fields_are_several_lines(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {name: value for name, (value, _) in NEW.items()})
    with uow_for(cast.agent) as uow:
        assert [line.field for line in timeline.list_entries(uow, ticket_id)[1:]] == list(NEW)
        assert lock_ticket(uow, ticket_id).version == 2
        totals = counters.count_all_tickets(uow)
        assert (totals.total, totals.by_priority, totals.by_category) == (
            1,
            {"critical": 1},
            {"billing": 1},
        )


@pytest.mark.parametrize("field", NEW)
def test_what_stays_as_it_is_writes_nothing(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {field: NEW[field][0]})
    clock.forward(minutes=3)
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {field: NEW[field][0]})
        edit(uow, lock_ticket(uow, ticket_id), {})
    with uow_for(cast.agent) as uow:
        assert (
            lock_ticket(uow, ticket_id).version,
            len(timeline.list_entries(uow, ticket_id)),
        ) == (2, 2)


@pytest.mark.parametrize(
    "field", ["section", "plugin_name", "environment", "tags", "due_at", "estimated_hours"]
)
def test_a_field_is_emptied_again(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    nothing = [] if field == "tags" else None
    for value in (NEW[field][0], nothing):
        with uow_for(cast.agent) as uow:
            edit(uow, lock_ticket(uow, ticket_id), {field: value})
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert not getattr(ticket, field)
        assert ticket.due_sort_at == FAR_FUTURE
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery(tags=("a",))) == 0


def test_every_wrong_field_is_named_and_nothing_changes(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    wrong = {
        "title": "",
        "category": "gardening",
        "priority": "whenever",
        "description": "\x00",
        "actual_hours": -1,
    }
    with pytest.raises(Invalid) as error, uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"section": "api", **wrong})
    assert [name for name, _ in error.value.problems] == list(wrong)
    with uow_for(cast.agent) as uow:
        assert lock_ticket(uow, ticket_id).section == ""
        assert len(timeline.list_entries(uow, ticket_id)) == 1


@pytest.mark.parametrize("field", ["status", "id", "requester_id", "deleted_at", "version", "_"])
def test_unknown_field_cannot_be_edited(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow, pytest.raises(Invalid):
        edit(uow, lock_ticket(uow, ticket_id), {field: 1})
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        edit(uow, lock_ticket(uow, ticket_id), {field: 1})


@pytest.mark.parametrize("field", NEW)
def test_requester_can_edit_only_the_fields_they_submitted(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    changes = {field: NEW[field][0]}
    if field in requester_editable_fields():
        with uow_for(cast.owner) as uow:
            edit(uow, lock_ticket(uow, ticket_id), changes)
            assert getattr(lock_ticket(uow, ticket_id), field) == NEW[field][0]
    else:
        with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
            edit(uow, lock_ticket(uow, ticket_id), changes)


def test_a_requester_changes_no_finished_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), Status.RESOLVED)
        edit(uow, lock_ticket(uow, ticket_id), {"title": "Done"})
    with uow_for(cast.owner) as uow, pytest.raises(RuleViolation):
        edit(uow, lock_ticket(uow, ticket_id), {"title": "Not done"})


def test_a_change_of_what_was_read_long_ago_is_refused(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id, expected_version=1), {"title": "First"})
    with uow_for(cast.owner) as uow, pytest.raises(VersionConflict):
        lock_ticket(uow, ticket_id, expected_version=1)


def test_edited_ticket_is_found_by_its_new_words_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="Kettle", tags=["Steam"])
    with uow_for(cast.owner) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"title": "Samovar", "tags": ["Chimney"]})
    with uow_for(cast.owner, writes=False) as uow:
        found = {
            word: ticket_list.count_tickets(uow, ticket_query.TicketQuery(search=word))
            for word in ("kettle", "steam", "samovar", "chimney")
        }
        assert found == {"kettle": 0, "steam": 0, "samovar": 1, "chimney": 1}
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery(tags=("STEAM",))) == 0
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery(tags=("CHIMNEY",))) == 1

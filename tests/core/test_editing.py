"""Fields are changed together or not at all, each on its own line of the timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import MORNING, Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Forbidden, Invalid, RuleBroken, Stale
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Severity, Status
from ticket_app.core.tickets import counters, ticket_list
from ticket_app.core.tickets.fields import INTERNAL_FIELDS
from ticket_app.core.tickets.tickets import (
    CHECKS,
    FAR_FUTURE,
    REQUESTER_MAY_EDIT,
    change_status,
    edit,
    hold,
)
from ticket_app.core.timeline import timeline

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
    assert NEW.keys() == CHECKS.keys()
    assert CHECKS.keys() > REQUESTER_MAY_EDIT


@pytest.mark.parametrize("field", NEW)
def test_it_works(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    value, shown = NEW[field]
    clock.forward(minutes=3)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        old = getattr(ticket, field)
        edit(desk, ticket, {field: value})
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        assert getattr(ticket, field) == value
        assert (ticket.version, ticket.updated_at) == (2, clock.now)
        lines = timeline.lines(desk, ticket_id)[1:]
        assert [(line.kind, line.field, line.new_value) for line in lines] == [
            ("change", field, shown)
        ]
        assert lines[0].old_value == (", ".join(old) if isinstance(old, list) else old)
        assert (lines[0].audience == "internal") == (field in INTERNAL_FIELDS)
        assert ticket.priority_rank == Priority(ticket.priority).rank
        assert ticket.due_sort_at == (ticket.due_at or FAR_FUTURE)


def test_the_number_stays_when_the_kind_changes(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {"kind": "bug"})
    with desk_for(cast.agent) as desk:
        assert hold(desk, "SUP-1").kind == "bug"
        assert counters.totals(desk).by_kind == {"bug": 1}


def test_several_fields_are_several_lines(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {name: value for name, (value, _) in NEW.items()})
    with desk_for(cast.agent) as desk:
        assert [line.field for line in timeline.lines(desk, ticket_id)[1:]] == list(NEW)
        assert hold(desk, ticket_id).version == 2
        totals = counters.totals(desk)
        assert (totals.total, totals.by_priority, totals.by_category) == (
            1,
            {"critical": 1},
            {"billing": 1},
        )


@pytest.mark.parametrize("field", NEW)
def test_what_stays_as_it_is_writes_nothing(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {field: NEW[field][0]})
    clock.forward(minutes=3)
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {field: NEW[field][0]})
        edit(desk, hold(desk, ticket_id), {})
    with desk_for(cast.agent) as desk:
        assert (hold(desk, ticket_id).version, len(timeline.lines(desk, ticket_id))) == (2, 2)


@pytest.mark.parametrize(
    "field", ["section", "plugin_name", "environment", "tags", "due_at", "estimated_hours"]
)
def test_a_field_is_emptied_again(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    nothing = [] if field == "tags" else None
    for value in (NEW[field][0], nothing):
        with desk_for(cast.agent) as desk:
            edit(desk, hold(desk, ticket_id), {field: value})
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        assert not getattr(ticket, field)
        assert ticket.due_sort_at == FAR_FUTURE
        assert ticket_list.count(desk, ticket_list.TicketQuery(tags=("a",))) == 0


def test_every_wrong_field_is_named_and_nothing_changes(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    wrong = {
        "title": "",
        "category": "gardening",
        "priority": "whenever",
        "description": "\x00",
        "actual_hours": -1,
    }
    with pytest.raises(Invalid) as refusal, desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {"section": "api", **wrong})
    assert [name for name, _ in refusal.value.problems] == list(wrong)
    with desk_for(cast.agent) as desk:
        assert hold(desk, ticket_id).section == ""
        assert len(timeline.lines(desk, ticket_id)) == 1


@pytest.mark.parametrize("field", ["status", "id", "requester_id", "deleted_at", "version", "_"])
def test_what_is_no_field_to_edit_is_refused(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.admin) as desk, pytest.raises(Invalid):
        edit(desk, hold(desk, ticket_id), {field: 1})
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        edit(desk, hold(desk, ticket_id), {field: 1})


@pytest.mark.parametrize("field", NEW)
def test_a_requester_changes_what_they_told_and_nothing_else(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, field: str
) -> None:
    ticket_id = file_ticket()
    changes = {field: NEW[field][0]}
    if field in REQUESTER_MAY_EDIT:
        with desk_for(cast.owner) as desk:
            edit(desk, hold(desk, ticket_id), changes)
            assert getattr(hold(desk, ticket_id), field) == NEW[field][0]
    else:
        with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
            edit(desk, hold(desk, ticket_id), changes)


def test_a_requester_changes_no_finished_ticket(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), Status.RESOLVED)
        edit(desk, hold(desk, ticket_id), {"title": "Done"})
    with desk_for(cast.owner) as desk, pytest.raises(RuleBroken):
        edit(desk, hold(desk, ticket_id), {"title": "Not done"})


def test_a_change_of_what_was_read_long_ago_is_refused(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id, if_version=1), {"title": "First"})
    with desk_for(cast.owner) as desk, pytest.raises(Stale):
        hold(desk, ticket_id, if_version=1)


def test_it_is_found_by_its_new_words_only(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="Kettle", tags=["Steam"])
    with desk_for(cast.owner) as desk:
        edit(desk, hold(desk, ticket_id), {"title": "Samovar", "tags": ["Chimney"]})
    with desk_for(cast.owner, writes=False) as desk:
        found = {
            word: ticket_list.count(desk, ticket_list.TicketQuery(search=word))
            for word in ("kettle", "steam", "samovar", "chimney")
        }
        assert found == {"kettle": 0, "steam": 0, "samovar": 1, "chimney": 1}
        assert ticket_list.count(desk, ticket_list.TicketQuery(tags=("STEAM",))) == 0
        assert ticket_list.count(desk, ticket_list.TicketQuery(tags=("CHIMNEY",))) == 1

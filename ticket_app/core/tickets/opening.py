"""Open a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import select

from ticket_app.core.people import customers
from ticket_app.core.platform import action_limits, row_inserts, text_formats, ticket_numbers
from ticket_app.core.platform.errors import Forbidden, Invalid, does_not_exist
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    Category,
    EntryKind,
    Kind,
    Priority,
    ReproductionRate,
    Severity,
    TextFormat,
    category_for_kind,
    kind_for_category,
)
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import assigning, routing, status_changes
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.approval_gate import get_approval_gate
from ticket_app.core.tickets.changing import inserting
from ticket_app.core.tickets.transitions import INITIAL_STATUS
from ticket_app.core.timeline import timeline
from ticket_app.tables import Department, Person, Ticket
from ticket_app.tables.tickets import FAR_FUTURE


@dataclass(slots=True)
class TicketDraft:
    """The values of a new ticket; `open_ticket` adds numbers, times and the requester."""

    title: str
    description: str
    kind: Kind | None = None
    priority: Priority = Priority.MEDIUM
    severity: Severity = Severity.MINOR
    category: Category | None = None
    section: str | None = None
    plugin_name: str | None = None
    client_version: str | None = None
    steps_to_reproduce: str | None = None
    expected_behavior: str | None = None
    actual_behavior: str | None = None
    reproduction_rate: ReproductionRate | None = None
    environment: dict[str, object] | None = None
    tags: list[str] = field(default_factory=list[str])
    requester_id: int | None = None
    assignee_id: int | None = None
    team_id: int | None = None
    company_id: int | None = None
    contact_id: int | None = None
    department_id: int | None = None
    due_at: datetime | None = None
    estimated_hours: float | None = None
    channel: str = "web"
    text_format: TextFormat | None = None
    """How the long texts are to be read; None for the format usual for the channel."""


def open_ticket(uow: UnitOfWork, draft: TicketDraft) -> Ticket:
    """Open a ticket with numbers, a timeline entry, counters and search text.

    Without an assignee and a team, a routing rule may give it both.

    Returns the ticket. Raises `Forbidden`, `Invalid` (every wrong field named), `RateLimited`.
    """
    actor = uow.actor
    actor.require("create_tickets", "create tickets")
    if not actor.can_see_own_tickets:
        raise Forbidden("You are not allowed to create tickets, because you may not see them")
    values = _validate_draft(draft)
    kind: Kind = values["kind"]
    if draft.requester_id not in (None, actor.id):
        actor.require("work_tickets", "create tickets for another person")
        _ensure_exists(uow, "requester", Person, draft.requester_id)
    if draft.assignee_id is not None or draft.team_id is not None:
        actor.require("assign_tickets", "assign tickets")
    if draft.department_id is not None:
        _ensure_exists(uow, "department", Department, draft.department_id)
    customers.ensure_valid_customer(uow, draft.company_id, draft.contact_id)
    assignee = assigning.get_assignable_person(uow, draft.assignee_id)
    if not actor.is_staff:
        action_limits.count_submission(actor.id)
    company_id = draft.company_id or (actor.company_id if not actor.is_staff else None)
    number, today, day_number = ticket_numbers.allocate_numbers(uow, kind)
    ticket = row_inserts.build_row(
        Ticket,
        **values,
        key_prefix=kind.prefix,
        key_number=number,
        opened_on=today,
        day_number=day_number,
        status=INITIAL_STATUS,
        status_group=INITIAL_STATUS.group,
        status_rank=INITIAL_STATUS.rank,
        requester_id=draft.requester_id or actor.id,
        created_by_id=actor.id,
        company_id=company_id,
        contact_id=draft.contact_id,
        department_id=draft.department_id or actor.department_id,
        due_sort_at=draft.due_at or FAR_FUTURE,
        text_formats=_initial_formats(values, draft),
        created_at=uow.now,
        updated_at=uow.now,
        channel=draft.channel,
    )
    sla_tracking.set_targets(uow, ticket)
    with inserting(uow, ticket):
        row_inserts.insert_row(uow, ticket)
        assert ticket.id is not None
        timeline.add_entry(
            uow, ticket.id, EntryKind.CREATED, field="status", new_value=INITIAL_STATUS
        )
        if assignee:
            assigning.assign_to(uow, ticket, assignee)
            status_changes.open_if_new(uow, ticket)
        if draft.team_id is not None:
            assigning.assign_to_team(uow, ticket, draft.team_id)
        elif not assignee:
            routing.route(uow, ticket)
    get_approval_gate().request_if_required(uow, ticket)
    return ticket


def _initial_formats(values: Mapping[str, object], draft: TicketDraft) -> dict[str, str]:
    text_format = draft.text_format or text_formats.default_format_for(draft.channel)
    return text_formats.formats_of_texts(values, text_format)


def _validate_draft(draft: TicketDraft) -> dict[str, Any]:
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {
        "kind": draft.kind or kind_for_category(draft.category or Category.GENERAL),
        "priority": draft.priority,
        "priority_rank": draft.priority.rank,
        "severity": draft.severity,
        "category": draft.category
        or (category_for_kind(draft.kind) if draft.kind else Category.GENERAL),
        "reproduction_rate": draft.reproduction_rate,
    }
    for name, validate in ticket_fields.editable_field_validators().items():
        if name in values or not hasattr(draft, name):
            continue
        try:
            values[name] = validate(name, getattr(draft, name))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.from_problems(problems)
    values["section"] = values["section"] or ""
    return values


def _ensure_exists(
    uow: UnitOfWork, name: str, model: type[Person | Department], row_id: int | None
) -> None:
    if uow.session.exec(select(model.id).where(model.id == row_id)).first() is None:
        raise Invalid(name, does_not_exist(row_id))

"""The properties of a ticket."""

from __future__ import annotations

from dataclasses import dataclass, field

from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform import markup, text_formats, ticket_numbers
from ticket_app.core.platform.ticket_status import is_done
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import snoozing
from ticket_app.core.tickets.allowed_actions import allowed_actions
from ticket_app.core.tickets.fields import FieldType, FieldView, TicketField, fields_shown_in
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.core.tickets.transitions import INITIAL_STATUS
from ticket_app.ui import routes
from ticket_app.ui.field_values import describe_creator, field_label, format_value, humanize
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.rows import (
    DueClock,
    due_date_clock,
    initials_of,
    iso_time,
    person_color_number,
    sla_clocks,
)


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class TicketDetails:
    """The properties of a ticket."""

    id: int = 0
    number: str = ""
    href: str = ""
    title: str = ""
    version: int = 0
    status: str = str(INITIAL_STATUS)
    priority: str = "medium"
    kind: str = "other"
    assignee: str = ""
    assignee_id: int = 0
    assignee_initials: str = ""
    assignee_color: int = 0
    tags: list[str] = field(default_factory=list)
    due: DueClock = field(default_factory=DueClock)
    response: DueClock = field(default_factory=DueClock)
    resolution: DueClock = field(default_factory=DueClock)
    company: str = ""
    company_id: int = 0
    properties: dict[str, str] = field(default_factory=dict)
    """The fields that the registry shows among the properties, as text; long texts as HTML."""
    created_at: str = ""
    updated_at: str = ""
    created_for: str = ""
    """Who created the ticket for its requester, and how; empty for their own."""
    is_done: bool = False
    requester: str = ""
    requester_id: int = 0
    requester_email: str = ""
    requester_initials: str = ""
    requester_color: int = 0
    environment: list[Fact] = field(default_factory=list)
    allowed_actions: list[str] = field(default_factory=list)
    """The actions that the actor may take on the ticket (`Action`)."""
    allowed_statuses: list[str] = field(default_factory=list)
    """The statuses that the actor may choose."""
    has_response: bool = False
    snoozed_until: str = ""

    version_token: str = ""
    """Identifies the ticket and its version; every change from the page sends it."""


def ticket_details(uow: UnitOfWork, row: TicketRow) -> TicketDetails:
    """Return the properties of a ticket and what the actor may do with it."""
    now = uow.now
    response, resolution = sla_clocks(row, now)
    snoozed_until = snoozing.find_snooze(uow, row.id)
    environment = [
        Fact(humanize(str(name)), str(value)[:500])
        for name, value in (row.environment or {}).items()
        if value not in (None, "", [], {})
    ]
    for shown in fields_shown_in(FieldView.STAFF_DETAILS):
        if value := format_value(shown, getattr(row, shown.column)):
            environment.insert(0, Fact(field_label(shown), value))
    if row.reproduction_rate:
        environment.append(Fact(texts.TICKET_FREQUENCY, row.reproduction_rate))
    number = ticket_numbers.format_key(row)
    return TicketDetails(
        id=row.id,
        number=number,
        href=routes.desk_ticket(number),
        title=row.title,
        version=row.version,
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        assignee=row.assignee_name or "",
        assignee_id=row.assignee_id or 0,
        assignee_initials=initials_of(row.assignee_name) if row.assignee_name else "",
        assignee_color=person_color_number(row.assignee_username) if row.assignee_username else 0,
        tags=list(row.tags),
        due=due_date_clock(row),
        response=response,
        resolution=resolution,
        company=row.company_name or "",
        company_id=row.company_id or 0,
        properties={
            shown.name: property_value(shown, row)
            for shown in fields_shown_in(FieldView.STAFF_PROPERTIES)
        },
        created_at=iso_time(row.created_at),
        updated_at=iso_time(row.updated_at),
        created_for=describe_creator(row, row.requester_name),
        is_done=is_done(row),
        requester=row.requester_name,
        requester_id=row.requester_id,
        requester_email=row.requester_email,
        requester_initials=initials_of(row.requester_name),
        requester_color=person_color_number(row.requester_username),
        environment=environment,
        allowed_actions=sorted(allowed_actions(row, uow.actor, now=now)),
        allowed_statuses=[
            str(status) for status in approval_requests.list_available_statuses(uow, row)
        ],
        has_response=row.first_response_at is not None,
        snoozed_until=iso_time(snoozed_until) if snoozed_until else "",
        version_token=f"{row.id}:{row.version}",
    )


def property_value(shown: TicketField, row: TicketRow) -> str:
    """Return the value of a field as the side panel shows it."""
    if shown.type is FieldType.REFERENCE:
        return getattr(row, f"{shown.name}_name") or ""
    if shown.is_long_text:
        return render_text(row, shown.name)
    return format_value(shown, getattr(row, shown.column))


def render_text(row: TicketRow, name: str) -> str:
    """Return a text field of a ticket as HTML."""
    text_format = text_formats.get_format(row, name)
    return markup.render(getattr(row, name) or "", routes.desk_ticket, text_format)

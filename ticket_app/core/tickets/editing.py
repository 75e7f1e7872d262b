"""Edit the fields of a ticket and the company, contact and department it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from ticket_app.core.people import customers
from ticket_app.core.platform import text_formats, validators
from ticket_app.core.platform.errors import NULL, Forbidden, Invalid, does_not_exist, invalid_choice
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    CATEGORY_OF_KIND,
    KIND_OF_CATEGORY,
    Category,
    Kind,
    Priority,
    TextFormat,
)
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.fields import TicketField
from ticket_app.core.timeline import timeline
from ticket_app.tables import Company, Contact, Department, Person, Team, Ticket
from ticket_app.tables.tickets import FAR_FUTURE


def set_company(uow: UnitOfWork, ticket: Ticket, company_id: int | None) -> None:
    """Set the company of the ticket (by id), or none. Raises `Forbidden`, `Invalid`.

    A contact of another company is removed from the ticket.
    """
    if ticket.company_id == company_id:
        return
    _set_reference(uow, ticket, ticket_fields.COMPANY, Company, company_id)
    sla_tracking.recalculate_targets(uow, ticket)
    contact = ticket.contact_id and uow.session.get(Contact, ticket.contact_id)
    if contact and contact.company_id not in (None, company_id):
        set_contact(uow, ticket, None)


def set_contact(uow: UnitOfWork, ticket: Ticket, contact_id: int | None) -> None:
    """Set the contact the ticket is for (by id), or none. Raises `Forbidden`, `Invalid`."""
    if ticket.contact_id != contact_id:
        customers.ensure_valid_customer(uow, ticket.company_id, contact_id)
    _set_reference(uow, ticket, ticket_fields.CONTACT, Contact, contact_id)


def set_department(uow: UnitOfWork, ticket: Ticket, department_id: int | None) -> None:
    """Set the department of the ticket (by id), or none. Raises `Forbidden`, `Invalid`."""
    _set_reference(uow, ticket, ticket_fields.DEPARTMENT, Department, department_id)


def _set_reference(
    uow: UnitOfWork,
    ticket: Ticket,
    field: TicketField,
    table: type[Company | Contact | Department],
    row_id: int | None,
) -> None:
    assert ticket.id is not None
    name = field.name
    uow.actor.require("work_tickets", f"change the {name} of a ticket")
    old_id = getattr(ticket, f"{name}_id")
    if old_id == row_id:
        return
    old = uow.session.get(table, old_id) if old_id else None
    new = uow.session.get(table, row_id) if row_id else None
    if row_id and new is None:
        raise Invalid(name, does_not_exist(row_id))
    with changing(uow, ticket):
        setattr(ticket, f"{name}_id", row_id)
        timeline.record_change(
            uow,
            ticket.id,
            field,
            old and old.name,
            new and new.name,
            old_id=old_id,
            new_id=row_id,
        )


REFERENCED_TABLES: dict[str, type[Company | Contact | Department | Person | Team]] = {
    "assignee": Person,
    "team": Team,
    "department": Department,
    "company": Company,
    "contact": Contact,
}
"""The table of each field that refers to a person or a row of the directory."""


def find_row_name(uow: UnitOfWork, field: TicketField, row_id: int) -> str | None:
    """Return the name of the row that a field refers to, or None without one.

    Raises `Forbidden` without the permission `work_tickets`.
    """
    uow.actor.require("work_tickets", "search the user directory")
    row = uow.session.get(REFERENCED_TABLES[field.name], row_id)
    return (row.full_name if isinstance(row, Person) else row.name) if row else None


def edit(
    uow: UnitOfWork,
    ticket: Ticket,
    changes: Mapping[str, object],
    *,
    text_format: TextFormat | None = None,
    channel: str = "web",
) -> None:
    """Change fields of a ticket, each with its own timeline entry, or none of them.

    `changes` maps names of `fields.editable_field_validators()` to new values. A text keeps its
    format unless `text_format` names one, which without a text is that of the description; a text
    that was empty has the one usual for the `channel`.

    Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    if text_format and not changes.keys() & set(text_formats.FORMATTED_FIELDS):
        changes = {**changes, "description": ticket.description}
    _ensure_can_edit(uow, ticket, changes)
    changed = _validate_changes(ticket, changes)
    formats = _changed_formats(ticket, changes, text_format, channel)
    if not changed and formats == ticket.text_formats:
        return
    with changing(uow, ticket):
        if formats != ticket.text_formats:
            _set_formats(uow, ticket, formats)
        for name, new in changed.items():
            old = getattr(ticket, name)
            setattr(ticket, name, new)
            timeline.record_change(
                uow,
                ticket.id,
                ticket_fields.FIELDS[name],
                format_recorded_value(old),
                format_recorded_value(new),
            )
        if "priority" in changed:
            ticket.priority_rank = Priority(ticket.priority).rank
        if changed.keys() & {"priority", "kind"}:
            sla_tracking.recalculate_targets(uow, ticket)
        if "due_at" in changed:
            ticket.due_sort_at = ticket.due_at or FAR_FUTURE


def _changed_formats(
    ticket: Ticket, changes: Mapping[str, object], text_format: TextFormat | None, channel: str
) -> dict[str, str]:
    """Return the formats of a ticket's texts after a change."""
    formats = dict(ticket.text_formats)
    for name in text_formats.FORMATTED_FIELDS:
        if name not in changes:
            continue
        if text_format:
            formats[name] = str(text_format)
        elif not getattr(ticket, name):
            formats[name] = str(text_formats.default_format_for(channel))
    return formats


def _set_formats(uow: UnitOfWork, ticket: Ticket, formats: dict[str, str]) -> None:
    """Store new formats; record for staff the change of a format whose text is not empty."""
    assert ticket.id is not None
    for name, new in formats.items():
        old = text_formats.get_format(ticket, name)
        if old != new and getattr(ticket, name):
            timeline.record_change(uow, ticket.id, ticket_fields.TEXT_FORMAT, old, new)
    ticket.text_formats = formats


def _ensure_can_edit(uow: UnitOfWork, ticket: Ticket, changes: Mapping[str, object]) -> None:
    if (
        not uow.actor.can("work_tickets")
        and not changes.keys() <= ticket_fields.requester_editable_fields()
    ):
        raise Forbidden("You are not allowed to change this field")
    ensure_allowed(Action.EDIT, ticket, uow.actor, uow.now)


def _validate_changes(ticket: Ticket, changes: Mapping[str, object]) -> dict[str, object]:
    problems: list[tuple[str, str]] = []
    values: dict[str, object] = {}
    validators_by_field = ticket_fields.editable_field_validators()
    for name, value in changes.items():
        if name not in validators_by_field:
            raise Invalid(name, "cannot be changed")
        try:
            if name == "tags":
                values[name] = validators.validate_tags(name, cast("list[str]", value), ticket.tags)
            else:
                values[name] = validators_by_field[name](name, value)
        except Invalid as error:
            problems += error.problems
        except ValueError:
            choices = ticket_fields.FIELDS[name].choices
            assert choices is not None
            problems.append((name, NULL if value is None else invalid_choice(choices, value)))
    if problems:
        raise Invalid.from_problems(problems)
    if "section" in values:
        values["section"] = values["section"] or ""
    changed = {name: new for name, new in values.items() if getattr(ticket, name) != new}
    return {**changed, **_matching_kind_or_category(ticket, changed)}


def _matching_kind_or_category(ticket: Ticket, changed: Mapping[str, object]) -> dict[str, object]:
    """Return the kind that goes with a new category, or the category that goes with a new kind.

    Only values that both fields share are kept equal, and only if the other field has such a value
    now: an incident stays an incident in any category.
    """
    if "category" in changed and "kind" not in changed and ticket.kind in CATEGORY_OF_KIND:
        kind = KIND_OF_CATEGORY.get(cast("Category", changed["category"]))
        return {"kind": kind} if kind not in (None, ticket.kind) else {}
    if "kind" in changed and "category" not in changed and ticket.category in KIND_OF_CATEGORY:
        category = CATEGORY_OF_KIND.get(cast("Kind", changed["kind"]))
        return {"category": category} if category not in (None, ticket.category) else {}
    return {}


def format_recorded_value(value: object) -> str | None:
    """Return a field's value as the timeline keeps it."""
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(cast("list[str]", value))
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)

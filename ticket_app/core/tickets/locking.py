"""Lock a ticket for a change and reject changes based on an old version of it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlmodel import select as select_rows

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import (
    SHARED_TICKET_MESSAGE,
    VISIBLE_TO_REQUESTER,
    VISIBLE_TO_STAFF,
    can_read_company_tickets,
    readable_condition,
    reading_parameters,
    visibility_parameters,
)
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    NotFound,
    RuleViolation,
    VersionConflict,
)
from ticket_app.core.platform.ticket_numbers import TicketReference, parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import Person, Ticket, ticket_table

_LOCK_TICKET = {
    (staff, column): select_rows(Ticket)
    .where(
        VISIBLE_TO_STAFF if staff else VISIBLE_TO_REQUESTER,
        ticket_table.c[column] == bindparam("wanted"),
    )
    .with_for_update(of=ticket_table)
    for staff in (True, False)
    for column in ("id", "uuid")
}


def lock_ticket(
    uow: UnitOfWork, reference: str | int | TicketReference, *, expected_version: int | None = None
) -> Ticket:
    """Return a ticket by any of its ids or numbers, locked for a change in this transaction.

    Raises `NotFound` if there is none that the actor may see, `Forbidden` if the actor may only
    read it, `VersionConflict` unless it has `expected_version`.
    """
    parsed_reference = (
        parse_reference(str(reference)) if isinstance(reference, str | int) else reference
    )
    key = parsed_reference and ticket_numbers.find_lookup_column_and_value(uow, parsed_reference)
    if key is None:
        raise NotFound
    column, wanted_id = key
    values = {**visibility_parameters(uow.actor), "wanted": wanted_id}
    row = uow.session.exec(_LOCK_TICKET[uow.actor.is_staff, column], params=values).one_or_none()
    if row is None:
        _reject_reader(uow, column, wanted_id)
        raise NotFound
    if expected_version is not None and row.version != expected_version:
        raise VersionConflict
    return row


def lock_as_system(uow: UnitOfWork, ticket_id: int) -> Ticket | None:
    """Return a ticket, locked for a change by the help desk itself, or None if it is deleted."""
    statement = _LOCK_TICKET[True, "id"]
    return uow.session.exec(statement, params={"wanted": ticket_id}).one_or_none()


def _reject_reader(uow: UnitOfWork, column: str, wanted_id: object) -> None:
    """Raise `Forbidden` if the ticket is one of a colleague's, which the actor may only read."""
    if not can_read_company_tickets(uow.actor):
        return
    statement = select(ticket_table.c.id).where(
        readable_condition(uow.actor), ticket_table.c[column] == wanted_id
    )
    if uow.connection.execute(statement, reading_parameters(uow.actor)).first():
        raise Forbidden(SHARED_TICKET_MESSAGE)


def ensure_not_merged(uow: UnitOfWork, ticket: Ticket) -> None:
    """Raise `RuleViolation` naming the ticket that this one was merged into, if it was."""
    if ticket.merged_into_id is not None:
        other = uow.session.get_one(Ticket, ticket.merged_into_id)
        while other.merged_into_id is not None:
            other = uow.session.get_one(Ticket, other.merged_into_id)
        raise RuleViolation(
            f"This ticket was merged into {ticket_numbers.format_key(other)}. Continue there"
        )


def _assignee_conflict(uow: UnitOfWork, ticket: Ticket) -> Conflict:
    assignee = ticket.assignee_id and uow.session.get(Person, ticket.assignee_id)
    change_text = f"{assignee.full_name} has taken" if assignee else "Someone has unassigned"
    return Conflict(
        f"{change_text} {ticket_numbers.format_key(ticket)} in the meantime. Nothing was changed."
    )


def ensure_version(
    uow: UnitOfWork, ticket: Ticket, version: int, assignee_id: int | None = None
) -> None:
    """Raise an error if a ticket is no longer at the version that the actor saw.

    Raises `Conflict` naming the new assignee if it is no longer assigned to `assignee_id`,
    `VersionConflict` for any other change.
    """
    if ticket.version == version:
        return
    if ticket.assignee_id != assignee_id:
        raise _assignee_conflict(uow, ticket)
    raise VersionConflict(
        f"{ticket_numbers.format_key(ticket)} has changed since you last saw it. "
        "Nothing was changed."
    )


def ensure_values(uow: UnitOfWork, ticket: Ticket, expected: Mapping[str, object]) -> None:
    """Raise an error if one of these columns of a ticket is no longer what the actor saw.

    Raises `Conflict` naming the new assignee, `VersionConflict` naming any other column.
    """
    for name, value in expected.items():
        if getattr(ticket, name) == value:
            continue
        if name == "assignee_id":
            raise _assignee_conflict(uow, ticket)
        raise VersionConflict(
            f"Someone else has changed the {name.removesuffix('_id').replace('_', ' ')} of "
            f"{ticket_numbers.format_key(ticket)} in the meantime. Nothing was changed."
        )


def ensure_fields_unchanged(ticket: Ticket, expected: Mapping[str, object]) -> None:
    """Raise `VersionConflict` if one of these fields is no longer what the actor saw when they
    began.
    """
    if any(getattr(ticket, name) != value for name, value in expected.items()):
        raise VersionConflict(
            "This has changed since you started editing. Reload the ticket and try again"
        )

"""What requesters change of their own ticket: which fields, and saving them with a way back."""

from __future__ import annotations

from collections.abc import Mapping

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import editing, locking, ticket_lookup, undo
from ticket_app.core.tickets.fields import FIELDS, TicketField
from ticket_app.core.tickets.undo import UndoStep

EDITED_TEXTS = ("title", "description")
"""The fields of the form that replaces the first message."""


def choice_fields() -> dict[str, TicketField]:
    """Return the fields with a fixed set of values that requesters may change, by name."""
    return {
        name: field
        for name, field in FIELDS.items()
        if field.requester_may_edit and field.has_choices
    }


def read_texts(uow: UnitOfWork, ticket_id: int) -> dict[str, str]:
    """Return the title and the description of a ticket."""
    row = ticket_lookup.read_ticket(uow, ticket_id)
    return {name: getattr(row, name) for name in EDITED_TEXTS}


def change_ticket(
    uow: UnitOfWork,
    ticket_id: int,
    changes: Mapping[str, object],
    original: Mapping[str, object] | None = None,
) -> UndoStep | None:
    """Change fields of a ticket that still have their `original` values; return how to undo it.

    Raises `VersionConflict` if another person has changed one of them, and what the core raises.
    """
    ticket = locking.lock_ticket(uow, ticket_id)
    locking.ensure_fields_unchanged(ticket, original or {})
    before = undo.take_snapshot(uow, ticket)
    editing.edit(uow, ticket, changes)
    uow.flush()
    return undo.build_step(uow, ticket, before)

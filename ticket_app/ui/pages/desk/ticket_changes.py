"""The changes that staff make to one or several tickets: a value of a fixed set, a person, a team,
a company and the like. Which fields there are is in the registry (`core.tickets.fields`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.tickets import assigning, editing, status_changes, updates
from ticket_app.core.tickets.fields import (
    FIELDS,
    FieldType,
    FieldView,
    TicketField,
    fields_shown_in,
)
from ticket_app.tables import Ticket
from ticket_app.ui import theme
from ticket_app.ui.field_values import choice_label, choice_labels
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.views import ME
from ticket_app.ui.texts import describe_tickets

MENU_FIELDS: Final = ("status", "priority", "assignee")
"""The bulk changes with a button of their own; the others are in a menu."""


def bulk_fields() -> list[TicketField]:
    """Return the fields that can be set on several tickets at once."""
    return fields_shown_in(FieldView.BULK_CHANGE)


@dataclass(frozen=True)
class SetStatus:
    """Set the status."""

    status: Status

    def apply(self, uow: UnitOfWork, ticket: Ticket) -> None:
        """Change the ticket. Raises the errors of `status_changes.change_status`."""
        status_changes.change_status(uow, ticket, self.status)

    def describe(self, assignee: str = "") -> str:
        """Return what was done: "resolved", "set to In progress"."""
        verb = texts.CHANGE_STATUS_VERBS.get(self.status)
        if verb:
            return verb
        return texts.change_set_to(theme.STATUS_LOOKS[self.status].word)


@dataclass(frozen=True)
class SetPriority:
    """Set the priority."""

    priority: Priority

    def apply(self, uow: UnitOfWork, ticket: Ticket) -> None:
        """Change the ticket. Raises the errors of `editing.edit`."""
        editing.edit(uow, ticket, {"priority": self.priority})

    def describe(self, assignee: str = "") -> str:
        """Return what was done: "set to High priority"."""
        return texts.change_set_priority(theme.PRIORITY_LOOKS[self.priority].word)


@dataclass(frozen=True)
class AssignTo:
    """Assign to a person (by id) or to the actor ("me"), or unassign (None)."""

    person: int | Literal["me"] | None

    def apply(self, uow: UnitOfWork, ticket: Ticket) -> None:
        """Change the ticket. Raises the errors of `assigning.assign`."""
        assigning.assign(uow, ticket, uow.actor.id if self.person == ME else self.person)

    def describe(self, assignee: str = "") -> str:
        """Return what was done; `assignee` is the name of the new assignee."""
        return texts.CHANGE_UNASSIGNED if self.person is None else texts.change_assigned(assignee)


@dataclass(frozen=True)
class SetChoice:
    """Set a field to one of its values."""

    field: TicketField
    value: str

    def apply(self, uow: UnitOfWork, ticket: Ticket) -> None:
        """Change the ticket. Raises the errors of `editing.edit`."""
        editing.edit(uow, ticket, {self.field.name: self.value})

    def describe(self, assignee: str = "") -> str:
        """Return what was done: "set to category Billing"."""
        label = choice_label(self.field.name, self.value)
        return texts.change_set_to(f"{self.field.label} {label}")


@dataclass(frozen=True)
class SetReference:
    """Move to a team, department, company or contact (by id), or to none."""

    field: TicketField
    row_id: int | None
    name: str

    def apply(self, uow: UnitOfWork, ticket: Ticket) -> None:
        """Change the ticket. Raises the errors of the field's use case."""
        updates.update_ticket(uow, ticket, {self.field.column: self.row_id})

    def describe(self, assignee: str = "") -> str:
        """Return what was done: "moved to team Network"."""
        if self.row_id is None:
            return texts.change_removed(self.field.label)
        return texts.change_moved(self.field.label, self.name)


TicketChange = SetStatus | SetPriority | AssignTo | SetChoice | SetReference


def parse_change(field: str, value: str, label: str = "") -> TicketChange:
    """Return the change that a page asks for; `label` is what the page calls the value.

    Raises `ValueError` for unknown fields and values.
    """
    match field:
        case "status":
            return SetStatus(Status(value))
        case "priority":
            return SetPriority(Priority(value))
        case "assignee":
            return AssignTo("me" if value == ME else int(value) if value else None)
    registered = FIELDS.get(field)
    if registered and registered.views & {FieldView.BULK_CHANGE, FieldView.STAFF_PROPERTIES}:
        if registered.has_choices and value in choice_labels(registered):
            return SetChoice(registered, value)
        if registered.type is FieldType.REFERENCE:
            return SetReference(registered, int(value) if value else None, label[:200])
    raise ValueError(f"{field} cannot be set to {value}")


def describe_change(change: TicketChange, numbers: Sequence[str], assignee: str = "") -> str:
    """Return the toast of a change: "BUG-15 resolved", "3 tickets set to High priority"."""
    return f"{describe_tickets(numbers)} {change.describe(assignee)}"

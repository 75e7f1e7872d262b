"""The changes that staff make to one or several tickets at once: status, priority, assignee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.tickets import assigning, editing, status_changes
from ticket_app.tables import Ticket
from ticket_app.ui import theme
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.views import ME

FIELDS: Final = ("status", "priority", "assignee")
"""The fields that `parse_change` accepts."""


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


TicketChange = SetStatus | SetPriority | AssignTo


def parse_change(field: str, value: str) -> TicketChange:
    """Return the change that a page asks for. Raises `ValueError` for unknown fields and values."""
    match field:
        case "status":
            return SetStatus(Status(value))
        case "priority":
            return SetPriority(Priority(value))
        case "assignee":
            return AssignTo("me" if value == ME else int(value) if value else None)
    raise ValueError(f"unknown field {field}")


def describe_change(change: TicketChange, numbers: Sequence[str], assignee: str = "") -> str:
    """Return the toast of a change: "BUG-15 resolved", "3 tickets set to High priority"."""
    return f"{describe_tickets(numbers)} {change.describe(assignee)}"


def describe_tickets(numbers: Sequence[str]) -> str:
    """Return "BUG-15", or "3 tickets" for several."""
    return numbers[0] if len(numbers) == 1 else f"{len(numbers)} tickets"

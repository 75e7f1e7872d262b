"""Variables of saved replies and macros, such as `{{ticket.number}}`.

They are replaced in one pass: nothing is evaluated, and what people wrote (titles, names) is
inserted as words, not as markup or variables (docs/decisions/0007).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam, select

from ticket_app.core.platform import markdown_escapes, page_links, ticket_numbers, validators
from ticket_app.core.platform.errors import Invalid, RuleViolation, to_printable
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.tables import person_table

_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
_CODE_OR_VARIABLE = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`))|\{\{([^{}]*)\}\}", re.DOTALL
)
DATE_FORMAT = "%d %b %Y, %H:%M %Z"


class PersonNameRow:
    """The first name and the address of a person."""

    first_name: str
    email: str


_SELECT_PERSON = select(person_table.c.first_name, person_table.c.email).where(
    person_table.c.id == bindparam("person_id")
)


@dataclass(frozen=True)
class _Values:
    """Where the values of variables come from: the ticket and the person who writes."""

    uow: UnitOfWork
    ticket: TicketRow

    @property
    def key(self) -> str:
        """The ticket's number, such as BUG-15."""
        return ticket_numbers.format_key(self.ticket)

    @cached_property
    def requester(self) -> PersonNameRow | None:
        """The requester's first name and address."""
        return self._find_person(self.ticket.requester_id)

    @cached_property
    def agent(self) -> PersonNameRow | None:
        """The first name and address of the person who writes."""
        return self._find_person(self.uow.actor.id)

    def _find_person(self, person_id: int) -> PersonNameRow | None:
        return self.uow.first_row(_SELECT_PERSON, {"person_id": person_id}, of=PersonNameRow)

    @property
    def due(self) -> str | None:
        """The due date in the time zone of the person who writes."""
        due_at = self.ticket.due_at
        return due_at and due_at.astimezone(self.uow.time_zone).strftime(DATE_FORMAT)


@dataclass(frozen=True, slots=True)
class Variable:
    """What a variable stands for, an example of it, and its value on a ticket."""

    description: str
    example: str
    value: Callable[[_Values], str | None]


def _first_name(first_name: str | None, full_name: str) -> str | None:
    return first_name or next(iter(full_name.split()), None)


VARIABLES: dict[str, Variable] = {
    "ticket.number": Variable("Number of the ticket", "BUG-15", lambda of: of.key),
    "ticket.title": Variable("Title", "The printer is offline", lambda of: of.ticket.title),
    "ticket.status": Variable(
        "Status", "in progress", lambda of: str(of.ticket.status).replace("_", " ")
    ),
    "ticket.priority": Variable("Priority", "high", lambda of: str(of.ticket.priority)),
    "ticket.kind": Variable("Kind", "incident", lambda of: str(of.ticket.kind).replace("_", " ")),
    "ticket.due": Variable("Due date", "04 Dec 2026, 17:00 CET", lambda of: of.due),
    "ticket.url": Variable(
        "Address of the ticket's page for the requester",
        "https://help.example.com/portal/tickets/BUG-15",
        lambda of: page_links.ticket_link(of.key, is_staff=False),
    ),
    "ticket.assignee": Variable("Assignee", "Kim Lee", lambda of: of.ticket.assignee_name),
    "ticket.team": Variable("Team", "Network", lambda of: of.ticket.team_name),
    "requester.name": Variable("Requester", "Uma Wolf", lambda of: of.ticket.requester_name),
    "requester.first_name": Variable(
        "Requester's first name",
        "Uma",
        lambda of: _first_name(of.requester and of.requester.first_name, of.ticket.requester_name),
    ),
    "requester.email": Variable(
        "Requester's email address", "uma@example.com", lambda of: of.ticket.requester_email
    ),
    "agent.name": Variable("Your name", "Sam Reed", lambda of: of.uow.actor.full_name),
    "agent.first_name": Variable(
        "Your first name",
        "Sam",
        lambda of: _first_name(of.agent and of.agent.first_name, of.uow.actor.full_name),
    ),
    "company.name": Variable(
        "The requester's company", "Saltmarsh", lambda of: of.ticket.company_name
    ),
}
"""Every variable, in the order in which people see them (docs/saved-replies.md)."""
_OUR_WORDS = frozenset(
    f"ticket.{name}" for name in ("number", "status", "priority", "kind", "due", "url")
)
"""Variables that nobody writes; their values are inserted as they are."""


@dataclass(frozen=True, slots=True)
class FilledText:
    """A text with the values of its variables, and the variables that have none on the ticket."""

    text: str
    missing: tuple[str, ...]


def format_variable(name: str) -> str:
    """Return a variable as it is written in texts."""
    return f"{{{{{name}}}}}"


def ensure_known(field: str, text: str) -> None:
    """Raise `Invalid` that names the first variable of a text that does not exist."""
    for match in _VARIABLE.finditer(text):
        if match[1].strip() not in VARIABLES:
            shown = format_variable(to_printable(match[1].strip()))
            raise Invalid(field, f"must not contain the unknown variable {shown}")


def fill_in(uow: UnitOfWork, reference: str | int, text: str) -> FilledText:
    """Return a text with the values of a ticket; a variable without a value stays as it is.

    Raises `NotFound`, `Forbidden`.
    """
    return fill_in_each(uow, reference, [text])[0]


def fill_in_each(
    uow: UnitOfWork, reference: str | int, texts: Sequence[str]
) -> Sequence[FilledText]:
    """Fill in several texts as `fill_in` does one; the ticket is read once.

    Raises `NotFound`, `Forbidden`.
    """
    if not any(_VARIABLE.search(text) for text in texts):
        return [FilledText(text, ()) for text in texts]
    uow.actor.require("work_tickets", "use variables")
    values = _Values(uow, ticket_lookup.read_ticket(uow, reference))
    return [_fill_in(values, text) for text in texts]


def _fill_in(values: _Values, text: str) -> FilledText:
    missing: dict[str, None] = {}

    def replace(match: re.Match[str]) -> str:
        return _value_of(values, match[1].strip(), match[0], missing)

    return FilledText(_VARIABLE.sub(replace, text), tuple(missing))


def _value_of(values: _Values, name: str, written: str, missing: dict[str, None]) -> str:
    """Return the value of a variable as Markdown, or what was written if there is none."""
    variable = VARIABLES.get(name)
    if variable is None:
        return written
    value = variable.value(values)
    if not value:
        missing[name] = None
        return written
    return value if name in _OUR_WORDS else markdown_escapes.escape(value)


def fill_in_to_send(uow: UnitOfWork, reference: str | int, text: str) -> str:
    """Return a text that staff send from the web app, with the values of its variables.

    Variables in code and unknown ones stay. Raises `Invalid` (too long), `RuleViolation` that
    names what has no value on this ticket.
    """
    validators.optional_text("content", text)
    is_used = any(match[1].strip() in VARIABLES for match in _VARIABLE.finditer(text))
    if not is_used or not uow.actor.can("work_tickets"):
        return text
    values = _Values(uow, ticket_lookup.read_ticket(uow, reference))
    missing: dict[str, None] = {}

    def replace(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        return _value_of(values, match[3].strip(), match[0], missing)

    filled = _CODE_OR_VARIABLE.sub(replace, text)
    if missing:
        raise RuleViolation(missing_message(tuple(missing)))
    return filled


def missing_message(names: tuple[str, ...]) -> str:
    """Return the sentence about variables that have no value on a ticket."""
    shown = ", ".join(map(format_variable, names))
    if len(names) == 1:
        return f"{shown} has no value on this ticket. Replace or remove it"
    return f"{shown} have no value on this ticket. Replace or remove them"

"""The people who are offered while a person types `@` in a comment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, case, func, or_, select

from ticket_app.core.people.staff import CAN_WORK_TICKETS, list_staff_roles
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import like_prefix_pattern
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.core.tickets import ticket_lookup
from ticket_app.tables import entry_table, person_table

MAX_SUGGESTIONS = 8


class SuggestedPersonRow:
    """A person who can be mentioned: `@username`."""

    username: str
    full_name: str


def _starts_with(column: ColumnElement[str]) -> ColumnElement[bool]:
    return column.like(bindparam("prefix"), escape="\\")


_MATCHES = or_(
    _starts_with(person_table.c.username_folded),
    _starts_with(func.lower(person_table.c.full_name)),
    _starts_with(func.lower(person_table.c.last_name)),
)
_MATCHES_BEST = or_(
    _starts_with(person_table.c.username_folded), _starts_with(func.lower(person_table.c.full_name))
)
_ORDER = (case((_MATCHES_BEST, 0), else_=1), person_table.c.full_name, person_table.c.id)
_SELECT_PEOPLE = (
    select(person_table.c.username, person_table.c.full_name)
    .where(
        person_table.c.is_active,
        person_table.c.id != bindparam("own_id"),
        _MATCHES,
        or_(CAN_WORK_TICKETS, person_table.c.id == bindparam("requester_id")),
    )
    .order_by(*_ORDER)
    .limit(MAX_SUGGESTIONS)
)
_SELECT_REPLIERS = (
    select(person_table.c.username, person_table.c.full_name)
    .where(
        person_table.c.is_active,
        person_table.c.id != bindparam("own_id"),
        _MATCHES,
        person_table.c.id.in_(
            select(entry_table.c.actor_id).where(
                entry_table.c.ticket_id == bindparam("ticket_id"),
                entry_table.c.kind == EntryKind.COMMENT,
                entry_table.c.audience == Audience.PUBLIC,
                entry_table.c.by_staff,
                entry_table.c.deleted_at.is_(None),
            )
        ),
    )
    .order_by(*_ORDER)
    .limit(MAX_SUGGESTIONS)
)


def suggest_people(
    uow: UnitOfWork, ticket_id: int, prefix: str, *, internal: bool
) -> Sequence[SuggestedPersonRow]:
    """Return people whose name or username starts with the prefix and who may read the comment.

    Staff are offered staff, and the requester unless the comment is internal. Requesters are
    offered the staff who have replied to them; the directory is not theirs to read.
    Raises `NotFound` unless the actor may see the ticket.
    """
    ticket = ticket_lookup.read_ticket(uow, ticket_id, "summary")
    values: dict[str, object] = {
        "prefix": like_prefix_pattern(prefix),
        "own_id": uow.actor.id,
        "ticket_id": ticket.id,
    }
    statement = _SELECT_REPLIERS
    if uow.actor.is_staff:
        statement = _SELECT_PEOPLE
        values["staff_roles"] = list_staff_roles(uow)
        values["requester_id"] = 0 if internal else ticket.requester_id
    return uow.all_rows(statement, values, of=SuggestedPersonRow)

"""Who is told that a promise comes due, or is broken; nobody in person did that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.notifications import Notice
from ticket_app.core.people import profiles
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Role
from ticket_app.core.sla.targets import Goal
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, person_table

MOST_TOLD = 50
"""People told of one promise."""
WARNED, BREACHED = "warned", "breached"
SAYS = {
    WARNED: "The {what} {key} is due soon",
    BREACHED: "The {what} {key} is late",
}


def announce(desk: Desk, ticket: Ticket, goal: Goal, word: str) -> None:
    """Write on the timeline, for staff, that time runs out or has run out for a promise, and tell
    those whom it concerns: the assignee, or else the team, or else the managers, or else admins.

    `word` is `WARNED` or `BREACHED`.
    """
    assert ticket.id is not None
    by: datetime = getattr(ticket, goal.by)
    entry_id = timeline.append(
        desk,
        ticket.id,
        EntryKind.SERVICE_LEVEL,
        audience=Audience.INTERNAL,
        actor_id=None,
        by_staff=True,
        field=goal.field,
        old_value=by.isoformat(),
        new_value=word,
    )
    says = SAYS[word].format(what=goal.what, key=ticket_numbers.key(ticket))
    for person_id in _concerned(desk, ticket):
        notifications.tell(
            desk,
            person_id,
            Notice.SERVICE_LEVEL,
            says,
            ticket_id=ticket.id,
            entry_id=entry_id,
        )


_CONCERNED = tuple(
    (
        select(person_table, profiles.ROLE_PERMISSIONS)
        .where(whom, person_table.c.is_active)
        .order_by(person_table.c.id)
        .limit(MOST_TOLD),
        column,
    )
    for whom, column in (
        (person_table.c.id == bindparam("one"), "assignee_id"),
        (person_table.c.team_id == bindparam("one"), "team_id"),
        (person_table.c.role == Role.MANAGER, None),
        (person_table.c.role.in_([Role.ADMIN, Role.SUPER_ADMIN]), None),
    )
)
"""Whom a promise concerns, by the ticket's column: the first of these that names anybody."""


def _concerned(desk: Desk, ticket: Ticket) -> Sequence[int]:
    for statement, column in _CONCERNED:
        one = getattr(ticket, column) if column else None
        if column and one is None:
            continue
        rows = desk.db.execute(statement, {"one": one} if column else {})
        working = [row.id for row in rows if profiles.actor_of(row).is_staff]
        if working:
            return working
    return ()

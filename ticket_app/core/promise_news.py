"""Who is told that a promise comes due, or is broken; nobody in person did that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from ticket_app.core import notifications, numbering, people, timeline
from ticket_app.core.desk import Desk
from ticket_app.core.notifications import Notice
from ticket_app.core.promises import Goal
from ticket_app.core.timeline import P
from ticket_app.core.words import Audience, EntryKind, Role
from ticket_app.tables import Ticket

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
    says = SAYS[word].format(what=goal.what, key=numbering.key(ticket))
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
        select(P, people.ROLE_PERMISSIONS)
        .where(whom, P.c.is_active)
        .order_by(P.c.id)
        .limit(MOST_TOLD),
        column,
    )
    for whom, column in (
        (P.c.id == bindparam("one"), "assignee_id"),
        (P.c.team_id == bindparam("one"), "team_id"),
        (P.c.role == Role.MANAGER, None),
        (P.c.role.in_([Role.ADMIN, Role.SUPER_ADMIN]), None),
    )
)
"""Whom a promise concerns, by the ticket's column: the first of these that names anybody."""


def _concerned(desk: Desk, ticket: Ticket) -> Sequence[int]:
    for statement, column in _CONCERNED:
        one = getattr(ticket, column) if column else None
        if column and one is None:
            continue
        rows = desk.db.execute(statement, {"one": one} if column else {})
        working = [row.id for row in rows if people.actor_of(row).is_staff]
        if working:
            return working
    return ()

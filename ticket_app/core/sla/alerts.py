"""Record SLA warnings and breaches on the timeline and notify the people responsible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Role
from ticket_app.core.sla.targets import TargetKind
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, person_table

MAX_RECIPIENTS = 50
"""How many people are notified about one SLA target."""
WARNED, BREACHED = "warned", "breached"
NOTIFICATION_KINDS = {
    WARNED: NotificationKind.SLA_WARNING,
    BREACHED: NotificationKind.SLA_BREACH,
}
MESSAGES = {
    WARNED: "{key} is approaching its {target} target",
    BREACHED: "{key} is past its {target} target",
}


def record_and_notify(uow: UnitOfWork, ticket: Ticket, kind: TargetKind, event: str) -> None:
    """Record an SLA warning or breach for staff and notify the people responsible.

    They are the assignee, else the team, else the managers, else the admins. `event` is `WARNED` or
    `BREACHED`.
    """
    assert ticket.id is not None
    due_at: datetime = getattr(ticket, kind.due_column)
    entry_id = timeline.add_entry(
        uow,
        ticket.id,
        EntryKind.SERVICE_LEVEL,
        audience=Audience.INTERNAL,
        actor_id=None,
        by_staff=True,
        field=kind.field,
        old_value=due_at.isoformat(),
        new_value=event,
    )
    message = MESSAGES[event].format(target=kind.label, key=ticket_numbers.format_key(ticket))
    for person_id in _find_recipients(uow, ticket):
        notifications.notify(
            uow,
            person_id,
            NOTIFICATION_KINDS[event],
            message,
            ticket_id=ticket.id,
            entry_id=entry_id,
        )


_RECIPIENT_STATEMENTS = tuple(
    (
        select(person_table, ROLE_PERMISSIONS_COLUMN)
        .where(condition, person_table.c.is_active)
        .order_by(person_table.c.id)
        .limit(MAX_RECIPIENTS),
        column,
    )
    for condition, column in (
        (person_table.c.id == bindparam("column_value"), "assignee_id"),
        (person_table.c.team_id == bindparam("column_value"), "team_id"),
        (person_table.c.role == Role.MANAGER, None),
        (person_table.c.role.in_([Role.ADMIN, Role.SUPER_ADMIN]), None),
    )
)
"""Who is responsible for a ticket: the first statement that finds staff decides."""


def _find_recipients(uow: UnitOfWork, ticket: Ticket) -> Sequence[int]:
    for statement, column in _RECIPIENT_STATEMENTS:
        column_value = getattr(ticket, column) if column else None
        if column and column_value is None:
            continue
        values = {"column_value": column_value} if column else {}
        rows = uow.all_rows(statement, values, of=ActorRow)
        staff_ids = [row.id for row in rows if build_actor(row).is_staff]
        if staff_ids:
            return staff_ids
    return ()

"""Record SLA warnings and breaches on the timeline and notify the people responsible."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Executable, bindparam, select

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Role, SlaAlertGroup
from ticket_app.core.sla.targets import TargetKind
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, department_table, person_table, sla_policy_table

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

    They are the assignee, else the team, else the managers, else the admins, and the groups that
    the policy names. `event` is `WARNED` or `BREACHED`.
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


def _select_active_people(condition: ColumnElement[bool]) -> Executable:
    return (
        select(person_table, ROLE_PERMISSIONS_COLUMN)
        .where(condition, person_table.c.is_active)
        .order_by(person_table.c.id)
        .limit(MAX_RECIPIENTS)
    )


_SELECT_ASSIGNEE = _select_active_people(person_table.c.id == bindparam("assignee_id"))
_SELECT_TEAM = _select_active_people(person_table.c.team_id == bindparam("team_id"))
_SELECT_MANAGERS = _select_active_people(person_table.c.role == Role.MANAGER)
_SELECT_ADMINS = _select_active_people(person_table.c.role.in_([Role.ADMIN, Role.SUPER_ADMIN]))
_SELECT_DEPARTMENT_MANAGER = _select_active_people(
    person_table.c.id
    == select(department_table.c.manager_id)
    .where(department_table.c.id == bindparam("department_id"))
    .scalar_subquery()
)
_SELECT_RESPONSIBLE = (_SELECT_ASSIGNEE, _SELECT_TEAM, _SELECT_MANAGERS, _SELECT_ADMINS)
"""Who is responsible for a ticket: the first statement that finds staff decides."""
_SELECT_BY_GROUP = {
    SlaAlertGroup.TEAM: _SELECT_TEAM,
    SlaAlertGroup.DEPARTMENT_MANAGER: _SELECT_DEPARTMENT_MANAGER,
    SlaAlertGroup.MANAGERS: _SELECT_MANAGERS,
}
"""Who is alerted besides them, if the policy says so."""
_SELECT_ALERT_GROUPS = select(sla_policy_table.c.alert_groups).where(
    sla_policy_table.c.id == bindparam("policy_id")
)


def _find_recipients(uow: UnitOfWork, ticket: Ticket) -> list[int]:
    recipients: list[int] = []
    for statement in _SELECT_RESPONSIBLE:
        recipients = _select_staff_ids(uow, statement, ticket)
        if recipients:
            break
    values = {"policy_id": ticket.sla_policy_id}
    groups: list[str] = uow.connection.execute(_SELECT_ALERT_GROUPS, values).scalar() or []
    for group in groups:
        recipients += _select_staff_ids(uow, _SELECT_BY_GROUP[SlaAlertGroup(group)], ticket)
    return list(dict.fromkeys(recipients))


def _select_staff_ids(
    uow: UnitOfWork, select_people: Executable, parameters_of: Ticket
) -> list[int]:
    """Run a statement with the values of a ticket; return the ids of the staff it finds."""
    values = {
        "assignee_id": parameters_of.assignee_id,
        "team_id": parameters_of.team_id,
        "department_id": parameters_of.department_id,
    }
    rows = uow.all_rows(select_people, values, of=ActorRow)
    return [row.id for row in rows if build_actor(row).is_staff]

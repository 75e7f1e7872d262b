"""Staff: the people who can work on tickets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Text, bindparam, cast, func, literal_column, or_, select, union_all

from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, effective_permissions
from ticket_app.core.people.rows import AssignableStaffRow, HasPermissions
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import permission_set_table, person_table

_OWN_PERMISSIONS_TEXT = func.coalesce(cast(person_table.c.permissions, Text), "null")
_SELECT_STAFF_BY_OWN_PERMISSIONS = select(person_table.c.id).where(
    # Written exactly as in the partial index (tables/people.py); otherwise it would not be used.
    literal_column("person.permissions <> 'null'"),
    _OWN_PERMISSIONS_TEXT.contains('"work_tickets"'),
)
CAN_WORK_TICKETS = person_table.c.id.in_(
    union_all(
        select(person_table.c.id).where(person_table.c.role == Role.SUPER_ADMIN).correlate(None),
        select(person_table.c.id)
        .where(
            person_table.c.role.in_(bindparam("staff_roles", expanding=True)),
            _OWN_PERMISSIONS_TEXT == "null",
        )
        .correlate(None),
        _SELECT_STAFF_BY_OWN_PERMISSIONS.correlate(None),
    )
)
"""The query condition for `can_work_tickets`; expects the parameter `staff_roles`."""
_SELECT_STAFF_NAMES = select(person_table.c.full_name, person_table.c.username).where(
    or_(
        person_table.c.role.in_([role for role in Role if role.is_staff]),
        person_table.c.id.in_(_SELECT_STAFF_BY_OWN_PERMISSIONS.correlate(None)),
    )
)
_SELECT_ACTIVE_PERSON = select(
    person_table.c.role, person_table.c.permissions, ROLE_PERMISSIONS_COLUMN
).where(person_table.c.id == bindparam("person_id"), person_table.c.is_active)
_SELECT_ALL_ROLE_PERMISSIONS = select(
    permission_set_table.c.role, permission_set_table.c.permissions
)
_SELECT_ASSIGNABLE_STAFF = (
    select(
        person_table.c.id,
        person_table.c.uuid,
        person_table.c.username,
        person_table.c.full_name,
        person_table.c.role,
        person_table.c.team_id,
    )
    .where(CAN_WORK_TICKETS, person_table.c.is_active)
    .order_by(person_table.c.full_name, person_table.c.id)
    .limit(bindparam("limit"))
)


def list_staff_full_names_and_usernames(uow: UnitOfWork) -> list[str]:
    """List the full names and usernames of staff, inactive ones included."""
    rows = uow.connection.execute(_SELECT_STAFF_NAMES)
    return [name for row in rows for name in (row.full_name, row.username)]


def list_staff_roles(uow: UnitOfWork) -> list[Role]:
    """List the roles that have `work_tickets`."""
    stored = {
        row.role: row.permissions for row in uow.connection.execute(_SELECT_ALL_ROLE_PERMISSIONS)
    }
    return [
        role
        for role in Role
        if "work_tickets" in effective_permissions(role, None, stored.get(role))
    ]


def list_assignable_staff(uow: UnitOfWork, limit: int = 500) -> Sequence[AssignableStaffRow]:
    """List up to `limit` active people to whom a ticket can be assigned, by name.

    Raises `Forbidden`.
    """
    uow.actor.require("work_tickets", "list staff")
    values = {"staff_roles": list_staff_roles(uow), "limit": limit}
    return uow.all_rows(_SELECT_ASSIGNABLE_STAFF, values, of=AssignableStaffRow)


def can_work_tickets(row: HasPermissions) -> bool:
    """Return whether a person selected with `ROLE_PERMISSIONS_COLUMN` can be assigned tickets."""
    return "work_tickets" in effective_permissions(
        Role(row.role), row.permissions, row.role_permissions
    )


def is_active_staff(uow: UnitOfWork, person_id: int) -> bool:
    """Return whether this is an active person to whom tickets can be assigned."""
    row = uow.first_row(_SELECT_ACTIVE_PERSON, {"person_id": person_id}, of=HasPermissions)
    return row is not None and can_work_tickets(row)

"""Build actors and their effective permissions from rows of people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, select

from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, Actor
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Person, company_table, permission_set_table, person_table

ROLE_PERMISSIONS_COLUMN: ColumnElement[list[str] | None] = (
    select(permission_set_table.c.permissions)
    .where(permission_set_table.c.role == person_table.c.role)
    .correlate(person_table)
    .scalar_subquery()
    .label("role_permissions")
)
"""The stored permissions of a selected person's role, or NULL for the default ones."""


SHARED_COMPANY_COLUMN: ColumnElement[int | None] = (
    select(company_table.c.id)
    .where(company_table.c.id == person_table.c.company_id, company_table.c.shares_tickets)
    .correlate(person_table)
    .scalar_subquery()
    .label("shared_company_id")
)
"""The company of a selected person whose tickets its people may read, or NULL."""


_SELECT_ROLE_PERMISSIONS = select(permission_set_table.c.permissions).where(
    permission_set_table.c.role == bindparam("role")
)


def effective_permissions(
    role: Role, own_permissions: Sequence[str] | None, role_permissions: Sequence[str] | None
) -> frozenset[str]:
    """Return the person's own permissions, else the role's stored ones, else the role's default.

    A super_admin always has all permissions, so that administrators cannot lock themselves out.
    """
    if role is Role.SUPER_ADMIN:
        return frozenset(DEFAULT_ROLE_PERMISSIONS[role])
    stored = own_permissions if own_permissions is not None else role_permissions
    return frozenset(DEFAULT_ROLE_PERMISSIONS[role] if stored is None else stored)


def build_actor(
    row: ActorRow,
    *,
    sign_in_id: int | None = None,
    authentication_method: str = "system",
    scopes: Sequence[str] = (),
) -> Actor:
    """Build the actor for a person, with the person's own permissions or the role's stored ones.

    The row is selected with `ROLE_PERMISSIONS_COLUMN`. Without `SHARED_COMPANY_COLUMN` in it the
    actor reads no tickets of other people in the company.
    """
    permissions = effective_permissions(Role(row.role), row.permissions, row.role_permissions)
    return _build(
        row,
        permissions,
        sign_in_id=sign_in_id,
        authentication_method=authentication_method,
        scopes=scopes,
    )


def load_actor(uow: UnitOfWork, person: Person, *, authentication_method: str) -> Actor:
    """Build the actor for a person read without their role's permissions, which are loaded."""
    return _build(
        person, load_permissions(uow, person), authentication_method=authentication_method
    )


def build_actor_with_role_defaults(person: Person | ActorRow) -> Actor:
    """Build the actor for a person, ignoring permissions that administrators gave to the role."""
    return _build(person, effective_permissions(Role(person.role), person.permissions, None))


def _build(
    person: Person | ActorRow,
    permissions: frozenset[str],
    *,
    sign_in_id: int | None = None,
    authentication_method: str = "system",
    scopes: Sequence[str] = (),
) -> Actor:
    assert person.id is not None
    return Actor(
        id=person.id,
        uuid=person.uuid,
        username=person.username,
        full_name=person.full_name,
        email=person.email,
        role=Role(person.role),
        permissions=permissions,
        department_id=person.department_id,
        team_id=person.team_id,
        company_id=person.company_id,
        shared_company_id=getattr(person, "shared_company_id", None),
        sign_in_id=sign_in_id,
        authentication_method=authentication_method,
        scopes=frozenset(scopes),
        rate_limits=getattr(person, "rate_limits", None),
    )


def load_permissions(uow: UnitOfWork, person: Person) -> frozenset[str]:
    """Load the permissions of a person selected without `ROLE_PERMISSIONS_COLUMN`."""
    role_permissions = uow.connection.execute(
        _SELECT_ROLE_PERMISSIONS, {"role": person.role}
    ).scalar()
    return effective_permissions(Role(person.role), person.permissions, role_permissions)

"""Accounts: list them for staff, create and change them for administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlmodel import select as select_rows

from ticket_app.core.people import permissions, profiles
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, effective_permissions
from ticket_app.core.people.customers import contains_every_word
from ticket_app.core.people.registration import create_person
from ticket_app.core.people.rows import AccountRow, HasPermissions
from ticket_app.core.people.sessions import revoke_all_access
from ticket_app.core.people.staff_access import drop_waiting_email, end_staff_notifications
from ticket_app.core.platform import audit_log, rate_limits
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.errors import (
    Forbidden,
    Invalid,
    NotFound,
    RuleViolation,
    does_not_exist,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Person, department_table, person_table

CONCURRENT_CHANGE_MESSAGE = "Another person changed this at the same time; try again"
ACCOUNT_COLUMNS = (
    person_table.c.id,
    person_table.c.uuid,
    person_table.c.username,
    person_table.c.email,
    person_table.c.first_name,
    person_table.c.last_name,
    person_table.c.full_name,
    person_table.c.role,
    person_table.c.department_id,
    person_table.c.is_active,
    person_table.c.last_login_at,
    person_table.c.created_at,
    person_table.c.preferences,
    person_table.c.rate_limits,
    person_table.c.permissions,
    ROLE_PERMISSIONS_COLUMN,
)
"""What readers of an account see; never credentials."""

_SELECT_ACCOUNT = select(*ACCOUNT_COLUMNS).where(person_table.c.id == bindparam("person_id"))
_SELECT_DEPARTMENT = select(department_table.c.id).where(
    department_table.c.id == bindparam("department_id")
)


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """Filters of an account list; every word of `search_text` must occur in a name or address."""

    search_text: str = ""
    roles: frozenset[Role] = frozenset()
    department_id: int | None = None
    is_active: bool | None = None


def _can_view_accounts(uow: UnitOfWork) -> bool:
    return uow.actor.is_staff or uow.actor.can("manage_people")


def list_accounts(
    uow: UnitOfWork, query: AccountQuery, page_request: PageRequest
) -> tuple[Page[AccountRow], int]:
    """Return one page of accounts, ordered by id, and the total. Raises `Forbidden`."""
    if not _can_view_accounts(uow):
        raise Forbidden("You are not allowed to list accounts")
    conditions: list[ColumnElement[bool]] = []
    if query.search_text.strip():
        conditions.append(
            contains_every_word(
                query.search_text,
                person_table.c.full_name,
                person_table.c.username_folded,
                person_table.c.email_folded,
            )
        )
    if query.roles:
        conditions.append(person_table.c.role.in_(sorted(query.roles)))
    if query.department_id is not None:
        conditions.append(person_table.c.department_id == query.department_id)
    if query.is_active is not None:
        conditions.append(person_table.c.is_active.is_(query.is_active))
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    statement = select(*ACCOUNT_COLUMNS).where(*conditions).order_by(person_table.c.id).limit(limit)
    rows = uow.all_rows(statement.offset(max(0, page_request.offset)), of=AccountRow)
    total = uow.connection.execute(
        select(func.count()).select_from(person_table).where(*conditions)
    ).scalar_one()
    return Page(rows, page_request.offset + len(rows) < total), total


def get_account(uow: UnitOfWork, person_id: int) -> AccountRow:
    """Return one account; requesters find only their own. Raises `NotFound`."""
    row = None
    if _can_view_accounts(uow) or person_id == uow.actor.id:
        row = uow.first_row(_SELECT_ACCOUNT, {"person_id": person_id}, of=AccountRow)
    if row is None:
        raise NotFound("User")
    return row


def get_permissions(row: HasPermissions) -> tuple[str, ...]:
    """Return the effective permissions of an account in their usual order."""
    return permissions.sort_permissions(
        effective_permissions(Role(row.role), row.permissions, row.role_permissions)
    )


def create_account(
    uow: UnitOfWork,
    *,
    username: str,
    email: str,
    password: str | None = None,
    first_name: str = "",
    last_name: str = "",
    role: Role = Role.USER,
    department_id: int | None = None,
    own_permissions: Sequence[str] | None = None,
) -> AccountRow:
    """Create an account and return its row. Without a password it cannot be used to sign in yet.

    Raises `Forbidden` for a role not below the actor's own or permissions the actor does not have,
    `Invalid`, `Conflict`, `RuleViolation` (own permissions of a super admin).
    """
    uow.actor.require("manage_people", "create accounts")
    permissions.ensure_can_manage_role(uow, role, "create accounts")
    validated_permissions = _validate_own_permissions(
        uow, role, own_permissions, old_permissions=()
    )
    permissions.ensure_can_grant(
        uow,
        permissions.get_role_permissions(uow, role).permissions
        if validated_permissions is None
        else validated_permissions,
        (),
    )
    _ensure_department_exists(uow, department_id)
    with conflict_on_violation(CONCURRENT_CHANGE_MESSAGE):
        account = create_person(
            uow,
            username=username,
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            role=role,
            department_id=department_id,
            permissions=validated_permissions,
        )
    assert account.id is not None
    auth_log().info(
        "account_created", by=uow.actor.username, person=account.username, role=str(role)
    )
    return get_account(uow, account.id)


class AccountChanges(TypedDict, total=False):
    """The fields of an account that `update_account` changes."""

    first_name: str
    last_name: str
    email: str
    department_id: int | None
    role: str
    permissions: Sequence[str] | None
    is_active: bool
    rate_limits: Mapping[str, int] | None


class OwnAccountChanges(TypedDict, total=False):
    """The fields of an account that its owner changes with `update_own_account`."""

    first_name: str
    last_name: str
    preferences: Mapping[str, object]


PRIVILEGE_FIELDS = frozenset({"role", "permissions", "is_active", "rate_limits"})
"""The fields that no one may change on their own account."""


def update_account(uow: UnitOfWork, person_id: int, changes: AccountChanges) -> AccountRow:
    """Apply all changes to an account or none; return its row.

    A new role removes the person's own permissions unless new ones are given. Deactivating an
    account ends all its sessions and revokes its API tokens.
    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`, `RuleViolation`.
    """
    old_row = get_account(uow, person_id)
    uow.actor.require("manage_people", "change accounts")
    person = _lock_person_and_actor(uow, person_id)
    if person_id == uow.actor.id and changes.keys() & PRIVILEGE_FIELDS:
        raise Forbidden("You cannot change your own role, permissions, activation or limits")
    if person_id != uow.actor.id:
        permissions.ensure_can_manage_role(uow, Role(person.role), "change accounts")
    with audit_log.record_changes(uow, person_table, person_id):
        _apply_changes(uow, person, get_permissions(old_row), changes)
        with conflict_on_violation(CONCURRENT_CHANGE_MESSAGE):
            uow.flush()
    logged_changes = {name: value for name, value in changes.items() if name in PRIVILEGE_FIELDS}
    auth_log().info(
        "account_changed", by=uow.actor.username, person=person.username, **logged_changes
    )
    return get_account(uow, person_id)


def _apply_changes(
    uow: UnitOfWork, person: Person, old_permissions: Sequence[str], changes: AccountChanges
) -> None:
    if changes.keys() & {"first_name", "last_name"}:
        profiles.rename_person(
            uow,
            person,
            changes.get("first_name", person.first_name),
            changes.get("last_name", person.last_name),
        )
    if "email" in changes:
        profiles.change_email(uow, person, changes["email"])
    if "department_id" in changes:
        _ensure_department_exists(uow, changes["department_id"])
        person.department_id = changes["department_id"]
    if changes.keys() & {"role", "permissions"}:
        _change_role_and_permissions(uow, person, old_permissions, changes)
    if "is_active" in changes and changes["is_active"] != person.is_active:
        person.is_active = changes["is_active"]
        if not person.is_active:
            assert person.id is not None
            revoke_all_access(uow, person.id, "account deactivated")
            drop_waiting_email(uow, person.id)
    if "rate_limits" in changes:
        person.rate_limits = rate_limits.validate_own_limits(changes["rate_limits"])


def _change_role_and_permissions(
    uow: UnitOfWork, person: Person, old_permissions: Sequence[str], changes: AccountChanges
) -> None:
    old_role = Role(person.role)
    role = Role(changes.get("role", old_role))
    permissions.ensure_can_manage_role(uow, role, "create accounts")
    if "permissions" in changes or role is not old_role:
        own_permissions = _validate_own_permissions(
            uow, role, changes.get("permissions"), old_permissions=old_permissions
        )
        new_permissions = (
            permissions.get_role_permissions(uow, role).permissions
            if own_permissions is None
            else own_permissions
        )
        permissions.ensure_can_grant(uow, new_permissions, old_permissions)
        person.permissions = own_permissions
    person.role = role
    if old_role.is_staff and not role.is_staff:
        assert person.id is not None
        end_staff_notifications(uow, person.id)


def _validate_own_permissions(
    uow: UnitOfWork,
    role: Role,
    own_permissions: Sequence[str] | None,
    *,
    old_permissions: Sequence[str],
) -> list[str] | None:
    if own_permissions is None:
        return None
    if role is Role.SUPER_ADMIN:
        raise RuleViolation(
            "A super admin always has all permissions; remove the list of permissions"
        )
    validated_permissions = permissions.validate_permissions(own_permissions)
    permissions.ensure_can_grant(uow, validated_permissions, old_permissions)
    return list(validated_permissions)


def _lock_person_and_actor(uow: UnitOfWork, person_id: int) -> Person:
    """Lock the person and the actor, and check that the actor's role is unchanged.

    If two administrators demote each other at the same time, only the first one succeeds.
    """
    person_ids = sorted({person_id, uow.actor.id})
    statement = (
        select_rows(Person)
        .where(person_table.c.id.in_(person_ids))
        .order_by(person_table.c.id)
        .with_for_update()
    )
    rows = {row.id: row for row in uow.session.exec(statement)}
    actor, person = rows.get(uow.actor.id), rows.get(person_id)
    if person is None:
        raise NotFound("User")
    if actor is None or not actor.is_active or actor.role != uow.actor.role:
        raise Forbidden("Your role has changed; reload the page and try again")
    return person


def _ensure_department_exists(uow: UnitOfWork, department_id: int | None) -> None:
    if department_id is None:
        return
    if uow.connection.execute(_SELECT_DEPARTMENT, {"department_id": department_id}).first() is None:
        raise Invalid("department_id", does_not_exist(department_id))


def update_own_account(uow: UnitOfWork, changes: OwnAccountChanges) -> AccountRow:
    """Change the actor's names and preferences; return the row. Raises `Invalid`, `Conflict`."""
    person = profiles.get_own_person(uow)
    with audit_log.record_changes(uow, person_table, uow.actor.id):
        if changes.keys() & {"first_name", "last_name"}:
            profiles.rename_person(
                uow,
                person,
                changes.get("first_name", person.first_name),
                changes.get("last_name", person.last_name),
            )
        if "preferences" in changes:
            profiles.update_preferences(uow, changes["preferences"])
        uow.flush()
    return get_account(uow, uow.actor.id)

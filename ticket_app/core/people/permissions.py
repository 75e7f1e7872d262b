"""Permissions of roles: read, change and reset them, and check what an actor may grant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from ticket_app.core.people.actors import effective_permissions
from ticket_app.core.platform import audit_log
from ticket_app.core.platform.actor import (
    DEFAULT_ROLE_PERMISSIONS,
    PERMISSION_DESCRIPTIONS,
    REQUIRED_PERMISSION,
)
from ticket_app.core.platform.database import ConstraintViolation
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    RuleViolation,
    to_printable,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind, Role
from ticket_app.tables import PermissionSet, permission_set_table


@dataclass(frozen=True, slots=True)
class RolePermissions:
    """The permissions of a role; `changed_at` is None while they are the default ones."""

    role: Role
    permissions: tuple[str, ...]
    changed_at: datetime | None = None


_SELECT_ROLE_PERMISSIONS = select(
    permission_set_table.c.role,
    permission_set_table.c.permissions,
    permission_set_table.c.updated_at,
)


def sort_permissions(permissions: Collection[str]) -> tuple[str, ...]:
    """Sort permissions into the order of `PERMISSION_DESCRIPTIONS`."""
    return tuple(name for name in PERMISSION_DESCRIPTIONS if name in permissions)


def list_role_permissions(uow: UnitOfWork) -> list[RolePermissions]:
    """List the permissions of each role, from user to super_admin. Raises `Forbidden`."""
    uow.actor.require("view_all_tickets", "see role permissions")
    return load_all_role_permissions(uow)


def load_all_role_permissions(uow: UnitOfWork) -> list[RolePermissions]:
    """Load the permissions of each role without checking the actor, for internal rules."""
    rows = uow.all_rows(_SELECT_ROLE_PERMISSIONS, of=PermissionSet)
    stored = {row.role: row for row in rows}
    return [_build_role_permissions(role, stored.get(role)) for role in Role]


def _build_role_permissions(role: Role, stored: PermissionSet | None) -> RolePermissions:
    effective = effective_permissions(role, None, stored.permissions if stored else None)
    return RolePermissions(role, sort_permissions(effective), stored.updated_at if stored else None)


def get_role_permissions(uow: UnitOfWork, role: Role) -> RolePermissions:
    """Return the permissions of one role."""
    return _build_role_permissions(
        role,
        uow.first_row(
            _SELECT_ROLE_PERMISSIONS.where(permission_set_table.c.role == role), of=PermissionSet
        ),
    )


def set_role_permissions(
    uow: UnitOfWork, role: Role, permissions: Sequence[str]
) -> RolePermissions:
    """Replace the permissions of a role; people with their own permissions keep those.

    Raises `Forbidden` for a role not below the actor's own or permissions the actor does not have,
    `Invalid`, `RuleViolation` (super_admin), `Conflict`.
    """
    _ensure_can_change_role(uow, role)
    old = get_role_permissions(uow, role)
    validated = validate_permissions(permissions)
    ensure_can_grant(uow, validated, old.permissions)
    values = {"permissions": list(validated), "updated_at": uow.now}
    if not uow.connection.execute(
        update(permission_set_table).where(permission_set_table.c.role == role).values(**values)
    ).rowcount:
        try:
            uow.connection.execute(insert(permission_set_table).values(role=role, **values))
        except ConstraintViolation:
            raise Conflict("Another person changed this role at the same time; try again") from None
    _log_change(uow, role, validated, old.permissions)
    return RolePermissions(role, validated, uow.now)


def reset_role_permissions(uow: UnitOfWork, role: Role) -> RolePermissions:
    """Reset a role to its default permissions. Raises `Forbidden`, `RuleViolation`."""
    _ensure_can_change_role(uow, role)
    old = get_role_permissions(uow, role)
    ensure_can_grant(uow, DEFAULT_ROLE_PERMISSIONS[role], old.permissions)
    uow.connection.execute(delete(permission_set_table).where(permission_set_table.c.role == role))
    _log_change(uow, role, DEFAULT_ROLE_PERMISSIONS[role], old.permissions)
    return RolePermissions(role, sort_permissions(DEFAULT_ROLE_PERMISSIONS[role]))


def validate_permissions(permissions: Iterable[str]) -> tuple[str, ...]:
    """Return the permissions sorted, each once.

    Raises `Invalid` for unknown names and for a permission without the one it requires.
    """
    requested = set(permissions)
    unknown = sorted(requested - PERMISSION_DESCRIPTIONS.keys())
    if unknown:
        raise Invalid(
            "permissions",
            f"must not contain unknown permissions: {to_printable(', '.join(unknown))}",
        )
    for name in sort_permissions(requested):
        required = REQUIRED_PERMISSION.get(name)
        if required and required not in requested:
            raise Invalid("permissions", f"must not contain {name} without {required}")
    return sort_permissions(requested)


def ensure_can_grant(
    uow: UnitOfWork, permissions: Collection[str], already_granted: Collection[str]
) -> None:
    """Raise `Forbidden` unless the actor has every permission that is newly granted."""
    missing = [
        name for name in permissions if name not in already_granted and not uow.actor.can(name)
    ]
    if missing:
        raise Forbidden(f"You cannot grant permissions you do not have: {', '.join(missing)}")


def ensure_can_manage_role(uow: UnitOfWork, role: Role, action: str) -> None:
    """Raise `Forbidden` unless the role is below the actor's, or the same with `manage_admins`."""
    actor = uow.actor
    if role.rank < actor.role.rank:
        return
    if role.rank > actor.role.rank or not actor.can("manage_admins"):
        raise Forbidden(f"You are not allowed to {action} with the role {role}")


def _ensure_can_change_role(uow: UnitOfWork, role: Role) -> None:
    uow.actor.require("manage_people", "change role permissions")
    if role is Role.SUPER_ADMIN:
        raise RuleViolation("A super admin always has all permissions; this role cannot be changed")
    ensure_can_manage_role(uow, role, "change permissions of people")


def _log_change(uow: UnitOfWork, role: Role, new: Collection[str], old: Collection[str]) -> None:
    auth_log().info(
        "role_permissions_changed",
        by=uow.actor.username,
        role=str(role),
        granted=sorted(set(new) - set(old)),
        revoked=sorted(set(old) - set(new)),
    )
    if set(new) != set(old):
        audit_log.record(
            uow,
            AuditKind.PERMISSIONS,
            AuditAction.CHANGED,
            subject_type="role",
            subject_name=str(role),
            field="permissions",
            old=", ".join(sort_permissions(old)),
            new=", ".join(sort_permissions(new)),
        )

"""What a role may here, and what one person may: changed by those who may do so themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from ticket_app.core.people.profiles import effective_permissions
from ticket_app.core.platform.actor import (
    DEFAULT_ROLE_PERMISSIONS,
    PERMISSION_DESCRIPTIONS,
    REQUIRED_PERMISSION,
)
from ticket_app.core.platform.database import UniqueViolation
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    RuleViolation,
    to_printable,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import permission_set_table


@dataclass(frozen=True, slots=True)
class RolePermissions:
    """What a role may here; `changed_at` is None while that is the usual."""

    role: Role
    permissions: tuple[str, ...]
    changed_at: datetime | None = None


_SELECT_ROLE_PERMISSIONS = select(
    permission_set_table.c.role,
    permission_set_table.c.permissions,
    permission_set_table.c.updated_at,
)


def sort_permissions(permissions: Collection[str]) -> tuple[str, ...]:
    """Permissions in the order they are told in everywhere."""
    return tuple(name for name in PERMISSION_DESCRIPTIONS if name in permissions)


def list_role_permissions(uow: UnitOfWork) -> list[RolePermissions]:
    """What each role may here, from user to super_admin. For staff only: raises `Forbidden`."""
    uow.actor.require("view_all_tickets", "see what roles may")
    return load_all_role_permissions(uow)


def load_all_role_permissions(uow: UnitOfWork) -> list[RolePermissions]:
    """What each role may here, for rules that ask; nobody is told."""
    stored: dict[str, Any] = {
        row.role: row for row in uow.connection.execute(_SELECT_ROLE_PERMISSIONS)
    }
    return [_build_role_permissions(role, stored.get(role)) for role in Role]


def _build_role_permissions(role: Role, stored: Any) -> RolePermissions:
    effective = effective_permissions(role, None, stored.permissions if stored else None)
    return RolePermissions(role, sort_permissions(effective), stored.updated_at if stored else None)


def get_role_permissions(uow: UnitOfWork, role: Role) -> RolePermissions:
    """What one role may here."""
    return _build_role_permissions(
        role,
        uow.connection.execute(
            _SELECT_ROLE_PERMISSIONS.where(permission_set_table.c.role == role)
        ).first(),
    )


def set_role_permissions(
    uow: UnitOfWork, role: Role, permissions: Sequence[str]
) -> RolePermissions:
    """Let a role from now on do this and nothing else; whoever has a list of their own keeps it.

    Raises `Forbidden` (for a role that is not below one's own, or what one does not hold oneself),
    `Invalid`, `RuleViolation`, `Conflict`.
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
        except UniqueViolation:
            raise Conflict("Somebody else changes this set right now") from None
    _log_change(uow, role, validated, old.permissions)
    return RolePermissions(role, validated, uow.now)


def reset_role_permissions(uow: UnitOfWork, role: Role) -> RolePermissions:
    """Let a role do the usual again. Raises `Forbidden`, `RuleViolation`."""
    _ensure_can_change_role(uow, role)
    old = get_role_permissions(uow, role)
    ensure_can_grant(uow, DEFAULT_ROLE_PERMISSIONS[role], old.permissions)
    uow.connection.execute(delete(permission_set_table).where(permission_set_table.c.role == role))
    _log_change(uow, role, DEFAULT_ROLE_PERMISSIONS[role], old.permissions)
    return RolePermissions(role, sort_permissions(DEFAULT_ROLE_PERMISSIONS[role]))


def validate_permissions(permissions: Iterable[str]) -> tuple[str, ...]:
    """A set of permissions that makes sense, each once. Raises `Invalid`."""
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
    """Raise `Forbidden` unless the actor holds whatever is there that was not there before."""
    missing = [
        name for name in permissions if name not in already_granted and not uow.actor.can(name)
    ]
    if missing:
        raise Forbidden(f"You do not hold {', '.join(missing)} yourself")


def ensure_can_manage_role(uow: UnitOfWork, role: Role, action: str) -> None:
    """Raise `Forbidden` unless a role is below the actor's, or theirs who may change admins."""
    actor = uow.actor
    if role.rank < actor.role.rank:
        return
    if role.rank > actor.role.rank or not actor.can("manage_admins"):
        raise Forbidden(f"You are not allowed to {action} of role {role}")


def _ensure_can_change_role(uow: UnitOfWork, role: Role) -> None:
    uow.actor.require("manage_people", "change what roles may")
    if role is Role.SUPER_ADMIN:
        raise RuleViolation("A super_admin may everything: this set cannot be changed")
    ensure_can_manage_role(uow, role, "change what people may do that are")


def _log_change(uow: UnitOfWork, role: Role, new: Collection[str], old: Collection[str]) -> None:
    auth_log().info(
        "role_set_changed",
        by=uow.actor.username,
        role=str(role),
        given=sorted(set(new) - set(old)),
        taken=sorted(set(old) - set(new)),
    )

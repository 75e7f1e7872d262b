"""What a role may here, and what one person may: changed by those who may do so themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from ticket_app.core.people.profiles import granted
from ticket_app.core.platform.actor import PERMISSION, PERMISSIONS, RESTS_ON
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, RuleBroken, printable
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import permission_set_table


@dataclass(frozen=True, slots=True)
class RoleSet:
    """What a role may here; `changed_at` is None while that is the usual."""

    role: Role
    permissions: tuple[str, ...]
    changed_at: datetime | None = None


_SETS = select(
    permission_set_table.c.role,
    permission_set_table.c.permissions,
    permission_set_table.c.updated_at,
)


def in_order(permissions: Collection[str]) -> tuple[str, ...]:
    """Permissions in the order they are told in everywhere."""
    return tuple(name for name in PERMISSION if name in permissions)


def role_sets(desk: Desk) -> list[RoleSet]:
    """What each role may here, from user to super_admin. For staff only: raises `Forbidden`."""
    desk.actor.must("view_all_tickets", "see what roles may")
    return every_set(desk)


def every_set(desk: Desk) -> list[RoleSet]:
    """What each role may here, for rules that ask; nobody is told."""
    kept: dict[str, Any] = {row.role: row for row in desk.db.execute(_SETS)}
    return [_set_of(role, kept.get(role)) for role in Role]


def _set_of(role: Role, kept: Any) -> RoleSet:
    held = granted(role, None, kept.permissions if kept else None)
    return RoleSet(role, in_order(held), kept.updated_at if kept else None)


def of_role(desk: Desk, role: Role) -> RoleSet:
    """What one role may here."""
    return _set_of(role, desk.db.execute(_SETS.where(permission_set_table.c.role == role)).first())


def change_role_set(desk: Desk, role: Role, permissions: Sequence[str]) -> RoleSet:
    """Let a role from now on do this and nothing else; whoever has a list of their own keeps it.

    Raises `Forbidden` (for a role that is not below one's own, or what one does not hold oneself),
    `Invalid`, `RuleBroken`, `Conflict`.
    """
    _may_change(desk, role)
    before = of_role(desk, role)
    chosen = checked(permissions)
    check_grant(desk, chosen, before.permissions)
    values = {"permissions": list(chosen), "updated_at": desk.now}
    if not desk.db.execute(
        update(permission_set_table).where(permission_set_table.c.role == role).values(**values)
    ).rowcount:
        try:
            desk.db.execute(insert(permission_set_table).values(role=role, **values))
        except Collision:
            raise Conflict("Somebody else changes this set right now") from None
    _log(desk, role, chosen, before.permissions)
    return RoleSet(role, chosen, desk.now)


def reset_role_set(desk: Desk, role: Role) -> RoleSet:
    """Let a role do the usual again. Raises `Forbidden`, `RuleBroken`."""
    _may_change(desk, role)
    before = of_role(desk, role)
    check_grant(desk, PERMISSIONS[role], before.permissions)
    desk.db.execute(delete(permission_set_table).where(permission_set_table.c.role == role))
    _log(desk, role, PERMISSIONS[role], before.permissions)
    return RoleSet(role, in_order(PERMISSIONS[role]))


def checked(permissions: Iterable[str]) -> tuple[str, ...]:
    """A set of permissions that makes sense, each once. Raises `Invalid`."""
    chosen = set(permissions)
    unknown = sorted(chosen - PERMISSION.keys())
    if unknown:
        raise Invalid(
            "permissions",
            f"must not contain unknown permissions: {printable(', '.join(unknown))}",
        )
    for name in in_order(chosen):
        needed = RESTS_ON.get(name)
        if needed and needed not in chosen:
            raise Invalid("permissions", f"must not contain {name} without {needed}")
    return in_order(chosen)


def check_grant(desk: Desk, permissions: Collection[str], before: Collection[str]) -> None:
    """Raise `Forbidden` unless the actor holds whatever is there that was not there before."""
    beyond = [name for name in permissions if name not in before and not desk.actor.may(name)]
    if beyond:
        raise Forbidden(f"You do not hold {', '.join(beyond)} yourself")


def check_rank(desk: Desk, role: Role, what: str) -> None:
    """Raise `Forbidden` unless a role is below the actor's, or theirs who may change admins."""
    actor = desk.actor
    if role.rank < actor.role.rank:
        return
    if role.rank > actor.role.rank or not actor.may("manage_admins"):
        raise Forbidden(f"You are not allowed to {what} of role {role}")


def _may_change(desk: Desk, role: Role) -> None:
    desk.actor.must("manage_people", "change what roles may")
    if role is Role.SUPER_ADMIN:
        raise RuleBroken("A super_admin may everything: this set cannot be changed")
    check_rank(desk, role, "change what people may do that are")


def _log(desk: Desk, role: Role, chosen: Collection[str], before: Collection[str]) -> None:
    auth_log().info(
        "role_set_changed",
        by=desk.actor.username,
        role=str(role),
        given=sorted(set(chosen) - set(before)),
        taken=sorted(set(before) - set(chosen)),
    )

"""Whom an approval can be asked of: people named, roles, the department's manager."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from ticket_app.core.people import permissions, profiles
from ticket_app.core.platform.actor import PERMISSIONS, Actor
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import department_table, person_table

MOST_NAMED = 50
MOST_ASKED = 100
"""How many one step asks at most; of a larger role, those who have been here longest."""


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who is meant: all of these together."""

    people: tuple[int, ...] = ()
    roles: tuple[Role, ...] = ()
    department_manager: bool = False

    @property
    def names_nobody(self) -> bool:
        """Nobody is meant."""
        return not (self.people or self.roles or self.department_manager)

    def kept(self) -> dict[str, Any]:
        """The form in which tables keep it."""
        return {
            "people": list(self.people),
            "roles": list(self.roles),
            "department_manager": self.department_manager,
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Approvers:
        """What a table keeps."""
        return cls(
            tuple(kept["people"]), tuple(map(Role, kept["roles"])), kept["department_manager"]
        )


MANAGERS = Approvers(roles=(Role.MANAGER,))
ADMINS = Approvers(roles=(Role.ADMIN, Role.SUPER_ADMIN))

_MEANT = (
    select(person_table, profiles.ROLE_PERMISSIONS)
    .where(
        person_table.c.is_active,
        or_(
            person_table.c.id.in_(bindparam("people", expanding=True)),
            person_table.c.role.in_(bindparam("roles", expanding=True)),
        ),
    )
    .order_by(person_table.c.id)
    .limit(MOST_ASKED)
)
_MANAGER = select(department_table.c.manager_id).where(
    department_table.c.id == bindparam("department_id")
)


def may_decide(actor: Actor) -> bool:
    """Whether somebody who is asked may decide: by the permission, or because those of their role
    have it only when they are asked. From whom it was taken, and whose token lacks it, may not.
    """
    if not actor.is_staff:
        return False
    return actor.may("approve_tickets") or not (_has_it_usually(actor.role) or actor.scopes)


def _has_it_usually(role: Role) -> bool:
    return "approve_tickets" in PERMISSIONS[role]


def deciding_roles(desk: Desk) -> list[Role]:
    """The roles whose people may decide here when they are asked, whatever the role is called."""
    return [
        one.role
        for one in permissions.every_set(desk)
        if "view_all_tickets" in one.permissions
        and ("approve_tickets" in one.permissions or not _has_it_usually(one.role))
    ]


def find(
    desk: Desk,
    approvers: Approvers,
    *,
    department_id: int | None,
    besides: Collection[int] = (),
) -> list[Any]:
    """The people meant who are here and may decide, and are not among `besides`."""
    named = set(approvers.people)
    if approvers.department_manager and department_id is not None:
        manager = desk.db.execute(_MANAGER, {"department_id": department_id}).scalar()
        named |= {manager} if manager else set()
    wanted = {"people": sorted(named), "roles": sorted(approvers.roles)}
    return [
        person
        for person in desk.db.execute(_MEANT, wanted)
        if person.id not in besides and may_decide(profiles.actor_of(person))
    ]


def check(desk: Desk, field: str, approvers: Approvers) -> Approvers:
    """The same, each named once. Raises `Invalid` unless all named are here and may decide."""
    named = tuple(dict.fromkeys(approvers.people))
    if len(named) > MOST_NAMED:
        raise Invalid(field, f"must name at most {MOST_NAMED} people")
    if approvers.roles and not set(approvers.roles) <= set(deciding_roles(desk)):
        raise Invalid(field, "must name roles that may approve tickets")
    known = {person.id for person in find(desk, Approvers(named), department_id=None)}
    missing = [person_id for person_id in named if person_id not in known]
    if missing:
        raise Invalid(field, f"must name people who may approve tickets, not {_listed(missing)}")
    return Approvers(named, tuple(dict.fromkeys(approvers.roles)), approvers.department_manager)


def _listed(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids[:5]))

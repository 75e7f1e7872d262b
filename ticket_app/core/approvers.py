"""Whom an approval can be asked of: people named, roles, the department's manager."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, or_, select

from ticket_app.core import people
from ticket_app.core.desk import Desk
from ticket_app.core.errors import Invalid
from ticket_app.core.timeline import P
from ticket_app.core.words import Role
from ticket_app.tables import Department

D: Any = Department.__table__  # type: ignore[attr-defined]
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
    select(P, people.ROLE_PERMISSIONS)
    .where(
        P.c.is_active,
        or_(
            P.c.id.in_(bindparam("people", expanding=True)),
            P.c.role.in_(bindparam("roles", expanding=True)),
        ),
    )
    .order_by(P.c.id)
    .limit(MOST_ASKED)
)
_MANAGER = select(D.c.manager_id).where(D.c.id == bindparam("department_id"))


def find(
    desk: Desk,
    approvers: Approvers,
    *,
    department_id: int | None,
    besides: Collection[int] = (),
) -> list[Any]:
    """The people meant who are here, see every ticket, and are not among `besides`."""
    named = set(approvers.people)
    if approvers.department_manager and department_id is not None:
        manager = desk.db.execute(_MANAGER, {"department_id": department_id}).scalar()
        named |= {manager} if manager else set()
    wanted = {"people": sorted(named), "roles": sorted(approvers.roles)}
    return [
        person
        for person in desk.db.execute(_MEANT, wanted)
        if person.id not in besides and people.actor_of(person).is_staff
    ]


def check(desk: Desk, field: str, approvers: Approvers) -> Approvers:
    """The same, each named once. Raises `Invalid` unless all named are here and see tickets."""
    named = tuple(dict.fromkeys(approvers.people))
    if len(named) > MOST_NAMED:
        raise Invalid(field, f"must name at most {MOST_NAMED} people")
    if Role.USER in approvers.roles:
        raise Invalid(field, "must be people who work here; role user is not")
    known = {person.id for person in find(desk, Approvers(named), department_id=None)}
    missing = [person_id for person_id in named if person_id not in known]
    if missing:
        raise Invalid(field, f"must be people who work here; {_listed(missing)} is not")
    return Approvers(named, tuple(dict.fromkeys(approvers.roles)), approvers.department_manager)


def _listed(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids[:5]))

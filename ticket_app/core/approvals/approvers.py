"""The approvers of a step: people, roles, or the manager of the ticket's department."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from ticket_app.core.people import permissions
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, Actor
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import StoredApprovers, department_table, person_table

MAX_NAMED_PEOPLE = 50
MAX_APPROVERS_PER_STEP = 100
"""The most people that one step asks; of a larger role, those with the oldest accounts."""


@dataclass(frozen=True, slots=True)
class ApproverSelection:
    """Which people to ask: all of these together."""

    person_ids: tuple[int, ...] = ()
    roles: tuple[Role, ...] = ()
    includes_department_manager: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it selects no one."""
        return not (self.person_ids or self.roles or self.includes_department_manager)

    def to_json(self) -> StoredApprovers:
        """Return the form that is stored."""
        return {
            "people": list(self.person_ids),
            "roles": [str(role) for role in self.roles],
            "department_manager": self.includes_department_manager,
        }

    @classmethod
    def from_json(cls, data: StoredApprovers) -> ApproverSelection:
        """Create it from the stored form."""
        return cls(
            tuple(data["people"]), tuple(map(Role, data["roles"])), data["department_manager"]
        )


MANAGERS = ApproverSelection(roles=(Role.MANAGER,))
ADMINS = ApproverSelection(roles=(Role.ADMIN, Role.SUPER_ADMIN))

_SELECT_CANDIDATES = (
    select(person_table, ROLE_PERMISSIONS_COLUMN)
    .where(
        person_table.c.is_active,
        or_(
            person_table.c.id.in_(bindparam("people", expanding=True)),
            person_table.c.role.in_(bindparam("roles", expanding=True)),
        ),
    )
    .order_by(person_table.c.id)
    .limit(MAX_APPROVERS_PER_STEP)
)
_SELECT_MANAGER_ID = select(department_table.c.manager_id).where(
    department_table.c.id == bindparam("department_id")
)


def can_decide_when_asked(actor: Actor) -> bool:
    """Return whether an approver may decide.

    Staff in roles that lack the permission by default may decide when they are asked. People whose
    permission was removed, or whose token does not carry it, may not.
    """
    if not actor.is_staff:
        return False
    return actor.can("approve_tickets") or not (
        _has_permission_by_default(actor.role) or actor.scopes
    )


def _has_permission_by_default(role: Role) -> bool:
    return "approve_tickets" in DEFAULT_ROLE_PERMISSIONS[role]


def list_deciding_roles(uow: UnitOfWork) -> list[Role]:
    """Return the roles whose members may decide when they are asked."""
    return [
        role_permissions.role
        for role_permissions in permissions.load_all_role_permissions(uow)
        if "view_all_tickets" in role_permissions.permissions
        and (
            "approve_tickets" in role_permissions.permissions
            or not _has_permission_by_default(role_permissions.role)
        )
    ]


def find_approvers(
    uow: UnitOfWork,
    selection: ApproverSelection,
    *,
    department_id: int | None,
    excluded_ids: Collection[int] = (),
) -> list[ActorRow]:
    """Return the selected people who are active, may decide and are not excluded."""
    person_ids = set(selection.person_ids)
    if selection.includes_department_manager and department_id is not None:
        manager = uow.connection.execute(
            _SELECT_MANAGER_ID, {"department_id": department_id}
        ).scalar()
        person_ids |= {manager} if manager else set()
    values = {"people": sorted(person_ids), "roles": sorted(selection.roles)}
    return [
        person
        for person in uow.all_rows(_SELECT_CANDIDATES, values, of=ActorRow)
        if person.id not in excluded_ids and can_decide_when_asked(build_actor(person))
    ]


def validate_approvers(
    uow: UnitOfWork, field: str, selection: ApproverSelection
) -> ApproverSelection:
    """Return the selection without duplicates.

    Raises `Invalid` unless everyone selected may decide.
    """
    person_ids = tuple(dict.fromkeys(selection.person_ids))
    if len(person_ids) > MAX_NAMED_PEOPLE:
        raise Invalid(field, f"must name at most {MAX_NAMED_PEOPLE} people")
    if selection.roles and not set(selection.roles) <= set(list_deciding_roles(uow)):
        raise Invalid(field, "must name roles that may approve tickets")
    known_ids = {
        person.id
        for person in find_approvers(uow, ApproverSelection(person_ids), department_id=None)
    }
    missing = [person_id for person_id in person_ids if person_id not in known_ids]
    if missing:
        raise Invalid(
            field, f"must name people who may approve tickets, not {_summarize_ids(missing)}"
        )
    return ApproverSelection(
        person_ids, tuple(dict.fromkeys(selection.roles)), selection.includes_department_manager
    )


def _summarize_ids(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids[:5]))

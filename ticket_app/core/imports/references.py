"""Find the people, departments, teams and companies that imported rows name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy import bindparam, case, or_, select

from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN
from ticket_app.core.people.rows import HasPermissions
from ticket_app.core.people.staff import can_work_tickets
from ticket_app.core.platform.sql_types import AnySelect, Condition
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import company_table, department_table, person_table, team_table

MAX_REMEMBERED = 20_000
"""Names whose people are remembered, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person that a row names."""

    id: int
    full_name: str
    is_staff: bool
    can_be_assigned: bool
    company_id: int | None
    team_id: int | None


class PersonRow(HasPermissions):
    """The columns of a person that a row names."""

    id: int
    full_name: str
    is_active: bool
    company_id: int | None
    team_id: int | None


class NamedRow(Protocol):
    """The columns of a department or team."""

    id: int
    name: str


_SELECT_PERSON = select(
    person_table.c.id,
    person_table.c.full_name,
    person_table.c.role,
    person_table.c.permissions,
    person_table.c.is_active,
    person_table.c.company_id,
    person_table.c.team_id,
    ROLE_PERMISSIONS_COLUMN,
).limit(1)


_SELECT_NAMES: dict[str, AnySelect] = {
    "department": select(department_table.c.id, department_table.c.name),
    "team": select(team_table.c.id, team_table.c.name),
}
_SELECT_COMPANY = (
    select(company_table.c.id)
    .where(
        or_(company_table.c.name_folded == bindparam("name"), company_table.c.id == bindparam("id"))
    )
    .order_by(case((company_table.c.name_folded == bindparam("name"), 0), else_=1))
    .limit(1)
)


class References:
    """Looks names up once for a whole import."""

    def __init__(self) -> None:
        self._people: dict[str, KnownPerson | None] = {}
        self._ids: dict[tuple[str, str], int | None] = {}

    def find_person(self, uow: UnitOfWork, name: str) -> KnownPerson | None:
        """Return the person with this address, username, id or UUID, or None."""
        folded = name.casefold()
        if folded not in self._people:
            if len(self._people) >= MAX_REMEMBERED:
                self._people.clear()
            self._people[folded] = _load_person(uow, folded)
        return self._people[folded]

    def find_id(self, uow: UnitOfWork, kind: str, name: str) -> int | None:
        """Return the id of a department, team or company (`kind`) by its name or id, or None.

        Upper and lower case are the same. A name comes before an id that is written the same way.
        """
        key = kind, name
        if key not in self._ids:
            if len(self._ids) >= MAX_REMEMBERED:
                self._ids.clear()
            find = _find_company if kind == "company" else partial(_find_named, kind=kind)
            self._ids[key] = find(uow, name)
        return self._ids[key]


def _find_company(uow: UnitOfWork, name: str) -> int | None:
    values = {"name": name.casefold(), "id": _as_id(name)}
    return uow.connection.execute(_SELECT_COMPANY, values).scalar()


def _find_named(uow: UnitOfWork, name: str, *, kind: str) -> int | None:
    """Return the id of a department or team; there are few, and their names are kept as written."""
    names = {row.id: row.name for row in uow.all_rows(_SELECT_NAMES[kind], of=NamedRow)}
    folded, row_id = name.casefold(), _as_id(name)
    named = [known_id for known_id in sorted(names) if names[known_id].casefold() == folded]
    # Two names may differ in nothing but their case.
    exact = [known_id for known_id in named if names[known_id] == name]
    return next(iter(exact + named), row_id if row_id in names else None)


def _as_id(name: str) -> int:
    is_id = name.isascii() and name.isdigit() and len(name) < 11 and int(name) <= MAX_ID
    return int(name) if is_id else 0


def _person_condition(folded: str) -> Condition:
    if "@" in folded:
        return person_table.c.email_folded == folded
    try:
        return person_table.c.uuid == UUID(folded)
    except ValueError:
        return or_(person_table.c.username_folded == folded, person_table.c.id == _as_id(folded))


def _load_person(uow: UnitOfWork, folded: str) -> KnownPerson | None:
    by_username_first = case((person_table.c.username_folded == folded, 0), else_=1)
    statement = _SELECT_PERSON.where(_person_condition(folded)).order_by(by_username_first)
    row = uow.first_row(statement, of=PersonRow)
    if row is None:
        return None
    is_staff = can_work_tickets(row)
    return KnownPerson(
        row.id, row.full_name, is_staff, is_staff and row.is_active, row.company_id, row.team_id
    )

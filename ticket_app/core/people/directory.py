"""The address book, as staff looks things up in it: people, companies, departments, teams."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from ticket_app.core.platform.text import beginning_with
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import (
    company_table,
    department_table,
    person_table,
    team_table,
)

MOST = 20
"""Entries a menu shows; more are found by typing."""


def _begins(column: Any) -> Any:
    return column.like(bindparam("beginning"), escape="\\")


_NAME = func.lower(person_table.c.full_name)
_PEOPLE = (
    select(
        person_table.c.id,
        person_table.c.username,
        person_table.c.full_name,
        person_table.c.email,
        person_table.c.role,
        person_table.c.company_id,
    )
    .where(
        person_table.c.is_active,
        or_(
            _begins(person_table.c.username_folded),
            _begins(person_table.c.email_folded),
            _begins(_NAME),
            _begins(func.lower(person_table.c.last_name)),
        ),
    )
    .order_by(person_table.c.full_name, person_table.c.id)
    .limit(bindparam("most"))
)
_COMPANIES = (
    select(company_table.c.id, company_table.c.name)
    .where(_begins(company_table.c.name_folded))
    .order_by(company_table.c.name_folded)
    .limit(bindparam("most"))
)
_COMPANY = select(company_table.c.id, company_table.c.name).where(
    company_table.c.id == bindparam("wanted")
)
_PERSON = (
    select(
        person_table.c.id,
        person_table.c.full_name,
        person_table.c.email,
        person_table.c.company_id,
        company_table.c.name.label("company_name"),
    )
    .select_from(
        person_table.outerjoin(company_table, company_table.c.id == person_table.c.company_id)
    )
    .where(person_table.c.id == bindparam("wanted"))
)
_CALLED = select(person_table.c.id, person_table.c.username, person_table.c.full_name).where(
    person_table.c.username_folded == bindparam("username")
)
_NAMES = select(person_table.c.id, person_table.c.full_name).where(
    person_table.c.id.in_(bindparam("ids", expanding=True))
)
_NAMED_AT_ONCE = 1_000
_DEPARTMENTS = select(department_table.c.id, department_table.c.name).order_by(
    department_table.c.name
)
_TEAMS = select(team_table.c.id, team_table.c.name).order_by(team_table.c.name)


def _looked_up(desk: Desk, statement: Any, **values: Any) -> Sequence[Any]:
    desk.actor.must("work_tickets", "look through the address book")
    return desk.db.execute(statement, values).all()


def people(desk: Desk, beginning: str, most: int = MOST) -> Sequence[Any]:
    """Active people whose name, last name, username or address begins so. Raises `Forbidden`."""
    return _looked_up(desk, _PEOPLE, beginning=beginning_with(beginning), most=most)


def person(desk: Desk, person_id: int) -> Any:
    """One person with the name of their company, or None. Raises `Forbidden`."""
    return next(iter(_looked_up(desk, _PERSON, wanted=person_id)), None)


def person_called(desk: Desk, username: str) -> Any:
    """The person with that username, also one who is inactive, or None. Raises `Forbidden`."""
    return next(iter(_looked_up(desk, _CALLED, username=username.casefold())), None)


def names(desk: Desk, ids: Iterable[int]) -> dict[int, str]:
    """The names of these people, also of those who left, by id. Raises `Forbidden`."""
    wanted = sorted(set(ids))
    return {
        row.id: row.full_name
        for first in range(0, len(wanted), _NAMED_AT_ONCE)
        for row in _looked_up(desk, _NAMES, ids=wanted[first : first + _NAMED_AT_ONCE])
    }


def companies(desk: Desk, beginning: str, most: int = MOST) -> Sequence[Any]:
    """Companies whose name begins so. For staff only: raises `Forbidden`."""
    return _looked_up(desk, _COMPANIES, beginning=beginning_with(beginning), most=most)


def company(desk: Desk, company_id: int) -> Any:
    """One company's id and name, or None. For staff only: raises `Forbidden`."""
    return next(iter(_looked_up(desk, _COMPANY, wanted=company_id)), None)


def departments(desk: Desk) -> Sequence[Any]:
    """All departments, by name. For staff only: raises `Forbidden`."""
    return _looked_up(desk, _DEPARTMENTS)


def teams(desk: Desk) -> Sequence[Any]:
    """All teams, by name. For staff only: raises `Forbidden`."""
    return _looked_up(desk, _TEAMS)

"""The user directory for staff: find people, companies, departments and teams by prefix or id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Executable, bindparam, func, or_, select

from ticket_app.core.people.rows import (
    NamedRow,
    PersonNameRow,
    PersonSuggestionRow,
    PersonWithCompanyRow,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import like_prefix_pattern
from ticket_app.tables import (
    company_table,
    department_table,
    person_table,
    team_table,
)

RowT = TypeVar("RowT")

MAX_SUGGESTIONS = 20
"""How many suggestions a menu shows at once."""


def _starts_with(column: ColumnElement[str]) -> ColumnElement[bool]:
    return column.like(bindparam("prefix"), escape="\\")


_FULL_NAME_LOWER = func.lower(person_table.c.full_name)
_SEARCH_PEOPLE = (
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
            _starts_with(person_table.c.username_folded),
            _starts_with(person_table.c.email_folded),
            _starts_with(_FULL_NAME_LOWER),
            _starts_with(func.lower(person_table.c.last_name)),
        ),
    )
    .order_by(person_table.c.full_name, person_table.c.id)
    .limit(bindparam("limit"))
)
_SEARCH_COMPANIES = (
    select(company_table.c.id, company_table.c.name)
    .where(_starts_with(company_table.c.name_folded))
    .order_by(company_table.c.name_folded)
    .limit(bindparam("limit"))
)
_SELECT_COMPANY = select(company_table.c.id, company_table.c.name).where(
    company_table.c.id == bindparam("wanted")
)
_SELECT_PERSON = (
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
_SELECT_PERSON_BY_USERNAME = select(
    person_table.c.id, person_table.c.username, person_table.c.full_name
).where(person_table.c.username_folded == bindparam("username"))
_SELECT_NAMES = select(person_table.c.id, person_table.c.username, person_table.c.full_name).where(
    person_table.c.id.in_(bindparam("ids", expanding=True))
)
_NAMES_BATCH_SIZE = 1_000
_SELECT_DEPARTMENTS = select(department_table.c.id, department_table.c.name).order_by(
    department_table.c.name
)
_SELECT_TEAMS = select(team_table.c.id, team_table.c.name).order_by(team_table.c.name)


def _execute_for_staff(
    uow: UnitOfWork, statement: Executable, *, of: type[RowT], **values: object
) -> Sequence[RowT]:
    uow.actor.require("work_tickets", "search the user directory")
    return uow.all_rows(statement, values, of=of)


def search_people(
    uow: UnitOfWork, prefix: str, limit: int = MAX_SUGGESTIONS
) -> Sequence[PersonSuggestionRow]:
    """Return active people whose full or last name, username or email starts with the prefix.

    Returns at most `limit` people. Raises `Forbidden`.
    """
    return _execute_for_staff(
        uow, _SEARCH_PEOPLE, of=PersonSuggestionRow, prefix=like_prefix_pattern(prefix), limit=limit
    )


def find_person(uow: UnitOfWork, person_id: int) -> PersonWithCompanyRow | None:
    """Return a person with the name of their company, or None. Raises `Forbidden`."""
    return next(
        iter(_execute_for_staff(uow, _SELECT_PERSON, of=PersonWithCompanyRow, wanted=person_id)),
        None,
    )


def find_person_by_username(uow: UnitOfWork, username: str) -> PersonNameRow | None:
    """Return the person with this username, active or not, or None. Raises `Forbidden`."""
    return next(
        iter(
            _execute_for_staff(
                uow, _SELECT_PERSON_BY_USERNAME, of=PersonNameRow, username=username.casefold()
            )
        ),
        None,
    )


def get_names(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """Return the full names of people by id, inactive ones included. Raises `Forbidden`."""
    sorted_ids = sorted(set(ids))
    return {
        row.id: row.full_name
        for start in range(0, len(sorted_ids), _NAMES_BATCH_SIZE)
        for row in _execute_for_staff(
            uow, _SELECT_NAMES, of=PersonNameRow, ids=sorted_ids[start : start + _NAMES_BATCH_SIZE]
        )
    }


def search_companies(
    uow: UnitOfWork, prefix: str, limit: int = MAX_SUGGESTIONS
) -> Sequence[NamedRow]:
    """Return up to `limit` companies whose name starts with the prefix. Raises `Forbidden`."""
    return _execute_for_staff(
        uow, _SEARCH_COMPANIES, of=NamedRow, prefix=like_prefix_pattern(prefix), limit=limit
    )


def find_company(uow: UnitOfWork, company_id: int) -> NamedRow | None:
    """Return the id and name of a company, or None. Raises `Forbidden`."""
    return next(
        iter(_execute_for_staff(uow, _SELECT_COMPANY, of=NamedRow, wanted=company_id)), None
    )


def list_departments(uow: UnitOfWork) -> Sequence[NamedRow]:
    """Return all departments by name. Raises `Forbidden`."""
    return _execute_for_staff(uow, _SELECT_DEPARTMENTS, of=NamedRow)


def list_teams(uow: UnitOfWork) -> Sequence[NamedRow]:
    """Return all teams by name. Raises `Forbidden`."""
    return _execute_for_staff(uow, _SELECT_TEAMS, of=NamedRow)

"""The address book, as staff looks things up in it: people, companies, departments, teams."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from ticket_app.core.desk import Desk
from ticket_app.core.text import beginning_with
from ticket_app.core.timeline import P
from ticket_app.tables import Company, Department, Team

CO: Any = Company.__table__  # type: ignore[attr-defined]
DE: Any = Department.__table__  # type: ignore[attr-defined]
TE: Any = Team.__table__  # type: ignore[attr-defined]
MOST = 20
"""Entries a menu shows; more are found by typing."""


def _begins(column: Any) -> Any:
    return column.like(bindparam("beginning"), escape="\\")


_NAME = func.lower(P.c.full_name)
_PEOPLE = (
    select(P.c.id, P.c.username, P.c.full_name, P.c.email, P.c.role, P.c.company_id)
    .where(
        P.c.is_active,
        or_(
            _begins(P.c.username_folded),
            _begins(P.c.email_folded),
            _begins(_NAME),
            _begins(func.lower(P.c.last_name)),
        ),
    )
    .order_by(P.c.full_name, P.c.id)
    .limit(bindparam("most"))
)
_COMPANIES = (
    select(CO.c.id, CO.c.name)
    .where(_begins(CO.c.name_folded))
    .order_by(CO.c.name_folded)
    .limit(bindparam("most"))
)
_COMPANY = select(CO.c.id, CO.c.name).where(CO.c.id == bindparam("wanted"))
_PERSON = (
    select(P.c.id, P.c.full_name, P.c.email, P.c.company_id, CO.c.name.label("company_name"))
    .select_from(P.outerjoin(CO, CO.c.id == P.c.company_id))
    .where(P.c.id == bindparam("wanted"))
)
_CALLED = select(P.c.id, P.c.username, P.c.full_name).where(
    P.c.username_folded == bindparam("username")
)
_NAMES = select(P.c.id, P.c.full_name).where(P.c.id.in_(bindparam("ids", expanding=True)))
_NAMED_AT_ONCE = 1_000
_DEPARTMENTS = select(DE.c.id, DE.c.name).order_by(DE.c.name)
_TEAMS = select(TE.c.id, TE.c.name).order_by(TE.c.name)


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

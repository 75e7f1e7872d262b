"""The availability of agents: active, away or offline, now or at a later time.

Routing rules give no tickets to somebody who is away or offline (`core.tickets.routing`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, or_, select

from ticket_app.core.people.rows import AbsenceRow
from ticket_app.core.platform.errors import Invalid, NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AgentState
from ticket_app.tables import absence_table, person_table

MAX_AHEAD: Final = timedelta(days=2 * 366)
MAX_ABSENCES: Final = 50
"""How many present and later absences a person may have."""

_IS_NOT_OVER = or_(absence_table.c.ends_at.is_(None), absence_table.c.ends_at > bindparam("now"))
_IS_CURRENT = (absence_table.c.starts_at <= bindparam("now"), _IS_NOT_OVER)
IS_ABSENT: Final[ColumnElement[bool]] = exists().where(
    absence_table.c.person_id == person_table.c.id, *_IS_CURRENT
)
"""The condition for people who are away or offline at `now`; over `person`."""
_SELECT_CURRENT = (
    select(absence_table)
    .where(absence_table.c.person_id.in_(bindparam("person_ids", expanding=True)), *_IS_CURRENT)
    .order_by(absence_table.c.ends_at.is_(None), absence_table.c.ends_at, absence_table.c.id)
)
_SELECT_OWN = (
    select(absence_table)
    .where(absence_table.c.person_id == bindparam("me"), _IS_NOT_OVER)
    .order_by(absence_table.c.starts_at, absence_table.c.id)
    .limit(MAX_ABSENCES)
)
_COUNT_OWN = select(func.count()).where(absence_table.c.person_id == bindparam("me"), _IS_NOT_OVER)
_DELETE_CURRENT = delete(absence_table).where(
    absence_table.c.person_id == bindparam("me"), *_IS_CURRENT
)
_DELETE_OVER = delete(absence_table).where(
    absence_table.c.person_id == bindparam("me"), absence_table.c.ends_at <= bindparam("now")
)
_DELETE_OWN = delete(absence_table).where(
    absence_table.c.person_id == bindparam("me"), absence_table.c.id == bindparam("absence_id")
)


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a person works now, and until when they do not; `until` is None if that is open."""

    state: AgentState
    until: datetime | None = None


ACTIVE: Final = Availability(AgentState.ACTIVE)


def set_own_state(uow: UnitOfWork, state: AgentState, until: datetime | None = None) -> None:
    """Make the actor active, or away or offline from now on, until a moment or without an end.

    Replaces what holds now; absences planned for later stay. Raises `Forbidden`, `Invalid`.
    """
    uow.actor.require("work_tickets", "set their availability")
    uow.connection.execute(_DELETE_CURRENT, {"me": uow.actor.id, "now": uow.now})
    if state is not AgentState.ACTIVE:
        _add(uow, state, uow.now, until)


def plan_absence(
    uow: UnitOfWork, state: AgentState, starts_at: datetime, ends_at: datetime
) -> None:
    """Make the actor away or offline for a time to come.

    Raises `Forbidden`, `Invalid`, and `RuleViolation` beyond `MAX_ABSENCES`.
    """
    uow.actor.require("work_tickets", "set their availability")
    if state is AgentState.ACTIVE:
        raise Invalid("state", "must be away or offline")
    if starts_at <= uow.now:
        raise Invalid("starts_at", "must be in the future")
    _add(uow, state, starts_at, ends_at)


def _add(uow: UnitOfWork, state: AgentState, starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid("ends_at", "must be after the start")
    if max(starts_at, ends_at or starts_at) > uow.now + MAX_AHEAD:
        raise Invalid("ends_at", "must be within two years")
    own = {"me": uow.actor.id, "now": uow.now}
    uow.connection.execute(_DELETE_OVER, own)
    if uow.connection.execute(_COUNT_OWN, own).scalar_one() >= MAX_ABSENCES:
        raise RuleViolation(f"You can plan at most {MAX_ABSENCES} absences")
    uow.connection.execute(
        insert(absence_table),
        {
            "person_id": uow.actor.id,
            "state": state,
            "starts_at": starts_at,
            "ends_at": ends_at,
        },
    )


def cancel_absence(uow: UnitOfWork, absence_id: int) -> None:
    """Delete an absence of the actor. Raises `NotFound`."""
    values = {"me": uow.actor.id, "absence_id": absence_id}
    if not uow.connection.execute(_DELETE_OWN, values).rowcount:
        raise NotFound("Absence")


def list_own_absences(uow: UnitOfWork) -> Sequence[AbsenceRow]:
    """Return the actor's present and later absences, soonest first, at most `MAX_ABSENCES`."""
    return uow.all_rows(_SELECT_OWN, {"me": uow.actor.id, "now": uow.now}, of=AbsenceRow)


def find_availability(uow: UnitOfWork, person_ids: Collection[int]) -> dict[int, Availability]:
    """Return the availability of the people who are away or offline now, by their id.

    Of several absences at once the one that ends last counts.
    """
    if not person_ids:
        return {}
    values = {"person_ids": list(person_ids), "now": uow.now}
    return {
        row.person_id: Availability(AgentState(row.state), row.ends_at)
        for row in uow.all_rows(_SELECT_CURRENT, values, of=AbsenceRow)
    }

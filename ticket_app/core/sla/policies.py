"""What is promised, set up by admins: policies that name targets and the tickets they are for.

A ticket takes the first active policy, by rank, whose conditions it meets; the more particular a
policy is, the lower its rank should be. What is changed holds for promises made from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select

from ticket_app.core.platform import named_rows
from ticket_app.core.platform.errors import Invalid, NotFound, does_not_exist
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.sla.business_time import AROUND_THE_CLOCK, Calendar
from ticket_app.core.sla.calendars import hours, may_look, may_set_up
from ticket_app.tables import (
    business_calendar_table,
    company_table,
    service_policy_table,
    ticket_table,
)

LONGEST_TARGET = 366 * 24 * 60
USUAL_RANK = 100
LARGEST_RANK = 1_000_000
USUAL_WARNING = 75


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy promises: how soon, in which hours, and when to warn of the end."""

    policy_id: int
    respond: timedelta | None
    resolve: timedelta | None
    warn_percent: int | None
    calendar: Calendar


_CALENDAR = (
    business_calendar_table.c.zone,
    business_calendar_table.c.week,
    business_calendar_table.c.country,
    business_calendar_table.c.subdivision,
    business_calendar_table.c.closed_on,
)
_TERMS = select(
    service_policy_table.c.id,
    service_policy_table.c.respond_minutes,
    service_policy_table.c.resolve_minutes,
    service_policy_table.c.warn_percent,
    *_CALENDAR,
).select_from(
    service_policy_table.outerjoin(
        business_calendar_table, business_calendar_table.c.id == service_policy_table.c.calendar_id
    )
)
_MATCHING = (
    _TERMS.add_columns(service_policy_table.c.priorities, service_policy_table.c.kinds)
    .where(
        service_policy_table.c.is_active,
        or_(
            service_policy_table.c.company_id.is_(None),
            service_policy_table.c.company_id == bindparam("company_id"),
        ),
    )
    .order_by(service_policy_table.c.rank, service_policy_table.c.id)
)
_OF_POLICY = _TERMS.where(service_policy_table.c.id == bindparam("policy_id"))


def match(desk: Desk, *, priority: str, kind: str, company_id: int | None) -> Terms | None:
    """What is promised to a ticket of this sort; None if nothing is."""
    for row in desk.db.execute(_MATCHING, {"company_id": company_id or 0}):
        fits = (not row.priorities or priority in row.priorities) and (
            not row.kinds or kind in row.kinds
        )
        if fits:
            return _terms(row)
    return None


def terms(desk: Desk, policy_id: int) -> Terms:
    """What one policy promises now."""
    return _terms(desk.db.execute(_OF_POLICY, {"policy_id": policy_id}).one())


def _terms(row: Any) -> Terms:
    return Terms(
        row.id,
        _minutes(row.respond_minutes),
        _minutes(row.resolve_minutes),
        row.warn_percent,
        hours(row) if row.zone else AROUND_THE_CLOCK,
    )


def _minutes(told: int | None) -> timedelta | None:
    return None if told is None else timedelta(minutes=told)


def _target(field: str, minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= LONGEST_TARGET:
        raise Invalid(field, f"must be from 1 to {LONGEST_TARGET:,} minutes")
    return minutes


def _rank(field: str, rank: int) -> int:
    if not 0 <= rank <= LARGEST_RANK:
        raise Invalid(field, f"must be from 0 to {LARGEST_RANK:,}")
    return rank


def _percent(field: str, percent: int | None) -> int | None:
    if percent is not None and not 1 <= percent <= 99:
        raise Invalid(field, "must be from 1 to 99, or nothing")
    return percent


POLICY_CHECKS: named_rows.Checks = {
    "name": named_rows.name,
    "rank": _rank,
    "priorities": lambda _field, words: [word for word in Priority if word in set(words)],
    "kinds": lambda _field, words: [word for word in Kind if word in set(words)],
    "company_id": named_rows.as_told,
    "respond_minutes": _target,
    "resolve_minutes": _target,
    "calendar_id": named_rows.as_told,
    "warn_percent": _percent,
    "is_active": named_rows.as_told,
}
"""What may be written into a policy, by name."""

_POLICIES = select(
    service_policy_table,
    business_calendar_table.c.name.label("calendar_name"),
    company_table.c.name.label("company_name"),
).select_from(
    service_policy_table.outerjoin(
        business_calendar_table, business_calendar_table.c.id == service_policy_table.c.calendar_id
    ).outerjoin(company_table, company_table.c.id == service_policy_table.c.company_id)
)


def policies(desk: Desk) -> Sequence[Any]:
    """Every policy in the order they are tried. Raises `Forbidden`."""
    may_look(desk)
    return desk.db.execute(
        _POLICIES.order_by(service_policy_table.c.rank, service_policy_table.c.id)
    ).all()


def policy(desk: Desk, policy_id: int) -> Any:
    """One policy with the names of its calendar and company. Raises `Forbidden`, `NotFound`."""
    may_look(desk)
    row = desk.db.execute(_POLICIES.where(service_policy_table.c.id == policy_id)).first()
    if row is None:
        raise NotFound("Service level")
    return row


def add_policy(desk: Desk, name: str, **more: Any) -> Any:
    """Promise something from now on; returns the policy's row.

    `more` names fields of `POLICY_CHECKS`; conditions left out or empty mean any, a calendar left
    out is the default one, `calendar_id=None` counts around the clock. Raises `Forbidden`,
    `Invalid`, `Conflict` (the name), `RuleBroken` (too many).
    """
    may_set_up(desk)
    named_rows.has_room(desk, service_policy_table, "policies")
    usual = {
        "rank": USUAL_RANK,
        "priorities": (),
        "kinds": (),
        "company_id": None,
        "respond_minutes": None,
        "resolve_minutes": None,
        "warn_percent": USUAL_WARNING,
        "is_active": True,
    }
    if "calendar_id" not in more:
        default = select(business_calendar_table.c.id).where(business_calendar_table.c.is_default)
        usual["calendar_id"] = desk.db.execute(default).scalar()
    values = named_rows.checked(POLICY_CHECKS, {**usual, "name": name, **more})
    _promises_something(desk, values)
    return policy(desk, named_rows.keep(desk, service_policy_table, "policy", values))


def change_policy(desk: Desk, policy_id: int, changes: Mapping[str, Any]) -> Any:
    """Change fields of a policy, for promises made from now on; returns its row.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    may_set_up(desk)
    known = policy(desk, policy_id)
    values = named_rows.checked(POLICY_CHECKS, changes)
    _promises_something(desk, {**known._asdict(), **values})
    named_rows.keep(desk, service_policy_table, "policy", values, policy_id)
    return policy(desk, policy_id)


def remove_policy(desk: Desk, policy_id: int) -> None:
    """Forget a policy under which nothing was promised.

    Raises `Forbidden`, `NotFound`, `Conflict` (tickets go by it; it can be made inactive).
    """
    may_set_up(desk)
    policy(desk, policy_id)
    named_rows.remove(
        desk,
        service_policy_table,
        policy_id,
        used_by=ticket_table.c.sla_policy_id,
        why="Tickets go by this policy; make it inactive instead",
    )


def _promises_something(desk: Desk, values: Mapping[str, Any]) -> None:
    if values["respond_minutes"] is None and values["resolve_minutes"] is None:
        raise Invalid("resolution_minutes", "is required where no first response is promised")
    for field, table in (("company_id", company_table), ("calendar_id", business_calendar_table)):
        chosen = values[field]
        known = select(table.c.id).where(table.c.id == chosen)
        if chosen is not None and desk.db.execute(known).first() is None:
            raise Invalid(field, does_not_exist(chosen))

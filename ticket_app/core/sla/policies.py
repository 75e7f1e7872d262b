"""SLA policies, which admins configure: their targets and the tickets they apply to.

A ticket gets the first active policy, by rank, whose conditions it matches; a more specific policy
should have a lower rank. A changed policy affects only SLA targets that are set afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, or_, select

from ticket_app.core.platform import named_rows, usage
from ticket_app.core.platform.errors import Invalid, NotFound, does_not_exist
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.usage import ReferencingColumn
from ticket_app.core.platform.vocabulary import Kind, Priority, SlaAlertGroup
from ticket_app.core.sla.business_time import AROUND_THE_CLOCK, Calendar
from ticket_app.core.sla.calendars import calendar_from_row, ensure_can_configure, ensure_can_view
from ticket_app.core.sla.rows import CalendarHoursRow, SlaPolicyRow
from ticket_app.tables import (
    business_calendar_table,
    company_table,
    sla_policy_table,
    ticket_table,
)

MAX_TARGET_MINUTES = 366 * 24 * 60
DEFAULT_RANK = 100
MAX_RANK = 1_000_000
DEFAULT_WARN_PERCENT = 75


@dataclass(frozen=True, slots=True)
class AppliedPolicy:
    """The targets of a policy, the calendar they are counted in, and when to warn."""

    policy_id: int
    first_response_time: timedelta | None
    resolution_time: timedelta | None
    warn_percent: int | None
    calendar: Calendar


class _AppliedPolicyRow(CalendarHoursRow):
    """The targets of a policy; without a calendar, `zone` is None."""

    id: int
    respond_minutes: int | None
    resolve_minutes: int | None
    warn_percent: int | None


class _CandidatePolicyRow(_AppliedPolicyRow):
    """A policy with its conditions."""

    priorities: list[str]
    kinds: list[str]


_CALENDAR_COLUMNS = (
    business_calendar_table.c.zone,
    business_calendar_table.c.week,
    business_calendar_table.c.country,
    business_calendar_table.c.subdivision,
    business_calendar_table.c.closed_on,
)
_SELECT_APPLIED_POLICY = select(
    sla_policy_table.c.id,
    sla_policy_table.c.respond_minutes,
    sla_policy_table.c.resolve_minutes,
    sla_policy_table.c.warn_percent,
    *_CALENDAR_COLUMNS,
).select_from(
    sla_policy_table.outerjoin(
        business_calendar_table, business_calendar_table.c.id == sla_policy_table.c.calendar_id
    )
)
_SELECT_CANDIDATE_POLICIES = (
    _SELECT_APPLIED_POLICY.add_columns(sla_policy_table.c.priorities, sla_policy_table.c.kinds)
    .where(
        sla_policy_table.c.is_active,
        or_(
            sla_policy_table.c.company_id.is_(None),
            sla_policy_table.c.company_id == bindparam("company_id"),
        ),
    )
    .order_by(sla_policy_table.c.rank, sla_policy_table.c.id)
)
_SELECT_APPLIED_POLICY_BY_ID = _SELECT_APPLIED_POLICY.where(
    sla_policy_table.c.id == bindparam("policy_id")
)


def find_matching_policy(
    uow: UnitOfWork, *, priority: str, kind: str, company_id: int | None
) -> AppliedPolicy | None:
    """Return the policy for a ticket with these properties, or None."""
    values = {"company_id": company_id or 0}
    for row in uow.all_rows(_SELECT_CANDIDATE_POLICIES, values, of=_CandidatePolicyRow):
        is_match = (not row.priorities or priority in row.priorities) and (
            not row.kinds or kind in row.kinds
        )
        if is_match:
            return _applied_policy_from_row(row)
    return None


def get_applied_policy(uow: UnitOfWork, policy_id: int) -> AppliedPolicy:
    """Return the current targets of one policy."""
    values = {"policy_id": policy_id}
    row = uow.one_row(_SELECT_APPLIED_POLICY_BY_ID, values, of=_AppliedPolicyRow)
    return _applied_policy_from_row(row)


def _applied_policy_from_row(row: _AppliedPolicyRow) -> AppliedPolicy:
    return AppliedPolicy(
        row.id,
        _to_timedelta(row.respond_minutes),
        _to_timedelta(row.resolve_minutes),
        row.warn_percent,
        calendar_from_row(row) if row.zone else AROUND_THE_CLOCK,
    )


def _to_timedelta(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


def _validate_minutes(field: str, minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= MAX_TARGET_MINUTES:
        raise Invalid(field, f"must be from 1 to {MAX_TARGET_MINUTES:,} minutes")
    return minutes


def _validate_rank(field: str, rank: int) -> int:
    if not 0 <= rank <= MAX_RANK:
        raise Invalid(field, f"must be from 0 to {MAX_RANK:,}")
    return rank


def _validate_percent(field: str, percent: int | None) -> int | None:
    if percent is not None and not 1 <= percent <= 99:
        raise Invalid(field, "must be from 1 to 99, or empty")
    return percent


POLICY_VALIDATORS: named_rows.FieldValidators = {
    "name": named_rows.validate_name,
    "rank": _validate_rank,
    "priorities": lambda _field, words: [word for word in Priority if word in set(words)],
    "kinds": lambda _field, words: [word for word in Kind if word in set(words)],
    "company_id": named_rows.accept_any,
    "respond_minutes": _validate_minutes,
    "resolve_minutes": _validate_minutes,
    "calendar_id": named_rows.accept_any,
    "warn_percent": _validate_percent,
    "alert_groups": lambda _field, words: [word for word in SlaAlertGroup if word in set(words)],
    "is_active": named_rows.accept_any,
}
"""The writable fields of a policy with their validators."""

_SELECT_POLICIES = select(
    sla_policy_table,
    business_calendar_table.c.name.label("calendar_name"),
    company_table.c.name.label("company_name"),
).select_from(
    sla_policy_table.outerjoin(
        business_calendar_table, business_calendar_table.c.id == sla_policy_table.c.calendar_id
    ).outerjoin(company_table, company_table.c.id == sla_policy_table.c.company_id)
)


def list_policies(uow: UnitOfWork) -> Sequence[SlaPolicyRow]:
    """Return all policies by rank. Raises `Forbidden`."""
    ensure_can_view(uow)
    statement = _SELECT_POLICIES.order_by(sla_policy_table.c.rank, sla_policy_table.c.id)
    return uow.all_rows(statement, of=SlaPolicyRow)


def get_policy(uow: UnitOfWork, policy_id: int) -> SlaPolicyRow:
    """Return a policy with the names of its calendar and company.

    Raises `Forbidden`, `NotFound`.
    """
    ensure_can_view(uow)
    statement = _SELECT_POLICIES.where(sla_policy_table.c.id == policy_id)
    row = uow.first_row(statement, of=SlaPolicyRow)
    if row is None:
        raise NotFound("Service level")
    return row


def create_policy(uow: UnitOfWork, name: str, **fields: object) -> SlaPolicyRow:
    """Create a policy and return its row.

    `fields` are those of `POLICY_VALIDATORS`. Omitted or empty conditions match any ticket; without
    `calendar_id` the default calendar is used, and `calendar_id=None` counts around the clock.
    Raises `Forbidden`, `Invalid`, `Conflict` (name taken), `RuleViolation` (too many).
    """
    ensure_can_configure(uow)
    named_rows.ensure_below_limit(uow, sla_policy_table, "policies")
    defaults = {
        "rank": DEFAULT_RANK,
        "priorities": (),
        "kinds": (),
        "company_id": None,
        "respond_minutes": None,
        "resolve_minutes": None,
        "warn_percent": DEFAULT_WARN_PERCENT,
        "alert_groups": (),
        "is_active": True,
    }
    if "calendar_id" not in fields:
        default = select(business_calendar_table.c.id).where(business_calendar_table.c.is_default)
        defaults["calendar_id"] = uow.connection.execute(default).scalar()
    values = named_rows.validate(POLICY_VALIDATORS, {**defaults, "name": name, **fields})
    _ensure_targets_and_references(uow, values)
    return get_policy(uow, named_rows.save(uow, sla_policy_table, "policy", values))


def update_policy(uow: UnitOfWork, policy_id: int, changes: Mapping[str, object]) -> SlaPolicyRow:
    """Change fields of a policy and return its row; existing SLA targets keep their times.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    ensure_can_configure(uow)
    old_row = get_policy(uow, policy_id)
    values = named_rows.validate(POLICY_VALIDATORS, changes)
    _ensure_targets_and_references(
        uow, {**{name: getattr(old_row, name) for name in POLICY_VALIDATORS}, **values}
    )
    named_rows.save(uow, sla_policy_table, "policy", values, policy_id)
    return get_policy(uow, policy_id)


def delete_policy(uow: UnitOfWork, policy_id: int) -> None:
    """Delete a policy. Raises `Forbidden`, `NotFound`, `Conflict` if tickets use it."""
    ensure_can_configure(uow)
    get_policy(uow, policy_id)
    usage.delete_unused(
        uow,
        sla_policy_table,
        policy_id,
        "policy",
        [ReferencingColumn("ticket", "tickets", ticket_table.c.sla_policy_id)],
        advice="; deactivate it instead",
    )


def _ensure_targets_and_references(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    if values["respond_minutes"] is None and values["resolve_minutes"] is None:
        raise Invalid("resolve_minutes", "is required if the policy has no first response target")
    for field, table in (("company_id", company_table), ("calendar_id", business_calendar_table)):
        reference_id = values[field]
        statement = select(table.c.id).where(table.c.id == reference_id)
        if reference_id is not None and uow.connection.execute(statement).first() is None:
            raise Invalid(field, does_not_exist(reference_id))

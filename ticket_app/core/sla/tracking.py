"""SLA targets of tickets: set them, pause and resume their clock, and detect breaches.

The clock runs while a ticket is open, pauses while it is waiting or in the trash, and stops when it
is done; a reopened ticket continues with the remaining time. A breached target stays breached.
When a *due date* is overdue is decided in `core.platform.ticket_status`.
(specs/enterprise: `sla_breach_time`, `sla_compliance`)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import select as select_rows

from ticket_app.core.platform.ticket_status import is_done, is_open
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import IMPORT_CHANNEL, EntryKind, Status
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla.alerts import BREACHED, WARNED, record_and_notify
from ticket_app.core.sla.compliance import ComplianceRate, ComplianceReport, measure_compliance
from ticket_app.core.sla.policies import AppliedPolicy
from ticket_app.core.sla.targets import (
    FIRST_RESPONSE,
    TARGET_KINDS,
    SlaTarget,
    TargetKind,
    TargetState,
    TicketSla,
    get_ticket_sla,
)
from ticket_app.tables import Ticket, entry_table, ticket_table

__all__ = [
    "ComplianceRate",
    "ComplianceReport",
    "SlaTarget",
    "TargetState",
    "TicketSla",
    "check_due_targets",
    "check_ticket_targets",
    "get_next_check_at",
    "get_ticket_sla",
    "has_due_targets",
    "measure_compliance",
    "recalculate_targets",
    "record_first_response",
    "set_targets",
    "sync_clock",
    "undo_pause",
]


def set_targets(uow: UnitOfWork, ticket: Ticket) -> None:
    """Set the SLA targets of a new ticket by the matching policy, counted from its creation."""
    policy = _find_policy(uow, ticket)
    if policy is None:
        return
    ticket.sla_policy_id = policy.policy_id
    for kind in TARGET_KINDS:
        duration = getattr(policy, kind.policy_field)
        if duration is not None:
            setattr(ticket, kind.due_column, policy.calendar.add(ticket.created_at, duration))
    _schedule_next_check(uow, ticket, policy)


def recalculate_targets(uow: UnitOfWork, ticket: Ticket) -> None:
    """Set the SLA targets again after a change of priority, kind or company.

    Targets count from the creation of the ticket, without the time its clock was paused. Targets
    that are met or breached stay so, and a ticket that is done keeps its targets.
    """
    if is_done(ticket):
        return
    check_ticket_targets(uow, ticket)
    policy = _find_policy(uow, ticket)
    if policy is None and ticket.sla_policy_id is None:
        return
    unsettled_kinds = [kind for kind in TARGET_KINDS if not _is_breached_or_answered(ticket, kind)]
    if policy is None:
        for kind in unsettled_kinds:
            _clear_target(ticket, kind)
        ticket.sla_next_at = None
        if all(getattr(ticket, kind.due_column) is None for kind in TARGET_KINDS):
            ticket.sla_policy_id = ticket.sla_paused_at = None
        return
    ticket.sla_policy_id = policy.policy_id
    periods = _running_periods(uow, ticket)
    ticket.sla_paused_at = periods[-1][1] if periods else ticket.created_at
    for kind in unsettled_kinds:
        warned_at = getattr(ticket, kind.warned_column)
        _clear_target(ticket, kind)
        duration = getattr(policy, kind.policy_field)
        if duration is None:
            continue
        _set_due_time(uow, ticket, policy, kind, duration, periods)
        if warned_at and _time_until_warning(uow, ticket, policy, kind) == timedelta():
            setattr(ticket, kind.warned_column, warned_at)
    _schedule_next_check(uow, ticket, policy)
    check_ticket_targets(uow, ticket)


def sync_clock(uow: UnitOfWork, ticket: Ticket) -> None:
    """Pause or resume the SLA clock of a ticket according to its status and the trash.

    Call this directly after either has changed, before any other change of the ticket.
    """
    if ticket.sla_policy_id is None:
        return
    is_running = is_open(ticket) and ticket.deleted_at is None
    if is_running == (ticket.sla_paused_at is None):
        return
    check_ticket_targets(uow, ticket)
    policy = sla_policies.get_applied_policy(uow, ticket.sla_policy_id)
    pending_kinds = [kind for kind in TARGET_KINDS if _is_pending(ticket, kind)]
    if is_running:
        for kind in pending_kinds:
            time_left = timedelta(seconds=getattr(ticket, kind.time_left_column) or 0)
            setattr(ticket, kind.due_column, policy.calendar.add(uow.now, time_left))
            setattr(ticket, kind.time_left_column, None)
        ticket.sla_paused_at = None
    else:
        for kind in pending_kinds:
            time_left = policy.calendar.between(uow.now, getattr(ticket, kind.due_column))
            setattr(ticket, kind.time_left_column, round(time_left.total_seconds()))
        ticket.sla_paused_at = uow.now
    _schedule_next_check(uow, ticket, policy)


def undo_pause(uow: UnitOfWork, ticket: Ticket) -> None:
    """Resume the SLA clock as if it had not been paused: each target keeps its due time.

    Used to undo the change that paused it: call this before the change is reversed, and
    `check_ticket_targets` afterwards.
    """
    if ticket.sla_policy_id is None or ticket.sla_paused_at is None:
        return
    for kind in TARGET_KINDS:
        setattr(ticket, kind.time_left_column, None)
    ticket.sla_paused_at = None
    _schedule_next_check(uow, ticket, sla_policies.get_applied_policy(uow, ticket.sla_policy_id))


def record_first_response(uow: UnitOfWork, ticket: Ticket) -> None:
    """Record that staff have answered a ticket for the first time."""
    check_ticket_targets(uow, ticket)
    ticket.first_response_at = uow.now
    ticket.response_seconds_left = None
    if ticket.sla_next_at is not None and ticket.sla_policy_id is not None:
        _schedule_next_check(
            uow, ticket, sla_policies.get_applied_policy(uow, ticket.sla_policy_id)
        )


def check_ticket_targets(uow: UnitOfWork, ticket: Ticket) -> None:
    """Record the warnings and breaches of a locked ticket that are due before now.

    The time of a breach is the due time, no matter when the breach is detected.
    """
    if ticket.sla_next_at is None or ticket.sla_next_at >= uow.now:
        return
    assert ticket.sla_policy_id is not None
    policy = sla_policies.get_applied_policy(uow, ticket.sla_policy_id)
    for kind in TARGET_KINDS:
        if not _is_pending(ticket, kind):
            continue
        if getattr(ticket, kind.due_column) < uow.now:
            _mark_breached(uow, ticket, kind)
        elif _time_until_warning(uow, ticket, policy, kind) == timedelta():
            setattr(ticket, kind.warned_column, uow.now)
            record_and_notify(uow, ticket, kind, WARNED)
    _schedule_next_check(uow, ticket, policy)


# Tickets in the trash are paused, so `sla_next_at` is null for them.
_SELECT_DUE_IDS = (
    select(ticket_table.c.id)
    .where(ticket_table.c.sla_next_at < bindparam("now"))
    .order_by(ticket_table.c.sla_next_at, ticket_table.c.id)
    .limit(bindparam("limit"))
)
_LOCK_DUE_TICKETS = (
    select_rows(Ticket)
    .where(ticket_table.c.sla_next_at < bindparam("now"))
    .order_by(ticket_table.c.sla_next_at, ticket_table.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


def has_due_targets(uow: UnitOfWork) -> bool:
    """Return whether any ticket has a due SLA check; reads only and takes no locks."""
    return uow.connection.execute(_SELECT_DUE_IDS, {"now": uow.now, "limit": 1}).first() is not None


_SELECT_NEXT_CHECK = select(func.min(ticket_table.c.sla_next_at)).where(
    ticket_table.c.sla_next_at.is_not(None)
)


def get_next_check_at(uow: UnitOfWork) -> datetime | None:
    """Return the time of the next due SLA check of any ticket."""
    return uow.connection.execute(_SELECT_NEXT_CHECK).scalar()


def check_due_targets(uow: UnitOfWork, limit: int = 100) -> int:
    """Check up to `limit` tickets with a due SLA check, oldest first, and return how many.

    Several processes can run this at the same time: locked tickets are skipped.
    """
    due_tickets = uow.session.scalars(_LOCK_DUE_TICKETS, {"now": uow.now, "limit": limit}).all()
    for ticket in due_tickets:
        check_ticket_targets(uow, ticket)
    return len(due_tickets)


def _find_policy(uow: UnitOfWork, ticket: Ticket) -> AppliedPolicy | None:
    """Return the policy that matches a ticket; imported history has no targets to breach."""
    if ticket.channel == IMPORT_CHANNEL:
        return None
    return sla_policies.find_matching_policy(
        uow, priority=ticket.priority, kind=ticket.kind, company_id=ticket.company_id
    )


def _is_breached_or_answered(ticket: Ticket, kind: TargetKind) -> bool:
    """Return whether the target was breached, or is a first response that was given."""
    is_answered = kind is FIRST_RESPONSE and ticket.first_response_at is not None
    return is_answered or getattr(ticket, kind.breached_column) is not None


def _is_pending(ticket: Ticket, kind: TargetKind) -> bool:
    return getattr(ticket, kind.due_column) is not None and not _is_breached_or_answered(
        ticket, kind
    )


def _clear_target(ticket: Ticket, kind: TargetKind) -> None:
    for column in (kind.due_column, kind.time_left_column, kind.warned_column):
        setattr(ticket, column, None)


def _time_until_warning(
    uow: UnitOfWork, ticket: Ticket, policy: AppliedPolicy, kind: TargetKind
) -> timedelta | None:
    """Return the business time until the warning for a target; None if warned or no warning."""
    duration = getattr(policy, kind.policy_field)
    if getattr(ticket, kind.warned_column) or duration is None or policy.warn_percent is None:
        return None
    if ticket.sla_paused_at is None:
        time_left = policy.calendar.between(uow.now, getattr(ticket, kind.due_column))
    else:
        time_left = timedelta(seconds=getattr(ticket, kind.time_left_column) or 0)
    return max(timedelta(), time_left - duration * (100 - policy.warn_percent) / 100)


def _schedule_next_check(uow: UnitOfWork, ticket: Ticket, policy: AppliedPolicy) -> None:
    """Set the time of the next SLA check of a ticket; none while its clock is paused."""
    moments: list[datetime] = []
    if ticket.sla_paused_at is None:
        for kind in TARGET_KINDS:
            if _is_pending(ticket, kind):
                moments.append(getattr(ticket, kind.due_column))
                time_until_warning = _time_until_warning(uow, ticket, policy, kind)
                if time_until_warning is not None:
                    moments.append(policy.calendar.add(uow.now, time_until_warning))
    ticket.sla_next_at = min(moments, default=None)


Period = tuple[datetime, datetime | None]

_SELECT_CLOCK_CHANGES = (
    select(entry_table.c.at, entry_table.c.kind, entry_table.c.new_value)
    .where(
        entry_table.c.ticket_id == bindparam("ticket_id"),
        or_(
            and_(
                entry_table.c.field == "status",
                entry_table.c.kind.in_([EntryKind.CREATED, EntryKind.CHANGE]),
            ),
            entry_table.c.kind.in_([EntryKind.DELETED, EntryKind.RESTORED]),
        ),
    )
    .order_by(entry_table.c.id)
)


def _running_periods(uow: UnitOfWork, ticket: Ticket) -> list[Period]:
    """Return the periods in which the SLA clock ran, by the timeline; the last may be open."""
    periods: list[Period] = [(ticket.created_at, None)]
    is_status_open, is_deleted = True, False
    for change in uow.connection.execute(_SELECT_CLOCK_CHANGES, {"ticket_id": ticket.id}):
        if change.kind in (EntryKind.DELETED, EntryKind.RESTORED):
            is_deleted = change.kind == EntryKind.DELETED
        else:
            is_status_open = Status(change.new_value).is_open
        is_running = is_status_open and not is_deleted
        if is_running and periods[-1][1] is not None:
            periods.append((change.at, None))
        elif not is_running and periods[-1][1] is None:
            periods[-1] = (periods[-1][0], change.at)
    return periods


def _set_due_time(
    uow: UnitOfWork,
    ticket: Ticket,
    policy: AppliedPolicy,
    kind: TargetKind,
    duration: timedelta,
    periods: Sequence[Period],
) -> None:
    """Set the due time of a target, or its remaining time while the clock is paused."""
    time_left = duration
    for start, end in periods:
        due_at = policy.calendar.add(start, time_left)
        if end is None or due_at < end:
            setattr(ticket, kind.due_column, due_at)
            if end is not None:
                _mark_breached(uow, ticket, kind)
            return
        time_left -= policy.calendar.between(start, end)
    stopped_at = periods[-1][1]
    assert stopped_at is not None
    setattr(ticket, kind.due_column, policy.calendar.add(stopped_at, time_left))
    setattr(ticket, kind.time_left_column, round(time_left.total_seconds()))


def _mark_breached(uow: UnitOfWork, ticket: Ticket, kind: TargetKind) -> None:
    setattr(ticket, kind.breached_column, getattr(ticket, kind.due_column))
    setattr(ticket, kind.time_left_column, None)
    record_and_notify(uow, ticket, kind, BREACHED)

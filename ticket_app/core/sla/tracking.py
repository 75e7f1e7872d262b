"""Promises to tickets: a first answer and a solution by a moment, while the ticket's clock runs.

The clock runs while the ticket is open, stands still while it waits or lies in the trash, and ends
when it is done; taken up again, it goes on with what was left. A promise broken once stays broken.
(specs/enterprise: `sla_breach_time`, `sla_compliance`)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import select as select_rows

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind, Status, StatusGroup
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

# What use cases tell of


def set_targets(uow: UnitOfWork, ticket: Ticket) -> None:
    """Promise a new ticket what the policy for its sort names, from its creation on."""
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
    """The ticket is of another sort now (priority, kind, company): its policy may be another one.

    Targets count from its creation, less the time its clock stood still. What was kept or broken
    already stays so, and a finished ticket keeps its promises.
    """
    if ticket.status_group == StatusGroup.DONE:
        return
    check_ticket_targets(uow, ticket)
    policy = _find_policy(uow, ticket)
    if policy is None and ticket.sla_policy_id is None:
        return
    unsettled_kinds = [kind for kind in TARGET_KINDS if not _is_settled(ticket, kind)]
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
    """The ticket's clock follows its status and the trash: it stops, or goes on with what is left.

    To be called after either has changed, before anything else is done to the ticket.
    """
    if ticket.sla_policy_id is None:
        return
    is_running = ticket.status_group == StatusGroup.OPEN and ticket.deleted_at is None
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
    """Let the clock go on as if it had not been stopped: each target keeps its moment.

    For undoing the change that stopped it; call it before that change is reversed, and `look_at`
    afterwards.
    """
    if ticket.sla_policy_id is None or ticket.sla_paused_at is None:
        return
    for kind in TARGET_KINDS:
        setattr(ticket, kind.time_left_column, None)
    ticket.sla_paused_at = None
    _schedule_next_check(uow, ticket, sla_policies.get_applied_policy(uow, ticket.sla_policy_id))


def record_first_response(uow: UnitOfWork, ticket: Ticket) -> None:
    """Somebody who works tickets has answered for the first time."""
    check_ticket_targets(uow, ticket)
    ticket.first_response_at = uow.now
    ticket.response_left = None
    if ticket.sla_next_at is not None and ticket.sla_policy_id is not None:
        _schedule_next_check(
            uow, ticket, sla_policies.get_applied_policy(uow, ticket.sla_policy_id)
        )


# What comes due


def check_ticket_targets(uow: UnitOfWork, ticket: Ticket) -> None:
    """Write down what has come due on a held ticket before now: a warning, a broken promise.

    A promise is broken at the very moment it was given for, whenever that is noticed.
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


# What lies in the trash has nothing to be looked at: its clock stands still.
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
    """Whether something has come due on any ticket; a read, so that nobody waits for it."""
    return uow.connection.execute(_SELECT_DUE_IDS, {"now": uow.now, "limit": 1}).first() is not None


_SELECT_NEXT_CHECK = select(func.min(ticket_table.c.sla_next_at)).where(
    ticket_table.c.sla_next_at.is_not(None)
)


def get_next_check_at(uow: UnitOfWork) -> datetime | None:
    """When something comes due next."""
    return uow.connection.execute(_SELECT_NEXT_CHECK).scalar()


def check_due_targets(uow: UnitOfWork, limit: int = 100) -> int:
    """Look at the tickets on which something has come due, those first that wait longest.

    Returns how many they were. Several processes may look at once; each finds other tickets.
    """
    due_tickets = (
        uow.session.execute(_LOCK_DUE_TICKETS, {"now": uow.now, "limit": limit}).scalars().all()
    )
    for ticket in due_tickets:
        check_ticket_targets(uow, ticket)
    return len(due_tickets)


# How it is worked out


def _find_policy(uow: UnitOfWork, ticket: Ticket) -> AppliedPolicy | None:
    return sla_policies.find_matching_policy(
        uow, priority=ticket.priority, kind=ticket.kind, company_id=ticket.company_id
    )


def _is_settled(ticket: Ticket, kind: TargetKind) -> bool:
    """Broken, or the first answer was given: nothing can change it any more."""
    is_answered = kind is FIRST_RESPONSE and ticket.first_response_at is not None
    return is_answered or getattr(ticket, kind.breached_column) is not None


def _is_pending(ticket: Ticket, kind: TargetKind) -> bool:
    return getattr(ticket, kind.due_column) is not None and not _is_settled(ticket, kind)


def _clear_target(ticket: Ticket, kind: TargetKind) -> None:
    for column in (kind.due_column, kind.time_left_column, kind.warned_column):
        setattr(ticket, column, None)


def _time_until_warning(
    uow: UnitOfWork, ticket: Ticket, policy: AppliedPolicy, kind: TargetKind
) -> timedelta | None:
    """The business time until one is warned of an owed goal; None if that is done or not wanted."""
    duration = getattr(policy, kind.policy_field)
    if getattr(ticket, kind.warned_column) or duration is None or policy.warn_percent is None:
        return None
    if ticket.sla_paused_at is None:
        time_left = policy.calendar.between(uow.now, getattr(ticket, kind.due_column))
    else:
        time_left = timedelta(seconds=getattr(ticket, kind.time_left_column) or 0)
    return max(timedelta(), time_left - duration * (100 - policy.warn_percent) / 100)


def _schedule_next_check(uow: UnitOfWork, ticket: Ticket, policy: AppliedPolicy) -> None:
    """Note when the ticket is to be looked at next; never, while its clock stands still."""
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
    """When the ticket's clock has run, by its timeline; the last one may not have ended."""
    periods: list[Period] = [(ticket.created_at, None)]
    is_open, is_deleted = True, False
    for change in uow.connection.execute(_SELECT_CLOCK_CHANGES, {"ticket_id": ticket.id}):
        if change.kind in (EntryKind.DELETED, EntryKind.RESTORED):
            is_deleted = change.kind == EntryKind.DELETED
        else:
            is_open = Status(change.new_value).group is StatusGroup.OPEN
        is_running = is_open and not is_deleted
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
    """Give a promise its moment after what has passed in these spans, or what is left of it."""
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

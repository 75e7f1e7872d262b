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

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import EntryKind, Group, Status
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla.alerts import BREACHED, WARNED, announce
from ticket_app.core.sla.compliance import Compliance, Share, compliance
from ticket_app.core.sla.policies import Terms
from ticket_app.core.sla.targets import (
    GOALS,
    RESPONSE,
    Goal,
    ServiceLevel,
    State,
    Target,
    of_ticket,
)
from ticket_app.tables import Ticket, entry_table, ticket_table

__all__ = [
    "Compliance",
    "ServiceLevel",
    "Share",
    "State",
    "Target",
    "any_due",
    "compliance",
    "follow",
    "look",
    "look_at",
    "next_due",
    "of_ticket",
    "promise",
    "promise_anew",
    "respond",
    "undo_pause",
]

# What use cases tell of


def promise(desk: Desk, ticket: Ticket) -> None:
    """Promise a new ticket what the policy for its sort names, from its creation on."""
    terms = _terms_for(desk, ticket)
    if terms is None:
        return
    ticket.sla_policy_id = terms.policy_id
    for goal in GOALS:
        target = getattr(terms, goal.target)
        if target is not None:
            setattr(ticket, goal.by, terms.calendar.add(ticket.created_at, target))
    _plan(desk, ticket, terms)


def promise_anew(desk: Desk, ticket: Ticket) -> None:
    """The ticket is of another sort now (priority, kind, company): its policy may be another one.

    Targets count from its creation, less the time its clock stood still. What was kept or broken
    already stays so, and a finished ticket keeps its promises.
    """
    if ticket.status_group == Group.DONE:
        return
    look_at(desk, ticket)
    terms = _terms_for(desk, ticket)
    if terms is None and ticket.sla_policy_id is None:
        return
    open_goals = [goal for goal in GOALS if not _is_settled(ticket, goal)]
    if terms is None:
        for goal in open_goals:
            _forget(ticket, goal)
        ticket.sla_next_at = None
        if all(getattr(ticket, goal.by) is None for goal in GOALS):
            ticket.sla_policy_id = ticket.sla_paused_at = None
        return
    ticket.sla_policy_id = terms.policy_id
    spans = _running_spans(desk, ticket)
    ticket.sla_paused_at = spans[-1][1] if spans else ticket.created_at
    for goal in open_goals:
        warned_at = getattr(ticket, goal.warned)
        _forget(ticket, goal)
        target = getattr(terms, goal.target)
        if target is None:
            continue
        _aim(desk, ticket, terms, goal, target, spans)
        if warned_at and _to_warning(desk, ticket, terms, goal) == timedelta():
            setattr(ticket, goal.warned, warned_at)
    _plan(desk, ticket, terms)
    look_at(desk, ticket)


def follow(desk: Desk, ticket: Ticket) -> None:
    """The ticket's clock follows its status and the trash: it stops, or goes on with what is left.

    To be called after either has changed, before anything else is done to the ticket.
    """
    if ticket.sla_policy_id is None:
        return
    runs = ticket.status_group == Group.OPEN and ticket.deleted_at is None
    if runs == (ticket.sla_paused_at is None):
        return
    look_at(desk, ticket)
    terms = sla_policies.terms(desk, ticket.sla_policy_id)
    owed = [goal for goal in GOALS if _is_owed(ticket, goal)]
    if runs:
        for goal in owed:
            left = timedelta(seconds=getattr(ticket, goal.left) or 0)
            setattr(ticket, goal.by, terms.calendar.add(desk.now, left))
            setattr(ticket, goal.left, None)
        ticket.sla_paused_at = None
    else:
        for goal in owed:
            left = terms.calendar.between(desk.now, getattr(ticket, goal.by))
            setattr(ticket, goal.left, round(left.total_seconds()))
        ticket.sla_paused_at = desk.now
    _plan(desk, ticket, terms)


def undo_pause(desk: Desk, ticket: Ticket) -> None:
    """Let the clock go on as if it had not been stopped: each target keeps its moment.

    For undoing the change that stopped it; call it before that change is reversed, and `look_at`
    afterwards.
    """
    if ticket.sla_policy_id is None or ticket.sla_paused_at is None:
        return
    for goal in GOALS:
        setattr(ticket, goal.left, None)
    ticket.sla_paused_at = None
    _plan(desk, ticket, sla_policies.terms(desk, ticket.sla_policy_id))


def respond(desk: Desk, ticket: Ticket) -> None:
    """Somebody who works tickets has answered for the first time."""
    look_at(desk, ticket)
    ticket.first_response_at = desk.now
    ticket.response_left = None
    if ticket.sla_next_at is not None and ticket.sla_policy_id is not None:
        _plan(desk, ticket, sla_policies.terms(desk, ticket.sla_policy_id))


# What comes due


def look_at(desk: Desk, ticket: Ticket) -> None:
    """Write down what has come due on a held ticket before now: a warning, a broken promise.

    A promise is broken at the very moment it was given for, whenever that is noticed.
    """
    if ticket.sla_next_at is None or ticket.sla_next_at >= desk.now:
        return
    assert ticket.sla_policy_id is not None
    terms = sla_policies.terms(desk, ticket.sla_policy_id)
    for goal in GOALS:
        if not _is_owed(ticket, goal):
            continue
        if getattr(ticket, goal.by) < desk.now:
            _break(desk, ticket, goal)
        elif _to_warning(desk, ticket, terms, goal) == timedelta():
            setattr(ticket, goal.warned, desk.now)
            announce(desk, ticket, goal, WARNED)
    _plan(desk, ticket, terms)


# What lies in the trash has nothing to be looked at: its clock stands still.
_DUE = (
    select(ticket_table.c.id)
    .where(ticket_table.c.sla_next_at < bindparam("now"))
    .order_by(ticket_table.c.sla_next_at, ticket_table.c.id)
    .limit(bindparam("most"))
)
_DUE_ROWS = (
    select_rows(Ticket)
    .where(ticket_table.c.sla_next_at < bindparam("now"))
    .order_by(ticket_table.c.sla_next_at, ticket_table.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def any_due(desk: Desk) -> bool:
    """Whether something has come due on any ticket; a read, so that nobody waits for it."""
    return desk.db.execute(_DUE, {"now": desk.now, "most": 1}).first() is not None


_NEXT = select(func.min(ticket_table.c.sla_next_at)).where(ticket_table.c.sla_next_at.is_not(None))


def next_due(desk: Desk) -> datetime | None:
    """When something comes due next."""
    return desk.db.execute(_NEXT).scalar()


def look(desk: Desk, most: int = 100) -> int:
    """Look at the tickets on which something has come due, those first that wait longest.

    Returns how many they were. Several processes may look at once; each finds other tickets.
    """
    due = desk.session.execute(_DUE_ROWS, {"now": desk.now, "most": most}).scalars().all()
    for ticket in due:
        look_at(desk, ticket)
    return len(due)


# How it is worked out


def _terms_for(desk: Desk, ticket: Ticket) -> Terms | None:
    return sla_policies.match(
        desk, priority=ticket.priority, kind=ticket.kind, company_id=ticket.company_id
    )


def _is_settled(ticket: Ticket, goal: Goal) -> bool:
    """Broken, or the first answer was given: nothing can change it any more."""
    answered = goal is RESPONSE and ticket.first_response_at is not None
    return answered or getattr(ticket, goal.broken) is not None


def _is_owed(ticket: Ticket, goal: Goal) -> bool:
    return getattr(ticket, goal.by) is not None and not _is_settled(ticket, goal)


def _forget(ticket: Ticket, goal: Goal) -> None:
    for column in (goal.by, goal.left, goal.warned):
        setattr(ticket, column, None)


def _to_warning(desk: Desk, ticket: Ticket, terms: Terms, goal: Goal) -> timedelta | None:
    """The business time until one is warned of an owed goal; None if that is done or not wanted."""
    target = getattr(terms, goal.target)
    if getattr(ticket, goal.warned) or target is None or terms.warn_percent is None:
        return None
    if ticket.sla_paused_at is None:
        left = terms.calendar.between(desk.now, getattr(ticket, goal.by))
    else:
        left = timedelta(seconds=getattr(ticket, goal.left) or 0)
    return max(timedelta(), left - target * (100 - terms.warn_percent) / 100)


def _plan(desk: Desk, ticket: Ticket, terms: Terms) -> None:
    """Note when the ticket is to be looked at next; never, while its clock stands still."""
    moments: list[datetime] = []
    if ticket.sla_paused_at is None:
        for goal in GOALS:
            if _is_owed(ticket, goal):
                moments.append(getattr(ticket, goal.by))
                wait = _to_warning(desk, ticket, terms, goal)
                if wait is not None:
                    moments.append(terms.calendar.add(desk.now, wait))
    ticket.sla_next_at = min(moments, default=None)


Span = tuple[datetime, datetime | None]

_TURNS = (
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


def _running_spans(desk: Desk, ticket: Ticket) -> list[Span]:
    """When the ticket's clock has run, by its timeline; the last one may not have ended."""
    spans: list[Span] = [(ticket.created_at, None)]
    is_open, is_deleted = True, False
    for turn in desk.db.execute(_TURNS, {"ticket_id": ticket.id}):
        if turn.kind in (EntryKind.DELETED, EntryKind.RESTORED):
            is_deleted = turn.kind == EntryKind.DELETED
        else:
            is_open = Status(turn.new_value).group is Group.OPEN
        runs = is_open and not is_deleted
        if runs and spans[-1][1] is not None:
            spans.append((turn.at, None))
        elif not runs and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], turn.at)
    return spans


def _aim(
    desk: Desk, ticket: Ticket, terms: Terms, goal: Goal, target: timedelta, spans: Sequence[Span]
) -> None:
    """Give a promise its moment after what has passed in these spans, or what is left of it."""
    left = target
    for start, end in spans:
        by = terms.calendar.add(start, left)
        if end is None or by < end:
            setattr(ticket, goal.by, by)
            if end is not None:
                _break(desk, ticket, goal)
            return
        left -= terms.calendar.between(start, end)
    stopped_at = spans[-1][1]
    assert stopped_at is not None
    setattr(ticket, goal.by, terms.calendar.add(stopped_at, left))
    setattr(ticket, goal.left, round(left.total_seconds()))


def _break(desk: Desk, ticket: Ticket, goal: Goal) -> None:
    setattr(ticket, goal.broken, getattr(ticket, goal.by))
    setattr(ticket, goal.left, None)
    announce(desk, ticket, goal, BREACHED)

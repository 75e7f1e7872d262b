"""The two promises a ticket can hold, the columns they are kept in, and how each one stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ticket_app.core.platform.vocabulary import Group


@dataclass(frozen=True, slots=True)
class Goal:
    """One kind of promise, and the columns of a ticket that it is kept in."""

    field: str
    by: str
    left: str
    warned: str
    broken: str
    target: str
    what: str


RESPONSE = Goal(
    "first_response",
    "respond_by",
    "response_left",
    "response_warned_at",
    "first_response_breached_at",
    "respond",
    "first response to",
)
RESOLUTION = Goal(
    "resolution",
    "resolve_by",
    "resolution_left",
    "resolution_warned_at",
    "sla_breached_at",
    "resolve",
    "solution of",
)
GOALS = (RESPONSE, RESOLUTION)


class State(StrEnum):
    """How a promise stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    NOT_APPLICABLE = "not_applicable"
    """The ticket was done before anybody answered; taken up again, the target applies again."""


@dataclass(frozen=True, slots=True)
class Target:
    """A promise as it is shown.

    `by` is None while the clock stands still and where the target is not applicable. `seconds_left`
    is, while it runs, the time until `by`, and while it stands still the business time that is
    left; None otherwise.
    """

    state: State
    by: datetime | None
    seconds_left: int | None
    breached_at: datetime | None


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """What was promised to a ticket; a target is None where nothing was."""

    respond_by: datetime | None
    resolve_by: datetime | None
    first_response: Target | None
    resolution: Target | None


def of_ticket(row: Any, now: datetime) -> ServiceLevel:
    """What was promised to a ticket, from any row (or ticket) with its service level columns."""
    response, resolution = (_target(row, goal, now) for goal in GOALS)
    return ServiceLevel(
        response and response.by, resolution and resolution.by, response, resolution
    )


def _target(row: Any, goal: Goal, now: datetime) -> Target | None:
    by, broken = getattr(row, goal.by), getattr(row, goal.broken)
    if by is None:
        return None
    if broken is not None:
        return Target(State.MISSED, by, None, broken)
    is_done = row.status_group == Group.DONE
    if is_done if goal is RESOLUTION else row.first_response_at is not None:
        return Target(State.MET, by, None, None)
    if is_done:
        return Target(State.NOT_APPLICABLE, None, None, None)
    if row.sla_paused_at is not None:
        return Target(State.PAUSED, None, getattr(row, goal.left) or 0, None)
    if by < now:
        return Target(State.MISSED, by, None, by)
    return Target(State.RUNNING, by, int((by - now).total_seconds()), None)

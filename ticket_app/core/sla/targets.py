"""The two SLA targets of a ticket: their columns, and their state at a given time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ticket_app.core.platform.ticket_status import is_done


@dataclass(frozen=True, slots=True)
class TargetKind:
    """A kind of SLA target, with the ticket columns that store it."""

    field: str
    due_column: str
    time_left_column: str
    warned_column: str
    breached_column: str
    policy_field: str
    label: str


FIRST_RESPONSE = TargetKind(
    "first_response",
    "respond_by",
    "response_seconds_left",
    "response_warned_at",
    "first_response_breached_at",
    "first_response_time",
    "first response",
)
RESOLUTION = TargetKind(
    "resolution",
    "resolve_by",
    "resolution_seconds_left",
    "resolution_warned_at",
    "sla_breached_at",
    "resolution_time",
    "resolution",
)
TARGET_KINDS = (FIRST_RESPONSE, RESOLUTION)
CLOCK_COLUMNS = frozenset(
    {
        "sla_policy_id",
        "sla_paused_at",
        "sla_next_at",
        *(
            column
            for kind in TARGET_KINDS
            for column in (
                kind.due_column,
                kind.time_left_column,
                kind.warned_column,
                kind.breached_column,
            )
        ),
    }
)
"""The ticket columns of the SLA clock; a background job changes them as time passes."""


class TargetState(StrEnum):
    """The state of an SLA target."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "missed"
    NOT_APPLICABLE = "not_applicable"
    """The ticket was done before a first response; after reopening, the target applies again."""


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """An SLA target as shown to people.

    `due_at` is None while the target is paused or not applicable. `seconds_left` is the time until
    `due_at` while it runs, the remaining business time while it is paused, and None otherwise.
    """

    state: TargetState
    due_at: datetime | None
    seconds_left: int | None
    breached_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketSla:
    """The SLA targets of a ticket; None where the policy has no such target."""

    first_response_due_at: datetime | None
    resolution_due_at: datetime | None
    first_response: SlaTarget | None
    resolution: SlaTarget | None


class HasSlaClock(Protocol):
    """A ticket, or a row of one with the columns of its SLA clock (`TARGET_KINDS` names them)."""

    @property
    def status_group(self) -> str:
        """The group of its status."""
        ...

    @property
    def first_response_at(self) -> datetime | None:
        """The time of the first public comment by staff."""
        ...

    @property
    def sla_paused_at(self) -> datetime | None:
        """The time since which its targets are paused."""
        ...


def get_ticket_sla(row: HasSlaClock, now: datetime) -> TicketSla:
    """Return the SLA targets of a ticket from any row with its SLA columns."""
    response, resolution = (_build_target(row, kind, now) for kind in TARGET_KINDS)
    return TicketSla(
        response and response.due_at, resolution and resolution.due_at, response, resolution
    )


def _build_target(row: HasSlaClock, kind: TargetKind, now: datetime) -> SlaTarget | None:
    due_at, breached_at = getattr(row, kind.due_column), getattr(row, kind.breached_column)
    if due_at is None:
        return None
    if breached_at is not None:
        return SlaTarget(TargetState.BREACHED, due_at, None, breached_at)
    is_finished = is_done(row)
    if is_finished if kind is RESOLUTION else row.first_response_at is not None:
        return SlaTarget(TargetState.MET, due_at, None, None)
    if is_finished:
        return SlaTarget(TargetState.NOT_APPLICABLE, None, None, None)
    if row.sla_paused_at is not None:
        return SlaTarget(TargetState.PAUSED, None, getattr(row, kind.time_left_column) or 0, None)
    if due_at < now:
        return SlaTarget(TargetState.BREACHED, due_at, None, due_at)
    return SlaTarget(TargetState.RUNNING, due_at, int((due_at - now).total_seconds()), None)

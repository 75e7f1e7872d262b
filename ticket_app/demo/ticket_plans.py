"""The planned history of one demo ticket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from string import Template
from typing import Any

from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.demo.texts.models import Story


@dataclass(frozen=True, slots=True)
class Step:
    """One action on a ticket: when, which, by whom, and its value (see `replay.ACTIONS`)."""

    at: datetime
    ticket_plan: TicketPlan
    action: str
    username: str
    value: Any = None


@dataclass(slots=True, eq=False)
class TicketPlan:
    """What happens on one ticket, from its creation to its final status.

    `actions` holds hours since the previous action, the action, a username and a value.
    """

    story: Story
    requester: str
    status: Status
    created_at: datetime
    priority: Priority
    placeholders: dict[str, str]
    title: str
    agent: str
    is_recent: bool = False
    has_due_date: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    actions: list[tuple[float, str, str, Any]] = field(default_factory=list)

    def add(self, hours: float, action: str, username: str, value: Any = None) -> None:
        """Add an action that happens some hours after the previous one."""
        self.actions.append((hours, action, username, value))

    def fill_in(self, text: str) -> str:
        """Return a text with the placeholders of this ticket filled in."""
        return Template(text).safe_substitute(self.placeholders)

    def steps(self, now: datetime, rng: Random) -> Iterator[Step]:
        """Yield the actions with their times, none of them in the future."""
        moment, times = self.created_at, []
        for hours, *_ in self.actions:
            moment += timedelta(hours=hours)
            times.append(moment)
        hours_before_now = rng.uniform(0.05, 20) if self.is_recent else rng.uniform(0.1, 2)
        latest = max(self.created_at, now - timedelta(hours=hours_before_now))
        overrun = (moment - self.created_at) / max(latest - self.created_at, timedelta(seconds=1))
        if overrun > 1:
            times = [self.created_at + (at - self.created_at) / overrun for at in times]
        elif self.is_recent:
            times[-1] = latest
        for at, (_, action, username, value) in zip(times, self.actions, strict=True):
            yield Step(at, self, action, username, value)

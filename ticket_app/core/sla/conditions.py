"""The conditions under which an SLA target counts as met or breached, in SQL over `ticket`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, and_, or_

from ticket_app.tables import ticket_table


@dataclass(frozen=True, slots=True)
class TargetConditions:
    """The query conditions of one SLA target.

    A target that is still running, or not applicable because the ticket was done before a first
    response, is neither met nor breached. That is why `met` requires the time of achievement.
    """

    due_at: ColumnElement[datetime | None]
    achieved_at: ColumnElement[datetime | None]
    breached_at: ColumnElement[datetime | None]

    @property
    def met(self) -> ColumnElement[bool]:
        """The target was achieved in time."""
        return and_(
            ticket_table.c.sla_policy_id.is_not(None),
            self.due_at.is_not(None),
            self.achieved_at.is_not(None),
            self.breached_at.is_(None),
        )

    @property
    def breached(self) -> ColumnElement[bool]:
        """The target's time was up before it was achieved."""
        return self.breached_at.is_not(None)

    def measured_between(
        self, start: BindParameter[datetime], end: BindParameter[datetime]
    ) -> ColumnElement[bool]:
        """Return the condition that the target was settled from `start` until before `end`."""
        return or_(
            and_(self.met, self.achieved_at >= start, self.achieved_at < end),
            and_(self.breached_at >= start, self.breached_at < end),
        )


RESOLUTION_CONDITIONS: Final = TargetConditions(
    ticket_table.c.resolve_by, ticket_table.c.resolved_at, ticket_table.c.sla_breached_at
)
FIRST_RESPONSE_CONDITIONS: Final = TargetConditions(
    ticket_table.c.respond_by,
    ticket_table.c.first_response_at,
    ticket_table.c.first_response_breached_at,
)

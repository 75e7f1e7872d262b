"""How far promises were kept (specs/enterprise, "Dashboard Metrics": `sla_compliance`).

A promise counts in the time in which it was kept (the answer, the solution) or was broken (the
moment it had been given for). Tickets without a promise, or whose promise still runs, do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, literal, select, union_all

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.sla.conditions import FIRST_RESPONSE, RESOLUTION
from ticket_app.tables import service_policy_table, ticket_table


@dataclass(frozen=True, slots=True)
class Share:
    """How many promises were kept, and how many were not."""

    met: int = 0
    missed: int = 0

    @property
    def percent(self) -> float | None:
        """The part that was kept, in a hundred, to one place; None if there was none at all."""
        total = self.met + self.missed
        return round(100 * self.met / total, 1) if total else None


@dataclass(frozen=True, slots=True)
class Compliance:
    """Promised solutions, in all and by policy (name) and priority; and promised first answers."""

    met: int
    missed: int
    percent: float | None
    by_policy: Mapping[tuple[int, str], Share]
    by_priority: Mapping[str, Share]
    first_response: Share


_GOALS = {"resolution": RESOLUTION, "first_response": FIRST_RESPONSE}


def _counted(goal: str, *, kept: bool, in_department: bool) -> Any:
    target = _GOALS[goal]
    moment = target.achieved_at if kept else target.breached_at
    wanted = [ticket_table.c.deleted_at.is_(None), target.met if kept else target.breached]
    wanted += [moment >= bindparam("since"), moment < bindparam("until")]
    if in_department:
        # The sum keeps SQLite from walking the whole department by its own index.
        wanted.append(ticket_table.c.department_id + 0 == bindparam("department_id"))
    return (
        select(
            literal(goal).label("goal"),
            literal(kept).label("kept"),
            ticket_table.c.sla_policy_id.label("policy_id"),
            ticket_table.c.priority,
            func.count().label("n"),
        )
        .where(*wanted)
        .group_by(ticket_table.c.sla_policy_id, ticket_table.c.priority)
    )


@lru_cache(maxsize=2)
def _counts(in_department: bool) -> Any:
    parts = [
        _counted(goal, kept=kept, in_department=in_department)
        for goal in _GOALS
        for kept in (True, False)
    ]
    counted = union_all(*parts).subquery()
    return select(counted, service_policy_table.c.name).select_from(
        counted.outerjoin(service_policy_table, service_policy_table.c.id == counted.c.policy_id)
    )


def compliance(
    desk: Desk, *, since: datetime, until: datetime, department_id: int | None = None
) -> Compliance:
    """How far promises were kept from `since` until before `until`, in one department or in all.

    Raises `Forbidden`.
    """
    desk.actor.must("view_statistics", "see how promises were kept")
    values: dict[str, Any] = {"since": since, "until": until}
    if department_id is not None:
        values["department_id"] = department_id
    counts: Counter[tuple[Any, ...]] = Counter()
    for row in desk.db.execute(_counts(department_id is not None), values):
        counts[row.goal, bool(row.kept)] += row.n
        if row.goal == "resolution":
            counts["policy", row.policy_id, row.name, bool(row.kept)] += row.n
            counts["priority", row.priority, bool(row.kept)] += row.n

    def share(*key: Any) -> Share:
        return Share(counts[(*key, True)], counts[(*key, False)])

    whole = share("resolution")
    return Compliance(
        whole.met,
        whole.missed,
        whole.percent,
        {key[1:3]: share(*key[:3]) for key in list(counts) if key[0] == "policy"},
        {key[1]: share(*key[:2]) for key in list(counts) if key[0] == "priority"},
        share("first_response"),
    )

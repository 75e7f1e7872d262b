"""SLA compliance in a period (specs/enterprise, "Dashboard Metrics": `sla_compliance`).

A met target counts when it was achieved, a breached one when it was due. Tickets without a target,
or with one that is still running, do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Executable, Select, bindparam, func, literal, select, union_all

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.sla.conditions import FIRST_RESPONSE_CONDITIONS, RESOLUTION_CONDITIONS
from ticket_app.tables import sla_policy_table, ticket_table

KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class ComplianceRate:
    """How many SLA targets were met and how many were breached."""

    met: int = 0
    breached: int = 0

    @property
    def percent(self) -> float | None:
        """The percentage met, rounded to one decimal; None without any target."""
        total = self.met + self.breached
        return round(100 * self.met / total, 1) if total else None


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """Resolution targets in all, by policy and by priority; and first response targets."""

    met: int
    breached: int
    percent: float | None
    by_policy: Mapping[tuple[int, str], ComplianceRate]
    by_priority: Mapping[str, ComplianceRate]
    first_response: ComplianceRate


_CONDITIONS = {"resolution": RESOLUTION_CONDITIONS, "first_response": FIRST_RESPONSE_CONDITIONS}


class _ComplianceCountRow:
    """How many targets of one kind were met or breached, for one policy and priority."""

    target_kind: str
    met: bool
    policy_id: int
    name: str
    priority: str
    n: int


def _select_counts(
    target_kind: str, *, met: bool, in_department: bool
) -> Select[str, bool, int, str, int]:
    target_conditions = _CONDITIONS[target_kind]
    counted_at = target_conditions.achieved_at if met else target_conditions.breached_at
    conditions = [
        ticket_table.c.deleted_at.is_(None),
        target_conditions.met if met else target_conditions.breached,
    ]
    conditions += [counted_at >= bindparam("since"), counted_at < bindparam("until")]
    if in_department:
        # The sum keeps SQLite from scanning the whole department by its own index.
        conditions.append(ticket_table.c.department_id + 0 == bindparam("department_id"))
    return (
        select(
            literal(target_kind).label("target_kind"),
            literal(met).label("met"),
            ticket_table.c.sla_policy_id.label("policy_id"),
            ticket_table.c.priority,
            func.count().label("n"),
        )
        .where(*conditions)
        .group_by(ticket_table.c.sla_policy_id, ticket_table.c.priority)
    )


@lru_cache(maxsize=2)
def _select_all_counts(in_department: bool) -> Executable:
    parts = [
        _select_counts(target_kind, met=met, in_department=in_department)
        for target_kind in _CONDITIONS
        for met in (True, False)
    ]
    counted = union_all(*parts).subquery()
    return select(counted, sla_policy_table.c.name).select_from(
        counted.outerjoin(sla_policy_table, sla_policy_table.c.id == counted.c.policy_id)
    )


def measure_compliance(
    uow: UnitOfWork, *, since: datetime, until: datetime, department_id: int | None = None
) -> ComplianceReport:
    """Return the SLA compliance from `since` until before `until`, of one department or all.

    Raises `Forbidden`.
    """
    uow.actor.require("view_statistics", "see SLA compliance")
    values: dict[str, object] = {"since": since, "until": until}
    if department_id is not None:
        values["department_id"] = department_id
    totals: Counter[tuple[str, bool]] = Counter()
    policies: Counter[tuple[tuple[int, str], bool]] = Counter()
    priorities: Counter[tuple[str, bool]] = Counter()
    for row in uow.all_rows(
        _select_all_counts(department_id is not None), values, of=_ComplianceCountRow
    ):
        is_met = bool(row.met)
        totals[row.target_kind, is_met] += row.n
        if row.target_kind == "resolution":
            policies[(row.policy_id, row.name), is_met] += row.n
            priorities[row.priority, is_met] += row.n
    overall = _rate(totals, "resolution")
    return ComplianceReport(
        overall.met,
        overall.breached,
        overall.percent,
        {policy: _rate(policies, policy) for policy, _ in policies},
        {priority: _rate(priorities, priority) for priority, _ in priorities},
        _rate(totals, "first_response"),
    )


def _rate(counts: Mapping[tuple[KeyT, bool], int], key: KeyT) -> ComplianceRate:
    return ComplianceRate(counts.get((key, True), 0), counts.get((key, False), 0))

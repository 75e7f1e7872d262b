"""The SQL of conditions that people put together (`core.tickets.ticket_conditions`).

The form of a group is part of the shape of a query, so that equal forms share one statement; the
values are parameters, named by the number of the condition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import BindParameter, and_, bindparam, exists, func, not_, or_, select, true

from ticket_app.core.platform.access_policy import NO_PERSON_ID
from ticket_app.core.platform.dates import day_start
from ticket_app.core.platform.sql_types import AnyColumn, Condition
from ticket_app.core.platform.ticket_status import OVERDUE
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.sla.conditions import FIRST_RESPONSE_CONDITIONS, RESOLUTION_CONDITIONS
from ticket_app.core.tickets import conditions, ticket_conditions
from ticket_app.core.tickets.ticket_conditions import (
    CONDITION_FIELDS,
    ME,
    NEGATIVE_OPERATORS,
    NONE,
    ConditionGroup,
    FieldSort,
    Match,
    Operator,
    parse_duration,
)
from ticket_app.tables import (
    person_table,
    tag_table,
    ticket_table,
    ticket_tag_table,
)

_COLUMNS: Final[dict[str, AnyColumn]] = {
    "status": ticket_table.c.status,
    "group": ticket_table.c.status_group,
    "priority": ticket_table.c.priority,
    "kind": ticket_table.c.kind,
    "category": ticket_table.c.category,
    "severity": ticket_table.c.severity,
    "assignee": ticket_table.c.assignee_id,
    "requester": ticket_table.c.requester_id,
    "team": ticket_table.c.team_id,
    "department": ticket_table.c.department_id,
    "company": ticket_table.c.company_id,
    "contact": ticket_table.c.contact_id,
    "section": ticket_table.c.section,
    "created": ticket_table.c.created_at,
    "updated": ticket_table.c.updated_at,
    "due": ticket_table.c.due_sort_at,
    "resolved": ticket_table.c.resolved_at,
    "first_reply": ticket_table.c.first_response_at,
    "last_reply": ticket_table.c.last_comment_at,
}
_VIEWER: Final[BindParameter[int]] = bindparam("reader_id")
_LAST_REPLIER: Final = ticket_table.c.last_comment_by_id
_STATES: Final[dict[str, dict[str, Condition]]] = {
    "sla": {
        "overdue": OVERDUE,
        "breached": RESOLUTION_CONDITIONS.breached,
        "met": RESOLUTION_CONDITIONS.met,
        "response_breached": FIRST_RESPONSE_CONDITIONS.breached,
        "response_met": FIRST_RESPONSE_CONDITIONS.met,
        "paused": ticket_table.c.sla_paused_at.is_not(None),
        "running": and_(
            ticket_table.c.sla_policy_id.is_not(None),
            ticket_table.c.resolved_at.is_(None),
            ticket_table.c.sla_paused_at.is_(None),
            ticket_table.c.sla_breached_at.is_(None),
        ),
    },
    "last_replier": {
        "requester": and_(_LAST_REPLIER.is_not(None), ticket_table.c.requester_id == _LAST_REPLIER),
        "staff": and_(
            _LAST_REPLIER.is_not(None),
            ticket_table.c.requester_id != _LAST_REPLIER,
            _LAST_REPLIER.in_(select(person_table.c.id).where(person_table.c.role != Role.USER)),
        ),
        ME: and_(_LAST_REPLIER.is_not(None), _LAST_REPLIER == _VIEWER),
    },
    "unread": {"yes": conditions.UNREAD},
}
"""The condition of each word; none of them is NULL for a ticket, so that it can be negated."""
_missing = {field.name for field in CONDITION_FIELDS.values()} ^ {*_COLUMNS, *_STATES, "tags"}
if _missing:
    raise LookupError(f"fields of conditions without SQL, or the reverse: {sorted(_missing)}")


@dataclass(frozen=True, slots=True)
class ConditionShape:
    """What the SQL of a condition depends on."""

    field: str
    operator: str
    words: tuple[str, ...] = ()
    """The values of a field whose words are conditions."""
    has_none: bool = False
    has_values: bool = False


@dataclass(frozen=True, slots=True)
class GroupShape:
    """What the SQL of a group depends on."""

    match: Match
    parts: tuple[ConditionShape | GroupShape, ...]


def build_group_shape(group: ConditionGroup) -> GroupShape | None:
    """Return the shape of the valid conditions of a group; None if there are none."""
    valid = group.valid_parts()
    return _shape_of(valid) if valid else None


def _shape_of(group: ConditionGroup) -> GroupShape:
    return GroupShape(
        group.match,
        tuple(
            _shape_of(part) if isinstance(part, ConditionGroup) else _condition_shape(part)
            for part in group.parts
        ),
    )


def _condition_shape(condition: ticket_conditions.Condition) -> ConditionShape:
    field = CONDITION_FIELDS[condition.field]
    if field.sort is FieldSort.STATE:
        return ConditionShape(condition.field, condition.operator, tuple(sorted(condition.values)))
    has_none = field.sort is FieldSort.ROW and NONE in condition.values
    return ConditionShape(
        condition.field,
        condition.operator,
        has_none=has_none,
        has_values=len(condition.values) > int(has_none),
    )


def build_clause(shape: GroupShape) -> Condition:
    """Return the SQL condition of a group."""
    return _GroupBuilder().build(shape)


class _GroupBuilder:
    """Numbers the conditions of a group in order, as `build_group_parameters` does."""

    def __init__(self) -> None:
        self.count = 0

    def build(self, shape: GroupShape) -> Condition:
        clauses = [
            self.build(part) if isinstance(part, GroupShape) else self._clause(part)
            for part in shape.parts
        ]
        return or_(*clauses) if shape.match is Match.ANY else and_(true(), *clauses)

    def _clause(self, shape: ConditionShape) -> Condition:
        name = f"condition_{self.count}"
        self.count += 1
        sort = CONDITION_FIELDS[shape.field].sort
        if sort is FieldSort.MOMENT:
            return _moment_clause(shape, name)
        is_negative = shape.operator in NEGATIVE_OPERATORS
        if sort is FieldSort.STATE:
            found = or_(*(_STATES[shape.field][word] for word in shape.words))
            return not_(found) if is_negative else found
        if sort is FieldSort.TAG:
            tagged = exists().where(
                ticket_tag_table.c.ticket_id == ticket_table.c.id,
                ticket_tag_table.c.tag_id == tag_table.c.id,
                tag_table.c.name_folded.in_(bindparam(name, expanding=True)),
            )
            # A list that is read from the index of a tag has the table of tags too.
            tagged = tagged.correlate(ticket_table)
            return not_(tagged) if is_negative else tagged
        column = _COLUMNS[shape.field]
        positive: list[Condition] = []
        if shape.has_values:
            positive.append(column.in_(bindparam(name, expanding=True)))
        if shape.has_none:
            positive.append(column.is_(None))
        if not is_negative:
            return or_(*positive)
        # A comparison with NULL is NULL: an empty field differs from every value.
        return not_(func.coalesce(or_(*positive), False))


def _moment_clause(shape: ConditionShape, name: str) -> Condition:
    column = _COLUMNS[shape.field]
    start: BindParameter[datetime] = bindparam(f"{name}_from")
    end: BindParameter[datetime] = bindparam(f"{name}_before")
    match shape.operator:
        case Operator.IN_LAST | Operator.AFTER:
            # The future is not part of "in the last 7 days"; a due date may be in it.
            is_due_in_past = shape.operator == Operator.IN_LAST and shape.field == "due"
            return and_(column >= start, column < end) if is_due_in_past else column >= start
        case Operator.WITHIN_NEXT:
            return and_(column >= start, column < end)
        case _:
            return column < end


def build_group_parameters(uow: UnitOfWork, group: ConditionGroup) -> dict[str, object]:
    """Return the values of the parameters of a group's clause."""
    if not group:
        return {}
    values: dict[str, object] = {"reader_id": uow.actor.id, "now": uow.now}
    for number, condition in enumerate(group.valid_parts().list_conditions()):
        values |= _parameters_of(uow, condition, f"condition_{number}")
    return values


def _parameters_of(
    uow: UnitOfWork, condition: ticket_conditions.Condition, name: str
) -> dict[str, object]:
    match CONDITION_FIELDS[condition.field].sort:
        case FieldSort.STATE:
            return {}
        case FieldSort.MOMENT:
            return _moments_of(uow, condition, name)
        case FieldSort.ROW:
            me = uow.actor.team_id if condition.field == "team" else uow.actor.id
            ids = [
                (me or NO_PERSON_ID) if value == ME else int(value)
                for value in condition.values
                if value != NONE
            ]
            return {name: ids} if ids else {}
        case FieldSort.TAG:
            return {name: [value.casefold() for value in condition.values]}
        case _:
            return {name: list(condition.values)}


def _moments_of(
    uow: UnitOfWork, condition: ticket_conditions.Condition, name: str
) -> dict[str, object]:
    value = condition.values[0]
    duration = parse_duration(value)
    if duration is None:
        day = date.fromisoformat(value)
        if condition.operator == Operator.BEFORE:
            return {f"{name}_before": day_start(day, uow.time_zone)}
        next_day = date.max if day == date.max else day + timedelta(days=1)
        return {f"{name}_from": day_start(next_day, uow.time_zone)}
    match condition.operator:
        case Operator.WITHIN_NEXT:
            return {f"{name}_from": uow.now, f"{name}_before": uow.now + duration}
        case Operator.OLDER_THAN:
            return {f"{name}_before": uow.now - duration}
        case _:
            return {f"{name}_from": uow.now - duration, f"{name}_before": uow.now}

"""Saved views in the queue: their conditions as filters of the header, and the reverse.

A condition that no filter can express is kept beside the filters and shown as a chip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, cast

from ticket_app.core.people import directory
from ticket_app.core.platform.errors import NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status, StatusGroup
from ticket_app.core.tickets import saved_views
from ticket_app.core.tickets.editing import find_row_name
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.tickets.saved_view_queries import POSITIVE_OPERATORS
from ticket_app.core.tickets.saved_views import SavedViewRow
from ticket_app.core.tickets.ticket_conditions import (
    CONDITION_FIELDS,
    DURATION_OPERATORS,
    NO_CONDITIONS,
    NONE,
    Condition,
    ConditionGroup,
    FieldSort,
    Match,
    Operator,
    as_conditions,
    read_conditions,
)
from ticket_app.core.tickets.ticket_query import SortField
from ticket_app.ui.field_values import choice_labels, field_label
from ticket_app.ui.pages.desk.queue.day_filters import DAY_FILTERS
from ticket_app.ui.pages.desk.queue.filters import (
    FACT_FILTERS,
    OWN_FILTERS,
    WITHOUT,
    QueueFilters,
    choice_filters,
    reference_filters,
)
from ticket_app.ui.pages.desk.queue.views import ME, UNASSIGNED, VIEWS
from ticket_app.ui.pages.desk.saved_views import texts
from ticket_app.ui.rows import is_id

BASE_VIEW: Final = "all"
"""The standard view behind a saved one: without conditions of its own."""
SLA_FACTS: Final = {
    "met": "sla_met",
    "breached": "sla_breached",
    "response_met": "response_met",
    "response_breached": "response_breached",
}
"""The boolean filter of each SLA state that has one."""
DAY_FIELDS: Final = {"answered": "first_reply"}
"""The field of a condition behind a range of days, where it has another name."""
MAX_TAGS: Final = 5
_ONE_DAY: Final = timedelta(days=1)


# --- opening a view ---


def find_view(uow: UnitOfWork, name: str) -> SavedViewRow:
    """Return the view of a URL. Raises `Forbidden`, `NotFound`."""
    if not is_id(name):
        raise NotFound("View")
    return saved_views.get_view(uow, int(name))


def read_filters(uow: UnitOfWork, row: SavedViewRow, params: Mapping[str, str]) -> QueueFilters:
    """Return the filters of a view's URL: those of the view, unless the URL has its own."""
    stored = _stored_filters(uow, row)
    page = QueueFilters.from_url(BASE_VIEW, params)
    if OWN_FILTERS not in params:
        shown = replace(stored, after=page.after, start=page.start, stored=stored)
        return replace(shown, search=page.search) if page.search else shown
    removed = set(params.get(WITHOUT, "").split(","))
    parts = tuple(part for n, part in enumerate(stored.conditions.parts) if str(n) not in removed)
    conditions = replace(stored.conditions, parts=parts) if parts else NO_CONDITIONS
    return replace(page, view_id=row.id, conditions=conditions, stored=stored)


def _stored_filters(uow: UnitOfWork, row: SavedViewRow) -> QueueFilters:
    group = read_conditions(row.conditions)
    filters = QueueFilters(
        view=BASE_VIEW,
        view_id=row.id,
        search=row.search,
        sort=cast("SortField", row.sort),
        descending=row.descending,
    )
    if group.match is Match.ANY and len(group.parts) > 1:
        return replace(filters, conditions=group)
    kept: list[Condition | ConditionGroup] = []
    for part in group.parts:
        found = None
        if isinstance(part, Condition) and part.is_valid:
            found = _with_condition(uow, filters, part)
        if found is None:
            kept.append(part)
        else:
            filters = found
    return replace(filters, conditions=ConditionGroup(Match.ALL, tuple(kept)))


def _with_condition(
    uow: UnitOfWork, filters: QueueFilters, condition: Condition
) -> QueueFilters | None:
    """Return the filters with a condition; None if no filter of the header expresses it."""
    name, values = condition.field, condition.values
    if name == "created" and condition.operator in (Operator.AFTER, Operator.BEFORE):
        day = date.fromisoformat(values[0])
        if condition.operator == Operator.AFTER and not filters.since and day < date.max:
            return replace(filters, since=(day + _ONE_DAY).isoformat())
        if condition.operator == Operator.BEFORE and not filters.until and day > date.min:
            return replace(filters, until=(day - _ONE_DAY).isoformat())
        return None
    if condition.operator not in POSITIVE_OPERATORS:
        return None
    if name in {field.name for field in choice_filters()}:
        return None if name in filters.choices else filters.with_choice(name, *values)
    return _with_single_value(uow, filters, name, values[0]) if len(values) == 1 else None


def _with_single_value(
    uow: UnitOfWork, filters: QueueFilters, name: str, value: str
) -> QueueFilters | None:
    if name in {field.name for field in reference_filters()}:
        is_free = value.isdigit() and name not in filters.references
        return filters.with_reference(name, int(value)) if is_free else None
    match name:
        case "assignee" | "requester" if not getattr(filters, name):
            if name == "assignee" and value in (ME, NONE):
                return replace(filters, assignee=ME if value == ME else UNASSIGNED)
            person_id = uow.actor.id if value == ME else int(value) if value.isdigit() else 0
            person = directory.find_person(uow, person_id) if person_id else None
            return replace(filters, **{name: person.username}) if person else None
        case "tags" if len(filters.tags) < MAX_TAGS and "," not in value:
            return replace(filters, tags=(*filters.tags, value))
        case "section" if not filters.section:
            return replace(filters, section=value)
        case "sla" if value in SLA_FACTS:
            return replace(filters, facts=(*filters.facts, SLA_FACTS[value]))
        case _:
            return None


# --- saving a view ---


def make_conditions(uow: UnitOfWork, filters: QueueFilters) -> tuple[ConditionGroup, list[str]]:
    """Return the conditions of a list, and the labels of filters that no condition expresses.

    Raises `RuleViolation` if the kept conditions cannot be combined with the filters.
    """
    left_out: list[str] = []
    parts: list[Condition | ConditionGroup] = [
        *_standard_conditions(filters, left_out),
        *as_conditions(filters.choices),
        *as_conditions({name: [str(value)] for name, value in filters.references.items()}),
        *_people_conditions(uow, filters),
        *(Condition("tags", Operator.IS, (tag,)) for tag in filters.tags),
        *as_conditions({"section": [filters.section] if filters.section else []}),
        *_day_conditions("created", filters.since, filters.until),
    ]
    states = {fact: state for state, fact in SLA_FACTS.items()}
    for fact in filters.facts:
        if fact in states:
            parts.append(Condition("sla", Operator.IS, (states[fact],)))
        else:
            left_out.append(FACT_FILTERS[fact])
    for name, since, until in filters.days:
        field = DAY_FIELDS.get(name, name)
        if field in CONDITION_FIELDS:
            parts += _day_conditions(field, since, until)
        else:
            left_out.append(DAY_FILTERS[name].label)
    kept = filters.conditions
    if kept.match is Match.ANY and len(kept.parts) > 1:
        if not parts:
            return kept, left_out
        if any(isinstance(part, ConditionGroup) for part in kept.parts):
            raise RuleViolation(texts.CANNOT_COMBINE)
        return ConditionGroup(Match.ALL, (*parts, kept)), left_out
    return ConditionGroup(Match.ALL, (*parts, *kept.parts)).valid_parts(), left_out


def _standard_conditions(filters: QueueFilters, left_out: list[str]) -> list[Condition]:
    """Return the conditions of the standard view behind a list."""
    conditions: list[Condition] = []
    chosen = filters.choices.get("status", ())
    for name, value in VIEWS[filters.view].conditions.items():
        match name, value:
            case "group", frozenset():
                groups = cast("frozenset[StatusGroup]", value)
                if not any(Status(status).group in groups for status in chosen):
                    conditions += as_conditions({"group": sorted(map(str, groups))})
            case "assignee_id", _:
                conditions.append(Condition("assignee", Operator.IS, (ME,)))
            case "unassigned", True:
                conditions.append(Condition("assignee", Operator.IS, (NONE,)))
            case "overdue", True:
                conditions.append(Condition("sla", Operator.IS, ("overdue",)))
            case "due_before", timedelta():
                hours = f"{value // timedelta(hours=1)}h"
                conditions.append(Condition("due", Operator.WITHIN_NEXT, (hours,)))
            case (("updated_from" | "resolved_from"), timedelta()):
                days = f"{-value // _ONE_DAY}d"
                field = name.removesuffix("_from")
                conditions.append(Condition(field, Operator.IN_LAST, (days,)))
            case "snoozed", True:
                left_out.append(VIEWS[filters.view].label)
            case _:
                pass
    return conditions


def _people_conditions(uow: UnitOfWork, filters: QueueFilters) -> list[Condition]:
    conditions: list[Condition] = []
    for name, username in (("assignee", filters.assignee), ("requester", filters.requester)):
        if not username or (name == "assignee" and VIEWS[filters.view].has_fixed_assignee):
            continue
        if name == "assignee" and username in (ME, UNASSIGNED):
            value = ME if username == ME else NONE
        else:
            person = directory.find_person_by_username(uow, username)
            if person is None:
                continue
            value = str(person.id)
        conditions.append(Condition(name, Operator.IS, (value,)))
    return conditions


def _day_conditions(field: str, since: str, until: str) -> list[Condition]:
    conditions: list[Condition] = []
    if since and (first := date.fromisoformat(since)) > date.min:
        conditions.append(Condition(field, Operator.AFTER, ((first - _ONE_DAY).isoformat(),)))
    if until and (last := date.fromisoformat(until)) < date.max:
        conditions.append(Condition(field, Operator.BEFORE, ((last + _ONE_DAY).isoformat(),)))
    return conditions


# --- chips ---


def describe_conditions(uow: UnitOfWork, filters: QueueFilters) -> list[str]:
    """Return a sentence for each kept condition; one for all if any of them is enough."""
    group = filters.conditions
    if group.match is Match.ANY and len(group.parts) > 1:
        return [_describe(uow, group)]
    return [_describe(uow, part) for part in group.parts]


def _describe(uow: UnitOfWork, part: Condition | ConditionGroup) -> str:
    if isinstance(part, ConditionGroup):
        sentences = [_describe(uow, one) for one in part.parts]
        return texts.describe_group(sentences, is_any=part.match is Match.ANY)
    field = FIELDS.get(part.field)
    label = texts.FIELD_LABELS.get(part.field) or (field_label(field) if field else part.field)
    values = [_describe_value(uow, part, value) for value in part.values]
    return texts.describe_condition(label, part.operator, values)


def _describe_value(uow: UnitOfWork, condition: Condition, value: str) -> str:
    known = CONDITION_FIELDS.get(condition.field)
    field = FIELDS.get(condition.field)
    if known is None:
        return value
    if known.sort is FieldSort.CHOICE and field is not None:
        return choice_labels(field).get(value, value)
    if known.sort is FieldSort.MOMENT and condition.operator in DURATION_OPERATORS:
        return texts.describe_duration(value)
    if known.sort is FieldSort.ROW and is_id(value):
        if condition.field == "requester" or field is None:
            return directory.get_names(uow, [int(value)]).get(int(value)) or texts.missing_row(
                value
            )
        return find_row_name(uow, field, int(value)) or texts.missing_row(value)
    is_word = value in known.words
    return texts.WORD_LABELS.get(value, value) if is_word else value

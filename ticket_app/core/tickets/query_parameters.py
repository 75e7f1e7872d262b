"""The values that the statement of a list is run with (`core.tickets.list_statements`)."""

from __future__ import annotations

from datetime import datetime

from ticket_app.core.platform.access_policy import (
    NO_PERSON_ID,
    reading_parameters,
    visibility_parameters,
)
from ticket_app.core.platform.cursors import is_row_id
from ticket_app.core.platform.dates import clamp_to_utc
from ticket_app.core.platform.ticket_numbers import parse_search_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_query
from ticket_app.core.tickets import tags
from ticket_app.core.tickets.condition_clauses import build_group_parameters
from ticket_app.core.tickets.query_shape import QueryShape
from ticket_app.core.tickets.ticket_lookup import find_readable_ids
from ticket_app.core.tickets.ticket_query import TicketQuery

SNOOZE_FILTERS = frozenset({"snoozed", "not_snoozed"})
"""The filters that depend on who asks."""


def matches_nothing(query: TicketQuery, shape: QueryShape) -> bool:
    """Return whether no ticket can match; databases reject some of these values with an error."""
    if (query.search.strip() or query.phrases) and not shape.search_mode:
        return True
    exact_values = [getattr(query, name) for name in shape.exact_filters]
    return any(
        "\x00" in exact_value or any("\ud800" <= character <= "\udfff" for character in exact_value)
        if isinstance(exact_value, str)
        else not is_row_id(exact_value)
        for exact_value in (*exact_values, *query.tags)
    )


def build_parameters(uow: UnitOfWork, query: TicketQuery, shape: QueryShape) -> dict[str, object]:
    """Return the parameters of a query's statement, without those of its tags and its page."""
    values = reading_parameters(uow.actor) if shape.of_company else visibility_parameters(uow.actor)
    for name, size in shape.set_filters:
        selected = sorted(getattr(query, name))
        if size > 1:
            values[name] = selected
        filter_values = [word.rank for word in selected] if name == shape.sort else selected
        values |= {f"{name}_{n}": word for n, word in enumerate(filter_values)}
    values |= {name: getattr(query, name) for name in shape.exact_filters}
    for name in shape.range_filters:
        start: object = getattr(query, name)
        values[name] = clamp_to_utc(start) if isinstance(start, datetime) else start
    if query.sla_measured is not None:
        start, end = query.sla_measured
        values |= {"sla_measured_0": clamp_to_utc(start), "sla_measured_1": clamp_to_utc(end)}
    values |= build_group_parameters(uow, query.conditions)
    values |= _flag_parameters(uow, shape)
    if shape.search_mode == "words" and (shape.is_by_relevance or not shape.is_staff):
        values |= search_query.match_parameters(query.search, query.phrases)
    if shape.uses_search_index:
        values["words"] = search_query.build_match_query(
            query.search,
            query.phrases,
            dialect=shape.dialect,
            include_comments=query.search_comments,
        )
        values |= {
            f"phrase_{n}": f" {phrase} "
            for n, phrase in enumerate(search_query.list_phrases(query.search, query.phrases))
        }
    elif shape.search_mode == "number" and (reference := parse_search_reference(query.search)):
        values["numbered"] = find_readable_ids(uow, reference) or [NO_PERSON_ID]
    return values


def _flag_parameters(uow: UnitOfWork, shape: QueryShape) -> dict[str, object]:
    """Return the values of the filters that depend on the time, or on who asks."""
    values: dict[str, object] = {}
    if "overdue" in shape.flag_filters:
        values["now"] = uow.now
    if "unread" in shape.flag_filters:
        values["reader_id"] = uow.actor.id
    if not SNOOZE_FILTERS.isdisjoint(shape.flag_filters):
        values |= {"now": uow.now, "snoozer_id": uow.actor.id}
    return values


def build_tag_parameters(uow: UnitOfWork, query: TicketQuery) -> dict[str, object] | None:
    """Return the ids of the tags, as parameters; None if one of the tags does not exist."""
    if not query.tags:
        return {}
    tag_ids = tags.find_tag_ids(uow, query.tags)
    wanted_ids = [tag_ids.get(name.casefold()) for name in query.tags]
    if None in wanted_ids:
        return None
    return {f"tag_{n}": tag_id for n, tag_id in enumerate(wanted_ids)}

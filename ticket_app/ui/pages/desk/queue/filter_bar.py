"""The header of the queue: title, filters, search and sort order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import reflex as rx

from ticket_app.core.tickets.fields import TAGS, FieldView, TicketField, fields_shown_in
from ticket_app.ui import widgets as w
from ticket_app.ui.field_values import choice_labels, field_label
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.layout import new_ticket_button
from ticket_app.ui.pages.desk.lookup import extra_option, lookup_kind_of, lookup_menu, search_label
from ticket_app.ui.pages.desk.queue.filter_labels import ExtraFilter
from ticket_app.ui.pages.desk.queue.filters import FACT_FILTERS
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.queue.views import ME, UNASSIGNED
from ticket_app.ui.pages.desk.saved_views.view import save_buttons, view_menu
from ticket_app.ui.widgets.choices import VALUE_SHAPES
from ticket_app.ui.widgets.vars import Text

SLA_FILTERS = ("sla_met", "sla_breached", "response_met", "response_breached")
SORT_OPTIONS = (
    ("updated", texts.QUEUE_LAST_UPDATED),
    ("created", texts.QUEUE_CREATED),
    ("priority", texts.DESK_PRIORITY),
    ("due", texts.DESK_DUE),
    ("status", texts.DESK_STATUS),
)


def _check_mark(is_on: rx.Var[bool]) -> rx.Component:
    return rx.cond(
        is_on,
        rx.el.span(
            rx.icon("check", size=14),
            rx.el.span("selected", class_name="visually-hidden"),
            class_name="selected-mark",
        ),
    )


def _choice_filter(field: TicketField) -> rx.Component:
    """Return the filter of a field by several of its values."""
    shape = VALUE_SHAPES.get(field.name)
    shown = Queue.chips.labels[field.name]
    return w.filter_chip(
        field_label(field),
        shown,
        *(
            rx.dropdown_menu.item(
                *([shape(**{field.name: value})] if shape else []),
                label,
                _check_mark(Queue.chips.chosen[field.name].contains(value)),
                on_select=Queue.toggle_filter(field.name, value),
            )
            for value, label in choice_labels(field).items()
        ),
        is_active=shown != "",
    )


def _assignee_filter(field: TicketField) -> rx.Component:
    return rx.cond(
        ~Queue.chips.has_fixed_assignee,
        lookup_menu(
            _filter_button(field_label(field), Queue.chips.labels[field.name]),
            "staff",
            texts.DESK_SEARCH_PEOPLE,
            lambda entry: Queue.filter_by_assignee(entry.value),
            extra_option(texts.queue_any(field.label), Queue.filter_by("assignee", "")),
            extra_option(texts.DESK_ME, Queue.filter_by("assignee", ME), icon="user"),
            extra_option(
                texts.DESK_UNASSIGNED, Queue.filter_by("assignee", UNASSIGNED), icon="user-x"
            ),
        ),
    )


def _lookup_filter(field: TicketField) -> rx.Component:
    """Return the filter of a field by one of its rows, or by tags."""
    label = texts.QUEUE_TAG if field is TAGS else field_label(field)
    return lookup_menu(
        _filter_button(label, Queue.chips.labels[field.name]),
        lookup_kind_of(field),
        search_label(field),
        lambda entry: Queue.filter_by(field.name, entry.value),
        extra_option(texts.queue_any(label.lower()), Queue.filter_by(field.name, "")),
    )


def _section_filter(field: TicketField) -> rx.Component:
    shown = Queue.chips.labels[field.name]
    label = field_label(field)
    return _form_filter(
        label,
        shown,
        Queue.filter_by_section,
        _labelled_field(label, w.text_input(field.name, value=shown, key=shown)),
    )


FIELD_FILTERS: Final[dict[str, Callable[[TicketField], rx.Component]]] = {
    "assignee": _assignee_filter,
    "section": _section_filter,
}
"""The fields with a filter of their own; the others have that of their type."""
FREQUENT_FILTERS: Final = ("status", "priority", "assignee", "kind", "category", "tags", "company")
"""The fields whose filter is always in the header; others are there while they are active."""


def _field_filter(field: TicketField) -> rx.Component:
    default = _choice_filter if field.has_choices else _lookup_filter
    return FIELD_FILTERS.get(field.name, default)(field)


def _requester_filter() -> rx.Component:
    return lookup_menu(
        _filter_button(texts.DESK_REQUESTER, Queue.chips.labels["requester"]),
        "requester",
        texts.DESK_SEARCH_PEOPLE,
        lambda entry: Queue.filter_by_requester(entry.value),
        extra_option(
            texts.queue_any(texts.DESK_REQUESTER.lower()), Queue.filter_by("requester", "")
        ),
    )


def _filter_button(label: str, shown: Text) -> rx.Component:
    return rx.el.button(
        rx.cond(
            shown != "", rx.el.span(f"{label}: ", rx.el.b(shown, dir="auto")), rx.el.span(label)
        ),
        rx.icon("chevron-down", size=12),
        type="button",
        class_name="filter-button",
        data_active=rx.cond(shown != "", "true", "false"),
    )


def _form_filter(
    label: str, shown: Text, on_submit: rx.event.EventType, *fields: rx.Component
) -> rx.Component:
    return w.popover_root(
        rx.popover.trigger(_filter_button(label, shown)),
        rx.popover.content(
            rx.el.form(
                *fields,
                rx.el.div(
                    rx.popover.close(
                        w.button(texts.QUEUE_FILTER_APPLY, variant="primary", submit=True)
                    ),
                    class_name="align-end",
                ),
                on_submit=on_submit,
                class_name="compact-form",
            ),
            size="1",
            width="240px",
        ),
    )


def _labelled_field(label: str, field: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label), field)


def _day_input(name: str, label: str, day: Text) -> rx.Component:
    """Return a date field; its key replaces the field when the URL changes its value."""
    return w.text_input(name, input_type="date", value=day, aria_label=label, key=day)


def _created_filter() -> rx.Component:
    chips = Queue.chips
    return _form_filter(
        texts.QUEUE_CREATED,
        chips.dates,
        Queue.filter_by_dates,
        _labelled_field(
            texts.QUEUE_DATES_FROM, _day_input("since", texts.QUEUE_DATES_FROM, chips.since)
        ),
        _labelled_field(
            texts.QUEUE_DATES_TO, _day_input("until", texts.QUEUE_DATES_TO, chips.until)
        ),
    )


def _sla_filter() -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(_filter_button(texts.QUEUE_SLA, "")),
        rx.dropdown_menu.content(
            *(
                rx.dropdown_menu.item(
                    FACT_FILTERS[name],
                    _check_mark(Queue.chips.facts.contains(name)),
                    on_select=Queue.toggle_fact(name),
                )
                for name in SLA_FILTERS
            ),
            size="1",
        ),
    )


def _infrequent_filters() -> list[tuple[rx.Var[bool] | bool, rx.Component]]:
    """Return the filters that are used less often, each with whether it is active."""
    chips = Queue.chips
    fields = [
        field for field in fields_shown_in(FieldView.FILTER) if field.name not in FREQUENT_FILTERS
    ]
    return [
        *((chips.labels[field.name] != "", _field_filter(field)) for field in fields),
        (chips.labels["requester"] != "", _requester_filter()),
        (chips.dates != "", _created_filter()),
        (False, _sla_filter()),
    ]


def filter_bar() -> list[rx.Component]:
    """Return the filters of the header: the frequent ones, and the others that are active."""
    frequent = [
        field for field in fields_shown_in(FieldView.FILTER) if field.name in FREQUENT_FILTERS
    ]
    return [
        rx.foreach(Queue.chips.extras, _extra_filter),
        *map(_field_filter, frequent),
        *(
            rx.cond(~Queue.shows_more_filters & is_active, chip)
            for is_active, chip in _infrequent_filters()
            if is_active is not False
        ),
    ]


def infrequent_filters_row() -> rx.Component:
    """Return the row of the other filters, below the header."""
    return rx.cond(
        Queue.shows_more_filters,
        rx.el.div(
            *(chip for _, chip in _infrequent_filters()),
            class_name="more-filters",
            role="group",
            aria_label=texts.QUEUE_MORE_FILTERS,
        ),
    )


def _extra_filter(extra: rx.Var[ExtraFilter]) -> rx.Component:
    """Return a filter that a link has set; a click removes it."""
    return rx.el.button(
        rx.el.b(extra.text),
        rx.icon("x", size=12),
        type="button",
        class_name="filter-button",
        data_active="true",
        on_click=Queue.remove_filter(extra.name),
        title=texts.QUEUE_REMOVE_FILTER,
        key=extra.name,
    )


def _sort_menu() -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(w.icon_button("arrow-up-down", texts.QUEUE_SORT)),
        rx.dropdown_menu.content(
            *(
                rx.dropdown_menu.item(
                    word, _check_mark(Queue.sort == sort), on_select=Queue.sort_by(sort)
                )
                for sort, word in SORT_OPTIONS
            ),
            size="1",
            align="end",
        ),
    )


SEARCH_HINTS_ID: Final = "search-hints"


def search_hints() -> rx.Component:
    """Return what of the search could not be applied, below the header."""
    return rx.el.div(
        rx.foreach(
            Queue.search_hints,
            lambda hint: rx.el.p(rx.icon("info", size=14), hint, dir="auto", key=hint),
        ),
        id=SEARCH_HINTS_ID,
        class_name="search-hints",
        role="status",
    )


def queue_header() -> rx.Component:
    """Return the header with title, filters, search, sort order and New ticket."""
    return w.desk_header(
        Queue.heading,
        *filter_bar(),
        tools=(
            w.icon_button(
                "list-filter",
                texts.QUEUE_MORE_FILTERS,
                on_click=Queue.toggle_more_filters,
                aria_expanded=rx.cond(Queue.shows_more_filters, "true", "false"),
            ),
            rx.el.div(
                rx.cond(
                    Queue.chips.is_filtered & (Queue.saved.id == 0),
                    rx.el.button(
                        texts.QUEUE_FILTERS_CLEAR,
                        type="button",
                        class_name="filter-button quiet",
                        on_click=Queue.clear_filters,
                    ),
                ),
                save_buttons(),
                class_name="filter-actions",
            ),
            rx.el.div(
                w.search_field(
                    texts.QUEUE_SEARCH_TICKETS,
                    on_enter=Queue.open_by_number,
                    suggestions=Queue.search_suggestions,
                    described_by=SEARCH_HINTS_ID,
                ),
                class_name="desk-search",
            ),
            _sort_menu(),
            view_menu(),
            new_ticket_button(),
        ),
    )

"""The header of the queue: title, filters, search and sort order."""

from __future__ import annotations

from collections.abc import Mapping

import reflex as rx

from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.layout import new_ticket_button
from ticket_app.ui.pages.desk.lookup import extra_option, lookup_menu
from ticket_app.ui.pages.desk.queue.filter_labels import ExtraFilter
from ticket_app.ui.pages.desk.queue.filters import FACT_FILTERS
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.queue.views import ME, UNASSIGNED
from ticket_app.ui.widgets.badges import kind_shape, priority_shape, status_shape
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


def _choice_filter(
    name: str,
    label: str,
    shown: Text,
    chosen: rx.Var[tuple[str, ...]],
    looks: Mapping[str, theme.Look],
) -> rx.Component:
    mark = {"status": status_shape, "priority": priority_shape, "kind": kind_shape}[name]
    return w.filter_chip(
        label,
        shown,
        *(
            rx.dropdown_menu.item(
                mark(**{name: word}),
                look.word,
                _check_mark(chosen.contains(word)),
                on_select=Queue.toggle_filter(name, word),
            )
            for word, look in looks.items()
        ),
        is_active=shown != "",
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


def filter_bar() -> list[rx.Component]:
    """Return the filter menus."""
    chips = Queue.chips
    return [
        rx.foreach(chips.extras, _extra_filter),
        _choice_filter(
            "status", texts.DESK_STATUS, chips.status, chips.statuses, theme.STATUS_LOOKS
        ),
        _choice_filter(
            "priority", texts.DESK_PRIORITY, chips.priority, chips.priorities, theme.PRIORITY_LOOKS
        ),
        rx.cond(
            ~chips.has_fixed_assignee,
            lookup_menu(
                _filter_button(texts.DESK_ASSIGNEE, chips.assignee),
                "staff",
                texts.DESK_SEARCH_PEOPLE,
                lambda entry: Queue.filter_by_assignee(entry.value),
                extra_option(texts.QUEUE_ANY_ASSIGNEE, Queue.filter_by("assignee", "")),
                extra_option(texts.DESK_ME, Queue.filter_by("assignee", ME), icon="user"),
                extra_option(
                    texts.DESK_UNASSIGNED, Queue.filter_by("assignee", UNASSIGNED), icon="user-x"
                ),
            ),
        ),
        _choice_filter("kind", texts.DESK_KIND, chips.kind, chips.kinds, theme.KIND_LOOKS),
        lookup_menu(
            _filter_button(texts.DESK_COMPANY, chips.company),
            "company",
            texts.DESK_SEARCH_COMPANIES,
            lambda entry: Queue.filter_by("company", entry.value),
            extra_option(texts.QUEUE_ANY_COMPANY, Queue.filter_by("company", "")),
        ),
        lookup_menu(
            _filter_button(texts.QUEUE_TAG, chips.tag),
            "tag",
            texts.QUEUE_SEARCH_TAGS,
            lambda entry: Queue.filter_by("tag", entry.value),
            extra_option(texts.QUEUE_ANY_TAG, Queue.filter_by("tag", "")),
        ),
        _form_filter(
            texts.QUEUE_CREATED,
            chips.dates,
            Queue.filter_by_dates,
            _labelled_field(
                texts.QUEUE_DATES_FROM,
                _day_input("since", texts.QUEUE_DATES_FROM, chips.since),
            ),
            _labelled_field(
                texts.QUEUE_DATES_TO, _day_input("until", texts.QUEUE_DATES_TO, chips.until)
            ),
        ),
        w.menu_root(
            rx.dropdown_menu.trigger(_filter_button(texts.QUEUE_SLA, "")),
            rx.dropdown_menu.content(
                *(
                    rx.dropdown_menu.item(
                        FACT_FILTERS[name],
                        _check_mark(chips.facts.contains(name)),
                        on_select=Queue.toggle_fact(name),
                    )
                    for name in SLA_FILTERS
                ),
                size="1",
            ),
        ),
        _form_filter(
            texts.DESK_SECTION,
            chips.section,
            Queue.filter_by_section,
            _labelled_field(
                texts.DESK_SECTION, w.text_input("section", value=chips.section, key=chips.section)
            ),
        ),
    ]


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


def queue_header() -> rx.Component:
    """Return the header with title, filters, search, sort order and New ticket."""
    return w.desk_header(
        Queue.heading,
        *filter_bar(),
        tools=(
            rx.cond(
                Queue.chips.is_filtered,
                rx.el.button(
                    texts.QUEUE_FILTERS_CLEAR,
                    type="button",
                    class_name="filter-button quiet",
                    on_click=Queue.clear_filters,
                ),
            ),
            rx.el.div(
                w.search_field(texts.QUEUE_SEARCH_TICKETS, on_enter=Queue.open_by_number),
                class_name="desk-search",
            ),
            _sort_menu(),
            new_ticket_button(),
        ),
    )

"""The queue page: filters, the list of tickets, bulk actions and the preview."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.tickets.transitions import REQUIRED_INPUT
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.components.fresh_rows import FreshRowsButton
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.layout import desk_page, new_ticket_button
from ticket_app.ui.pages.desk.lookup import extra_option, lookup_list, lookup_menu
from ticket_app.ui.pages.desk.queue.filters import FACT_FILTERS
from ticket_app.ui.pages.desk.queue.state import CHANGE_DIALOG, Queue
from ticket_app.ui.pages.desk.queue.views import ME, UNASSIGNED
from ticket_app.ui.widgets.badges import kind_shape, priority_shape, status_shape

SLA_FILTERS = ("sla_met", "sla_breached", "response_met", "response_breached")
SORT_OPTIONS = (
    ("updated", texts.QUEUE_LAST_UPDATED),
    ("created", texts.QUEUE_CREATED),
    ("priority", texts.DESK_PRIORITY),
    ("due", texts.DESK_DUE),
    ("status", texts.DESK_STATUS),
)


def _check_mark(is_on: Any) -> rx.Component:
    return rx.cond(
        is_on,
        rx.el.span(
            rx.icon("check", size=14), rx.el.span("selected", class_name="hear"), class_name="tick"
        ),
    )


def _choice_filter(
    name: str, label: str, shown: Any, chosen: Any, looks: dict[str, Any]
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


def _filter_button(label: str, shown: Any) -> rx.Component:
    return rx.el.button(
        rx.cond(
            shown != "", rx.el.span(f"{label}: ", rx.el.b(shown, dir="auto")), rx.el.span(label)
        ),
        rx.icon("chevron-down", size=12),
        type="button",
        class_name="filter",
        data_on=rx.cond(shown != "", "true", "false"),
    )


def _form_filter(label: str, shown: Any, on_submit: Any, *fields: rx.Component) -> rx.Component:
    return w.popover_root(
        rx.popover.trigger(_filter_button(label, shown)),
        rx.popover.content(
            rx.el.form(
                *fields,
                rx.el.div(
                    rx.popover.close(
                        w.button(texts.QUEUE_FILTER_APPLY, variant="primary", submit=True)
                    ),
                    class_name="end",
                ),
                on_submit=on_submit,
                class_name="small-form",
            ),
            size="1",
            width="240px",
        ),
    )


def _labelled_field(label: str, field: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label), field)


def _day_input(name: str, label: str, day: Any) -> rx.Component:
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


def _extra_filter(extra: Any) -> rx.Component:
    """Return a filter that a link has set; a click removes it."""
    return rx.el.button(
        rx.el.b(extra.text),
        rx.icon("x", size=12),
        type="button",
        class_name="filter",
        data_on="true",
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
                    class_name="filter quiet",
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


def _ticket_row(ticket: Any) -> rx.Component:
    line = w.queue_row(
        to=ticket.href,
        number=ticket.number,
        title=ticket.title,
        last_comment=ticket.last_comment,
        status=ticket.status,
        priority=ticket.priority,
        tags=ticket.tags,
        due=ticket.clock.due,
        due_state=ticket.clock.state,
        due_since=ticket.clock.since,
        due_goal=ticket.clock.goal,
        assignee=ticket.assignee,
        assignee_initials=ticket.assignee_initials,
        assignee_color=ticket.assignee_color,
        updated_at=ticket.updated_at,
        is_done=ticket.done,
        is_open=Queue.preview.id == ticket.id,
        is_selected=Queue.selected_ids.contains(ticket.id),
        on_select=Queue.select(ticket.id),
        actions=(
            w.icon_button(
                "hand",
                texts.QUEUE_ASSIGN_TO_ME,
                size="small",
                on_click=Queue.assign_to_me(ticket.id, ticket.version),
            ),
            w.icon_button(
                "circle-dot",
                texts.DESK_STATUS,
                size="small",
                on_click=Queue.open_change_dialog("status", ticket.id),
                data_row_shortcut="s",
            ),
            w.icon_button(
                "signal",
                texts.DESK_PRIORITY,
                size="small",
                on_click=Queue.open_change_dialog("priority", ticket.id),
                data_row_shortcut="p",
            ),
            w.icon_button(
                "user-plus",
                texts.QUEUE_ASSIGN,
                size="small",
                on_click=Queue.open_change_dialog("assignee", ticket.id),
                data_row_shortcut="a",
            ),
            w.icon_button(
                "eye",
                texts.DESK_PREVIEW,
                size="small",
                on_click=Queue.toggle_preview(ticket.id),
                data_peek="true",
            ),
        ),
    )
    line.key = ticket.id
    return line


def _column_sort(column: str, sort: str, label: Any) -> tuple[str, rx.Component]:
    return column, w.sort_button(
        label,
        is_active=Queue.sort == sort,
        descending=Queue.descending,
        on_click=Queue.sort_by(sort),
    )


def _hidden_text(word: str) -> rx.Component:
    return rx.el.span(word, class_name="hear")


def _ticket_list() -> rx.Component:
    return w.ticket_table(
        rx.foreach(Queue.rows, _ticket_row),
        sort_buttons=(
            _column_sort("status", "status", _hidden_text(texts.DESK_STATUS)),
            _column_sort("priority", "priority", _hidden_text(texts.DESK_PRIORITY)),
            _column_sort("key", "number", texts.QUEUE_NUMBER),
            _column_sort("sla", "due", texts.DESK_DUE),
            _column_sort("age", "updated", texts.QUEUE_UPDATED),
        ),
        is_selecting=Queue.selected_ids.length() > 0,
    )


def _new_tickets_button() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Queue.new_count > 0,
            FreshRowsButton.create(
                rx.icon("arrow-up", size=12),
                Queue.new_count,
                " new",
                class_name="news",
                on_click=Queue.show_new_tickets,
            ),
        ),
        role="status",
        class_name="news-place",
    )


def _bulk_actions() -> rx.Component:
    return rx.cond(
        Queue.selected_ids.length() > 0,
        w.bulk_bar(
            rx.cond(
                (Queue.selected_ids.length() > 1)
                & (Queue.selected_ids.length() == Queue.rows.length()),
                rx.cond(Queue.is_truncated, texts.QUEUE_SELECTION_FIRST, texts.QUEUE_SELECTION_ALL),
                "",
            ).to(str)
            + Queue.selected_ids.length().to_string()
            + rx.match(
                rx.cond(Queue.selected_ids.length() == Queue.rows.length(), "all", "some"),
                (
                    "all",
                    rx.cond(
                        Queue.shows_whole_view,
                        texts.QUEUE_SELECTION_IN_VIEW,
                        texts.QUEUE_SELECTION_ON_PAGE,
                    ),
                ),
                " selected",
            ).to(str),
            w.button(
                texts.QUEUE_ASSIGN,
                icon="user-plus",
                on_click=Queue.open_change_dialog("assignee", 0),
                data_shortcut="a",
            ),
            w.button(
                texts.DESK_STATUS,
                icon="circle-dot",
                on_click=Queue.open_change_dialog("status", 0),
                data_shortcut="s",
            ),
            w.button(
                texts.DESK_PRIORITY,
                icon="signal",
                on_click=Queue.open_change_dialog("priority", 0),
                data_shortcut="p",
            ),
            w.button(
                texts.DESK_DELETE,
                icon="trash-2",
                variant="danger",
                on_click=Queue.delete_selected(Queue.selected_ids),
            ),
            rx.cond(
                Queue.selected_ids.length() < Queue.rows.length(),
                w.button(texts.QUEUE_SELECT_PAGE, variant="quiet", on_click=Queue.select_page),
                rx.cond(
                    Queue.select_more_label != "",
                    w.button(
                        Queue.select_more_label, variant="quiet", on_click=Queue.select_whole_view
                    ),
                ),
            ),
            w.icon_button(
                "x",
                texts.QUEUE_CLEAR_SELECTION,
                on_click=Queue.clear_selection,
                data_shortcut="Escape",
            ),
        ),
    )


def _change_option(mark: rx.Component, word: str, name: str, value: str) -> rx.Component:
    return rx.el.button(
        mark,
        rx.el.span(word),
        type="button",
        class_name="found",
        on_click=Queue.apply_change(OpenDialog.fingerprint, name, value),
    )


def _change_options() -> rx.Component:
    return rx.match(
        Queue.change_name,
        (
            "status",
            OptionList.create(
                *(
                    _change_option(status_shape(status=word), look.word, "status", word)
                    for word, look in theme.STATUS_LOOKS.items()
                    if word not in REQUIRED_INPUT
                ),
                class_name="founds",
            ),
        ),
        (
            "priority",
            OptionList.create(
                *(
                    _change_option(priority_shape(priority=word), look.word, "priority", word)
                    for word, look in reversed(theme.PRIORITY_LOOKS.items())
                ),
                class_name="founds",
            ),
        ),
        rx.fragment(),
    )


def _change_dialog() -> rx.Component:
    return dialog_root(
        CHANGE_DIALOG,
        rx.dialog.content(
            rx.dialog.title(
                rx.match(
                    Queue.change_name,
                    ("status", texts.DESK_STATUS),
                    ("priority", texts.DESK_PRIORITY),
                    texts.DESK_ASSIGNEE,
                ),
                " of ",
                Queue.change_subject,
                size="2",
                margin_bottom="12px",
            ),
            rx.cond(Queue.change_name == "assignee", _assignee_options(), _change_options()),
            max_width="320px",
            aria_describedby="",
        ),
    )


def _assignee_options() -> rx.Component:
    return lookup_list(
        "staff",
        texts.DESK_SEARCH_PEOPLE,
        lambda entry: Queue.apply_change(OpenDialog.fingerprint, "assignee", entry.value),
        rx.el.button(
            rx.icon("user-x", size=14),
            rx.el.span(texts.DESK_UNASSIGNED),
            type="button",
            class_name="found",
            on_click=Queue.apply_change(OpenDialog.fingerprint, "assignee", ""),
        ),
        closes_menu=False,
    )


def _preview_panel() -> rx.Component:
    ticket = Queue.preview
    return rx.cond(
        ticket.id > 0,
        rx.el.aside(
            rx.el.header(
                w.ticket_key(ticket.number, copy=True),
                rx.el.span(
                    w.icon_button(
                        "x",
                        texts.QUEUE_PREVIEW_CLOSE,
                        size="small",
                        on_click=Queue.close_preview,
                        data_shortcut="Escape",
                    ),
                    class_name="end",
                ),
            ),
            rx.el.h2(
                w.link(ticket.title, to=ticket.href, dir="auto"),
                class_name="ticket-title",
                dir="auto",
            ),
            rx.el.p(
                w.status_badge(ticket.status),
                w.priority_badge(ticket.priority),
                rx.cond(ticket.assignee != "", w.user_text(ticket.assignee), texts.DESK_UNASSIGNED),
                class_name="facts",
            ),
            rx.el.p(
                w.user_text(ticket.requester),
                rx.cond(ticket.company != "", rx.el.span(" · ", w.user_text(ticket.company))),
                " · ",
                w.time_ago(ticket.created_at),
                class_name="soft",
            ),
            w.prose(ticket.html),
            rx.cond(
                ticket.last_at != "",
                rx.el.section(
                    rx.el.p(
                        texts.QUEUE_PREVIEW_LATEST_REPLY,
                        w.time_ago(ticket.last_at),
                        class_name="soft",
                    ),
                    w.prose(ticket.last_html),
                ),
            ),
            rx.el.div(
                w.button_link(texts.DESK_OPEN, to=ticket.href, variant="primary"),
                class_name="do",
            ),
            class_name="peek",
            aria_label=texts.DESK_PREVIEW,
        ),
    )


def _search_elsewhere() -> rx.Component:
    return rx.cond(
        Queue.elsewhere != "",
        rx.el.p(
            Queue.elsewhere,
            texts.QUEUE_SEARCH_MORE_ELSEWHERE,
            w.link(texts.QUEUE_SEARCH_ALL_TICKETS, to=Queue.everywhere),
            class_name="elsewhere",
            role="status",
        ),
    )


def _empty_list() -> rx.Component:
    return rx.cond(
        Queue.chips.is_filtered,
        w.empty_state(
            "search",
            Queue.empty_title,
            Queue.empty_text,
            rx.cond(
                Queue.elsewhere != "",
                w.button_link(texts.QUEUE_SEARCH_ALL_TICKETS, to=Queue.everywhere),
                w.button(Queue.clear_label, on_click=Queue.clear_filters),
            ),
        ),
        w.empty_state("inbox", Queue.empty_title, Queue.empty_text),
    )


WINDOW_TITLE = rx.cond(Queue.heading != "", Queue.heading, texts.QUEUE_WINDOW_TITLE)
"""The title of the browser window."""


def queue_page() -> rx.Component:
    """Return the page."""
    return desk_page(
        queue_header(),
        w.server_time(Queue.server_time),
        rx.cond(
            Queue.is_loaded,
            rx.cond(
                Queue.rows.length() > 0,
                rx.fragment(
                    _new_tickets_button(),
                    _search_elsewhere(),
                    _ticket_list(),
                    w.pager(
                        Queue.range_text,
                        has_previous=Queue.has_previous,
                        has_next=Queue.has_next,
                        on_previous=Queue.previous_page,
                        on_next=Queue.next_page,
                    ),
                ),
                rx.fragment(_new_tickets_button(), _empty_list()),
            ),
            w.queue_skeleton(18),
        ),
        _bulk_actions(),
        _preview_panel(),
        _change_dialog(),
        on_undo=Queue.refresh_after_undo,
    )

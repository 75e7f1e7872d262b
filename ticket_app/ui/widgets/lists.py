"""Ticket lists: the staff queue, the portal's cards, sorting and paging."""

from collections.abc import Sequence
from typing import Any, Final

import reflex as rx

from ticket_app.ui.components.address_field import address_field
from ticket_app.ui.components.row_list import RowList
from ticket_app.ui.components.tab_link import TabLink
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.badges import (
    avatar,
    count,
    key_caps,
    priority_icon_with_label,
    sla_chip,
    status_badge,
    status_icon_with_label,
    tag_chip,
    ticket_key,
    time_ago,
    time_short,
    unassigned_avatar,
)
from ticket_app.ui.widgets.buttons import link
from ticket_app.ui.widgets.overlays import menu_root
from ticket_app.ui.widgets.vars import (
    Flag,
    Number,
    Text,
    aria_current,
    bool_attribute,
    may_be_present,
)


def queue_row(
    *,
    to: Text,
    number: Text,
    title: Text,
    last_comment: Text,
    replied: Text = "",
    presence: rx.Component | None = None,
    status: Text,
    priority: Text,
    tags: Sequence[str] | rx.Var,
    due: Text,
    due_state: Text,
    due_since: Text = "",
    due_goal: Text = "",
    assignee: Text,
    assignee_initials: Text,
    assignee_color: Number,
    updated_at: Text,
    is_unread: Flag = False,
    is_done: Flag = False,
    is_open: Flag = False,
    is_selected: Flag = False,
    on_select: rx.event.EventType | None = None,
    actions: Sequence[rx.Component] = (),
) -> rx.Component:
    """Return a ticket in the queue, 36 px high.

    The title is the link and covers the row. `is_done` grays the title, `is_open` marks the ticket
    in the preview. `on_select` adds a checkbox (the handler receives whether it is checked).
    `actions` are icon buttons shown at the right end on hover and focus. An empty `assignee` is
    unassigned. `replied` says who wrote `last_comment`; `presence` is who has the ticket open.
    """
    chips = (
        rx.foreach(tags, lambda word: tag_chip(word))  # noqa: PLW0108
        if isinstance(tags, rx.Var)
        else rx.fragment(*(tag_chip(t) for t in tags))
    )
    unread_dot = rx.cond(
        is_unread,
        rx.el.span(
            rx.el.span(texts.LIST_UNREAD, class_name="visually-hidden"), class_name="unread-dot"
        ),
    )
    assignee_avatar = avatar(assignee_initials, assignee, assignee_color, size=24)
    checkbox = (
        [
            rx.el.input(
                type="checkbox",
                checked=is_selected,
                on_change=on_select,
                aria_label=rx.Var.create(texts.LIST_SELECT) + number,
                data_row_checkbox="true",
                tab_index=-1,
            )
        ]
        if on_select is not None
        else []
    )
    return rx.el.div(
        rx.el.span(unread_dot, *checkbox, class_name="row-checkbox", role="cell"),
        rx.el.span(status_icon_with_label(status), class_name="row-status", role="cell"),
        rx.el.span(priority_icon_with_label(priority), class_name="row-priority", role="cell"),
        rx.el.span(ticket_key(number), class_name="row-key", role="cell"),
        rx.el.span(
            link(title, to=to, class_name="row-link truncate", title=title, dir="auto"),
            rx.el.span(
                rx.cond(replied, rx.el.span(replied, class_name="last-replier", dir="auto")),
                rx.el.span(last_comment, dir="auto"),
                class_name="last-comment truncate",
            ),
            *([presence] if presence is not None else []),
            class_name="row-title",
            role="cell",
        ),
        rx.el.span(chips, class_name="row-tags", role="cell"),
        rx.el.span(
            sla_chip(due, due_state, due_since, due_goal), class_name="row-sla", role="cell"
        ),
        rx.el.span(
            rx.cond(assignee, assignee_avatar, unassigned_avatar())
            if isinstance(assignee, rx.Var)
            else (assignee_avatar if assignee else unassigned_avatar()),
            class_name="row-assignee",
            role="cell",
        ),
        rx.el.span(time_short(updated_at), class_name="row-updated", role="cell"),
        *([rx.el.span(*actions, class_name="row-actions", role="cell")] if actions else []),
        class_name="row",
        role="row",
        aria_current=bool_attribute(is_open),
        data_unread=bool_attribute(is_unread),
        data_done=bool_attribute(is_done),
        data_row="true",
    )


def sort_button(
    label: Text, *, is_active: Flag, descending: Flag, on_click: rx.event.EventType
) -> rx.Component:
    """Return a column header that sorts by it; the arrow shows the direction."""
    return rx.el.button(
        label,
        rx.icon("arrow-up", size=12),
        type="button",
        class_name="sort-button",
        on_click=on_click,
        data_active=bool_attribute(is_active),
        data_descending=bool_attribute(descending),
    )


def ticket_table(
    rows: rx.Component | rx.Var,
    *,
    sort_buttons: Sequence[tuple[str, rx.Component]] = (),
    is_selecting: Flag = False,
    label: Text = texts.LIST_TICKETS,
) -> rx.Component:
    """Return the table of `queue_row`s with its keys (j, k, arrows, Enter, x).

    `sort_buttons` are (column, `sort_button`) with column one of key, title, sla, who, age.
    """
    head = [rx.el.span()] + [
        rx.el.span(sort, role="columnheader", data_column=column) for column, sort in sort_buttons
    ]
    return rx.el.div(
        *([rx.el.div(*head, class_name="queue-header", role="row")] if sort_buttons else []),
        RowList.create(rows, role="rowgroup"),
        class_name="queue",
        role="table",
        aria_label=label,
        data_selecting=bool_attribute(is_selecting),
    )


def filter_chip(
    label: str, value: Text = "", *items: rx.Component, is_active: Flag = False
) -> rx.Component:
    """Return a filter with its menu: "Status: Open" when active."""
    shown = (
        rx.cond(is_active, rx.el.span(f"{label}: ", rx.el.b(value, dir="auto")), rx.el.span(label))
        if isinstance(is_active, rx.Var)
        else (
            rx.el.span(f"{label}: ", rx.el.b(value, dir="auto")) if is_active else rx.el.span(label)
        )
    )
    return menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                shown,
                rx.icon("chevron-down", size=12),
                type="button",
                class_name="filter-button",
                data_active=bool_attribute(is_active),
            )
        ),
        rx.dropdown_menu.content(*items, size="1"),
    )


SEARCH_SUGGESTIONS_ID: Final = "search-suggestions"


def search_field(
    label: str = texts.LIST_SEARCH,
    *,
    param: str = "q",
    on_enter: rx.event.EventType[str] | None = None,
    suggestions: rx.Var[list[str]] | None = None,
    described_by: str = "",
) -> rx.Component:
    """Return a search field for a parameter of the URL; "/" focuses it.

    `on_enter` receives the text when Enter is pressed. `suggestions` are offered while typing;
    `described_by` is the id of what explains the search.
    """
    props: dict[str, Any] = {} if on_enter is None else {"on_enter": on_enter}
    options: list[rx.Component] = []
    if suggestions is not None:
        props["list"] = SEARCH_SUGGESTIONS_ID
        options.append(
            rx.el.datalist(
                rx.foreach(suggestions, lambda text: rx.el.option(value=text, key=text)),
                id=SEARCH_SUGGESTIONS_ID,
            )
        )
    if described_by:
        props["aria_describedby"] = described_by
    return rx.el.div(
        rx.icon("search", size=14, stroke_width=2),
        address_field(
            param,
            type="search",
            placeholder=label,
            aria_label=label,
            auto_complete="off",
            max_length=200,
            dir="auto",
            data_shortcut="/",
            **props,
        ),
        *options,
        key_caps("/"),
        class_name="search-box",
        role="search",
    )


def pager(
    range_text: Text,
    *,
    has_previous: Flag,
    has_next: Flag,
    on_previous: rx.event.EventType,
    on_next: rx.event.EventType,
) -> rx.Component:
    """Return the buttons for the previous and the next page; `range_text` is "1-25 of 1,204"."""
    return rx.el.nav(
        rx.el.span(range_text, role="status"),
        rx.el.div(
            rx.el.button(
                rx.icon("chevron-left", size=14),
                texts.LIST_PREVIOUS,
                type="button",
                class_name="pagination-button",
                disabled=~has_previous if isinstance(has_previous, rx.Var) else not has_previous,
                on_click=on_previous,
            ),
            rx.el.button(
                texts.LIST_NEXT,
                rx.icon("chevron-right", size=14),
                type="button",
                class_name="pagination-button",
                disabled=~has_next if isinstance(has_next, rx.Var) else not has_next,
                on_click=on_next,
            ),
            class_name="align-end",
        ),
        class_name="pagination",
        aria_label=texts.LIST_PAGES,
    )


def bulk_bar(selection_text: Text, *actions: rx.Component) -> rx.Component:
    """Return the bar of bulk actions: "3 selected" and its buttons."""
    return rx.el.div(
        rx.el.b(selection_text),
        *actions,
        class_name="bulk-actions",
        role="toolbar",
        aria_label=texts.LIST_SELECTED_TICKETS,
    )


def tab_link(
    label: Text, *, to: Text, is_current: Flag, number: Number | Text | None = None
) -> rx.Component:
    """Return a tab that is a link, with its count."""
    numbers = [count(number)] if number is not None else []
    return TabLink.create(label, *numbers, to=to, aria_current=aria_current(is_current))


def tab_links(*tabs: rx.Component, label: str = texts.LIST_STATUS) -> rx.Component:
    """Return a row of `tab_link`s."""
    return rx.el.nav(*tabs, class_name="tabs", aria_label=label)


def ticket_card(
    *,
    to: Text,
    number: Text,
    title: Text,
    last_comment: Text,
    status: Text,
    updated_at: Text,
    priority: Text = "",
    facts: Sequence[rx.Component] = (),
    is_unread: Flag = False,
) -> rx.Component:
    """Return a ticket for its requester; `facts` are shown in the last line."""
    unread_dot = rx.el.span(
        rx.el.span(texts.LIST_UNREAD, class_name="visually-hidden"), class_name="unread-dot"
    )
    return rx.el.article(
        rx.el.h2(
            rx.cond(is_unread, unread_dot),
            link(title, to=to, class_name="row-link", dir="auto"),
            dir="auto",
        ),
        rx.el.span(status_badge(status, "requester"), class_name="ticket-card-status"),
        rx.el.p(last_comment, class_name="last-comment truncate", dir="auto"),
        rx.el.div(
            ticket_key(number),
            rx.el.span("updated ", time_ago(updated_at)),
            *([priority_icon_with_label(priority)] if may_be_present(priority) else []),
            *facts,
            class_name="ticket-card-details",
        ),
        class_name="ticket-card",
        data_unread=bool_attribute(is_unread),
    )


def cards(*items: rx.Component | rx.Var) -> rx.Component:
    """Return a column of `ticket_card`s."""
    return rx.el.div(*items, class_name="ticket-cards")

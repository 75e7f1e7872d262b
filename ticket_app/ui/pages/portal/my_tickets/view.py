"""The requester's ticket list: numbers, tabs, filters and cards."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from ticket_app.ui import routes, theme
from ticket_app.ui import widgets as w
from ticket_app.ui.components.row_list import RowList
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.layout import portal_page
from ticket_app.ui.pages.portal.my_tickets.state import (
    CREATED_PERIODS,
    OF_COMPANY,
    SORT_OPTIONS,
    MyTickets,
    Tab,
    TicketCard,
)


def _number_link(number: rx.Var[int], label: str, *, to: str, tone: str) -> rx.Component:
    return w.link(
        rx.el.strong(number, class_name="tabular-numbers"),
        rx.el.span(label),
        to=to,
        class_name=f"ticket-count {tone}",
        data_zero=rx.cond(number == 0, "true", "false"),
    )


def _number_links() -> rx.Component:
    return rx.el.div(
        _number_link(
            MyTickets.open_count,
            texts.TICKETS_NUMBER_OPEN,
            to=f"{routes.PORTAL}?tab=open",
            tone="tone-blue",
        ),
        _number_link(
            MyTickets.waiting_count,
            texts.TICKETS_NUMBER_WAITING,
            to=f"{routes.PORTAL}?tab=waiting",
            tone="tone-violet",
        ),
        class_name="ticket-counts",
        aria_label=texts.TICKETS_NUMBERS,
        role="group",
    )


def _tab_link(tab: rx.Var[Tab]) -> rx.Component:
    return w.tab_link(tab.label, to=tab.href, is_current=tab.is_current, number=tab.number)


def _menu_items(name: str, options: dict[str, str], clear_label: str = "") -> list[rx.Component]:
    items = [
        rx.dropdown_menu.item(label, on_select=MyTickets.filter_by(name, word))
        for word, label in options.items()
    ]
    if clear_label:
        items = [
            rx.dropdown_menu.item(clear_label, on_select=MyTickets.filter_by(name, "")),
            rx.dropdown_menu.separator(),
            *items,
        ]
    return items


def _day_field(range_end: Literal["first", "last"]) -> rx.Component:
    """Return one end of the date range. Years are typed digit by digit, so dates start at 2000."""
    return w.address_field(
        "created", side=range_end, delay=600, type="date", min="2000-01-01", class_name="input"
    )


def _filters() -> rx.Component:
    kinds = {word: look.word for word, look in theme.KIND_LOOKS.items()}
    priorities = {word: look.word for word, look in theme.PRIORITY_LOOKS.items()}
    created = {word: label for word, (label, _) in CREATED_PERIODS.items()}
    return rx.el.div(
        w.search_field(texts.TICKETS_SEARCH, on_enter=MyTickets.open_by_number),
        rx.el.div(
            w.filter_chip(
                texts.TICKETS_TYPE,
                rx.match(MyTickets.kind, *kinds.items(), ""),
                *_menu_items("kind", kinds, texts.TICKETS_ANY_TYPE),
                is_active=MyTickets.kind != "",
            ),
            w.filter_chip(
                texts.TICKETS_PRIORITY,
                rx.match(MyTickets.priority, *priorities.items(), ""),
                *_menu_items("priority", priorities, texts.TICKETS_ANY_PRIORITY),
                is_active=MyTickets.priority != "",
            ),
            w.filter_chip(
                texts.TICKETS_CREATED,
                MyTickets.created_label,
                *_menu_items("created", created, texts.TICKETS_CREATED_ANY),
                rx.dropdown_menu.item(
                    texts.TICKETS_CREATED_RANGE_ITEM, on_select=MyTickets.show_date_fields
                ),
                is_active=MyTickets.created != "",
            ),
            w.filter_chip(
                texts.TICKETS_SORT,
                MyTickets.sort_label,
                *_menu_items("sort", {word: label for word, (label, *_) in SORT_OPTIONS.items()}),
                is_active=MyTickets.sort != "updated",
            ),
            rx.cond(
                MyTickets.is_filtered,
                rx.el.button(
                    texts.TICKETS_CLEAR_FILTERS,
                    type="button",
                    class_name="filter-button",
                    on_click=MyTickets.clear_filters,
                ),
            ),
            class_name="filter-bar",
            role="group",
            aria_label=texts.TICKETS_FILTERS,
        ),
        rx.cond(
            MyTickets.shows_date_fields,
            rx.el.div(
                rx.el.label(texts.TICKETS_CREATED_FROM, _day_field("first")),
                rx.el.label("to", _day_field("last")),
                class_name="date-range",
            ),
        ),
        class_name="list-search",
    )


def _ticket_card(card: rx.Var[TicketCard]) -> rx.Component:
    return rx.el.div(
        w.ticket_card(
            to=card.href,
            number=card.number,
            title=card.title,
            last_comment=card.last_comment,
            status=card.status,
            updated_at=card.updated_at,
            is_unread=card.is_unread,
            priority=card.priority,
            facts=[
                w.kind_icon_with_label(card.kind),
                rx.cond(
                    card.comments > 0,
                    rx.el.span(
                        rx.icon("message-square", size=14, stroke_width=1.75),
                        card.comments,
                        rx.el.span(texts.TICKETS_COMMENTS, class_name="visually-hidden"),
                        class_name="icon-label",
                    ),
                ),
                rx.cond(card.requester != "", w.user_text(card.requester)),
            ],
        ),
        key=card.number,
        data_row="true",
    )


def _empty_list() -> rx.Component:
    return rx.cond(
        (MyTickets.total == 0) & (MyTickets.scope != OF_COMPANY),
        w.empty_state(
            "message-square",
            texts.TICKETS_EMPTY_TITLE,
            texts.TICKETS_EMPTY_HINT,
            w.button_link(
                texts.TICKETS_EMPTY_NEW_TICKET,
                to=routes.PORTAL_NEW,
                variant="primary",
                data_shortcut="n",
            ),
        ),
        rx.cond(
            MyTickets.is_filtered,
            w.empty_state(
                "search",
                texts.TICKETS_NO_MATCH_TITLE,
                texts.TICKETS_NO_MATCH_HINT,
                w.button(texts.TICKETS_CLEAR_FILTERS, on_click=MyTickets.clear_filters),
            ),
            w.empty_state(
                "check",
                texts.TICKETS_EMPTY_TAB_TITLE,
                texts.TICKETS_EMPTY_TAB_HINT,
                w.button_link(texts.TICKETS_EMPTY_TAB_ALL, to=routes.PORTAL),
            ),
        ),
    )


def _scope_links() -> rx.Component:
    """Return the choice between own tickets and those of the company, where they are shared."""
    is_company = MyTickets.scope == OF_COMPANY
    return rx.cond(
        MyTickets.can_read_company,
        rx.el.div(
            w.tab_links(
                w.tab_link(texts.TICKETS_SCOPE_OWN, to=routes.PORTAL, is_current=~is_company),
                w.tab_link(
                    texts.TICKETS_SCOPE_COMPANY,
                    to=f"{routes.PORTAL}?scope={OF_COMPANY}",
                    is_current=is_company,
                ),
            ),
            class_name="ticket-scopes",
        ),
    )


def my_tickets_page() -> rx.Component:
    shown = rx.fragment(
        _scope_links(),
        rx.cond(
            (MyTickets.total > 0) | (MyTickets.scope == OF_COMPANY),
            rx.fragment(
                rx.cond(MyTickets.scope != OF_COMPANY, _number_links()),
                w.tab_links(rx.foreach(MyTickets.tabs, _tab_link)),
                _filters(),
            ),
        ),
        rx.cond(
            MyTickets.cards,
            rx.fragment(
                RowList.create(
                    rx.foreach(MyTickets.cards, _ticket_card), class_name="ticket-cards"
                ),
                rx.cond(
                    MyTickets.has_more,
                    rx.el.div(
                        w.button(texts.TICKETS_SHOW_MORE, on_click=MyTickets.show_more),
                        class_name="load-more",
                    ),
                ),
            ),
            _empty_list(),
        ),
    )
    return portal_page(
        w.page_heading(
            texts.MY_TICKETS,
            "",
            rx.cond(
                MyTickets.total > 0,
                w.button_link(
                    texts.NEW_TICKET,
                    to=routes.PORTAL_NEW,
                    variant="primary",
                    icon="plus",
                    data_shortcut="n",
                ),
            ),
        ),
        rx.cond(MyTickets.is_loaded, shown, w.card_skeleton()),
        current_page="tickets",
    )

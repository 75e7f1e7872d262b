"""The list of one's own tickets: numbers, tabs, filters, cards."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from ticket_app.ui import routes, theme
from ticket_app.ui import widgets as w
from ticket_app.ui.components.row_list import RowList
from ticket_app.ui.pages.portal.frame import portal_page
from ticket_app.ui.pages.portal.mine.state import FILED, SORTED, Card, MyTickets, Tab


def _number(number: rx.Var[int], words: str, *, to: str, tone: str) -> rx.Component:
    return w.link(
        rx.el.strong(number, class_name="nums"),
        rx.el.span(words),
        to=to,
        class_name=f"figure {tone}",
        data_zero=rx.cond(number == 0, "true", "false"),
    )


def _numbers() -> rx.Component:
    return rx.el.div(
        _number(MyTickets.open_count, "open", to=f"{routes.PORTAL}?tab=open", tone="t-blue"),
        _number(
            MyTickets.waiting_count,
            "waiting for you",
            to=f"{routes.PORTAL}?tab=waiting",
            tone="t-violet",
        ),
        class_name="figures",
        aria_label="Your tickets in numbers",
        role="group",
    )


def _tab(tab: rx.Var[Tab]) -> rx.Component:
    return w.tab_link(tab.label, to=tab.href, here=tab.is_here, number=tab.number)


def _items(name: str, words: dict[str, str], clear: str = "") -> list[rx.Component]:
    items = [
        rx.dropdown_menu.item(label, on_select=MyTickets.choose(name, word))
        for word, label in words.items()
    ]
    if clear:
        items = [
            rx.dropdown_menu.item(clear, on_select=MyTickets.choose(name, "")),
            rx.dropdown_menu.separator(),
            *items,
        ]
    return items


def _day(side: Literal["first", "last"]) -> rx.Component:
    """One end of the filing dates; a year is typed digit by digit, so it starts at 2000."""
    return w.address_field(
        "filed", side=side, delay=600, type="date", min="2000-01-01", class_name="input"
    )


def _filters() -> rx.Component:
    kinds = {word: look.word for word, look in theme.KIND.items()}
    priorities = {word: look.word for word, look in theme.PRIORITY.items()}
    filed = {word: label for word, (label, _) in FILED.items()}
    return rx.el.div(
        w.search_field("Search your tickets", on_enter=MyTickets.open_number),
        rx.el.div(
            w.filter_chip(
                "Type",
                rx.match(MyTickets.kind, *kinds.items(), ""),
                *_items("kind", kinds, "Any type"),
                on=MyTickets.kind != "",
            ),
            w.filter_chip(
                "Priority",
                rx.match(MyTickets.priority, *priorities.items(), ""),
                *_items("priority", priorities, "Any priority"),
                on=MyTickets.priority != "",
            ),
            w.filter_chip(
                "Filed",
                MyTickets.filed_word,
                *_items("filed", filed, "At any time"),
                rx.dropdown_menu.item("Between two days…", on_select=MyTickets.ask_between),
                on=MyTickets.filed != "",
            ),
            w.filter_chip(
                "Sort",
                MyTickets.sort_word,
                *_items("sort", {word: label for word, (label, *_) in SORTED.items()}),
                on=MyTickets.sort != "updated",
            ),
            rx.cond(
                MyTickets.is_filtered,
                rx.el.button(
                    "Clear filters", type="button", class_name="filter", on_click=MyTickets.clear
                ),
            ),
            class_name="filters",
            role="group",
            aria_label="Filters",
        ),
        rx.cond(
            MyTickets.is_between,
            rx.el.div(
                rx.el.label("Filed from", _day("first")),
                rx.el.label("to", _day("last")),
                class_name="between",
            ),
        ),
        class_name="find",
    )


def _card(card: rx.Var[Card]) -> rx.Component:
    return rx.el.div(
        w.ticket_card(
            to=card.href,
            number=card.number,
            title=card.title,
            words=card.words,
            status=card.status,
            updated_at=card.updated_at,
            priority=card.priority,
            facts=[
                w.kind_sign(card.kind),
                rx.cond(
                    card.comments > 0,
                    rx.el.span(
                        rx.icon("message-square", size=14, stroke_width=1.75),
                        card.comments,
                        rx.el.span(" comments", class_name="hear"),
                        class_name="sign-word",
                    ),
                ),
            ],
        ),
        key=card.number,
        data_row="true",
    )


def _nothing() -> rx.Component:
    return rx.cond(
        MyTickets.in_all == 0,
        w.empty_state(
            "message-square",
            "No tickets yet",
            "Your requests and our answers appear here.",
            w.button_link(
                "File your first ticket", to=routes.PORTAL_NEW, look="primary", data_shortcut="n"
            ),
        ),
        rx.cond(
            MyTickets.is_filtered,
            w.empty_state(
                "search",
                "No ticket matches",
                "Search looks at numbers, titles, descriptions and comments. "
                "Try fewer words or filters.",
                w.button("Clear filters", on_click=MyTickets.clear),
            ),
            w.empty_state(
                "check",
                "Nothing here",
                "None of your tickets is in this state now.",
                w.button_link("See all of them", to=routes.PORTAL),
            ),
        ),
    )


def my_tickets() -> rx.Component:
    """Everything somebody asked, what became of it, and what waits for them."""
    shown = rx.fragment(
        rx.cond(
            MyTickets.in_all > 0,
            rx.fragment(
                _numbers(),
                w.tab_links(rx.foreach(MyTickets.tabs, _tab)),
                _filters(),
            ),
        ),
        rx.cond(
            MyTickets.cards,
            rx.fragment(
                RowList.create(rx.foreach(MyTickets.cards, _card), class_name="cards"),
                rx.cond(
                    MyTickets.has_more,
                    rx.el.div(
                        w.button("Show more", on_click=MyTickets.show_more), class_name="more"
                    ),
                ),
            ),
            _nothing(),
        ),
    )
    return portal_page(
        w.page_title(
            "My tickets",
            "",
            rx.cond(
                MyTickets.in_all > 0,
                w.button_link(
                    "New ticket",
                    to=routes.PORTAL_NEW,
                    look="primary",
                    icon="plus",
                    data_shortcut="n",
                ),
            ),
        ),
        rx.cond(MyTickets.is_loaded, shown, w.card_skeleton()),
        here="tickets",
    )

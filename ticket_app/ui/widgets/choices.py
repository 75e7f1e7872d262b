"""Kinds and priorities to choose from: cards in a form, items in a menu."""

from collections.abc import Sequence
from typing import Final

import reflex as rx

from ticket_app.ui.theme import KIND_LOOKS, PRIORITY_LOOKS
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.badges import kind_icon_only, priority_icon_only, status_icon_only

VALUE_SHAPES: Final = {
    "status": status_icon_only,
    "priority": priority_icon_only,
    "kind": kind_icon_only,
}
"""The icons of the fields whose values have some; each takes the value by the field's name."""


def _choice_card(
    name: str,
    value: str,
    label: str,
    description: str,
    symbol: rx.Component,
    *,
    is_checked: bool,
    **props: object,
) -> rx.Component:
    return rx.el.label(
        symbol,
        rx.el.span(rx.el.strong(label)),
        rx.el.small(description),
        rx.el.input(type="radio", name=name, value=value, default_checked=is_checked, **props),
        class_name="choice",
    )


def kind_choice(
    name: str = "kind",
    kinds: Sequence[str] = tuple(KIND_LOOKS),
    *,
    value: str = "bug",
    on_change: rx.event.EventType | None = None,
) -> rx.Component:
    """Return cards to choose a kind, each with its description."""
    props = {} if on_change is None else {"on_change": on_change}
    return rx.el.fieldset(
        rx.el.legend(texts.CHOICE_KIND, class_name="visually-hidden"),
        *(
            _choice_card(
                name,
                k,
                KIND_LOOKS[k].word,
                KIND_LOOKS[k].description,
                rx.icon(KIND_LOOKS[k].icon, size=18, stroke_width=1.75),
                is_checked=k == value,
                **props,
            )
            for k in kinds
        ),
        class_name="choices",
    )


def priority_choice(
    name: str = "priority",
    priorities: Sequence[str] = tuple(PRIORITY_LOOKS),
    *,
    value: str = "medium",
    on_change: rx.event.EventType | None = None,
) -> rx.Component:
    """Return cards to choose a priority, each with its description."""
    props = {} if on_change is None else {"on_change": on_change}
    return rx.el.fieldset(
        rx.el.legend(texts.CHOICE_PRIORITY, class_name="visually-hidden"),
        *(
            _choice_card(
                name,
                p,
                PRIORITY_LOOKS[p].word,
                PRIORITY_LOOKS[p].description,
                priority_icon_only(priority=p),
                is_checked=p == value,
                **props,
            )
            for p in priorities
        ),
        class_name="choices stacked",
    )


def priority_items(on_choose: rx.event.EventType) -> list[rx.Component]:
    """Return the menu items of all priorities; `on_choose(priority)` returns the event."""
    return [
        rx.dropdown_menu.item(
            priority_icon_only(priority=p),
            look.word,
            on_select=on_choose(p),
            title=look.description,
        )
        for p, look in PRIORITY_LOOKS.items()
    ]


def kind_items(on_choose: rx.event.EventType) -> list[rx.Component]:
    """Return the menu items of all kinds; `on_choose(kind)` returns the event."""
    return [
        rx.dropdown_menu.item(kind_icon_only(kind=k), look.word, on_select=on_choose(k))
        for k, look in KIND_LOOKS.items()
    ]

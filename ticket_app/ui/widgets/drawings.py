"""The drawings of statuses and priorities.

`badges` compiles them once for all pages.
"""

from typing import Final

import reflex as rx

from ticket_app.ui.theme import PRIORITY_LOOKS, STATUS_LOOKS

_CIRCLE_ATTRIBUTES: Final = {
    "cx": "8",
    "cy": "8",
    "r": "5.75",
    "fill": "none",
    "stroke": "currentColor",
}


def _circle(**props: str) -> rx.Component:
    return rx.el.circle(**{**_CIRCLE_ATTRIBUTES, "stroke_width": "1.5", **props})


def _disc() -> rx.Component:
    return rx.el.circle(cx="8", cy="8", r="6.5", fill="currentColor")


def _stroke(d: str, *, white: bool = False) -> rx.Component:
    return rx.el.path(
        d=d,
        fill="none",
        stroke="var(--color-background)" if white else "currentColor",
        stroke_width="1.5",
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _status_shapes(status: str) -> list[rx.Component]:
    match status:
        case "new":
            return [_circle(stroke_dasharray="2.2 2.3")]
        case "open":
            return [_circle()]
        case "in_progress":
            return [_circle(), rx.el.path(d="M8 4.5a3.5 3.5 0 0 1 0 7z", fill="currentColor")]
        case "pending_user":
            return [
                _stroke(
                    "M4.5 2.5h7M4.5 13.5h7M5.5 2.5v2.2L8 8l2.5-3.3V2.5"
                    "M5.5 13.5v-2.2L8 8l2.5 3.3v2.2"
                ),
            ]
        case "pending_approval":
            return [
                _stroke("M3 13.5h10M3.5 11h9V9.2H9.6L9 6.6a2.2 2.2 0 1 0-2 0l-.6 2.6H3.5z"),
            ]
        case "resolved":
            return [_disc(), _stroke("M5.2 8.2l2 2 3.6-4.2", white=True)]
        case "closed":
            return [
                rx.el.rect(
                    x="1.75", y="1.75", width="12.5", height="12.5", rx="3.5", fill="currentColor"
                ),
                _stroke("M5.2 8.2l2 2 3.6-4.2", white=True),
            ]
        case "reopened":
            return [_stroke("M3 8a5 5 0 1 0 1.7-3.8L3 5.8M3 2.6v3.2h3.2")]
        case "duplicate":
            return [
                rx.el.rect(
                    x="2.25",
                    y="2.25",
                    width="8",
                    height="8",
                    rx="1.75",
                    fill="none",
                    stroke="currentColor",
                    stroke_width="1.5",
                ),
                rx.el.rect(
                    x="5.75", y="5.75", width="8.5", height="8.5", rx="1.75", fill="currentColor"
                ),
            ]
        case _:
            return [_circle(), _stroke("M4.2 11.8l7.6-7.6")]


def _svg(*shapes: rx.Component, size: int = 16, class_name: str = "") -> rx.Component:
    return rx.el.svg(
        *shapes,
        view_box="0 0 16 16",
        width=str(size),
        height=str(size),
        fill="none",
        class_name=class_name,
        custom_attrs={"aria-hidden": "true"},
    )


def draw_status(status: str) -> rx.Component:
    """Return the drawing of a status in its colour."""
    return rx.el.span(
        _svg(*_status_shapes(status)), class_name=f"icon tone-{STATUS_LOOKS[status].color}"
    )


def draw_unknown_status() -> rx.Component:
    """Return the drawing of a status that the theme does not know."""
    return _svg(_circle())


def draw_priority(word: str) -> rx.Component:
    """Return the bars of a priority in its colour."""
    look = PRIORITY_LOOKS[word]
    if word == "critical":
        return rx.el.span(
            _svg(
                rx.el.rect(x="1.5", y="1.5", width="13", height="13", rx="3", fill="currentColor"),
                _stroke("M8 4.5v4", white=True),
                rx.el.circle(cx="8", cy="11.2", r="1", fill="var(--color-background)"),
            ),
            class_name="icon tone-red",
        )
    bars = (
        rx.el.rect(
            x=str(1 + 3.75 * i),
            y=str(10.5 - 3 * i),
            width="2.75",
            height=str(4 + 3 * i),
            rx="1",
            class_name="filled" if i < look.bars else "",
        )
        for i in range(4)
    )
    return rx.el.span(
        _svg(*bars, class_name=f"priority-bars tone-{look.color}"),
        class_name=f"icon tone-{look.color}",
    )

"""Empty, loading and error states, and the commands that a handler may send to its page."""

from typing import Literal

import reflex as rx
from reflex.event import EventSpec

from ticket_app.ui.components.network_status import OfflineBanner
from ticket_app.ui.components.page_commands import command
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.vars import Text

ToastTone = Literal["gray", "green", "amber", "red"]

_CALLOUT_ICON = {"red": "circle-alert", "amber": "triangle-alert", "blue": "info", "green": "check"}


def empty_state(
    icon: str, title: Text, text: Text = "", action: rx.Component | None = None
) -> rx.Component:
    """Return the message of an empty list, with an optional action."""
    return rx.el.div(
        rx.el.span(
            rx.icon(icon, size=20, stroke_width=1.75),
            class_name="empty-state-icon",
            aria_hidden="true",
        ),
        rx.el.strong(title),
        rx.el.p(text),
        *([rx.el.div(action, class_name="actions")] if action is not None else []),
        class_name="empty-state",
    )


def callout(
    title: Text,
    text: Text = "",
    *,
    tone: Literal["red", "amber", "blue", "green"] = "red",
    action: rx.Component | None = None,
) -> rx.Component:
    """Return a message in the page: `title` says what happened, `text` what to do."""
    return rx.el.div(
        rx.icon(_CALLOUT_ICON[tone], size=18, stroke_width=1.75, aria_hidden="true"),
        rx.el.strong(title, dir="auto"),
        rx.el.p(text, dir="auto"),
        *([rx.el.div(action, class_name="actions")] if action is not None else []),
        class_name=f"callout tone-{tone}",
        role="alert" if tone == "red" else "status",
    )


def offline_banner() -> rx.Component:
    """Return the banner that shows while the server cannot be reached."""

    return OfflineBanner.create(
        rx.el.div(
            rx.icon("wifi-off", size=16, stroke_width=1.75),
            rx.el.span(texts.OFFLINE),
            class_name="offline-banner",
        ),
        class_name="offline-banner-area",
    )


def _placeholder(width: str, height: str = "10px", radius: str = "4px") -> rx.Component:
    return rx.el.span(
        class_name="skeleton", style={"width": width, "height": height, "borderRadius": radius}
    )


_WIDTHS = ("62%", "48%", "71%", "39%", "55%", "66%", "44%")


def queue_skeleton(rows: int = 12) -> rx.Component:
    """Return placeholders with the size of queue rows."""
    return rx.el.div(
        *(
            rx.el.div(
                rx.el.span(_placeholder("14px", "14px", "50%"), class_name="row-status"),
                rx.el.span(_placeholder("14px", "14px"), class_name="row-priority"),
                rx.el.span(_placeholder("52px"), class_name="row-key"),
                rx.el.span(_placeholder(_WIDTHS[i % len(_WIDTHS)]), class_name="row-title"),
                rx.el.span(_placeholder("48px"), class_name="row-sla"),
                rx.el.span(_placeholder("24px", "24px", "50%"), class_name="row-assignee"),
                rx.el.span(_placeholder("28px"), class_name="row-updated"),
                class_name="row skeleton-row",
            )
            for i in range(rows)
        ),
        aria_busy="true",
        aria_label=texts.LOADING_TICKETS,
        role="status",
        class_name="queue",
    )


def card_skeleton(cards: int = 4) -> rx.Component:
    """Return placeholders with the size of ticket cards."""
    return rx.el.div(
        *(
            rx.el.div(
                _placeholder(_WIDTHS[i % len(_WIDTHS)], "14px"),
                _placeholder("92px", "22px"),
                rx.el.span(
                    _placeholder("80%"),
                    class_name="last-comment",
                    style={"display": "grid", "height": "20px", "alignItems": "center"},
                ),
                rx.el.span(_placeholder("120px"), class_name="ticket-card-details"),
                class_name="ticket-card",
            )
            for i in range(cards)
        ),
        aria_busy="true",
        aria_label=texts.LOADING_TICKETS,
        role="status",
        class_name="ticket-cards",
    )


def thread_skeleton(messages: int = 3) -> rx.Component:
    """Return placeholders of a conversation."""
    return rx.el.div(
        *(
            rx.el.div(
                rx.el.header(_placeholder("24px", "24px", "50%"), _placeholder("120px")),
                rx.el.div(
                    _placeholder("92%"),
                    _placeholder(_WIDTHS[i % len(_WIDTHS)]),
                    class_name="prose",
                    style={"display": "grid", "gap": "10px"},
                ),
                class_name="message",
            )
            for i in range(messages)
        ),
        aria_busy="true",
        aria_label=texts.LOADING_CONVERSATION,
        role="status",
        class_name="thread",
    )


def toast(
    text: str,
    *,
    tone: ToastTone = "gray",
    detail: str = "",
    undo_button_id: str = "",
    seconds: int = 6,
    has_countdown: bool = False,
) -> EventSpec:
    """Return an event that shows a message: "BUG-15 resolved".

    `undo_button_id` is that of a (hidden) button of the page that the toast's Undo clicks. With
    `has_countdown` the toast shows the seconds that are left for that.
    """
    return command(
        toast=text,
        tone=tone,
        detail=detail,
        undo=undo_button_id,
        seconds=seconds,
        hasCountdown=has_countdown,
    )


def dismiss_toast(undo_button_id: str) -> EventSpec:
    """Return an event that removes the toast whose Undo clicks this button."""
    return command(dismiss=undo_button_id)


def focus_on(element_id: str) -> EventSpec:
    """Return an event that focuses an element, even if it has just appeared."""
    return command(focus=element_id)


def submission_finished() -> EventSpec:
    """Return an event that ends the busy state of a form's button."""
    return command(settled=True)


def click_on(element_id: str) -> EventSpec:
    """Return an event that clicks an element."""
    return command(click=element_id)


def clear_text(element_id: str) -> EventSpec:
    """Return an event that empties an uncontrolled field and updates its counter and preview."""
    return command(clear=element_id)


def forget_unsent(place: str) -> EventSpec:
    """Return an event that deletes the unsent text of `place` from this browser."""
    return command(forget=place)


def set_browser_preference(name: str, value: str) -> EventSpec:
    """Return an event that sets a preference in this browser: shortcuts off/on, density, theme.

    A `theme` is applied once: what is chosen in this browser afterwards stays.
    """
    return command(remember=[name, value])

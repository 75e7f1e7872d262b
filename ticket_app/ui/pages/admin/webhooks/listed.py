"""The list of webhooks."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.frame import settings_page
from ticket_app.ui.pages.admin.webhooks.editing import (
    WebhookDialogs,
    made_secret,
    webhook_dialogs,
)
from ticket_app.ui.pages.admin.webhooks.rows import WebhookRow, webhook_rows

SHOWN_EVENTS = 3


class Webhooks(rx.State):
    """Every webhook, for those who manage them."""

    rows: list[WebhookRow] = []
    ready: bool = False
    refused: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show the webhooks there are."""
        self.rows, self.refused = [], ""
        try:
            self.rows = await bridge.read(self, webhook_rows)
        except Forbidden as no:
            self.refused = no.message
        self.ready = True

    @bridge.event
    async def refresh(self) -> None:
        """Show what was changed."""
        self.rows = await bridge.read(self, webhook_rows)


def events_of(row: Any) -> rx.Component:
    """What a webhook is told of, in chips."""
    return rx.cond(
        row.hears_all,
        w.chip("All events"),
        rx.fragment(
            rx.foreach(row.events[:SHOWN_EVENTS], lambda event: w.chip(event)),  # noqa: PLW0108
            rx.cond(
                row.events.length() > SHOWN_EVENTS,
                rx.el.span(
                    "+" + (row.events.length() - SHOWN_EVENTS).to_string(),
                    title=row.events[SHOWN_EVENTS:].join(", "),
                    class_name="soft fine",
                ),
            ),
        ),
    )


def state_chip(state: Any, status: Any) -> rx.Component:
    """How a message stands, and what was answered."""
    said = rx.cond(status != "", rx.Var.create(" · ") + status, "")
    return rx.match(
        state,
        ("delivered", w.chip(rx.Var.create("Delivered") + said, "green")),
        ("failed", w.chip(rx.Var.create("Given up") + said, "red")),
        ("retrying", w.chip(rx.Var.create("Tried again soon") + said, "amber")),
        ("pending", w.chip("On its way", "blue")),
        rx.fragment(),
    )


def switched_off(row: Any) -> rx.Component:
    """Why the desk switched a webhook off by itself."""
    return rx.cond(
        row.why != "",
        rx.el.p(rx.icon("triangle-alert", size=14), row.why, class_name="set-why"),
    )


def webhook_menu(webhook: Any, host: Any, label: Any) -> rx.Component:
    """What else can be done with a webhook."""
    return w.menu_root(
        rx.dropdown_menu.trigger(w.icon_button("ellipsis", label)),
        rx.dropdown_menu.content(
            w.menu_title(host),
            rx.dropdown_menu.item("Change…", on_select=WebhookDialogs.edit(webhook)),
            rx.dropdown_menu.item("New secret…", on_select=WebhookDialogs.ask("rotate", webhook)),
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item(
                "Delete…", color="red", on_select=WebhookDialogs.ask("delete", webhook)
            ),
            size="1",
            align="end",
        ),
    )


def on_off(row: Any, after: Any) -> rx.Component:
    """The switch of a webhook."""
    return fields.switch(
        row.is_active,
        rx.cond(row.is_active, "Switch off ", "Switch on ") + row.host,
        lambda on: [WebhookDialogs.turn(row.id, on), after],
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        on_off(row, Webhooks.refresh),
        rx.el.div(
            w.link(
                rx.el.b(row.host),
                rx.el.span(row.path, class_name="soft"),
                to=row.href,
                class_name="set-name cut",
                title=row.url,
            ),
            rx.el.div(events_of(row), class_name="set-facts"),
            switched_off(row),
            class_name="set-main",
        ),
        rx.el.div(
            rx.cond(
                row.last_state != "",
                rx.fragment(
                    state_chip(row.last_state, row.last_status),
                    rx.el.span(w.time_ago(row.last_at), class_name="soft fine"),
                ),
                rx.el.span("Nothing sent yet", class_name="soft fine"),
            ),
            class_name="set-last",
        ),
        webhook_menu(row.id, row.host, "More for " + row.host),
        class_name="set-row",
        data_off=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def webhooks_page() -> rx.Component:
    """The page."""
    add = w.button("Add webhook", look="primary", icon="plus", on_click=WebhookDialogs.add)
    return settings_page(
        routes.ADMIN_WEBHOOKS,
        made_secret(),
        rx.cond(
            Webhooks.rows,
            rx.fragment(
                rx.el.p(
                    "Each address is told of the events it is subscribed to, by signed messages "
                    "that are tried again for days.",
                    class_name="soft set-lead",
                ),
                rx.el.ul(rx.foreach(Webhooks.rows, _row), class_name="plain set-list"),
            ),
            w.empty_state(
                "webhook",
                "No webhooks yet",
                "A webhook sends a signed message to an address of yours whenever a ticket is "
                "filed, changed, answered or decided on.",
                w.button("Add webhook", icon="plus", on_click=WebhookDialogs.add),
            ),
        ),
        webhook_dialogs(Webhooks.refresh),
        ready=Webhooks.ready,
        refused=Webhooks.refused,
        tools=(add,),
    )

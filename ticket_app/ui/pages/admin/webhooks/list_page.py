"""The list of webhooks."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import list_items, texts
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.webhooks.edit_dialog import (
    WebhookDialogs,
    new_secret_panel,
    webhook_dialogs,
)
from ticket_app.ui.pages.admin.webhooks.rows import WebhookRow, webhook_rows
from ticket_app.ui.widgets.vars import Text

MAX_SHOWN_EVENTS = 3


class WebhookList(rx.State):
    """All webhooks."""

    rows: list[WebhookRow] = []
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        self.rows, self.denied_reason = [], ""
        try:
            self.rows = await bridge.read(self, webhook_rows)
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    @bridge.event
    async def refresh(self) -> None:
        """Reload the list after a change."""
        self.rows = await bridge.read(self, webhook_rows)


def event_chips(row: rx.Var[WebhookRow]) -> rx.Component:
    """Return the webhook's events as chips."""
    return rx.cond(
        row.has_all_events,
        w.chip(texts.WEBHOOKS_ALL_EVENTS),
        rx.fragment(
            rx.foreach(row.events[:MAX_SHOWN_EVENTS], lambda event: w.chip(event)),  # noqa: PLW0108
            rx.cond(
                row.events.length() > MAX_SHOWN_EVENTS,
                rx.el.span(
                    "+" + (row.events.length() - MAX_SHOWN_EVENTS).to_string(),
                    title=row.events[MAX_SHOWN_EVENTS:].join(", "),
                    class_name="text-muted text-small",
                ),
            ),
        ),
    )


def delivery_state_chip(state: rx.Var[str], status: rx.Var[str]) -> rx.Component:
    """Return a delivery's state and the receiver's status code."""
    status_text = rx.cond(status != "", rx.Var.create(" · ") + status, "")
    return rx.match(
        state,
        ("delivered", w.chip(rx.Var.create(texts.WEBHOOKS_DELIVERED) + status_text, "green")),
        ("failed", w.chip(rx.Var.create(texts.WEBHOOKS_FAILED) + status_text, "red")),
        ("retrying", w.chip(rx.Var.create(texts.WEBHOOKS_RETRYING) + status_text, "amber")),
        ("pending", w.chip(texts.WEBHOOKS_PENDING, "blue")),
        rx.fragment(),
    )


def disabled_notice(row: rx.Var[WebhookRow]) -> rx.Component:
    """Return why the webhook was deactivated automatically."""
    return rx.cond(
        row.disabled_reason != "",
        rx.el.p(
            rx.icon("triangle-alert", size=14), row.disabled_reason, class_name="settings-warning"
        ),
    )


def webhook_menu(webhook: rx.Var[str], host: rx.Var[str], label: Text) -> rx.Component:
    return list_items.row_menu(
        host,
        rx.dropdown_menu.item(
            texts.WEBHOOKS_ROTATE_ITEM, on_select=WebhookDialogs.ask_confirmation("rotate", webhook)
        ),
        label=label,
        on_edit=WebhookDialogs.edit(webhook),
        on_delete=WebhookDialogs.ask_confirmation("delete", webhook),
    )


def active_switch(row: rx.Var[WebhookRow], on_change: rx.event.EventType) -> rx.Component:
    return list_items.active_switch(
        row.host,
        row.is_active,
        lambda on: [WebhookDialogs.toggle_active(row.id, on), on_change],
    )


def _webhook_item(row: rx.Var[WebhookRow]) -> rx.Component:
    return rx.el.li(
        active_switch(row, WebhookList.refresh),
        rx.el.div(
            w.link(
                rx.el.b(row.host),
                rx.el.span(row.path, class_name="text-muted"),
                to=row.href,
                class_name="settings-row-name truncate",
                title=row.url,
            ),
            rx.el.div(event_chips(row), class_name="settings-row-details"),
            disabled_notice(row),
            class_name="settings-row-main",
        ),
        rx.el.div(
            rx.cond(
                row.last_state != "",
                rx.fragment(
                    delivery_state_chip(row.last_state, row.last_status),
                    rx.el.span(w.time_ago(row.last_at), class_name="text-muted text-small"),
                ),
                rx.el.span(texts.WEBHOOKS_NOTHING_SENT, class_name="text-muted text-small"),
            ),
            class_name="settings-row-end",
        ),
        webhook_menu(row.id, row.host, texts.more_actions(row.host)),
        class_name="settings-row",
        data_inactive=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def webhooks_page() -> rx.Component:
    add = w.button(texts.WEBHOOKS_ADD, variant="primary", icon="plus", on_click=WebhookDialogs.add)
    return settings_page(
        routes.ADMIN_WEBHOOKS,
        new_secret_panel(),
        rx.cond(
            WebhookList.rows,
            rx.fragment(
                rx.el.p(
                    texts.WEBHOOKS_LEAD,
                    class_name="text-muted settings-intro",
                ),
                rx.el.ul(
                    rx.foreach(WebhookList.rows, _webhook_item),
                    class_name="list-unstyled settings-list",
                ),
            ),
            w.empty_state(
                "webhook",
                texts.WEBHOOKS_EMPTY_TITLE,
                texts.WEBHOOKS_EMPTY_HINT,
                w.button(texts.WEBHOOKS_ADD, icon="plus", on_click=WebhookDialogs.add),
            ),
        ),
        webhook_dialogs(WebhookList.refresh),
        ready=WebhookList.is_loaded,
        denied_reason=WebhookList.denied_reason,
        tools=(add,),
    )

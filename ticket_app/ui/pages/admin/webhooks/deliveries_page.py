"""The page of one webhook: its settings and its deliveries."""

from __future__ import annotations

import asyncio
from typing import Final

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks.deliveries import DeliveryState
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    dialog_root,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.webhooks.edit_dialog import new_secret_panel, webhook_dialogs
from ticket_app.ui.pages.admin.webhooks.list_page import (
    active_switch,
    delivery_state_chip,
    disabled_notice,
    event_chips,
    webhook_menu,
)
from ticket_app.ui.pages.admin.webhooks.rows import (
    PAGE_SIZE,
    Attempt,
    DeliveryDetails,
    DeliveryRow,
    WebhookRow,
    load_delivery,
    load_log,
)

STATE_FILTERS: Final = {
    "": texts.WEBHOOK_LOG_FILTER_ALL,
    DeliveryState.FAILED: texts.WEBHOOK_LOG_FILTER_FAILED,
    DeliveryState.PENDING: texts.WEBHOOK_LOG_FILTER_PENDING,
    DeliveryState.DELIVERED: texts.WEBHOOK_LOG_FILTER_DELIVERED,
}
MESSAGE_DIALOG: Final = "webhook-message"
MAX_CHECKS: Final = 8
CHECK_INTERVAL: Final = 0.4
"""Seconds between reloads after sending; a healthy receiver answers within one."""


def _send_ping(uow: UnitOfWork, reference: str) -> int:
    return delivery_log.send_ping(uow, reference).id


def _replay(uow: UnitOfWork, reference: str, delivery_id: int) -> DeliveryDetails:
    delivery_log.replay(uow, reference, delivery_id)
    return load_delivery(uow, reference, delivery_id)


class WebhookLog(rx.State):
    """A webhook and one page of its deliveries."""

    subject: WebhookRow = WebhookRow()
    rows: list[DeliveryRow] = []
    state: str = ""
    page: int = 1
    range_text: str = ""
    has_more: bool = False
    is_loaded: bool = False
    denied_reason: str = ""
    details: DeliveryDetails = DeliveryDetails()

    _reference: str = ""
    _awaited_delivery_id: int = 0

    @bridge.event
    async def load(self) -> bridge.Events:
        """Load what the address asks for; redirect to the list if the webhook does not exist."""
        url = self.router.url
        params = url.query_parameters
        self.reset()
        self._reference = url.path.rstrip("/").rpartition("/")[2][:60]
        self.state = params.get("state", "") if params.get("state", "") in STATE_FILTERS else ""
        page = params.get("page", "")
        self.page = int(page) if page.isdecimal() and 0 < len(page) < 4 and int(page) else 1
        try:
            await self._load_rows()
        except Forbidden as error:
            self.denied_reason = error.message
        except NotFound as error:
            return [rx.redirect(routes.ADMIN_WEBHOOKS, replace=True), w.toast(error.message)]
        self.is_loaded = True
        if not self.denied_reason:
            live.watch(self, WebhookLog.refresh, {change_feed.QUEUE_TOPIC})
        return None

    async def _load_rows(self) -> None:
        log = await bridge.read(self, load_log, self._reference, self.state, self.page)
        self.subject, self.rows = log.webhook, log.rows
        first = (self.page - 1) * PAGE_SIZE
        total_text = f"{log.total:,}" if log.total < delivery_log.MAX_COUNTED else f"{log.total:,}+"
        self.range_text = (
            texts.webhook_log_range(first + 1, first + len(log.rows), total_text)
            if log.rows
            else ""
        )
        self.has_more = first + len(log.rows) < log.total

    @bridge.event
    async def refresh(self) -> bridge.Events:
        """Reload the page; a webhook deleted in the meantime stays visible."""
        try:
            await self._load_rows()
        except NotFound:
            return None
        return WebhookLog.poll_awaited_delivery(1) if self._has_pending() else None

    def _has_pending(self) -> bool:
        return any(row.state == DeliveryState.PENDING for row in self.rows)

    @bridge.event
    async def poll_awaited_delivery(self, attempt: int) -> bridge.Events:
        """Reload a few times to show the result of what was just sent."""
        await asyncio.sleep(CHECK_INTERVAL)
        try:
            await self._load_rows()
        except NotFound:
            return None
        awaited = next((row for row in self.rows if row.id == self._awaited_delivery_id), None)
        if awaited and awaited.state != DeliveryState.PENDING:
            self._awaited_delivery_id = 0
            return _result_toast(awaited)
        continues = self._has_pending() and 0 < attempt < MAX_CHECKS
        return WebhookLog.poll_awaited_delivery(attempt + 1) if continues else None

    @bridge.event
    async def send_test(self) -> bridge.Events:
        """Send a test message and report its result."""
        self._awaited_delivery_id = await bridge.write(self, _send_ping, self._reference)
        await self._load_rows()
        return [w.toast(texts.WEBHOOK_LOG_TEST_SENT), WebhookLog.poll_awaited_delivery(1)]

    @bridge.event
    def turn_page(self, step: int) -> bridge.Events:
        """Go to the previous or next page."""
        page = self.page + (1 if step > 0 else -1)
        return rx.redirect(
            routes.admin_webhook(
                self._reference, state=self.state, page=str(page) if page > 1 else ""
            )
        )

    @bridge.event
    async def open_details(self, delivery_id: int) -> None:
        """Open the details of a delivery."""
        self.details = await bridge.read(self, load_delivery, self._reference, delivery_id)
        await open_dialog(self, MESSAGE_DIALOG, self._reference, delivery_id)

    @bridge.event
    async def replay(self, seen: str) -> bridge.Events:
        """Send the open delivery again."""
        await ensure_dialog_is_current(self, MESSAGE_DIALOG, seen)
        await bridge.write(self, _replay, self._reference, self.details.id)
        self._awaited_delivery_id = self.details.id
        await close_dialog(self)
        await self._load_rows()
        return [w.toast(texts.WEBHOOK_LOG_REPLAYED), WebhookLog.poll_awaited_delivery(1)]


def _result_toast(row: DeliveryRow) -> EventSpec:
    if row.state == DeliveryState.DELIVERED:
        return w.toast(texts.webhook_log_test_delivered(row.status), tone="green")
    result = (
        texts.webhook_log_responded(row.status) if row.status else texts.WEBHOOK_LOG_NO_RESPONSE
    )
    return w.toast(
        texts.webhook_log_test_failed(result),
        tone="red",
        detail=texts.WEBHOOK_LOG_TEST_FAILED_DETAIL,
    )


def _webhook_summary() -> rx.Component:
    row = WebhookLog.subject
    return rx.el.section(
        rx.el.div(
            active_switch(row, WebhookLog.refresh),
            rx.el.div(
                rx.el.p(
                    rx.el.b(row.host),
                    rx.el.span(row.path, class_name="text-muted"),
                    class_name="break-anywhere",
                ),
                rx.el.div(event_chips(row), class_name="settings-row-details"),
                rx.el.div(
                    rx.el.span(texts.WEBHOOK_LOG_CREATED_BY, w.user_text(row.owner)),
                    rx.el.span(texts.WEBHOOK_LOG_CREATED_AT, w.time_ago(row.at)),
                    rx.cond(
                        row.old_secret_until != "",
                        rx.el.span(texts.webhook_log_old_secret_until(row.old_secret_until)),
                    ),
                    class_name="text-muted settings-row-details text-small",
                ),
                disabled_notice(row),
                rx.cond(
                    row.is_active & (row.failing_since != ""),
                    rx.el.p(
                        rx.icon("triangle-alert", size=14),
                        rx.el.span(
                            texts.WEBHOOK_LOG_FAILING_SINCE,
                            w.time_ago(row.failing_since),
                            texts.WEBHOOK_LOG_FAILING_HINT,
                        ),
                        class_name="settings-warning",
                    ),
                ),
                class_name="settings-row-main",
            ),
            class_name="settings-card-header",
        ),
        class_name="settings-card",
    )


def _delivery_item(row: rx.Var[DeliveryRow]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.code(row.event),
            type="button",
            class_name="row-button",
            on_click=WebhookLog.open_details(row.id),
            aria_label=texts.webhook_log_open_message(row.event, row.number),
        ),
        rx.el.span(
            rx.cond(
                row.number != "", w.link(row.number, to=row.href, class_name="ticket-key text-link")
            ),
            class_name="delivery-ticket",
        ),
        rx.el.span(delivery_state_chip(row.state, row.status), class_name="delivery-status"),
        rx.el.span(
            rx.cond(
                row.attempts > 1,
                texts.webhook_log_attempts(row.attempts),
                rx.cond(row.attempts, texts.WEBHOOK_LOG_ONE_ATTEMPT, ""),
            ),
            class_name="text-muted text-small delivery-attempts",
        ),
        rx.el.span(w.time_ago(row.at), class_name="text-muted text-small delivery-time"),
        class_name="delivery-row",
        key=row.id,
    )


def _attempt_item(one: rx.Var[Attempt]) -> rx.Component:
    return rx.el.li(rx.el.span(w.time_ago(one.at), class_name="text-muted"), " ", one.outcome)


def _message_dialog() -> rx.Component:
    one = WebhookLog.details
    return dialog_root(
        MESSAGE_DIALOG,
        rx.dialog.content(
            rx.dialog.title(one.event, size="3"),
            rx.dialog.description(
                texts.WEBHOOK_LOG_MESSAGE_ID,
                rx.el.code(one.message_id),
                size="1",
                class_name="text-muted",
            ),
            rx.el.div(
                rx.cond(
                    one.attempts,
                    rx.el.section(
                        rx.el.h2(texts.WEBHOOK_LOG_ATTEMPTS),
                        rx.el.ul(
                            rx.foreach(one.attempts, _attempt_item),
                            class_name="list-unstyled text-small",
                        ),
                    ),
                ),
                rx.cond(
                    one.response != "",
                    rx.el.section(
                        rx.el.h2(texts.WEBHOOK_LOG_RESPONSE),
                        rx.el.pre(one.response, tab_index=0, aria_label=texts.WEBHOOK_LOG_RESPONSE),
                    ),
                ),
                rx.el.section(
                    rx.el.h2(texts.WEBHOOK_LOG_PAYLOAD),
                    rx.el.pre(one.payload, tab_index=0, aria_label=texts.WEBHOOK_LOG_PAYLOAD),
                ),
                class_name="delivery-messages",
            ),
            rx.el.div(
                rx.dialog.close(w.button(texts.WEBHOOK_LOG_CLOSE)),
                rx.cond(
                    one.can_replay & WebhookLog.subject.is_active,
                    w.button(
                        texts.WEBHOOK_LOG_REPLAY,
                        variant="primary",
                        icon="rotate-cw",
                        on_click=WebhookLog.replay(OpenDialog.fingerprint),
                    ),
                ),
                class_name="align-end dialog-actions",
            ),
            max_width="720px",
        ),
    )


def _delivery_list() -> rx.Component:
    def href(state: str) -> rx.Var[str]:
        base = WebhookLog.subject.href
        return base + f"?state={state}" if state else base

    return rx.el.section(
        w.tab_links(
            *(
                w.tab_link(word, to=href(state), is_current=WebhookLog.state == state)
                for state, word in STATE_FILTERS.items()
            ),
            label=texts.WEBHOOK_LOG_TITLE,
        ),
        rx.cond(
            WebhookLog.rows,
            rx.fragment(
                rx.el.ul(
                    rx.foreach(WebhookLog.rows, _delivery_item),
                    class_name="list-unstyled delivery-list",
                ),
                rx.cond(
                    WebhookLog.has_more | (WebhookLog.page > 1),
                    w.pager(
                        WebhookLog.range_text,
                        has_previous=WebhookLog.page > 1,
                        has_next=WebhookLog.has_more,
                        on_previous=WebhookLog.turn_page(-1),
                        on_next=WebhookLog.turn_page(1),
                    ),
                ),
            ),
            rx.cond(
                WebhookLog.state == "",
                w.empty_state(
                    "send",
                    texts.WEBHOOK_LOG_EMPTY_TITLE,
                    texts.WEBHOOK_LOG_EMPTY_HINT,
                ),
                w.empty_state("send", texts.WEBHOOK_LOG_EMPTY_FILTERED_TITLE),
            ),
        ),
    )


WINDOW_TITLE = rx.cond(
    WebhookLog.subject.host != "",
    texts.webhook_log_window_title(WebhookLog.subject.host),
    texts.WEBHOOK_LOG_WINDOW_TITLE,
)
"""The subject of the page, for the window title."""


def webhook_page() -> rx.Component:
    row = WebhookLog.subject
    return settings_page(
        routes.ADMIN_WEBHOOKS,
        new_secret_panel(),
        _webhook_summary(),
        _delivery_list(),
        _message_dialog(),
        webhook_dialogs(WebhookLog.refresh),
        ready=WebhookLog.is_loaded,
        denied_reason=WebhookLog.denied_reason,
        title=rx.fragment(
            w.link(
                texts.WEBHOOK_LOG_BACK,
                to=routes.ADMIN_WEBHOOKS,
                class_name="text-muted breadcrumb-link",
            ),
            row.host,
        ),
        full_title=row.url,
        tools=(
            w.button(
                texts.WEBHOOK_LOG_SEND_TEST,
                icon="send",
                on_click=WebhookLog.send_test,
                disabled=~row.is_active,
            ),
            webhook_menu(row.id, row.host, texts.WEBHOOK_LOG_MORE),
        ),
    )

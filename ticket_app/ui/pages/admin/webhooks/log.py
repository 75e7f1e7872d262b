"""One webhook: what it is told, and what was sent to it."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import reflex as rx

from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks.deliveries import State
from ticket_app.ui import bridge, live, routes, tail
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, dialog_root, open_dialog
from ticket_app.ui.pages.admin.frame import settings_page
from ticket_app.ui.pages.admin.webhooks.editing import made_secret, webhook_dialogs
from ticket_app.ui.pages.admin.webhooks.listed import (
    events_of,
    on_off,
    state_chip,
    switched_off,
    webhook_menu,
)
from ticket_app.ui.pages.admin.webhooks.rows import (
    PAGE,
    DeliveryRow,
    Message,
    Try,
    WebhookRow,
    log_of,
    message,
)

STATES: Final = {
    "": "All",
    State.FAILED: "Given up",
    State.PENDING: "On its way",
    State.DELIVERED: "Delivered",
}
MESSAGE: Final = "webhook-message"
LOOKS: Final = 8
BETWEEN_LOOKS: Final = 0.4
"""Seconds; a message to a receiver that is well is delivered within one."""


def _ping(desk: Desk, reference: str) -> int:
    return delivery_log.send_ping(desk, reference).id


def _replay(desk: Desk, reference: str, delivery_id: int) -> Message:
    delivery_log.replay(desk, reference, delivery_id)
    return message(desk, reference, delivery_id)


class WebhookLog(rx.State):
    """A webhook and a page of its messages."""

    subject: WebhookRow = WebhookRow()
    rows: list[DeliveryRow] = []
    state: str = ""
    page: int = 1
    shown: str = ""
    has_more: bool = False
    ready: bool = False
    refused: str = ""
    opened: Message = Message()

    _reference: str = ""
    _test: int = 0

    @bridge.event
    async def load(self) -> Any:
        """Show what the address asks for; where that is gone, the webhooks there are."""
        url = self.router.url
        asked = url.query_parameters
        self.reset()
        self._reference = url.path.rstrip("/").rpartition("/")[2][:60]
        self.state = asked.get("state", "") if asked.get("state", "") in STATES else ""
        page = asked.get("page", "")
        self.page = int(page) if page.isdecimal() and 0 < len(page) < 4 and int(page) else 1
        try:
            await self._fill()
        except Forbidden as no:
            self.refused = no.message
        except NotFound as no:
            return [rx.redirect(routes.ADMIN_WEBHOOKS, replace=True), w.toast(no.message)]
        self.ready = True
        if not self.refused:
            live.watch(self, WebhookLog.refresh, {tail.QUEUE})
        return None

    async def _fill(self) -> None:
        log = await bridge.read(self, log_of, self._reference, self.state, self.page)
        self.subject, self.rows = log.webhook, log.rows
        first = (self.page - 1) * PAGE
        many = f"{log.total:,}" if log.total < delivery_log.MOST_COUNTED else f"{log.total:,}+"
        self.shown = f"{first + 1}–{first + len(log.rows)} of {many}" if log.rows else ""
        self.has_more = first + len(log.rows) < log.total

    @bridge.event
    async def refresh(self) -> Any:
        """Show what is so now; a webhook that was deleted meanwhile stays as it was seen."""
        try:
            await self._fill()
        except NotFound:
            return None
        return WebhookLog.look(1) if self._is_under_way() else None

    def _is_under_way(self) -> bool:
        return any(row.state == State.PENDING for row in self.rows)

    @bridge.event
    async def look(self, times: int) -> Any:
        """Look again soon, a few times, for what becomes of what was just sent."""
        await asyncio.sleep(BETWEEN_LOOKS)
        try:
            await self._fill()
        except NotFound:
            return None
        tried = next((row for row in self.rows if row.id == self._test), None)
        if tried and tried.state != State.PENDING:
            self._test = 0
            return _outcome(tried)
        more = self._is_under_way() and 0 < times < LOOKS
        return WebhookLog.look(times + 1) if more else None

    @bridge.event
    async def test(self) -> Any:
        """Send a message that only tries the webhook, and say what came of it."""
        self._test = await bridge.write(self, _ping, self._reference)
        await self._fill()
        return [w.toast("A test is on its way"), WebhookLog.look(1)]

    @bridge.event
    def turn_page(self, step: int) -> Any:
        """The messages before or after these."""
        page = self.page + (1 if step > 0 else -1)
        return rx.redirect(
            routes.admin_webhook(
                self._reference, state=self.state, page=str(page) if page > 1 else ""
            )
        )

    @bridge.event
    async def open(self, delivery_id: int) -> None:
        """Show a message whole."""
        self.opened = await bridge.read(self, message, self._reference, delivery_id)
        await open_dialog(self, MESSAGE, self._reference, delivery_id)

    @bridge.event
    async def replay(self, seen: str) -> Any:
        """Send the open message once more."""
        await confirm(self, MESSAGE, seen)
        await bridge.write(self, _replay, self._reference, self.opened.id)
        self._test = self.opened.id
        await close_dialog(self)
        await self._fill()
        return [w.toast("The message is on its way again"), WebhookLog.look(1)]


def _outcome(row: DeliveryRow) -> Any:
    if row.state == State.DELIVERED:
        return w.toast(f"Delivered: the receiver answered {row.status}", tone="green")
    said = f"answered {row.status}" if row.status else "did not answer"
    return w.toast(
        f"Not delivered: the receiver {said}", tone="red", detail="The log shows each try."
    )


def _facts() -> rx.Component:
    row = WebhookLog.subject
    return rx.el.section(
        rx.el.div(
            on_off(row, WebhookLog.refresh),
            rx.el.div(
                rx.el.p(
                    rx.el.b(row.host), rx.el.span(row.path, class_name="soft"), class_name="whole"
                ),
                rx.el.div(events_of(row), class_name="set-facts"),
                rx.el.div(
                    rx.el.span("of ", w.user_text(row.owner)),
                    rx.el.span("made ", w.time_ago(row.at)),
                    rx.cond(
                        row.old_secret_until != "",
                        rx.el.span("the secret before signs, too, until ", row.old_secret_until),
                    ),
                    class_name="soft set-facts fine",
                ),
                switched_off(row),
                rx.cond(
                    row.is_active & (row.failing_since != ""),
                    rx.el.p(
                        rx.icon("triangle-alert", size=14),
                        rx.el.span(
                            "Has taken nothing since ",
                            w.time_ago(row.failing_since),
                            ". Messages are tried again for days; then it is switched off.",
                        ),
                        class_name="set-why",
                    ),
                ),
                class_name="set-main",
            ),
            class_name="set-head",
        ),
        class_name="set-card",
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.code(row.event),
            type="button",
            class_name="set-open",
            on_click=WebhookLog.open(row.id),
            aria_label="Open " + row.event + " " + row.number,
        ),
        rx.el.span(
            rx.cond(row.number != "", w.link(row.number, to=row.href, class_name="key text-link")),
            class_name="log-ticket",
        ),
        rx.el.span(state_chip(row.state, row.status), class_name="log-state"),
        rx.el.span(
            rx.cond(
                row.tries > 1, row.tries.to_string() + " tries", rx.cond(row.tries, "1 try", "")
            ),
            class_name="soft fine log-tries",
        ),
        rx.el.span(w.time_ago(row.at), class_name="soft fine log-at"),
        class_name="log-row",
        key=row.id,
    )


def _try(one: rx.Var[Try]) -> rx.Component:
    return rx.el.li(rx.el.span(w.time_ago(one.at), class_name="soft"), " ", one.outcome)


def _opened() -> rx.Component:
    one = WebhookLog.opened
    return dialog_root(
        MESSAGE,
        rx.dialog.content(
            rx.dialog.title(one.event, size="3"),
            rx.dialog.description(
                rx.el.code(one.message_id),
                " is its id, the same on every try.",
                size="1",
                class_name="soft",
            ),
            rx.el.div(
                rx.cond(
                    one.tries,
                    rx.el.section(
                        rx.el.h2("Tries"),
                        rx.el.ul(rx.foreach(one.tries, _try), class_name="plain fine"),
                    ),
                ),
                rx.cond(
                    one.answer != "",
                    rx.el.section(
                        rx.el.h2("Answer"),
                        rx.el.pre(one.answer, tab_index=0, aria_label="Answer"),
                    ),
                ),
                rx.el.section(
                    rx.el.h2("Payload"),
                    rx.el.pre(one.payload, tab_index=0, aria_label="Payload"),
                ),
                class_name="message-parts",
            ),
            rx.el.div(
                rx.dialog.close(w.button("Close")),
                rx.cond(
                    one.may_replay & WebhookLog.subject.is_active,
                    w.button(
                        "Send again",
                        look="primary",
                        icon="rotate-cw",
                        on_click=WebhookLog.replay(OpenDialog.seen),
                    ),
                ),
                class_name="end dialog-end",
            ),
            max_width="720px",
        ),
    )


def _log() -> rx.Component:
    def href(state: str) -> Any:
        base = WebhookLog.subject.href
        return base + f"?state={state}" if state else base

    return rx.el.section(
        w.tab_links(
            *(
                w.tab_link(word, to=href(state), here=WebhookLog.state == state)
                for state, word in STATES.items()
            ),
            label="Messages",
        ),
        rx.cond(
            WebhookLog.rows,
            rx.fragment(
                rx.el.ul(rx.foreach(WebhookLog.rows, _row), class_name="plain log-list"),
                rx.cond(
                    WebhookLog.has_more | (WebhookLog.page > 1),
                    w.pager(
                        WebhookLog.shown,
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
                    "Nothing was sent yet",
                    "What is sent shows here for 30 days, with each try and its answer.",
                ),
                w.empty_state("send", "No message is in this state"),
            ),
        ),
    )


OPEN_WEBHOOK = rx.cond(
    WebhookLog.subject.host != "", "Webhook to " + WebhookLog.subject.host, "Webhook"
)
"""What is open, for the window's title."""


def webhook_page() -> rx.Component:
    """The page of one webhook."""
    row = WebhookLog.subject
    return settings_page(
        routes.ADMIN_WEBHOOKS,
        made_secret(),
        _facts(),
        _log(),
        _opened(),
        webhook_dialogs(WebhookLog.refresh),
        ready=WebhookLog.ready,
        refused=WebhookLog.refused,
        title=rx.fragment(
            w.link("Webhooks", to=routes.ADMIN_WEBHOOKS, class_name="soft crumb"), row.host
        ),
        full=row.url,
        tools=(
            w.button("Send a test", icon="send", on_click=WebhookLog.test, disabled=~row.is_active),
            webhook_menu(row.id, row.host, "More"),
        ),
    )

"""The dialogs of a webhook: to make and change one, to take a new secret, to delete it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from ticket_app.core import webhooks
from ticket_app.core.addresses import LONGEST_URL
from ticket_app.core.desk import Desk
from ticket_app.core.errors import DeskError, Unauthenticated
from ticket_app.core.webhook_events import EVENTS
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.webhooks.rows import MEANS, WebhookRow, webhook_row

EVENT: Final = "event."
NEW: Final = "new"
LABELS: Final = {"url": "The address", "events": "It", "secret": "The secret"}


def _subscribe(desk: Desk, url: str, events: list[str], secret: str | None) -> tuple[str, str]:
    row, made = webhooks.subscribe(desk, url, events, secret=secret)
    return webhooks.printed(row.uuid), made


def _row(desk: Desk, reference: str) -> WebhookRow:
    return webhook_row(webhooks.find(desk, reference))


def _change(desk: Desk, reference: str, changes: dict[str, Any]) -> None:
    webhooks.change(desk, reference, changes)


def _rotate(desk: Desk, reference: str) -> str:
    return webhooks.rotate_secret(desk, reference)[1]


class WebhookDialogs(rx.State):
    """What is asked about one webhook, and the secret that was just made."""

    editing: str = ""
    sure: str = ""
    url: str = ""
    events: list[str] = []
    made_for: str = ""
    made: str = ""
    errors: dict[str, str] = {}
    subject: WebhookRow = WebhookRow()

    @bridge.event
    def forget(self) -> None:
        """Nothing is asked; for a page's on_load."""
        self.reset()

    @bridge.event
    def add(self) -> None:
        """Ask for a new webhook."""
        self.editing, self.url, self.events, self.errors = NEW, "", list(EVENTS), {}

    @bridge.event
    async def edit(self, webhook: str) -> None:
        """Ask what is to change of a webhook."""
        self.subject = await bridge.read(self, _row, webhook)
        self.editing, self.errors = self.subject.id, {}
        self.url, self.events = self.subject.url, self.subject.events

    @bridge.event
    def stop(self, is_open: bool) -> None:
        """Close whatever dialog is open."""
        if not is_open:
            self.editing = self.sure = ""

    @bridge.submission
    async def save(self, form: dict[str, Any]) -> Any:
        """Make or change the webhook; what is wrong is said at its field."""
        url = str(form.get("url", "")).strip()
        events = fields.ticked(form, EVENT)
        try:
            if self.editing == NEW:
                secret = str(form.get("secret", "")) or None
                webhook, made = await bridge.write(self, _subscribe, url, events, secret)
                self.made_for, self.made = url, "" if secret else made
                self.subject = await bridge.read(self, _row, webhook)
            elif self.editing:
                changes = {"url": url, "events": events}
                await bridge.write(self, _change, self.editing, changes)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.errors = fields.wrong_fields(no, LABELS)
            return w.focus_on("url") if "url" in self.errors else None
        told = "Webhook added" if self.editing == NEW else "Webhook changed"
        self.editing = ""
        return w.toast(told, tone="green")

    @bridge.event
    async def turn(self, webhook: str, on: bool) -> Any:
        """Switch a webhook on or off."""
        await bridge.write(self, _change, webhook, {"active": bool(on)})
        return w.toast("Webhook switched on" if on else "Webhook switched off")

    @bridge.event
    async def ask(self, what: str, webhook: str) -> None:
        """Make sure before a new secret, or before the end of a webhook."""
        if what in ("rotate", "delete"):
            self.subject = await bridge.read(self, _row, webhook)
            self.sure, self.errors = what, {}

    @bridge.event
    async def rotate(self) -> None:
        """A new secret, shown this once."""
        self.made = await bridge.write(self, _rotate, self.subject.id)
        self.made_for, self.sure = self.subject.url, ""

    @bridge.event
    async def delete(self) -> Any:
        """End a webhook."""
        await bridge.write(self, webhooks.remove, self.subject.id)
        self.sure = self.made = ""
        return [rx.redirect(routes.ADMIN_WEBHOOKS), w.toast("Webhook deleted")]

    @bridge.event
    def hide(self) -> None:
        """The secret was copied; it is never shown again."""
        self.made = self.made_for = ""


def made_secret() -> rx.Component:
    """The secret that was just made, to be copied now."""
    return rx.el.div(
        rx.cond(
            WebhookDialogs.made != "",
            rx.el.div(
                rx.el.strong("Copy the secret now. It is not shown again."),
                rx.el.p(
                    "Messages to ",
                    rx.el.span(WebhookDialogs.made_for, class_name="mono"),
                    " are signed with it.",
                    class_name="soft",
                ),
                rx.el.div(
                    rx.el.code(WebhookDialogs.made, class_name="secret mono"),
                    w.button("Copy", look="primary", icon="copy", data_copy=WebhookDialogs.made),
                    w.button("Done", on_click=WebhookDialogs.hide),
                ),
                class_name="new-token",
            ),
        ),
        role="status",
    )


def webhook_dialogs(after: Any) -> rx.Component:
    """The dialogs; once on each page. `after` runs when something may have changed."""
    is_new = WebhookDialogs.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(is_new, "Add a webhook", "Change the webhook"),
            "A signed message goes to this address whenever one of the events happens.",
            fields.labelled(
                "Address",
                w.text_input(
                    "url",
                    value=WebhookDialogs.url,
                    sort="url",
                    placeholder="https://example.com/hooks/tickets",
                    auto_complete="off",
                    max_length=LONGEST_URL,
                    auto_focus=True,
                    aria_invalid=rx.cond(WebhookDialogs.errors["url"], "true", "false"),
                ),
                WebhookDialogs.errors["url"],
            ),
            rx.el.fieldset(
                rx.el.legend("Events", class_name="field-label"),
                rx.el.div(
                    *(
                        rx.el.label(
                            rx.el.input(
                                type="checkbox",
                                name=EVENT + event,
                                default_checked=WebhookDialogs.events.contains(event),
                            ),
                            rx.el.span(
                                rx.el.code(event), rx.el.small(MEANS[event], class_name="soft")
                            ),
                            class_name="tick-box",
                        )
                        for event in EVENTS
                    ),
                    class_name="tick-boxes two-wide",
                ),
                fields.problem(WebhookDialogs.errors["events"]),
                class_name="tick-group",
            ),
            rx.cond(
                is_new,
                fields.labelled(
                    "Secret (optional)",
                    w.text_input("secret", auto_complete="off", max_length=200),
                    WebhookDialogs.errors["secret"],
                    hint="Messages are signed with it. Leave it empty and one is made for you.",
                ),
            ),
            is_open=WebhookDialogs.editing != "",
            on_open_change=WebhookDialogs.stop,
            on_submit=[WebhookDialogs.save, after],
            button=rx.cond(is_new, "Add webhook", "Save"),
            error=WebhookDialogs.errors[""],
        ),
        fields.sure_dialog(
            "Take a new secret?",
            "Messages are signed with both for a day, so that the receiver has time to change.",
            is_open=WebhookDialogs.sure == "rotate",
            on_open_change=WebhookDialogs.stop,
            on_sure=[WebhookDialogs.rotate, after],
            button="Make a new secret",
        ),
        fields.sure_dialog(
            "Delete this webhook?",
            rx.Var.create("Nothing more is sent to ")
            + WebhookDialogs.subject.url
            + rx.Var.create(", and what was sent is forgotten. This cannot be undone."),
            is_open=WebhookDialogs.sure == "delete",
            on_open_change=WebhookDialogs.stop,
            on_sure=[WebhookDialogs.delete, after],
            button="Delete webhook",
        ),
    )

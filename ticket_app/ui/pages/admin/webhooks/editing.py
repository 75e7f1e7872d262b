"""The dialogs of a webhook: to make and change one, to take a new secret, to delete it."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from ticket_app.core.platform.errors import DeskError, Unauthenticated
from ticket_app.core.platform.network_addresses import LONGEST_URL
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENTS
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, expect_same, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.webhooks.rows import MEANS, WebhookRow, webhook_row

EVENT: Final = "event."
NEW: Final = "new"
EDIT: Final = "webhook"
ROTATE: Final = "rotate"
DELETE: Final = "delete-webhook"
LABELS: Final = {"url": "The address", "events": "It", "secret": "The secret"}


def _subscribe(desk: Desk, url: str, events: list[str], secret: str | None) -> tuple[str, str]:
    row, made = webhook_subscriptions.subscribe(desk, url, events, secret=secret)
    return webhook_subscriptions.printed(row.uuid), made


def _row(desk: Desk, reference: str) -> WebhookRow:
    return webhook_row(webhook_subscriptions.find(desk, reference))


def _settings(desk: Desk, reference: str) -> tuple[str, list[str], bool]:
    row = _row(desk, reference)
    return row.url, row.events, row.is_active


def _expect(desk: Desk, seen: WebhookRow) -> None:
    """Refuse if the settings have changed; what was sent in the meantime does not matter."""
    settings = (seen.url, seen.events, seen.is_active)
    expect_same(desk, _settings, seen.id, settings, f"The webhook to {seen.url}")


def _change(desk: Desk, seen: WebhookRow, changes: dict[str, Any]) -> None:
    _expect(desk, seen)
    webhook_subscriptions.change(desk, seen.id, changes)


def _turn(desk: Desk, reference: str, on: bool) -> None:
    webhook_subscriptions.change(desk, reference, {"active": on})


def _rotate(desk: Desk, seen: WebhookRow) -> str:
    _expect(desk, seen)
    reference = seen.id
    return webhook_subscriptions.rotate_secret(desk, reference)[1]


def _remove(desk: Desk, seen: WebhookRow) -> None:
    _expect(desk, seen)
    webhook_subscriptions.remove(desk, seen.id)


class WebhookDialogs(rx.State):
    """What is asked about one webhook, and the secret that was just made."""

    editing: str = ""
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
    async def add(self) -> None:
        """Ask for a new webhook."""
        self.editing, self.url, self.events, self.errors = NEW, "", list(EVENTS), {}
        await open_dialog(self, EDIT, NEW)

    @bridge.event
    async def edit(self, webhook: str) -> None:
        """Ask what is to change of a webhook."""
        self.subject = await bridge.read(self, _row, webhook)
        self.editing, self.errors = self.subject.id, {}
        self.url, self.events = self.subject.url, self.subject.events
        await open_dialog(self, EDIT, self.subject)

    @bridge.submission
    async def save(self, seen: str, form: dict[str, Any]) -> Any:
        """Make or change the webhook; what is wrong is said at its field."""
        await confirm(self, EDIT, seen)
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
                await bridge.write(self, _change, self.subject, changes)
        except Unauthenticated:
            raise
        except DeskError as no:
            self.errors = fields.wrong_fields(no, LABELS)
            return w.focus_on("url") if "url" in self.errors else None
        told = f"Webhook to {url} " + ("added" if self.editing == NEW else "changed")
        await close_dialog(self)
        return w.toast(told, tone="green")

    @bridge.event
    async def turn(self, webhook: str, on: bool) -> Any:
        """Switch a webhook on or off."""
        await bridge.write(self, _turn, webhook, bool(on))
        return w.toast("Webhook switched on" if on else "Webhook switched off")

    @bridge.event
    async def ask(self, what: str, webhook: str) -> None:
        """Make sure before a new secret, or before the end of a webhook."""
        name = {"rotate": ROTATE, "delete": DELETE}.get(what)
        if name:
            self.subject = await bridge.read(self, _row, webhook)
            self.errors = {}
            await open_dialog(self, name, self.subject)

    @bridge.event
    async def rotate(self, seen: str) -> None:
        """A new secret, shown this once."""
        await confirm(self, ROTATE, seen)
        self.made = await bridge.write(self, _rotate, self.subject)
        self.made_for = self.subject.url
        await close_dialog(self)

    @bridge.event
    async def delete(self, seen: str) -> Any:
        """End a webhook."""
        await confirm(self, DELETE, seen)
        await bridge.write(self, _remove, self.subject)
        self.made = ""
        await close_dialog(self)
        told = w.toast(f"Webhook to {self.subject.url} deleted")
        return [told, rx.redirect(routes.ADMIN_WEBHOOKS)]

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
                    w.copy_button("Copy", WebhookDialogs.made),
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
            rx.cond(
                is_new,
                "Add a webhook",
                rx.Var.create("Change the webhook to ") + WebhookDialogs.subject.host,
            ),
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
            name=EDIT,
            on_submit=[WebhookDialogs.save(OpenDialog.seen), after],
            button=rx.cond(is_new, "Add webhook", "Save"),
            error=WebhookDialogs.errors[""],
        ),
        fields.sure_dialog(
            rx.Var.create("Make a new secret for ") + WebhookDialogs.subject.host + "?",
            "Messages are signed with both for a day, so that the receiver has time to change.",
            name=ROTATE,
            on_sure=[WebhookDialogs.rotate(OpenDialog.seen), after],
            button="Make a new secret",
        ),
        fields.sure_dialog(
            rx.Var.create("Delete the webhook to ") + WebhookDialogs.subject.host + "?",
            rx.Var.create("Nothing more is sent to ")
            + WebhookDialogs.subject.url
            + rx.Var.create(", and what was sent is forgotten. This cannot be undone."),
            name=DELETE,
            on_sure=[WebhookDialogs.delete(OpenDialog.seen), after],
            button="Delete webhook",
        ),
    )

"""The dialogs that add, change and delete a webhook, and rotate its secret."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import reflex as rx

from ticket_app.core.platform.network_addresses import MAX_URL_LENGTH
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.pages.admin.dialog_actions import DeletableObject, save_from_dialog
from ticket_app.ui.pages.admin.webhooks.rows import WebhookRow, webhook_row

EVENT_PREFIX: Final = "event."
NEW: Final = "unsaved"
EDIT_DIALOG: Final = "webhook"
ROTATE_DIALOG: Final = "rotate"
DELETE_DIALOG: Final = "delete-webhook"
FIELD_LABELS: Final = {
    "url": texts.WEBHOOK_FIELD_URL,
    "events": texts.WEBHOOK_FIELD_EVENTS,
    "secret": texts.WEBHOOK_FIELD_SECRET,
}


class WebhookSettings(NamedTuple):
    """What the dialog changes; deliveries in the meantime do not count as a change."""

    url: str
    events: list[str]
    is_active: bool


class NewWebhook(NamedTuple):
    """A webhook that was just added, and its secret."""

    reference: str
    secret: str


def _subscribe(uow: UnitOfWork, values: dict[str, Any]) -> NewWebhook:
    row, secret = webhook_subscriptions.subscribe(uow, **values)
    return NewWebhook(webhook_subscriptions.format_public_id(row.uuid), secret)


def _load_row(uow: UnitOfWork, reference: str) -> WebhookRow:
    return webhook_row(webhook_subscriptions.find(uow, reference))


def _settings(row: WebhookRow) -> WebhookSettings:
    return WebhookSettings(row.url, row.events, row.is_active)


WEBHOOKS: Final = DeletableObject(
    load=lambda uow, reference: _settings(_load_row(uow, reference)),
    subject=lambda settings: texts.webhook_subject(settings.url),
    create=_subscribe,
    update=lambda uow, reference, values: webhook_subscriptions.update_webhook(
        uow, reference, webhook_subscriptions.WebhookChanges(**values)
    ),
    delete=webhook_subscriptions.delete_webhook,
    added_text=texts.webhook_added,
    changed_text=texts.webhook_changed,
    deleted_text=texts.webhook_deleted,
)


def _set_active(uow: UnitOfWork, reference: str, is_active: bool) -> None:
    webhook_subscriptions.update_webhook(uow, reference, {"active": is_active})


def _rotate(uow: UnitOfWork, seen: WebhookRow) -> str:
    WEBHOOKS.ensure_unchanged(uow, seen.id, _settings(seen))
    return webhook_subscriptions.rotate_secret(uow, seen.id)[1]


class WebhookDialogs(rx.State):
    """The webhook in the open dialog, its errors, and a secret that was just created."""

    editing: str = ""
    url: str = ""
    events: list[str] = []
    new_secret_url: str = ""
    new_secret: str = ""
    errors: dict[str, str] = {}
    subject: WebhookRow = WebhookRow()

    @bridge.event
    def clear(self) -> None:
        """Reset the state when a page loads."""
        self.reset()

    @bridge.event
    async def add(self) -> None:
        self.editing, self.url, self.events, self.errors = NEW, "", list(EVENT_NAMES), {}
        await open_dialog(self, EDIT_DIALOG, NEW)

    @bridge.event
    async def edit(self, webhook: str) -> None:
        self.subject = await bridge.read(self, _load_row, webhook)
        self.editing, self.errors = self.subject.id, {}
        self.url, self.events = self.subject.url, self.subject.events
        await open_dialog(self, EDIT_DIALOG, self.subject)

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Create or update the webhook; errors appear at their fields."""
        await ensure_dialog_is_current(self, EDIT_DIALOG, seen)
        is_new = self.editing == NEW
        url = str(form.get("url", "")).strip()
        secret = str(form.get("secret", "")) if is_new else ""
        values: dict[str, object] = {
            "url": url,
            "events": fields.checked_values(form, EVENT_PREFIX),
        }
        saved = await save_from_dialog(
            self,
            WEBHOOKS,
            None if is_new else self.subject.id,
            _settings(self.subject),
            lambda: {**values, "secret": secret or None} if is_new else values,
            name=url,
        )
        if saved.error:
            self.errors = fields.field_errors(saved.error, FIELD_LABELS)
            return w.focus_on("url") if "url" in self.errors else None
        if is_new:
            assert isinstance(saved.created, NewWebhook)
            self.new_secret_url = url
            self.new_secret = "" if secret else saved.created.secret
            self.subject = await bridge.read(self, _load_row, saved.created.reference)
        return saved.message

    @bridge.event
    async def toggle_active(self, webhook: str, is_active: bool) -> bridge.Events:
        """Activate or deactivate a webhook."""
        await bridge.write(self, _set_active, webhook, bool(is_active))
        return w.toast(texts.WEBHOOK_ACTIVATED if is_active else texts.WEBHOOK_DEACTIVATED)

    @bridge.event
    async def ask_confirmation(self, action: str, webhook: str) -> None:
        """Open the confirmation dialog for deleting or rotating the secret."""
        name = {"rotate": ROTATE_DIALOG, "delete": DELETE_DIALOG}.get(action)
        if name:
            self.subject = await bridge.read(self, _load_row, webhook)
            self.errors = {}
            await open_dialog(self, name, self.subject)

    @bridge.event
    async def rotate(self, seen: str) -> None:
        """Create a new secret and show it once."""
        await ensure_dialog_is_current(self, ROTATE_DIALOG, seen)
        self.new_secret = await bridge.write(self, _rotate, self.subject)
        self.new_secret_url = self.subject.url
        await close_dialog(self)

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        await ensure_dialog_is_current(self, DELETE_DIALOG, seen)
        await bridge.write(self, WEBHOOKS.remove, self.subject.id, _settings(self.subject))
        self.new_secret = ""
        await close_dialog(self)
        toast = w.toast(WEBHOOKS.deleted_text(self.subject.url))
        return [toast, rx.redirect(routes.ADMIN_WEBHOOKS)]

    @bridge.event
    def hide_secret(self) -> None:
        """Hide the secret; it cannot be shown again."""
        self.new_secret = self.new_secret_url = ""


def new_secret_panel() -> rx.Component:
    """Return the panel that shows a new secret once."""
    return rx.el.div(
        rx.cond(
            WebhookDialogs.new_secret != "",
            rx.el.div(
                rx.el.strong(texts.WEBHOOK_SECRET_TITLE),
                rx.el.p(
                    texts.WEBHOOK_SECRET_BEFORE_URL,
                    rx.el.span(WebhookDialogs.new_secret_url, class_name="monospace"),
                    texts.WEBHOOK_SECRET_AFTER_URL,
                    class_name="text-muted",
                ),
                rx.el.div(
                    rx.el.code(WebhookDialogs.new_secret, class_name="secret-value monospace"),
                    w.copy_button(texts.WEBHOOK_SECRET_COPY, WebhookDialogs.new_secret),
                    w.button(texts.WEBHOOK_SECRET_DONE, on_click=WebhookDialogs.hide_secret),
                ),
                class_name="new-secret",
            ),
        ),
        role="status",
    )


def webhook_dialogs(on_change: rx.event.EventType) -> rx.Component:
    """Return the dialogs, once per page; `on_change` runs after they are submitted."""
    is_new = WebhookDialogs.editing == NEW
    return rx.fragment(
        fields.dialog(
            rx.cond(
                is_new,
                texts.WEBHOOK_ADD_TITLE,
                texts.webhook_edit_title(WebhookDialogs.subject.host),
            ),
            texts.WEBHOOK_HINT,
            fields.labelled_field(
                texts.WEBHOOK_URL,
                w.text_input(
                    "url",
                    value=WebhookDialogs.url,
                    input_type="url",
                    placeholder="https://example.com/hooks/tickets",
                    auto_complete="off",
                    max_length=MAX_URL_LENGTH,
                    auto_focus=True,
                    aria_invalid=rx.cond(WebhookDialogs.errors["url"], "true", "false"),
                ),
                WebhookDialogs.errors["url"],
            ),
            rx.el.fieldset(
                rx.el.legend(texts.WEBHOOK_EVENTS, class_name="field-label"),
                rx.el.div(
                    *(
                        rx.el.label(
                            rx.el.input(
                                type="checkbox",
                                name=EVENT_PREFIX + event,
                                default_checked=WebhookDialogs.events.contains(event),
                            ),
                            rx.el.span(
                                rx.el.code(event),
                                rx.el.small(
                                    texts.WEBHOOKS_EVENT_DESCRIPTIONS[event],
                                    class_name="text-muted",
                                ),
                            ),
                            class_name="checkbox",
                        )
                        for event in EVENT_NAMES
                    ),
                    class_name="checkbox-list two-column-list",
                ),
                fields.field_error(WebhookDialogs.errors["events"]),
                class_name="checkbox-group",
            ),
            rx.cond(
                is_new,
                fields.labelled_field(
                    texts.WEBHOOK_SECRET,
                    w.text_input("secret", auto_complete="off", max_length=200),
                    WebhookDialogs.errors["secret"],
                    hint=texts.WEBHOOK_SECRET_HINT,
                ),
            ),
            name=EDIT_DIALOG,
            on_submit=[WebhookDialogs.save(OpenDialog.fingerprint), on_change],
            button_label=rx.cond(is_new, texts.WEBHOOK_ADD, texts.SAVE),
            error=WebhookDialogs.errors[""],
        ),
        fields.confirm_dialog(
            texts.webhook_rotate_title(WebhookDialogs.subject.host),
            texts.WEBHOOK_ROTATE_HINT,
            name=ROTATE_DIALOG,
            on_confirm=[WebhookDialogs.rotate(OpenDialog.fingerprint), on_change],
            button_label=texts.WEBHOOK_ROTATE,
        ),
        fields.confirm_dialog(
            texts.webhook_delete_title(WebhookDialogs.subject.host),
            texts.webhook_delete_hint(WebhookDialogs.subject.url),
            name=DELETE_DIALOG,
            on_confirm=[WebhookDialogs.delete(OpenDialog.fingerprint), on_change],
            button_label=texts.WEBHOOK_DELETE,
        ),
    )

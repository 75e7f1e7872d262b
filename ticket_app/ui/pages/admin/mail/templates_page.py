"""The templates of emails: subject and introduction of each kind, with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.core.email.outgoing import template_editing
from ticket_app.core.email.outgoing.template_editing import TemplateOverview
from ticket_app.core.email.outgoing.templates import EXAMPLES, VARIABLES
from ticket_app.core.platform.errors import DomainError, Forbidden, Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    dialog_root,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.pages.admin.mail.log_view import sandboxed_email_frame, theme_switch
from ticket_app.ui.pages.admin.mail.tabs import mail_tabs

TEMPLATE_DIALOG: Final = "email-template"
MAX_DRAFT_LENGTH: Final = 12_000
FIELD_LABELS: Final = {"subject": texts.SUBJECT, "body": texts.INTRODUCTION}
VARIABLE_NAMES: Final = [
    f"{{{{ {name} }}}}"
    for name in (
        *(f"{group}.{part}" for group, parts in VARIABLES.items() for part in parts),
        *(name for name, example in EXAMPLES.items() if isinstance(example, str)),
    )
]


@dataclass(frozen=True)
class TemplateRow:
    """The texts of one kind of email."""

    kind: str = ""
    label: str = ""
    subject: str = ""
    body: str = ""
    is_own: bool = False


def _build_row(template: TemplateOverview) -> TemplateRow:
    return TemplateRow(
        template.kind,
        texts.KIND_LABELS.get(template.kind, template.kind),
        template.subject,
        template.body,
        template.is_own,
    )


def load_templates(uow: UnitOfWork) -> list[TemplateRow]:
    """Return the templates of all kinds. Raises `Forbidden`."""
    return [_build_row(template) for template in template_editing.list_templates(uow)]


class EmailTemplates(rx.State):
    """The templates, and the one in the open dialog."""

    rows: list[TemplateRow] = []
    edited: TemplateRow = TemplateRow()
    preview: str = ""
    theme: str = "light"
    errors: dict[str, str] = {}
    is_loaded: bool = False
    denied_reason: str = ""

    _draft: dict[str, str] = {}

    @bridge.event
    async def load(self) -> None:
        """Load all templates."""
        self.rows, self.denied_reason = [], ""
        try:
            self.rows = await bridge.read(self, load_templates)
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    @bridge.event
    async def edit(self, kind: str) -> None:
        """Open a template."""
        self.edited = next((row for row in self.rows if row.kind == kind), TemplateRow())
        self._draft, self.errors, self.theme = {}, {}, "light"
        self._show_preview()
        await open_dialog(self, TEMPLATE_DIALOG, kind)

    def _show_preview(self) -> None:
        self.preview = routes.template_preview(self.edited.kind, **self._draft, theme=self.theme)

    @bridge.event
    def show_theme(self, theme: str) -> None:
        """Show the preview in light or dark colours."""
        self.theme = "dark" if theme == "dark" else "light"
        self._show_preview()

    @bridge.event
    def preview_field(self, name: str, value: str) -> None:
        """Show what a field says now, once the person leaves it; or what is wrong with it."""
        if name not in FIELD_LABELS:
            return
        draft = {"subject": self.edited.subject, "body": self.edited.body, **self._draft}
        draft[name] = value[:MAX_DRAFT_LENGTH]
        self._draft, self.errors = draft, {}
        try:
            template_editing.check(**draft)
        except DomainError as error:
            self.errors = fields.field_errors(error, FIELD_LABELS)
            return
        self._show_preview()

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Save the open template."""
        await ensure_dialog_is_current(self, TEMPLATE_DIALOG, seen)
        draft = {name: str(form.get(name, "")) for name in FIELD_LABELS}
        self.errors = {}
        try:
            await bridge.write(
                self,
                template_editing.save_template,
                self.edited.kind,
                draft["subject"],
                draft["body"],
            )
        except Unauthenticated:
            raise
        except DomainError as error:
            self.errors = fields.field_errors(error, FIELD_LABELS)
            return None
        self.rows = await bridge.read(self, load_templates)
        await close_dialog(self)
        return w.toast(texts.TEMPLATE_SAVED, tone="green")

    @bridge.event
    async def reset_to_default(self, seen: str) -> bridge.Events:
        """Use the default texts again."""
        await ensure_dialog_is_current(self, TEMPLATE_DIALOG, seen)
        await bridge.write(self, template_editing.reset_template, self.edited.kind)
        self.rows = await bridge.read(self, load_templates)
        await close_dialog(self)
        return w.toast(texts.TEMPLATE_RESET, tone="green")


def _template_item(row: rx.Var[TemplateRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.button(
                rx.el.b(row.label, dir="auto"),
                type="button",
                class_name="settings-row-name truncate row-button",
                on_click=EmailTemplates.edit(row.kind),
            ),
            rx.el.p(row.subject, class_name="text-muted text-small truncate", dir="auto"),
            class_name="settings-row-main",
        ),
        rx.el.span(rx.cond(row.is_own, w.chip(texts.EDITED, tone="blue"))),
        class_name="settings-row without-icon mail-template-row delivery-row",
        key=row.kind,
    )


def _dialog() -> rx.Component:
    one = EmailTemplates.edited
    errors = EmailTemplates.errors
    return dialog_root(
        TEMPLATE_DIALOG,
        rx.dialog.content(
            rx.dialog.title(one.label, size="3", dir="auto"),
            rx.dialog.description(texts.TEMPLATES_LEAD, size="1", class_name="text-muted"),
            rx.el.form(
                fields.labelled_field(
                    texts.SUBJECT,
                    w.text_input(
                        "subject",
                        value=one.subject,
                        max_length=500,
                        auto_complete="off",
                        on_blur=lambda value: EmailTemplates.preview_field("subject", value),
                    ),
                    errors["subject"],
                ),
                fields.labelled_field(
                    texts.INTRODUCTION,
                    w.text_area(
                        "body",
                        value=one.body,
                        rows=5,
                        max_length=10_000,
                        on_blur=lambda value: EmailTemplates.preview_field("body", value),
                    ),
                    errors["body"],
                    hint=texts.INTRODUCTION_HINT,
                ),
                rx.el.p(
                    rx.el.span(texts.VARIABLES, class_name="text-muted text-small"),
                    *(rx.el.code(name) for name in VARIABLE_NAMES),
                    class_name="mail-variables",
                ),
                theme_switch(EmailTemplates.theme, EmailTemplates.show_theme),
                sandboxed_email_frame(EmailTemplates.preview),
                fields.field_error(errors[""]),
                rx.el.div(
                    rx.cond(
                        one.is_own,
                        w.button(
                            texts.RESET,
                            on_click=EmailTemplates.reset_to_default(OpenDialog.fingerprint),
                        ),
                    ),
                    rx.dialog.close(w.button(texts.CLOSE)),
                    w.button(texts.SAVE, variant="primary", submit=True),
                    class_name="align-end dialog-actions",
                ),
                on_submit=EmailTemplates.save(OpenDialog.fingerprint),
                class_name="compact-form settings-form",
                no_validate=True,
                key=one.kind,
            ),
            max_width="760px",
        ),
    )


def email_templates_page() -> rx.Component:
    """Return the page."""
    return settings_page(
        routes.ADMIN_MAIL,
        rx.el.section(mail_tabs(routes.ADMIN_MAIL_TEMPLATES)),
        rx.el.p(texts.TEMPLATES_LEAD, class_name="text-muted settings-intro"),
        rx.el.ul(
            rx.foreach(EmailTemplates.rows, _template_item),
            class_name="list-unstyled settings-list",
        ),
        _dialog(),
        ready=EmailTemplates.is_loaded,
        denied_reason=EmailTemplates.denied_reason,
    )

"""The dialog that edits a field of a ticket."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.tickets.fields import FieldType, TicketField
from ticket_app.ui import widgets as w
from ticket_app.ui.components.date_time_input import TimeZoneName
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.composer.mentions import TAGS_URL
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.edit_state import EDIT_DIALOG, FieldDialog
from ticket_app.ui.pages.desk.ticket.editing import DUPLICATE, NO_VALUE, dialog_fields
from ticket_app.ui.pages.desk.ticket.state import TicketPage

TICKET = TicketPage.ticket


def _control(field: TicketField) -> rx.Component:
    """Return the control of a field's type."""
    value = FieldDialog.value
    match field.type:
        case FieldType.LIST:
            return w.tag_input("value", value=value, search_url=TAGS_URL)
        case FieldType.DATETIME:
            return w.date_time_input("value", value=value, aria_label=texts.DESK_DUE)
        case FieldType.NUMBER:
            return w.text_input(
                "value", value=value, aria_label=FieldDialog.heading, input_mode="decimal"
            )
        case _ if field.is_long_text:
            return w.text_area("value", value=value, rows=8, aria_label=FieldDialog.heading)
        case _:
            return w.text_input("value", value=value, aria_label=FieldDialog.heading)


def _edit_field() -> rx.Component:
    original = w.text_input(
        "value",
        placeholder="BUG-15",
        aria_label=texts.TICKET_EDIT_DUPLICATE_LABEL,
        auto_complete="off",
    )
    return rx.match(
        FieldDialog.editing,
        (DUPLICATE, original),
        *((name, _control(field)) for name, field in dialog_fields().items()),
        rx.fragment(),
    )


def _hint() -> rx.Component:
    zone = TimeZoneName.create()
    form = rx.cond(
        FieldDialog.is_plain_text,
        texts.TICKET_EDIT_HINT_PLAIN_TEXT,
        texts.TICKET_EDIT_HINT_MARKDOWN,
    )
    long_texts = {
        name: rx.el.span(
            texts.TICKET_EDIT_HINT_FEEDBACK
            if field.audience is Audience.PUBLIC
            else texts.TICKET_EDIT_HINT_NOTES,
            form,
        )
        for name, field in dialog_fields().items()
        if field.is_long_text
    }
    hours = {
        name: rx.el.span(texts.TICKET_EDIT_HINT_HOURS)
        for name, field in dialog_fields().items()
        if field.type is FieldType.NUMBER
    }
    hints = {
        **long_texts,
        **hours,
        "due_at": rx.el.span(texts.TICKET_EDIT_HINT_TIME_ZONE, zone, "."),
        DUPLICATE: rx.el.span(texts.TICKET_EDIT_HINT_DUPLICATE),
    }
    return rx.match(FieldDialog.editing, *hints.items(), rx.fragment())


def _current_value() -> rx.Component:
    is_time = (FieldDialog.editing == "due_at") & (FieldDialog.current_value != NO_VALUE)
    return rx.cond(
        is_time,
        w.time_exact(FieldDialog.current_value),
        rx.el.span(FieldDialog.current_value, dir="auto"),
    )


def edit_dialog() -> rx.Component:
    return dialog_root(
        EDIT_DIALOG,
        rx.dialog.content(
            rx.dialog.title(FieldDialog.heading, size="3"),
            rx.cond(
                FieldDialog.editing != "title",
                rx.el.p(TICKET.title, class_name="dialog-subject", dir="auto"),
            ),
            rx.dialog.description(_hint(), class_name="text-muted", size="1"),
            rx.el.form(
                rx.cond(
                    FieldDialog.current_value != "",
                    rx.el.div(
                        rx.el.b(texts.TICKET_EDIT_CURRENT_VALUE),
                        _current_value(),
                        class_name="info-box",
                    ),
                ),
                _edit_field(),
                rx.el.p(FieldDialog.error, class_name="field-error", role="alert"),
                rx.el.div(
                    rx.dialog.close(w.button(texts.DESK_CANCEL)),
                    w.button(
                        rx.cond(
                            FieldDialog.editing == DUPLICATE,
                            texts.TICKET_EDIT_MARK_DUPLICATE,
                            texts.TICKET_EDIT_SAVE,
                        ),
                        variant="primary",
                        submit=True,
                    ),
                    class_name="align-end",
                ),
                on_submit=FieldDialog.save(OpenDialog.fingerprint),
                class_name="compact-form",
            ),
            max_width="480px",
        ),
    )

"""The dialog that snoozes tickets, and the notice on a snoozed ticket."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk.snooze import texts
from ticket_app.ui.pages.desk.snooze.state import SNOOZE_DIALOG, SnoozeDialog, SnoozeSuggestion


def _suggestion(one: rx.Var[SnoozeSuggestion]) -> rx.Component:
    return rx.el.button(
        rx.icon("alarm-clock", size=14),
        rx.el.span(one.label),
        rx.el.small(w.time_exact(one.at), class_name="text-muted tabular-numbers"),
        type="button",
        class_name="search-result",
        on_click=SnoozeDialog.choose(OpenDialog.fingerprint, one.at),
        key=one.at,
    )


def _form() -> rx.Component:
    return rx.el.form(
        w.field(
            texts.UNTIL,
            w.text_input(
                "until",
                placeholder=texts.PLACEHOLDER,
                auto_complete="off",
                auto_focus=True,
                max_length=60,
                on_change=SnoozeDialog.preview.debounce(150),
            ),
            name="until",
            error=SnoozeDialog.error,
        ),
        OptionList.create(
            rx.foreach(SnoozeDialog.suggestions, _suggestion),
            class_name="search-results",
            aria_label=texts.SUGGESTIONS,
        ),
        rx.el.div(
            rx.el.span(
                rx.cond(SnoozeDialog.parsed_at != "", w.time_exact(SnoozeDialog.parsed_at)),
                class_name="tabular-numbers",
                role="status",
            ),
            rx.dialog.close(w.button(texts.CANCEL)),
            w.button(texts.SNOOZE, variant="primary", submit=True),
            class_name="align-end",
        ),
        on_submit=SnoozeDialog.submit(OpenDialog.fingerprint),
        class_name="compact-form",
    )


def snooze_dialog() -> rx.Component:
    """Return the dialog that snoozes a ticket, or the selected ones."""
    return dialog_root(
        SNOOZE_DIALOG,
        rx.dialog.content(
            rx.dialog.title(SnoozeDialog.heading, size="3"),
            rx.dialog.description(texts.EXPLANATION, size="2", class_name="text-muted"),
            _form(),
            max_width="420px",
        ),
    )


def snooze_button() -> rx.Component:
    """Return the button (H) that opens the dialog about the selected tickets."""
    return w.button(
        texts.SNOOZE,
        icon="alarm-clock",
        on_click=SnoozeDialog.open(0),
        data_shortcut="h",
    )


def snoozed_notice(ticket_id: rx.Var[int], number: rx.Var[str], until: rx.Var[str]) -> rx.Component:
    """Return the notice that says until when the ticket is snoozed."""
    return rx.cond(
        until != "",
        rx.el.div(
            rx.icon("alarm-clock", size=14),
            rx.el.span(texts.SNOOZED_UNTIL, w.time_exact(until)),
            w.button(texts.END, variant="quiet", on_click=SnoozeDialog.end(ticket_id, number)),
            class_name="info-box update-notice",
            role="status",
        ),
    )

"""The time log of a ticket in its side panel, and the dialog of an entry."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.pages.desk.ticket.time_log import TIME_DIALOG, TimeLogDialog
from ticket_app.ui.pages.desk.ticket.time_rows import TimeEntryItem

LOG = TicketPage.side_panel.time_log


def _entry(entry: rx.Var[TimeEntryItem]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            w.person_name(entry.initials, entry.name, entry.color),
            rx.el.span(entry.duration, class_name="time-entry-duration tabular-numbers"),
            rx.cond(
                entry.can_edit | entry.can_delete,
                w.icon_button(
                    "pencil",
                    rx.Var.create(texts.TIME_LOG_EDIT_ENTRY) + entry.duration,
                    size="small",
                    on_click=TimeLogDialog.open_entry(entry.id),
                ),
            ),
            class_name="time-entry-line",
        ),
        rx.el.p(
            rx.el.time(entry.day, date_time=entry.day),
            rx.cond(entry.note != "", rx.el.span(" · ", entry.note, dir="auto")),
            class_name="text-muted",
        ),
        class_name="time-entry",
        key=entry.id,
        role="listitem",
    )


def time_log() -> rx.Component:
    """Return the section with the log, its total and the button that adds to it."""
    return rx.el.section(
        w.section_header(
            rx.fragment(rx.icon("lock", size=12), texts.TIME_LOG_TITLE),
            w.icon_button("plus", texts.TIME_LOG_ADD, size="small", on_click=TimeLogDialog.open),
        ),
        rx.cond(
            LOG.summary != "",
            rx.el.p(LOG.summary, class_name="tabular-numbers"),
            rx.el.p(texts.TIME_LOG_EMPTY, class_name="text-muted"),
        ),
        rx.el.div(rx.foreach(LOG.lines, _entry), class_name="time-entries", role="list"),
        class_name="side-section internal-section",
    )


def time_log_dialog() -> rx.Component:
    """Return the dialog that logs time, or changes or deletes an entry."""
    state = TimeLogDialog
    return dialog_root(
        TIME_DIALOG,
        rx.dialog.content(
            rx.dialog.title(TimeLogDialog.heading, size="3"),
            rx.el.p(TicketPage.ticket.title, class_name="dialog-subject", dir="auto"),
            rx.dialog.description(
                rx.cond(state.can_edit, texts.TIME_LOG_HINT, state.author),
                class_name="text-muted",
                size="1",
            ),
            rx.el.form(
                rx.el.label(
                    rx.el.span(texts.TIME_LOG_DURATION),
                    w.text_input(
                        "duration",
                        value=state.duration,
                        placeholder=texts.TIME_LOG_EXAMPLE,
                        auto_complete="off",
                        disabled=~state.can_edit,
                    ),
                ),
                rx.el.label(
                    rx.el.span(texts.TIME_LOG_DAY),
                    w.text_input(
                        "day", value=state.day, input_type="date", disabled=~state.can_edit
                    ),
                ),
                rx.el.label(
                    rx.el.span(texts.TIME_LOG_NOTE),
                    w.text_input(
                        "note", value=state.note, max_length=500, disabled=~state.can_edit
                    ),
                ),
                rx.el.p(state.error, class_name="field-error", role="alert"),
                rx.el.div(
                    rx.cond(
                        state.can_delete,
                        w.button(
                            texts.DESK_DELETE,
                            variant="danger",
                            on_click=state.delete(OpenDialog.fingerprint),
                        ),
                    ),
                    rx.dialog.close(w.button(texts.DESK_CANCEL)),
                    rx.cond(
                        state.can_edit,
                        w.button(texts.TICKET_EDIT_SAVE, variant="primary", submit=True),
                    ),
                    class_name="align-end",
                ),
                on_submit=state.save(OpenDialog.fingerprint),
                class_name="compact-form",
            ),
            max_width="400px",
        ),
    )

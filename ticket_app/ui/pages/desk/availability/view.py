"""The dialog with one's availability, opened from the account menu."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk.availability import texts
from ticket_app.ui.pages.desk.availability.state import (
    AVAILABILITY_DIALOG,
    AvailabilityDialog,
    PlannedAbsence,
)


def _state_form() -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span(texts.NOW),
            w.select_input(
                "state",
                [(str(state), label) for state, label in texts.STATES.items()],
                value=AvailabilityDialog.state,
            ),
        ),
        rx.el.label(
            rx.el.span(texts.UNTIL),
            w.text_input("until", placeholder=texts.UNTIL_PLACEHOLDER, auto_complete="off"),
        ),
        rx.el.p(AvailabilityDialog.error, class_name="field-error", role="alert"),
        rx.el.div(
            rx.el.span(
                rx.cond(
                    AvailabilityDialog.until != "",
                    rx.fragment(texts.SHOWN_UNTIL, w.time_exact(AvailabilityDialog.until)),
                ),
                role="status",
            ),
            w.button(texts.SET, variant="primary", submit=True),
            class_name="align-end",
        ),
        on_submit=AvailabilityDialog.save(OpenDialog.fingerprint),
        class_name="compact-form",
    )


def _planned(absence: rx.Var[PlannedAbsence]) -> rx.Component:
    return rx.el.li(
        rx.icon("calendar-off", size=14),
        rx.el.span(
            absence.state,
            ": ",
            w.time_exact(absence.starts_at),
            " – ",
            w.time_exact(absence.ends_at),
        ),
        w.icon_button(
            "x",
            texts.REMOVE,
            size="small",
            on_click=AvailabilityDialog.remove(OpenDialog.fingerprint, absence.id),
        ),
        class_name="planned-absence",
        key=absence.id,
    )


def _plan_form() -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span(texts.FROM),
            w.text_input("absence-from", placeholder=texts.FROM_PLACEHOLDER, auto_complete="off"),
        ),
        rx.el.label(
            rx.el.span(texts.TO),
            w.text_input("absence-to", placeholder=texts.TO_PLACEHOLDER, auto_complete="off"),
        ),
        rx.el.p(AvailabilityDialog.plan_error, class_name="field-error", role="alert"),
        rx.el.div(
            rx.dialog.close(w.button(texts.CLOSE)),
            w.button(texts.PLAN, submit=True),
            class_name="align-end",
        ),
        on_submit=AvailabilityDialog.plan(OpenDialog.fingerprint),
        class_name="compact-form",
    )


def availability_item() -> rx.Component:
    """Return the item of the account menu that opens the dialog."""
    return rx.dropdown_menu.item(
        rx.icon("calendar-clock", size=14),
        texts.AVAILABILITY,
        on_select=AvailabilityDialog.open,
    )


def availability_dialog() -> rx.Component:
    """Return the dialog."""
    return dialog_root(
        AVAILABILITY_DIALOG,
        rx.dialog.content(
            rx.dialog.title(texts.AVAILABILITY, size="3"),
            rx.dialog.description(texts.EXPLANATION, size="2", class_name="text-muted"),
            _state_form(),
            rx.el.h2(texts.PLANNED, class_name="dialog-section-title"),
            rx.cond(
                AvailabilityDialog.planned.length() > 0,
                rx.el.ul(
                    rx.foreach(AvailabilityDialog.planned, _planned), class_name="planned-absences"
                ),
                rx.el.p(texts.NONE_PLANNED, class_name="text-muted"),
            ),
            _plan_form(),
            max_width="420px",
        ),
    )

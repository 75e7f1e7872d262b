"""Controls of the settings dialogs: checkboxes, switches, fields with errors, and form parsing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import reflex as rx

from ticket_app.core.platform.errors import DomainError, Invalid
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import alert_root, dialog_root
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.theme import KIND_LOOKS, PRIORITY_LOOKS
from ticket_app.ui.widgets.vars import Text

KIND_OPTIONS: Final = [(word, look.word) for word, look in KIND_LOOKS.items()]
PRIORITY_OPTIONS: Final = [(word, look.word) for word, look in PRIORITY_LOOKS.items()]


def checkbox_group(
    legend: Text,
    prefix: Text,
    options: Sequence[tuple[str, str]] | rx.Var,
    checked: rx.Var,
    *,
    hint: Text = "",
    error: Text = "",
    is_code: bool = False,
) -> rx.Component:
    """Return a fieldset of checkboxes, each named `prefix` plus its value.

    `options` are (value, label) pairs; values in `checked` start checked.
    """

    def checkbox(value: Text, label: Text) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                name=rx.Var.create(prefix) + value,
                default_checked=checked.contains(value),
            ),
            rx.el.code(label) if is_code else rx.el.span(label),
            class_name="checkbox",
        )

    boxes = (
        rx.foreach(options, lambda option: checkbox(option[0], option[1]))
        if isinstance(options, rx.Var)
        else rx.fragment(*(checkbox(value, words) for value, words in options))
    )
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="field-label"),
        rx.el.div(boxes, class_name="checkbox-list"),
        *([rx.el.p(hint, class_name="text-muted text-small")] if hint else []),
        field_error(error),
        class_name="checkbox-group",
    )


def field_error(error: Text) -> rx.Component:
    return rx.el.p(error, class_name="field-error", role="alert")


def checked_values(form: Mapping[str, object], prefix: str) -> list[str]:
    """Return the values checked in the group with this prefix."""
    return [name.removeprefix(prefix) for name in form if name.startswith(prefix)]


def toggle_switch(
    is_on: rx.Var[bool], label: Text, on_change: rx.event.EventType[bool]
) -> rx.Component:
    """Return a switch that takes effect immediately; `label` is its accessible name."""
    return rx.el.input(
        type="checkbox",
        role="switch",
        checked=is_on,
        aria_label=label,
        title=label,
        on_change=on_change,
        class_name="switch",
    )


def labelled_field(
    label: Text, control: rx.Component, error: Text = "", *, hint: Text = ""
) -> rx.Component:
    """Return a labelled control with its hint and error."""
    return rx.el.div(
        rx.el.label(rx.el.span(label, class_name="field-label"), control),
        *([rx.el.p(hint, class_name="text-muted text-small")] if hint else []),
        field_error(error),
        class_name="compact-field",
    )


def dialog(
    title: Text,
    hint: Text,
    *fields: rx.Component,
    name: str,
    on_submit: rx.event.EventType,
    button_label: Text,
    error: Text,
    width: str = "560px",
) -> rx.Component:
    """Return the dialog called `name` with a form.

    `error` belongs to no single field and is shown above the buttons.
    """
    return dialog_root(
        name,
        rx.dialog.content(
            rx.dialog.title(title, size="3", dir="auto"),
            rx.dialog.description(hint, class_name="text-muted", size="1"),
            rx.el.form(
                *fields,
                field_error(error),
                rx.el.div(
                    rx.dialog.close(w.button(texts.CANCEL)),
                    w.button(button_label, variant="primary", submit=True),
                    class_name="align-end",
                ),
                on_submit=on_submit,
                class_name="compact-form settings-form",
                no_validate=True,
            ),
            max_width=width,
        ),
    )


def confirm_dialog(
    title: Text,
    text: Text,
    *,
    name: str,
    on_confirm: rx.event.EventType,
    button_label: Text,
    error: Text = "",
) -> rx.Component:
    """Return the dialog called `name` that confirms an action which cannot be undone."""
    return alert_root(
        name,
        rx.alert_dialog.content(
            rx.alert_dialog.title(title, size="3", dir="auto"),
            rx.alert_dialog.description(text, class_name="text-muted", size="1"),
            field_error(error),
            rx.el.div(
                rx.alert_dialog.cancel(w.button(texts.CANCEL)),
                w.button(button_label, variant="danger", on_click=on_confirm),
                class_name="align-end dialog-actions",
            ),
            max_width="420px",
        ),
    )


def parse_whole_number(value: object) -> int | None:
    """Parse a whole number; None if the field is empty. Raises `ValueError`."""
    text = str(value or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(text)
    return int(text)


def field_errors(error: DomainError, labels: Mapping[str, str]) -> dict[str, str]:
    """Return the error's sentences by field.

    `labels` maps the dialog's fields to the start of their sentences; other problems are under
    "".
    """
    if not isinstance(error, Invalid):
        return {"": error.message}
    errors: dict[str, str] = {}
    for field, reason in error.problems:
        if field in labels:
            errors.setdefault(field, f"{labels[field]} {reason}")
        else:
            errors.setdefault("", f"{field} {reason}")
    return errors


def join_words(words: Iterable[str], conjunction: str = "and") -> str:
    """Join words as in "a, b and c"."""
    items = list(words)
    return (
        f" {conjunction} ".join([", ".join(items[:-1]), items[-1]])
        if len(items) > 1
        else "".join(items)
    )


def kind_checkboxes(checked: rx.Var) -> rx.Component:
    """Return checkboxes for kinds, named `kind.<kind>`."""
    return checkbox_group(texts.FORM_KINDS, "kind.", KIND_OPTIONS, checked)


def priority_checkboxes(checked: rx.Var) -> rx.Component:
    """Return checkboxes for priorities, named `priority.<priority>`."""
    return checkbox_group(texts.FORM_PRIORITIES, "priority.", PRIORITY_OPTIONS, checked)

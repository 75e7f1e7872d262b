"""What the dialogs of the settings are made of: ticks, switches, and errors at their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import reflex as rx

from ticket_app.core.platform.errors import DeskError, Invalid
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import alert_root, dialog_root
from ticket_app.ui.theme import KIND, PRIORITY
from ticket_app.ui.widgets.vars import Text


def ticks(
    legend: Text,
    prefix: Text,
    options: Sequence[tuple[str, str]] | rx.Var,
    chosen: rx.Var,
    *,
    hint: Text = "",
    error: Text = "",
    code: bool = False,
) -> rx.Component:
    """A group of boxes to tick, each a field of the form under `prefix` and its value.

    `options` are (value, words); those in `chosen` are ticked from the start.
    """

    def box(value: Text, words: Text) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                name=rx.Var.create(prefix) + value,
                default_checked=chosen.contains(value),
            ),
            rx.el.code(words) if code else rx.el.span(words),
            class_name="tick-box",
        )

    boxes = (
        rx.foreach(options, lambda option: box(option[0], option[1]))
        if isinstance(options, rx.Var)
        else rx.fragment(*(box(value, words) for value, words in options))
    )
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="field-label"),
        rx.el.div(boxes, class_name="tick-boxes"),
        *([rx.el.p(hint, class_name="soft fine")] if hint else []),
        problem(error),
        class_name="tick-group",
    )


def problem(error: Text) -> rx.Component:
    """What is wrong with the field above, if anything is."""
    return rx.el.p(error, class_name="field-error", role="alert")


def ticked(form: Mapping[str, Any], prefix: str) -> list[str]:
    """The values that were ticked in the group of this prefix."""
    return [name.removeprefix(prefix) for name in form if name.startswith(prefix)]


def switch(on: rx.Var[bool], label: Text, on_change: Callable[[Any], Any]) -> rx.Component:
    """A switch that acts at once; `label` is its name."""
    return rx.el.input(
        type="checkbox",
        role="switch",
        checked=on,
        aria_label=label,
        title=label,
        on_change=on_change,
        class_name="switch",
    )


def labelled(
    label: Text, control: rx.Component, error: Text = "", *, hint: Text = ""
) -> rx.Component:
    """A field of a dialog: its label, the control, a hint, and what is wrong with it."""
    return rx.el.div(
        rx.el.label(rx.el.span(label, class_name="field-label"), control),
        *([rx.el.p(hint, class_name="soft fine")] if hint else []),
        problem(error),
        class_name="small-field",
    )


def dialog(
    title: Text,
    hint: Text,
    *fields: rx.Component,
    name: str,
    on_submit: Any,
    button: Text,
    error: Text,
    width: str = "560px",
) -> rx.Component:
    """The dialog of that name with a form; its title names what it changes.

    What is wrong with no field in particular is shown above its buttons.
    """
    return dialog_root(
        name,
        rx.dialog.content(
            rx.dialog.title(title, size="3", dir="auto"),
            rx.dialog.description(hint, class_name="soft", size="1"),
            rx.el.form(
                *fields,
                problem(error),
                rx.el.div(
                    rx.dialog.close(w.button("Cancel")),
                    w.button(button, look="primary", submit=True),
                    class_name="end",
                ),
                on_submit=on_submit,
                class_name="small-form settings-form",
                no_validate=True,
            ),
            max_width=width,
        ),
    )


def sure_dialog(
    title: Text,
    text: Text,
    *,
    name: str,
    on_sure: Any,
    button: Text,
    error: Text = "",
) -> rx.Component:
    """The question of that name before something that cannot be undone; it names its object."""
    return alert_root(
        name,
        rx.alert_dialog.content(
            rx.alert_dialog.title(title, size="3", dir="auto"),
            rx.alert_dialog.description(text, class_name="soft", size="1"),
            problem(error),
            rx.el.div(
                rx.alert_dialog.cancel(w.button("Cancel")),
                w.button(button, look="danger", on_click=on_sure),
                class_name="end dialog-end",
            ),
            max_width="420px",
        ),
    )


def whole(told: Any) -> int | None:
    """A whole number somebody typed, or None for nothing. Raises `ValueError` for anything else."""
    words = str(told or "").strip()
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and len(words) <= 9):
        raise ValueError(words)
    return int(words)


def wrong_fields(refusal: DeskError, labels: Mapping[str, str]) -> dict[str, str]:
    """What the core refused, by field, in sentences; what belongs to no field is under "".

    `labels` maps the fields the dialog has to how a sentence about them begins.
    """
    if not isinstance(refusal, Invalid):
        return {"": refusal.message}
    told: dict[str, str] = {}
    for field, reason in refusal.problems:
        if field in labels:
            told.setdefault(field, f"{labels[field]} {reason}")
        else:
            told.setdefault("", f"{field} {reason}")
    return told


def in_words(words: Iterable[str], last: str = "and") -> str:
    """A list as a sentence says it: "a, b and c"."""
    told = list(words)
    return f" {last} ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)


def kind_ticks(chosen: rx.Var) -> rx.Component:
    """Kinds to tick, under `kind.`; none means any."""
    options = [(word, look.word) for word, look in KIND.items()]
    return ticks("Kinds (none means any)", "kind.", options, chosen)


def priority_ticks(chosen: rx.Var) -> rx.Component:
    """Priorities to tick, under `priority.`; none means any."""
    options = [(word, look.word) for word, look in PRIORITY.items()]
    return ticks("Priorities (none means any)", "priority.", options, chosen)

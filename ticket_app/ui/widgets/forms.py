"""Form fields: labels, text inputs, dates, selects and tags.

Every control is uncontrolled and has a name: the form's `on_submit` receives its values, and the
server never re-renders what a person types.
"""

from collections.abc import Sequence

import reflex as rx

from ticket_app.ui.components.character_counter import CharacterCounter
from ticket_app.ui.components.date_time_input import DateTimeInput
from ticket_app.ui.components.draft_form import DraftStatus
from ticket_app.ui.components.relative_time import RelativeTime
from ticket_app.ui.components.tag_input import TagInput
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.vars import Flag, Number, Text, may_be_present

TEXT_INPUT_TYPES = frozenset({"text", "search"})
"""Input types for text in any script and direction."""
NO_FORM = "outside-of-forms"
"""The `form` of controls whose value is not submitted."""


def unmanaged_id(element_id: str) -> dict[str, object]:
    """Return an id that is hidden from Reflex, which would add the value to the form data again."""
    return {"custom_attrs": {"id": element_id}}


def field(
    label: Text,
    control: rx.Component,
    *,
    name: str,
    hint: Text | rx.Component = "",
    error: Text = "",
    required: bool = False,
    optional: bool = False,
    max_length: int = 0,
    hint_aside: bool = False,
) -> rx.Component:
    """Return a label, its control, help and error, connected for screen readers.

    `name` is the control's id; `hint` is the help. An empty `error` (usually a Var) hides it.
    `max_length` adds a counter. `hint_aside` puts the hint beside the control on wide screens.
    """
    described_by = " ".join(
        part
        for part, there in ((f"{name}-help", may_be_present(hint)), (f"{name}-error", True))
        if there
    )
    is_invalid = (
        rx.cond(error, "true", "false")
        if isinstance(error, rx.Var)
        else ("true" if error else "false")
    )
    target = _find_control(control) or control
    target.custom_attrs |= {"aria-describedby": described_by}
    # A button that opens a menu can be described, but neither required nor invalid.
    if type(target).__name__.lower() != "button":
        target.custom_attrs |= {"aria-invalid": is_invalid}
        target.custom_attrs |= {"aria-required": "true"} if required else {}
    target_id = target.custom_attrs.get("id")
    optional_mark = [" ", rx.el.span("optional", class_name="optional-mark")] if optional else []
    footer = [
        rx.el.span(
            rx.cond(error, rx.icon("circle-alert", size=14), rx.fragment())
            if isinstance(error, rx.Var)
            else (rx.icon("circle-alert", size=14) if error else rx.fragment()),
            error,
            id=f"{name}-error",
            class_name="field-error",
            role="alert",
        )
    ]
    if max_length:
        footer.append(CharacterCounter.create(field=name, limit=max_length))
    return rx.el.div(
        rx.el.label(label, *optional_mark, html_for=target_id, class_name="field-label")
        if target_id
        else rx.el.div(label, *optional_mark, class_name="field-label", aria_hidden="true"),
        rx.el.div(control, class_name="field-control"),
        *(
            [rx.el.div(hint, id=f"{name}-help", class_name="field-help")]
            if may_be_present(hint)
            else []
        ),
        rx.el.div(*footer, class_name="field-footer"),
        class_name="field with-side-hint" if hint_aside else "field",
    )


def _find_control(part: object) -> rx.Component | None:
    """Return the element of a composed control that a person operates."""
    if not isinstance(part, rx.Component):
        return None
    if "data-control" in part.custom_attrs or type(part).__name__.lower() in (
        "input",
        "textarea",
        "fieldset",
    ):
        return part
    return next((found for child in part.children if (found := _find_control(child))), None)


def text_input(
    name: str, *, value: Text = "", input_type: str = "text", **props: object
) -> rx.Component:
    """Return a line of text; `input_type` is text, email, password... Props go to the element."""
    if input_type in TEXT_INPUT_TYPES:
        props.setdefault("dir", "auto")
    return rx.el.input(
        **unmanaged_id(name),
        name=name,
        default_value=value,
        type=input_type,
        class_name="input",
        **props,
    )


def date_time_input(name: str, *, value: Text = "", **props: object) -> rx.Component:
    """Return a date and time field in the browser's time zone.

    `value`, and the form's value, is an ISO time in UTC; props go to the visible field.
    """
    return DateTimeInput.create(
        **unmanaged_id(name),
        name=name,
        value=value,
        class_name="input",
        data_control="true",
        **props,
    )


def text_area(name: str, *, value: Text = "", rows: int = 4, **props: object) -> rx.Component:
    """Return a field for several lines of plain text."""
    return rx.el.textarea(
        **unmanaged_id(name),
        name=name,
        default_value=value,
        rows=str(rows),
        class_name="input",
        dir="auto",
        **props,
    )


def select_input(
    name: str, options: Sequence[tuple[str, str]] | rx.Var, *, value: Text = "", **props: object
) -> rx.Component:
    """Return the browser's own select. `options` are (value, label)."""
    items = (
        rx.foreach(options, lambda option: rx.el.option(option[1], value=option[0]))
        if isinstance(options, rx.Var)
        else rx.fragment(*(rx.el.option(words, value=word) for word, words in options))
    )
    return rx.el.select(
        items,
        **unmanaged_id(name),
        name=name,
        default_value=value,
        class_name="input",
        dir="auto",
        data_control="true",
        **props,
    )


def tag_input(
    name: str,
    *,
    value: Text = "",
    suggestions: Sequence[str] | rx.Var = (),
    limit: int = 20,
    search_url: str = "",
    on_change: rx.event.EventType | None = None,
) -> rx.Component:
    """Return a tag field: Enter or comma adds a tag, Backspace or its button removes it.

    The form's value, and what `on_change` receives, is one comma-separated text. `suggestions` are
    offered below until they are chosen, and known tags from `search_url` while one is typed.
    """
    props = {} if on_change is None else {"on_change": on_change}
    return TagInput.create(
        **unmanaged_id(f"{name}-entry"),
        name=name,
        value=value,
        suggestions=suggestions if isinstance(suggestions, rx.Var) else list(suggestions),
        limit=limit,
        search_url=search_url,
        outside=NO_FORM,
        data_control="true",
        **props,
    )


def saved_indicator(is_saved: Flag, saved_at: Text, saved_length: Number) -> rx.Component:
    """Show where the text of the form is saved.

    "Draft saved 10:32" when the server has it: `saved_at` is the ISO time, `saved_length` the
    number of characters that it received. Until then "Saved on this device", and "Will be sent when
    you are back online" after a form was sent while offline.
    """
    saved_text = rx.el.span(
        rx.icon("check", size=12, stroke_width=2),
        texts.DRAFT_SAVED,
        RelativeTime.create(at=saved_at, format="clock"),
        class_name="save-status on-server",
    )
    shown = (
        rx.cond(is_saved, saved_text)
        if isinstance(is_saved, rx.Var)
        else (saved_text if is_saved else rx.fragment())
    )
    return DraftStatus.create(
        shown,
        rx.el.span(
            rx.icon("hard-drive", size=12, stroke_width=2),
            texts.DRAFT_SAVED_ON_DEVICE,
            class_name="save-status on-device",
        ),
        rx.el.span(
            rx.icon("clock", size=12, stroke_width=2),
            texts.DRAFT_WILL_BE_SENT,
            class_name="save-status queued",
        ),
        at=saved_at,
        length=saved_length,
    )

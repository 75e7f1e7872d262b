"""Fields: label, control, help beside, error; choices as cards; tags; Markdown; files.

Every control is uncontrolled and has a name: the form's `on_submit` receives its values, and what
a person types is never drawn again from the server.
"""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from ticket_app.ui.components.character_counter import CharacterCounter
from ticket_app.ui.components.date_time_input import DateTimeInput
from ticket_app.ui.components.draft_form import DraftStatus
from ticket_app.ui.components.file_uploads import FilePicker, UploadArea, UploadList
from ticket_app.ui.components.markdown_editor import (
    EditorTab,
    FormatButton,
    MarkdownEditor,
    MarkdownTextarea,
)
from ticket_app.ui.components.relative_time import RelativeTime
from ticket_app.ui.components.tag_input import TagInput
from ticket_app.ui.theme import KIND, PRIORITY
from ticket_app.ui.widgets.signs import kind_mark, priority_mark
from ticket_app.ui.widgets.vars import Flag, Number, Text, given

WRITTEN = frozenset({"text", "search"})
"""Kinds of input for what people write, in any script and direction."""
OUTSIDE = "outside-of-forms"
"""The `form` of controls whose value is no part of what is submitted."""


def _id(word: str) -> dict[str, Any]:
    """An id that Reflex does not see: it would put the value under it into the form data again."""
    return {"custom_attrs": {"id": word}}


def field(
    label: Text,
    control: rx.Component,
    *,
    name: str,
    hint: Text | rx.Component = "",
    error: Text = "",
    required: bool = False,
    optional: bool = False,
    limit: int = 0,
    aside: bool = False,
) -> rx.Component:
    """A label, its control, help and error, tied together for screen readers.

    `name` is the control's id; `hint` is the help. `error` (usually a Var) is empty when all is
    well. `limit` adds a counter. `aside` puts the hint at the right of the control on wide screens.
    """
    described = " ".join(
        part for part, there in ((f"{name}-help", given(hint)), (f"{name}-error", True)) if there
    )
    bad = (
        rx.cond(error, "true", "false")
        if isinstance(error, rx.Var)
        else ("true" if error else "false")
    )
    told = _control_of(control) or control
    told.custom_attrs |= {"aria-describedby": described}
    # A button that opens a menu can be described, but neither required nor invalid.
    if type(told).__name__.lower() != "button":
        told.custom_attrs |= {"aria-invalid": bad}
        told.custom_attrs |= {"aria-required": "true"} if required else {}
    told_id = told.custom_attrs.get("id")
    marks = [" ", rx.el.span("optional", class_name="optional")] if optional else []
    foot = [
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
    if limit:
        foot.append(CharacterCounter.create(field=name, limit=limit))
    return rx.el.div(
        rx.el.label(label, *marks, html_for=told_id, class_name="field-label")
        if told_id
        else rx.el.div(label, *marks, class_name="field-label", aria_hidden="true"),
        rx.el.div(control, class_name="control"),
        *([rx.el.div(hint, id=f"{name}-help", class_name="field-help")] if given(hint) else []),
        rx.el.div(*foot, class_name="field-foot"),
        class_name="field aside" if aside else "field",
    )


def _control_of(part: Any) -> rx.Component | None:
    """The element inside a composed control that a person operates."""
    if not isinstance(part, rx.Component):
        return None
    if "data-control" in part.custom_attrs or type(part).__name__.lower() in (
        "input",
        "textarea",
        "fieldset",
    ):
        return part
    return next((found for child in part.children if (found := _control_of(child))), None)


def text_input(name: str, *, value: Text = "", sort: str = "text", **props: Any) -> rx.Component:
    """A line of text; `sort` is text, email, password... Further props go to the element."""
    if sort in WRITTEN:
        props.setdefault("dir", "auto")
    return rx.el.input(
        **_id(name), name=name, default_value=value, type=sort, class_name="input", **props
    )


def date_time_input(name: str, *, value: Text = "", **props: Any) -> rx.Component:
    """A day and a time in the browser's own zone.

    `value`, and the form's value, is an ISO time in UTC; props go to the field one types into.
    """
    return DateTimeInput.create(
        **_id(name), name=name, value=value, class_name="input", data_control="true", **props
    )


def text_area(name: str, *, value: Text = "", rows: int = 4, **props: Any) -> rx.Component:
    """Several lines of plain text."""
    return rx.el.textarea(
        **_id(name),
        name=name,
        default_value=value,
        rows=str(rows),
        class_name="input",
        dir="auto",
        **props,
    )


def select_input(
    name: str, options: Sequence[tuple[str, str]] | rx.Var, *, value: Text = "", **props: Any
) -> rx.Component:
    """The browser's own select (best on phones). `options` are (value, words)."""
    items = (
        rx.foreach(options, lambda option: rx.el.option(option[1], value=option[0]))
        if isinstance(options, rx.Var)
        else rx.fragment(*(rx.el.option(words, value=word) for word, words in options))
    )
    return rx.el.select(
        items,
        **_id(name),
        name=name,
        default_value=value,
        class_name="input",
        dir="auto",
        data_control="true",
        **props,
    )


def _choice(
    name: str,
    value: str,
    word: str,
    meaning: str,
    mark: rx.Component,
    *,
    chosen: bool,
    **props: Any,
) -> rx.Component:
    return rx.el.label(
        mark,
        rx.el.span(rx.el.strong(word)),
        rx.el.small(meaning),
        rx.el.input(type="radio", name=name, value=value, default_checked=chosen, **props),
        class_name="choice",
    )


def kind_choice(
    name: str = "kind",
    kinds: Sequence[str] = tuple(KIND),
    *,
    value: str = "bug",
    on_change: rx.event.EventType | None = None,
) -> rx.Component:
    """Cards to choose a ticket's kind, each with when to choose it."""
    props = {} if on_change is None else {"on_change": on_change}
    return rx.el.fieldset(
        rx.el.legend("Kind", class_name="hear"),
        *(
            _choice(
                name,
                k,
                KIND[k].word,
                KIND[k].meaning,
                rx.icon(KIND[k].icon, size=18, stroke_width=1.75),
                chosen=k == value,
                **props,
            )
            for k in kinds
        ),
        class_name="choices",
    )


def priority_choice(
    name: str = "priority",
    priorities: Sequence[str] = tuple(PRIORITY),
    *,
    value: str = "medium",
    on_change: rx.event.EventType | None = None,
) -> rx.Component:
    """Cards to choose a priority, each with what it means."""
    props = {} if on_change is None else {"on_change": on_change}
    return rx.el.fieldset(
        rx.el.legend("Priority", class_name="hear"),
        *(
            _choice(
                name,
                p,
                PRIORITY[p].word,
                PRIORITY[p].meaning,
                priority_mark(priority=p),
                chosen=p == value,
                **props,
            )
            for p in priorities
        ),
        class_name="choices lines",
    )


def priority_items(on_choose: Any) -> list[rx.Component]:
    """Menu items for every priority with its meaning; `on_choose(word)` makes the event."""
    return [
        rx.dropdown_menu.item(
            priority_mark(priority=p), look.word, on_select=on_choose(p), title=look.meaning
        )
        for p, look in PRIORITY.items()
    ]


def kind_items(on_choose: Any) -> list[rx.Component]:
    """Menu items for every kind; `on_choose(word)` makes the event."""
    return [
        rx.dropdown_menu.item(kind_mark(kind=k), look.word, on_select=on_choose(k))
        for k, look in KIND.items()
    ]


def tag_input(
    name: str,
    *,
    value: Text = "",
    suggestions: Sequence[str] | rx.Var = (),
    limit: int = 20,
    on_change: rx.event.EventType | None = None,
) -> rx.Component:
    """Tags typed with Enter or comma, taken away with Backspace or their x.

    The form's value, and what `on_change` receives, is one comma-separated text; `suggestions`
    are offered below and disappear when taken.
    """
    props = {} if on_change is None else {"on_change": on_change}
    return TagInput.create(
        **_id(f"{name}-entry"),
        name=name,
        value=value,
        suggestions=suggestions if isinstance(suggestions, rx.Var) else list(suggestions),
        limit=limit,
        outside=OUTSIDE,
        data_control="true",
        **props,
    )


_TOOLS = (
    ("bold", "Bold", "**", "**", "Ctrl+B"),
    ("italic", "Italic", "_", "_", "Ctrl+I"),
    ("code", "Code", "`", "`", "Ctrl+E"),
    ("link", "Link", "[", "](https://)", "Ctrl+K"),
    ("list", "List", "- ", "", ""),
    ("quote", "Quote", "> ", "", ""),
)


def _format_buttons() -> rx.Component:
    return rx.el.span(
        *(
            FormatButton.create(
                rx.icon(icon, size=15, stroke_width=1.75),
                class_name="icon-button small hide-narrow"
                if icon in ("list", "quote")
                else "icon-button small",
                aria_label=word,
                title=f"{word} ({keys})" if keys else word,
                before=before,
                after=after,
            )
            for icon, word, before, after, keys in _TOOLS
        ),
        class_name="tools",
        role="toolbar",
        aria_label="Formatting",
    )


def markdown_input(
    name: str,
    *,
    value: Text = "",
    preview: rx.Component | None = None,
    on_preview: rx.event.EventType | None = None,
    on_change: rx.event.EventType | None = None,
    placeholder: str = "",
    upload_url: Text = "",
    upload_fields: dict[str, Text] | None = None,
    on_uploaded: rx.event.EventType | None = None,
) -> rx.Component:
    """A Markdown field with formatting buttons and a preview.

    `on_preview` runs when Preview is opened (render the draft in the core, then show it with
    `preview=prose(State.preview)`). Files pasted or dropped go to `upload_url`; `on_uploaded` runs
    after each.
    """
    props = {} if on_change is None else {"on_change": on_change}
    opened = {} if on_preview is None else {"on_click": on_preview}
    uploads = uploads_to(upload_url, upload_fields, on_uploaded)
    return MarkdownEditor.create(
        rx.el.div(
            rx.el.span(
                EditorTab.create("Write", view="write"),
                EditorTab.create("Preview", view="preview", **opened),
                class_name="tabs",
                role="tablist",
            ),
            _format_buttons(),
            class_name="writing-bar",
        ),
        MarkdownTextarea.create(
            **_id(name),
            name=name,
            default_value=value,
            placeholder=placeholder,
            dir="auto",
            data_control="true",
            **props,
        ),
        rx.el.div(preview if preview is not None else rx.fragment(), class_name="preview"),
        **uploads,
    )


def uploads_to(
    url: Text, fields: dict[str, Text] | None, on_uploaded: rx.event.EventType | None
) -> dict[str, Any]:
    """The props of a component that uploads files; none without an address to send them to."""
    if not given(url):
        return {}
    done = {} if on_uploaded is None else {"on_uploaded": on_uploaded}
    return {"upload_url": url, "upload_fields": fields or {}, **done}


def drop_zone(
    *,
    upload_url: Text,
    on_uploaded: rx.event.EventType,
    fields: dict[str, Text] | None = None,
    max_bytes: Number = 10 * 1024 * 1024,
    types: Text = "",
    limits: Text = "Up to 10 MB each",
    tiles: rx.Component | None = None,
    input_id: str = "files",
) -> rx.Component:
    """Drop, paste or choose files: each goes to `upload_url` with `fields`.

    `on_uploaded` runs after each, so that a handler can show `tiles` again. `types` are endings
    (".png,.pdf") checked before sending, `max_bytes` too.
    """
    return UploadArea.create(
        rx.el.label(
            rx.icon("upload", size=20, stroke_width=1.75),
            rx.el.span(
                rx.el.b("Choose files"),
                ", drop them here or paste a screenshot",
                rx.el.small(limits),
            ),
            FilePicker.create(
                **_id(input_id), name=f"{input_id}-picked", form=OUTSIDE, accept=types
            ),
            class_name="drop-zone",
        ),
        *([tiles] if tiles is not None else []),
        UploadList.create(role="status"),
        class_name="drop",
        max_bytes=max_bytes,
        types=types,
        **uploads_to(upload_url, fields, on_uploaded),
    )


def saved_line(saved: Flag, at: Text, length: Any) -> rx.Component:
    """Say where the text of the form around it is saved.

    "Draft saved 10:32" when the server has it: `at` is the ISO time, `length` the number of
    characters that the server was told. Until then "Saved on this device", and "Will be sent when
    you are back online" after a form was sent while offline.
    """
    line = rx.el.span(
        rx.icon("check", size=12, stroke_width=2),
        "Draft saved",
        RelativeTime.create(at=at, format="clock"),
        class_name="saved by-server",
    )
    shown = (
        rx.cond(saved, line) if isinstance(saved, rx.Var) else (line if saved else rx.fragment())
    )
    return DraftStatus.create(
        shown,
        rx.el.span(
            rx.icon("hard-drive", size=12, stroke_width=2),
            "Saved on this device",
            class_name="saved on-device",
        ),
        rx.el.span(
            rx.icon("clock", size=12, stroke_width=2),
            "Will be sent when you are back online",
            class_name="saved queued",
        ),
        at=at,
        length=length,
    )

"""Fields: label, control, help beside, error; choices as cards; tags; Markdown; files.

Every control is uncontrolled and has a name: the form's `on_submit` receives its values, and what
a person types is never drawn again from the server.
"""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from ticket_app.ui.theme import KIND, PRIORITY
from ticket_app.ui.widgets.signs import kind_mark, priority_mark
from ticket_app.ui.widgets.vars import Flag, Number, Text, as_json, given

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
        foot.append(rx.el.span(class_name="counter", data_counts=name, data_limit=str(limit)))
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


def moment_input(name: str, *, value: Text = "", **props: Any) -> rx.Component:
    """A day and a time in the browser's own zone (assets/js/moments.js).

    `value`, and the form's value, is an ISO time in UTC; props go to the field one types into.
    """
    return rx.el.div(
        rx.el.input(
            **_id(name),
            type="datetime-local",
            class_name="input",
            data_local="true",
            data_control="true",
            **props,
        ),
        rx.el.input(type="hidden", name=name, default_value=value, data_utc="true"),
        data_moment="true",
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
    offers = (
        rx.foreach(
            suggestions, lambda word: rx.el.button(word, type="button", data_offer=word, dir="auto")
        )
        if isinstance(suggestions, rx.Var)
        else rx.fragment(
            *(
                rx.el.button(word, type="button", data_offer=word, dir="auto")
                for word in suggestions
            )
        )
    )
    return rx.el.div(
        rx.el.div(
            rx.el.span(class_name="chips", data_chips="true", role="list", aria_label="Tags"),
            rx.el.input(
                **_id(f"{name}-entry"),
                type="text",
                class_name="entry",
                auto_complete="off",
                dir="auto",
                data_entry="true",
                name=f"{name}-entry",
                form=OUTSIDE,
                placeholder="Add a tag",
                enter_key_hint="done",
                max_length=50,
            ),
            class_name="tag-input",
        ),
        rx.el.input(
            type="text",
            name=name,
            default_value=value,
            hidden=True,
            tab_index=-1,
            dir="auto",
            data_tags="true",
            **props,
        ),
        *([rx.el.div("Suggested", offers, class_name="suggest")] if given(suggestions) else []),
        data_tag_input=str(limit),
    )


_TOOLS = (
    ("bold", "Bold", "**", "**", "Ctrl+B"),
    ("italic", "Italic", "_", "_", "Ctrl+I"),
    ("code", "Code", "`", "`", "Ctrl+E"),
    ("link", "Link", "[", "](https://)", "Ctrl+K"),
    ("list", "List", "- ", "", ""),
    ("quote", "Quote", "> ", "", ""),
)


def writing_tools(text_id: str) -> rx.Component:
    """Markdown buttons that wrap the selection of a textarea; Ctrl+B, Ctrl+I... work in it too."""
    return rx.el.span(
        *(
            rx.el.button(
                rx.icon(icon, size=15, stroke_width=1.75),
                type="button",
                class_name="icon-button small hide-narrow"
                if icon in ("list", "quote")
                else "icon-button small",
                aria_label=word,
                title=f"{word} ({keys})" if keys else word,
                data_wrap=text_id,
                data_before=before,
                data_after=after,
                tab_index=-1,
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
    uploaded_id: str = "",
) -> rx.Component:
    """A Markdown field with formatting buttons and a preview.

    `on_preview` runs when Preview is opened (render the draft in the core, then show it with
    `preview=prose(State.preview)`). Files pasted or dropped go to `upload_url`.
    """
    props = {} if on_change is None else {"on_change": on_change}
    opened = {} if on_preview is None else {"on_click": on_preview}
    drop = (
        {
            "data_drop": "true",
            "data_url": upload_url,
            "data_done": uploaded_id,
            "data_fields": as_json(upload_fields or {}),
        }
        if given(upload_url)
        else {}
    )
    return rx.el.div(
        rx.el.div(
            rx.el.span(
                rx.el.button(
                    "Write", type="button", role="tab", aria_selected="true", data_view_tab="write"
                ),
                rx.el.button(
                    "Preview",
                    type="button",
                    role="tab",
                    aria_selected="false",
                    data_view_tab="preview",
                    **opened,
                ),
                class_name="tabs",
                role="tablist",
            ),
            writing_tools(name),
            class_name="writing-bar",
        ),
        rx.el.textarea(
            **_id(name),
            name=name,
            default_value=value,
            placeholder=placeholder,
            dir="auto",
            data_writing="true",
            **props,
        ),
        rx.el.div(preview if preview is not None else rx.fragment(), class_name="preview"),
        class_name="writing",
        **drop,
    )


def drop_zone(
    *,
    upload_url: Text,
    uploaded_id: str,
    fields: dict[str, Text] | None = None,
    max_bytes: Number = 10 * 1024 * 1024,
    types: Text = "",
    limits: Text = "Up to 10 MB each",
    tiles: rx.Component | None = None,
    input_id: str = "files",
) -> rx.Component:
    """Drop, paste or choose files. Each becomes a tile with progress and goes to `upload_url`.

    Protocol: POST multipart, `file` and `fields`; answer `{success, attachment}` or
    `{success: false, error}`. Then a bubbling event "uploaded" (detail: the attachment) is sent
    and the button with id `uploaded_id` is clicked, so that a handler can show `tiles` anew.
    `types` are endings (".png,.pdf") checked before sending, `max_bytes` too.
    """
    return rx.el.div(
        rx.el.label(
            rx.icon("upload", size=20, stroke_width=1.75),
            rx.el.span(
                rx.el.b("Choose files"),
                ", drop them here or paste a screenshot",
                rx.el.small(limits),
            ),
            rx.el.input(
                **_id(input_id),
                name=f"{input_id}-picked",
                form=OUTSIDE,
                type="file",
                multiple=True,
                accept=types,
                data_pick="true",
            ),
            class_name="drop-zone",
        ),
        *([tiles] if tiles is not None else []),
        rx.el.div(class_name="files", data_tiles="true", role="status"),
        class_name="drop",
        data_drop="true",
        data_url=upload_url,
        data_done=uploaded_id,
        data_max=max_bytes,
        data_types=types,
        data_fields=as_json(fields or {}),
    )


def uploaded_button(element_id: str, on_uploaded: rx.event.EventType) -> rx.Component:
    """The hidden button a finished upload clicks."""
    return rx.el.button(
        id=element_id, type="button", hidden=True, on_click=on_uploaded, tab_index=-1
    )


def saved_line(saved: Flag, at: Text, length: Any) -> rx.Component:
    """Say where the text of the form around it is saved.

    "Draft saved 10:32" when the server has it: `at` is the ISO time, `length` the number of
    characters that the server was told. Until then forms.js shows "Saved on this device", and
    "Will be sent when you are back online" after a form was sent while offline.
    """
    line = rx.el.span(
        rx.icon("check", size=12, stroke_width=2),
        "Draft saved",
        rx.el.time(date_time=at, data_time=at, data_clock="true"),
        class_name="saved by-server",
    )
    shown = (
        rx.cond(saved, line) if isinstance(saved, rx.Var) else (line if saved else rx.fragment())
    )
    return rx.el.span(
        rx.el.span(shown, data_saved_at=at, data_saved_length=length),
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
        role="status",
    )

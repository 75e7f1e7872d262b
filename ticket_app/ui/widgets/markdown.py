"""The Markdown field, with formatting buttons and a preview."""

import reflex as rx

from ticket_app.ui.components.markdown_editor import (
    EditorTab,
    FormatButton,
    MarkdownEditor,
    MarkdownTextarea,
)
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.attachments import upload_props
from ticket_app.ui.widgets.forms import unmanaged_id
from ticket_app.ui.widgets.vars import Text

_FORMATTING_BUTTONS = (
    ("bold", texts.MARKDOWN_BOLD, "**", "**", "Ctrl+B"),
    ("italic", texts.MARKDOWN_ITALIC, "_", "_", "Ctrl+I"),
    ("code", texts.MARKDOWN_CODE, "`", "`", "Ctrl+E"),
    ("link", texts.MARKDOWN_LINK, "[", "](https://)", "Ctrl+K"),
    ("list", texts.MARKDOWN_LIST, "- ", "", ""),
    ("quote", texts.MARKDOWN_QUOTE, "> ", "", ""),
)


def _format_buttons() -> rx.Component:
    return rx.el.span(
        *(
            FormatButton.create(
                rx.icon(icon, size=15, stroke_width=1.75),
                class_name="icon-button small hide-on-mobile"
                if icon in ("list", "quote")
                else "icon-button small",
                aria_label=word,
                title=texts.with_shortcut(word, keys) if keys else word,
                before=before,
                after=after,
            )
            for icon, word, before, after, keys in _FORMATTING_BUTTONS
        ),
        class_name="toolbar",
        role="toolbar",
        aria_label=texts.MARKDOWN_FORMATTING,
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
    """Return a Markdown field with formatting buttons and a preview.

    `on_preview` runs when Preview is opened (render the draft in the core, then show it with
    `preview=prose(State.preview)`). Files pasted or dropped go to `upload_url`; `on_uploaded` runs
    after each.
    """
    props = {} if on_change is None else {"on_change": on_change}
    preview_props = {} if on_preview is None else {"on_click": on_preview}
    uploads = upload_props(upload_url, upload_fields, on_uploaded)
    return MarkdownEditor.create(
        rx.el.div(
            rx.el.span(
                EditorTab.create(texts.MARKDOWN_WRITE, view="write"),
                EditorTab.create(texts.MARKDOWN_PREVIEW, view="preview", **preview_props),
                class_name="tabs",
                role="tablist",
            ),
            _format_buttons(),
            class_name="markdown-toolbar",
        ),
        MarkdownTextarea.create(
            **unmanaged_id(name),
            name=name,
            default_value=value,
            placeholder=placeholder,
            dir="auto",
            data_control="true",
            **props,
        ),
        rx.el.div(preview if preview is not None else rx.fragment(), class_name="editor-preview"),
        **uploads,
    )

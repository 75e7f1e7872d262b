"""Markdown fields: formatting by buttons and keys, a preview, submission by Ctrl+Enter."""

from typing import Final, Literal

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.el.elements.forms import Textarea

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import file_uploads as file_uploads
from ticket_app.ui.components import suggestions as suggestions
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("formatting.ts", shared=True)


class MarkdownEditor(BaseHTML):
    """A field with its tabs and buttons. Files dropped or pasted go to `upload_url`, if given."""

    library = SOURCE.importable_path
    tag = "MarkdownEditor"

    upload_url: rx.Var[str]

    upload_fields: rx.Var[dict[str, str]]

    on_uploaded: rx.EventHandler[rx.event.no_args_event_spec]


class EditorTab(BaseHTML):
    """A tab of the editor around it; `on_click` runs when it is chosen."""

    library = SOURCE.importable_path
    tag = "EditorTab"

    view: rx.Var[Literal["write", "preview"]]


class FormatButton(BaseHTML):
    """Put `before` and `after` around the selection; without `after`, `before` begins each line."""

    library = SOURCE.importable_path
    tag = "FormatButton"

    before: rx.Var[str]

    after: rx.Var[str]


class MarkdownTextarea(Textarea):
    """The text area. Ctrl+B, Ctrl+I, Ctrl+E and Ctrl+K format; Ctrl+Enter submits.

    While a mention is typed, people from `mentions_url` are offered: an address with a query, to
    which `q` and, in a note, `note` are added. After a `/` saved replies from `saved_replies_url`
    are offered in the same way; `on_insert_reply` receives the id of the one that was inserted.
    """

    library = SOURCE.importable_path
    tag = "MarkdownTextarea"

    mentions_url: rx.Var[str]

    saved_replies_url: rx.Var[str]

    on_insert_reply: rx.EventHandler[rx.event.passthrough_event_spec(str)]

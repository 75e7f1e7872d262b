"""Comments and files with what edits them in their place.

A form inside `foreach` may name state only, as Reflex moves its handler out of the loop.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.components.markdown_editor import MarkdownTextarea
from ticket_app.ui.pages.inline_editing import texts
from ticket_app.ui.pages.inline_editing.rows import VersionRow
from ticket_app.ui.pages.inline_editing.state import (
    COMMENT_TEXT_ID,
    CONFIRM_ID,
    FILE_DESCRIPTION_ID,
    FILE_NAME_ID,
    InlineEditor,
)
from ticket_app.ui.rows import FileRow


def comment_extras(editor: type[InlineEditor], item: Any) -> list[rx.Component]:
    """Return what follows the time of a comment: "edited", and the buttons."""
    is_open = (editor.history_id == item.id) & item.can_read_history
    history = rx.el.button(
        texts.EDITED,
        type="button",
        class_name="edited-mark",
        on_click=editor.toggle_history(item.id),
        aria_expanded=rx.cond(is_open, "true", "false"),
        title=texts.SHOW_HISTORY,
        aria_label=texts.SHOW_HISTORY,
    )
    mark = rx.cond(item.can_read_history, history, rx.el.span(texts.EDITED))
    buttons = rx.el.span(
        w.icon_button(
            "pencil", texts.EDIT_COMMENT, size="small", on_click=editor.edit_comment(item.id)
        ),
        w.icon_button(
            "trash-2", texts.DELETE_COMMENT, size="small", on_click=editor.ask_to_delete(item.id)
        ),
        class_name="comment-buttons",
    )
    return [rx.cond(item.edited_at != "", mark), rx.cond(item.can_change, buttons)]


def comment_body(editor: type[InlineEditor], item: Any, mentions_url: rx.Var[str]) -> rx.Component:
    """Return the text of a comment, or the form that changes it."""
    text = rx.fragment(
        w.prose(item.html),
        rx.cond(
            item.can_change & (editor.deleted_comment_id == item.id),
            _confirmation(
                texts.DELETE_COMMENT_QUESTION,
                texts.DELETE,
                editor.delete_comment(item.id),
                editor.close_editor,
            ),
        ),
        rx.cond(item.can_read_history & (editor.history_id == item.id), _history(editor, item)),
    )
    return rx.cond(
        item.can_change & (editor.comment_id == item.id),
        _comment_form(editor, mentions_url),
        text,
    )


def _confirmation(question: str, word: str, on_confirm: Any, on_cancel: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(question),
        w.button(word, variant="danger", on_click=on_confirm, custom_attrs={"id": CONFIRM_ID}),
        w.button(texts.CANCEL, on_click=on_cancel),
        class_name="inline-confirmation",
        role="group",
        aria_label=question,
    )


def _conflict(editor: type[InlineEditor]) -> rx.Component:
    return rx.cond(
        editor.newer_text != "",
        rx.el.div(
            rx.el.b(texts.NEWER_TEXT),
            rx.el.div(editor.newer_text, dir="auto", class_name="newer-text"),
            class_name="info-box",
        ),
    )


def _form_footer(editor: type[InlineEditor]) -> rx.Component:
    return rx.fragment(
        rx.el.p(editor.error, class_name="field-error", role="alert"),
        rx.el.div(
            w.button(texts.CANCEL, on_click=editor.close_editor),
            w.button(texts.SAVE, variant="primary", submit=True),
            class_name="align-end",
        ),
    )


def inline_form(editor: type[InlineEditor], *fields: rx.Component, on_submit: Any) -> rx.Component:
    """Return the form that edits something in its place, with the newer text on a conflict."""
    return rx.el.form(
        _conflict(editor),
        *fields,
        _form_footer(editor),
        on_submit=on_submit,
        class_name="inline-form",
    )


def _comment_form(editor: type[InlineEditor], mentions_url: rx.Var[str]) -> rx.Component:
    return inline_form(
        editor,
        MarkdownTextarea.create(
            name="body",
            custom_attrs={"id": COMMENT_TEXT_ID},
            default_value=editor.comment_text,
            mentions_url=mentions_url,
            aria_label=texts.COMMENT_TEXT,
            class_name="input",
            dir="auto",
            rows="4",
        ),
        on_submit=editor.save_comment(editor.comment_id),
    )


def _version(version: rx.Var[VersionRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            w.user_text(version.name), " · ", w.time_ago(version.at), class_name="text-muted"
        ),
        w.prose(version.html),
        key=version.at,
    )


def _history(editor: type[InlineEditor], item: Any) -> rx.Component:
    return rx.el.section(
        rx.el.ol(rx.foreach(editor.versions, _version)),
        w.button(
            texts.HIDE_HISTORY,
            variant="quiet",
            on_click=editor.toggle_history(item.id),
        ),
        class_name="comment-history",
        aria_label=texts.HISTORY,
    )


def editable_files(editor: type[InlineEditor], files: Any, *, place: str) -> rx.Component:
    """Return the tiles of files; `place` tells apart two lists that show the same file."""

    def tile(file: rx.Var[FileRow]) -> rx.Component:
        key = rx.Var.create(f"{place}:") + file.id.to(str)
        buttons = rx.cond(
            file.can_change,
            rx.el.span(
                w.icon_button(
                    "pencil",
                    texts.EDIT_FILE,
                    size="small",
                    on_click=editor.edit_file(place, file.id),
                ),
                w.icon_button(
                    "x",
                    texts.REMOVE_FILE,
                    size="small",
                    on_click=editor.ask_to_remove(place, file.id),
                ),
                class_name="file-buttons",
            ),
        )
        shown = w.attachment_tile(
            name=file.name,
            size=file.note,
            href=file.href,
            extension=file.extension,
            thumbnail=file.thumbnail,
            state=file.state,
            note=file.note,
            description=file.description,
            buttons=buttons,
        )
        asked = _confirmation(
            texts.REMOVE_FILE_QUESTION,
            texts.REMOVE,
            editor.remove_file(file.id),
            editor.close_editor,
        )
        return rx.el.div(
            rx.cond(
                file.can_change & (editor.file_key == key),
                _file_form(editor),
                rx.fragment(
                    shown, rx.cond(file.can_change & (editor.removed_file_key == key), asked)
                ),
            ),
            class_name="editable-file",
            key=file.id,
        )

    return w.file_list(rx.foreach(files, tile))


def _file_form(editor: type[InlineEditor]) -> rx.Component:
    return inline_form(
        editor,
        rx.el.label(
            texts.FILE_NAME,
            w.text_input(
                FILE_NAME_ID,
                value=editor.file_name,
                max_length=255,
                auto_complete="off",
            ),
        ),
        rx.el.label(
            texts.FILE_DESCRIPTION,
            w.text_input(
                FILE_DESCRIPTION_ID,
                value=editor.file_description,
                max_length=1000,
                auto_complete="off",
            ),
        ),
        on_submit=editor.save_file(editor.file_key),
    )

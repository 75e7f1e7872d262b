"""The composer of a ticket's page, for a reply or an internal note."""

from collections.abc import Sequence

import reflex as rx

from ticket_app.ui.components.composer import (
    Composer,
    ComposerWarning,
    SavedRepliesButton,
    Schedule,
    ScheduleFields,
    ScheduleItems,
    SendWithStatus,
)
from ticket_app.ui.components.file_uploads import FilePicker, UploadList
from ticket_app.ui.components.markdown_editor import MarkdownTextarea
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.attachments import upload_props
from ticket_app.ui.widgets.buttons import button, split_button
from ticket_app.ui.widgets.vars import Text, may_be_present


def composer(
    *,
    on_submit: rx.event.EventType,
    on_change: rx.event.EventType | None = None,
    text: Text = "",
    form_id: str = "composer",
    text_id: str = "composer-text",
    mentions_url: Text = "",
    saved_replies_url: Text = "",
    on_insert_reply: rx.event.EventType | None = None,
    placeholder: str = texts.COMPOSER_PLACEHOLDER,
    send: Text = texts.COMPOSER_REPLY,
    status_choices: Sequence[tuple[str, str]] = (
        ("resolved", texts.COMPOSER_REPLY_AND_RESOLVE),
        ("pending_user", texts.COMPOSER_REPLY_AND_WAIT),
    ),
    offered_statuses: rx.Var[list[str]] | None = None,
    allows_notes: bool = True,
    allows_schedule: bool = False,
    notice: rx.Component | None = None,
    recipient_row: rx.Component | None = None,
    upload_url: Text = "",
    upload_fields: dict[str, Text] | None = None,
    on_uploaded: rx.event.EventType | None = None,
    saved: rx.Component | None = None,
    tools: Sequence[rx.Component] = (),
    audience: Text = "reply",
    on_audience: rx.event.EventType | None = None,
) -> rx.Component:
    """Return the composer for a reply or an internal note.

    The kind is shown by colour, lock and the label of the button. The field is uncontrolled, so the
    server never re-renders it; empty it with `clear_text(text_id)`. `on_submit` receives the form
    data `body`, `audience` ("reply" or "note") and `then` (a status, or ""). Ctrl+Enter sends,
    Ctrl+Shift+Enter sends with the first of `status_choices`, of which only the `offered_statuses`
    are shown. With `allows_schedule` the menu offers to send later: the form data has `send_at` and
    `cancel_on_reply`. `notice` is shown above the buttons.
    `recipient_row`, below the tabs, lists who a reply is emailed to. Give `on_change` as
    `handler.debounce(800)`; `text` is the draft at opening. With `upload_url` files can be dropped
    or pasted; `on_uploaded` runs after each. With `saved_replies_url` a `/` and a button offer
    saved replies; `on_insert_reply` receives the id of the one that was inserted. `audience` is the
    initial choice; `on_audience` receives the new one.
    """
    tabs = rx.el.div(
        _audience_tab("reply", texts.COMPOSER_REPLY, "reply", audience, on_audience, shortcut="r"),
        _audience_tab(
            "note", texts.COMPOSER_INTERNAL_NOTE, "lock", audience, on_audience, shortcut="n"
        ),
        rx.el.span(
            texts.COMPOSER_NOTE_AUDIENCE,
            class_name="note-only align-end truncate",
        ),
        class_name="composer-tabs",
        role="radiogroup",
        aria_label=texts.COMPOSER_AUDIENCE,
    )
    reply = button(send, variant="primary", submit=True)
    items = {
        status: SendWithStatus.create(words, status=status) for status, words in status_choices
    }
    menu_items = [
        item if offered_statuses is None else rx.cond(offered_statuses.contains(status), item)
        for status, item in items.items()
    ]
    if allows_schedule:
        menu_items += [rx.dropdown_menu.separator(), ScheduleItems.create()]
    reply_buttons = rx.el.span(
        split_button(reply, *menu_items, label=texts.COMPOSER_REPLY_WITH_STATUS)
        if menu_items
        else reply,
        class_name="reply-only",
    )
    note_button = button(
        texts.COMPOSER_ADD_NOTE,
        variant="amber",
        submit=True,
        icon="lock",
        class_name="note-only",
    )
    change_props = {} if on_change is None else {"on_change": on_change}
    if on_insert_reply is not None:
        change_props["on_insert_reply"] = on_insert_reply
    picker = (
        [
            rx.el.label(
                rx.icon("paperclip", size=16, stroke_width=1.75),
                FilePicker.create(
                    class_name="visually-hidden", aria_label=texts.COMPOSER_ATTACH_FILES
                ),
                class_name="icon-button",
                title=texts.COMPOSER_ATTACH_FILES,
            )
        ]
        if may_be_present(upload_url)
        else []
    )
    content: list[rx.Component] = [
        tabs if allows_notes else rx.fragment(),
        *([recipient_row] if recipient_row is not None else []),
        MarkdownTextarea.create(
            name="body",
            custom_attrs={"id": text_id},
            default_value=text,
            mentions_url=mentions_url,
            saved_replies_url=saved_replies_url,
            placeholder=placeholder,
            aria_label=placeholder,
            dir="auto",
            rows="3",
            **change_props,
        ),
        ComposerWarning.create(),
        UploadList.create(),
        *([notice] if notice is not None else []),
        *([ScheduleFields.create()] if allows_schedule else []),
        rx.el.div(
            *picker,
            *([_saved_replies_button()] if may_be_present(saved_replies_url) else []),
            *tools,
            *([saved] if saved is not None else []),
            rx.el.div(
                rx.el.span(
                    rx.el.kbd("Ctrl"),
                    rx.el.kbd("Enter"),
                    class_name="kbd hide-on-mobile",
                    aria_hidden="true",
                ),
                reply_buttons,
                *([note_button] if allows_notes else []),
                class_name="align-end",
            ),
            class_name="composer-footer",
        ),
    ]
    return Composer.create(
        *([Schedule.create(*content)] if allows_schedule else content),
        on_submit=on_submit,
        id=form_id,
        class_name="composer",
        first_status=status_choices[0][0] if status_choices else "",
        **upload_props(upload_url, upload_fields, on_uploaded),
    )


def _saved_replies_button() -> rx.Component:
    return SavedRepliesButton.create(
        rx.icon("message-square-text", size=16, stroke_width=1.75),
        class_name="icon-button",
        title=texts.COMPOSER_SAVED_REPLIES_TOOLTIP,
        aria_label=texts.COMPOSER_SAVED_REPLIES,
    )


def _audience_tab(
    value: str,
    word: str,
    icon: str,
    audience: Text,
    on_audience: rx.event.EventType | None,
    *,
    shortcut: str,
) -> rx.Component:
    change_props = {} if on_audience is None else {"on_change": on_audience}
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="audience",
            value=value,
            default_checked=audience == value,
            class_name="visually-hidden",
            data_shortcut=shortcut,
            **change_props,
        ),
        rx.icon(icon, size=14, stroke_width=1.75),
        word,
    )

"""Widgets of a ticket's page: conversation, events, properties, files, composer, status line."""

from collections.abc import Sequence

import reflex as rx

from ticket_app.ui.components.composer import Composer, ComposerWarning, SendWithStatus
from ticket_app.ui.components.conversation_scroll import ConversationScroll
from ticket_app.ui.components.file_uploads import FilePicker, UploadList
from ticket_app.ui.components.markdown_editor import MarkdownTextarea
from ticket_app.ui.theme import STATUS_LOOKS
from ticket_app.ui.widgets.badges import avatar, status_shape, time_ago
from ticket_app.ui.widgets.buttons import button, icon_button, link, split_button
from ticket_app.ui.widgets.forms import uploads_to
from ticket_app.ui.widgets.overlays import menu_root, menu_title
from ticket_app.ui.widgets.prose import prose, user_text
from ticket_app.ui.widgets.vars import Flag, Number, Text, bool_attribute, is_present


def _message_header(
    initials: Text,
    name: Text,
    color: Number,
    at: Text,
    labels: Sequence[rx.Component],
    extras: Sequence[rx.Component],
) -> rx.Component:
    return rx.el.header(
        rx.el.span(
            avatar(initials, name, color, size=24),
            aria_hidden="true",
            style={"display": "inline-flex"},
        ),
        rx.el.strong(name, class_name="cut", title=name, dir="auto"),
        *labels,
        rx.el.span(time_ago(at), *extras, class_name="end"),
    )


def message_card(
    *,
    name: Text,
    initials: Text,
    color: Number,
    at: Text,
    html: Text,
    anchor: Text = "",
    role: Text = "",
    files: rx.Component | None = None,
    extras: Sequence[rx.Component] = (),
) -> rx.Component:
    """Return a public message.

    `html` is safe HTML from the core; `role` is a short label ("Requester"); `extras` come after
    the time.
    """
    labels = [rx.el.span(role, class_name="soft cut")] if is_present(role) else []
    return rx.el.article(
        _message_header(initials, name, color, at, labels, extras),
        prose(html),
        *([files] if files is not None else []),
        class_name="message",
        id=anchor,
    )


def note_card(
    *,
    name: Text,
    initials: Text,
    color: Number,
    at: Text,
    html: Text,
    anchor: Text = "",
    files: rx.Component | None = None,
    extras: Sequence[rx.Component] = (),
) -> rx.Component:
    """Return an internal note, marked by colour, lock and label."""
    lock = rx.el.span(rx.icon("lock", size=12, stroke_width=2), "Internal note", class_name="lock")
    return rx.el.article(
        _message_header(initials, name, color, at, [lock], extras),
        prose(html),
        *([files] if files is not None else []),
        class_name="message note",
        id=anchor,
    )


def event_line(
    *content: Text | rx.Component,
    at: Text,
    icon: str = "history",
    symbol: rx.Component | None = None,
    is_new: Flag = False,
) -> rx.Component:
    """Return an event between messages: "Mia set the priority to High · 3 h ago".

    Names are in `rx.el.b`. `is_new` highlights one that the reader has not seen yet.
    """
    return rx.el.div(
        rx.el.span(
            symbol if symbol is not None else rx.icon(icon, size=14, stroke_width=1.75),
            class_name="dot",
        ),
        rx.el.span(*content, " · ", time_ago(at)),
        class_name="event",
        data_new=bool_attribute(is_new),
    )


def conversation_log(*items: rx.Component | rx.Var, label: Text = "Conversation") -> rx.Component:
    """Return the column of the timeline; screen readers announce new items."""
    return rx.el.section(
        *items, class_name="thread", aria_label=label, role="log", aria_live="polite"
    )


def ticket_layout(
    conversation: rx.Component, composer_area: rx.Component, side_panel: rx.Component
) -> rx.Component:
    """Return the layout of a ticket: conversation, composer below it, properties at the right.

    Below 1100 px the properties are a drawer that a `PanelToggle` for "side" opens.
    """
    return rx.el.div(
        rx.el.div(
            ConversationScroll.create(rx.el.div(conversation, class_name="ticket-column")),
            rx.el.div(
                rx.el.div(composer_area, class_name="ticket-column"), class_name="ticket-dock"
            ),
            class_name="ticket-talk",
        ),
        rx.el.aside(side_panel, class_name="ticket-side", aria_label="Properties"),
        class_name="ticket",
    )


def ticket_title(title: Text) -> rx.Component:
    """Return a ticket's title (the page's h1 is its number)."""
    return rx.el.h2(title, class_name="ticket-title", dir="auto")


def property_row(label: Text, value: rx.Component) -> rx.Component:
    """Return a property: its label at the left, its value at the right."""
    return rx.el.div(rx.el.dt(label), rx.el.dd(value), class_name="property")


def properties(*rows: rx.Component) -> rx.Component:
    """Return a block of `property_row`s."""
    return rx.el.dl(*rows, class_name="properties")


def property_text(*content: Text | rx.Component) -> rx.Component:
    """Return the value of a read-only property."""
    return rx.el.span(*content, class_name="value", dir="auto")


def property_menu(
    shown: rx.Component,
    label: str,
    *items: rx.Component,
    subject: Text = "",
    shortcut: str = "",
) -> rx.Component:
    """Return a property's value that opens a menu on click or by `shortcut`.

    `items` are menu items. `subject` names the ticket in the first line of the menu ("Status of
    BUG-15").
    """
    return menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                shown, type="button", class_name="value", aria_label=label, data_shortcut=shortcut
            )
        ),
        rx.dropdown_menu.content(
            *([menu_title(rx.fragment(f"{label} of ", subject))] if is_present(subject) else []),
            *items,
            size="1",
        ),
    )


def attachment_tile(
    *,
    name: Text,
    size: Text,
    href: Text,
    extension: Text = "",
    thumbnail: Text = "",
    state: Text = "clean",
    note: Text = "",
    on_remove: rx.event.EventType | None = None,
) -> rx.Component:
    """Return a file: thumbnail or extension, name and size.

    `state` is clean, scanning or failed (`note` says why). Only a clean file is a link; its URL
    checks access.
    """
    image = rx.el.img(src=thumbnail, alt="", loading="lazy")
    preview = (
        rx.cond(thumbnail, image, rx.el.span(extension))
        if isinstance(thumbnail, rx.Var)
        else (image if thumbnail else rx.el.span(extension))
    )
    file_link = rx.el.a(
        name,
        href=href,
        target="_blank",
        rel="noopener",
        class_name="file-name file-link cut",
        title=name,
        dir="auto",
    )
    plain_name = rx.el.span(name, class_name="file-name cut", title=name, dir="auto")
    title = (
        rx.cond(state == "clean", file_link, plain_name)
        if isinstance(state, rx.Var)
        else (file_link if state == "clean" else plain_name)
    )
    caption = rx.cond(note, note, size) if isinstance(note, rx.Var) else (note or size)
    return rx.el.div(
        rx.el.span(preview, class_name="file-icon", aria_hidden="true"),
        rx.el.span(title, rx.el.span(caption, class_name="file-note"), style={"minWidth": 0}),
        *(
            [icon_button("x", "Remove file", size="small", on_click=on_remove)]
            if on_remove is not None
            else []
        ),
        class_name="file",
        data_state=state,
    )


def files(*tiles: rx.Component | rx.Var) -> rx.Component:
    """Return a wrapping row of `attachment_tile`s."""
    return rx.el.div(*tiles, class_name="files")


def composer(
    *,
    on_submit: rx.event.EventType,
    on_change: rx.event.EventType | None = None,
    text: Text = "",
    form_id: str = "composer",
    text_id: str = "composer-text",
    placeholder: str = "Write a reply",
    send: Text = "Reply",
    status_choices: Sequence[tuple[str, str]] = (
        ("resolved", "Reply and resolve"),
        ("pending_user", "Reply and wait"),
    ),
    offered_statuses: rx.Var[list[str]] | None = None,
    allows_notes: bool = True,
    recipients: Text = "",
    upload_url: Text = "",
    upload_fields: dict[str, Text] | None = None,
    on_uploaded: rx.event.EventType | None = None,
    saved: rx.Component | None = None,
    busy: Flag = False,
    tools: Sequence[rx.Component] = (),
    audience: Text = "reply",
    on_audience: rx.event.EventType | None = None,
) -> rx.Component:
    """Return the composer for a reply or an internal note.

    The kind is shown by colour, lock and the label of the button. The field is uncontrolled, so the
    server never re-renders it; empty it with `clear_text(text_id)`. `on_submit` receives the form
    data `body`, `audience` ("reply" or "note") and `then` (a status, or ""). Ctrl+Enter sends,
    Ctrl+Shift+Enter sends with the first of `status_choices`, of which only the `offered_statuses`
    are shown. Give `on_change` as `handler.debounce(800)`; `text` is the draft at opening. With
    `upload_url` files can be dropped or pasted; `on_uploaded` runs after each. `audience` is the
    initial choice; `on_audience` receives the new one.
    """
    tabs = rx.el.div(
        _audience_tab("reply", "Reply", "reply", audience, on_audience, shortcut="r"),
        _audience_tab("note", "Internal note", "lock", audience, on_audience, shortcut="n"),
        rx.el.span(
            rx.el.span("To ", user_text(recipients), class_name="if-reply cut")
            if is_present(recipients)
            else rx.fragment(),
            rx.el.span("Only staff can see this", class_name="if-note"),
            class_name="end cut",
        ),
        class_name="composer-tabs",
        role="radiogroup",
        aria_label="Visible to",
    )
    reply = button(send, variant="primary", submit=True, disabled=busy)
    items = {
        status: SendWithStatus.create(words, status=status) for status, words in status_choices
    }
    menu_items = [
        item if offered_statuses is None else rx.cond(offered_statuses.contains(status), item)
        for status, item in items.items()
    ]
    reply_buttons = rx.el.span(
        split_button(reply, *menu_items, label="Reply and change the status", disabled=busy)
        if menu_items
        else reply,
        class_name="if-reply",
    )
    note_button = button(
        "Add note",
        variant="amber",
        submit=True,
        icon="lock",
        class_name="if-note",
        disabled=busy,
    )
    change_props = {} if on_change is None else {"on_change": on_change}
    picker = (
        [
            rx.el.label(
                rx.icon("paperclip", size=16, stroke_width=1.75),
                FilePicker.create(class_name="hear", aria_label="Attach files"),
                class_name="icon-button",
                title="Attach files",
            )
        ]
        if is_present(upload_url)
        else []
    )
    return Composer.create(
        tabs if allows_notes else rx.fragment(),
        MarkdownTextarea.create(
            name="body",
            custom_attrs={"id": text_id},
            default_value=text,
            placeholder=placeholder,
            aria_label=placeholder,
            dir="auto",
            rows="3",
            **change_props,
        ),
        ComposerWarning.create(),
        UploadList.create(),
        rx.el.div(
            *picker,
            *tools,
            *([saved] if saved is not None else []),
            rx.el.div(
                rx.el.span(
                    rx.el.kbd("Ctrl"),
                    rx.el.kbd("Enter"),
                    class_name="kbd hide-narrow",
                    aria_hidden="true",
                ),
                reply_buttons,
                *([note_button] if allows_notes else []),
                class_name="end",
            ),
            class_name="composer-foot",
        ),
        on_submit=on_submit,
        id=form_id,
        class_name="composer",
        first_status=status_choices[0][0] if status_choices else "",
        **uploads_to(upload_url, upload_fields, on_uploaded),
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
            class_name="hear",
            data_shortcut=shortcut,
            **change_props,
        ),
        rx.icon(icon, size=14, stroke_width=1.75),
        word,
    )


@rx.memo
def requester_status_line(
    status: rx.Var[str], line: rx.Var[str], hint: rx.Var[str]
) -> rx.Component:
    """Return the status line of a ticket for its requester."""

    def render(word: str) -> rx.Component:
        return rx.el.div(
            status_shape(status=word),
            rx.el.div(rx.el.strong(line), rx.el.p(hint)),
            class_name=f"status-line t-{STATUS_LOOKS[word].color}",
        )

    return rx.match(status, *((word, render(word)) for word in STATUS_LOOKS), rx.fragment())


def status_line(status: Text, line: Text, hint: Text) -> rx.Component:
    """Return the status line of the portal: "We are working on it" and what happens next."""
    return rx.el.div(requester_status_line(status=status, line=line, hint=hint), role="status")


def related_ticket(number: Text, title: Text, *, to: Text, status: Text) -> rx.Component:
    """Return a link to another ticket."""
    return link(
        status_shape(status=status),
        rx.el.span(number, class_name="key"),
        rx.el.span(title, class_name="cut", title=title, dir="auto"),
        to=to,
        class_name="rail-item",
        aria_label=rx.Var.create("") + number + " " + title,
    )

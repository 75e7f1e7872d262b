"""The parts of a ticket's page: conversation, events, properties, files, composer, status line."""

from collections.abc import Sequence

import reflex as rx

from ticket_app.ui.components.composer import Composer, ComposerWarning, SendWithStatus
from ticket_app.ui.components.conversation_scroll import ConversationScroll
from ticket_app.ui.components.file_uploads import FilePicker, UploadList
from ticket_app.ui.components.markdown_editor import MarkdownTextarea
from ticket_app.ui.theme import STATUS
from ticket_app.ui.widgets.buttons import button, icon_button, link, split_button
from ticket_app.ui.widgets.forms import uploads_to
from ticket_app.ui.widgets.overlays import menu_root, menu_title
from ticket_app.ui.widgets.prose import prose, user_text
from ticket_app.ui.widgets.signs import avatar, status_mark, time_ago
from ticket_app.ui.widgets.vars import Flag, Number, Text, given, truth


def _head(
    initials: Text,
    name: Text,
    color: Number,
    at: Text,
    before: Sequence[rx.Component],
    more: Sequence[rx.Component],
) -> rx.Component:
    return rx.el.header(
        rx.el.span(
            avatar(initials, name, color, size=24),
            aria_hidden="true",
            style={"display": "inline-flex"},
        ),
        rx.el.strong(name, class_name="cut", title=name, dir="auto"),
        *before,
        rx.el.span(time_ago(at), *more, class_name="end"),
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
    more: Sequence[rx.Component] = (),
) -> rx.Component:
    """A public reply. `html` is safe HTML from the core; `role` a small word ("Requester");
    `more` are icon buttons or chips after the time ("Edited")."""
    before = [rx.el.span(role, class_name="soft cut")] if given(role) else []
    return rx.el.article(
        _head(initials, name, color, at, before, more),
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
    more: Sequence[rx.Component] = (),
) -> rx.Component:
    """An internal note: amber, a lock, and the words "Internal note"."""
    lock = rx.el.span(rx.icon("lock", size=12, stroke_width=2), "Internal note", class_name="lock")
    return rx.el.article(
        _head(initials, name, color, at, [lock], more),
        prose(html),
        *([files] if files is not None else []),
        class_name="message note",
        id=anchor,
    )


def event_line(
    *words: Text | rx.Component,
    at: Text,
    icon: str = "history",
    mark: rx.Component | None = None,
    is_new: Flag = False,
) -> rx.Component:
    """A change between messages: "Mia set the priority to High · 3 h ago"; names in `rx.el.b`.

    `is_new` marks one that the reader has not seen yet.
    """
    return rx.el.div(
        rx.el.span(
            mark if mark is not None else rx.icon(icon, size=14, stroke_width=1.75),
            class_name="dot",
        ),
        rx.el.span(*words, " · ", time_ago(at)),
        class_name="event",
        data_new=truth(is_new),
    )


def thread(*items: rx.Component | rx.Var, label: Text = "Conversation") -> rx.Component:
    """The timeline's column; new items are announced to screen readers."""
    return rx.el.section(
        *items, class_name="thread", aria_label=label, role="log", aria_live="polite"
    )


def ticket_layout(talk: rx.Component, dock: rx.Component, side: rx.Component) -> rx.Component:
    """A desk ticket: conversation at most 720 px wide, composer docked under it, properties right.

    Below 1100 px the properties are a drawer that a `PanelToggle` for "side" opens.
    """
    return rx.el.div(
        rx.el.div(
            ConversationScroll.create(rx.el.div(talk, class_name="ticket-column")),
            rx.el.div(rx.el.div(dock, class_name="ticket-column"), class_name="ticket-dock"),
            class_name="ticket-talk",
        ),
        rx.el.aside(side, class_name="ticket-side", aria_label="Properties"),
        class_name="ticket",
    )


def ticket_title(title: Text) -> rx.Component:
    """A ticket's title on the desk, 18/24, however long (the page's h1 is its number)."""
    return rx.el.h2(title, class_name="ticket-title", dir="auto")


def property_row(label: Text, value: rx.Component) -> rx.Component:
    """Label in gray at the left, the value right. Rows stand in `properties(...)`."""
    return rx.el.div(rx.el.dt(label), rx.el.dd(value), class_name="property")


def properties(*rows: rx.Component) -> rx.Component:
    """A block of `property_row`s."""
    return rx.el.dl(*rows, class_name="properties")


def plain_value(*content: Text | rx.Component) -> rx.Component:
    """A property's value that cannot be changed here."""
    return rx.el.span(*content, class_name="value", dir="auto")


def menu_value(
    shown: rx.Component,
    label: str,
    *items: rx.Component,
    of: Text = "",
    shortcut: str = "",
) -> rx.Component:
    """A property's value, a click (or `shortcut`) away from a menu. `items` are menu items.

    `of` names the object in the menu's first line ("Status of BUG-15").
    """
    return menu_root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                shown, type="button", class_name="value", aria_label=label, data_shortcut=shortcut
            )
        ),
        rx.dropdown_menu.content(
            *([menu_title(rx.fragment(f"{label} of ", of))] if given(of) else []),
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
    """A file: thumbnail or extension, name, size.

    `state` is clean, scanning or failed (`note` says why). Only a clean file is a link; it opens
    through our authorised address.
    """
    picture = rx.el.img(src=thumbnail, alt="", loading="lazy")
    face = (
        rx.cond(thumbnail, picture, rx.el.span(extension))
        if isinstance(thumbnail, rx.Var)
        else (picture if thumbnail else rx.el.span(extension))
    )
    anchor = rx.el.a(
        name,
        href=href,
        target="_blank",
        rel="noopener",
        class_name="file-name file-link cut",
        title=name,
        dir="auto",
    )
    dead = rx.el.span(name, class_name="file-name cut", title=name, dir="auto")
    title = (
        rx.cond(state == "clean", anchor, dead)
        if isinstance(state, rx.Var)
        else (anchor if state == "clean" else dead)
    )
    below = rx.cond(note, note, size) if isinstance(note, rx.Var) else (note or size)
    return rx.el.div(
        rx.el.span(face, class_name="file-icon", aria_hidden="true"),
        rx.el.span(title, rx.el.span(below, class_name="file-note"), style={"minWidth": 0}),
        *(
            [icon_button("x", "Remove the file", size="small", on_click=on_remove)]
            if on_remove is not None
            else []
        ),
        class_name="file",
        data_state=state,
    )


def files(*tiles: rx.Component | rx.Var) -> rx.Component:
    """A wrapping row of `attachment_tile`s."""
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
    then: Sequence[tuple[str, str]] = (
        ("resolved", "Reply and resolve"),
        ("pending_user", "Reply and wait"),
    ),
    then_offered: rx.Var[list[str]] | None = None,
    notes: bool = True,
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
    """Reply or internal note; which one is seen by colour, lock and the button's words.

    The field is uncontrolled: nothing from the server draws it again. `on_submit` receives the form
    data `body`, `audience` ("reply" or "note") and `then` (a status word, or ""). Give `on_change`
    as `handler.debounce(800)` for the draft; `text` is the draft at opening. Ctrl+Enter sends,
    Ctrl+Shift+Enter sends with the first of `then`; only those in `then_offered` are shown. With
    `upload_url` files can be dropped or pasted; `on_uploaded` runs after each.
    Empty it with `clear_text(text_id)`.
    `audience` is what is chosen at first; `on_audience` receives "reply" or "note".
    """
    tabs = rx.el.div(
        _tab("reply", "Reply", "reply", audience, on_audience, shortcut="r"),
        _tab("note", "Internal note", "lock", audience, on_audience, shortcut="n"),
        rx.el.span(
            rx.el.span("To ", user_text(recipients), class_name="if-reply cut")
            if given(recipients)
            else rx.fragment(),
            rx.el.span("Only staff will see this", class_name="if-note"),
            class_name="end cut",
        ),
        class_name="composer-tabs",
        role="radiogroup",
        aria_label="Who reads this",
    )
    reply = button(send, look="primary", submit=True, disabled=busy)
    items = {status: SendWithStatus.create(words, status=status) for status, words in then}
    extra = [
        item if then_offered is None else rx.cond(then_offered.contains(status), item)
        for status, item in items.items()
    ]
    reply_buttons = rx.el.span(
        split_button(reply, *extra, label="Reply and change the status", disabled=busy)
        if extra
        else reply,
        class_name="if-reply",
    )
    note_button = button(
        "Add note",
        look="amber",
        submit=True,
        icon="lock",
        class_name="if-note",
        disabled=busy,
    )
    change = {} if on_change is None else {"on_change": on_change}
    picker = (
        [
            rx.el.label(
                rx.icon("paperclip", size=16, stroke_width=1.75),
                FilePicker.create(class_name="hear", aria_label="Attach files"),
                class_name="icon-button",
                title="Attach files",
            )
        ]
        if given(upload_url)
        else []
    )
    return Composer.create(
        tabs if notes else rx.fragment(),
        MarkdownTextarea.create(
            name="body",
            custom_attrs={"id": text_id},
            default_value=text,
            placeholder=placeholder,
            aria_label=placeholder,
            dir="auto",
            rows="3",
            **change,
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
                *([note_button] if notes else []),
                class_name="end",
            ),
            class_name="composer-foot",
        ),
        on_submit=on_submit,
        id=form_id,
        class_name="composer",
        first_status=then[0][0] if then else "",
        **uploads_to(upload_url, upload_fields, on_uploaded),
    )


def _tab(
    value: str,
    word: str,
    icon: str,
    audience: Text,
    on_audience: rx.event.EventType | None,
    *,
    shortcut: str,
) -> rx.Component:
    heard = {} if on_audience is None else {"on_change": on_audience}
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="audience",
            value=value,
            default_checked=audience == value,
            class_name="hear",
            data_shortcut=shortcut,
            **heard,
        ),
        rx.icon(icon, size=14, stroke_width=1.75),
        word,
    )


@rx.memo
def requester_line(status: rx.Var[str], line: rx.Var[str], hint: rx.Var[str]) -> rx.Component:
    """Where a ticket stands for its requester, big."""

    def shown(word: str) -> rx.Component:
        return rx.el.div(
            status_mark(status=word),
            rx.el.div(rx.el.strong(line), rx.el.p(hint)),
            class_name=f"status-line t-{STATUS[word].color}",
        )

    return rx.match(status, *((word, shown(word)) for word in STATUS), rx.fragment())


def status_line(status: Text, line: Text, hint: Text) -> rx.Component:
    """The portal's big friendly line: "We are working on it" and what happens next."""
    return rx.el.div(requester_line(status=status, line=line, hint=hint), role="status")


def related_ticket(number: Text, title: Text, *, to: Text, status: Text) -> rx.Component:
    """A small line to another ticket (duplicates, the requester's others)."""
    return link(
        status_mark(status=status),
        rx.el.span(number, class_name="key"),
        rx.el.span(title, class_name="cut", title=title, dir="auto"),
        to=to,
        class_name="rail-item",
        aria_label=rx.Var.create("") + number + " " + title,
    )

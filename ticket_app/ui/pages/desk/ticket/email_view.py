"""The recipients above the composer, and the dialogs for originals and forwarded messages."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk import email_texts as texts
from ticket_app.ui.pages.desk.lookup import LookupMenu, LookupOption, option_button
from ticket_app.ui.pages.desk.ticket.conversation import ConversationItem
from ticket_app.ui.pages.desk.ticket.email_rows import HeaderRow, RecipientChip
from ticket_app.ui.pages.desk.ticket.email_state import (
    FORWARD_DIALOG,
    ORIGINAL_DIALOG,
    WHOLE_CONVERSATION,
    TicketEmail,
)
from ticket_app.ui.pages.desk.ticket.state import TicketPage

TICKET = TicketPage.ticket


def _chip(chip: rx.Var[RecipientChip]) -> rx.Component:
    return rx.el.li(
        rx.cond(chip.is_copied, rx.el.small(texts.CC)),
        rx.el.span(chip.name, class_name="truncate", dir="auto"),
        rx.el.small(chip.address, class_name="truncate hide-on-mobile", dir="auto"),
        rx.cond(
            chip.is_external,
            rx.el.span(rx.icon("globe", size=12), texts.EXTERNAL, class_name="recipient-mark"),
        ),
        rx.cond(
            chip.obstacle != "",
            rx.el.span(rx.icon("mail-x", size=12), chip.obstacle, class_name="recipient-mark"),
        ),
        rx.cond(
            chip.is_copied,
            w.icon_button(
                "x",
                texts.REMOVE + ": " + chip.name,
                size="small",
                on_click=TicketEmail.remove_from_cc(TICKET.id, chip.id),
            ),
        ),
        class_name="recipient-chip",
        title=chip.tooltip,
        data_external=rx.cond(chip.is_external, "true", "false"),
        data_obstacle=rx.cond(chip.obstacle != "", "true", "false"),
        key=chip.id,
    )


def _person(entry: rx.Var[LookupOption]) -> rx.Component:
    return option_button(entry, lambda chosen: TicketEmail.add_to_cc(TICKET.id, chosen.value))


def _typed_address(address: rx.Var[str]) -> rx.Component:
    return rx.popover.close(
        rx.el.button(
            rx.icon("mail-plus", size=14),
            rx.el.span(texts.ADD, " ", address, class_name="truncate", dir="auto"),
            type="button",
            class_name="search-result",
            on_click=TicketEmail.add_to_cc(TICKET.id, address),
            data_search_result="true",
        )
    )


def _add_menu() -> rx.Component:
    typed = LookupMenu.query
    return w.popover_root(
        rx.popover.trigger(w.button(texts.ADD_CC, icon="user-plus", variant="quiet")),
        rx.popover.content(
            OptionList.create(
                rx.el.input(
                    type="search",
                    placeholder=texts.SEARCH_CC,
                    aria_label=texts.SEARCH_CC,
                    class_name="input",
                    auto_complete="off",
                    max_length=300,
                    dir="auto",
                    on_change=LookupMenu.find.debounce(150),
                ),
                rx.el.div(
                    rx.foreach(LookupMenu.options, _person),
                    rx.cond(
                        typed.contains("@"),
                        _typed_address(typed),
                        rx.cond(
                            LookupMenu.options.length() == 0,
                            rx.el.p(texts.NO_CC_MATCHES, class_name="text-muted no-results"),
                        ),
                    ),
                    class_name="search-results",
                ),
                answered_for=typed,
                class_name="search-picker",
            ),
            size="1",
            width="320px",
        ),
        on_open_change=lambda is_open: LookupMenu.open_menu("requester", is_open),
    )


def recipient_row() -> rx.Component:
    """Return whom a public reply is emailed to, with what changes Cc."""
    return rx.el.div(
        rx.el.span(texts.TO, class_name="text-muted"),
        rx.cond(
            TicketPage.recipients.length() > 0,
            rx.el.ul(
                rx.foreach(TicketPage.recipients, _chip),
                class_name="list-unstyled",
                aria_label=texts.RECIPIENTS,
            ),
            rx.el.span(texts.NO_RECIPIENTS, class_name="text-muted"),
        ),
        _add_menu(),
        class_name="recipient-row reply-only",
    )


def message_buttons(item: rx.Var[ConversationItem]) -> list[rx.Component]:
    """Return the buttons of a message: its original, and forward, which notes do not have."""
    return [
        rx.el.span(
            rx.cond(
                item.email_id > 0,
                w.icon_button(
                    "file-code",
                    texts.SHOW_ORIGINAL,
                    size="small",
                    on_click=TicketEmail.open_original(item.email_id),
                ),
            ),
            rx.cond(
                item.kind == "message",
                w.icon_button(
                    "forward",
                    texts.FORWARD_MESSAGE,
                    size="small",
                    on_click=TicketEmail.open_forward(TICKET.id, item.id),
                ),
            ),
            class_name="comment-buttons",
        )
    ]


def forward_menu_item() -> rx.Component:
    """Return the menu item that forwards all public messages."""
    return rx.dropdown_menu.item(
        rx.icon("forward", size=14),
        texts.FORWARD_CONVERSATION,
        on_select=TicketEmail.open_forward(TICKET.id, WHOLE_CONVERSATION),
    )


def _header(header: rx.Var[HeaderRow]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(header.name, dir="auto"), rx.el.dd(header.value, dir="auto"), key=header.id
    )


def original_dialog() -> rx.Component:
    """Return the dialog with the headers and the source of an email, as text."""
    original = TicketEmail.original
    return dialog_root(
        ORIGINAL_DIALOG,
        rx.dialog.content(
            rx.dialog.title(TicketEmail.original.subject, size="3", dir="auto"),
            rx.dialog.description(texts.ORIGINAL_HINT, size="1", class_name="text-muted"),
            rx.el.div(
                rx.el.section(
                    rx.el.h2(texts.HEADERS),
                    rx.el.dl(rx.foreach(original.headers, _header), class_name="original-headers"),
                ),
                rx.el.section(
                    rx.el.h2(texts.SOURCE),
                    rx.el.pre(original.source, tab_index=0, aria_label=texts.SOURCE, dir="auto"),
                    rx.cond(original.is_cut, rx.el.p(texts.SOURCE_CUT, class_name="text-muted")),
                ),
                class_name="delivery-messages",
            ),
            rx.el.div(
                rx.el.a(
                    texts.DOWNLOAD,
                    href=rx.Var.create("/mail/originals/") + original.id.to_string(),
                    download=True,
                    target="_blank",
                    class_name="button",
                ),
                rx.dialog.close(w.button(texts.CLOSE)),
                class_name="align-end dialog-actions",
            ),
            max_width="760px",
        ),
    )


def forward_dialog() -> rx.Component:
    """Return the dialog that forwards a message or the conversation."""
    heading = rx.cond(
        TicketEmail.message_id == WHOLE_CONVERSATION,
        texts.FORWARD_CONVERSATION,
        texts.FORWARD_MESSAGE,
    )
    return dialog_root(
        FORWARD_DIALOG,
        rx.dialog.content(
            rx.dialog.title(heading, " ", TICKET.number, size="3"),
            rx.el.p(TICKET.title, class_name="dialog-subject", dir="auto"),
            rx.dialog.description(texts.FORWARD_HINT, size="1", class_name="text-muted"),
            rx.el.form(
                rx.el.label(
                    texts.FORWARD_TO,
                    w.text_input("to", auto_complete="off", input_mode="email", max_length=300),
                ),
                rx.el.label(texts.FORWARD_TEXT, w.text_area("text", rows=5)),
                rx.el.label(
                    rx.el.input(type="checkbox", name="files"),
                    texts.FORWARD_FILES,
                    class_name="checkbox-line",
                ),
                rx.el.p(TicketEmail.error, class_name="field-error", role="alert"),
                rx.el.div(
                    rx.dialog.close(w.button(texts.CANCEL)),
                    w.button(texts.FORWARD, variant="primary", submit=True),
                    class_name="align-end",
                ),
                on_submit=TicketEmail.forward(OpenDialog.fingerprint),
                class_name="compact-form",
            ),
            max_width="520px",
        ),
    )

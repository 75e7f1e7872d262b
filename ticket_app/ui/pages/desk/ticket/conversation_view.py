"""The conversation of a ticket's page: heading, notices, filters and items."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.components.copy_button import CopyButton
from ticket_app.ui.pages.composer.mentions import mentions_url
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.ticket_panel import approval_panel
from ticket_app.ui.pages.desk.snooze.view import snoozed_notice
from ticket_app.ui.pages.desk.ticket.conversation import ConversationItem
from ticket_app.ui.pages.desk.ticket.delivery_view import delivery_facts
from ticket_app.ui.pages.desk.ticket.email_view import message_buttons
from ticket_app.ui.pages.desk.ticket.events import EventRow
from ticket_app.ui.pages.desk.ticket.held_view import held_replies_of_ticket
from ticket_app.ui.pages.desk.ticket.inline_editor import DeskEditor
from ticket_app.ui.pages.desk.ticket.merge import merged_notice
from ticket_app.ui.pages.desk.ticket.state import FIRST_NEW_ID, TicketPage
from ticket_app.ui.pages.inbox.unread_messages import new_messages_button, read_when_visible
from ticket_app.ui.pages.inline_editing.view import (
    comment_body,
    comment_extras,
    editable_files,
)

TICKET = TicketPage.ticket


CONVERSATION_FILTERS = (
    ("all", texts.DESK_ALL),
    ("talk", texts.TICKET_FILTER_MESSAGES),
    ("notes", texts.TICKET_FILTER_NOTES),
    ("history", texts.TICKET_FILTER_HISTORY),
)


def _ticket_heading() -> rx.Component:
    numbered_title = TICKET.number.to(str) + " " + TICKET.title.to(str)
    return rx.el.div(
        w.ticket_title(TICKET.title),
        rx.el.div(
            CopyButton.create(
                TICKET.number,
                text=TICKET.number,
                class_name="ticket-key",
                title=texts.DESK_COPY_TICKET_NUMBER,
                data_shortcut=".",
                data_command=texts.DESK_COPY_TICKET_NUMBER,
            ),
            rx.el.span(
                CopyButton.create(
                    texts.TICKET_COPY_WITH_TITLE,
                    text=numbered_title,
                    data_shortcut=". .",
                ),
                CopyButton.create(
                    texts.TICKET_COPY_WITH_LINK,
                    text=numbered_title,
                    path=TICKET.href,
                    data_shortcut=". . .",
                ),
                hidden=True,
            ),
            w.status_badge(TICKET.status),
            rx.el.span(
                w.user_text(TICKET.requester),
                rx.cond(TICKET.company != "", rx.el.span(", ", w.user_text(TICKET.company))),
            ),
            w.time_ago(TICKET.created_at),
            class_name="ticket-facts",
        ),
        rx.cond(
            TICKET.created_for != "",
            rx.el.p(TICKET.created_for, class_name="text-muted", dir="auto"),
        ),
        class_name="ticket-header",
    )


def _event_line(event: rx.Var[EventRow]) -> rx.Component:
    return w.event_line(
        rx.el.b(event.name, dir="auto"),
        " ",
        event.action,
        rx.cond(event.new != "", rx.el.span(" ", rx.el.b(_event_value(event, event.new)))),
        rx.cond(event.old != "", rx.el.span(" (was ", _event_value(event, event.old), ")")),
        at=event.at,
        is_new=event.is_new,
    )


def _event_value(event: rx.Var[EventRow], value: rx.Var[str]) -> rx.Component:
    return rx.cond(event.shows_times, w.time_exact(value), w.user_text(value))


def _event_group(item: rx.Var[ConversationItem]) -> rx.Component:
    lines = rx.foreach(item.events, _event_line)
    props = {
        "id": rx.cond(item.is_first_new, FIRST_NEW_ID, ""),
        "tab_index": -1,
        "key": item.id,
    }
    return rx.cond(
        item.summary != "",
        rx.el.details(
            rx.el.summary(item.summary),
            rx.el.div(lines),
            class_name="event-group",
            open=item.has_new,
            **props,
        ),
        rx.el.div(lines, class_name="event-list", **props),
    )


def _item_files(item: rx.Var[ConversationItem]) -> rx.Component:
    return rx.cond(
        item.files.length() > 0, editable_files(DeskEditor, item.files, place="conversation")
    )


def _conversation_item(item: rx.Var[ConversationItem]) -> rx.Component:
    message_props = {
        "name": item.name,
        "initials": item.initials,
        "color": item.color,
        "at": item.at,
        "html": item.html,
        "anchor": item.anchor,
        "body": comment_body(
            DeskEditor, item, mentions_url(TICKET.id, is_note=item.kind == "note")
        ),
        "extras": [
            *delivery_facts(item),
            *message_buttons(item),
            *comment_extras(DeskEditor, item),
        ],
        "is_unread": item.is_unread,
    }
    return rx.match(
        item.kind,
        ("message", w.message_card(**message_props, role=item.role, files=_item_files(item))),
        ("note", w.note_card(**message_props, files=_item_files(item))),
        _event_group(item),
    )


def _conversation_tabs() -> rx.Component:
    return rx.el.div(
        *(
            rx.el.button(
                word,
                type="button",
                class_name="filter-button",
                data_active=rx.cond(TicketPage.shown_kind == show, "true", "false"),
                aria_pressed=rx.cond(TicketPage.shown_kind == show, "true", "false"),
                on_click=TicketPage.filter_conversation(show),
            )
            for show, word in CONVERSATION_FILTERS
        ),
        class_name="conversation-tabs",
        role="group",
        aria_label=texts.TICKET_FILTER_CONVERSATION,
    )


def _notices() -> rx.Component:
    return rx.fragment(
        merged_notice(TICKET.id),
        rx.cond(
            TicketPage.is_deleted,
            w.callout(
                texts.TICKET_DELETED_TITLE,
                texts.TICKET_DELETED_TEXT,
                tone="amber",
                action=w.button(texts.DESK_UNDO, on_click=TicketPage.undo_delete(TICKET.id)),
            ),
        ),
        rx.cond(
            (TicketPage.changed_by != "") & ~TicketPage.is_deleted,
            rx.el.div(
                rx.icon("history", size=14),
                rx.el.span(texts.TICKET_UPDATED_BY, rx.el.b(TicketPage.changed_by, dir="auto")),
                w.button(
                    texts.TICKET_SHOW_CHANGES, variant="quiet", on_click=TicketPage.show_changes
                ),
                w.icon_button(
                    "x", texts.TICKET_DISMISS, size="small", on_click=TicketPage.dismiss_changes
                ),
                class_name="info-box update-notice",
                role="status",
            ),
        ),
    )


def conversation() -> rx.Component:
    return rx.fragment(
        read_when_visible(TicketPage.mark_read),
        new_messages_button(TicketPage.unread, TicketPage.show_first_unread),
        _ticket_heading(),
        _notices(),
        approval_panel(),
        _conversation_tabs(),
        w.conversation_log(
            rx.foreach(TicketPage.items, _conversation_item),
            held_replies_of_ticket(),
            rx.cond(
                TicketPage.items.length() == 0,
                rx.el.p(texts.TICKET_CONVERSATION_EMPTY, class_name="text-muted"),
            ),
        ),
        snoozed_notice(TICKET.id, TICKET.number, TICKET.snoozed_until),
    )

"""The requester's ticket page: status, conversation, reply form and details."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.vocabulary import Kind
from ticket_app.core.tickets.fields import PRIORITY, SEVERITY, TicketField
from ticket_app.core.tickets.rating import MAX_RATING
from ticket_app.core.tickets.transitions import WAITING_FOR_REQUESTER_STATUS
from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.markdown_editor import MarkdownTextarea
from ticket_app.ui.field_values import choice_labels, field_label
from ticket_app.ui.pages.composer.mentions import mentions_url
from ticket_app.ui.pages.inbox.following import follow_button
from ticket_app.ui.pages.inbox.unread_messages import new_messages_button, read_when_visible
from ticket_app.ui.pages.inline_editing.view import (
    comment_body,
    comment_extras,
    editable_files,
    inline_form,
)
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.layout import portal_page
from ticket_app.ui.pages.portal.similar_tickets import similar_list
from ticket_app.ui.pages.portal.ticket.composer import ReplyComposer, reply_composer
from ticket_app.ui.pages.portal.ticket.details import Fact
from ticket_app.ui.pages.portal.ticket.editing import choice_fields
from ticket_app.ui.pages.portal.ticket.history import HistoryRow
from ticket_app.ui.pages.portal.ticket.inline_editor import (
    DESCRIPTION_ID,
    TITLE_ID,
    PortalEditor,
)
from ticket_app.ui.pages.portal.ticket.rows import Message
from ticket_app.ui.pages.portal.ticket.state import PortalTicket
from ticket_app.ui.pages.undo import undo_buttons
from ticket_app.ui.widgets.badges import priority_icon_only


def _message_card(message: rx.Var[Message]) -> rx.Component:
    return rx.el.div(
        w.message_card(
            name=message.name,
            initials=message.initials,
            color=message.color,
            at=message.at,
            html=message.html,
            role=message.role,
            anchor=message.anchor,
            is_unread=message.is_unread,
            files=rx.cond(
                message.files, editable_files(PortalEditor, message.files, place="conversation")
            ),
            body=rx.cond(
                (message.id == 0) & (PortalEditor.ticket_id == PortalTicket.id),
                _ticket_form(),
                comment_body(PortalEditor, message, mentions_url(PortalTicket.id)),
            ),
            extras=[*comment_extras(PortalEditor, message), _edit_button(message)],
        ),
        key=message.id,
    )


def _edit_button(message: rx.Var[Message]) -> rx.Component:
    """Return the button that edits the texts of the ticket, at its first message."""
    return rx.cond(
        (message.id == 0) & PortalTicket.can_edit & (PortalEditor.ticket_id != PortalTicket.id),
        rx.el.span(
            w.icon_button(
                "pencil",
                texts.TICKET_EDIT,
                size="small",
                on_click=PortalEditor.edit_ticket(PortalTicket.id),
            ),
            class_name="comment-buttons",
        ),
    )


def _ticket_form() -> rx.Component:
    """Return the form that replaces the first message; it stays when the ticket is resolved."""
    return inline_form(
        PortalEditor,
        rx.el.label(
            texts.TICKET_EDIT_TITLE,
            w.text_input(TITLE_ID, value=PortalEditor.title, auto_complete="off"),
        ),
        rx.el.label(
            texts.TICKET_EDIT_DESCRIPTION,
            MarkdownTextarea.create(
                name=DESCRIPTION_ID,
                custom_attrs={"id": DESCRIPTION_ID},
                default_value=PortalEditor.description,
                aria_label=texts.TICKET_EDIT_DESCRIPTION,
                class_name="input",
                dir="auto",
                rows="8",
            ),
        ),
        on_submit=PortalEditor.save_ticket(PortalEditor.ticket_id),
    )


def _long_text(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(fact.name), w.prose(fact.value), class_name="info-box", key=fact.name
    )


def _history_line(step: rx.Var[HistoryRow]) -> rx.Component:
    return rx.el.div(
        w.event_line(rx.el.b(step.who, dir="auto"), " ", step.action, at=step.at),
        key=step.id,
        role="listitem",
    )


def _detail_row(fact: rx.Var[Fact]) -> rx.Component:
    return w.property_row(fact.name, w.read_only_value(fact.value))


def _choice_row(field: TicketField) -> rx.Component:
    """Return the value of a field, with the menu that changes it while that is possible."""
    value = PortalTicket.choices[field.name]
    labels = choice_labels(field)
    shown = (
        w.priority_badge(value)
        if field is PRIORITY
        else rx.el.span(rx.match(value, *labels.items(), value))
    )
    label = field_label(field)
    menu = w.property_menu(
        rx.el.span(shown, rx.icon("chevron-down", size=14), class_name="icon-label"),
        label,
        *(
            rx.dropdown_menu.item(
                *([priority_icon_only(priority=word)] if field is PRIORITY else []),
                text,
                on_select=PortalTicket.change_field(PortalTicket.id, field.name, word),
                disabled=value == word,
            )
            for word, text in labels.items()
        ),
        subject=PortalTicket.number,
    )
    row = w.property_row(label, rx.cond(PortalTicket.can_edit, menu, w.read_only_value(shown)))
    return rx.cond(PortalTicket.kind == Kind.BUG.value, row) if field is SEVERITY else row


def _details() -> rx.Component:
    return rx.el.details(
        rx.el.summary(texts.TICKET_DETAILS),
        w.properties(
            w.property_row(texts.TICKET_NUMBER, w.ticket_key(PortalTicket.number, copy=True)),
            w.property_row(texts.TICKET_TYPE, w.read_only_value(w.kind_badge(PortalTicket.kind))),
            *(_choice_row(field) for field in choice_fields().values()),
            w.property_row(
                texts.TICKET_SUBMITTED, w.read_only_value(w.time_ago(PortalTicket.created_at))
            ),
            w.property_row(
                texts.TICKET_UPDATED, w.read_only_value(w.time_ago(PortalTicket.updated_at))
            ),
            rx.cond(
                PortalTicket.tags,
                w.property_row(
                    texts.TICKET_TAGS,
                    rx.el.span(
                        rx.foreach(PortalTicket.tags, lambda word: w.tag_chip(word)),  # noqa: PLW0108
                        class_name="tag-list",
                    ),
                ),
            ),
            rx.foreach(PortalTicket.facts, _detail_row),
        ),
        class_name="disclosure",
    )


def _history() -> rx.Component:
    return rx.el.details(
        rx.el.summary(texts.TICKET_HISTORY, w.count(PortalTicket.history.length())),
        rx.el.div(
            rx.foreach(PortalTicket.history, _history_line), class_name="history-list", role="list"
        ),
        class_name="disclosure",
    )


def _rating_stars() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.cond(PortalTicket.rating > 0, texts.TICKET_RATING, texts.TICKET_RATE_TICKET),
            id="rating-label",
        ),
        rx.el.span(
            *(
                rx.el.button(
                    rx.icon("star", size=20, stroke_width=1.5),
                    type="button",
                    on_click=PortalTicket.rate(PortalTicket.id, n),
                    aria_label=texts.ticket_stars(n, MAX_RATING),
                    aria_pressed=rx.cond(PortalTicket.rating == n, "true", "false"),
                    data_active=rx.cond(PortalTicket.rating >= n, "true", "false"),
                )
                for n in range(1, MAX_RATING + 1)
            ),
            class_name="stars",
            role="group",
            aria_labelledby="rating-label",
        ),
        class_name="rating",
    )


WAITING_STATUS = str(WAITING_FOR_REQUESTER_STATUS)
"""A ticket whose approvers asked its requester a question is shown as waiting for them."""


def _follow_up_notice() -> rx.Component:
    number = PortalTicket.follow_up
    return rx.cond(
        number != "",
        w.callout(
            texts.ticket_continues_in(number),
            rx.fragment(w.user_text(PortalTicket.follow_up_title), texts.TICKET_FOLLOW_UP_HINT),
            tone="blue",
            action=w.button_link(texts.ticket_open(number), to=PortalTicket.follow_up_href),
        ),
    )


def _merged_notice() -> rx.Component:
    number = PortalTicket.merged_into
    return rx.cond(
        PortalTicket.is_merged,
        rx.cond(
            number != "",
            w.callout(
                texts.ticket_continues_in(number),
                rx.fragment(
                    w.user_text(PortalTicket.merged_into_title),
                    texts.TICKET_MERGED_HINT,
                ),
                tone="blue",
                action=w.button_link(texts.ticket_open(number), to=PortalTicket.merged_into_href),
            ),
            w.callout(
                texts.TICKET_MERGED_DELETED_TITLE,
                texts.TICKET_MERGED_DELETED_HINT,
                tone="amber",
            ),
        ),
    )


def _ticket() -> rx.Component:
    return rx.el.div(
        read_when_visible(PortalTicket.mark_read),
        new_messages_button(PortalTicket.unread, PortalTicket.show_first_unread),
        rx.el.div(
            w.link(texts.MY_TICKETS, to=PortalTicket.list_href, data_shortcut="u"),
            rx.icon("chevron-right", size=14),
            w.ticket_key(PortalTicket.number, copy=True),
            class_name="breadcrumbs",
        ),
        w.page_heading(PortalTicket.title, "", follow_button()),
        rx.cond(
            PortalTicket.created_for != "",
            rx.el.p(PortalTicket.created_for, class_name="text-muted follow-up-of", dir="auto"),
        ),
        rx.cond(
            PortalTicket.follow_up_of != "",
            rx.el.p(
                texts.TICKET_FOLLOW_UP_OF,
                w.link(
                    PortalTicket.follow_up_of,
                    to=PortalTicket.follow_up_of_href,
                    class_name="text-link",
                ),
                class_name="text-muted follow-up-of",
            ),
        ),
        rx.el.div(
            w.status_line(
                rx.cond(PortalTicket.question != "", WAITING_STATUS, PortalTicket.status),
                PortalTicket.status_text,
                PortalTicket.hint,
            ),
            rx.cond(
                PortalTicket.question != "",
                w.callout(texts.TICKET_QUESTION, PortalTicket.question, tone="blue"),
            ),
            rx.cond(
                PortalTicket.approval_result != "",
                w.callout(PortalTicket.approval_result, PortalTicket.approval_reason, tone="blue"),
            ),
            rx.cond(
                PortalTicket.shared_by != "",
                w.callout(
                    texts.ticket_submitted_by(PortalTicket.shared_by),
                    texts.TICKET_SHARED_HINT,
                    tone="blue",
                ),
            ),
            _merged_notice(),
            _follow_up_notice(),
            rx.cond(
                PortalTicket.can_rate,
                rx.el.div(
                    rx.cond(
                        PortalTicket.can_reopen,
                        w.button(
                            texts.TICKET_REOPEN,
                            icon="rotate-cw",
                            on_click=PortalTicket.reopen(PortalTicket.id),
                        ),
                    ),
                    _rating_stars(),
                    class_name="ticket-status-actions",
                ),
            ),
            class_name="ticket-status",
        ),
        w.conversation_log(rx.foreach(PortalTicket.messages, _message_card)),
        rx.cond(
            PortalTicket.rendered_long_texts,
            rx.el.div(
                rx.foreach(PortalTicket.rendered_long_texts, _long_text), class_name="long-texts"
            ),
        ),
        rx.cond(
            PortalTicket.can_reply & (ReplyComposer.ticket_id == PortalTicket.id), reply_composer()
        ),
        rx.el.div(_details(), _history()),
        similar_list(PortalTicket.similar, rx.el.h2(texts.TICKET_SIMILAR)),
        class_name="ticket-page",
    )


def _missing_ticket() -> rx.Component:
    return w.empty_state(
        "search-x",
        texts.TICKET_MISSING_TITLE,
        texts.TICKET_MISSING_HINT,
        w.button_link(texts.MY_TICKETS, to=routes.PORTAL, variant="primary"),
    )


WINDOW_TITLE = rx.cond(
    PortalTicket.stage == "here",
    PortalTicket.number + " " + PortalTicket.title,
    texts.TICKET_WINDOW_TITLE,
)
"""The subject of the page, for the window title."""


def ticket_page() -> rx.Component:
    return portal_page(
        rx.match(
            PortalTicket.stage,
            ("here", _ticket()),
            ("missing", _missing_ticket()),
            w.thread_skeleton(),
        ),
        undo_buttons(PortalTicket.refresh),
        current_page="tickets",
    )

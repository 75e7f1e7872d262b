"""The side panel of a ticket: requester, related tickets, notes and files below the properties."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.tickets.fields import FieldView, TicketField, fields_shown_in
from ticket_app.core.tickets.transitions import CLOSED_STATUS
from ticket_app.ui import widgets as w
from ticket_app.ui.components.layout_panels import PanelToggle
from ticket_app.ui.field_values import field_label
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.views import ME
from ticket_app.ui.pages.desk.ticket.details import Fact
from ticket_app.ui.pages.desk.ticket.edit_state import FieldDialog
from ticket_app.ui.pages.desk.ticket.inline_editor import DeskEditor
from ticket_app.ui.pages.desk.ticket.merge import merged_tickets
from ticket_app.ui.pages.desk.ticket.properties import ticket_properties
from ticket_app.ui.pages.desk.ticket.rows import RelatedTicket
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.pages.desk.ticket.time_log_view import time_log
from ticket_app.ui.pages.inbox.following import followers_section
from ticket_app.ui.pages.inline_editing.view import editable_files

TICKET = TicketPage.ticket


def _text_block(field: TicketField) -> rx.Component:
    label = field_label(field)
    is_internal = field.audience is Audience.INTERNAL
    lock = [rx.icon("lock", size=12)] if is_internal else []
    empty = texts.TICKET_PANEL_INTERNAL_EMPTY if is_internal else texts.TICKET_PANEL_PUBLIC_EMPTY
    shown = TICKET.properties[field.name]
    return rx.el.section(
        w.section_header(
            rx.fragment(*lock, label),
            w.icon_button(
                "pencil",
                texts.ticket_edit(label),
                size="small",
                on_click=FieldDialog.edit(field.name),
            ),
        ),
        rx.cond(
            shown != "",
            rx.el.div(w.prose(shown), class_name="text-value"),
            rx.el.p(empty, class_name="text-muted"),
        ),
        class_name="side-section internal-section" if is_internal else "side-section",
    )


def text_fields() -> list[TicketField]:
    """Return the long texts among the properties, each in a section of its own."""
    return [field for field in fields_shown_in(FieldView.STAFF_PROPERTIES) if field.is_long_text]


def _requester() -> rx.Component:
    side_panel = TicketPage.side_panel
    return rx.el.section(
        rx.el.h3(texts.DESK_REQUESTER),
        w.person_name(TICKET.requester_initials, TICKET.requester, TICKET.requester_color, size=24),
        rx.el.a(
            TICKET.requester_email,
            href=rx.Var.create("mailto:") + TICKET.requester_email,
            class_name="text-muted truncate",
        ),
        rx.cond(
            TICKET.company != "",
            rx.el.span(TICKET.company, class_name="text-muted truncate", dir="auto"),
        ),
        rx.cond(
            side_panel.requester_since != "",
            rx.el.span(
                texts.TICKET_PANEL_FIRST_TICKET,
                w.time_ago(side_panel.requester_since),
                class_name="text-muted",
            ),
        ),
        rx.cond(
            side_panel.other_tickets.length() > 0,
            rx.fragment(
                rx.el.h3(
                    texts.TICKET_PANEL_OTHER_OPEN_TICKETS, side_panel.other_tickets_count, ")"
                ),
                rx.el.div(rx.foreach(side_panel.other_tickets, _related_link)),
            ),
        ),
        class_name="side-section",
    )


def _related_link(other: rx.Var[RelatedTicket]) -> rx.Component:
    return w.related_ticket(
        other.number, other.title, to=other.href, status=other.status, is_unread=other.is_unread
    )


def _link_section(title: str, tickets: rx.Var[list[RelatedTicket]]) -> rx.Component:
    return rx.cond(
        tickets.length() > 0,
        rx.el.section(
            rx.el.h3(title), rx.foreach(tickets, _related_link), class_name="side-section"
        ),
    )


def _related_tickets() -> rx.Component:
    side_panel = TicketPage.side_panel
    return rx.fragment(
        rx.cond(
            side_panel.original.length() > 0,
            rx.el.section(
                rx.el.h3(texts.DESK_DUPLICATE_OF),
                rx.foreach(side_panel.original, _related_link),
                class_name="side-section",
            ),
        ),
        rx.cond(
            side_panel.duplicates.length() > 0,
            rx.el.section(
                rx.el.h3(texts.TICKET_PANEL_DUPLICATES),
                rx.foreach(side_panel.duplicates, _related_link),
                class_name="side-section",
            ),
        ),
        _link_section(texts.TICKET_PANEL_FOLLOW_UP_TO, side_panel.follow_up_of),
        _link_section(texts.TICKET_PANEL_FOLLOW_UPS, side_panel.follow_ups),
        merged_tickets(TICKET.id, _related_link),
        _link_section(texts.TICKET_PANEL_SIMILAR, side_panel.similar),
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label), rx.el.dd(fact.value, dir="auto"))


def _environment() -> rx.Component:
    return rx.cond(
        TICKET.environment.length() > 0,
        rx.el.section(
            rx.el.h3(texts.TICKET_PANEL_ENVIRONMENT),
            rx.el.dl(rx.foreach(TICKET.environment, _fact), class_name="detail-list"),
            class_name="side-section",
        ),
    )


def _files() -> rx.Component:
    return rx.cond(
        TicketPage.files.length() > 0,
        rx.el.section(
            rx.el.h3(texts.TICKET_PANEL_FILES),
            editable_files(DeskEditor, TicketPage.files, place="panel"),
            class_name="side-section",
        ),
    )


def ticket_side_panel() -> rx.Component:
    """Return the whole panel."""
    return rx.fragment(
        PanelToggle.create(
            rx.icon("x", size=16),
            panel="side",
            class_name="icon-button side-panel-toggle",
            aria_label=texts.TICKET_PANEL_CLOSE_PROPERTIES,
        ),
        ticket_properties(),
        rx.el.button(
            texts.TICKET_ASSIGN_TO_ME,
            type="button",
            hidden=True,
            tab_index=-1,
            data_shortcut="Shift+A",
            on_click=TicketPage.change_field(TICKET.version_token, "assignee", ME, ""),
        ),
        rx.cond(
            TICKET.allowed_statuses.contains(str(CLOSED_STATUS)),
            rx.el.button(
                texts.TICKET_CLOSE,
                type="button",
                hidden=True,
                tab_index=-1,
                data_shortcut="Shift+C",
                on_click=TicketPage.change_field(
                    TICKET.version_token, "status", str(CLOSED_STATUS), ""
                ),
            ),
        ),
        _requester(),
        followers_section(),
        _related_tickets(),
        *map(_text_block, text_fields()),
        time_log(),
        _environment(),
        _files(),
    )

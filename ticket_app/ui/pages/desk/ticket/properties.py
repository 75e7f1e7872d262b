"""The properties of a ticket in the side panel, and the menus that change them."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.core.tickets.transitions import REQUIRED_INPUT
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.ticket_panel import TicketApproval
from ticket_app.ui.pages.desk.lookup import LookupKind, extra_option, lookup_menu
from ticket_app.ui.pages.desk.ticket.details import SEVERITY_LABELS
from ticket_app.ui.pages.desk.ticket.edit_state import FieldDialog
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.rows import DueClock
from ticket_app.ui.widgets.badges import kind_shape, status_shape

TICKET = TicketPage.ticket


SEARCH_LABELS: Final = {
    "team": texts.TICKET_PANEL_SEARCH_TEAMS,
    "company": texts.DESK_SEARCH_COMPANIES,
    "department": texts.TICKET_PANEL_SEARCH_DEPARTMENTS,
}


def _value_text(shown: rx.Var[str], empty: str) -> rx.Component:
    return rx.cond(
        shown != "",
        rx.el.span(shown, class_name="truncate", title=shown, dir="auto"),
        rx.el.span(empty, class_name="text-muted"),
    )


def _value_button(*shown: rx.Component, label: str, **props: object) -> rx.Component:
    return rx.el.button(
        *shown, type="button", class_name="property-value", aria_label=label, **props
    )


def status_items() -> list[rx.Component]:
    """Return the menu items of the allowed statuses; two of them open a dialog."""
    status_needs = {
        "original": (texts.DESK_MENU_DUPLICATE_OF, FieldDialog.edit("duplicate_of")),
        "approvers": (texts.TICKET_PANEL_REQUEST_APPROVAL, TicketApproval.request),
    }
    special = {str(status): status_needs[need] for status, need in REQUIRED_INPUT.items()}
    plain_items = {
        word: (look.word, TicketPage.change_field(TICKET.version_token, "status", word))
        for word, look in theme.STATUS_LOOKS.items()
    }
    return [
        rx.cond(
            TICKET.allowed_statuses.contains(word) | (TICKET.status == word),
            rx.dropdown_menu.item(
                status_shape(status=word), label, on_select=do, disabled=TICKET.status == word
            ),
        )
        for word, (label, do) in {**plain_items, **special}.items()
    ]


def _assignee_menu() -> rx.Component:
    shown = rx.cond(
        TICKET.assignee != "",
        w.person_name(TICKET.assignee_initials, TICKET.assignee, TICKET.assignee_color),
        rx.el.span(texts.DESK_UNASSIGNED, class_name="text-muted"),
    )
    return lookup_menu(
        _value_button(shown, label=texts.DESK_ASSIGNEE, data_shortcut="a"),
        "staff",
        texts.DESK_SEARCH_PEOPLE,
        lambda entry: TicketPage.change_field(TICKET.version_token, "assignee", entry.value),
        extra_option(
            texts.DESK_UNASSIGNED,
            TicketPage.change_field(TICKET.version_token, "assignee", ""),
            icon="user-x",
        ),
        title=rx.fragment(texts.TICKET_PANEL_ASSIGNEE_OF, TICKET.number),
    )


def _group_menu(group: LookupKind, shown: rx.Var[str], label: str, none_label: str) -> rx.Component:
    return lookup_menu(
        _value_button(_value_text(shown, texts.TICKET_PANEL_NONE), label=label),
        group,
        SEARCH_LABELS[group],
        lambda entry: TicketPage.move_to(TICKET.version_token, group, entry.value, entry.label),
        extra_option(none_label, TicketPage.move_to(TICKET.version_token, group, "", "")),
        title=rx.fragment(texts.ticket_menu_of(label), TICKET.number),
    )


def _due_menu() -> rx.Component:
    return w.property_menu(
        rx.cond(
            TICKET.due.due != "",
            w.sla_chip(TICKET.due.due, TICKET.due.state, TICKET.due.since, TICKET.due.goal),
            rx.el.span(texts.TICKET_PANEL_NONE, class_name="text-muted"),
        ),
        texts.DESK_DUE_DATE,
        rx.dropdown_menu.item(
            texts.TICKET_PANEL_DUE_IN_4_HOURS,
            on_select=TicketPage.change_due_date(TICKET.version_token, "4h"),
        ),
        rx.dropdown_menu.item(
            texts.TICKET_PANEL_DUE_IN_1_DAY,
            on_select=TicketPage.change_due_date(TICKET.version_token, "1d"),
        ),
        rx.dropdown_menu.item(
            texts.TICKET_PANEL_DUE_IN_2_DAYS,
            on_select=TicketPage.change_due_date(TICKET.version_token, "2d"),
        ),
        rx.dropdown_menu.item(
            texts.TICKET_PANEL_DUE_IN_1_WEEK,
            on_select=TicketPage.change_due_date(TICKET.version_token, "1w"),
        ),
        rx.dropdown_menu.item(texts.TICKET_PANEL_CHOOSE_TIME, on_select=FieldDialog.edit("due_at")),
        rx.dropdown_menu.separator(),
        rx.dropdown_menu.item(
            texts.TICKET_PANEL_NO_DUE_DATE,
            on_select=TicketPage.change_due_date(TICKET.version_token, ""),
        ),
        subject=TICKET.number,
    )


def _sla_row(label: str, clock: rx.Var[DueClock]) -> rx.Component:
    """Return the row of an SLA target, or nothing if the ticket has none."""
    return rx.cond(
        clock.due != "",
        w.property_row(
            label, w.property_text(w.sla_chip(clock.due, clock.state, clock.since, clock.goal))
        ),
    )


def ticket_properties() -> rx.Component:
    edit = FieldDialog.edit
    return w.properties(
        w.property_row(
            texts.DESK_STATUS,
            w.property_menu(
                w.status_badge(TICKET.status),
                texts.DESK_STATUS,
                *status_items(),
                subject=TICKET.number,
                shortcut="s",
            ),
        ),
        w.property_row(
            texts.DESK_PRIORITY,
            w.property_menu(
                w.priority_badge(TICKET.priority),
                texts.DESK_PRIORITY,
                *w.priority_items(
                    lambda word: TicketPage.change_field(TICKET.version_token, "priority", word)
                ),
                subject=TICKET.number,
                shortcut="p",
            ),
        ),
        w.property_row(texts.DESK_ASSIGNEE, _assignee_menu()),
        w.property_row(
            texts.TICKET_PANEL_TEAM,
            _group_menu("team", TICKET.team, texts.TICKET_PANEL_TEAM, texts.TICKET_PANEL_NO_TEAM),
        ),
        w.property_row(
            texts.DESK_KIND,
            w.property_menu(
                w.kind_badge(TICKET.kind),
                texts.DESK_KIND,
                *(
                    rx.dropdown_menu.item(
                        kind_shape(kind=word),
                        look.word,
                        on_select=TicketPage.change_choice(TICKET.version_token, "kind", word),
                    )
                    for word, look in theme.KIND_LOOKS.items()
                ),
                subject=TICKET.number,
            ),
        ),
        w.property_row(
            texts.TICKET_PANEL_SEVERITY,
            w.property_menu(
                _value_text(TICKET.severity, texts.TICKET_PANEL_NONE),
                texts.TICKET_PANEL_SEVERITY,
                *(
                    rx.dropdown_menu.item(
                        word,
                        on_select=TicketPage.change_choice(TICKET.version_token, "severity", value),
                    )
                    for value, word in SEVERITY_LABELS.items()
                ),
                subject=TICKET.number,
            ),
        ),
        _sla_row(texts.TICKET_PANEL_FIRST_REPLY, TICKET.response),
        _sla_row(texts.TICKET_PANEL_RESOLUTION, TICKET.resolution),
        w.property_row(texts.DESK_DUE, _due_menu()),
        w.property_row(
            texts.DESK_TAGS,
            _value_button(
                rx.cond(
                    TICKET.tags.length() > 0,
                    rx.el.span(
                        rx.foreach(TICKET.tags, lambda word: w.tag_chip(word)),  # noqa: PLW0108
                        class_name="chip-list",
                    ),
                    rx.el.span(texts.TICKET_PANEL_NONE, class_name="text-muted"),
                ),
                label=texts.DESK_TAGS,
                on_click=edit("tags"),
            ),
        ),
        w.property_row(
            texts.DESK_SECTION,
            _value_button(
                _value_text(TICKET.section, texts.TICKET_PANEL_NONE),
                label=texts.DESK_SECTION,
                on_click=edit("section"),
            ),
        ),
        w.property_row(
            texts.DESK_COMPANY,
            _group_menu(
                "company", TICKET.company, texts.DESK_COMPANY, texts.TICKET_PANEL_NO_COMPANY
            ),
        ),
        w.property_row(
            texts.TICKET_PANEL_DEPARTMENT,
            _group_menu(
                "department",
                TICKET.department,
                texts.TICKET_PANEL_DEPARTMENT,
                texts.TICKET_PANEL_NO_DEPARTMENT,
            ),
        ),
    )

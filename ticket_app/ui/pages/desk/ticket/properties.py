"""The properties of a ticket in the side panel, and the menus that change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import reflex as rx

from ticket_app.core.tickets.fields import (
    CONTACT,
    DUE_AT,
    TEAM,
    FieldType,
    FieldView,
    TicketField,
    fields_shown_in,
)
from ticket_app.core.tickets.transitions import REQUIRED_INPUT
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.field_values import choice_labels, field_label
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.ticket_panel import TicketApproval
from ticket_app.ui.pages.desk.lookup import extra_option, lookup_kind_of, lookup_menu, search_label
from ticket_app.ui.pages.desk.ticket.edit_state import FieldDialog
from ticket_app.ui.pages.desk.ticket.state import TicketPage
from ticket_app.ui.pages.desk.ticket.time_log import TimeLogDialog
from ticket_app.ui.rows import DueClock
from ticket_app.ui.widgets.badges import status_icon_only

TICKET = TicketPage.ticket


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


def _change(
    name: str, value: rx.Var[str] | str, label: rx.Var[str] | str = ""
) -> rx.event.EventSpec:
    return TicketPage.change_field(TICKET.version_token, name, value, label)


def status_items() -> list[rx.Component]:
    """Return the menu items of the allowed statuses; two of them open a dialog."""
    status_needs = {
        "original": (texts.DESK_MENU_DUPLICATE_OF, FieldDialog.edit("duplicate_of")),
        "approvers": (texts.TICKET_PANEL_REQUEST_APPROVAL, TicketApproval.request),
    }
    special = {str(status): status_needs[need] for status, need in REQUIRED_INPUT.items()}
    plain_items = {
        word: (look.word, _change("status", word)) for word, look in theme.STATUS_LOOKS.items()
    }
    return [
        rx.cond(
            TICKET.allowed_statuses.contains(word) | (TICKET.status == word),
            rx.dropdown_menu.item(
                status_icon_only(status=word), label, on_select=do, disabled=TICKET.status == word
            ),
        )
        for word, (label, do) in {**plain_items, **special}.items()
    ]


def _status_menu(field: TicketField) -> rx.Component:
    return w.property_menu(
        w.status_badge(TICKET.status),
        field_label(field),
        *status_items(),
        subject=TICKET.number,
        shortcut="s",
    )


def _priority_menu(field: TicketField) -> rx.Component:
    return w.property_menu(
        w.priority_badge(TICKET.priority),
        field_label(field),
        *w.priority_items(lambda word: _change("priority", word)),
        subject=TICKET.number,
        shortcut="p",
    )


def _kind_menu(field: TicketField) -> rx.Component:
    return w.property_menu(
        w.kind_badge(TICKET.kind),
        field_label(field),
        *w.kind_items(lambda word: _change("kind", word)),
        subject=TICKET.number,
    )


def _choice_menu(field: TicketField) -> rx.Component:
    return w.property_menu(
        _value_text(TICKET.properties[field.name], texts.TICKET_PANEL_NONE),
        field_label(field),
        *(
            rx.dropdown_menu.item(word, on_select=_change(field.name, value, word))
            for value, word in choice_labels(field).items()
        ),
        subject=TICKET.number,
    )


def _assignee_menu(field: TicketField) -> rx.Component:
    shown = rx.cond(
        TICKET.assignee != "",
        w.person_name(TICKET.assignee_initials, TICKET.assignee, TICKET.assignee_color),
        rx.el.span(texts.DESK_UNASSIGNED, class_name="text-muted"),
    )
    return lookup_menu(
        _value_button(shown, label=field_label(field), data_shortcut="a"),
        "staff",
        texts.DESK_SEARCH_PEOPLE,
        lambda entry: _change("assignee", entry.value),
        extra_option(texts.DESK_UNASSIGNED, _change("assignee", ""), icon="user-x"),
        title=rx.fragment(texts.TICKET_PANEL_ASSIGNEE_OF, TICKET.number),
    )


def _reference_menu(field: TicketField) -> rx.Component:
    return lookup_menu(
        _value_button(
            _value_text(TICKET.properties[field.name], texts.TICKET_PANEL_NONE),
            label=field_label(field),
            **({"data_shortcut": "Shift+T"} if field is TEAM else {}),
        ),
        lookup_kind_of(field),
        search_label(field),
        lambda entry: _change(field.name, entry.value, entry.label),
        extra_option(texts.no_value(field.label), _change(field.name, "")),
        title=rx.fragment(texts.ticket_menu_of(field_label(field)), TICKET.number),
        company_id=TICKET.company_id if field is CONTACT else 0,
    )


def _due_menu(_field: TicketField) -> rx.Component:
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
            label, w.read_only_value(w.sla_chip(clock.due, clock.state, clock.since, clock.goal))
        ),
    )


def _tags_button(field: TicketField) -> rx.Component:
    return _value_button(
        rx.cond(
            TICKET.tags.length() > 0,
            rx.el.span(
                rx.foreach(TICKET.tags, lambda word: w.tag_chip(word)),  # noqa: PLW0108
                class_name="chip-list",
            ),
            rx.el.span(texts.TICKET_PANEL_NONE, class_name="text-muted"),
        ),
        label=field_label(field),
        on_click=FieldDialog.edit("tags"),
        data_shortcut="t",
    )


def _dialog_button(field: TicketField) -> rx.Component:
    return _value_button(
        _value_text(TICKET.properties[field.name], texts.TICKET_PANEL_NONE),
        label=field_label(field),
        on_click=FieldDialog.edit(field.name),
    )


def _actual_hours_button(field: TicketField) -> rx.Component:
    return _value_button(
        _value_text(TICKET.properties[field.name], texts.TICKET_PANEL_NONE),
        label=field_label(field),
        on_click=TimeLogDialog.open,
        title=texts.TIME_LOG_TITLE,
    )


CONTROLS: Final[dict[str, Callable[[TicketField], rx.Component]]] = {
    "status": _status_menu,
    "priority": _priority_menu,
    "kind": _kind_menu,
    "assignee": _assignee_menu,
    "tags": _tags_button,
    "due_at": _due_menu,
    "actual_hours": _actual_hours_button,
}
"""The fields with a control of their own; the others have that of their type."""
CONTROLS_BY_TYPE: Final[dict[FieldType, Callable[[TicketField], rx.Component]]] = {
    FieldType.CHOICE: _choice_menu,
    FieldType.REFERENCE: _reference_menu,
}
"""The controls of field types; the others are edited in a dialog."""


def _property(field: TicketField) -> list[rx.Component]:
    control = CONTROLS.get(field.name) or CONTROLS_BY_TYPE.get(field.type, _dialog_button)
    row = w.property_row(PROPERTY_LABELS.get(field.name) or field_label(field), control(field))
    if field is not DUE_AT:
        return [row]
    return [
        _sla_row(texts.TICKET_PANEL_FIRST_REPLY, TICKET.response),
        _sla_row(texts.TICKET_PANEL_RESOLUTION, TICKET.resolution),
        row,
    ]


PROPERTY_LABELS: Final = {
    "due_at": texts.DESK_DUE,
    "estimated_hours": texts.TICKET_PANEL_ESTIMATE,
    "actual_hours": texts.TICKET_PANEL_TIME_SPENT,
}
"""The labels that are shorter than those of the registry, because the column is narrow."""


def property_fields() -> list[TicketField]:
    """Return the fields of the property list; long texts have sections of their own."""
    return [f for f in fields_shown_in(FieldView.STAFF_PROPERTIES) if not f.is_long_text]


def ticket_properties() -> rx.Component:
    """Return the properties of the shown ticket, in the order of the registry."""
    return w.properties(*(row for field in property_fields() for row in _property(field)))

"""The header of a ticket's page: number, neighbouring tickets and the menu of actions."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.allowed_actions import Action
from ticket_app.ui import widgets as w
from ticket_app.ui.components.layout_panels import PanelToggle
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.ticket_panel import TicketApproval
from ticket_app.ui.pages.desk.macros.state import MacroMenu
from ticket_app.ui.pages.desk.macros.view import macro_menu
from ticket_app.ui.pages.desk.presence.view import people_on_ticket
from ticket_app.ui.pages.desk.snooze import texts as snooze_texts
from ticket_app.ui.pages.desk.snooze.state import SnoozeDialog
from ticket_app.ui.pages.desk.ticket.edit_state import FieldDialog
from ticket_app.ui.pages.desk.ticket.email_view import forward_menu_item
from ticket_app.ui.pages.desk.ticket.merge import merge_menu_item
from ticket_app.ui.pages.desk.ticket.state import TicketPage

TICKET = TicketPage.ticket


def _is_allowed(action: str) -> rx.Var[bool]:
    """Return whether the core allows an action on the ticket now."""
    return TICKET.allowed_actions.contains(str(Action(action)))


def _neighbour_link(icon: str, label: str, to: rx.Var[str], key: str) -> rx.Component:
    return rx.cond(
        to != "",
        w.link(
            rx.icon(icon, size=16, stroke_width=1.75),
            to=to,
            class_name="icon-button",
            aria_label=label,
            title=label,
            data_shortcut=key,
        ),
        w.icon_button(icon, label, disabled=True),
    )


def ticket_header() -> rx.Component:
    """Return the header: number, links to the neighbouring tickets, and the menu of actions."""
    return w.desk_header(
        rx.cond(
            TicketPage.is_loaded & ~TicketPage.is_missing,
            rx.fragment(
                rx.el.span(TICKET.number, class_name="ticket-key"), " ", w.user_text(TICKET.title)
            ),
            texts.TICKET_WINDOW_TITLE,
        ),
        full_title=TICKET.title,
        tools=(
            people_on_ticket(),
            w.link(
                rx.icon("arrow-left", size=16, stroke_width=1.75),
                to=TicketPage.list_href,
                class_name="icon-button",
                aria_label=texts.DESK_BACK_TO_LIST,
                title=texts.DESK_BACK_TO_LIST,
                data_shortcut="u",
            ),
            rx.el.span(
                w.link(
                    texts.DESK_BACK_TO_LIST,
                    to=TicketPage.list_href,
                    data_shortcut="Escape",
                    tab_index=-1,
                ),
                hidden=True,
            ),
            rx.el.span(
                _neighbour_link(
                    "chevron-up", texts.TICKET_PREVIOUS_TICKET, TicketPage.previous_href, "<"
                ),
                _neighbour_link(
                    "chevron-down", texts.TICKET_NEXT_TICKET, TicketPage.next_href, ">"
                ),
                class_name="neighbour-links hide-on-mobile",
            ),
            w.button(
                rx.el.span(
                    texts.TICKET_RESOLVE,
                    rx.el.span(texts.TICKET_RESOLVE_AND_NEXT, class_name="hide-on-mobile"),
                ),
                icon="check",
                on_click=TicketPage.resolve_and_next(TICKET.version_token),
                title=texts.TICKET_RESOLVE_NEXT_TOOLTIP,
                data_shortcut="e",
                disabled=~_is_allowed("resolve") | TicketPage.is_missing,
            ),
            rx.cond(
                TicketPage.is_loaded & _is_allowed("comment"),
                macro_menu(
                    lambda macro_id: MacroMenu.apply_to_ticket(TICKET.version_token, macro_id),
                    TICKET.number,
                ),
            ),
            w.icon_button(
                "alarm-clock",
                snooze_texts.SNOOZE,
                on_click=SnoozeDialog.open(TICKET.id),
                data_shortcut="h",
                disabled=TicketPage.is_missing,
            ),
            w.menu_root(
                rx.dropdown_menu.trigger(w.icon_button("ellipsis", texts.TICKET_MORE)),
                rx.dropdown_menu.content(
                    w.menu_title(TICKET.number),
                    rx.dropdown_menu.item(
                        rx.icon("pencil", size=14),
                        texts.TICKET_MENU_EDIT_TITLE,
                        on_select=FieldDialog.edit("title"),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("text", size=14),
                        texts.TICKET_MENU_EDIT_DESCRIPTION,
                        on_select=FieldDialog.edit("description"),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("stamp", size=14),
                        texts.TICKET_MENU_REQUEST_APPROVAL,
                        on_select=TicketApproval.request,
                        disabled=~_is_allowed("request_approval"),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("copy", size=14),
                        texts.DESK_MENU_DUPLICATE_OF,
                        on_select=FieldDialog.edit("duplicate_of"),
                        disabled=~_is_allowed("mark_duplicate"),
                    ),
                    merge_menu_item(~_is_allowed("merge")),
                    forward_menu_item(),
                    rx.dropdown_menu.separator(),
                    rx.dropdown_menu.item(
                        rx.icon("trash-2", size=14),
                        texts.DESK_DELETE,
                        color_scheme="red",
                        on_select=TicketPage.delete(TICKET.version_token),
                        disabled=~_is_allowed("delete"),
                    ),
                    size="1",
                    align="end",
                ),
            ),
            PanelToggle.create(
                rx.icon("panel-right", size=16, stroke_width=1.75),
                panel="side",
                class_name="icon-button side-panel-toggle",
                aria_label=texts.TICKET_PROPERTIES,
                title=texts.TICKET_PROPERTIES,
            ),
        ),
    )

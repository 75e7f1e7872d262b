"""The tickets of the queue."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.components.fresh_rows import FreshRowsButton
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.presence.queue_view import people_in_row
from ticket_app.ui.pages.desk.presence.state import QueuePresence
from ticket_app.ui.pages.desk.queue.changes import QueueChanges
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.rows import QueueRow
from ticket_app.ui.widgets.vars import Text


def _ticket_row(ticket: rx.Var[QueueRow]) -> rx.Component:
    line = w.queue_row(
        to=ticket.href,
        number=ticket.number,
        title=ticket.title,
        last_comment=ticket.last_comment,
        replied=ticket.replied,
        presence=people_in_row(ticket.id),
        status=ticket.status,
        priority=ticket.priority,
        tags=ticket.tags,
        due=ticket.clock.due,
        due_state=ticket.clock.state,
        due_since=ticket.clock.since,
        due_goal=ticket.clock.goal,
        assignee=ticket.assignee,
        assignee_initials=ticket.assignee_initials,
        assignee_color=ticket.assignee_color,
        updated_at=ticket.updated_at,
        is_unread=ticket.is_unread,
        is_done=ticket.done,
        is_open=Queue.preview.id == ticket.id,
        is_selected=Queue.selected_ids.contains(ticket.id),
        on_select=Queue.select(ticket.id),
        actions=(
            w.icon_button(
                "hand",
                texts.QUEUE_ASSIGN_TO_ME,
                size="small",
                on_click=QueueChanges.assign_to_me(ticket.id, ticket.version),
            ),
            w.icon_button(
                "circle-dot",
                texts.DESK_STATUS,
                size="small",
                on_click=QueueChanges.open_change_dialog("status", ticket.id),
                data_row_shortcut="s",
            ),
            w.icon_button(
                "signal",
                texts.DESK_PRIORITY,
                size="small",
                on_click=QueueChanges.open_change_dialog("priority", ticket.id),
                data_row_shortcut="p",
            ),
            w.icon_button(
                "user-plus",
                texts.QUEUE_ASSIGN,
                size="small",
                on_click=QueueChanges.open_change_dialog("assignee", ticket.id),
                data_row_shortcut="a",
            ),
            w.icon_button(
                "eye",
                texts.DESK_PREVIEW,
                size="small",
                on_click=Queue.toggle_preview(ticket.id),
                data_preview_button="true",
            ),
        ),
    )
    line.key = ticket.id
    return line


def _column_sort(column: str, sort: str, label: Text | rx.Component) -> tuple[str, rx.Component]:
    return column, w.sort_button(
        label,
        is_active=Queue.sort == sort,
        descending=Queue.descending,
        on_click=Queue.sort_by(sort),
    )


def _hidden_text(word: str) -> rx.Component:
    return rx.el.span(word, class_name="visually-hidden")


def ticket_list() -> rx.Component:
    """Return the table of the shown tickets, with a menu of actions in each row."""
    return w.ticket_table(
        rx.foreach(Queue.rows, _ticket_row),
        sort_buttons=(
            _column_sort("status", "status", _hidden_text(texts.DESK_STATUS)),
            _column_sort("priority", "priority", _hidden_text(texts.DESK_PRIORITY)),
            _column_sort("key", "number", texts.QUEUE_NUMBER),
            _column_sort("sla", "due", texts.DESK_DUE),
            _column_sort("updated", "updated", texts.QUEUE_UPDATED),
        ),
        is_selecting=Queue.selected_ids.length() > 0,
    )


def new_tickets_button() -> rx.Component:
    """Return the button that shows the tickets that have arrived since the list was loaded."""
    return rx.el.div(
        rx.cond(
            Queue.new_count > 0,
            FreshRowsButton.create(
                rx.icon("arrow-up", size=12),
                Queue.new_count,
                " new",
                class_name="new-tickets-button",
                on_click=[Queue.show_new_tickets, QueuePresence.load],
            ),
        ),
        role="status",
        class_name="new-tickets-area",
    )

"""Who has a ticket of the queue open, in its row."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui.pages.desk.presence.state import QueuePresence
from ticket_app.ui.pages.desk.presence.view import present_person
from ticket_app.ui.widgets.vars import Number


def people_in_row(ticket_id: Number) -> rx.Component:
    """Return an eye and the people who have a ticket open; nothing if nobody has."""
    return rx.cond(
        QueuePresence.ids.contains(ticket_id),
        rx.el.span(
            rx.icon("eye", size=14, stroke_width=1.75),
            rx.foreach(QueuePresence.on_tickets[ticket_id].people, present_person),
            class_name="row-presence",
            title=QueuePresence.on_tickets[ticket_id].label,
        ),
    )

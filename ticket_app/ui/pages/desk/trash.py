"""The trash: what was deleted lately, for those who may bring it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import tickets, trash
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk.frame import desk_page
from ticket_app.ui.rows import moment


@dataclass(frozen=True)
class TrashRow:
    """A deleted ticket."""

    id: int
    number: str
    title: str
    status: str
    by: str
    at: str


def _deleted(desk: Desk) -> list[TrashRow]:
    return [
        TrashRow(
            row.id,
            ticket_numbers.key(row),
            row.title,
            row.status,
            row.deleted_by or "",
            moment(row.deleted_at),
        )
        for row in trash.deleted(desk)
    ]


class Trash(rx.State):
    """The newest deleted tickets."""

    rows: list[TrashRow] = []
    ready: bool = False
    refused: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show what lies in the trash, to those who may look."""
        self.rows, self.refused = [], ""
        try:
            self.rows = await bridge.read(self, _deleted)
        except Forbidden as no:
            self.refused = no.message
        self.ready = True

    @bridge.event
    async def restore(self, ticket_id: int) -> Any:
        """Bring a ticket back."""
        number = await bridge.write(self, _restore, ticket_id)
        self.rows = [row for row in self.rows if row.id != ticket_id]
        return w.toast(f"{number} is back", tone="green")


def _restore(desk: Desk, ticket_id: int) -> str:
    return ticket_numbers.key(tickets.restore_ticket(desk, ticket_id))


def _row(ticket: Any) -> rx.Component:
    return rx.el.li(
        w.status_sign(ticket.status),
        w.key(ticket.number),
        rx.el.span(ticket.title, class_name="cut", title=ticket.title, dir="auto"),
        rx.el.span(w.user_text(ticket.by), ", ", w.time_ago(ticket.at), class_name="soft cut end"),
        w.button("Restore", on_click=Trash.restore(ticket.id)),
        class_name="trash-row",
        key=ticket.id,
    )


def trash_page() -> rx.Component:
    """The trash."""
    return desk_page(
        w.desk_header("Trash"),
        rx.cond(
            Trash.ready,
            rx.cond(
                Trash.refused != "",
                w.empty_state("lock", "The trash is for administrators", Trash.refused),
                rx.cond(
                    Trash.rows.length() > 0,
                    rx.el.ul(rx.foreach(Trash.rows, _row), class_name="plain"),
                    w.empty_state(
                        "trash-2", "The trash is empty", "Deleted tickets wait here to be restored."
                    ),
                ),
            ),
            w.queue_skeleton(8),
        ),
    )

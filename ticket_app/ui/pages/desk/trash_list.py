"""The trash: deleted tickets and the button to restore them."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import trash
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.rows import iso_time


@dataclass(frozen=True)
class TrashRow:
    """A deleted ticket."""

    id: int
    number: str
    title: str
    status: str
    by: str
    at: str


def _load_deleted(uow: UnitOfWork) -> list[TrashRow]:
    return [
        TrashRow(
            row.id,
            ticket_numbers.format_key(row),
            row.title,
            row.status,
            row.deleted_by or "",
            iso_time(row.deleted_at),
        )
        for row in trash.list_deleted(uow)
    ]


class Trash(rx.State):
    """The most recently deleted tickets."""

    rows: list[TrashRow] = []
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load the deleted tickets, or the reason why the actor may not see them."""
        self.rows, self.denied_reason = [], ""
        try:
            self.rows = await bridge.read(self, _load_deleted)
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    @bridge.event
    async def restore(self, ticket_id: int) -> bridge.Events:
        """Restore a ticket."""
        number = await bridge.write(self, _restore, ticket_id)
        self.rows = [row for row in self.rows if row.id != ticket_id]
        return w.toast(f"{number} restored", tone="green")


def _restore(uow: UnitOfWork, ticket_id: int) -> str:
    return ticket_numbers.format_key(trash.restore_ticket(uow, ticket_id))


def _ticket_item(ticket: rx.Var[TrashRow]) -> rx.Component:
    return rx.el.li(
        w.status_icon_with_label(ticket.status),
        w.ticket_key(ticket.number),
        rx.el.span(ticket.title, class_name="truncate", title=ticket.title, dir="auto"),
        rx.el.span(
            w.user_text(ticket.by),
            ", ",
            w.time_ago(ticket.at),
            class_name="text-muted truncate align-end",
        ),
        w.button(texts.TRASH_RESTORE, on_click=Trash.restore(ticket.id)),
        class_name="trash-row",
        key=ticket.id,
    )


def trash_page() -> rx.Component:
    """Return the page."""
    return desk_page(
        w.desk_header(texts.DESK_TRASH),
        rx.cond(
            Trash.is_loaded,
            rx.cond(
                Trash.denied_reason != "",
                w.empty_state("lock", texts.TRASH_DENIED_TITLE, Trash.denied_reason),
                rx.cond(
                    Trash.rows.length() > 0,
                    rx.el.ul(rx.foreach(Trash.rows, _ticket_item), class_name="list-unstyled"),
                    w.empty_state(
                        "trash-2",
                        texts.TRASH_EMPTY_TITLE,
                        texts.TRASH_EMPTY_TEXT,
                    ),
                ),
            ),
            w.queue_skeleton(8),
        ),
    )

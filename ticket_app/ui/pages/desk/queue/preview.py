"""The preview of a ticket beside the queue."""

from __future__ import annotations

from dataclasses import dataclass

from ticket_app.core.platform import markup, text_formats
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.tickets.transitions import INITIAL_STATUS
from ticket_app.ui import routes
from ticket_app.ui.rows import queue_row


@dataclass(frozen=True)
class TicketPreview:
    """The preview of a ticket beside the list."""

    id: int
    number: str
    href: str
    title: str
    status: str
    priority: str
    requester: str
    company: str
    assignee: str
    created_at: str
    html: str
    last_at: str
    last_html: str


NO_PREVIEW = TicketPreview(0, "", "", "", str(INITIAL_STATUS), "medium", "", "", "", "", "", "", "")


def load_preview(uow: UnitOfWork, ticket_id: int) -> TicketPreview:
    row = ticket_lookup.read_ticket(uow, ticket_id)
    shown = queue_row(row, uow.now)
    return TicketPreview(
        id=row.id,
        number=shown.number,
        href=shown.href,
        title=row.title,
        status=row.status,
        priority=row.priority,
        requester=row.requester_name,
        company=row.company_name or "",
        assignee=row.assignee_name or "",
        created_at=row.created_at.isoformat(),
        html=markup.render(
            row.description[:4000],
            routes.desk_ticket,
            text_formats.get_format(row, "description"),
        ),
        last_at=row.last_comment_at.isoformat() if row.last_comment_at else "",
        last_html=markup.render(row.last_comment or "", text_format=TextFormat.PLAIN),
    )

"""Create a ticket in dialects whose request body may contain a status."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import opening
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.tables import Ticket


def create_ticket_with_status(
    uow: UnitOfWork, draft: TicketDraft, statuses: Vocabulary[Status], status: str | None
) -> Ticket:
    """Create a ticket and set its status under the rules of an update.

    Requesters may send the status that a new ticket is shown with, because it changes nothing.
    Raises what creating and updating raise; no ticket is created then.
    """
    ticket = opening.open_ticket(uow, draft)
    if status is None:
        return ticket
    if statuses.format(ticket.status) == status and not uow.actor.can("work_tickets"):
        return ticket
    ticket_updates.update_ticket(
        uow, ticket, {"status": statuses.parse_change(ticket.status, status)}
    )
    return ticket

"""Filing a ticket through a document that lets its first status be named."""

from __future__ import annotations

from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import tickets
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.tables import Ticket


def file_ticket(
    desk: Desk, draft: TicketDraft, statuses: Vocabulary[Status], status: str | None
) -> Ticket:
    """File a ticket and set it to the status in its body, as a change of it would.

    Sending the status that a new ticket is shown with anyway is no change, so requesters may do so.
    Raises what filing and changing raise; nothing is filed then.
    """
    ticket = tickets.open_ticket(desk, draft)
    if status is None:
        return ticket
    if statuses.say(ticket.status) == status and not desk.actor.may("work_tickets"):
        return ticket
    ticket_updates.revise(desk, ticket, {"status": statuses.hear_over(ticket.status, status)})
    return ticket

"""Rate how well a finished ticket was answered."""

from __future__ import annotations

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.changing import changing
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket

MAX_RATING = 5


def rate(uow: UnitOfWork, ticket: Ticket, rating: int) -> None:
    """Rate a finished ticket as its requester, from 1 to 5; a later rating replaces it.

    Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    ensure_allowed(Action.RATE, ticket, uow.actor, uow.now)
    if not 1 <= rating <= MAX_RATING:
        raise Invalid("satisfaction_rating", f"must be from 1 to {MAX_RATING}")
    if ticket.satisfaction_rating == rating:
        return
    with changing(uow, ticket):
        timeline.record_change(
            uow, ticket.id, ticket_fields.SATISFACTION_RATING, ticket.satisfaction_rating, rating
        )
        ticket.satisfaction_rating = rating

"""Rate how well a finished ticket was answered."""

from __future__ import annotations

from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.changing import changing
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket

MAX_RATING = 5
MAX_COMMENT_LENGTH = 2000


def rate(uow: UnitOfWork, ticket: Ticket, rating: int, comment: str = "") -> None:
    """Rate a finished ticket as its requester, from 1 to 5; a later rating replaces it.

    A comment, if there is one, replaces an earlier one.

    Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    ensure_allowed(Action.RATE, ticket, uow.actor, uow.now)
    if not 1 <= rating <= MAX_RATING:
        raise Invalid("satisfaction_rating", f"must be from 1 to {MAX_RATING}")
    text = (
        validators.optional_text("comment", comment.strip(), MAX_COMMENT_LENGTH)
        or ticket.satisfaction_comment
    )
    if (ticket.satisfaction_rating, ticket.satisfaction_comment) == (rating, text):
        return
    with changing(uow, ticket):
        for field, old, new in (
            (ticket_fields.SATISFACTION_RATING, ticket.satisfaction_rating, rating),
            (ticket_fields.SATISFACTION_COMMENT, ticket.satisfaction_comment, text),
        ):
            if old != new:
                timeline.record_change(uow, ticket.id, field, old, new)
        ticket.satisfaction_rating, ticket.satisfaction_comment = rating, text

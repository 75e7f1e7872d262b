"""The actor follows a ticket or stops following it, and staff see who follows it."""

from __future__ import annotations

from collections.abc import Sequence

from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowerRow, FollowReason
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_lookup


def follow_ticket(uow: UnitOfWork, reference: str) -> int:
    """Make the actor follow a ticket and return its id. Raises `NotFound`."""
    ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    followers.follow(uow, ticket.id, uow.actor.id, FollowReason.CHOSEN)
    return ticket.id


def unfollow_ticket(uow: UnitOfWork, reference: str) -> int:
    """Make the actor stop following a ticket and return its id. Raises `NotFound`."""
    ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    followers.unfollow(uow, ticket.id, uow.actor.id)
    return ticket.id


def list_followers(uow: UnitOfWork, reference: str) -> Sequence[FollowerRow]:
    """Return who follows a ticket, at most 200. For staff. Raises `NotFound`, `Forbidden`."""
    ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    uow.actor.require("view_all_tickets", "see who follows a ticket")
    return followers.list_followers(uow, ticket.id)

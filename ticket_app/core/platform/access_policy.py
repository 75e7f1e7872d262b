"""Query conditions for the tickets an actor may see; every list, lookup and count uses them.

A requester *sees* their own tickets: they list, search, count and change these. Those of colleagues
they may *read* if their company shares its tickets (`Company.shares_tickets`).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, bindparam, or_

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import ticket_table

NO_PERSON_ID = 0
"""An id that no person has."""
NO_COMPANY_ID = 0
"""An id that no company has."""

VISIBLE_TO_STAFF: ColumnElement[bool] = ticket_table.c.deleted_at.is_(None)
VISIBLE_TO_REQUESTER: ColumnElement[bool] = and_(
    ticket_table.c.deleted_at.is_(None),
    ticket_table.c.requester_id == bindparam("viewer_id", required=True),
)


READABLE_BY_REQUESTER: ColumnElement[bool] = and_(
    ticket_table.c.deleted_at.is_(None),
    or_(
        ticket_table.c.requester_id == bindparam("viewer_id", required=True),
        ticket_table.c.company_id == bindparam("viewer_company_id", required=True),
    ),
)
READABLE_BY_COMPANY: ColumnElement[bool] = and_(
    ticket_table.c.deleted_at.is_(None),
    ticket_table.c.company_id == bindparam("viewer_company_id", required=True),
)


def readable_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the tickets whose public facts the actor may read.

    Besides those of `visibility_condition` these are the tickets of the actor's company, where an
    administrator has allowed its people to read each other's. Nothing may be changed on them.
    Run the statement with `reading_parameters`.
    """
    return VISIBLE_TO_STAFF if actor.is_staff else READABLE_BY_REQUESTER


def reading_parameters(actor: Actor) -> dict[str, object]:
    """Return the values of the parameters in `readable_condition`."""
    if actor.is_staff:
        return {}
    company_id = actor.shared_company_id if actor.can_see_own_tickets else None
    return {**visibility_parameters(actor), "viewer_company_id": company_id or NO_COMPANY_ID}


SHARED_TICKET_MESSAGE = (
    "You can read this ticket because your company shares its tickets, but you cannot change it"
)


def can_read_company_tickets(actor: Actor) -> bool:
    """Return whether the actor reads the tickets of their colleagues besides their own."""
    return not actor.is_staff and actor.can_see_own_tickets and bool(actor.shared_company_id)


def visibility_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the tickets the actor may see.

    Run the statement with `visibility_parameters`.
    """
    return VISIBLE_TO_STAFF if actor.is_staff else VISIBLE_TO_REQUESTER


def visibility_parameters(actor: Actor) -> dict[str, object]:
    """Return the values of the parameters in `visibility_condition`."""
    if actor.is_staff:
        return {}
    return {"viewer_id": actor.id if actor.can_see_own_tickets else NO_PERSON_ID}


def readable_audiences(actor: Actor) -> tuple[Audience, ...]:
    """Return the audiences of the timeline entries and files that the actor may read."""
    return (Audience.PUBLIC, Audience.INTERNAL) if actor.is_staff else (Audience.PUBLIC,)


def can_see_internal(actor: Actor) -> bool:
    """Return whether the actor may see internal notes, internal files and their counts."""
    return actor.is_staff

"""Query conditions for the tickets an actor may see; every list, lookup and count uses them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, bindparam

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import ticket_table

NO_PERSON_ID = 0
"""An id that no person has."""

VISIBLE_TO_STAFF: ColumnElement[bool] = ticket_table.c.deleted_at.is_(None)
VISIBLE_TO_REQUESTER: ColumnElement[bool] = and_(
    ticket_table.c.deleted_at.is_(None),
    ticket_table.c.requester_id == bindparam("viewer_id", required=True),
)


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

"""Who may see which ticket: conditions that every list, lookup and count starts from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import ticket_table

NO_PERSON_ID = 0
"""No person's id."""

VISIBLE_TO_STAFF: ColumnElement[bool] = ticket_table.c.deleted_at.is_(None)
VISIBLE_TO_REQUESTER: ColumnElement[bool] = and_(
    ticket_table.c.deleted_at.is_(None),
    ticket_table.c.requester_id == bindparam("viewer_id", required=True),
)


def visibility_condition(actor: Actor) -> ColumnElement[bool]:
    """The condition on `ticket` that holds for what the actor may see; wants `viewer_id`."""
    return VISIBLE_TO_STAFF if actor.is_staff else VISIBLE_TO_REQUESTER


def visibility_parameters(actor: Actor) -> dict[str, Any]:
    """The parameter that `visible` wants; who may not even see their own tickets sees nobody's."""
    if actor.is_staff:
        return {}
    return {"viewer_id": actor.id if actor.can_see_own_tickets else NO_PERSON_ID}


def readable_audiences(actor: Actor) -> tuple[Audience, ...]:
    """Which lines of a visible ticket's timeline the actor may read."""
    return (Audience.PUBLIC, Audience.INTERNAL) if actor.is_staff else (Audience.PUBLIC,)


def can_see_internal(actor: Actor) -> bool:
    """Whether internal notes, internal files and their counts are for this actor."""
    return actor.is_staff

"""Who may see which ticket: conditions that every list, lookup and count starts from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import ticket_table

NOBODY = 0
"""No person's id."""

STAFF_SEES: ColumnElement[bool] = ticket_table.c.deleted_at.is_(None)
REQUESTER_SEES: ColumnElement[bool] = and_(
    ticket_table.c.deleted_at.is_(None),
    ticket_table.c.requester_id == bindparam("viewer_id", required=True),
)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on `ticket` that holds for what the actor may see; wants `viewer_id`."""
    return STAFF_SEES if actor.is_staff else REQUESTER_SEES


def viewer(actor: Actor) -> dict[str, Any]:
    """The parameter that `visible` wants; who may not even see their own tickets sees nobody's."""
    if actor.is_staff:
        return {}
    return {"viewer_id": actor.id if actor.sees_own else NOBODY}


def audiences(actor: Actor) -> tuple[Audience, ...]:
    """Which lines of a visible ticket's timeline the actor may read."""
    return (Audience.PUBLIC, Audience.INTERNAL) if actor.is_staff else (Audience.PUBLIC,)


def sees_internal(actor: Actor) -> bool:
    """Whether internal notes, internal files and their counts are for this actor."""
    return actor.is_staff

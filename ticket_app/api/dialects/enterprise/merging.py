"""Merging, in the document's style: two tickets of one requester go on as one."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from ticket_app.api.dialects.enterprise import shapes
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import Caller
from ticket_app.api.kit.fields import TicketId
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import merging, ticket_list

router = part("Tickets")


class Merging(BaseModel):
    """The ticket that goes on, by its id or any of its numbers."""

    model_config = ConfigDict(extra="forbid")

    into: TicketId


def _model(desk: Desk, ticket_id: int | None, message: str) -> Json:
    row = ticket_list.read(desk, str(ticket_id), "whole")
    return told(desk, shapes.ticket(row, desk), message, version=row.version)


@router.post("/tickets/{ticket_id}/merge", response_model=Told[shapes.Ticket])
def merge_ticket(ticket_id: str, body: Merging, desk: Caller) -> Any:
    """Let a ticket go on in another one of the same requester; answers with that one."""
    return _model(desk, merging.merge(desk, ticket_id, body.into).id, "Tickets merged successfully")


@router.post("/tickets/{ticket_id}/unmerge", response_model=Told[shapes.Ticket])
def unmerge_ticket(ticket_id: str, desk: Caller) -> Any:
    """Undo a merge: for ten minutes by who merged, for admins at any time; answers with the ticket
    that is on its own again.
    """
    return _model(desk, merging.unmerge(desk, ticket_id).id, "Merge undone successfully")

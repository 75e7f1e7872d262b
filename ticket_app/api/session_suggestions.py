"""What the fields of the web app suggest while a person types."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from ticket_app.api.kit.request_context import SessionUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.session_routing import create_session_router
from ticket_app.core.automation import saved_replies
from ticket_app.core.conversation import mention_suggestions
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.tickets import tags

router = create_session_router()


@router.get("/session/mentions")
def suggest_mentions(
    uow: SessionUow,
    ticket: Annotated[int, Query(ge=1, le=MAX_ID)],
    q: Annotated[str, Query(max_length=150)] = "",
    note: bool = False,
) -> JsonResponse:
    """Suggest people to mention in a reply, or in an internal note, on a ticket."""
    people = mention_suggestions.suggest_people(uow, ticket, q, internal=note)
    found = [
        {"value": person.username, "label": person.full_name, "detail": f"@{person.username}"}
        for person in people
    ]
    return JsonResponse({"suggestions": found})


@router.get("/session/saved-replies")
def suggest_saved_replies(
    uow: SessionUow,
    ticket: Annotated[int, Query(ge=1, le=MAX_ID)],
    q: Annotated[str, Query(max_length=60)] = "",
) -> JsonResponse:
    """Suggest saved replies with the values of a ticket, to staff."""
    found = [
        {
            "value": str(reply.id),
            "label": reply.title,
            "detail": f"/{reply.shortcut}" if reply.shortcut else "",
            "text": reply.text,
        }
        for reply in saved_replies.suggest_replies(uow, ticket, q)
    ]
    return JsonResponse({"suggestions": found})


@router.get("/session/tags")
def suggest_tags(uow: SessionUow, q: Annotated[str, Query(max_length=50)] = "") -> JsonResponse:
    """Suggest tags that start with a text, to staff."""
    names = tags.find_tags(uow, q, limit=mention_suggestions.MAX_SUGGESTIONS)
    return JsonResponse({"suggestions": [{"value": name, "label": name} for name in names]})

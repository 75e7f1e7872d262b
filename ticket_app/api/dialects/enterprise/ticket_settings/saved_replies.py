"""Saved replies: texts with variables that staff insert into replies and notes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import ConfigDict, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.ticket_settings.fields import (
    NamedReference,
    sent_fields,
)
from ticket_app.api.dialects.enterprise.ticket_settings.sharing import format_sharing
from ticket_app.api.kit.fields import StrictBody
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.automation import saved_replies
from ticket_app.core.automation.saved_replies import (
    MAX_SHORTCUT_LENGTH,
    MAX_TITLE_LENGTH,
    SavedReplyRow,
)
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.validators import MAX_TEXT_LENGTH

router = create_router("Ticket Settings")

SavedReplyId = Annotated[int, Path(ge=1, le=MAX_ID)]
Title = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_TITLE_LENGTH)]
Content = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_TEXT_LENGTH)]
Shortcut = Annotated[StrictStr, Bounded(max_length=MAX_SHORTCUT_LENGTH)]
RowId = Annotated[StrictInt, Bounded(ge=1, le=MAX_ID)]


class SavedReplyFields(StrictBody):
    """The fields of a saved reply that need not be sent; without a team, the caller's is meant."""

    shortcut: Shortcut | None = None
    scope: Scope = Scope.ME
    team_id: RowId | None = None


class NewSavedReply(SavedReplyFields):
    """A saved reply; its `content` is Markdown and may have variables."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Restart the router",
                    "content": "Hello {{requester.first_name}},\nplease restart the router.",
                    "shortcut": "router",
                    "scope": "me",
                }
            ]
        }
    )
    title: Title
    content: Content


class SavedReplyUpdate(SavedReplyFields):
    """Update a saved reply: any of these fields."""

    title: Title = ""
    content: Content = ""


class SavedReply(TypedDict):
    """A saved reply, who may use it, and how often it was used."""

    id: int
    title: str
    content: str
    shortcut: str | None
    scope: Scope
    team: NamedReference | None
    owner: NamedReference | None
    use_count: int
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


def format_saved_reply(row: SavedReplyRow) -> dict[str, object]:
    """Format a saved reply."""
    return {
        "id": row.id,
        "title": row.title,
        "content": row.content,
        "shortcut": row.shortcut,
        **format_sharing(row),
        "use_count": row.use_count,
        "last_used_at": row.last_used_at,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


@router.get("/saved-replies", response_model=SuccessResponse[PageData[SavedReply]])
def list_saved_replies(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List the saved replies that the caller may use or change, by title. For staff."""
    rows = saved_replies.list_replies(uow)
    return success_response(uow, page_parameters.slice_and_format_page(rows, format_saved_reply))


@router.post("/saved-replies", status_code=201, response_model=SuccessResponse[SavedReply])
def create_saved_reply(body: NewSavedReply, uow: AuthenticatedUow) -> JsonResponse:
    """Create a saved reply. For staff; for everyone's use, for admins."""
    row = saved_replies.create_reply(
        uow,
        body.title,
        body.content,
        shortcut=body.shortcut,
        scope=body.scope,
        team_id=body.team_id,
    )
    return success_response(
        uow, format_saved_reply(row), "Saved reply created successfully", status_code=201
    )


@router.get("/saved-replies/{saved_reply_id}", response_model=SuccessResponse[SavedReply])
def get_saved_reply(saved_reply_id: SavedReplyId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a saved reply. For staff."""
    return success_response(uow, format_saved_reply(saved_replies.get_reply(uow, saved_reply_id)))


@router.patch("/saved-replies/{saved_reply_id}", response_model=SuccessResponse[SavedReply])
def update_saved_reply(
    saved_reply_id: SavedReplyId, body: SavedReplyUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update a saved reply of one's own or of one's team. Admins update those of everyone."""
    row = saved_replies.update_reply(uow, saved_reply_id, sent_fields(body))
    return success_response(uow, format_saved_reply(row), "Saved reply updated successfully")


@router.delete("/saved-replies/{saved_reply_id}", response_model=SuccessResponse[None])
def delete_saved_reply(saved_reply_id: SavedReplyId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a saved reply, under the rules of updating it. Texts that were sent stay."""
    saved_replies.delete_reply(uow, saved_reply_id)
    return success_response(uow, None, "Saved reply deleted successfully")

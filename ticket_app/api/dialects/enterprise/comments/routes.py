"""Comments: add, list, update and delete them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.kit.ticket_reading import mark_read_after_commit
from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENT_ENTRIES, ActivityQuery
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import locking, ticket_lookup

router = create_router("Comments")

CommentId = Annotated[int, Path(ge=1, le=MAX_ID)]


def _comment_response(
    uow: UnitOfWork,
    entry_id: int,
    message: str,
    status_code: int = 200,
    posted: commenting.AddedComment | None = None,
) -> JsonResponse:
    line = activity.get_comment(uow, entry_id)
    files = stored_files.file_ids_by_comment(uow, [entry_id]).get(entry_id, [])
    payload: dict[str, object] = {**data_models.format_comment(line, files)}
    if posted is not None and posted.is_follow_up:
        payload["follow_up_ticket_id"], message = posted.ticket.id, posted.follow_up_message
    return success_response(uow, payload, message, status_code=status_code)


@router.post(
    "/comments/ticket/{ticket_id}",
    status_code=201,
    response_model=SuccessResponse[data_models.PostedComment],
)
def add_comment(
    ticket_id: str, body: data_models.NewComment, uow: AuthenticatedUow
) -> JsonResponse:
    """Add Comment."""
    posted = commenting.post_comment(
        uow,
        locking.lock_ticket(uow, ticket_id),
        body.content,
        internal=body.is_internal,
        mentioned_people=body.mentions,
        file_references=body.attachments,
        text_format=body.format,
        channel="enterprise",
    )
    return _comment_response(uow, posted.entry_id, "Comment added successfully", 201, posted)


@router.get(
    "/comments/ticket/{ticket_id}", response_model=SuccessResponse[PageData[data_models.Comment]]
)
def list_comments(
    ticket_id: str,
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    include_internal: bool = False,
) -> JsonResponse:
    """List Comments, oldest first; internal ones only for staff who ask for them."""
    ticket = ticket_lookup.read_ticket(uow, ticket_id, "summary")
    if include_internal:
        uow.actor.require("view_all_tickets", "read internal comments")
    mark_read_after_commit(uow, ticket.id)
    query = ActivityQuery(ticket.id, None if include_internal else False, COMMENT_ENTRIES)
    lines = activity.list_entries(uow, query, page_parameters.page_request).rows
    files = stored_files.file_ids_by_comment(uow, [line.id for line in lines])
    items = [data_models.format_comment(line, files.get(line.id, [])) for line in lines]
    return success_response(
        uow, page_parameters.format_page(items, activity.count_entries(uow, query))
    )


@router.get("/comments/{comment_id}", response_model=SuccessResponse[data_models.Comment])
def get_comment(comment_id: CommentId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a comment."""
    return _comment_response(uow, comment_id, "Comment retrieved successfully")


@router.patch("/comments/{comment_id}", response_model=SuccessResponse[data_models.Comment])
def update_comment(
    comment_id: CommentId, body: data_models.CommentUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update your own comment, or any comment as staff."""
    new_content = body.content if "content" in body.model_fields_set else None
    commenting.edit_comment(uow, comment_id, new_content, text_format=body.format)
    return _comment_response(uow, comment_id, "Comment updated successfully")


@router.delete("/comments/{comment_id}", response_model=SuccessResponse[None])
def delete_comment(comment_id: CommentId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete your own comment, or any comment as staff."""
    commenting.delete_comment(uow, comment_id)
    return success_response(uow, None, "Comment deleted successfully")

"""Comments: say something on a ticket, read what was said, say it otherwise, take it back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path

from ticket_app.api.dialects.enterprise import shapes
from ticket_app.api.dialects.enterprise.paging import Listed, Paging
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import Caller
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.conversation.activity import COMMENTS, LogQuery
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import ticket_list, tickets

router = part("Comments")

CommentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def _one(
    desk: Desk,
    entry_id: int,
    message: str,
    status_code: int = 200,
    posted: commenting.Posted | None = None,
) -> Json:
    line = activity.comment(desk, entry_id)
    files = attachments.of_comments(desk, [entry_id]).get(entry_id, [])
    shown: dict[str, Any] = {**shapes.comment(line, files)}
    if posted is not None and posted.is_follow_up:
        shown["follow_up_ticket_id"], message = posted.ticket.id, posted.message
    return told(desk, shown, message, status_code=status_code)


@router.post(
    "/comments/ticket/{ticket_id}", status_code=201, response_model=Told[shapes.PostedComment]
)
def add_comment(ticket_id: str, body: shapes.NewComment, desk: Caller) -> Any:
    """Add Comment."""
    posted = commenting.post(
        desk,
        tickets.hold(desk, ticket_id),
        body.content,
        internal=body.is_internal,
        mentioning=body.mentions,
        enclosing=body.attachments,
        text_format=body.format,
        channel="enterprise",
    )
    return _one(desk, posted.entry_id, "Comment added successfully", 201, posted)


@router.get("/comments/ticket/{ticket_id}", response_model=Told[Listed[shapes.Comment]])
def list_comments(
    ticket_id: str, desk: Caller, leaf: Paging, include_internal: bool = False
) -> Any:
    """List Comments, oldest first; internal ones only for staff, and if they are asked for."""
    ticket = ticket_list.read(desk, ticket_id, "line")
    if include_internal:
        desk.actor.must("view_all_tickets", "read internal comments")
    query = LogQuery(ticket.id, None if include_internal else False, COMMENTS)
    lines = activity.lines(desk, query, leaf.part).rows
    files = attachments.of_comments(desk, [line.id for line in lines])
    items = [shapes.comment(line, files.get(line.id, [])) for line in lines]
    return told(desk, leaf.listed(items, activity.count_lines(desk, query)))


@router.get("/comments/{comment_id}", response_model=Told[shapes.Comment])
def get_comment(comment_id: CommentId, desk: Caller) -> Any:
    """One comment."""
    return _one(desk, comment_id, "Comment retrieved successfully")


@router.patch("/comments/{comment_id}", response_model=Told[shapes.Comment])
def update_comment(comment_id: CommentId, body: shapes.CommentChange, desk: Caller) -> Any:
    """Say it otherwise: one's own, or any for staff."""
    changed = body.content if "content" in body.model_fields_set else None
    commenting.rewrite(desk, comment_id, changed, text_format=body.format)
    return _one(desk, comment_id, "Comment updated successfully")


@router.delete("/comments/{comment_id}", response_model=Told[None])
def delete_comment(comment_id: CommentId, desk: Caller) -> Any:
    """Take it back: one's own, or any for staff."""
    commenting.withdraw(desk, comment_id)
    return told(desk, None, "Comment deleted successfully")

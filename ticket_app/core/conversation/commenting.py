"""Add, edit and delete comments: public replies, and internal notes for staff only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import announced_files, referenced_files
from ticket_app.core.conversation import activity, follow_ups, held_replies, newer_messages
from ticket_app.core.conversation.newer_messages import SeenMessages
from ticket_app.core.conversation.rows import TicketEntryRow
from ticket_app.core.notifications import followers, notifications
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform import text_formats, ticket_numbers, validators
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import VersionConflict
from ticket_app.core.platform.markup import render_preview
from ticket_app.core.platform.ticket_status import is_done
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, TextFormat
from ticket_app.core.search import search_index
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import locking, status_changes, transitions
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.comment_totals import PREVIEW_LENGTH, recount_comments
from ticket_app.core.tickets.transitions import Cause, ReplyOutcome
from ticket_app.core.timeline import mentions, timeline
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.settings import settings
from ticket_app.tables import Ticket, entry_table


@dataclass(frozen=True, slots=True)
class AddedComment:
    """The result of adding a comment: its entry, its ticket, and its effect on the ticket."""

    entry_id: int
    ticket: Ticket
    outcome: ReplyOutcome

    @property
    def is_follow_up(self) -> bool:
        """Whether the comment was added to a follow-up ticket instead."""
        return self.outcome is ReplyOutcome.FOLLOW_UP

    @property
    def follow_up_message(self) -> str:
        """A message to the author of a comment that was added to a follow-up ticket."""
        return (
            f"This ticket was finished more than {settings().reopen_days} days ago. "
            f"The comment was added to {ticket_numbers.format_key(self.ticket)}, "
            "a new ticket linked to it."
        )


def add_comment(
    uow: UnitOfWork,
    ticket: Ticket,
    content: str,
    *,
    internal: bool = False,
    mentioned_people: Sequence[str | int] = (),
    file_references: Sequence[int | str] = (),
    text_format: TextFormat | None = None,
    channel: str = "web",
) -> int:
    """Add a comment as `post_comment` does; return only the id of its timeline entry."""
    added = post_comment(
        uow,
        ticket,
        content,
        internal=internal,
        mentioned_people=mentioned_people,
        file_references=file_references,
        text_format=text_format,
        channel=channel,
    )
    return added.entry_id


def post_comment(
    uow: UnitOfWork,
    ticket: Ticket,
    content: str,
    *,
    internal: bool = False,
    mentioned_people: Sequence[str | int] = (),
    file_references: Sequence[int | str] = (),
    text_format: TextFormat | None = None,
    channel: str = "web",
    is_automatic: bool = False,
    seen: SeenMessages | None = None,
) -> AddedComment:
    """Add a comment to a locked ticket.

    The first public reply by staff is the first response. A requester's reply to a waiting ticket
    resumes it, or its approval. Their reply to a resolved or closed ticket reopens it; after
    `TICKET_REOPEN_DAYS` it opens a linked follow-up ticket instead. People mentioned with @ or in
    `mentioned_people` are notified if they may read the comment. `file_references` are files to
    attach (`referenced_files.attach_referenced_files`). `text_format` defaults to that of the
    `channel`. A message that no person wrote (`is_automatic`) never changes the status. `seen` is
    what the writer of a reply has seen of the conversation.

    Raises `Forbidden` (an internal note by a requester), `Invalid`, `RuleViolation` (the ticket was
    merged into another one), `NewerMessages` (somebody else wrote since).
    """
    assert ticket.id is not None
    actor = uow.actor
    actor.require("comment_tickets", "comment on tickets")
    if internal:
        actor.require("write_notes", "write internal notes")
    locking.ensure_not_merged(uow, ticket)
    body = validators.required_text("content", content)
    if not internal:
        newer_messages.ensure_none_newer(uow, ticket, seen)
    text_format = text_format or text_formats.default_format_for(channel)
    outcome = (
        ReplyOutcome.STATUS_KEPT
        if internal or is_automatic
        else transitions.predict_reply_outcome(ticket, actor, uow.now)
    )
    if not internal and not is_automatic and actor.id == ticket.requester_id:
        held_replies.cancel_by_reply(uow, ticket)
    if outcome is ReplyOutcome.FOLLOW_UP:
        return _post_on_follow_up(
            uow, ticket, content, text_format, mentioned_people, file_references
        )
    mentioned_names = [*mentioned_people, *mentions.find_mentioned_names(body)]
    mentioned_ids = mentions.resolve_mentions(uow, ticket, mentioned_names, internal=internal)
    entry_id = timeline.add_entry(
        uow,
        ticket.id,
        EntryKind.COMMENT,
        audience=Audience.INTERNAL if internal else Audience.PUBLIC,
        body=body,
        body_format=text_format,
        mentions=mentioned_ids or None,
    )
    mentions.notify_mentioned(uow, ticket, entry_id, mentioned_ids)
    with changing(uow, ticket):
        if internal:
            ticket.notes_count += 1
        else:
            ticket.comments_count += 1
            ticket.last_comment = render_preview(body, PREVIEW_LENGTH, text_format)
            ticket.last_comment_at = uow.now
            ticket.last_comment_by_id = actor.id
            if not is_automatic:
                _apply_reply(uow, ticket, outcome, entry_id)
    if actor.is_staff:
        followers.follow(uow, ticket.id, actor.id, FollowReason.PARTICIPANT)
    search_index.append_comment(uow, ticket.id, body, is_internal=internal)
    referenced_files.attach_referenced_files(
        uow, ticket, file_references, entry_id=entry_id, internal=internal
    )
    return AddedComment(entry_id, ticket, outcome)


def _apply_reply(uow: UnitOfWork, ticket: Ticket, outcome: ReplyOutcome, entry_id: int) -> None:
    """Apply the effects of a public comment: a status, the first response, a resumed approval."""
    if uow.actor.id == ticket.requester_id:
        _apply_requester_reply(uow, ticket, outcome, entry_id)
    elif uow.actor.is_staff and ticket.first_response_at is None:
        sla_tracking.record_first_response(uow, ticket)
    approval_requests.resume_if_answered(uow, ticket)


def _apply_requester_reply(
    uow: UnitOfWork, ticket: Ticket, outcome: ReplyOutcome, entry_id: int
) -> None:
    """Change the status after a requester's reply, or notify the assignee of a finished ticket."""
    if outcome in (ReplyOutcome.RESUMED, ReplyOutcome.REOPENED):
        has_assignee = ticket.assignee_id is not None
        status = transitions.status_after_reply(ticket, has_assignee=has_assignee)
        status_changes.apply_status(uow, ticket, status, Cause.REPLY, entry_id=entry_id)
    elif is_done(ticket):
        _notify_assignee(uow, ticket.assignee_id, REPLY_TO_FINISHED_MESSAGE, ticket, entry_id)


REPLY_TO_FINISHED_MESSAGE = (
    "The requester replied to a finished ticket assigned to you, which stays finished"
)
FOLLOW_UP_OPENED_MESSAGE = (
    "The requester replied to a finished ticket assigned to you, which opened a follow-up"
)


def _notify_assignee(
    uow: UnitOfWork, assignee_id: int | None, message: str, ticket: Ticket, entry_id: int
) -> None:
    if assignee_id is not None:
        notifications.notify(
            uow,
            assignee_id,
            NotificationKind.REQUESTER_REPLY,
            message,
            ticket_id=ticket.id,
            entry_id=entry_id,
        )


def _post_on_follow_up(
    uow: UnitOfWork,
    closed_ticket: Ticket,
    content: str,
    text_format: TextFormat,
    mentioned_people: Sequence[str | int],
    file_references: Sequence[int | str],
) -> AddedComment:
    """Add a late reply to the closed ticket's follow-up, which is opened if there is none."""
    assert closed_ticket.id is not None
    existing = follow_ups.find_active_follow_up(uow, closed_ticket.id)
    if existing is not None:
        ticket = locking.lock_ticket(uow, existing.id)
    else:
        ticket = follow_ups.open_follow_up(uow, closed_ticket, content, text_format)
    referenced_files.move_referenced_files(uow, closed_ticket, ticket, file_references)
    added = post_comment(
        uow,
        ticket,
        content,
        mentioned_people=mentioned_people,
        file_references=file_references,
        text_format=text_format,
    )
    if existing is None:
        _notify_assignee(
            uow, closed_ticket.assignee_id, FOLLOW_UP_OPENED_MESSAGE, ticket, added.entry_id
        )
    return AddedComment(added.entry_id, added.ticket, ReplyOutcome.FOLLOW_UP)


class DescribedTicket(Protocol):
    """A ticket with its description, and when and by whom it was created."""

    @property
    def created_at(self) -> datetime:
        """When it was created."""
        ...

    @property
    def requester_id(self) -> int:
        """The person it is for."""
        ...

    @property
    def description(self) -> str:
        """Its description."""
        ...


def is_opening_comment(ticket: DescribedTicket, entry: EntryRow) -> bool:
    """Return whether a comment repeats the description of its ticket, as in a follow-up."""
    return (
        entry.at == ticket.created_at
        and entry.actor_id == ticket.requester_id
        and entry.body == ticket.description
    )


def list_comments(uow: UnitOfWork, ticket_id: int) -> list[EntryRow]:
    """Return the comments on a ticket that the actor may read, oldest first."""
    return list(timeline.list_comments(uow, ticket_id))


def edit_comment(
    uow: UnitOfWork,
    reference: UUID | int,
    content: str | None,
    *,
    text_format: TextFormat | None = None,
    original: str | None = None,
) -> int:
    """Change a comment and mark it as edited; return its id.

    People may edit their own comments, staff any. The timeline keeps the earlier text for its
    author and staff. Newly mentioned people are notified. None for `content` or `text_format` keeps
    the present one; `original` is the text that the actor began to edit.
    Raises `NotFound`, `Forbidden`, `Invalid`, `VersionConflict` (the text is no longer `original`).
    """
    ticket, entry = _lock_comment(uow, reference, "edit comments of other people")
    old_body = entry.body or ""
    if original is not None and original != old_body:
        raise VersionConflict(COMMENT_HAS_CHANGED)
    body = old_body if content is None else validators.required_text("content", content)
    text_format = text_format or TextFormat(entry.body_format)
    if body == old_body and text_format == entry.body_format:
        return entry.id
    internal = entry.audience == Audience.INTERNAL
    new_names, old_names = (
        mentions.find_mentioned_names(body),
        mentions.find_mentioned_names(old_body),
    )
    mentioned_ids = mentions.resolve_mentions(uow, ticket, new_names, internal=internal)
    removed_ids = {*mentions.resolve_mentions(uow, ticket, old_names, internal=internal)} - {
        *mentioned_ids
    }
    kept_ids = [person_id for person_id in entry.mentions or [] if person_id not in removed_ids]
    added_ids = [person_id for person_id in mentioned_ids if person_id not in kept_ids]
    values = {
        "body": body,
        "body_format": text_format,
        "edited": True,
        "updated_at": uow.now,
        "mentions": [*kept_ids, *added_ids] or None,
    }
    uow.connection.execute(entry_table.update().where(entry_table.c.id == entry.id).values(values))
    mentions.notify_mentioned(uow, ticket, entry.id, added_ids)
    _record_comment_change(uow, ticket, entry, body)
    return entry.id


def delete_comment(uow: UnitOfWork, reference: UUID | int, *, original: str | None = None) -> None:
    """Delete a comment.

    People may delete their own comments, staff any. The timeline keeps the text for staff, and the
    time of the first response stays. `original` is the text that the actor saw.
    Raises `NotFound`, `Forbidden`, `VersionConflict` (the text is no longer `original`).
    """
    ticket, entry = _lock_comment(uow, reference, "delete comments of other people")
    if original is not None and original != (entry.body or ""):
        raise VersionConflict(COMMENT_HAS_CHANGED)
    uow.connection.execute(
        entry_table.update().where(entry_table.c.id == entry.id).values(deleted_at=uow.now)
    )
    announced_files.cancel_announcements(uow, entry.id)
    _record_comment_change(uow, ticket, entry, None)


COMMENT_HAS_CHANGED = "The comment has changed since you opened it. Nothing was changed."


def can_change_comment(actor: Actor, entry: EntryRow) -> bool:
    """Return whether the actor may edit and delete a comment that they may read."""
    return actor.can("comment_tickets") and (
        entry.actor_id == actor.id or actor.can("work_tickets")
    )


def _lock_comment(
    uow: UnitOfWork, reference: UUID | int, action: str
) -> tuple[Ticket, TicketEntryRow]:
    ticket = locking.lock_ticket(uow, activity.get_comment(uow, reference).ticket_id)
    # Read again, as the comment may have changed before the ticket was locked.
    entry = activity.get_comment(uow, reference)
    if entry.ticket_id != ticket.id:
        raise VersionConflict(COMMENT_HAS_CHANGED)
    uow.actor.require("comment_tickets", "comment on tickets")
    if entry.actor_id != uow.actor.id:
        uow.actor.require("work_tickets", action)
    return ticket, entry


def _record_comment_change(
    uow: UnitOfWork, ticket: Ticket, entry: TicketEntryRow, new_body: str | None
) -> None:
    assert ticket.id is not None
    timeline.add_entry(
        uow,
        ticket.id,
        EntryKind.CHANGE,
        audience=Audience.INTERNAL,
        field="comment",
        old_value=entry.body,
        new_value=new_body,
        old_id=entry.id,
        new_id=entry.id if new_body is not None else None,
    )
    with changing(uow, ticket):
        recount_comments(uow, ticket)

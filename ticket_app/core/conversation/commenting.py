"""What people say on a ticket: replies everybody on it reads, and notes for staff only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import announced_files
from ticket_app.core.attachments import links as attachment_links
from ticket_app.core.conversation import activity, follow_ups
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.notifications import Notice
from ticket_app.core.platform import text, text_formats, ticket_numbers
from ticket_app.core.platform.markup import plain
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Group, TextFormat
from ticket_app.core.search import search_index
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import counters, tickets, transitions
from ticket_app.core.tickets.comment_totals import PREVIEW, recount
from ticket_app.core.tickets.transitions import Cause, ReplyOutcome
from ticket_app.core.timeline import mentions, timeline
from ticket_app.settings import settings
from ticket_app.tables import Ticket, entry_table


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment as it was added: its line, the ticket it is on, and what it did."""

    entry_id: int
    ticket: Ticket
    outcome: ReplyOutcome

    @property
    def is_follow_up(self) -> bool:
        """Whether it is on another ticket than the one it was written on."""
        return self.outcome is ReplyOutcome.FOLLOW_UP

    @property
    def message(self) -> str:
        """What became of a comment that is on another ticket than it was written on."""
        return (
            f"This ticket was closed more than {settings().reopen_days} days ago. "
            f"The comment was added to {ticket_numbers.key(self.ticket)}, "
            "a new ticket linked to it."
        )


def comment(
    desk: Desk,
    ticket: Ticket,
    content: str,
    *,
    internal: bool = False,
    mentioning: Sequence[str | int] = (),
    enclosing: Sequence[int | str] = (),
    text_format: TextFormat | None = None,
    channel: str = "web",
) -> int:
    """Say something on a ticket the actor holds; returns the id of the line on the timeline.

    Does and raises what `post` does.
    """
    posted = post(
        desk,
        ticket,
        content,
        internal=internal,
        mentioning=mentioning,
        enclosing=enclosing,
        text_format=text_format,
        channel=channel,
    )
    return posted.entry_id


def post(
    desk: Desk,
    ticket: Ticket,
    content: str,
    *,
    internal: bool = False,
    mentioning: Sequence[str | int] = (),
    enclosing: Sequence[int | str] = (),
    text_format: TextFormat | None = None,
    channel: str = "web",
) -> Posted:
    """Say something on a ticket the actor holds.

    A first public answer by staff is the first response. A requester's answer to a question takes
    the ticket back into work, or back to its approvers; their answer to a resolved or closed ticket
    reopens it, and later than `TICKET_REOPEN_DAYS` goes to a new ticket linked to it. Who is named
    in it with an @, or in `mentioning`, and may read it is told; `enclosing` names files
    (`enclosures.enclose`). Without a `text_format` the one usual for the `channel` is meant. Raises
    `Forbidden` (a note by somebody who is not staff), `Invalid`, `RuleBroken` (the ticket was
    merged into another one).
    """
    assert ticket.id is not None
    actor = desk.actor
    actor.must("comment_tickets", "comment on tickets")
    if internal:
        actor.must("write_notes", "write internal notes")
    tickets.must_go_on_here(desk, ticket)
    said = text.required_text("content", content)
    text_format = text_format or text_formats.default_format(channel)
    outcome = ReplyOutcome.KEPT if internal else transitions.reply_outcome(ticket, actor, desk.now)
    if outcome is ReplyOutcome.FOLLOW_UP:
        return _follow_up(desk, ticket, content, text_format, mentioning, enclosing)
    named = [*mentioning, *mentions.named_in(said)]
    reached = mentions.reached(desk, ticket, named, internal=internal)
    entry_id = timeline.append(
        desk,
        ticket.id,
        EntryKind.COMMENT,
        audience=Audience.INTERNAL if internal else Audience.PUBLIC,
        body=said,
        body_format=text_format,
        mentions=reached or None,
    )
    mentions.tell(desk, ticket, entry_id, reached)
    if internal:
        ticket.notes_count += 1
    else:
        ticket.comments_count += 1
        ticket.last_comment = plain(said, PREVIEW, text_format)
        ticket.last_comment_at = desk.now
        ticket.last_comment_by_id = actor.id
        if actor.id == ticket.requester_id:
            _take_up(desk, ticket, outcome, entry_id)
        elif actor.is_staff and ticket.first_response_at is None:
            sla_tracking.respond(desk, ticket)
        approval_requests.inform(desk, ticket)
    tickets.touch(desk, ticket)
    desk.settle()
    search_index.extend(desk, ticket.id, said, internal=internal)
    attachment_links.enclose(desk, ticket, enclosing, entry_id=entry_id, internal=internal)
    return Posted(entry_id, ticket, outcome)


def _take_up(desk: Desk, ticket: Ticket, outcome: ReplyOutcome, entry_id: int) -> None:
    """Let the requester's reply change the status, and tell the assignee of a finished ticket."""
    if outcome in (ReplyOutcome.RESUMED, ReplyOutcome.REOPENED):
        before = counters.Cell.of(ticket)
        status = tickets.status_after_reply(ticket)
        tickets.apply_status(desk, ticket, status, Cause.REPLY, entry_id=entry_id)
        desk.settle()
        counters.move(desk, before, counters.Cell.of(ticket))
    elif ticket.status_group == Group.DONE:
        _tell_assignee(desk, ticket.assignee_id, STAYS_CLOSED, ticket, entry_id)


STAYS_CLOSED = "The requester replied to a ticket assigned to you, which stays closed"
FOLLOWED_UP = "The requester replied to a ticket of yours that was closed: a new one was opened"


def _tell_assignee(
    desk: Desk, assignee_id: int | None, says: str, ticket: Ticket, entry_id: int
) -> None:
    if assignee_id is not None:
        notifications.tell(
            desk, assignee_id, Notice.REPLY, says, ticket_id=ticket.id, entry_id=entry_id
        )


def _follow_up(
    desk: Desk,
    closed: Ticket,
    content: str,
    text_format: TextFormat,
    mentioning: Sequence[str | int],
    enclosing: Sequence[int | str],
) -> Posted:
    """Add a late reply to the closed ticket's follow-up, which is opened if there is none."""
    assert closed.id is not None
    known = follow_ups.continuing(desk, closed.id)
    if known is not None:
        ticket = tickets.hold(desk, known.id)
    else:
        ticket = follow_ups.open_for(desk, closed, content, text_format)
    attachment_links.bring(desk, closed, ticket, enclosing)
    posted = post(
        desk,
        ticket,
        content,
        mentioning=mentioning,
        enclosing=enclosing,
        text_format=text_format,
    )
    if known is None:
        _tell_assignee(desk, closed.assignee_id, FOLLOWED_UP, ticket, posted.entry_id)
    return Posted(posted.entry_id, posted.ticket, ReplyOutcome.FOLLOW_UP)


def is_opening_comment(row: Any, line: Any) -> bool:
    """Return whether a comment repeats the description of its ticket, as in a follow-up."""
    return (
        line.at == row.created_at
        and line.actor_id == row.requester_id
        and line.body == row.description
    )


def read(desk: Desk, ticket_id: int) -> list[Any]:
    """The comments on a ticket the actor holds, as far as they may read them, oldest first."""
    return list(timeline.comments(desk, ticket_id))


def rewrite(
    desk: Desk,
    reference: UUID | int,
    content: str | None,
    *,
    text_format: TextFormat | None = None,
) -> int:
    """Change the text of one's own comment, or any for staff; None leaves it. Returns its id.

    The comment is marked as edited; what stood there before stays on the timeline, for staff.
    Who is named only now is told. Without `content` or `text_format` the present one is kept.
    Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    ticket, line = _hold(desk, reference, "change what somebody else said")
    said = line.body if content is None else text.required_text("content", content)
    text_format = text_format or TextFormat(line.body_format)
    if said == line.body and text_format == line.body_format:
        return line.id
    internal = line.audience == Audience.INTERNAL
    named, unnamed = mentions.named_in(said), mentions.named_in(line.body)
    reached = mentions.reached(desk, ticket, named, internal=internal)
    gone = {*mentions.reached(desk, ticket, unnamed, internal=internal)} - {*reached}
    kept = [person_id for person_id in line.mentions or [] if person_id not in gone]
    new = [person_id for person_id in reached if person_id not in kept]
    changed = {
        "body": said,
        "body_format": text_format,
        "edited": True,
        "updated_at": desk.now,
    }
    changed["mentions"] = [*kept, *new] or None
    desk.db.execute(entry_table.update().where(entry_table.c.id == line.id).values(changed))
    mentions.tell(desk, ticket, line.id, new)
    _told_anew(desk, ticket, line, said)
    return line.id


def withdraw(desk: Desk, reference: UUID | int) -> None:
    """Take a comment back: one's own, or any for staff. What it said stays on the timeline, for
    staff; that there was a first response stays true. Raises `NotFound`, `Forbidden`.
    """
    ticket, line = _hold(desk, reference, "delete what somebody else said")
    desk.db.execute(
        entry_table.update().where(entry_table.c.id == line.id).values(deleted_at=desk.now)
    )
    announced_files.release(desk, line.id)
    _told_anew(desk, ticket, line, None)


def _hold(desk: Desk, reference: UUID | int, what: str) -> tuple[Ticket, Any]:
    ticket = tickets.hold(desk, activity.comment(desk, reference).ticket_id)
    # Once more, as it now stands: the first reading was before the lock.
    line = activity.comment(desk, reference)
    desk.actor.must("comment_tickets", "comment on tickets")
    if line.actor_id != desk.actor.id:
        desk.actor.must("work_tickets", what)
    return ticket, line


def _told_anew(desk: Desk, ticket: Ticket, line: Any, new: str | None) -> None:
    assert ticket.id is not None
    timeline.append(
        desk,
        ticket.id,
        EntryKind.CHANGE,
        audience=Audience.INTERNAL,
        field="comment",
        old_value=line.body,
        new_value=new,
        old_id=line.id,
        new_id=line.id if new is not None else None,
    )
    recount(desk, ticket)
    tickets.touch(desk, ticket)
    desk.settle()

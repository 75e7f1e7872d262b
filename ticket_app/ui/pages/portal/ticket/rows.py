"""The rows of the requester's ticket page, with the messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import commenting, follow_ups
from ticket_app.core.notifications.notifications import list_unread_entry_ids
from ticket_app.core.platform import markup, ticket_numbers
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    Audience,
    EntryKind,
    TextFormat,
)
from ticket_app.core.tickets import linked_tickets, related, ticket_lookup
from ticket_app.core.tickets.allowed_actions import Action, allowed_actions
from ticket_app.core.tickets.related import Relation
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.core.tickets.status_for_requester import (
    PublicReplies,
    get_requester_status,
)
from ticket_app.core.tickets.transitions import predict_reply_outcome
from ticket_app.core.timeline import timeline
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.ui import routes
from ticket_app.ui.field_values import describe_creator
from ticket_app.ui.file_rows import file_rows
from ticket_app.ui.pages.composer.comments import REPLY, find_draft_text
from ticket_app.ui.pages.inbox.unread_messages import (
    UnreadMessages,
    anchor_of,
    describe_unread,
)
from ticket_app.ui.pages.inline_editing.rows import can_read_history, edited_at
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.similar_tickets import SimilarTicket, similar_rows
from ticket_app.ui.pages.portal.ticket.details import (
    Fact,
    detail_facts,
    render_text,
    rendered_long_texts,
)
from ticket_app.ui.pages.portal.ticket.editing import choice_fields
from ticket_app.ui.pages.portal.ticket.history import HistoryRow, history_rows
from ticket_app.ui.pages.portal.ticket.status_texts import (
    REPLY_TEXTS,
    STATUS_TEXTS,
    approval_texts,
    reply_notice,
)
from ticket_app.ui.pictures import insert_pictures
from ticket_app.ui.rows import FileRow, initials_of, iso_time, person_color_number


@dataclass(frozen=True)
class Message:
    """A message with its files."""

    id: int
    name: str
    initials: str
    color: int
    role: str
    at: str
    html: str
    files: list[FileRow]
    edited_at: str = ""
    can_change: bool = False
    can_read_history: bool = False
    anchor: str = "description"
    is_unread: bool = False


@dataclass(frozen=True)
class RequesterTicket:
    """A ticket as its requester sees it."""

    id: int
    number: str
    title: str
    status: str
    kind: str
    created_at: str
    updated_at: str
    status_text: str
    hint: str
    can_reopen: bool
    can_rate: bool
    send_label: str
    reply_notice: str
    can_edit: bool
    """Whether the actor may change the ticket here, which is offered until it is finished."""
    choices: dict[str, str]
    """The values of the fields that requesters choose, by name."""
    rating: int
    tags: list[str]
    messages: list[Message]
    history: list[HistoryRow]
    facts: list[Fact]
    rendered_long_texts: list[Fact]
    question: str
    approval_result: str
    approval_reason: str
    is_merged: bool
    merged_into: str
    merged_into_title: str
    merged_into_href: str
    follow_up: str
    follow_up_title: str
    follow_up_href: str
    follow_up_of: str
    follow_up_of_href: str
    similar: list[SimilarTicket]
    can_reply: bool
    created_for: str
    """Who created the ticket for its requester, and how; empty for their own."""
    shared_by: str
    """Who submitted a ticket of the company that is not the actor's own."""
    unread_entry_ids: list[int]


def mark_unread(
    messages: Sequence[Message], unread_entry_ids: Collection[int]
) -> tuple[list[Message], UnreadMessages]:
    """Mark the messages that were not read yet, and describe them."""
    marked = [
        replace(message, is_unread=True) if message.id in unread_entry_ids else message
        for message in messages
    ]
    return marked, describe_unread([message.id for message in messages], unread_entry_ids)


class NotOwnTicket(NotFound):
    """A staff member opened a ticket in the portal that is not their own."""


def load_ticket(uow: UnitOfWork, reference: str) -> RequesterTicket:
    """Return a ticket of the actor, or one of their company to read, with everything public.

    Raises `NotFound`, or `NotOwnTicket` for staff.
    """
    row = ticket_lookup.read_ticket(uow, reference)
    is_own = row.requester_id == uow.actor.id
    if not is_own and uow.actor.is_staff:
        raise NotOwnTicket
    unread_entry_ids = list(list_unread_entry_ids(uow, row.id))
    lines = [
        line for line in timeline.list_entries(uow, row.id) if line.audience == Audience.PUBLIC
    ]
    files = [
        file
        for file in stored_files.list_ticket_files(uow, row.id)
        if file.audience == Audience.PUBLIC
    ]
    question, approval_result, approval_reason = approval_texts(uow, row.id)
    is_merged = row.merged_into_id is not None
    target = linked_tickets.find_visible_merge_target(uow, row.id) if is_merged else None
    number = ticket_numbers.format_key(target) if target else ""
    allowed = allowed_actions(row, uow.actor, now=uow.now)
    outcome = predict_reply_outcome(row, uow.actor, uow.now)
    status = get_requester_status(
        row, PublicReplies.of(lines, row.requester_id), outcome, has_open_question=bool(question)
    )
    line, hint = STATUS_TEXTS[status]
    label, notice = REPLY_TEXTS[outcome]
    is_closed = row.status_group not in UNFINISHED_GROUPS
    follow_up = follow_ups.find_active_follow_up(uow, row.id) if is_closed else None
    follow_up_number = ticket_numbers.format_key(follow_up) if follow_up else ""
    original = follow_ups.find_original(uow, row.id)
    original_number = ticket_numbers.format_key(original) if original else ""
    return RequesterTicket(
        id=row.id,
        number=ticket_numbers.format_key(row),
        title=row.title,
        status=row.status,
        kind=row.kind,
        created_at=iso_time(row.created_at),
        updated_at=iso_time(row.updated_at),
        status_text=line,
        hint=hint if is_own else "",
        can_reopen=Action.REOPEN in allowed,
        can_rate=Action.RATE in allowed and not is_merged,
        send_label=label,
        reply_notice=reply_notice(outcome, notice, follow_up_number, is_closed=is_closed),
        can_edit=Action.EDIT in allowed and not is_closed,
        choices={name: getattr(row, name) for name in choice_fields()},
        rating=(row.satisfaction_rating or 0) if is_own else 0,
        tags=list(row.tags),
        messages=_messages(uow.actor, row, lines, file_rows(files, uow.actor)),
        history=history_rows(lines),
        facts=detail_facts(row),
        rendered_long_texts=rendered_long_texts(row),
        question=question,
        approval_result=approval_result,
        approval_reason=approval_reason,
        is_merged=is_merged,
        merged_into=number,
        merged_into_title=target.title if target else "",
        merged_into_href=routes.portal_ticket(number) if number else "",
        follow_up=follow_up_number,
        follow_up_title=follow_up.title if follow_up else "",
        follow_up_href=routes.portal_ticket(follow_up_number) if follow_up_number else "",
        follow_up_of=original_number,
        follow_up_of_href=routes.portal_ticket(original_number) if original_number else "",
        similar=similar_rows(
            found.ticket
            for found in related.list_related(uow, row)
            if found.relation is Relation.SIMILAR
        ),
        can_reply=Action.COMMENT in allowed
        or (is_own and bool(find_draft_text(uow, row.id, REPLY))),
        created_for=describe_creator(row, texts.TICKET_YOU if is_own else row.requester_name),
        shared_by="" if is_own else row.requester_name,
        unread_entry_ids=unread_entry_ids,
    )


def _messages(
    actor: Actor, row: TicketRow, lines: Sequence[EntryRow], files: list[FileRow]
) -> list[Message]:
    comments = [
        line
        for line in lines
        if line.kind == EntryKind.COMMENT and not commenting.is_opening_comment(row, line)
    ]
    comment_ids = {line.id for line in comments}
    first_files = [file for file in files if file.entry_id not in comment_ids]
    first = Message(
        id=0,
        name=row.requester_name,
        initials=initials_of(row.requester_name),
        color=person_color_number(row.requester_username),
        role="",
        at=iso_time(row.created_at),
        html=insert_pictures(render_text(row, "description"), first_files),
        files=first_files,
        edited_at=next(
            (iso_time(line.at) for line in reversed(lines) if line.field == "description"), ""
        ),
    )
    return [
        first,
        *(
            _comment_message(actor, line, [file for file in files if file.entry_id == line.id])
            for line in comments
        ),
    ]


def _comment_message(actor: Actor, line: EntryRow, files: list[FileRow]) -> Message:
    html = markup.render(line.body or "", text_format=TextFormat(line.body_format))
    return Message(
        id=line.id,
        name=line.actor_name or "",
        initials=initials_of(line.actor_name or ""),
        color=person_color_number(line.actor_username or ""),
        role=texts.TICKET_AUTHOR_STAFF if line.by_staff else "",
        at=iso_time(line.at),
        html=insert_pictures(html, files),
        files=files,
        edited_at=edited_at(line),
        can_change=commenting.can_change_comment(actor, line),
        can_read_history=can_read_history(actor, line),
        anchor=anchor_of(line.id),
    )

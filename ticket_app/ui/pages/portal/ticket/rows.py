"""Rows of the requester's ticket page, with changes described in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting, follow_ups
from ticket_app.core.platform import markup, text_formats, ticket_numbers
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    Kind,
    TextFormat,
)
from ticket_app.core.tickets import merging, ticket_list
from ticket_app.core.tickets.allowed_actions import Action, allowed_actions
from ticket_app.core.tickets.conditions import UNFINISHED_GROUPS
from ticket_app.core.tickets.requester_status import (
    PublicReplies,
    RequesterStatus,
    get_requester_status,
)
from ticket_app.core.tickets.transitions import ReplyOutcome, is_reopening, predict_reply_outcome
from ticket_app.core.timeline import drafts, timeline
from ticket_app.settings import settings
from ticket_app.ui import routes, theme
from ticket_app.ui.file_rows import file_rows
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.new_ticket.form import ENVIRONMENT_LABELS, format_label
from ticket_app.ui.rows import FileRow, color_of, initials_of, iso_time


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


@dataclass(frozen=True)
class HistoryRow:
    """A change, as a sentence that follows the name of the person who made it."""

    id: int
    who: str
    action: str
    at: str


@dataclass(frozen=True)
class Fact:
    """A detail: name and value."""

    name: str
    value: str


@dataclass(frozen=True)
class RequesterTicket:
    """A ticket as its requester sees it, with the draft of their reply."""

    id: int
    number: str
    title: str
    status: str
    kind: str
    priority: str
    created_at: str
    updated_at: str
    status_text: str
    hint: str
    can_reopen: bool
    can_rate: bool
    send_label: str
    reply_notice: str
    rating: int
    tags: list[str]
    messages: list[Message]
    history: list[HistoryRow]
    facts: list[Fact]
    long_texts: list[Fact]
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
    can_reply: bool
    draft: str
    draft_saved_at: str
    draft_files: list[FileRow]


class NotOwnTicket(NotFound):
    """A staff member opened a ticket in the portal that is not their own."""


def load_ticket(uow: UnitOfWork, reference: str) -> RequesterTicket:
    """Return one of the actor's own tickets with everything public.

    Raises `NotFound`, or `NotOwnTicket` for staff.
    """
    row = ticket_list.read_ticket(uow, reference)
    if row.requester_id != uow.actor.id:
        raise NotOwnTicket
    lines = [
        line for line in timeline.list_entries(uow, row.id) if line.audience == Audience.PUBLIC
    ]
    files = [
        file
        for file in attachments.list_ticket_files(uow, row.id)
        if file.audience == Audience.PUBLIC
    ]
    place = drafts.reply_place(row.id)
    draft = drafts.find_draft(uow, place)
    question, approval_result, approval_reason = _approval_texts(uow, row.id)
    is_merged = row.merged_into_id is not None
    target = merging.find_merge_target(uow, row.id) if is_merged else None
    number = ticket_numbers.format_key(target) if target else ""
    draft_text = str(draft.content.get("text", "")) if draft else ""
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
        priority=row.priority,
        created_at=iso_time(row.created_at),
        updated_at=iso_time(row.updated_at),
        status_text=line,
        hint=hint,
        can_reopen=Action.REOPEN in allowed,
        can_rate=Action.RATE in allowed and not is_merged,
        send_label=label,
        reply_notice=_reply_notice(outcome, notice, follow_up_number, is_closed=is_closed),
        rating=row.satisfaction_rating or 0,
        tags=list(row.tags),
        messages=_messages(row, lines, file_rows(files)),
        history=_history_rows(lines),
        facts=_detail_facts(row),
        long_texts=_long_texts(row),
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
        can_reply=Action.COMMENT in allowed or bool(draft_text),
        draft=draft_text,
        draft_saved_at=iso_time(draft.updated_at) if draft else "",
        draft_files=file_rows(attachments.list_draft_files(uow, place)),
    )


STATUS_TEXTS: Final[dict[RequesterStatus, tuple[str, str]]] = {
    RequesterStatus.RECEIVED: (texts.TICKET_STATUS_NEW, texts.TICKET_WAITING_HINT),
    RequesterStatus.READ: (
        texts.TICKET_STATUS_ASSIGNED,
        texts.TICKET_STATUS_ASSIGNED_HINT,
    ),
    RequesterStatus.IN_WORK: (
        texts.TICKET_STATUS_IN_PROGRESS,
        texts.TICKET_STATUS_IN_PROGRESS_HINT,
    ),
    RequesterStatus.ANSWERED: (texts.TICKET_STATUS_ANSWERED, texts.TICKET_STATUS_ANSWERED_HINT),
    RequesterStatus.ANSWERED_IN_WORK: (
        texts.TICKET_STATUS_ANSWERED_WORKING,
        texts.TICKET_STATUS_ANSWERED_WORKING_HINT,
    ),
    RequesterStatus.REPLIED: (texts.TICKET_STATUS_REPLIED, texts.TICKET_WAITING_HINT),
    RequesterStatus.REPLIED_IN_WORK: (
        texts.TICKET_STATUS_IN_PROGRESS,
        texts.TICKET_STATUS_REPLIED_WORKING_HINT,
    ),
    RequesterStatus.REOPENED: (texts.TICKET_STATUS_REOPENED, texts.TICKET_STATUS_IN_PROGRESS_HINT),
    RequesterStatus.NEEDS_REPLY: (texts.TICKET_STATUS_PENDING, texts.TICKET_STATUS_PENDING_HINT),
    RequesterStatus.IN_APPROVAL: (
        texts.TICKET_STATUS_APPROVAL,
        texts.TICKET_STATUS_APPROVAL_HINT,
    ),
    RequesterStatus.SOLVED: (texts.TICKET_STATUS_RESOLVED, texts.TICKET_STATUS_RESOLVED_HINT),
    RequesterStatus.SOLVED_LONG_AGO: (
        texts.TICKET_STATUS_RESOLVED,
        texts.TICKET_STATUS_RESOLVED_OLD_HINT,
    ),
    RequesterStatus.CLOSED: (texts.TICKET_STATUS_CLOSED, texts.TICKET_STATUS_CLOSED_HINT),
    RequesterStatus.CLOSED_LONG_AGO: (
        texts.TICKET_STATUS_CLOSED,
        texts.TICKET_STATUS_CLOSED_HINT,
    ),
    RequesterStatus.DUPLICATE: (texts.TICKET_STATUS_DUPLICATE, texts.TICKET_STATUS_MERGED_HINT),
    RequesterStatus.MERGED: (texts.TICKET_STATUS_MERGED, texts.TICKET_STATUS_MERGED_HINT),
    RequesterStatus.NOT_PLANNED: (
        texts.TICKET_STATUS_WONT_FIX,
        texts.TICKET_STATUS_WONT_FIX_HINT,
    ),
}
"""For each status, the headline and what happens next."""

REPLY_TEXTS: Final[dict[ReplyOutcome, tuple[str, str]]] = {
    ReplyOutcome.STATUS_KEPT: (texts.REPLY, texts.TICKET_REPLY_CLOSED_NOTICE),
    ReplyOutcome.RESUMED: (texts.REPLY, ""),
    ReplyOutcome.REOPENED: (texts.TICKET_REPLY_REOPEN, texts.TICKET_REPLY_REOPEN_NOTICE),
    ReplyOutcome.FOLLOW_UP: (
        texts.TICKET_REPLY_NEW,
        texts.TICKET_REPLY_NEW_NOTICE,
    ),
    ReplyOutcome.REJECTED: (texts.REPLY, ""),
}
"""The label of the send button and the notice about what a reply will do."""


def _reply_notice(
    outcome: ReplyOutcome, template: str, follow_up_number: str, *, is_closed: bool
) -> str:
    """Return the notice about what a reply will do, unless it is only added to an open ticket."""
    if outcome is ReplyOutcome.STATUS_KEPT and not is_closed:
        return ""
    if outcome is ReplyOutcome.FOLLOW_UP and follow_up_number:
        return texts.ticket_reply_follow_up_notice(follow_up_number)
    return template.format(days=settings().reopen_days)


def _approval_texts(uow: UnitOfWork, ticket_id: int) -> tuple[str, str, str]:
    """Return the approver's question, or the result and reason of the latest approval."""
    requests = approval_listing.list_ticket_requests(uow, ticket_id)
    latest = requests[0] if requests else {}
    match latest.get("state"):
        case ApprovalState.INFO_REQUESTED:
            return latest["question"] or "", "", ""
        case ApprovalState.REJECTED:
            return "", texts.TICKET_APPROVAL_REJECTED, latest["rejected_because"] or ""
        case ApprovalState.APPROVED if latest["conditions"]:
            return "", texts.TICKET_APPROVAL_CONDITIONS, "; ".join(latest["conditions"])
    return "", "", ""


def _messages(row: Any, lines: list[Any], files: list[FileRow]) -> list[Message]:
    comments = [
        line
        for line in lines
        if line.kind == EntryKind.COMMENT and not commenting.is_opening_comment(row, line)
    ]
    comment_ids = {line.id for line in comments}
    first = Message(
        id=0,
        name=row.requester_name,
        initials=initials_of(row.requester_name),
        color=color_of(row.requester_username),
        role="",
        at=iso_time(row.created_at),
        html=_render_text(row, "description"),
        files=[file for file in files if file.entry_id not in comment_ids],
    )
    return [
        first,
        *(
            Message(
                id=line.id,
                name=line.actor_name or "",
                initials=initials_of(line.actor_name or ""),
                color=color_of(line.actor_username or ""),
                role=texts.TICKET_AUTHOR_STAFF if line.by_staff else "",
                at=iso_time(line.at),
                html=markup.render(line.body or "", text_format=TextFormat(line.body_format)),
                files=[file for file in files if file.entry_id == line.id],
            )
            for line in comments
        ),
    ]


def _status_label(word: str | None) -> str:
    look = theme.STATUS_LOOKS.get(word or "")
    return look.requester_word if look else word or ""


def _priority_label(word: str | None) -> str:
    look = theme.PRIORITY_LOOKS.get(word or "")
    return look.word if look else word or ""


def _describe_status_change(line: Any) -> str:
    old, new = _status_label(line.old_value), _status_label(line.new_value)
    if is_reopening(line.old_value, line.new_value):
        return texts.ticket_history_reopened(old, new)
    return "" if old == new else texts.ticket_history_status(old, new)


def _describe_field_change(line: Any) -> str:
    return texts.ticket_history_field(line.field.replace("_", " "))


def _describe_assignment(line: Any) -> str:
    return (
        texts.ticket_history_assigned(line.new_value)
        if line.new_value
        else texts.TICKET_HISTORY_UNASSIGNED
    )


def _describe_merge(line: Any) -> str:
    if line.new_value:
        return texts.ticket_history_merged(line.new_value)
    return texts.ticket_history_unmerged(line.old_value)


CHANGE_DESCRIPTIONS: Final[dict[str, Callable[[Any], str]]] = {
    "status": _describe_status_change,
    "priority": lambda line: texts.ticket_history_priority(_priority_label(line.new_value)),
    "assignee": _describe_assignment,
    "satisfaction_rating": lambda line: texts.ticket_history_rated(line.new_value),
    "file": lambda line: texts.ticket_history_file_removed(line.old_value),
    "title": lambda line: texts.ticket_history_title(line.new_value),
    "tags": lambda line: texts.ticket_history_tags(line.new_value or "none"),
    "due_at": lambda line: (
        texts.TICKET_HISTORY_DUE_SET if line.new_value else texts.TICKET_HISTORY_DUE_REMOVED
    ),
    "follow_up": lambda line: texts.ticket_history_follow_up(line.new_value),
    "follow_up_of": lambda line: texts.ticket_history_follow_up_of(line.new_value),
    "merged_into": _describe_merge,
    "merged_from": _describe_merge,
}
"""How changes of these fields are described; other fields are only named."""


APPROVAL_DESCRIPTIONS: Final[dict[str, str]] = {
    ApprovalEvent.REQUESTED: texts.TICKET_HISTORY_APPROVAL_REQUESTED,
    ApprovalEvent.APPROVED: texts.TICKET_HISTORY_APPROVED,
    ApprovalEvent.REJECTED: texts.TICKET_HISTORY_REJECTED,
    ApprovalEvent.INFO_REQUESTED: texts.TICKET_HISTORY_INFO_REQUESTED,
    ApprovalEvent.INFO_GIVEN: texts.TICKET_HISTORY_INFO_GIVEN,
    ApprovalEvent.CANCELLED: texts.TICKET_HISTORY_APPROVAL_CANCELLED,
}
"""Approval events that everyone on the ticket sees."""


def _history_rows(lines: list[Any]) -> list[HistoryRow]:
    return [
        HistoryRow(
            line.id, line.actor_name or texts.TICKET_HISTORY_SYSTEM, action, iso_time(line.at)
        )
        for line in lines
        if (action := _describe_entry(line))
    ]


def _describe_entry(line: Any) -> str:
    match line.kind:
        case EntryKind.CREATED:
            return texts.TICKET_HISTORY_FILED
        case EntryKind.FILE:
            return texts.ticket_history_file_added(line.new_value)
        case EntryKind.APPROVAL:
            return APPROVAL_DESCRIPTIONS.get(line.field, "")
        case EntryKind.CHANGE if line.field:
            return CHANGE_DESCRIPTIONS.get(line.field, _describe_field_change)(line)
    return ""


def _detail_facts(row: Any) -> list[Fact]:
    environment = row.environment or {}
    facts = {
        texts.TICKET_SECTION: format_label(row.section),
        texts.TICKET_PLUGIN: row.plugin_name,
        texts.TICKET_VERSION: row.client_version,
        texts.TICKET_SEVERITY: format_label(row.severity) if row.kind == Kind.BUG else "",
        texts.TICKET_RATE: format_label(row.reproduction_rate or ""),
        texts.TICKET_DEPARTMENT: row.department_name,
        **{
            ENVIRONMENT_LABELS.get(name) or format_label(str(name)): str(value)
            for name, value in environment.items()
            if isinstance(value, str | int | float)
        },
    }
    return [Fact(name, value) for name, value in facts.items() if value]


def _long_texts(row: Any) -> list[Fact]:
    long_texts = {
        texts.TICKET_STEPS: _render_text(row, "steps_to_reproduce"),
        texts.TICKET_EXPECTED: _render_text(row, "expected_behavior"),
        texts.TICKET_ACTUAL: _render_text(row, "actual_behavior"),
        texts.TICKET_NOTE: _render_text(row, "public_notes") or _render_text(row, "admin_feedback"),
    }
    return [Fact(name, text) for name, text in long_texts.items() if text]


def _render_text(row: Any, name: str) -> str:
    """Render one of the ticket's texts as HTML."""
    text_format = text_formats.get_format(row, name)
    return markup.render(getattr(row, name) or "", text_format=text_format)

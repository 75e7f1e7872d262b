"""What a requester's ticket page shows: read from the core, made into words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting, follow_ups
from ticket_app.core.platform import markup, text_formats, ticket_numbers
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import Desk
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
from ticket_app.core.tickets.conditions import NOT_DONE
from ticket_app.core.tickets.requester_status import (
    PublicReplies,
    RequesterStatus,
    requester_status,
)
from ticket_app.core.tickets.transitions import ReplyOutcome, is_reopening, reply_outcome
from ticket_app.core.timeline import drafts, timeline
from ticket_app.settings import settings
from ticket_app.ui import routes, theme
from ticket_app.ui.pages.portal.files import file_rows
from ticket_app.ui.pages.portal.filing.draft import FACTS, label
from ticket_app.ui.rows import FileRow, color_of, initials_of, moment


@dataclass(frozen=True)
class Message:
    """Something said, with the files that came with it."""

    id: int
    name: str
    initials: str
    color: int
    role: str
    at: str
    html: str
    files: list[FileRow]


@dataclass(frozen=True)
class Step:
    """Something that happened, as a sentence after the name of who did it."""

    id: int
    who: str
    did: str
    at: str


@dataclass(frozen=True)
class Fact:
    """A detail: its name and its value."""

    name: str
    value: str


@dataclass(frozen=True)
class Seen:
    """A ticket as its requester may see it, and what they have begun to answer."""

    id: int
    number: str
    title: str
    status: str
    kind: str
    priority: str
    created_at: str
    updated_at: str
    standing: str
    hint: str
    can_reopen: bool
    can_rate: bool
    send_label: str
    reply_notice: str
    stars: int
    tags: list[str]
    messages: list[Message]
    steps: list[Step]
    facts: list[Fact]
    told: list[Fact]
    question: str
    verdict: str
    verdict_text: str
    is_merged: bool
    goes_on_in: str
    goes_on_title: str
    goes_on_href: str
    follow_up: str
    follow_up_title: str
    follow_up_href: str
    follow_up_of: str
    follow_up_of_href: str
    answers_here: bool
    draft: str
    draft_at: str
    draft_files: list[FileRow]


class SomebodyElses(NotFound):
    """A ticket that staff sees, but not here: the portal is for one's own."""


def read_ticket(desk: Desk, reference: str) -> Seen:
    """One of the actor's own tickets with all that is public of it.

    Raises `NotFound`; `SomebodyElses` for staff who opened another one's.
    """
    row = ticket_list.read(desk, reference)
    if row.requester_id != desk.actor.id:
        raise SomebodyElses
    lines = [line for line in timeline.lines(desk, row.id) if line.audience == Audience.PUBLIC]
    files = [
        file for file in attachments.of_ticket(desk, row.id) if file.audience == Audience.PUBLIC
    ]
    place = drafts.reply_to(row.id)
    draft = drafts.find(desk, place)
    question, verdict, verdict_text = _approval(desk, row.id)
    is_merged = row.merged_into_id is not None
    end = merging.goes_on_in(desk, row.id) if is_merged else None
    number = ticket_numbers.key(end) if end else ""
    begun = str(draft.content.get("text", "")) if draft else ""
    allowed = allowed_actions(row, desk.actor, now=desk.now)
    outcome = reply_outcome(row, desk.actor, desk.now)
    shown = requester_status(
        row, PublicReplies.of(lines, row.requester_id), outcome, is_asked=bool(question)
    )
    line, hint = STATUS_LINES[shown]
    label, notice = REPLIES[outcome]
    closed = row.status_group not in NOT_DONE
    follow_up = follow_ups.continuing(desk, row.id) if closed else None
    later = ticket_numbers.key(follow_up) if follow_up else ""
    original = follow_ups.original_of(desk, row.id)
    earlier = ticket_numbers.key(original) if original else ""
    return Seen(
        id=row.id,
        number=ticket_numbers.key(row),
        title=row.title,
        status=row.status,
        kind=row.kind,
        priority=row.priority,
        created_at=moment(row.created_at),
        updated_at=moment(row.updated_at),
        standing=line,
        hint=hint,
        can_reopen=Action.REOPEN in allowed,
        can_rate=Action.RATE in allowed and not is_merged,
        send_label=label,
        reply_notice=_notice(outcome, notice, later, closed=closed),
        stars=row.satisfaction_rating or 0,
        tags=list(row.tags),
        messages=_messages(row, lines, file_rows(files)),
        steps=_steps(lines),
        facts=_facts(row),
        told=_told(row),
        question=question,
        verdict=verdict,
        verdict_text=verdict_text,
        is_merged=is_merged,
        goes_on_in=number,
        goes_on_title=end.title if end else "",
        goes_on_href=routes.portal_ticket(number) if number else "",
        follow_up=later,
        follow_up_title=follow_up.title if follow_up else "",
        follow_up_href=routes.portal_ticket(later) if later else "",
        follow_up_of=earlier,
        follow_up_of_href=routes.portal_ticket(earlier) if earlier else "",
        answers_here=Action.COMMENT in allowed or bool(begun),
        draft=begun,
        draft_at=moment(draft.updated_at) if draft else "",
        draft_files=file_rows(attachments.of_draft(desk, place)),
    )


STATUS_LINES: Final[dict[RequesterStatus, tuple[str, str]]] = {
    RequesterStatus.RECEIVED: ("We have your request", "Someone will read it and answer here."),
    RequesterStatus.READ: (
        "Your request is in good hands",
        "It has been read and is waiting for its turn.",
    ),
    RequesterStatus.IN_WORK: ("We are working on it", "You will hear from us here."),
    RequesterStatus.ANSWERED: ("We answered", "Reply below if you need more."),
    RequesterStatus.ANSWERED_IN_WORK: (
        "We answered and are working on it",
        "Reply below if you want to add something.",
    ),
    RequesterStatus.REPLIED: ("We have your reply", "Someone will read it and answer here."),
    RequesterStatus.REPLIED_IN_WORK: (
        "We are working on it",
        "We have your reply and will answer here.",
    ),
    RequesterStatus.REOPENED: ("We are looking at it again", "You will hear from us here."),
    RequesterStatus.NEEDS_REPLY: ("We need something from you", "Answer below and we carry on."),
    RequesterStatus.IN_APPROVAL: (
        "Someone has to approve this first",
        "We carry on as soon as they decide.",
    ),
    RequesterStatus.SOLVED: ("This is solved", "If it is not, reply below or reopen it."),
    RequesterStatus.SOLVED_LONG_AGO: ("This is solved", "If you need more, reply below."),
    RequesterStatus.CLOSED: ("This request is closed", "If the problem is back, reply below."),
    RequesterStatus.CLOSED_LONG_AGO: (
        "This request is closed",
        "If the problem is back, reply below.",
    ),
    RequesterStatus.DUPLICATE: ("This is answered in another request", "We handle both together."),
    RequesterStatus.MERGED: ("This continues in another request", "We handle both together."),
    RequesterStatus.NOT_PLANNED: (
        "We will not change this",
        "The conversation below says why.",
    ),
}
"""The line shown for each status, and what comes next."""

REPLIES: Final[dict[ReplyOutcome, tuple[str, str]]] = {
    ReplyOutcome.KEPT: ("Reply", "Your reply will be added here. This ticket stays closed."),
    ReplyOutcome.RESUMED: ("Reply", ""),
    ReplyOutcome.REOPENED: ("Reply and reopen", "Your reply will reopen this ticket."),
    ReplyOutcome.FOLLOW_UP: (
        "Reply in a new ticket",
        "This ticket was closed more than {days} days ago. "
        "Your reply will open a new ticket linked to it.",
    ),
    ReplyOutcome.REFUSED: ("Reply", ""),
}
"""The button that sends a reply, and what is said before about what it will do."""


def _notice(outcome: ReplyOutcome, words: str, later: str, *, closed: bool) -> str:
    """What a reply will do, where that is more than being added to an open ticket."""
    if outcome is ReplyOutcome.KEPT and not closed:
        return ""
    if outcome is ReplyOutcome.FOLLOW_UP and later:
        return f"This ticket is closed. Your reply will be added to {later}, which continues it."
    return words.format(days=settings().reopen_days)


def _approval(desk: Desk, ticket_id: int) -> tuple[str, str, str]:
    """What is asked before the ticket is approved; else how the latest approval ended, and why."""
    told = approval_listing.of_ticket(desk, ticket_id)
    latest = told[0] if told else {}
    match latest.get("state"):
        case ApprovalState.INFO_REQUESTED:
            return latest["question"] or "", "", ""
        case ApprovalState.REJECTED:
            return "", "This was not approved", latest["rejected_because"] or ""
        case ApprovalState.APPROVED if latest["conditions"]:
            return "", "Approved on these conditions", "; ".join(latest["conditions"])
    return "", "", ""


def _messages(row: Any, lines: list[Any], files: list[FileRow]) -> list[Message]:
    comments = [
        line
        for line in lines
        if line.kind == EntryKind.COMMENT and not commenting.is_opening_comment(row, line)
    ]
    said_in = {line.id for line in comments}
    first = Message(
        id=0,
        name=row.requester_name,
        initials=initials_of(row.requester_name),
        color=color_of(row.requester_username),
        role="",
        at=moment(row.created_at),
        html=_text(row, "description"),
        files=[file for file in files if file.entry_id not in said_in],
    )
    return [
        first,
        *(
            Message(
                id=line.id,
                name=line.actor_name or "",
                initials=initials_of(line.actor_name or ""),
                color=color_of(line.actor_username or ""),
                role="Support" if line.by_staff else "",
                at=moment(line.at),
                html=markup.render(line.body or "", text_format=TextFormat(line.body_format)),
                files=[file for file in files if file.entry_id == line.id],
            )
            for line in comments
        ),
    ]


def _status(word: str | None) -> str:
    look = theme.STATUS.get(word or "")
    return look.requester_word if look else word or ""


def _priority(word: str | None) -> str:
    look = theme.PRIORITY.get(word or "")
    return look.word if look else word or ""


def _moved(line: Any) -> str:
    old, new = _status(line.old_value), _status(line.new_value)
    if is_reopening(line.old_value, line.new_value):
        return f"reopened it: {old} to {new}"
    return "" if old == new else f"moved it from {old} to {new}"


def _changed(line: Any) -> str:
    return f"changed the {line.field.replace('_', ' ')}"


def _assigned(line: Any) -> str:
    return f"gave it to {line.new_value}" if line.new_value else "gave it back to the queue"


def _joined(line: Any) -> str:
    if line.new_value:
        return f"put it together with {line.new_value}"
    return f"took {line.old_value} apart from it again"


DID: Final[dict[str, Callable[[Any], str]]] = {
    "status": _moved,
    "priority": lambda line: f"set the priority to {_priority(line.new_value)}",
    "assignee": _assigned,
    "satisfaction_rating": lambda line: f"rated the answer {line.new_value} of 5",
    "file": lambda line: f"removed the file {line.old_value}",
    "title": lambda line: f"changed the title to {line.new_value}",
    "tags": lambda line: f"set the tags to {line.new_value or 'none'}",
    "due_at": lambda line: "set when it is due" if line.new_value else "took the due date away",
    "follow_up": lambda line: f"replied in a new ticket, {line.new_value}",
    "follow_up_of": lambda line: f"opened it as a follow-up to {line.new_value}",
    "merged_into": _joined,
    "merged_from": _joined,
}
"""How a change of a field is told, if at all; others are named only."""


APPROVAL: Final[dict[str, str]] = {
    ApprovalEvent.REQUESTED: "asked for approval",
    ApprovalEvent.APPROVED: "approved it",
    ApprovalEvent.REJECTED: "did not approve it",
    ApprovalEvent.INFO_REQUESTED: "asked something before approving it",
    ApprovalEvent.INFO_GIVEN: "answered what was asked",
    ApprovalEvent.CANCELLED: "took the request for approval back",
}
"""What everybody on a ticket reads of its approval."""


def _steps(lines: list[Any]) -> list[Step]:
    return [
        Step(line.id, line.actor_name or "The desk", did, moment(line.at))
        for line in lines
        if (did := _did(line))
    ]


def _did(line: Any) -> str:
    match line.kind:
        case EntryKind.CREATED:
            return "filed the ticket"
        case EntryKind.FILE:
            return f"added the file {line.new_value}"
        case EntryKind.APPROVAL:
            return APPROVAL.get(line.field, "")
        case EntryKind.CHANGE if line.field:
            return DID.get(line.field, _changed)(line)
    return ""


def _facts(row: Any) -> list[Fact]:
    environment = row.environment or {}
    facts = {
        "Section": label(row.section),
        "Plugin": row.plugin_name,
        "Version": row.client_version,
        "Severity": label(row.severity) if row.kind == Kind.BUG else "",
        "How often": label(row.reproduction_rate or ""),
        "Department": row.department_name,
        **{
            FACTS.get(name) or label(str(name)): str(value)
            for name, value in environment.items()
            if isinstance(value, str | int | float)
        },
    }
    return [Fact(name, value) for name, value in facts.items() if value]


def _told(row: Any) -> list[Fact]:
    texts = {
        "Steps to reproduce": _text(row, "steps_to_reproduce"),
        "What you expected": _text(row, "expected_behavior"),
        "What happened instead": _text(row, "actual_behavior"),
        "Note from support": _text(row, "public_notes") or _text(row, "admin_feedback"),
    }
    return [Fact(name, text) for name, text in texts.items() if text]


def _text(row: Any, name: str) -> str:
    """One of the texts of a ticket as HTML."""
    text_format = text_formats.format_of(row, name)
    return markup.render(getattr(row, name) or "", text_format=text_format)

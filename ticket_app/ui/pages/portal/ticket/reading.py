"""What a requester's ticket page shows: read from the core, made into words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ticket_app.core import (
    approval_lists,
    attachments,
    drafts,
    markup,
    merging,
    numbering,
    queue,
    timeline,
)
from ticket_app.core.desk import Desk
from ticket_app.core.errors import NotFound
from ticket_app.core.words import (
    ApprovalEvent,
    ApprovalState,
    Audience,
    EntryKind,
    Group,
    Kind,
)
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
    is_done: bool
    can_reopen: bool
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
    row = queue.read(desk, reference)
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
    number = numbering.key(end) if end else ""
    begun = str(draft.content.get("text", "")) if draft else ""
    return Seen(
        id=row.id,
        number=numbering.key(row),
        title=row.title,
        status=row.status,
        kind=row.kind,
        priority=row.priority,
        created_at=moment(row.created_at),
        updated_at=moment(row.updated_at),
        is_done=row.status_group == Group.DONE,
        can_reopen=row.status_group == Group.DONE and not is_merged,
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
        answers_here=not is_merged or bool(begun),
        draft=begun,
        draft_at=moment(draft.updated_at) if draft else "",
        draft_files=file_rows(attachments.of_draft(desk, place)),
    )


def _approval(desk: Desk, ticket_id: int) -> tuple[str, str, str]:
    """What is asked before the ticket is approved; else how the latest approval ended, and why."""
    told = approval_lists.of_ticket(desk, ticket_id)
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
    comments = [line for line in lines if line.kind == EntryKind.COMMENT]
    said_in = {line.id for line in comments}
    first = Message(
        id=0,
        name=row.requester_name,
        initials=initials_of(row.requester_name),
        color=color_of(row.requester_username),
        role="",
        at=moment(row.created_at),
        html=markup.render(row.description),
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
                html=markup.render(line.body or ""),
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
        "Steps to reproduce": row.steps_to_reproduce,
        "What you expected": row.expected_behavior,
        "What happened instead": row.actual_behavior,
        "Note from support": row.public_notes or row.admin_feedback,
    }
    return [Fact(name, markup.render(text)) for name, text in texts.items() if text]

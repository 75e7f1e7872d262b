"""A ticket's page as rows: its facts, its conversation and events, its files, its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting as comments
from ticket_app.core.conversation import follow_ups
from ticket_app.core.platform import markup, text_formats, ticket_numbers
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    Audience,
    EntryKind,
    ScanStatus,
    TextFormat,
)
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.allowed_actions import allowed_actions
from ticket_app.core.tickets.conditions import NOT_DONE
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.transitions import is_reopening
from ticket_app.core.timeline import drafts, timeline
from ticket_app.ui import routes, theme
from ticket_app.ui.rows import (
    Clock,
    FileRow,
    color_of,
    due_clock,
    initials_of,
    moment,
    promised,
)

OTHERS: Final = 5
FEW_EVENTS: Final = 3
LONGEST_SAID: Final = 120
FIELDS: Final[dict[str, str]] = {
    "status": "status",
    "priority": "priority",
    "kind": "kind",
    "severity": "severity",
    "assignee": "assignee",
    "team": "team",
    "company": "company",
    "department": "department",
    "due_at": "due date",
    "admin_feedback": "feedback",
    "internal_notes": "working notes",
    "public_notes": "public notes",
    "duplicate_of": "original",
    "steps_to_reproduce": "steps to reproduce",
    "expected_behavior": "expected behaviour",
    "actual_behavior": "actual behaviour",
    "plugin_name": "plugin",
    "client_version": "version",
    "text_format": "text format",
    "file": "file",
}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "status": theme.STATUS,
    "priority": theme.PRIORITY,
    "kind": theme.KIND,
}
LONG: Final = frozenset(
    {
        "description",
        "admin_feedback",
        "internal_notes",
        "public_notes",
        "steps_to_reproduce",
        "expected_behavior",
        "actual_behavior",
        "environment",
    }
)
APPROVAL: Final[dict[str, str]] = {
    ApprovalEvent.REQUESTED: "asked for approval",
    ApprovalEvent.ASKED: "asked for the approval of",
    ApprovalEvent.APPROVED: "approved it",
    ApprovalEvent.REJECTED: "did not approve it",
    ApprovalEvent.REMARK: "remarked on the approval",
    ApprovalEvent.DELEGATED: "delegated the approval to",
    ApprovalEvent.INFO_REQUESTED: "asked the requester before approving",
    ApprovalEvent.INFO_GIVEN: "answered what the approvers asked",
    ApprovalEvent.ESCALATED: "brought the late approval to",
    ApprovalEvent.CANCELLED: "took the request for approval back",
}
NAMING: Final = frozenset({ApprovalEvent.ASKED, ApprovalEvent.DELEGATED, ApprovalEvent.ESCALATED})
"""What of an approval names people in its new value."""
TOGETHER: Final = {
    "merged_into": ("split this off from", "merged this into"),
    "merged_from": ("split off", "merged in"),
}
"""What was done when a merge was undone, or made."""
FOLLOWS: Final = {
    "follow_up": "replied to the closed ticket in a new one,",
    "follow_up_of": "opened this as a follow-up to",
}
"""What was done when a late reply opened a new ticket."""
SEVERITIES: Final = {
    "critical": "Critical",
    "major": "Major",
    "minor": "Minor",
    "cosmetic": "Cosmetic",
}
BUG_TEXTS: Final = (
    ("steps_to_reproduce", "Steps to reproduce"),
    ("expected_behavior", "Expected"),
    ("actual_behavior", "Actual"),
)


@dataclass(frozen=True)
class Fact:
    """A word and what stands behind it."""

    label: str
    value: str


@dataclass(frozen=True)
class EventRow:
    """Something that happened, on one small line."""

    id: int
    name: str
    did: str
    old: str
    new: str
    at: str
    of_moments: bool = False
    """`old` and `new` are moments, shown in the browser's own time zone."""
    is_new: bool = False
    """It happened since the reader last looked, and is marked."""


@dataclass(frozen=True)
class Item:
    """A message, a note, or the events between two of them."""

    id: int
    sort: str
    name: str = ""
    initials: str = ""
    color: int = 0
    role: str = ""
    at: str = ""
    html: str = ""
    anchor: str = ""
    files: list[FileRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    more: str = ""
    has_new: bool = False
    """An event of it happened since the reader last looked."""
    is_first_new: bool = False


def mark_new(items: Sequence[Item], others: Sequence[int]) -> list[Item]:
    """Mark the events that other people caused (by their ids), and the first item with one."""
    new, marked, found = set(others), list(items), False
    for n, item in enumerate(marked):
        if not new & {event.id for event in item.events}:
            continue
        events = [replace(event, is_new=event.id in new) for event in item.events]
        marked[n] = replace(item, events=events, has_new=True, is_first_new=not found)
        found = True
    return marked


@dataclass(frozen=True)
class Related:
    """Another ticket, on one line."""

    id: int
    number: str
    href: str
    title: str
    status: str


@dataclass(frozen=True)
class TicketRow:
    """What a ticket's page shows of it beside its conversation."""

    id: int = 0
    number: str = ""
    title: str = ""
    version: int = 0
    status: str = "new"
    priority: str = "medium"
    kind: str = "other"
    severity: str = ""
    assignee: str = ""
    assignee_id: int = 0
    assignee_initials: str = ""
    assignee_color: int = 0
    team: str = ""
    tags: list[str] = field(default_factory=list)
    section: str = ""
    due: Clock = field(default_factory=Clock)
    response: Clock = field(default_factory=Clock)
    resolution: Clock = field(default_factory=Clock)
    company: str = ""
    department: str = ""
    feedback: str = ""
    notes: str = ""
    created_at: str = ""
    updated_at: str = ""
    channel: str = ""
    done: bool = False
    requester: str = ""
    requester_id: int = 0
    requester_email: str = ""
    requester_initials: str = ""
    requester_color: int = 0
    environment: list[Fact] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    """What the person who works on it may do (`ticket_actions.Action`)."""
    statuses: list[str] = field(default_factory=list)
    """Which statuses they may choose."""
    answered: bool = False

    seen: str = ""
    """What every change made on the page carries: the ticket shown, at its version."""


def ticket_row(desk: Desk, row: Any) -> TicketRow:
    """From the whole row of `queue.read`, as the actor may work on it now."""
    now = desk.now
    response, resolution = promised(row, now)
    environment = [
        Fact(str(name).replace("_", " ").capitalize(), str(value)[:500])
        for name, value in (row.environment or {}).items()
        if value not in (None, "", [], {})
    ]
    for name, label in (("plugin_name", "Plugin"), ("client_version", "Version")):
        if getattr(row, name):
            environment.insert(0, Fact(label, getattr(row, name)))
    if row.reproduction_rate:
        environment.append(Fact("Happens", row.reproduction_rate))
    return TicketRow(
        id=row.id,
        number=ticket_numbers.key(row),
        title=row.title,
        version=row.version,
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        severity=SEVERITIES.get(row.severity, row.severity),
        assignee=row.assignee_name or "",
        assignee_id=row.assignee_id or 0,
        assignee_initials=initials_of(row.assignee_name) if row.assignee_name else "",
        assignee_color=color_of(row.assignee_username) if row.assignee_username else 0,
        team=row.team_name or "",
        tags=list(row.tags),
        section=row.section,
        due=due_clock(row),
        response=response,
        resolution=resolution,
        company=row.company_name or "",
        department=row.department_name or "",
        feedback=_text(row, "admin_feedback"),
        notes=_text(row, "internal_notes"),
        created_at=moment(row.created_at),
        updated_at=moment(row.updated_at),
        channel=row.channel,
        done=row.status_group == "done",
        requester=row.requester_name,
        requester_id=row.requester_id,
        requester_email=row.requester_email,
        requester_initials=initials_of(row.requester_name),
        requester_color=color_of(row.requester_username),
        environment=environment,
        allowed=sorted(allowed_actions(row, desk.actor, now=now)),
        statuses=[str(status) for status in approval_requests.statuses_to_choose(desk, row)],
        answered=row.first_response_at is not None,
        seen=f"{row.id}:{row.version}",
    )


def _size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"


SCAN: Final = {
    ScanStatus.CLEAN: ("clean", ""),
    ScanStatus.PENDING: ("scanning", "Being checked"),
    ScanStatus.INFECTED: ("failed", "Refused by the security scan"),
    ScanStatus.FAILED: ("failed", "Could not be checked"),
}


def file_row(row: Any) -> FileRow:
    """A file's tile."""
    state, note = SCAN[ScanStatus(row.scan_status)]
    name = row.original_name
    address = f"/files/{row.uuid}"
    return FileRow(
        id=str(row.uuid),
        name=name,
        size=row.size,
        href=address,
        thumbnail=address if state == "clean" and row.mime_type.startswith("image/") else "",
        extension=name.rpartition(".")[2][:4] if "." in name else "file",
        state=state,
        note=note or _size(row.size),
        entry_id=row.entry_id or 0,
    )


def _said(name: str, value: str | None) -> str:
    if not value:
        return ""
    if name in LOOKS and value in LOOKS[name]:
        word: str = LOOKS[name][value].word
        return word
    if name == "severity":
        return SEVERITIES.get(value, value)
    if name == "due_at":
        return moment(datetime.fromisoformat(value))
    return value if len(value) <= LONGEST_SAID else value[:LONGEST_SAID] + "…"


PROMISES = {"warned": "warned of", "breached": "missed"}
"""What the desk did about a promise, by the word of its line."""


def _event(line: Any) -> EventRow:
    name = line.field or ""
    word = FIELDS.get(name, name.replace("_", " "))
    old, new = _said(name, line.old_value), _said(name, line.new_value)
    match line.kind:
        case EntryKind.FILE:
            did, old = "attached", ""
        case EntryKind.DELETED:
            did = "moved the ticket to the trash"
        case EntryKind.RESTORED:
            did = "took the ticket out of the trash"
        case EntryKind.SERVICE_LEVEL:
            did = f"{PROMISES.get(line.new_value, 'looked at')} the {word}, promised by"
            old, new = "", _said("due_at", line.old_value)
        case EntryKind.APPROVAL:
            did, old = APPROVAL.get(name, "approval"), ""
            new = new if name in NAMING else _said(name, line.body)
        case _:
            did, old, new = _changed(name, word, old, new)
            if name == "status" and is_reopening(line.old_value, line.new_value):
                did = "reopened the ticket as"
    of_moments = name == "due_at" or line.kind == EntryKind.SERVICE_LEVEL
    who = line.actor_name or "The desk"
    return EventRow(line.id, who, did, old, new, moment(line.at), of_moments)


def _changed(name: str, word: str, old: str, new: str) -> tuple[str, str, str]:
    """What was done to a field, what it was before and what it is now."""
    if name in FOLLOWS:
        return FOLLOWS[name], "", new
    if name in TOGETHER:
        return TOGETHER[name][bool(new)], "", new or old
    if name == "file":
        return "removed the file", old, new
    if name in LONG:
        return f"edited the {word}", old, new
    if name == "assignee":
        return "assigned this to" if new else "unassigned", old, new
    return f"set the {word} to" if new else f"cleared the {word}", old, new


def _message(line: Any, files: Sequence[FileRow]) -> Item:
    is_note = line.audience == Audience.INTERNAL
    return Item(
        id=line.id,
        sort="note" if is_note else "message",
        name=line.actor_name or "The desk",
        initials=initials_of(line.actor_name or "The desk"),
        color=color_of(line.actor_username or ""),
        role="" if line.by_staff else "Requester",
        at=moment(line.at),
        html=markup.render(line.body or "", routes.desk_ticket, TextFormat(line.body_format)),
        anchor=f"entry-{line.id}",
        files=[file for file in files if file.entry_id == line.id],
    )


def _report(row: Any) -> str:
    """The description, and what the bug form asked for, each under its heading."""
    parts = [
        f"<h4>{label}</h4>{_text(row, name)}" for name, label in BUG_TEXTS if getattr(row, name)
    ]
    return "".join([_text(row, "description"), *parts])


def _text(row: Any, name: str) -> str:
    """One of the texts of a ticket as HTML."""
    text_format = text_formats.format_of(row, name)
    return markup.render(getattr(row, name) or "", routes.desk_ticket, text_format)


def conversation(row: Any, lines: Sequence[Any], files: Sequence[FileRow], show: str) -> list[Item]:
    """The description and what followed; `show` is all, talk, notes or history.

    The comment that opened a follow-up is its description.
    """
    opening = next(
        (
            line.id
            for line in lines
            if line.kind == EntryKind.COMMENT and comments.is_opening_comment(row, line)
        ),
        0,
    )
    first = Item(
        id=0,
        sort="message",
        name=row.requester_name,
        initials=initials_of(row.requester_name),
        color=color_of(row.requester_username),
        role="Requester",
        at=moment(row.created_at),
        html=_report(row),
        anchor="description",
        files=[file for file in files if file.entry_id in (0, opening)],
    )
    items = [] if show in ("notes", "history") else [first]
    return [*items, *_items(lines, files, show, opening)]


def _items(
    lines: Sequence[Any], files: Sequence[FileRow], show: str, opening: int
) -> Iterator[Item]:
    events: list[EventRow] = []
    on_messages = {file.name for file in files if file.entry_id}
    for line in lines:
        if line.kind == EntryKind.COMMENT and line.id == opening:
            continue
        if line.kind == EntryKind.COMMENT:
            is_note = line.audience == Audience.INTERNAL
            if show == "history" or (show == "notes" and not is_note):
                continue
            if show == "talk" and is_note:
                continue
            if events:
                yield _together(events, show)
                events = []
            yield _message(line, files)
        elif show in ("all", "history") and line.kind != EntryKind.CREATED:
            shown_there = line.kind == EntryKind.FILE and line.new_value in on_messages
            if show == "history" or not shown_there:
                events.append(_event(line))
    if events:
        yield _together(events, show)


def _together(events: list[EventRow], show: str) -> Item:
    names = list(dict.fromkeys(event.name for event in events))
    noisy = len(events) > FEW_EVENTS and show != "history"
    who = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    return Item(
        id=events[0].id,
        sort="events",
        events=events,
        more=f"{len(events)} changes by {who}" if noisy else "",
        at=events[-1].at,
    )


def related(row: Any) -> Related:
    """A line to another ticket."""
    number = ticket_numbers.key(row)
    return Related(row.id, number, routes.desk_ticket(number), row.title, row.status)


def _original(desk: Desk, ticket_id: int | None) -> list[Related]:
    """What a ticket is a duplicate of, unless that lies in the trash."""
    if ticket_id is None:
        return []
    try:
        return [related(ticket_list.read(desk, ticket_id, "line"))]
    except NotFound:
        return []


@dataclass(frozen=True)
class Side:
    """What stands beside a ticket about its requester and its kin."""

    others: list[Related]
    others_count: str
    original: list[Related]
    duplicates: list[Related]
    follow_up_of: list[Related]
    follow_ups: list[Related]
    requester_since: str


@dataclass(frozen=True)
class Opened:
    """All that a ticket's page shows; `by_others` are lines of changes somebody else made."""

    ticket: TicketRow
    items: list[Item]
    files: list[FileRow]
    side: Side
    by_others: list[tuple[int, str]]
    now: str


def opened(desk: Desk, reference: str | int, show: str) -> Opened:
    """A ticket's page. Raises `NotFound`."""
    desk.actor.must("work_tickets", "work on the desk")
    row = ticket_list.read(desk, reference)
    files = [file_row(file) for file in attachments.of_ticket(desk, row.id)]
    theirs = TicketQuery(requester_id=row.requester_id, group=NOT_DONE, sort="updated")
    others = ticket_list.page(desk, theirs, Slice(OTHERS + 1)).rows
    first = TicketQuery(requester_id=row.requester_id, sort="created", descending=False)
    oldest = ticket_list.page(desk, first, Slice(1)).rows
    lines = timeline.lines(desk, row.id)
    return Opened(
        ticket=ticket_row(desk, row),
        items=conversation(row, lines, files, show),
        files=files,
        side=Side(
            others=[related(other) for other in others if other.id != row.id][:OTHERS],
            others_count=str(
                ticket_list.count(desk, theirs, most=100) - (row.status_group != "done")
            ),
            original=_original(desk, row.duplicate_of_id),
            duplicates=[related(other) for other in ticket_list.duplicates_of(desk, row.id)],
            follow_up_of=[related(other)]
            if (other := follow_ups.original_of(desk, row.id))
            else [],
            follow_ups=[related(other) for other in follow_ups.of(desk, row.id)],
            requester_since=moment(oldest[0].created_at) if oldest else "",
        ),
        by_others=[
            (line.id, line.actor_name or "the desk")
            for line in lines
            if line.kind == EntryKind.CHANGE and line.actor_id != desk.actor.id
        ],
        now=moment(desk.now),
    )


@dataclass(frozen=True)
class Writing:
    """What the agent has begun to write on a ticket."""

    audience: str
    text: str
    saved_at: str
    files: list[FileRow]


def writing(desk: Desk, ticket_id: int) -> Writing:
    """The newest of the actor's two drafts on a ticket, and the files kept with either."""
    places = {"reply": drafts.reply_to(ticket_id), "note": drafts.note_on(ticket_id)}
    kept = {name: drafts.find(desk, place) for name, place in places.items()}
    written = {name: draft for name, draft in kept.items() if draft and draft.content.get("body")}
    files = [
        file_row(row)
        for name, place in places.items()
        if kept[name]
        for row in attachments.of_draft(desk, place)
    ]
    if not written:
        return Writing("reply", "", "", files)
    name = max(written, key=lambda name: written[name].updated_at)
    body = str(written[name].content["body"])
    return Writing(name, body, moment(written[name].updated_at), files)

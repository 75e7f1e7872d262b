"""The rows of a ticket's page: details, conversation, events, files and related tickets."""

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
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    ApprovalEvent,
    Audience,
    EntryKind,
    ScanStatus,
    TextFormat,
)
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.allowed_actions import allowed_actions
from ticket_app.core.tickets.conditions import UNFINISHED_GROUPS
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.transitions import is_reopening
from ticket_app.core.timeline import drafts, timeline
from ticket_app.ui import routes, theme
from ticket_app.ui.rows import (
    DueClock,
    FileRow,
    color_of,
    due_date_clock,
    initials_of,
    iso_time,
    sla_clocks,
)

MAX_OTHER_TICKETS: Final = 5
MAX_UNFOLDED_EVENTS: Final = 3
MAX_SHOWN_VALUE: Final = 120
FIELD_LABELS: Final[dict[str, str]] = {
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
VALUE_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "status": theme.STATUS_LOOKS,
    "priority": theme.PRIORITY_LOOKS,
    "kind": theme.KIND_LOOKS,
}
LONG_TEXT_FIELDS: Final = frozenset(
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
APPROVAL_ACTIONS: Final[dict[str, str]] = {
    ApprovalEvent.REQUESTED: "requested approval",
    ApprovalEvent.ASKED: "requested approval from",
    ApprovalEvent.APPROVED: "approved",
    ApprovalEvent.REJECTED: "rejected",
    ApprovalEvent.REMARK: "commented on the approval",
    ApprovalEvent.DELEGATED: "delegated the approval to",
    ApprovalEvent.INFO_REQUESTED: "asked the requester for information",
    ApprovalEvent.INFO_GIVEN: "answered the approvers' question",
    ApprovalEvent.ESCALATED: "escalated the approval to",
    ApprovalEvent.CANCELLED: "withdrew the approval request",
}
APPROVALS_NAMING_PEOPLE: Final = frozenset(
    {ApprovalEvent.ASKED, ApprovalEvent.DELEGATED, ApprovalEvent.ESCALATED}
)
"""The approval events whose new value names people."""
MERGE_ACTIONS: Final = {
    "merged_into": ("unmerged this from", "merged this into"),
    "merged_from": ("unmerged", "merged in"),
}
"""The actions of undoing and making a merge."""
FOLLOW_UP_ACTIONS: Final = {
    "follow_up": "replied to the closed ticket and opened",
    "follow_up_of": "opened this as a follow-up to",
}
"""The actions of opening a follow-up ticket by a late reply."""
SEVERITY_LABELS: Final = {
    "critical": "Critical",
    "major": "Major",
    "minor": "Minor",
    "cosmetic": "Cosmetic",
}
BUG_FIELDS: Final = (
    ("steps_to_reproduce", "Steps to reproduce"),
    ("expected_behavior", "Expected"),
    ("actual_behavior", "Actual"),
)


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class EventRow:
    """An event on the timeline."""

    id: int
    name: str
    action: str
    old: str
    new: str
    at: str
    shows_times: bool = False
    """`old` and `new` are moments, shown in the browser's time zone."""
    is_new: bool = False
    """The event happened since the reader last looked, and is highlighted."""


@dataclass(frozen=True)
class ConversationItem:
    """A message, a note, or a group of events."""

    id: int
    kind: str
    name: str = ""
    initials: str = ""
    color: int = 0
    role: str = ""
    at: str = ""
    html: str = ""
    anchor: str = ""
    files: list[FileRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    summary: str = ""
    has_new: bool = False
    """One of the events happened since the reader last looked."""
    is_first_new: bool = False


def mark_new(
    items: Sequence[ConversationItem], new_event_ids: Sequence[int]
) -> list[ConversationItem]:
    """Mark the events with these ids as new, and the first item that has one."""
    new_ids, marked, found = set(new_event_ids), list(items), False
    for n, item in enumerate(marked):
        if not new_ids & {event.id for event in item.events}:
            continue
        events = [replace(event, is_new=event.id in new_ids) for event in item.events]
        marked[n] = replace(item, events=events, has_new=True, is_first_new=not found)
        found = True
    return marked


@dataclass(frozen=True)
class RelatedTicket:
    """A link to another ticket."""

    id: int
    number: str
    href: str
    title: str
    status: str


@dataclass(frozen=True)
class TicketDetails:
    """The properties of a ticket."""

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
    due: DueClock = field(default_factory=DueClock)
    response: DueClock = field(default_factory=DueClock)
    resolution: DueClock = field(default_factory=DueClock)
    company: str = ""
    department: str = ""
    feedback: str = ""
    notes: str = ""
    created_at: str = ""
    updated_at: str = ""
    channel: str = ""
    is_done: bool = False
    requester: str = ""
    requester_id: int = 0
    requester_email: str = ""
    requester_initials: str = ""
    requester_color: int = 0
    environment: list[Fact] = field(default_factory=list)
    allowed_actions: list[str] = field(default_factory=list)
    """The actions that the actor may take on the ticket (`Action`)."""
    allowed_statuses: list[str] = field(default_factory=list)
    """The statuses that the actor may choose."""
    has_response: bool = False

    version_token: str = ""
    """Identifies the ticket and its version; every change from the page sends it."""


def ticket_details(uow: UnitOfWork, row: Any) -> TicketDetails:
    """Return the properties of a ticket and what the actor may do with it."""
    now = uow.now
    response, resolution = sla_clocks(row, now)
    environment = [
        Fact(str(name).replace("_", " ").capitalize(), str(value)[:500])
        for name, value in (row.environment or {}).items()
        if value not in (None, "", [], {})
    ]
    for name, label in (("plugin_name", "Plugin"), ("client_version", "Version")):
        if getattr(row, name):
            environment.insert(0, Fact(label, getattr(row, name)))
    if row.reproduction_rate:
        environment.append(Fact("Frequency", row.reproduction_rate))
    return TicketDetails(
        id=row.id,
        number=ticket_numbers.format_key(row),
        title=row.title,
        version=row.version,
        status=row.status,
        priority=row.priority,
        kind=row.kind,
        severity=SEVERITY_LABELS.get(row.severity, row.severity),
        assignee=row.assignee_name or "",
        assignee_id=row.assignee_id or 0,
        assignee_initials=initials_of(row.assignee_name) if row.assignee_name else "",
        assignee_color=color_of(row.assignee_username) if row.assignee_username else 0,
        team=row.team_name or "",
        tags=list(row.tags),
        section=row.section,
        due=due_date_clock(row),
        response=response,
        resolution=resolution,
        company=row.company_name or "",
        department=row.department_name or "",
        feedback=_render_text(row, "admin_feedback"),
        notes=_render_text(row, "internal_notes"),
        created_at=iso_time(row.created_at),
        updated_at=iso_time(row.updated_at),
        channel=row.channel,
        is_done=row.status_group == "done",
        requester=row.requester_name,
        requester_id=row.requester_id,
        requester_email=row.requester_email,
        requester_initials=initials_of(row.requester_name),
        requester_color=color_of(row.requester_username),
        environment=environment,
        allowed_actions=sorted(allowed_actions(row, uow.actor, now=now)),
        allowed_statuses=[
            str(status) for status in approval_requests.list_available_statuses(uow, row)
        ],
        has_response=row.first_response_at is not None,
        version_token=f"{row.id}:{row.version}",
    )


def _format_size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"


SCAN_STATES: Final = {
    ScanStatus.CLEAN: ("clean", ""),
    ScanStatus.PENDING: ("scanning", "Scanning"),
    ScanStatus.INFECTED: ("failed", "Blocked by the security scan"),
    ScanStatus.FAILED: ("failed", "Security scan failed"),
}


def file_row(row: Any) -> FileRow:
    """Return the tile of a file."""
    state, note = SCAN_STATES[ScanStatus(row.scan_status)]
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
        note=note or _format_size(row.size),
        entry_id=row.entry_id or 0,
    )


def _format_value(name: str, value: str | None) -> str:
    if not value:
        return ""
    if name in VALUE_LOOKS and value in VALUE_LOOKS[name]:
        label: str = VALUE_LOOKS[name][value].word
        return label
    if name == "severity":
        return SEVERITY_LABELS.get(value, value)
    if name == "due_at":
        return iso_time(datetime.fromisoformat(value))
    return value if len(value) <= MAX_SHOWN_VALUE else value[:MAX_SHOWN_VALUE] + "…"


SLA_ACTIONS = {"warned": "is at risk,", "breached": "was missed,"}
"""The actions of SLA events, by their new value."""


def _event_row(line: Any) -> EventRow:
    name = line.field or ""
    label = FIELD_LABELS.get(name, name.replace("_", " "))
    old, new = _format_value(name, line.old_value), _format_value(name, line.new_value)
    match line.kind:
        case EntryKind.FILE:
            action, old = "attached", ""
        case EntryKind.DELETED:
            action = "moved the ticket to the trash"
        case EntryKind.RESTORED:
            action = "restored the ticket"
        case EntryKind.SERVICE_LEVEL:
            action = (
                f"noted that the {label} target {SLA_ACTIONS.get(line.new_value, 'changed,')} due"
            )
            old, new = "", _format_value("due_at", line.old_value)
        case EntryKind.APPROVAL:
            action, old = APPROVAL_ACTIONS.get(name, "approval"), ""
            new = new if name in APPROVALS_NAMING_PEOPLE else _format_value(name, line.body)
        case _:
            action, old, new = _describe_change(name, label, old, new)
            if name == "status" and is_reopening(line.old_value, line.new_value):
                action = "reopened the ticket as"
    shows_times = name == "due_at" or line.kind == EntryKind.SERVICE_LEVEL
    actor_name = line.actor_name or "System"
    return EventRow(line.id, actor_name, action, old, new, iso_time(line.at), shows_times)


def _describe_change(name: str, label: str, old: str, new: str) -> tuple[str, str, str]:
    """Return the action on a field, its old value and its new one."""
    if name in FOLLOW_UP_ACTIONS:
        return FOLLOW_UP_ACTIONS[name], "", new
    if name in MERGE_ACTIONS:
        return MERGE_ACTIONS[name][bool(new)], "", new or old
    if name == "file":
        return "removed the file", old, new
    if name in LONG_TEXT_FIELDS:
        return f"edited the {label}", old, new
    if name == "assignee":
        return "assigned this to" if new else "unassigned", old, new
    return f"set the {label} to" if new else f"cleared the {label}", old, new


def _message_item(line: Any, files: Sequence[FileRow]) -> ConversationItem:
    is_note = line.audience == Audience.INTERNAL
    return ConversationItem(
        id=line.id,
        kind="note" if is_note else "message",
        name=line.actor_name or "System",
        initials=initials_of(line.actor_name or "System"),
        color=color_of(line.actor_username or ""),
        role="" if line.by_staff else "Requester",
        at=iso_time(line.at),
        html=markup.render(line.body or "", routes.desk_ticket, TextFormat(line.body_format)),
        anchor=f"entry-{line.id}",
        files=[file for file in files if file.entry_id == line.id],
    )


def _description_html(row: Any) -> str:
    """Return the description and the fields of the bug form, each under its heading."""
    parts = [
        f"<h4>{label}</h4>{_render_text(row, name)}"
        for name, label in BUG_FIELDS
        if getattr(row, name)
    ]
    return "".join([_render_text(row, "description"), *parts])


def _render_text(row: Any, name: str) -> str:
    """Return a text field of a ticket as HTML."""
    text_format = text_formats.get_format(row, name)
    return markup.render(getattr(row, name) or "", routes.desk_ticket, text_format)


def conversation_items(
    row: Any, lines: Sequence[Any], files: Sequence[FileRow], shown_kind: str
) -> list[ConversationItem]:
    """Return the description and the timeline; `shown_kind` is all, talk, notes or history.

    The comment that opened a follow-up is its description.
    """
    opening_id = next(
        (
            line.id
            for line in lines
            if line.kind == EntryKind.COMMENT and comments.is_opening_comment(row, line)
        ),
        0,
    )
    first = ConversationItem(
        id=0,
        kind="message",
        name=row.requester_name,
        initials=initials_of(row.requester_name),
        color=color_of(row.requester_username),
        role="Requester",
        at=iso_time(row.created_at),
        html=_description_html(row),
        anchor="description",
        files=[file for file in files if file.entry_id in (0, opening_id)],
    )
    items = [] if shown_kind in ("notes", "history") else [first]
    return [*items, *_timeline_items(lines, files, shown_kind, opening_id)]


def _timeline_items(
    lines: Sequence[Any], files: Sequence[FileRow], shown_kind: str, opening_id: int
) -> Iterator[ConversationItem]:
    events: list[EventRow] = []
    names_on_messages = {file.name for file in files if file.entry_id}
    for line in lines:
        if line.kind == EntryKind.COMMENT and line.id == opening_id:
            continue
        if line.kind == EntryKind.COMMENT:
            is_note = line.audience == Audience.INTERNAL
            if shown_kind == "history" or (shown_kind == "notes" and not is_note):
                continue
            if shown_kind == "talk" and is_note:
                continue
            if events:
                yield _event_group(events, shown_kind)
                events = []
            yield _message_item(line, files)
        elif shown_kind in ("all", "history") and line.kind != EntryKind.CREATED:
            is_shown_on_message = (
                line.kind == EntryKind.FILE and line.new_value in names_on_messages
            )
            if shown_kind == "history" or not is_shown_on_message:
                events.append(_event_row(line))
    if events:
        yield _event_group(events, shown_kind)


def _event_group(events: list[EventRow], shown_kind: str) -> ConversationItem:
    names = list(dict.fromkeys(event.name for event in events))
    is_long = len(events) > MAX_UNFOLDED_EVENTS and shown_kind != "history"
    actors = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    return ConversationItem(
        id=events[0].id,
        kind="events",
        events=events,
        summary=f"{len(events)} changes by {actors}" if is_long else "",
        at=events[-1].at,
    )


def related_ticket(row: Any) -> RelatedTicket:
    """Return a link to another ticket."""
    number = ticket_numbers.format_key(row)
    return RelatedTicket(row.id, number, routes.desk_ticket(number), row.title, row.status)


def _duplicate_original(uow: UnitOfWork, ticket_id: int | None) -> list[RelatedTicket]:
    """Return the original of a duplicate, unless it is in the trash."""
    if ticket_id is None:
        return []
    try:
        return [related_ticket(ticket_list.read_ticket(uow, ticket_id, "summary"))]
    except NotFound:
        return []


@dataclass(frozen=True)
class SidePanel:
    """The requester's other tickets and the tickets related to this one."""

    other_tickets: list[RelatedTicket]
    other_tickets_count: str
    original: list[RelatedTicket]
    duplicates: list[RelatedTicket]
    follow_up_of: list[RelatedTicket]
    follow_ups: list[RelatedTicket]
    requester_since: str


@dataclass(frozen=True)
class TicketPageData:
    """Everything that a ticket's page shows; `changes_by_others` are event ids and actor names."""

    ticket: TicketDetails
    items: list[ConversationItem]
    files: list[FileRow]
    side_panel: SidePanel
    changes_by_others: list[tuple[int, str]]
    now: str


def load_ticket_page(uow: UnitOfWork, reference: str | int, shown_kind: str) -> TicketPageData:
    """Return a ticket's page. Raises `NotFound`."""
    uow.actor.require("work_tickets", "work on tickets")
    row = ticket_list.read_ticket(uow, reference)
    files = [file_row(file) for file in attachments.list_ticket_files(uow, row.id)]
    open_query = TicketQuery(requester_id=row.requester_id, group=UNFINISHED_GROUPS, sort="updated")
    others = ticket_list.page(uow, open_query, PageRequest(MAX_OTHER_TICKETS + 1)).rows
    oldest_query = TicketQuery(requester_id=row.requester_id, sort="created", descending=False)
    oldest = ticket_list.page(uow, oldest_query, PageRequest(1)).rows
    lines = timeline.list_entries(uow, row.id)
    return TicketPageData(
        ticket=ticket_details(uow, row),
        items=conversation_items(row, lines, files, shown_kind),
        files=files,
        side_panel=SidePanel(
            other_tickets=[related_ticket(other) for other in others if other.id != row.id][
                :MAX_OTHER_TICKETS
            ],
            other_tickets_count=str(
                ticket_list.count_tickets(uow, open_query, limit=100) - (row.status_group != "done")
            ),
            original=_duplicate_original(uow, row.duplicate_of_id),
            duplicates=[
                related_ticket(other) for other in ticket_list.list_duplicates(uow, row.id)
            ],
            follow_up_of=[related_ticket(other)]
            if (other := follow_ups.find_original(uow, row.id))
            else [],
            follow_ups=[related_ticket(other) for other in follow_ups.list_follow_ups(uow, row.id)],
            requester_since=iso_time(oldest[0].created_at) if oldest else "",
        ),
        changes_by_others=[
            (line.id, line.actor_name or "System")
            for line in lines
            if line.kind == EntryKind.CHANGE and line.actor_id != uow.actor.id
        ],
        now=iso_time(uow.now),
    )


@dataclass(frozen=True)
class ComposerDraft:
    """The text that the agent has not sent yet."""

    audience: str
    text: str
    saved_at: str
    files: list[FileRow]


def load_composer_draft(uow: UnitOfWork, ticket_id: int) -> ComposerDraft:
    """Return the newer of the actor's two drafts on a ticket, and the files of both."""
    places = {"reply": drafts.reply_place(ticket_id), "note": drafts.note_place(ticket_id)}
    saved = {name: drafts.find_draft(uow, place) for name, place in places.items()}
    written = {name: draft for name, draft in saved.items() if draft and draft.content.get("body")}
    files = [
        file_row(row)
        for name, place in places.items()
        if saved[name]
        for row in attachments.list_draft_files(uow, place)
    ]
    if not written:
        return ComposerDraft("reply", "", "", files)
    name = max(written, key=lambda name: written[name].updated_at)
    body = str(written[name].content["body"])
    return ComposerDraft(name, body, iso_time(written[name].updated_at), files)

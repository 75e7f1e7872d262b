"""The conversation of a ticket: messages, notes and groups of events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ticket_app.core.conversation import commenting as comments
from ticket_app.core.email.deliveries import MessageDelivery
from ticket_app.core.platform import markup
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.vocabulary import Audience, EntryKind, TextFormat
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.ui import routes
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.delivery_rows import (
    RecipientRow,
    channel_label,
    recipient_rows,
)
from ticket_app.ui.pages.desk.ticket.details import render_text
from ticket_app.ui.pages.desk.ticket.events import EventRow, event_row
from ticket_app.ui.pages.inbox.unread_messages import (
    UnreadMessages,
    anchor_of,
    describe_unread,
)
from ticket_app.ui.pages.inline_editing.rows import can_read_history, edited_at
from ticket_app.ui.pictures import insert_pictures
from ticket_app.ui.rows import FileRow, initials_of, iso_time, person_color_number

NO_EMAILS: Final[Mapping[int, int]] = {}
NO_DELIVERIES: Final[Mapping[int, MessageDelivery]] = {}
MAX_UNFOLDED_EVENTS: Final = 3
BUG_FIELDS: Final = (
    ("steps_to_reproduce", texts.TICKET_STEPS_REPRODUCE),
    ("expected_behavior", texts.TICKET_EXPECTED),
    ("actual_behavior", texts.TICKET_ACTUAL),
)


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
    edited_at: str = ""
    can_change: bool = False
    can_read_history: bool = False
    channel: str = ""
    """What a message came through."""
    recipients: list[RecipientRow] = field(default_factory=list)
    """How far it got to each of its recipients."""
    is_unread: bool = False
    email_id: int = 0
    """The email that brought the message, if one did."""


def mark_unread(
    items: Sequence[ConversationItem], unread_entry_ids: Collection[int]
) -> tuple[list[ConversationItem], UnreadMessages]:
    """Mark the messages and notes that were not read yet, and describe them."""
    messages = [item.id for item in items if item.kind != "events"]
    marked = [
        replace(item, is_unread=True)
        if item.kind != "events" and item.id in unread_entry_ids
        else item
        for item in items
    ]
    return marked, describe_unread(messages, unread_entry_ids)


def mark_new_events(
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


def _message_item(
    actor: Actor,
    line: EntryRow,
    files: Sequence[FileRow],
    delivery: MessageDelivery | None,
) -> ConversationItem:
    is_note = line.audience == Audience.INTERNAL
    own_files = [file for file in files if file.entry_id == line.id]
    html = markup.render(line.body or "", routes.desk_ticket, TextFormat(line.body_format))
    return ConversationItem(
        id=line.id,
        kind="note" if is_note else "message",
        name=line.actor_name or texts.TICKET_EVENT_SYSTEM,
        initials=initials_of(line.actor_name or texts.TICKET_EVENT_SYSTEM),
        color=person_color_number(line.actor_username or ""),
        role="" if line.by_staff else texts.DESK_REQUESTER,
        at=iso_time(line.at),
        html=insert_pictures(html, own_files),
        anchor=anchor_of(line.id),
        files=own_files,
        edited_at=edited_at(line),
        can_change=comments.can_change_comment(actor, line),
        can_read_history=can_read_history(actor, line),
        channel=channel_label(delivery, by_staff=line.by_staff),
        recipients=recipient_rows(delivery),
    )


def _description_html(row: TicketRow) -> str:
    """Return the description and the fields of the bug form, each under its heading."""
    parts = [
        f"<h4>{label}</h4>{render_text(row, name)}"
        for name, label in BUG_FIELDS
        if getattr(row, name)
    ]
    return "".join([render_text(row, "description"), *parts])


def conversation_items(
    actor: Actor,
    row: TicketRow,
    lines: Sequence[EntryRow],
    files: Sequence[FileRow],
    shown_kind: str,
    deliveries: Mapping[int, MessageDelivery] = NO_DELIVERIES,
    email_ids: Mapping[int, int] = NO_EMAILS,
) -> list[ConversationItem]:
    """Return the description and the timeline; `shown_kind` is all, talk, notes or history.

    The comment that opened a follow-up is its description. `email_ids` are the emails that brought
    messages, by the ids of their entries.
    """
    created_ids = [line.id for line in lines if line.kind == EntryKind.CREATED]
    opening_id = next(
        (
            line.id
            for line in lines
            if line.kind == EntryKind.COMMENT and comments.is_opening_comment(row, line)
        ),
        0,
    )
    first_files = [file for file in files if file.entry_id in (0, opening_id)]
    first = ConversationItem(
        id=0,
        kind="message",
        name=row.requester_name,
        initials=initials_of(row.requester_name),
        color=person_color_number(row.requester_username),
        role=texts.DESK_REQUESTER,
        at=iso_time(row.created_at),
        html=insert_pictures(_description_html(row), first_files),
        anchor=anchor_of(0),
        files=first_files,
        email_id=next((email_ids[n] for n in (*created_ids, opening_id) if n in email_ids), 0),
    )
    items = [] if shown_kind in ("notes", "history") else [first]
    timeline_items = _timeline_items(actor, lines, files, shown_kind, opening_id, deliveries)
    return [*items, *(replace(item, email_id=email_ids.get(item.id, 0)) for item in timeline_items)]


def _timeline_items(
    actor: Actor,
    lines: Sequence[EntryRow],
    files: Sequence[FileRow],
    shown_kind: str,
    opening_id: int,
    deliveries: Mapping[int, MessageDelivery],
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
            yield _message_item(actor, line, files, deliveries.get(line.id))
        elif shown_kind in ("all", "history") and line.kind != EntryKind.CREATED:
            is_shown_on_message = (
                line.kind == EntryKind.FILE and line.new_value in names_on_messages
            )
            if shown_kind == "history" or not is_shown_on_message:
                events.append(event_row(line))
    if events:
        yield _event_group(events, shown_kind)


def _event_group(events: list[EventRow], shown_kind: str) -> ConversationItem:
    names = list(dict.fromkeys(event.name for event in events))
    is_long = len(events) > MAX_UNFOLDED_EVENTS and shown_kind != "history"
    actors = names[0] if len(names) == 1 else texts.ticket_actors(names[0], len(names) - 1)
    return ConversationItem(
        id=events[0].id,
        kind="events",
        events=events,
        summary=texts.ticket_changes_by(len(events), actors) if is_long else "",
        at=events[-1].at,
    )

"""The rows of a ticket's page: details, conversation, events, files and related tickets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import follow_ups
from ticket_app.core.email.deliveries import list_message_deliveries
from ticket_app.core.email.incoming import parked
from ticket_app.core.notifications.notifications import (
    list_unread_entry_ids,
    list_unread_tickets,
)
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS, is_done
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.tickets import related, ticket_list, ticket_lookup
from ticket_app.core.tickets.fields import FieldType, FieldView, fields_shown_in
from ticket_app.core.tickets.linked_tickets import LinkedTicketRow
from ticket_app.core.tickets.related import RelatedTicketRow, Relation
from ticket_app.core.tickets.rows import TicketSummaryRow
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import timeline
from ticket_app.ui import routes
from ticket_app.ui.file_rows import file_rows
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.conversation import ConversationItem, conversation_items
from ticket_app.ui.pages.desk.ticket.details import TicketDetails, ticket_details
from ticket_app.ui.pages.desk.ticket.email_rows import RecipientChip, load_recipients
from ticket_app.ui.pages.desk.ticket.held_rows import HeldReplyItem, load_held_replies
from ticket_app.ui.pages.desk.ticket.time_rows import TimeLogRows, load_time_log
from ticket_app.ui.rows import FileRow, iso_time

MAX_OTHER_TICKETS: Final = 5


@dataclass(frozen=True)
class RelatedTicket:
    """A link to another ticket."""

    id: int
    number: str
    href: str
    title: str
    status: str
    is_unread: bool = False


def related_ticket(
    row: LinkedTicketRow | TicketSummaryRow | RelatedTicketRow,
    unread_ids: Collection[int] = frozenset(),
) -> RelatedTicket:
    """Return a link to another ticket; `unread_ids` are those with something unread."""
    number = ticket_numbers.format_key(row)
    is_unread = row.id in unread_ids
    href = routes.desk_ticket(number)
    return RelatedTicket(row.id, number, href, row.title, row.status, is_unread)


def _duplicate_original(uow: UnitOfWork, ticket_id: int | None) -> list[RelatedTicket]:
    """Return the original of a duplicate, unless it is in the trash."""
    if ticket_id is None:
        return []
    try:
        return [related_ticket(ticket_lookup.read_ticket(uow, ticket_id, "summary"))]
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
    similar: list[RelatedTicket]
    requester_since: str
    time_log: TimeLogRows = field(default_factory=TimeLogRows)


@dataclass(frozen=True)
class TicketPageData:
    """Everything that a ticket's page shows; `changes_by_others` are event ids and actor names."""

    ticket: TicketDetails
    items: list[ConversationItem]
    files: list[FileRow]
    side_panel: SidePanel
    changes_by_others: list[tuple[int, str]]
    held_replies: list[HeldReplyItem]
    now: str
    person_id: int
    unread_entry_ids: list[int]
    recipients: list[RecipientChip]
    values: dict[str, object]
    """The properties by column, as a change of one of them compares them."""


def load_ticket_page(uow: UnitOfWork, reference: str | int, shown_kind: str) -> TicketPageData:
    """Return a ticket's page. Raises `NotFound`."""
    uow.actor.require("work_tickets", "work on tickets")
    row = ticket_lookup.read_ticket(uow, reference)
    unread_entry_ids = list(list_unread_entry_ids(uow, row.id))
    files = file_rows(stored_files.list_ticket_files(uow, row.id), uow.actor)
    open_query = TicketQuery(requester_id=row.requester_id, group=UNFINISHED_GROUPS, sort="updated")
    others = ticket_list.page(uow, open_query, PageRequest(MAX_OTHER_TICKETS + 1)).rows
    unread_ids = list_unread_tickets(uow, [other.id for other in others])
    oldest_query = TicketQuery(requester_id=row.requester_id, sort="created", descending=False)
    oldest = ticket_list.page(uow, oldest_query, PageRequest(1)).rows
    lines = timeline.list_entries(uow, row.id)
    linked: defaultdict[Relation, list[RelatedTicket]] = defaultdict(list)
    for found in related.list_related(uow, row):
        linked[found.relation].append(related_ticket(found.ticket))
    return TicketPageData(
        ticket=ticket_details(uow, row),
        items=conversation_items(
            uow.actor,
            row,
            lines,
            files,
            shown_kind,
            list_message_deliveries(uow, row.id),
            {
                email.entry_id: email.id
                for email in parked.list_of_ticket(uow, row.id)
                if email.entry_id is not None
            },
        ),
        files=files,
        side_panel=SidePanel(
            other_tickets=[
                related_ticket(other, unread_ids) for other in others if other.id != row.id
            ][:MAX_OTHER_TICKETS],
            other_tickets_count=str(
                ticket_list.count_tickets(uow, open_query, limit=100) - (not is_done(row))
            ),
            original=_duplicate_original(uow, row.duplicate_of_id),
            duplicates=linked[Relation.DUPLICATE],
            follow_up_of=[related_ticket(other)]
            if (other := follow_ups.find_original(uow, row.id))
            else [],
            follow_ups=[related_ticket(other) for other in follow_ups.list_follow_ups(uow, row.id)],
            similar=linked[Relation.SIMILAR],
            requester_since=iso_time(oldest[0].created_at) if oldest else "",
            time_log=load_time_log(uow, row),
        ),
        changes_by_others=[
            (line.id, line.actor_name or texts.TICKET_EVENT_SYSTEM)
            for line in lines
            if line.kind == EntryKind.CHANGE and line.actor_id != uow.actor.id
        ],
        held_replies=load_held_replies(uow, row.id),
        now=iso_time(uow.now),
        person_id=uow.actor.id,
        unread_entry_ids=unread_entry_ids,
        recipients=load_recipients(uow, row.id),
        values={
            shown.column: getattr(row, shown.column)
            for shown in fields_shown_in(FieldView.STAFF_PROPERTIES)
            if not shown.is_long_text and shown.type is not FieldType.LIST
        },
    )

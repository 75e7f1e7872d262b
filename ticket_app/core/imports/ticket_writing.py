"""Write an imported ticket with its timeline, and everything that is derived from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ticket_app.core.imports.parsing import ImportedComment, ImportedTicket
from ticket_app.core.imports.references import KnownPerson
from ticket_app.core.platform import row_inserts, text_formats, ticket_numbers
from ticket_app.core.platform.markup import render_preview
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    IMPORT_CHANNEL,
    Audience,
    EntryKind,
    Status,
)
from ticket_app.core.search import search_index
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.changing import inserting
from ticket_app.core.tickets.comment_totals import PREVIEW_LENGTH
from ticket_app.core.tickets.transitions import INITIAL_STATUS
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket
from ticket_app.tables.tickets import FAR_FUTURE


@dataclass(frozen=True, slots=True)
class ResolvedTicket:
    """A valid row with the people and rows that it names; authors are None for the requester."""

    values: ImportedTicket
    requester: KnownPerson
    assignee: KnownPerson | None
    authors: Sequence[KnownPerson | None]
    department_id: int | None
    team_id: int | None
    company_id: int | None


def write_ticket(uow: UnitOfWork, resolved: ResolvedTicket) -> int:
    """Insert the ticket, its timeline, tags and search text, and count it; return its id."""
    values = resolved.values
    assignee = resolved.assignee
    key_number, opened_on, day_number = _allocate_numbers(uow, values)
    comments = list(zip(values.comments, resolved.authors, strict=True))
    public = [
        (comment, author or resolved.requester)
        for comment, author in comments
        if not comment.is_internal
    ]
    latest, latest_author = public[-1] if public else (None, None)
    ticket_id = values.number.id if values.number else None
    ticket = row_inserts.build_row(
        Ticket,
        **values.texts,
        external_id=values.external_id,
        key_prefix=values.kind.prefix,
        key_number=key_number,
        opened_on=opened_on,
        day_number=day_number,
        kind=values.kind,
        category=values.category,
        status=values.status,
        status_group=values.status.group,
        status_rank=values.status.rank,
        priority=values.priority,
        priority_rank=values.priority.rank,
        severity=values.severity,
        reproduction_rate=values.reproduction_rate,
        tags=values.tags,
        satisfaction_rating=values.satisfaction_rating,
        requester_id=resolved.requester.id,
        created_by_id=resolved.requester.id,
        assignee_id=assignee and assignee.id,
        team_id=resolved.team_id or (assignee and assignee.team_id),
        department_id=resolved.department_id,
        company_id=resolved.company_id or resolved.requester.company_id,
        due_at=values.due_at,
        due_sort_at=values.due_at or FAR_FUTURE,
        text_formats=text_formats.formats_of_texts(values.texts, values.text_format),
        created_at=values.created_at,
        updated_at=values.updated_at,
        resolved_at=values.resolved_at,
        closed_at=values.closed_at,
        first_response_at=next((comment.at for comment, author in public if author.is_staff), None),
        comments_count=len(public),
        notes_count=len(comments) - len(public),
        last_comment=latest and render_preview(latest.body, PREVIEW_LENGTH, values.text_format),
        last_comment_at=latest and latest.at,
        last_comment_by_id=latest_author and latest_author.id,
        channel=IMPORT_CHANNEL,
    )
    with inserting(uow, ticket):
        row_inserts.insert_row(uow, ticket, row_id=ticket_id)
        assert ticket.id is not None
        _write_timeline(uow, ticket.id, resolved, comments)
    if comments:
        search_index.reindex_comments(
            uow,
            ticket.id,
            [comment.body for comment, _ in public],
            [comment.body for comment, _ in comments if comment.is_internal],
        )
    return ticket.id


def lock_numbers(uow: UnitOfWork, tickets: Iterable[ImportedTicket]) -> None:
    """Lock every sequence from which these tickets take numbers, before any of them is written."""
    names: set[str] = set()
    for ticket in tickets:
        names.add(ticket_numbers.kind_sequence(ticket.kind.prefix))
        names.add(ticket_numbers.day_sequence(_opening_day(ticket)))
    ticket_numbers.lock_sequences(uow, names)


def _opening_day(values: ImportedTicket) -> date:
    reference = values.number
    given = reference.opened_on if reference else None
    return given or values.created_at.date()


def _allocate_numbers(uow: UnitOfWork, values: ImportedTicket) -> tuple[int, date, int]:
    """Return the number within the kind, the day and the number within the day, given or new."""
    reference = values.number
    key_number, opened_on, day_number = ticket_numbers.allocate_numbers(
        uow, values.kind, day=_opening_day(values)
    )
    if reference is not None and reference.number is not None:
        key_number = reference.number
    if reference is not None and reference.day_number is not None:
        day_number = reference.day_number
    return key_number, opened_on, day_number


def _write_timeline(
    uow: UnitOfWork,
    ticket_id: int,
    resolved: ResolvedTicket,
    comments: Sequence[tuple[ImportedComment, KnownPerson | None]],
) -> None:
    """Add the creation, the comments and the change to the present status, oldest first."""
    values, requester = resolved.values, resolved.requester
    _add_entry(
        uow,
        ticket_id,
        EntryKind.CREATED,
        values.created_at,
        requester,
        field="status",
        new_value=INITIAL_STATUS,
    )
    changed_at = (values.resolved_at if values.status.is_done else None) or values.updated_at
    has_changed = values.status is INITIAL_STATUS
    for comment, author in comments:
        if not has_changed and changed_at < comment.at:
            has_changed = True
            _add_status_change(uow, ticket_id, values.status, changed_at)
        _add_entry(
            uow,
            ticket_id,
            EntryKind.COMMENT,
            comment.at,
            author or requester,
            audience=Audience.INTERNAL if comment.is_internal else Audience.PUBLIC,
            body=comment.body,
            body_format=values.text_format,
        )
    if not has_changed:
        _add_status_change(uow, ticket_id, values.status, changed_at)


def _add_status_change(uow: UnitOfWork, ticket_id: int, status: Status, at: datetime) -> None:
    """Record the present status; the file does not say who set it."""
    timeline.add_entry(
        uow,
        ticket_id,
        EntryKind.CHANGE,
        audience=ticket_fields.STATUS.audience,
        field=ticket_fields.STATUS.name,
        old_value=INITIAL_STATUS,
        new_value=status,
        at=at,
        actor_id=None,
        by_staff=True,
    )


def _add_entry(
    uow: UnitOfWork,
    ticket_id: int,
    kind: EntryKind,
    at: datetime,
    person: KnownPerson,
    *,
    audience: Audience | None = None,
    **columns: object,
) -> None:
    timeline.add_entry(
        uow,
        ticket_id,
        kind,
        audience=audience,
        at=at,
        actor_id=person.id,
        by_staff=person.is_staff,
        **columns,
    )

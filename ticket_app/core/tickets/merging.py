"""Merge a ticket into another one of the same requester, and undo a merge.

Comments and files move to the target with their ids, so that links to them keep working
(`merge_moves`). `ticket.merged_into_id` is the ticket it was merged into. If that one is merged
itself, all comments and files are on the last ticket of the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlmodel import select as select_rows

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.errors import Invalid, NotFound, RuleViolation
from ticket_app.core.platform.ticket_numbers import TicketReference, parse_reference
from ticket_app.core.platform.ticket_status import is_awaiting_approval
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import MAX_TAGS
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Status
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets import locking, merge_moves, status_changes, trash
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.comment_totals import recount_comments
from ticket_app.core.tickets.fields import MAX_FILES, TicketField
from ticket_app.core.tickets.linked_tickets import final_ticket_id
from ticket_app.core.tickets.transitions import DUPLICATE_STATUS, Cause
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    Merge,
    Ticket,
    attachment_table,
    entry_table,
    merge_table,
    ticket_table,
)

DIFFERENT_REQUESTERS = (
    "The two tickets have different requesters, who would see each other's messages; "
    "mark one as a duplicate of the other instead"
)


def merge(
    uow: UnitOfWork, ticket: str | int | TicketReference, into: str | int | TicketReference
) -> Ticket:
    """Move a ticket's comments, files and tags to another one, and close it as a duplicate.

    Both are given by any id or number. If `into` was merged itself, the last ticket of its chain is
    the target. Returns the target. Raises `NotFound` (the ticket), `Invalid` (`into` is the ticket
    itself, or not a ticket the actor may see), `Forbidden`, `RuleViolation`.
    """
    source_id = _find_visible_ticket_id(uow, ticket)
    if source_id is None:
        raise NotFound
    uow.actor.require("work_tickets", "merge tickets")
    into_id = _find_visible_ticket_id(uow, into)
    if into_id is None:
        raise Invalid("into", "must be the id or number of a ticket")
    source, target = _lock_both(uow, source_id, final_ticket_id(uow, into_id))
    _ensure_mergeable(uow, source, target)
    assert source.id is not None
    assert target.id is not None
    with changing(uow, source, target):
        uow.session.add(
            Merge(
                source_ticket_id=source.id,
                target_ticket_id=target.id,
                merged_by_id=uow.actor.id,
                merged_at=uow.now,
                previous_status=source.status,
                previous_resolved_at=source.resolved_at,
                previous_closed_at=source.closed_at,
                previous_duplicate_of_id=source.duplicate_of_id,
                added_tags=_add_tags_of_source(uow, source, target),
            )
        )
        status_changes.apply_status(uow, source, DUPLICATE_STATUS, Cause.MERGE)
        status_changes.set_duplicate_of(uow, source, None)
        source.merged_into_id = target.id
        merge_moves.move(uow, source.id, target.id)
        if source.first_response_at is not None:
            _apply_first_response(uow, target, max(source.first_response_at, target.created_at))
        _record_merge_change(uow, source, ticket_fields.MERGED_INTO, None, target)
        _record_merge_change(uow, target, ticket_fields.MERGED_FROM, None, source)
        _refresh_totals(uow, source, target)
    return target


def unmerge(uow: UnitOfWork, ticket: str | int | TicketReference) -> Ticket:
    """Undo a merge: restore the ticket's status and move its comments, files and tags back.

    The person who merged it can do so within `trash.UNDO_WINDOW`, admins at any time. Returns the
    ticket. Raises `NotFound`, `Forbidden`, `RuleViolation` if it was not merged.
    """
    source_id = _find_visible_ticket_id(uow, ticket)
    if source_id is None:
        raise NotFound
    uow.actor.require("work_tickets", "undo a merge")
    source, target = _lock_both(uow, source_id, final_ticket_id(uow, source_id))
    if source.merged_into_id is None or target is source:
        raise RuleViolation("The ticket was not merged into another one")
    if final_ticket_id(uow, source_id) != target.id:
        raise RuleViolation(MERGED_MEANWHILE)
    merge_record = _read_merge(uow, source_id)
    if not _is_own_recent_merge(uow, merge_record):
        uow.actor.require("restore_tickets", "undo this merge any more")
    assert source.id is not None
    assert target.id is not None
    with changing(uow, source, target):
        merge_moves.restore(uow, source.id, target.id)
        source.merged_into_id = None
        previous_status = Status(merge_record.previous_status)
        if _is_own_recent_merge(uow, merge_record) and previous_status.is_open:
            sla_tracking.undo_pause(uow, source)
        status_changes.apply_status(uow, source, previous_status, Cause.UNMERGE)
        sla_tracking.check_ticket_targets(uow, source)
        source.resolved_at, source.closed_at = (
            merge_record.previous_resolved_at,
            merge_record.previous_closed_at,
        )
        if merge_record.previous_duplicate_of_id is not None:
            original = uow.session.get(Ticket, merge_record.previous_duplicate_of_id)
            status_changes.set_duplicate_of(uow, source, original)
        if target.id == merge_record.target_ticket_id:
            _remove_added_tags(uow, target, merge_record.added_tags)
        if source.first_response_at is not None:
            _recompute_first_response(uow, target)
        merge_record.undone_at = uow.now
        _record_merge_change(uow, source, ticket_fields.MERGED_INTO, target, None)
        _record_merge_change(uow, target, ticket_fields.MERGED_FROM, source, None)
        _refresh_totals(uow, source, target)
    return source


MERGED_MEANWHILE = "One of the tickets was merged in the meantime. Reload both tickets"


def _find_visible_ticket_id(uow: UnitOfWork, ticket: str | int | TicketReference) -> int | None:
    reference = parse_reference(str(ticket)) if isinstance(ticket, str | int) else ticket
    if reference is None:
        return None
    statement = (
        select(ticket_table.c.id)
        .where(visibility_condition(uow.actor), reference.condition())
        .order_by(ticket_table.c.id)
        .limit(1)
    )
    return uow.connection.execute(statement, visibility_parameters(uow.actor)).scalar()


# In the order of ids, so that two merges cannot deadlock. `key_share` lets other transactions
# insert rows that refer to these tickets.
_LOCK_TICKETS = (
    select_rows(Ticket)
    .where(ticket_table.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(ticket_table.c.id)
    .with_for_update(of=ticket_table, key_share=True)
    .execution_options(populate_existing=True)
)


def _lock_both(uow: UnitOfWork, source_id: int, target_id: int) -> tuple[Ticket, Ticket]:
    uow.flush()
    rows = uow.session.exec(_LOCK_TICKETS, params={"ids": sorted({source_id, target_id})})
    by_id = {row.id: row for row in rows}
    if source_id not in by_id or by_id[source_id].deleted_at is not None:
        raise NotFound
    if target_id not in by_id:
        raise RuleViolation(MERGED_MEANWHILE)
    return by_id[source_id], by_id[target_id]


def _ensure_mergeable(uow: UnitOfWork, source: Ticket, target: Ticket) -> None:
    locking.ensure_not_merged(uow, source)
    if source.id == target.id:
        raise Invalid("into", "must not be the ticket itself or one that was merged into it")
    if target.deleted_at is not None:
        raise Invalid("into", "must be the id or number of a ticket")
    if target.merged_into_id is not None:
        raise RuleViolation(MERGED_MEANWHILE)
    if target.duplicate_of_id is not None:
        original = uow.session.get_one(Ticket, target.duplicate_of_id)
        raise RuleViolation(
            f"{ticket_numbers.format_key(target)} is a duplicate of "
            f"{ticket_numbers.format_key(original)} itself"
        )
    if source.requester_id != target.requester_id:
        raise RuleViolation(DIFFERENT_REQUESTERS)
    for ticket in (source, target):
        if is_awaiting_approval(ticket):
            raise RuleViolation(f"{ticket_numbers.format_key(ticket)} is waiting for approval")
    files = sum(
        merged_ticket.attachments_count + merged_ticket.internal_attachments_count
        for merged_ticket in (source, target)
    )
    if files > MAX_FILES:
        raise RuleViolation(f"The merged ticket would have more than {MAX_FILES} files")


def _add_tags_of_source(uow: UnitOfWork, source: Ticket, target: Ticket) -> list[str]:
    """Add the tags of the source to the target up to the limit; return the added ones."""
    existing = {tag.casefold() for tag in target.tags}
    room = MAX_TAGS - len(target.tags)
    added = [tag for tag in source.tags if tag.casefold() not in existing][:room]
    _set_tags(uow, target, [*target.tags, *added])
    return added


def _remove_added_tags(uow: UnitOfWork, target: Ticket, added: Sequence[str]) -> None:
    removed = {tag.casefold() for tag in added}
    _set_tags(uow, target, [tag for tag in target.tags if tag.casefold() not in removed])


def _set_tags(uow: UnitOfWork, ticket: Ticket, names: list[str]) -> None:
    assert ticket.id is not None
    if names == ticket.tags:
        return
    timeline.record_change(
        uow,
        ticket.id,
        ticket_fields.TAGS,
        ", ".join(ticket.tags) or None,
        ", ".join(names) or None,
    )
    ticket.tags = names


_SELECT_MERGED_CHILDREN = select(ticket_table.c.id).where(
    ticket_table.c.merged_into_id == bindparam("ticket_id")
)


def detach_merged_tickets(uow: UnitOfWork, ticket_id: int) -> None:
    """Detach the tickets that were merged into a ticket which is about to be purged.

    They become merged into its own target. Without one, they get their comments and files back, and
    stay closed.
    """
    children = (
        uow.connection.execute(_SELECT_MERGED_CHILDREN, {"ticket_id": ticket_id}).scalars().all()
    )
    if not children:
        return
    uow.flush()
    locked = uow.session.exec(_LOCK_TICKETS, params={"ids": sorted({ticket_id, *children})}).all()
    purged = next(row for row in locked if row.id == ticket_id)
    merged_tickets = [row for row in locked if row.merged_into_id == ticket_id]
    final_target = purged.merged_into_id and uow.session.get_one(Ticket, purged.merged_into_id)
    with changing(uow, *merged_tickets):
        for row in merged_tickets:
            assert row.id is not None
            if not final_target:
                merge_moves.restore(uow, row.id, ticket_id)
            row.merged_into_id = purged.merged_into_id
            _record_merge_change(uow, row, ticket_fields.MERGED_INTO, purged, final_target or None)
        statement = update(merge_table).where(
            merge_table.c.target_ticket_id == ticket_id, merge_table.c.undone_at.is_(None)
        )
        uow.connection.execute(
            statement.values(target_ticket_id=final_target.id)
            if final_target
            else statement.values(target_ticket_id=None, undone_at=uow.now)
        )
        _refresh_totals(uow, *merged_tickets)


_SUMMARY_COLUMNS = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.title,
    ticket_table.c.status,
)


def _read_merge(uow: UnitOfWork, source_id: int) -> Merge:
    statement = select_rows(Merge).where(
        merge_table.c.source_ticket_id == source_id, merge_table.c.undone_at.is_(None)
    )
    return uow.session.exec(statement.order_by(merge_table.c.id.desc()).limit(1)).one()


def _is_own_recent_merge(uow: UnitOfWork, merge_record: Merge) -> bool:
    return (
        merge_record.merged_by_id == uow.actor.id
        and merge_record.merged_at > uow.now - trash.UNDO_WINDOW
    )


def can_unmerge(uow: UnitOfWork, ticket_id: int) -> bool:
    """Return whether the actor may undo the merge of a ticket that was merged."""
    if not uow.actor.can("work_tickets"):
        return False
    return uow.actor.can("restore_tickets") or _is_own_recent_merge(
        uow, _read_merge(uow, ticket_id)
    )


def _apply_first_response(uow: UnitOfWork, target: Ticket, responded_at: datetime) -> None:
    """Count the first response of the merged ticket as the target's, if it came earlier."""
    if target.first_response_at is None:
        is_in_time = target.respond_by is None or responded_at <= target.respond_by
        target.first_response_at = responded_at if is_in_time else None
        sla_tracking.record_first_response(uow, target)
        target.first_response_at = responded_at
    target.first_response_at = min(target.first_response_at, responded_at)


_SELECT_FIRST_RESPONSE = select(func.min(entry_table.c.at)).where(
    entry_table.c.ticket_id == bindparam("ticket_id"),
    entry_table.c.kind == EntryKind.COMMENT,
    entry_table.c.audience == Audience.PUBLIC,
    entry_table.c.by_staff,
    entry_table.c.actor_id != bindparam("requester_id"),
)


def _recompute_first_response(uow: UnitOfWork, ticket: Ticket) -> None:
    values = {"ticket_id": ticket.id, "requester_id": ticket.requester_id}
    responded_at = uow.connection.execute(_SELECT_FIRST_RESPONSE, values).scalar()
    ticket.first_response_at = responded_at and max(responded_at, ticket.created_at)
    if ticket.first_response_at is None:
        sla_tracking.recalculate_targets(uow, ticket)


def _record_merge_change(
    uow: UnitOfWork, ticket: Ticket, field: TicketField, old: Ticket | None, new: Ticket | None
) -> None:
    assert ticket.id is not None
    timeline.record_change(
        uow,
        ticket.id,
        field,
        ticket_numbers.format_key(old) if old else None,
        ticket_numbers.format_key(new) if new else None,
        old_id=old.id if old else None,
        new_id=new.id if new else None,
    )


_COUNT_FILES = (
    select(attachment_table.c.audience, func.count().label("n"))
    .where(
        attachment_table.c.ticket_id == bindparam("ticket_id"),
        attachment_table.c.deleted_at.is_(None),
    )
    .group_by(attachment_table.c.audience)
)


def _refresh_totals(uow: UnitOfWork, *merged_tickets: Ticket) -> None:
    for ticket in merged_tickets:
        recount_comments(uow, ticket)
        files = {
            row.audience: row.n
            for row in uow.connection.execute(_COUNT_FILES, {"ticket_id": ticket.id})
        }
        ticket.attachments_count = files.get(Audience.PUBLIC, 0)
        ticket.internal_attachments_count = files.get(Audience.INTERNAL, 0)

"""Two tickets about one thing become one: what was said on the first goes on in the second.

Lines and files move as they are, so that links to them keep working; where each was written is
kept beside it (`moved_entry`, `moved_attachment`), so that a merge can be undone even after others
followed it. `ticket.merged_into_id` names the ticket it was merged into; that one may have gone on
in a third, and the lines always stand with the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.access_policy import REQUESTER_SEES, STAFF_SEES, viewer, visible
from ticket_app.core.platform.errors import Invalid, NotFound, RuleBroken
from ticket_app.core.platform.text import MOST_TAGS
from ticket_app.core.platform.ticket_numbers import Reference, read_reference
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Group, Status
from ticket_app.core.search import search_index
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import counters, merge_moves, tags, tickets
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.comment_totals import recount
from ticket_app.core.tickets.fields import MOST_FILES, TicketField
from ticket_app.core.tickets.transitions import Cause
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    Merge,
    Ticket,
    attachment_table,
    entry_table,
    merge_table,
    ticket_table,
)

OTHER_REQUESTER = (
    "The two tickets were filed by different people, who would read each other's words; "
    "mark the one as a duplicate of the other instead"
)


def merge(desk: Desk, ticket: str | int | Reference, into: str | int | Reference) -> Ticket:
    """Let a ticket go on in another one of the same requester: its comments, files and tags are
    that one's now, and it is closed as a duplicate.

    Both are named by any id or number; if `into` was merged itself, the ticket it went on in is
    meant. Returns the ticket that goes on. Raises `NotFound` (the ticket), `Invalid` (`into` is no
    ticket the actor may see, or the ticket itself), `Forbidden`, `RuleBroken`.
    """
    source_id = _seen(desk, ticket)
    if source_id is None:
        raise NotFound
    desk.actor.must("work_tickets", "merge tickets")
    named = _seen(desk, into)
    if named is None:
        raise Invalid("into", "must be the id or number of a ticket")
    source, target = _held(desk, source_id, _end(desk, named))
    _check(desk, source, target)
    assert source.id is not None
    assert target.id is not None
    desk.session.add(
        Merge(
            ticket_id=source.id,
            into_id=target.id,
            by_id=desk.actor.id,
            at=desk.now,
            status_before=source.status,
            resolved_before=source.resolved_at,
            closed_before=source.closed_at,
            original_before_id=source.duplicate_of_id,
            tags_added=_share_tags(desk, source, target),
        )
    )
    before = counters.Cell.of(source)
    tickets.apply_status(desk, source, Status.DUPLICATE, Cause.MERGE)
    tickets.point_to(desk, source, None)
    source.merged_into_id = target.id
    merge_moves.bring(desk, source.id, target.id)
    if source.first_response_at is not None:
        _answer(desk, target, max(source.first_response_at, target.created_at))
    _tell(desk, source, ticket_fields.MERGED_INTO, None, target)
    _tell(desk, target, ticket_fields.MERGED_FROM, None, source)
    _finish(desk, source, target)
    counters.move(desk, before, counters.Cell.of(source))
    return target


def unmerge(desk: Desk, ticket: str | int | Reference) -> Ticket:
    """Undo a merge: the ticket stands as it stood before, and what was brought from it is its own
    again. Who merged it can do so for ten minutes, admins at any time.

    Returns the ticket. Raises `NotFound`, `Forbidden`, `RuleBroken` if it was not merged.
    """
    source_id = _seen(desk, ticket)
    if source_id is None:
        raise NotFound
    desk.actor.must("work_tickets", "undo a merge")
    source, target = _held(desk, source_id, _end(desk, source_id))
    if source.merged_into_id is None or target is source:
        raise RuleBroken("The ticket was not merged into another one")
    if _end(desk, source_id) != target.id:
        raise RuleBroken(MOVED_ON)
    done = _merge_of(desk, source_id)
    if not _is_fresh(desk, done):
        desk.actor.must("restore_tickets", "undo this merge any more")
    assert source.id is not None
    assert target.id is not None
    before = counters.Cell.of(source)
    merge_moves.give_back(desk, source.id, target.id)
    source.merged_into_id = None
    if _is_fresh(desk, done) and Status(done.status_before).group is Group.OPEN:
        sla_tracking.undo_pause(desk, source)
    tickets.apply_status(desk, source, Status(done.status_before), Cause.UNMERGE)
    sla_tracking.look_at(desk, source)
    source.resolved_at, source.closed_at = done.resolved_before, done.closed_before
    if done.original_before_id is not None:
        original = desk.session.get(Ticket, done.original_before_id)
        tickets.point_to(desk, source, original)
    if target.id == done.into_id:
        _unshare_tags(desk, target, done.tags_added)
    if source.first_response_at is not None:
        _look_who_answered(desk, target)
    done.undone_at = desk.now
    _tell(desk, source, ticket_fields.MERGED_INTO, target, None)
    _tell(desk, target, ticket_fields.MERGED_FROM, source, None)
    _finish(desk, source, target)
    counters.move(desk, before, counters.Cell.of(source))
    return source


MOVED_ON = "Somebody merged one of the tickets meanwhile; look at them again"


def _seen(desk: Desk, ticket: str | int | Reference) -> int | None:
    found = read_reference(str(ticket)) if isinstance(ticket, str | int) else ticket
    if found is None:
        return None
    wanted = (
        select(ticket_table.c.id)
        .where(visible(desk.actor), found.condition())
        .order_by(ticket_table.c.id)
        .limit(1)
    )
    return desk.db.execute(wanted, viewer(desk.actor)).scalar()


_NEXT = select(ticket_table.c.merged_into_id).where(ticket_table.c.id == bindparam("ticket_id"))


def _end(desk: Desk, ticket_id: int) -> int:
    """Where a ticket goes on at last: itself if it was not merged."""
    while following := desk.db.execute(_NEXT, {"ticket_id": ticket_id}).scalar():
        ticket_id = following
    return ticket_id


# Locked in the order of ids by everybody, so that two merges never wait for each other; nobody
# changes their keys, and who refers to one of them meanwhile need not wait either.
_HOLD = (
    select(Ticket)
    .where(ticket_table.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(ticket_table.c.id)
    .with_for_update(of=ticket_table, key_share=True)
    .execution_options(populate_existing=True)
)


def _held(desk: Desk, source_id: int, target_id: int) -> tuple[Ticket, Ticket]:
    desk.settle()
    rows = desk.session.execute(_HOLD, {"ids": sorted({source_id, target_id})}).scalars()
    by_id = {row.id: row for row in rows}
    if source_id not in by_id or by_id[source_id].deleted_at is not None:
        raise NotFound
    if target_id not in by_id:
        raise RuleBroken(MOVED_ON)
    return by_id[source_id], by_id[target_id]


def _check(desk: Desk, source: Ticket, target: Ticket) -> None:
    tickets.must_go_on_here(desk, source)
    if source.id == target.id:
        raise Invalid("into", "must not be the ticket itself or one that was merged into it")
    if target.deleted_at is not None:
        raise Invalid("into", "must be the id or number of a ticket")
    if target.merged_into_id is not None:
        raise RuleBroken(MOVED_ON)
    if target.duplicate_of_id is not None:
        original = desk.session.get_one(Ticket, target.duplicate_of_id)
        raise RuleBroken(
            f"{ticket_numbers.key(target)} is a duplicate of {ticket_numbers.key(original)} itself"
        )
    if source.requester_id != target.requester_id:
        raise RuleBroken(OTHER_REQUESTER)
    for ticket in (source, target):
        if ticket.status == Status.PENDING_APPROVAL:
            raise RuleBroken(f"{ticket_numbers.key(ticket)} waits for approval")
    files = sum(one.attachments_count + one.internal_attachments_count for one in (source, target))
    if files > MOST_FILES:
        raise RuleBroken(f"A ticket holds at most {MOST_FILES} files")


def _share_tags(desk: Desk, source: Ticket, target: Ticket) -> list[str]:
    """Gather the target under the source's tags, too, as far as it has room; returns the new."""
    carried = {tag.casefold() for tag in target.tags}
    room = MOST_TAGS - len(target.tags)
    added = [tag for tag in source.tags if tag.casefold() not in carried][:room]
    _set_tags(desk, target, [*target.tags, *added])
    return added


def _unshare_tags(desk: Desk, target: Ticket, added: Sequence[str]) -> None:
    gone = {tag.casefold() for tag in added}
    _set_tags(desk, target, [tag for tag in target.tags if tag.casefold() not in gone])


def _set_tags(desk: Desk, ticket: Ticket, names: list[str]) -> None:
    assert ticket.id is not None
    if names == ticket.tags:
        return
    timeline.record_change(
        desk,
        ticket.id,
        ticket_fields.TAGS,
        ", ".join(ticket.tags) or None,
        ", ".join(names) or None,
    )
    ticket.tags = names
    tags.retie(desk, ticket.id, names)
    search_index.replace(desk, ticket)


_CHILDREN = select(ticket_table.c.id).where(ticket_table.c.merged_into_id == bindparam("ticket_id"))


def let_go(desk: Desk, ticket_id: int) -> None:
    """A ticket is about to be destroyed: what was merged into it goes on where it went on itself;
    if that is nowhere, it has its own lines and files again, and stays closed.
    """
    children = desk.db.execute(_CHILDREN, {"ticket_id": ticket_id}).scalars().all()
    if not children:
        return
    desk.settle()
    held = desk.session.execute(_HOLD, {"ids": sorted({ticket_id, *children})}).scalars().all()
    gone = next(row for row in held if row.id == ticket_id)
    moved = [row for row in held if row.merged_into_id == ticket_id]
    onward = gone.merged_into_id and desk.session.get_one(Ticket, gone.merged_into_id)
    for row in moved:
        assert row.id is not None
        if not onward:
            merge_moves.give_back(desk, row.id, ticket_id)
        row.merged_into_id = gone.merged_into_id
        _tell(desk, row, ticket_fields.MERGED_INTO, gone, onward or None)
    still = update(merge_table).where(
        merge_table.c.into_id == ticket_id, merge_table.c.undone_at.is_(None)
    )
    desk.db.execute(
        still.values(into_id=onward.id)
        if onward
        else still.values(into_id=None, undone_at=desk.now)
    )
    _finish(desk, *moved)


_OTHER = ticket_table.alias("merged")
_MERGED_HERE = select(_OTHER.c.id).where(_OTHER.c.merged_into_id == bindparam("target"))
_BRIEF = (
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.title,
    ticket_table.c.status,
)
_SOURCES = {
    staff: select(*_BRIEF)
    .where(STAFF_SEES if staff else REQUESTER_SEES, ticket_table.c.id.in_(_MERGED_HERE))
    .order_by(ticket_table.c.id.desc())
    .limit(literal_column("20"))
    for staff in (True, False)
}


def sources_of(desk: Desk, ticket_id: int) -> Sequence[Any]:
    """The newest tickets that were merged into one, as far as the actor sees them: id, key_prefix,
    key_number, title, status.
    """
    values = {**viewer(desk.actor), "target": ticket_id}
    return desk.db.execute(_SOURCES[desk.actor.is_staff], values).all()


def goes_on_in(desk: Desk, ticket_id: int) -> Any:
    """The ticket that one went on in at last, with the same columns; None if it was not merged, or
    the actor cannot see it.
    """
    end = _end(desk, ticket_id)
    if end == ticket_id:
        return None
    wanted = select(*_BRIEF).where(visible(desk.actor), ticket_table.c.id == end)
    return desk.db.execute(wanted, viewer(desk.actor)).first()


def _merge_of(desk: Desk, source_id: int) -> Merge:
    found = select(Merge).where(
        merge_table.c.ticket_id == source_id, merge_table.c.undone_at.is_(None)
    )
    return desk.session.execute(found.order_by(merge_table.c.id.desc()).limit(1)).scalar_one()


def _is_fresh(desk: Desk, done: Merge) -> bool:
    return done.by_id == desk.actor.id and done.at > desk.now - tickets.UNDO


def may_undo(desk: Desk, ticket_id: int) -> bool:
    """Whether the actor may undo the merge of a ticket that was merged."""
    if not desk.actor.may("work_tickets"):
        return False
    return desk.actor.may("restore_tickets") or _is_fresh(desk, _merge_of(desk, ticket_id))


def _answer(desk: Desk, target: Ticket, at: datetime) -> None:
    """The target's requester was answered at that moment, though on the other ticket."""
    if target.first_response_at is None:
        in_time = target.respond_by is None or at <= target.respond_by
        target.first_response_at = at if in_time else None
        sla_tracking.respond(desk, target)
        target.first_response_at = at
    target.first_response_at = min(target.first_response_at, at)


_ANSWERED = select(func.min(entry_table.c.at)).where(
    entry_table.c.ticket_id == bindparam("ticket_id"),
    entry_table.c.kind == EntryKind.COMMENT,
    entry_table.c.audience == Audience.PUBLIC,
    entry_table.c.by_staff,
    entry_table.c.actor_id != bindparam("requester_id"),
)


def _look_who_answered(desk: Desk, ticket: Ticket) -> None:
    values = {"ticket_id": ticket.id, "requester_id": ticket.requester_id}
    answered = desk.db.execute(_ANSWERED, values).scalar()
    ticket.first_response_at = answered and max(answered, ticket.created_at)
    if ticket.first_response_at is None:
        sla_tracking.promise_anew(desk, ticket)


def _tell(
    desk: Desk, on: Ticket, field: TicketField, old: Ticket | None, new: Ticket | None
) -> None:
    assert on.id is not None
    timeline.record_change(
        desk,
        on.id,
        field,
        ticket_numbers.key(old) if old else None,
        ticket_numbers.key(new) if new else None,
        old_id=old.id if old else None,
        new_id=new.id if new else None,
    )


_FILES = (
    select(attachment_table.c.audience, func.count().label("n"))
    .where(
        attachment_table.c.ticket_id == bindparam("ticket_id"),
        attachment_table.c.deleted_at.is_(None),
    )
    .group_by(attachment_table.c.audience)
)


def _finish(desk: Desk, *both: Ticket) -> None:
    for ticket in both:
        recount(desk, ticket)
        files = {row.audience: row.n for row in desk.db.execute(_FILES, {"ticket_id": ticket.id})}
        ticket.attachments_count = files.get(Audience.PUBLIC, 0)
        ticket.internal_attachments_count = files.get(Audience.INTERNAL, 0)
        assert ticket.id is not None
        search_index.replace_files(desk, ticket.id)
        tickets.touch(desk, ticket)
    desk.settle()

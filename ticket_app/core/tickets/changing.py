"""Change tickets and keep everything that is derived from them in step.

A ticket can be changed only inside `changing`: writing it from anywhere else raises
`ChangedOutsideBlock`. The columns of the SLA clock are exempt, because the clock moves by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, object_session
from sqlmodel import select

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_index
from ticket_app.core.sla.targets import CLOCK_COLUMNS
from ticket_app.core.tickets import counters, tags
from ticket_app.core.tickets.counters import Bucket
from ticket_app.core.tickets.fields import searched_fields
from ticket_app.tables import Ticket, ticket_table


@dataclass(frozen=True, slots=True)
class _DerivedState:
    """What the derived data of a ticket was computed from."""

    bucket: Bucket | None
    tags: tuple[str, ...]
    indexed: tuple[object, ...]
    files: tuple[int, int]

    @classmethod
    def of(cls, ticket: Ticket) -> _DerivedState:
        return cls(
            Bucket.of(ticket),
            tuple(ticket.tags),
            tuple(
                tuple(ticket.tags) if name == "tags" else getattr(ticket, name)
                for name in (*searched_fields(), "company_id")
            ),
            (ticket.attachments_count, ticket.internal_attachments_count),
        )


class ChangedOutsideBlock(RuntimeError):
    """A ticket was changed outside `changing`, so that its derived data would be wrong."""


def _active_ids(session: Session) -> set[int]:
    """Return the `id()` of each ticket object that a block is changing now."""
    active: set[int] = session.info.setdefault("changing", set())
    return active


def _ensure_unchanged(ticket: Ticket) -> None:
    changed = inspect(ticket).committed_state.keys() - CLOCK_COLUMNS
    if changed:
        names = ", ".join(sorted(changed))
        raise ChangedOutsideBlock(f"use `with changing(uow, ticket)` to change {names}")


@event.listens_for(Ticket, "before_update")
def _reject_change_outside_block(_mapper: object, _connection: object, ticket: Ticket) -> None:
    session = object_session(ticket)
    if session is not None and id(ticket) not in _active_ids(session):
        _ensure_unchanged(ticket)


@contextmanager
def changing(uow: UnitOfWork, *tickets: Ticket) -> Generator[None]:
    """Change tickets in the block; then update their version, tags, search text and counters.

    Only what the block changed is computed again. A nested block for the same ticket writes it; the
    outermost block does the rest. If the block raises, nothing is updated, and the caller must roll
    back.
    """
    active = _active_ids(uow.session)
    outermost = [ticket for ticket in tickets if id(ticket) not in active]
    for ticket in outermost:
        _ensure_unchanged(ticket)
    states = [_DerivedState.of(ticket) for ticket in outermost]
    active.update(map(id, outermost))
    try:
        yield
        for ticket in outermost:
            ticket.updated_at = uow.now
            ticket.version += 1
        uow.flush()
    finally:
        active.difference_update(map(id, outermost))
    for ticket, before in zip(outermost, states, strict=True):
        _update_derived(uow, ticket, before, _DerivedState.of(ticket))


@contextmanager
def inserting(uow: UnitOfWork, ticket: Ticket) -> Generator[None]:
    """Insert a new ticket in the block; then save its tags and search text and count it."""
    active = _active_ids(uow.session)
    active.add(id(ticket))
    try:
        yield
        uow.flush()
    finally:
        active.discard(id(ticket))
    assert ticket.id is not None
    tags.add_tags(uow, ticket.id, ticket.tags)
    search_index.add(uow, ticket, searched_fields())
    _count(uow, {ticket.id: None}, {ticket.id: Bucket.of(ticket)})


@contextmanager
def changing_rows(uow: UnitOfWork, ticket_ids: Collection[int]) -> Generator[None]:
    """Keep the counters in step while statements in the block change or delete these rows."""
    before = _read_buckets(uow, ticket_ids)
    yield
    _count(uow, before, _read_buckets(uow, ticket_ids))


def _update_derived(
    uow: UnitOfWork, ticket: Ticket, before: _DerivedState, after: _DerivedState
) -> None:
    assert ticket.id is not None
    if after.tags != before.tags:
        tags.set_tags(uow, ticket.id, ticket.tags)
    if after.indexed != before.indexed:
        search_index.reindex(uow, ticket, searched_fields())
    if after.files != before.files:
        search_index.reindex_files(uow, ticket.id)
    _count(uow, {ticket.id: before.bucket}, {ticket.id: after.bucket})


def _count(
    uow: UnitOfWork, before: Mapping[int, Bucket | None], after: Mapping[int, Bucket | None]
) -> None:
    """Move tickets (by id) from one bucket to another; one that is missing in `after` is gone."""
    for ticket_id, bucket in before.items():
        counters.move(uow, bucket, after.get(ticket_id))


def _read_buckets(uow: UnitOfWork, ticket_ids: Collection[int]) -> dict[int, Bucket | None]:
    statement = select(Ticket).where(ticket_table.c.id.in_(ticket_ids))
    rows = uow.session.exec(statement.execution_options(populate_existing=True))
    return {ticket.id: Bucket.of(ticket) for ticket in rows if ticket.id is not None}

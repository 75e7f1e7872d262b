"""Allocate ticket numbers, format them as each document does, and parse them in any form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform.sql_types import DialectInsert
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import KIND_PREFIX, Kind
from ticket_app.tables import number_sequence_table, ticket_table

KEY_PREFIXES = frozenset(KIND_PREFIX.values())
MAX_ID = 2**31 - 1


class HasDayNumber(Protocol):
    """Anything with a ticket's number within its day."""

    @property
    def opened_on(self) -> date:
        """The UTC day on which it was opened."""
        ...

    @property
    def day_number(self) -> int:
        """Its number among the tickets of that day."""
        ...


class HasTicketNumbers(HasDayNumber, Protocol):
    """Anything with the numbers of a ticket (a row, a table object)."""

    @property
    def id(self) -> int | None:
        """Its number among all tickets; None only before it is saved."""
        ...

    @property
    def key_prefix(self) -> str:
        """The prefix of its kind, such as BUG."""
        ...

    @property
    def key_number(self) -> int:
        """Its number among the tickets with this prefix."""
        ...


def _build_next_numbers(insert: DialectInsert) -> Executable:
    names: tuple[BindParameter[str], ...] = (bindparam("kind"), bindparam("day"))
    statement = insert(number_sequence_table).values(
        [{"name": name, "value": literal_column("1")} for name in names]
    )
    return statement.on_conflict_do_update(
        index_elements=[number_sequence_table.c.name],
        set_={"value": number_sequence_table.c.value + 1},
    ).returning(number_sequence_table.c.name, number_sequence_table.c.value)


_UPSERT_NEXT_NUMBERS = {
    "sqlite": _build_next_numbers(sqlite.insert),
    "postgresql": _build_next_numbers(postgresql.insert),
}


_UPSERT_RESERVED = {
    dialect: insert(number_sequence_table)
    .values(name=bindparam("name"), value=bindparam("number"))
    .on_conflict_do_update(
        index_elements=[number_sequence_table.c.name],
        set_={"value": bindparam("number")},
        where=number_sequence_table.c.value < bindparam("number"),
    )
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


KIND_SEQUENCES = "kind:"


def kind_sequence(prefix: str) -> str:
    """Return the name of the sequence of the keys with a prefix."""
    return f"{KIND_SEQUENCES}{prefix}"


def day_sequence(day: date) -> str:
    """Return the name of the sequence of the tickets opened on a day."""
    return f"day:{day.isoformat()}"


def allocate_numbers(
    uow: UnitOfWork, kind: Kind, *, day: date | None = None
) -> tuple[int, date, int]:
    """Return the next number within the kind, the day, and the next number within the day.

    The day is in UTC and today unless given. Both numbers start at 1 and are never reused. Their
    rows are locked, in this order, until the transaction ends.
    """
    opened_on = day or uow.now.date()
    names = {"kind": kind_sequence(kind.prefix), "day": day_sequence(opened_on)}
    rows = uow.connection.execute(_UPSERT_NEXT_NUMBERS[uow.connection.dialect.name], names)
    values_by_name = {row.name: row.value for row in rows}
    return values_by_name[names["kind"]], opened_on, values_by_name[names["day"]]


def reserve_numbers(uow: UnitOfWork, highest_numbers: Mapping[str, int]) -> None:
    """Move each sequence (by name) past a number, so that the number is not allocated later.

    The rows are locked in the order of `allocate_numbers`, those of the kinds before those of the
    days, so that two transactions cannot deadlock.
    """
    names = sorted(highest_numbers, key=lambda name: (not name.startswith(KIND_SEQUENCES), name))
    if names:
        uow.connection.execute(
            _UPSERT_RESERVED[uow.connection.dialect.name],
            [{"name": name, "number": highest_numbers[name]} for name in names],
        )


def lock_sequences(uow: UnitOfWork, names: Iterable[str]) -> None:
    """Lock sequences until the transaction ends, for several tickets with numbers of any of them.

    Locked one by one, in the order of the tickets, they could deadlock with another transaction.
    """
    reserve_numbers(uow, dict.fromkeys(names, 0))


def reserve_ids(uow: UnitOfWork, highest_id: int) -> None:
    """Move the ids of new tickets past an id. Blocks other new tickets on PostgreSQL."""
    values = {"id": highest_id}
    if uow.is_sqlite:
        if not uow.connection.execute(_SELECT_SQLITE_SEQUENCE).first():
            uow.connection.execute(_INSERT_SQLITE_SEQUENCE)
        uow.connection.execute(_RAISE_SQLITE_SEQUENCE, values)
    else:
        uow.connection.execute(_LOCK_TICKETS)
        uow.connection.execute(_RAISE_POSTGRESQL_SEQUENCE, values)


_SELECT_SQLITE_SEQUENCE = text("SELECT 1 FROM sqlite_sequence WHERE name = 'ticket'")
_INSERT_SQLITE_SEQUENCE = text("INSERT INTO sqlite_sequence (name, seq) VALUES ('ticket', 0)")
_RAISE_SQLITE_SEQUENCE = text(
    "UPDATE sqlite_sequence SET seq = :id WHERE name = 'ticket' AND seq < :id"
)
_LOCK_TICKETS = text("LOCK TABLE ticket IN SHARE ROW EXCLUSIVE MODE")
_RAISE_POSTGRESQL_SEQUENCE = text(
    "SELECT setval(pg_get_serial_sequence('ticket', 'id'), :id) WHERE :id > COALESCE("
    "pg_sequence_last_value(pg_get_serial_sequence('ticket', 'id')::regclass), 0)"
)


def format_key(ticket: HasTicketNumbers) -> str:
    """Return a number such as BUG-15 (Centcom)."""
    return f"{ticket.key_prefix}-{ticket.key_number}"


@lru_cache(maxsize=4096)
def _format_day(opened_on: date) -> str:
    return f"{opened_on:%Y%m%d}"


def format_bmasia_number(ticket: HasTicketNumbers) -> str:
    """Return a number such as T-20251119-0001 (BMAsia)."""
    return f"T-{_format_day(ticket.opened_on)}-{ticket.day_number:04d}"


def format_enterprise_number(ticket: HasDayNumber) -> str:
    """Return a number such as TKT-20231201-001 (Enterprise)."""
    return f"TKT-{_format_day(ticket.opened_on)}-{ticket.day_number:03d}"


def format_ticketing_number(ticket: HasTicketNumbers) -> str:
    """Return a number such as TKT-000001 (Ticketing)."""
    return f"TKT-{ticket.id:06d}"


@dataclass(frozen=True, slots=True)
class TicketReference:
    """A parsed ticket number; at most one ticket matches it."""

    uuid: UUID | None = None
    id: int | None = None
    prefix: str | None = None
    number: int | None = None
    opened_on: date | None = None
    day_number: int | None = None
    number_in_any_kind: int | None = None

    def condition(self) -> ColumnElement[bool]:
        """Return the query condition for the tickets it can mean."""
        alternatives: list[ColumnElement[bool]] = []
        if self.uuid is not None:
            alternatives.append(ticket_table.c.uuid == self.uuid)
        if self.id is not None:
            alternatives.append(ticket_table.c.id == self.id)
        if self.prefix is not None:
            alternatives.append(
                and_(
                    ticket_table.c.key_prefix == self.prefix,
                    ticket_table.c.key_number == self.number,
                )
            )
        if self.opened_on is not None:
            alternatives.append(
                and_(
                    ticket_table.c.opened_on == self.opened_on,
                    ticket_table.c.day_number == self.day_number,
                )
            )
        if self.number_in_any_kind is not None:
            alternatives.append(
                and_(
                    ticket_table.c.key_prefix.in_(sorted(KEY_PREFIXES)),
                    ticket_table.c.key_number == self.number_in_any_kind,
                )
            )
        return or_(*alternatives)


def is_taken(uow: UnitOfWork, reference: TicketReference) -> bool:
    """Return whether a ticket has this number, in the trash too."""
    statement = select(ticket_table.c.id).where(reference.condition()).limit(1)
    return uow.connection.execute(statement).first() is not None


def find_lookup_column_and_value(
    uow: UnitOfWork, reference: TicketReference
) -> tuple[str, UUID | int | None] | None:
    """Return the column, "id" or "uuid", to look a ticket up by, and its value.

    A printed number is resolved to an id whether or not the actor may see the ticket; returns None
    if no ticket has it.
    """
    if reference.uuid is not None:
        return "uuid", reference.uuid
    if reference.prefix is None and reference.opened_on is None:
        return "id", reference.id
    row = uow.connection.execute(
        select(ticket_table.c.id).where(reference.condition()).limit(1)
    ).first()
    return None if row is None else ("id", row.id)


_PATTERN_FLAGS = re.ASCII | re.IGNORECASE
_DAY_NUMBER_PATTERN = re.compile(r"(?:T|TKT)-(\d{4})(\d{2})(\d{2})-(\d{1,9})", _PATTERN_FLAGS)
_KEY_PATTERN = re.compile(r"([A-Z]{2,4})-(\d{1,9})", _PATTERN_FLAGS)


def parse_reference(text: str) -> TicketReference | None:
    """Parse a ticket number in any printed form (uuid, id, BUG-15, T-..., TKT-...), or None."""
    if not text.isascii() or not text.isprintable():
        return None
    text = text.strip().removeprefix("#")
    if len(text) in (32, 36):
        try:
            return TicketReference(uuid=UUID(text))
        except ValueError:
            return None
    if text.isascii() and text.isdigit():
        digits = text.lstrip("0")[:11]
        return TicketReference(id=int(digits)) if digits and int(digits) <= MAX_ID else None
    if match := _DAY_NUMBER_PATTERN.fullmatch(text):
        year, month, day, number = map(int, match.groups())
        try:
            return TicketReference(opened_on=date(year, month, day), day_number=number)
        except ValueError:
            return None
    if match := _KEY_PATTERN.fullmatch(text):
        prefix, digits = match.group(1).upper(), match.group(2)
        if prefix not in KEY_PREFIXES:
            return None
        if prefix == Kind.OTHER.prefix and len(digits) >= 6:
            return TicketReference(id=int(digits))
        return TicketReference(prefix=prefix, number=int(digits))
    return None


_LOOSE_KEY_PATTERN = re.compile(
    r"#?([A-Z]{1,4})[\s#:_\u2010-\u2013-]{0,3}([\d-]{1,20})", re.IGNORECASE
)


def parse_search_reference(text: str) -> TicketReference | None:
    """Parse a search text as a ticket number, or return None.

    Accepts every printed form, and `bug 3`, `bug3` and `#3`; the last means ticket 3 and number 3
    of every kind.
    """
    text = re.sub(r"^#\s+", "#", unicodedata.normalize("NFKC", text).strip())
    reference = parse_reference(text)
    if reference is None and (match := _LOOSE_KEY_PATTERN.fullmatch(text)):
        reference = parse_reference(f"{match.group(1)}-{match.group(2)}")
    if reference is not None and reference.id is not None and text.lstrip("#").isdigit():
        return replace(reference, number_in_any_kind=reference.id)
    return reference

"""Numbers of tickets: given out once, printed in the documents' forms, read in all of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import KIND_PREFIX, Kind
from ticket_app.tables import counter_table, ticket_table

PREFIXES = frozenset(KIND_PREFIX.values())
LARGEST_ID = 2**31 - 1


class Numbered(Protocol):
    """Anything that carries a ticket's numbers (a row, a table object)."""

    id: Any
    key_prefix: Any
    key_number: Any
    opened_on: Any
    day_number: Any


def _next_values(insert: Any) -> Any:
    names = (bindparam("kind"), bindparam("day"))
    statement = insert(counter_table).values(
        [{"name": name, "value": literal_column("1")} for name in names]
    )
    return statement.on_conflict_do_update(
        index_elements=[counter_table.c.name], set_={"value": counter_table.c.value + 1}
    ).returning(counter_table.c.name, counter_table.c.value)


_NEXT = {
    "sqlite": _next_values(sqlite.insert),
    "postgresql": _next_values(postgresql.insert),
}


def take_numbers(desk: Desk, kind: Kind) -> tuple[int, date, int]:
    """The next ordinal within the kind, the UTC day, and the next ordinal within the day.

    Both count from 1, are held until this transaction ends, in this order, and never reused.
    """
    today = desk.now.date()
    names = {"kind": f"kind:{kind.prefix}", "day": f"day:{today.isoformat()}"}
    rows = desk.db.execute(_NEXT[desk.db.dialect.name], names)
    taken = {row.name: row.value for row in rows}
    return taken[names["kind"]], today, taken[names["day"]]


def key(ticket: Numbered) -> str:
    """BUG-15 (Centcom)."""
    return f"{ticket.key_prefix}-{ticket.key_number}"


@lru_cache(maxsize=4096)
def _day(opened_on: date) -> str:
    return f"{opened_on:%Y%m%d}"


def day_key(ticket: Numbered) -> str:
    """T-20251119-0001 (BMAsia)."""
    return f"T-{_day(ticket.opened_on)}-{ticket.day_number:04d}"


def day_number(ticket: Numbered) -> str:
    """TKT-20231201-001 (Enterprise)."""
    return f"TKT-{_day(ticket.opened_on)}-{ticket.day_number:03d}"


def serial(ticket: Numbered) -> str:
    """TKT-000001 (Ticketing)."""
    return f"TKT-{ticket.id:06d}"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a printed number can mean; at most one of the readings is a ticket's."""

    uuid: UUID | None = None
    id: int | None = None
    prefix: str | None = None
    number: int | None = None
    opened_on: date | None = None
    day_number: int | None = None
    in_any_kind: int | None = None

    def condition(self) -> ColumnElement[bool]:
        """The condition on `ticket` that the reference stands for."""
        readings: list[ColumnElement[bool]] = []
        if self.uuid is not None:
            readings.append(ticket_table.c.uuid == self.uuid)
        if self.id is not None:
            readings.append(ticket_table.c.id == self.id)
        if self.prefix is not None:
            readings.append(
                and_(
                    ticket_table.c.key_prefix == self.prefix,
                    ticket_table.c.key_number == self.number,
                )
            )
        if self.opened_on is not None:
            readings.append(
                and_(
                    ticket_table.c.opened_on == self.opened_on,
                    ticket_table.c.day_number == self.day_number,
                )
            )
        if self.in_any_kind is not None:
            readings.append(
                and_(
                    ticket_table.c.key_prefix.in_(sorted(PREFIXES)),
                    ticket_table.c.key_number == self.in_any_kind,
                )
            )
        return or_(*readings)


def key_of(desk: Desk, reference: Reference) -> tuple[str, Any] | None:
    """The column, id or uuid, by which a ticket is looked up, and its value there.

    A printed number is looked up here, whoever may see its ticket; None if it is nobody's.
    """
    if reference.uuid is not None:
        return "uuid", reference.uuid
    if reference.prefix is None and reference.opened_on is None:
        return "id", reference.id
    row = desk.db.execute(select(ticket_table.c.id).where(reference.condition()).limit(1)).first()
    return None if row is None else ("id", row.id)


_READ = re.ASCII | re.IGNORECASE
_BY_DAY = re.compile(r"(?:T|TKT)-(\d{4})(\d{2})(\d{2})-(\d{1,9})", _READ)
_BY_KIND = re.compile(r"([A-Z]{2,4})-(\d{1,9})", _READ)


def read_reference(text: str) -> Reference | None:
    """What `text` refers to in any printed form (uuid, id, BUG-15, T-..., TKT-...), or None."""
    if not text.isascii() or not text.isprintable():
        return None
    text = text.strip().removeprefix("#")
    if len(text) in (32, 36):
        try:
            return Reference(uuid=UUID(text))
        except ValueError:
            return None
    if text.isascii() and text.isdigit():
        digits = text.lstrip("0")[:11]
        return Reference(id=int(digits)) if digits and int(digits) <= LARGEST_ID else None
    if match := _BY_DAY.fullmatch(text):
        year, month, day, number = map(int, match.groups())
        try:
            return Reference(opened_on=date(year, month, day), day_number=number)
        except ValueError:
            return None
    if match := _BY_KIND.fullmatch(text):
        prefix, digits = match.group(1).upper(), match.group(2)
        if prefix not in PREFIXES:
            return None
        if prefix == Kind.OTHER.prefix and len(digits) >= 6:
            return Reference(id=int(digits))
        return Reference(prefix=prefix, number=int(digits))
    return None


_LOOSELY = re.compile(r"#?([A-Z]{1,4})[\s#:_\u2010-\u2013-]{0,3}([\d-]{1,20})", re.IGNORECASE)


def read_search(text: str) -> Reference | None:
    """The tickets that a search for `text` names: any printed form, also written `bug 3`, `bug3`
    or `#3`, which is the ticket 3 and number 3 of every kind; None if it names none.
    """
    text = re.sub(r"^#\s+", "#", unicodedata.normalize("NFKC", text).strip())
    reference = read_reference(text)
    if reference is None and (match := _LOOSELY.fullmatch(text)):
        reference = read_reference(f"{match.group(1)}-{match.group(2)}")
    if reference is not None and reference.id is not None and text.lstrip("#").isdigit():
        return replace(reference, in_any_kind=reference.id)
    return reference

"""Values of rows in words, for the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast
from urllib.parse import urlsplit

from sqlalchemy import select

from ticket_app.core.platform.audited_tables import (
    HIDDEN_TEXT,
    HOST_ONLY,
    REFERENCES,
    Reference,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MAX_VALUE_LENGTH = 1_000
TEXT_NOT_RECORDED = "(text)"


def format_value(uow: UnitOfWork, column: str, value: object) -> str | None:
    """Return a value in words; None if there is none. Ids become names, booleans yes and no."""
    if value is None or value in ("", [], {}):
        return None
    if column in HIDDEN_TEXT:
        return TEXT_NOT_RECORDED
    if column in HOST_ONLY:
        parts = urlsplit(str(value))
        return f"{parts.scheme}://{parts.hostname or ''}"
    if column == "week":
        return format_week(cast("list[list[list[int]]]", value))
    if column in REFERENCES:
        ids = cast("list[int]", value) if isinstance(value, list) else [cast("int", value)]
        return ", ".join(_names(uow, REFERENCES[column], ids))
    return shorten(format_plain(value))


def format_week(week: list[list[list[int]]]) -> str:
    """Return opening hours, in minutes of each day from Monday on, as "Mon 09:00-17:00, ..."."""
    return ", ".join(
        f"{day} " + " and ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in windows)
        for day, windows in zip(DAYS, week, strict=False)
        if windows
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def shorten(text: str) -> str:
    """Return the text, cut if it is long."""
    return text if len(text) <= MAX_VALUE_LENGTH else text[: MAX_VALUE_LENGTH - 1] + "…"


def format_plain(value: object) -> str:
    """Return a value of a column, also a JSON document, in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, object]", value).items()
        return ", ".join(
            f"{name.replace('_', ' ')} {format_plain(item)}"
            for name, item in pairs
            if item not in (None, "", [], {})
        )
    if isinstance(value, list | tuple):
        items = cast("Iterable[object]", value)
        return ", ".join(format_plain(item) for item in items)
    return str(value)


def _names(uow: UnitOfWork, reference: Reference, ids: list[int]) -> list[str]:
    table = reference.table
    rows = uow.connection.execute(
        select(table.c.id, table.c[reference.name_column]).where(table.c.id.in_(ids))
    )
    names = {row[0]: str(row[1]) for row in rows}
    return [names.get(row_id, f"#{row_id}") for row_id in ids]

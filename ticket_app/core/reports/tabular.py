"""Rows written as CSV, as JSON and as XLSX, piece by piece: never more than a batch in memory.

What people wrote stays text in a spreadsheet: it is never taken for a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

Line = Mapping[str, Any]
Batches = Iterable[Sequence[Line]]

FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet calculate, or act, if a cell begins with it."""
_BEHIND_SEPARATOR = re.compile(r";(?=\s*[=+\-@＝＋－＠])")
BOM = "\ufeff"
"""Without it Excel takes UTF-8 for another encoding."""
JSON_TIMES = orjson.OPT_UTC_Z


def defused(text: str) -> str:
    """The text, with an apostrophe where a spreadsheet would calculate with it.

    Also behind a semicolon, at which Excel parts cells in half the world.
    """
    if ";" in text:
        text = _BEHIND_SEPARATOR.sub(";'", text)
    if not text or text[0].isalnum():
        return text
    return "'" + text if text[0] in FORMULA or text.lstrip()[:1] in FORMULA else text


def _csv_moment(moment: datetime) -> str:
    return moment.isoformat()[:19] + "Z"


def _csv_list(words: list[str]) -> str:
    return defused(", ".join(words))


CSV_CELL: dict[type, Callable[[Any], Any]] = {
    str: defused,
    datetime: _csv_moment,
    list: _csv_list,
}
"""How a value is written, by its type; numbers as they are, nothing as nothing."""


def _csv_row(line: Line) -> list[Any]:
    return [
        write(value) if (write := CSV_CELL.get(type(value))) else value for value in line.values()
    ]


def as_csv(columns: Sequence[str], batches: Batches) -> Iterator[bytes]:
    """The rows as CSV (RFC 4180, UTF-8): the names of the columns, then a piece for each batch."""
    piece = io.StringIO(newline="")
    writer = csv.writer(piece)
    piece.write(BOM)
    writer.writerow(columns)
    for batch in batches:
        writer.writerows(map(_csv_row, batch))
        yield piece.getvalue().encode()
        piece.seek(0)
        piece.truncate()


def as_json(batches: Batches) -> Iterator[bytes]:
    """The rows as one JSON array, a piece for each batch."""
    begun = b"["
    for batch in batches:
        if batch:
            yield begun + orjson.dumps(batch, option=JSON_TIMES)[1:-1]
            begun = b","
    yield b"[]" if begun == b"[" else b"]"

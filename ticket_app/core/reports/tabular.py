"""Write rows as CSV or JSON in batches, so that only one batch is in memory.

User input remains text in a spreadsheet and is never executed as a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

Row = Mapping[str, object]
RowBatches = Iterable[Sequence[Row]]

FORMULA_CHARACTERS = frozenset("=+-@\t\r\n＝＋－＠")
"""A spreadsheet reads a value that begins with one of these as a formula."""
_FORMULA_AFTER_SEPARATOR_PATTERN = re.compile(r";(?=\s*[=+\-@＝＋－＠])")
BYTE_ORDER_MARK = "\ufeff"
"""Excel needs it to recognise UTF-8."""
JSON_OPTIONS = orjson.OPT_UTC_Z


def escape_formula(text: str) -> str:
    """Prefix text with an apostrophe where a spreadsheet would read a formula.

    This includes text after a semicolon, which Excel takes as a separator in many locales.
    """
    if ";" in text:
        text = _FORMULA_AFTER_SEPARATOR_PATTERN.sub(";'", text)
    if not text or text[0].isalnum():
        return text
    return (
        "'" + text
        if text[0] in FORMULA_CHARACTERS or text.lstrip()[:1] in FORMULA_CHARACTERS
        else text
    )


def _format_csv_datetime(value: datetime) -> str:
    return value.isoformat()[:19] + "Z"


def _format_csv_list(values: list[str]) -> str:
    return escape_formula(", ".join(values))


CSV_FORMATTERS: dict[type[object], Callable[[Any], str]] = {
    str: escape_formula,
    datetime: _format_csv_datetime,
    list: _format_csv_list,
}
"""How a value is written, by its type; numbers stay numbers, None becomes an empty value."""


def _format_csv_row(row: Row) -> list[object]:
    return [
        format_value(value) if (format_value := CSV_FORMATTERS.get(type(value))) else value
        for value in row.values()
    ]


def as_csv(columns: Sequence[str], batches: RowBatches) -> Iterator[bytes]:
    """Yield the rows as CSV (RFC 4180, UTF-8): the header, then one piece for each batch."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(columns)
    for batch in batches:
        writer.writerows(map(_format_csv_row, batch))
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def as_json_lines(batches: RowBatches) -> Iterator[bytes]:
    """Yield the rows as JSON lines, one piece for each batch."""
    for batch in batches:
        yield b"".join(orjson.dumps(row, option=JSON_OPTIONS) + b"\n" for row in batch)


def as_json(batches: RowBatches) -> Iterator[bytes]:
    """Yield the rows as one JSON array, one piece for each batch."""
    prefix = b"["
    for batch in batches:
        if batch:
            yield prefix + orjson.dumps(batch, option=JSON_OPTIONS)[1:-1]
            prefix = b","
    yield b"[]" if prefix == b"[" else b"]"

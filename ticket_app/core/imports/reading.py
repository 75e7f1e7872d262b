"""Read the rows of an import file one by one: CSV or JSON lines.

A row that cannot be read is returned with its problems, and reading continues after it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO

import orjson

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.json_types import JsonValue
from ticket_app.name_suggestions import suggest_name

MAX_LINE_BYTES = 4 * 1024 * 1024
"""Bytes of one row of JSON lines, with its comments."""
MAX_UNREADABLE_ROWS = 100
"""CSV rows with wrong quotes after which the rest of the file is not read."""
DELIMITERS = ",;\t"
WRONG_QUOTES = "has unmatched quotes"
NOT_UTF_8 = "is not valid UTF-8"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

Problems = list[tuple[str, str]]


class FileFormat(StrEnum):
    """The format of an import file."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(slots=True)
class SourceRow:
    """A row of the file; `number` is that of the spreadsheet's row or of the line, from 1."""

    number: int
    values: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    problems: Problems = field(default_factory=list[tuple[str, str]])
    size: int = 0
    """About how many bytes its values have in the file."""


def read_rows(
    file: IO[bytes], file_format: FileFormat, column_names: Mapping[str, str]
) -> Iterator[SourceRow]:
    """Yield the rows of a file from its beginning; empty lines are skipped.

    `column_names` maps each name that a column may have to the name it stands for.
    Raises `Invalid` for a file that cannot be read at all.
    """
    file.seek(0)
    first_bytes = file.read(3)
    if first_bytes.startswith(UTF_16_MARKS):
        raise Invalid("file", "must be encoded as UTF-8, not as UTF-16")
    if first_bytes != BYTE_ORDER_MARK:
        file.seek(0)
    if file_format is FileFormat.CSV:
        return _read_csv(file, column_names)
    return _read_json_lines(file, column_names)


def _read_json_lines(file: IO[bytes], column_names: Mapping[str, str]) -> Iterator[SourceRow]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE_BYTES)
            problem = f"must have at most {MAX_LINE_BYTES:,} bytes"
            yield SourceRow(number, problems=[("row", problem)])
        elif line.strip():
            yield _parse_line(number, line, column_names)


def _parse_line(number: int, line: bytes, column_names: Mapping[str, str]) -> SourceRow:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return SourceRow(number, problems=[("row", NOT_UTF_8)])
    try:
        values: JsonValue = orjson.loads(text)
    except ValueError:
        return SourceRow(number, problems=[("row", "is not valid JSON")])
    if not isinstance(values, dict):
        return SourceRow(number, problems=[("row", "must be a JSON object")])
    row = SourceRow(number, size=len(line))
    for name, value in values.items():
        known_name = column_names.get(fold_name(name))
        if known_name is None:
            row.problems.append((name[:100], _unknown_name(name, column_names)))
        elif known_name in row.values:
            row.problems.append((known_name, "must be given once"))
        else:
            row.values[known_name] = value
    return row


def _read_csv(file: IO[bytes], column_names: Mapping[str, str]) -> Iterator[SourceRow]:
    lines = _PushedBackLines(file)
    header = lines.peek()
    delimiter = max(DELIMITERS, key=header.count)
    names: list[str] | None = None
    number = unreadable = 0
    while True:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        lines.begin_row()
        try:
            for columns in reader:
                number += 1
                if names is None:
                    names = _parse_header(columns, column_names)
                elif any(text.strip() for text in columns):
                    yield _build_row(number, names, columns)
                lines.begin_row()
            break
        except csv.Error:
            number += 1
            if names is None:
                raise Invalid("file", "has a header with unmatched quotes") from None
            unreadable += 1
            yield SourceRow(number, problems=[("row", WRONG_QUOTES)])
            if unreadable == MAX_UNREADABLE_ROWS:
                problem = "has too many unreadable rows above it; the rest was not read"
                yield SourceRow(number + 1, problems=[("row", problem)])
                break
            lines.push_back_after_first()
    if names is None:
        raise Invalid("file", "must have a header with the names of the columns")


class _PushedBackLines:
    """Iterates over the lines of a file, and again over those of a row that could not be read.

    Bytes that are not UTF-8 become lone surrogates, so that only their row is rejected. A row, and
    so what is kept of it, is at most as long as the `csv` module's limit for a field.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._pending: list[str] = []
        self._row: list[str] = []

    def peek(self) -> str:
        """Return the first line without consuming it."""
        line = next(self, "")
        self._pending.append(line)
        return line

    def __iter__(self) -> _PushedBackLines:
        return self

    def __next__(self) -> str:
        line = self._pending.pop() if self._pending else self._read_line()
        if not line:
            raise StopIteration
        self._row.append(line)
        return line

    def _read_line(self) -> str:
        # A line is bounded, too: a field that continues in the next piece stays whole.
        return self._file.readline(MAX_LINE_BYTES).decode("utf-8", "surrogateescape")

    def begin_row(self) -> None:
        """Forget the lines of the previous row."""
        self._row.clear()

    def push_back_after_first(self) -> None:
        """Make the lines of this row after the first one come again."""
        self._pending.extend(reversed(self._row[1:]))


def _parse_header(columns: list[str], column_names: Mapping[str, str]) -> list[str]:
    names: list[str] = []
    for text in columns:
        name = column_names.get(fold_name(text))
        if name is None:
            raise Invalid(
                "file", f'has a column "{text[:60]}" that {_unknown_name(text, column_names)}'
            )
        if name in names:
            raise Invalid("file", f"has the column {name} twice")
        names.append(name)
    return names


def _build_row(number: int, names: list[str], columns: list[str]) -> SourceRow:
    if len(columns) > len(names):
        problem = f"has {len(columns)} values for {len(names)} columns"
        return SourceRow(number, problems=[("row", problem)])
    row = SourceRow(number, size=sum(map(len, columns)))
    for name, text in zip(names, columns, strict=False):
        if any("\udc80" <= character <= "\udcff" for character in text):
            row.problems.append((name, NOT_UTF_8))
        elif text.strip():
            row.values[name] = text
    return row


def fold_name(name: str) -> str:
    """Return a name in lower case, with `_` for spaces and hyphens."""
    return "_".join(name.lower().replace("-", " ").split())


def _unknown_name(name: str, column_names: Mapping[str, str]) -> str:
    suggestion = suggest_name(fold_name(name)[:100], column_names)
    return f"is not known; did you mean {suggestion}?" if suggestion else "is not known"

"""Rows written as an XLSX workbook, piece by piece: never more than a batch in memory.

XlsxWriter makes all of the file but the cells, as it can only give a file away once it is whole;
the cells are written here, into the middle of the sheets it makes. A text is a text in XLSX,
whatever it begins with.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from ticket_app.core.reports.tabular import Batches, Line

ROWS_OF_A_SHEET = 1_048_576
BYTES_OF_A_SHEET = 1_900_000_000
"""A sheet ends below 2 GiB, past which the archive would be of a kind that Excel does not take."""
LONGEST_CELL = 32_767
"""Characters of a cell, at most; a longer text is cut there."""
WIDTH = 18
QUICK = 3
"""How hard to compress: twice as quick as usual for a tenth more."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be: its name, the names of its columns, and its rows."""

    name: str
    columns: Sequence[str]
    batches: Batches


def as_xlsx(
    sheets: Iterable[Sheet],
    *,
    most_rows: int = ROWS_OF_A_SHEET,
    most_bytes: int = BYTES_OF_A_SHEET,
) -> Iterator[bytes]:
    """The workbook, a piece for each batch; a full sheet goes on in another one.

    An archive is whole only with its last piece: what breaks off opens nowhere.
    """
    book = _Book(most_rows, most_bytes)
    try:
        for sheet in sheets:
            book.begin(sheet.name, sheet.columns)
            for batch in sheet.batches:
                book.write(batch)
                yield book.taken()
    finally:
        book.end()
    yield book.taken()


class _Sink(io.RawIOBase):
    """What an archive is written to: it is given away and can only be gone on with."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: Any) -> int:
        """Take a piece."""
        self.written += piece
        return len(piece)


class _Book:
    """A workbook in the making: the archive, and the sheet that is being written."""

    def __init__(self, most_rows: int, most_bytes: int) -> None:
        self._most_rows, self._most_bytes = most_rows, most_bytes
        self._sink = _Sink()
        self._archive = ZipFile(self._sink, "w", ZIP_DEFLATED, compresslevel=QUICK)
        self._names: list[str] = []
        self._base = ""
        self._columns: Sequence[str] = ()
        self._frame = Frame.of(["-"], 1)
        self._sheet: IO[bytes] | None = None
        self._row = self._size = 0

    def begin(self, name: str, columns: Sequence[str]) -> None:
        """Begin a sheet with its first line."""
        self._base, self._columns = name, columns
        self._go_on(name)

    def write(self, batch: Sequence[Line]) -> None:
        """Write rows, on further sheets where this one is full."""
        rows: list[str] = []
        for line in batch:
            if self._row == self._most_rows or self._size >= self._most_bytes:
                self._put("".join(rows))
                rows.clear()
                part = sum(name.startswith(self._base) for name in self._names) + 1
                self._go_on(f"{self._base} {part}")
            rows.append(self._line(line.values()))
        self._put("".join(rows))

    def taken(self) -> bytes:
        """What is ready to be given away."""
        piece = bytes(self._sink.written)
        self._sink.written.clear()
        return piece

    def end(self) -> None:
        """Write all that is not a sheet."""
        self._finish_sheet()
        for name, content in self._frame.others.items():
            self._archive.writestr(name, content)
        self._archive.close()

    def _go_on(self, name: str) -> None:
        self._finish_sheet()
        self._names.append(name)
        self._frame = Frame.of(self._names, len(self._columns))
        self._letters = [xl_col_to_name(at) for at in range(len(self._columns))]
        self._writers = {
            str: _text,
            int: _number,
            float: _number,
            list: _list,
            datetime: _moment_in(self._frame.moment),
        }
        self._sheet = self._archive.open(self._frame.part, "w")
        self._row = self._size = 0
        bold = f' s="{self._frame.bold}"'
        self._put(self._frame.head + self._line(self._columns, bold))

    def _line(self, values: Iterable[Any], style: str = "") -> str:
        self._row += 1
        row, writers = self._row, self._writers
        cells = [
            f'<c r="{letter}{row}"{style}{writers[type(value)](value)}</c>'
            for letter, value in zip(self._letters, values, strict=True)
            if value is not None
        ]
        return f'<row r="{row}">{"".join(cells)}</row>'

    def _put(self, text: str) -> None:
        assert self._sheet is not None
        self._size += self._sheet.write(text.encode())

    def _finish_sheet(self) -> None:
        if self._sheet is not None:
            self._put(self._frame.foot)
            self._sheet.close()
            self._sheet = None


_ODD = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)|^\s|\s\Z")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in "\t\n ":
        return sign
    # What XML cannot say is said by its number, as Excel itself does.
    return _ESCAPES.get(sign) or f"_x{ord(sign):04X}_"


def _text(text: str) -> str:
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1] + "…"
    if not _ODD.search(text):
        return f' t="inlineStr"><is><t>{text}</t></is>'
    return f' t="inlineStr"><is><t xml:space="preserve">{_ODD.sub(_escaped, text)}</t></is>'


def _list(words: list[str]) -> str:
    return _text(", ".join(words))


def _number(value: float) -> str:
    return f"><v>{value!r}</v>"


_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_DAY = timedelta(days=1)


def _moment_in(style: str) -> Callable[[datetime], str]:
    def moment(value: datetime) -> str:
        return f' s="{style}"><v>{(value - _EPOCH) / _DAY!r}</v>'

    return moment


@dataclass(frozen=True, slots=True)
class Frame:
    """What XlsxWriter makes around the cells of the last one of some sheets."""

    part: str
    head: str
    foot: str
    bold: str
    moment: str
    others: dict[str, bytes]

    @classmethod
    def of(cls, names: Sequence[str], width: int) -> Frame:
        """The frame for the last of these sheets, and all else that a workbook of them has."""
        made = io.BytesIO()
        with Workbook(made, {"in_memory": True}) as book:
            bold = book.add_format({"bold": True})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            for name in names:
                sheet = book.add_worksheet(name)
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, width - 1, WIDTH)
                sheet.write_blank(0, 0, None, bold)
                sheet.write_blank(0, 1, None, moment)
        with ZipFile(made) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        own = f"xl/worksheets/sheet{len(names)}.xml"
        page = re.sub(r"<dimension [^>]*/>", "", parts[own].decode())
        head, cells, foot = re.split(r"(?<=<sheetData>)(.*)(?=</sheetData>)", page)
        bold_style, moment_style = re.findall(r' s="(\d+)"', cells)
        others = {
            name: content
            for name, content in parts.items()
            if not name.startswith("xl/worksheets/sheet")
        }
        return cls(own, head, foot, bold_style, moment_style, others)

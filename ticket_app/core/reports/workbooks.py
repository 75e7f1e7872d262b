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

from ticket_app.core.reports.tabular import Row, RowBatches

MAX_SHEET_ROWS = 1_048_576
MAX_SHEET_BYTES = 1_900_000_000
"""A sheet ends below 2 GiB, past which the archive would be of a kind that Excel does not take."""
MAX_CELL_LENGTH = 32_767
"""Characters of a cell, at most; a longer text is cut there."""
COLUMN_WIDTH = 18
COMPRESSION_LEVEL = 3
"""How hard to compress: twice as quick as usual for a tenth more."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be: its name, the names of its columns, and its rows."""

    name: str
    columns: Sequence[str]
    batches: RowBatches


def as_xlsx(
    sheets: Iterable[Sheet],
    *,
    max_rows: int = MAX_SHEET_ROWS,
    max_bytes: int = MAX_SHEET_BYTES,
) -> Iterator[bytes]:
    """The workbook, a piece for each batch; a full sheet goes on in another one.

    An archive is whole only with its last piece: what breaks off opens nowhere.
    """
    writer = _WorkbookWriter(max_rows, max_bytes)
    try:
        for sheet in sheets:
            writer.begin_sheet(sheet.name, sheet.columns)
            for batch in sheet.batches:
                writer.write_rows(batch)
                yield writer.take_output()
    finally:
        writer.close()
    yield writer.take_output()


class _OutputBuffer(io.RawIOBase):
    """What an archive is written to: it is given away and can only be gone on with."""

    def __init__(self) -> None:
        self.pending = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Take a piece."""
        self.pending += data
        return len(data)


class _WorkbookWriter:
    """A workbook in the making: the archive, and the sheet that is being written."""

    def __init__(self, max_rows: int, max_bytes: int) -> None:
        self._max_rows, self._max_bytes = max_rows, max_bytes
        self._output = _OutputBuffer()
        self._archive = ZipFile(self._output, "w", ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL)
        self._sheet_names: list[str] = []
        self._base_name = ""
        self._columns: Sequence[str] = ()
        self._template = SheetTemplate.build(["-"], 1)
        self._sheet_file: IO[bytes] | None = None
        self._row_number = self._sheet_bytes = 0

    def begin_sheet(self, name: str, columns: Sequence[str]) -> None:
        """Begin a sheet with its first line."""
        self._base_name, self._columns = name, columns
        self._open_sheet(name)

    def write_rows(self, batch: Sequence[Row]) -> None:
        """Write rows, on further sheets where this one is full."""
        formatted_rows: list[str] = []
        for row in batch:
            if self._row_number == self._max_rows or self._sheet_bytes >= self._max_bytes:
                self._write_text("".join(formatted_rows))
                formatted_rows.clear()
                sheet_number = (
                    sum(name.startswith(self._base_name) for name in self._sheet_names) + 1
                )
                self._open_sheet(f"{self._base_name} {sheet_number}")
            formatted_rows.append(self._format_row(row.values()))
        self._write_text("".join(formatted_rows))

    def take_output(self) -> bytes:
        """What is ready to be given away."""
        output = bytes(self._output.pending)
        self._output.pending.clear()
        return output

    def close(self) -> None:
        """Write all that is not a sheet."""
        self._close_sheet()
        for name, content in self._template.other_files.items():
            self._archive.writestr(name, content)
        self._archive.close()

    def _open_sheet(self, name: str) -> None:
        self._close_sheet()
        self._sheet_names.append(name)
        self._template = SheetTemplate.build(self._sheet_names, len(self._columns))
        self._column_letters = [xl_col_to_name(at) for at in range(len(self._columns))]
        self._cell_formatters = {
            str: _format_text,
            int: _format_number,
            float: _format_number,
            list: _format_list,
            datetime: _datetime_formatter(self._template.datetime_style),
        }
        self._sheet_file = self._archive.open(self._template.path, "w")
        self._row_number = self._sheet_bytes = 0
        bold = f' s="{self._template.bold_style}"'
        self._write_text(self._template.header_xml + self._format_row(self._columns, bold))

    def _format_row(self, values: Iterable[Any], style: str = "") -> str:
        self._row_number += 1
        row_number, formatters = self._row_number, self._cell_formatters
        cells = [
            f'<c r="{letter}{row_number}"{style}{formatters[type(value)](value)}</c>'
            for letter, value in zip(self._column_letters, values, strict=True)
            if value is not None
        ]
        return f'<row r="{row_number}">{"".join(cells)}</row>'

    def _write_text(self, text: str) -> None:
        assert self._sheet_file is not None
        self._sheet_bytes += self._sheet_file.write(text.encode())

    def _close_sheet(self) -> None:
        if self._sheet_file is not None:
            self._write_text(self._template.footer_xml)
            self._sheet_file.close()
            self._sheet_file = None


_SPECIAL_CHARACTER_PATTERN = re.compile(
    r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)|^\s|\s\Z"
)
_XML_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _escape_match(match: re.Match[str]) -> str:
    character = match[0]
    if character in "\t\n ":
        return character
    # What XML cannot say is said by its number, as Excel itself does.
    return _XML_ESCAPES.get(character) or f"_x{ord(character):04X}_"


def _format_text(text: str) -> str:
    if len(text) > MAX_CELL_LENGTH:
        text = text[: MAX_CELL_LENGTH - 1] + "…"
    if not _SPECIAL_CHARACTER_PATTERN.search(text):
        return f' t="inlineStr"><is><t>{text}</t></is>'
    escaped = _SPECIAL_CHARACTER_PATTERN.sub(_escape_match, text)
    return f' t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is>'


def _format_list(values: list[str]) -> str:
    return _format_text(", ".join(values))


def _format_number(value: float) -> str:
    return f"><v>{value!r}</v>"


_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_DAY = timedelta(days=1)


def _datetime_formatter(style: str) -> Callable[[datetime], str]:
    def format_datetime(value: datetime) -> str:
        return f' s="{style}"><v>{(value - _EXCEL_EPOCH) / _DAY!r}</v>'

    return format_datetime


@dataclass(frozen=True, slots=True)
class SheetTemplate:
    """What XlsxWriter makes around the cells of the last one of some sheets."""

    path: str
    header_xml: str
    footer_xml: str
    bold_style: str
    datetime_style: str
    other_files: dict[str, bytes]

    @classmethod
    def build(cls, sheet_names: Sequence[str], column_count: int) -> SheetTemplate:
        """The frame for the last of these sheets, and all else that a workbook of them has."""
        buffer = io.BytesIO()
        with Workbook(buffer, {"in_memory": True}) as book:
            bold_format = book.add_format({"bold": True})
            datetime_format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            for name in sheet_names:
                sheet = book.add_worksheet(name)
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, column_count - 1, COLUMN_WIDTH)
                sheet.write_blank(0, 0, None, bold_format)
                sheet.write_blank(0, 1, None, datetime_format)
        with ZipFile(buffer) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        sheet_path = f"xl/worksheets/sheet{len(sheet_names)}.xml"
        sheet_xml = re.sub(r"<dimension [^>]*/>", "", files[sheet_path].decode())
        header, cells, footer = re.split(r"(?<=<sheetData>)(.*)(?=</sheetData>)", sheet_xml)
        bold_style, datetime_style = re.findall(r' s="(\d+)"', cells)
        other_files = {
            name: content
            for name, content in files.items()
            if not name.startswith("xl/worksheets/sheet")
        }
        return cls(sheet_path, header, footer, bold_style, datetime_style, other_files)

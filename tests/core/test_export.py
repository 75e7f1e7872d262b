"""Exports tell every ticket once, in files that open, whatever people wrote into them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zipfile import is_zipfile

import pytest
from openpyxl import load_workbook

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.api.dialects.enterprise.reports.exported_tickets import (
    COLUMNS,
    format_exported_ticket,
)
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.reports import export
from ticket_app.core.reports.tabular import Row, as_csv, as_json, escape_formula
from ticket_app.core.reports.workbooks import MAX_VALUE_LENGTH, Worksheet, as_xlsx
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.tickets.ticket_query import TicketQuery

MOMENT = datetime(2026, 11, 20, 9, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def reading(uow_for: UowFor, cast: Cast) -> export.UnitOfWorkFactory:
    def open_for_a_moment() -> AbstractContextManager[UnitOfWork]:
        return uow_for(cast.manager, writes=False)

    return open_for_a_moment


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH_SIZE", 2)


def ids(batches: Iterator[Any]) -> list[int]:
    return [line["id"] for batch in batches for line in batch]


@pytest.mark.usefixtures("small_batches")
def test_export_contains_every_ticket_once_newest_first(
    reading: export.UnitOfWorkFactory, file_ticket: FileTicket
) -> None:
    made = [file_ticket() for _ in range(5)]
    batches = list(export.iter_ticket_batches(reading, TicketQuery(), format_exported_ticket))
    assert ids(iter(batches)) == made[::-1]
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert [tuple(line) for line in batches[0]] == [COLUMNS, COLUMNS]


@pytest.mark.usefixtures("small_batches")
def test_export_blocks_no_one_and_loses_nothing(
    reading: export.UnitOfWorkFactory, file_ticket: FileTicket, uow_for: UowFor, cast: Cast
) -> None:
    made = [file_ticket() for _ in range(6)]
    batches = export.iter_ticket_batches(reading, TicketQuery(), format_exported_ticket)
    exported = ids(iter([next(batches)]))
    file_ticket()
    for ticket_id in (made[5], made[0]):
        with uow_for(cast.agent) as uow:
            edit(uow, lock_ticket(uow, ticket_id), {"title": "Changed meanwhile"})
    rest = [line for batch in batches for line in batch]
    assert exported + [line["id"] for line in rest] == made[::-1]
    assert rest[-1]["title"] == "Changed meanwhile"


@pytest.mark.usefixtures("small_batches")
def test_several_words_are_walked_together(
    reading: export.UnitOfWorkFactory, file_ticket: FileTicket, uow_for: UowFor, cast: Cast
) -> None:
    made = [file_ticket() for _ in range(9)]
    statuses = (Status.CLOSED, Status.RESOLVED, Status.OPEN)
    for n, ticket_id in enumerate(made):
        with uow_for(cast.agent) as uow:
            change_status(uow, lock_ticket(uow, ticket_id), statuses[n % 3])
    query = TicketQuery(status=frozenset({Status.CLOSED, Status.RESOLVED}))
    wanted = [ticket_id for n, ticket_id in enumerate(made) if n % 3 < 2]
    assert ids(export.iter_ticket_batches(reading, query, format_exported_ticket)) == wanted[::-1]


def test_only_those_who_read_reports_export(uow_for: UowFor, cast: Cast) -> None:
    for actor in (cast.owner, cast.agent):
        reading = partial(uow_for, actor, writes=False)
        with pytest.raises(Forbidden):
            next(export.iter_ticket_batches(reading, TicketQuery(), format_exported_ticket))


def test_who_sees_only_their_own_exports_no_more(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    own, _ = file_ticket(), file_ticket(cast.stranger)
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, own), {"internal_notes": "A friend of the director"})
    curious = replace(cast.owner, permissions=cast.owner.permissions | {"view_reports"})
    exported = {}
    for actor in (curious, cast.manager):
        (exported[actor],) = export.iter_ticket_batches(
            partial(uow_for, actor, writes=False), TicketQuery(), format_exported_ticket
        )
    assert [(line["id"], line["internal_notes"]) for line in exported[curious]] == [(own, None)]
    assert [line["internal_notes"] for line in exported[cast.manager]] == [
        None,
        "A friend of the director",
    ]


@pytest.mark.parametrize(
    ("text", "exported"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-", "'-"),
        ("@here", "'@here"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a;=1+1", "a;'=1+1"),
        ("a; =1+1", "a;' =1+1"),
        ("a; b", "a; b"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        ("(-1)", "(-1)"),
        ("", ""),
        ("2-1", "2-1"),
    ],
)
def test_a_spreadsheet_calculates_with_nothing_people_wrote(text: str, exported: str) -> None:
    assert escape_formula(text) == exported


LINE: Row = {
    "number": -5,
    "share": 0.5,
    "text": '=cmd|" /C calc"!A0, "quoted"\nnext line',
    "moment": MOMENT,
    "tags": ["a", "=b"],
    "nothing": None,
}


def rows_of(pieces: Iterator[bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))


def test_csv_is_as_excel_and_everybody_else_wants_it() -> None:
    written = b"".join(as_csv(tuple(LINE), [[LINE], [LINE]]))
    assert written.startswith("\ufeffnumber,share,".encode())
    assert written.count(b"\r\n") == 3
    assert rows_of(iter([written])) == [
        list(LINE),
        *[["-5", "0.5", f"'{LINE['text']}", "2026-11-20T09:30:15Z", "a, =b", ""]] * 2,
    ]


def test_csv_without_rows_names_its_columns() -> None:
    assert rows_of(as_csv(("a", "b"), [[]])) == [["a", "b"]]


@pytest.mark.parametrize("batches", [[], [[]], [[LINE]], [[LINE, LINE], [], [LINE]]])
def test_json_is_one_array(batches: list[list[Row]]) -> None:
    exported = json.loads(b"".join(as_json(batches)))
    wanted = {**LINE, "moment": "2026-11-20T09:30:15.250000Z"}
    assert exported == [wanted for batch in batches for _ in batch]


def opened(pieces: Iterator[bytes]) -> Any:
    return load_workbook(io.BytesIO(b"".join(pieces)))


def test_a_workbook_keeps_numbers_times_and_texts_apart() -> None:
    book = opened(as_xlsx([Worksheet("Tickets", tuple(LINE), [[LINE]])]))
    worksheet = book["Tickets"]
    header, row = worksheet.iter_rows()
    assert [field.value for field in header] == list(LINE)
    assert all(field.font.bold for field in header)
    assert [field.value for field in row] == [
        -5, 0.5, LINE["text"], MOMENT.replace(tzinfo=None), "a, =b", None,
    ]  # fmt: skip
    assert "f" not in {field.data_type for field in row}
    assert worksheet.freeze_panes == "A2"


def test_full_worksheet_continues_in_another_one() -> None:
    lines = [{"n": n, "m": n} for n in range(7)]
    batches = [lines[:2], lines[2:]]
    book = opened(as_xlsx([Worksheet("Tickets", ("n", "m"), batches)], max_rows=4))
    assert book.sheetnames == ["Tickets", "Tickets 2", "Tickets 3"]
    exported = [[row[0] for row in book[name].values] for name in book.sheetnames]
    assert exported == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]
    assert [book[name].sheet_view.tabSelected for name in book.sheetnames] == [True, None, None]


def test_worksheet_ends_before_the_size_limit_of_excel() -> None:
    batches = [[{"text": "x" * 1_000, "n": 1}] for _ in range(4)]
    book = opened(as_xlsx([Worksheet("Tickets", ("text", "n"), batches)], max_bytes=2_000))
    assert len(book.sheetnames) > 1
    assert sum(book[name].max_row - 1 for name in book.sheetnames) == 4


def test_workbook_has_several_worksheets() -> None:
    book = opened(
        as_xlsx(
            [
                Worksheet("Agents", ("id", "name"), [[{"id": 1, "name": "Ann"}]]),
                Worksheet("Teams", ("id", "name"), [[]]),
            ]
        )
    )
    assert [list(book[name].values) for name in ("Agents", "Teams")] == [
        [("id", "name"), (1, "Ann")],
        [("id", "name")],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a < b && c > d </t></is></c>",
        "bell \x07, escape \x1b, return \r here",
        "_x0041_ stays",
        " blanks around \n",
        "two\nlines\tand a tab",
        "😀 Ünïcode \ufffe",
        "\"quoted\" 'too'",
        "]]>",
    ],
)
def test_a_workbook_takes_any_text(text: str) -> None:
    from openpyxl.utils.escape import unescape

    book = opened(as_xlsx([Worksheet("Tickets", ("t", "n"), [[{"t": text, "n": 1}]])]))
    assert unescape(book["Tickets"]["A2"].value) == text


def test_long_text_is_cut_at_the_field_limit_of_excel() -> None:
    book = opened(as_xlsx([Worksheet("T", ("t", "n"), [[{"t": "x" * 50_000, "n": 1}]])]))
    exported = book["T"]["A2"].value
    assert (len(exported), exported[-2:]) == (MAX_VALUE_LENGTH, "x…")


def broken() -> Iterator[Sequence[Row]]:
    yield [LINE]
    raise ConnectionError("the database went away")


@pytest.mark.parametrize(
    "write",
    [
        lambda batches: as_csv(tuple(LINE), batches),
        as_json,
        lambda batches: as_xlsx([Worksheet("T", tuple(LINE), batches)]),
    ],
    ids=["csv", "json", "xlsx"],
)
def test_what_breaks_off_is_not_ended_well(write: Any) -> None:
    pieces: list[bytes] = []
    with pytest.raises(ConnectionError):
        pieces.extend(write(broken()))
    exported = b"".join(pieces)
    assert not is_zipfile(io.BytesIO(exported))
    with pytest.raises(ValueError):  # noqa: PT011 - neither text nor JSON is whole
        json.loads(exported)

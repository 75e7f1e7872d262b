"""Tickets are imported with their numbers, times and comments, and wrong rows are named."""

from __future__ import annotations

import io
import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlmodel import select as select_rows

from tests.cast import MORNING, Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.imports import reading, ticket_import
from ticket_app.core.imports.reading import FileFormat
from ticket_app.core.imports.ticket_import import ImportReport, import_tickets
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.database import DEADLOCK_MESSAGE, read_connection
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid
from ticket_app.core.platform.json_types import JsonObject
from ticket_app.core.platform.ticket_numbers import format_key
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.tickets import counters, editing, locking, ticket_list, ticket_query
from ticket_app.core.timeline import timeline
from ticket_app.core.webhooks import subscriptions
from ticket_app.tables import (
    Ticket,
    company_table,
    department_table,
    notification_table,
    outbox_message_table,
    person_table,
    team_table,
    ticket_table,
)

OLD = {
    "external_id": "Z-1",
    "title": "The lamp is dark",
    "description": "Since noon.",
    "number": "BUG-15",
    "status": "closed",
    "priority": "High",
    "requester": "owner@example.com",
    "assignee": "agent",
    "tags": "lamp, cellar",
    "created_at": "2021-03-04T10:00:00+01:00",
    "resolved_at": "2021-03-06T09:00:00Z",
    "closed_at": "2021-03-07T09:00:00Z",
}
COMMENTS = [
    {"content": "Try the switch", "author": "agent", "created_at": "2021-03-05T09:00:00Z"},
    {"content": "That helped, thanks", "created_at": "2021-03-05T10:00:00Z"},
    {
        "content": "A loose wire",
        "author": "agent@example.com",
        "created_at": "2021-03-05T11:00:00Z",
        "is_internal": True,
    },
]


class Import:
    """Imports rows as the administrator."""

    def __init__(self, uow_for: UowFor, cast: Cast) -> None:
        self._uow_for, self._cast = uow_for, cast

    def __call__(self, *rows: JsonObject | str, who: str = "admin", **options: Any) -> ImportReport:
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        return self.file("\n".join(lines).encode(), FileFormat.JSONL, who=who, **options)

    def file(
        self,
        content: bytes,
        kind: FileFormat = FileFormat.CSV,
        *,
        who: str = "admin",
        **options: Any,
    ) -> ImportReport:
        open_uow = partial(self._uow_for, getattr(self._cast, who))
        return import_tickets(open_uow, io.BytesIO(content), kind, **options)


@pytest.fixture
def imports(uow_for: UowFor, cast: Cast) -> Import:
    return Import(uow_for, cast)


def outcome(report: ImportReport) -> tuple[int, int, int]:
    return report.created, report.skipped, report.failed


def problems(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(one.row, one.field, str(one.reason)) for one in report.problems]


def only_ticket(uow_for: UowFor, cast: Cast) -> Ticket:
    with uow_for(cast.admin, writes=False) as uow:
        (ticket,) = uow.session.exec(select_rows(Ticket)).all()
        return ticket


def test_ticket_keeps_its_number_times_people_and_comments(
    imports: Import, uow_for: UowFor, cast: Cast
) -> None:
    report = imports({**OLD, "comments": COMMENTS})
    assert (report.rows, outcome(report), report.problems) == (1, (1, 0, 0), [])
    ticket = only_ticket(uow_for, cast)
    expected = {
        "external_id": "Z-1",
        "title": "The lamp is dark",
        "kind": "bug",
        "category": "bug",
        "status": "closed",
        "status_group": "done",
        "priority": "high",
        "tags": ["lamp", "cellar"],
        "requester_id": cast.owner.id,
        "created_by_id": cast.owner.id,
        "assignee_id": cast.agent.id,
        "company_id": cast.owner.company_id,
        "opened_on": date(2021, 3, 4),
        "day_number": 1,
        "created_at": datetime(2021, 3, 4, 9, tzinfo=UTC),
        "updated_at": datetime(2021, 3, 7, 9, tzinfo=UTC),
        "resolved_at": datetime(2021, 3, 6, 9, tzinfo=UTC),
        "closed_at": datetime(2021, 3, 7, 9, tzinfo=UTC),
        "first_response_at": datetime(2021, 3, 5, 9, tzinfo=UTC),
        "comments_count": 2,
        "notes_count": 1,
        "last_comment": "That helped, thanks",
        "last_comment_by_id": cast.owner.id,
        "sla_policy_id": None,
        "channel": "import",
    }
    assert format_key(ticket) == "BUG-15"
    assert {name: getattr(ticket, name) for name in expected} == expected
    assert ticket.id is not None
    with uow_for(cast.admin, writes=False) as uow:
        entries = timeline.list_entries(uow, ticket.id)
    assert [(entry.kind, entry.at.day, entry.actor_username, entry.body) for entry in entries] == [
        ("created", 4, "owner", None),
        ("comment", 5, "agent", "Try the switch"),
        ("comment", 5, "owner", "That helped, thanks"),
        ("comment", 5, "agent", "A loose wire"),
        ("change", 6, None, None),
    ]


def test_imported_ticket_is_counted_and_found_by_its_comments(
    imports: Import, uow_for: UowFor, cast: Cast
) -> None:
    imports({**OLD, "comments": COMMENTS})
    with uow_for(cast.agent, writes=False) as uow:
        assert counters.count_all_tickets(uow).by_status == {"closed": 1}
        assert counters.count_all_tickets(uow).average_resolution_hours == 48.0
        for words in ("loose wire", "switch", "BUG-15", "cellar"):
            found = ticket_list.page(uow, ticket_query.TicketQuery(search=words))
            assert len(found.rows) == 1, words
    with uow_for(cast.owner, writes=False) as uow:
        assert len(ticket_list.page(uow, ticket_query.TicketQuery(search="switch")).rows) == 1
        assert not ticket_list.page(uow, ticket_query.TicketQuery(search="loose wire")).rows


def test_repeated_import_adds_nothing(imports: Import) -> None:
    rows = [{**OLD, "external_id": f"Z-{n}", "number": f"BUG-{n}"} for n in range(1, 251)]
    assert outcome(imports(*rows)) == (250, 0, 0)
    assert outcome(imports(*rows)) == (0, 250, 0)
    assert outcome(imports(*rows, dry_run=True)) == (0, 250, 0)
    assert outcome(imports({**OLD, "external_id": "Z-1", "title": ""})) == (0, 1, 0)


def test_dry_run_finds_the_same_problems_and_creates_nothing(
    imports: Import, uow_for: UowFor, cast: Cast
) -> None:
    rows = [OLD, {**OLD, "external_id": "Z-2"}, {**OLD, "external_id": "Z-3", "number": "BUG-16"}]
    dry = imports(*rows, dry_run=True)
    assert (dry.is_dry_run, outcome(dry)) == (True, (2, 0, 1))
    with uow_for(cast.admin, writes=False) as uow:
        assert uow.connection.execute(select(func.count()).select_from(ticket_table)).scalar() == 0
    real = imports(*rows)
    assert (outcome(real), problems(real)) == ((2, 0, 1), problems(dry))
    assert problems(real) == [(2, "number", "is already used in row 1")]


@pytest.mark.parametrize("number", ["BUG-1", "TKT-20261120-001", "T-20261120-0001", "TKT-000001"])
def test_number_in_use_is_a_problem_of_its_row(
    imports: Import, file_ticket: FileTicket, number: str
) -> None:
    assert file_ticket(kind=Kind.BUG) == 1
    new = {**OLD, "kind": "bug", "number": number}
    report = imports(new, {**OLD, "external_id": "Z-2", "number": None})
    assert (outcome(report), problems(report)) == ((1, 0, 1), [(1, "number", "is in use")])


def test_later_numbers_never_collide_with_imported_ones(
    imports: Import, file_ticket: FileTicket, uow_for: UowFor, cast: Cast
) -> None:
    given = ("BUG-2", f"TKT-{MORNING:%Y%m%d}-002", "TKT-000003")
    rows: list[JsonObject] = [{**OLD, "external_id": None, "number": None, "kind": "bug"}]
    rows += [{**OLD, "external_id": None, "number": number, "kind": "bug"} for number in given]
    assert outcome(imports(*rows)) == (4, 0, 0)
    new_ids = [file_ticket(kind=Kind.BUG) for _ in range(4)]
    with uow_for(cast.admin, writes=False) as uow:
        tickets = uow.session.exec(select_rows(Ticket).order_by(ticket_table.c.id)).all()
    assert len({(one.key_prefix, one.key_number) for one in tickets}) == 8
    assert len({(one.opened_on, one.day_number) for one in tickets}) == 8
    assert [one.id for one in tickets][-4:] == new_ids
    assert 3 in [one.id for one in tickets]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "a" * 501}, "title"),
        ({"description": None}, "description"),
        ({"title": "a\x00b"}, "title"),
        ({"requester": "no-one@example.com"}, "requester"),
        ({"requester": "no\x00one"}, "requester"),
        ({"assignee": "owner"}, "assignee"),
        ({"department": "Nowhere"}, "department"),
        ({"team": "Nowhere"}, "team"),
        ({"company": "Nowhere"}, "company"),
        ({"status": "finished"}, "status"),
        ({"status": "pending_approval", "resolved_at": None, "closed_at": None}, "status"),
        ({"status": "open", "closed_at": None}, "resolved_at"),
        ({"priority": "very"}, "priority"),
        ({"kind": "support"}, "number"),
        ({"number": "ABC-1"}, "number"),
        ({"number": "BUG-0"}, "number"),
        ({"number": "2147483647"}, "number"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at": "2099-01-01"}, "created_at"),
        ({"created_at": "1821-01-01"}, "created_at"),
        ({"resolved_at": "2020-01-01"}, "resolved_at"),
        ({"tags": [True]}, "tags"),
        ({"tags": ["a" * 61]}, "tags"),
        ({"estimated_hours": "many"}, "estimated_hours"),
        ({"estimated_hours": "-1"}, "estimated_hours"),
        ({"environment": "none"}, "environment"),
        ({"satisfaction_rating": "6"}, "satisfaction_rating"),
        ({"external_id": "a" * 201}, "external_id"),
        ({"external_id": ["a"]}, "external_id"),
        ({"format": "rtf"}, "format"),
        ({"colour": "red"}, "colour"),
        ({"comments": "none"}, "comments"),
        ({"comments": [{"content": ""}]}, "comments.0.content"),
        ({"comments": [{"content": "a", "author": "ghost"}]}, "comments.0.author"),
        ({"comments": [{"content": "a", "created_at": "2020-01-01"}]}, "comments.0.created_at"),
        ({"comments": [{"content": "a", "is_internal": True}]}, "comments.0.author"),
        ({"comments": [{"content": "a", "colour": "red"}]}, "comments.0.colour"),
    ],
)
def test_wrong_value_names_its_row_and_field(
    imports: Import, changes: dict[str, Any], field: str
) -> None:
    report = imports({**OLD, **changes}, {**OLD, "external_id": "Z-2", "number": "BUG-16"})
    assert [(one.row, one.field) for one in report.problems] == [(1, field)]
    assert outcome(report) == (1, 0, 1)


def test_no_one_is_notified_and_no_target_is_missed(
    imports: Import, uow_for: UowFor, cast: Cast, webhook: None, database: Engine
) -> None:
    imports({**OLD, "status": "open", "resolved_at": None, "closed_at": None, "comments": COMMENTS})
    ticket = only_ticket(uow_for, cast)
    with uow_for(cast.agent) as uow:
        assert ticket.id is not None
        editing.edit(uow, locking.lock_ticket(uow, ticket.id), {"priority": Priority.URGENT})
    ticket = only_ticket(uow_for, cast)
    assert (ticket.sla_policy_id, ticket.sla_next_at, ticket.sla_breached_at) == (None, None, None)
    with uow_for(cast.admin, writes=False) as uow:
        count = select(func.count())
        assert uow.connection.execute(count.select_from(notification_table)).scalar() == 0
        entries = uow.connection.execute(select(outbox_message_table.c.payload)).scalars().all()
    assert len(entries) == 1, "the edit after the import, and nothing else"


@pytest.fixture
def webhook(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        subscriptions.subscribe(uow, "https://example.com/hook", ["ticket.created"])


def test_csv_of_a_spreadsheet(imports: Import, uow_for: UowFor, cast: Cast) -> None:
    content = (
        "\ufeffExternal ID;Subject;Description;Requester email;Created at\r\n"
        '7;"Lamp; dark";"First line\nsecond ""line""";OWNER@example.com;2021-03-04\r\n'
        ";;;;\r\n"
    )
    report = imports.file(content.encode())
    assert (report.rows, outcome(report)) == (1, (1, 0, 0)), report.problems
    ticket = only_ticket(uow_for, cast)
    assert (ticket.title, ticket.description) == ("Lamp; dark", 'First line\nsecond "line"')
    assert (ticket.external_id, ticket.created_at.date()) == ("7", date(2021, 3, 4))


def test_broken_csv_rows_do_not_stop_the_others(imports: Import) -> None:
    content = (
        b"external_id,title,description\n"
        b"1,Lamp,Dark\n"
        b'2,"La"mp,Dark\n'
        b"3,Lamp \xff,Dark\n"
        b"4,Lamp,Dark,more\n"
        b'5,"Lamp,Dark\n'
        b"6,Lamp,Dark\n"
    )
    report = imports.file(content)
    assert outcome(report) == (2, 0, 4)
    assert problems(report) == [
        (3, "row", reading.WRONG_QUOTES),
        (4, "title", reading.NOT_UTF_8),
        (5, "row", "has 4 values for 3 columns"),
        (6, "row", reading.WRONG_QUOTES),
    ]


def test_broken_json_lines_do_not_stop_the_others(
    imports: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_LINE_BYTES", 500)
    good = json.dumps({"title": "Lamp", "description": "Dark"}).encode()
    lines = [b"{", b"[]", b'"\xff"', b'{"title": "' + b"a" * 900 + b'"}', b"", good]
    report = imports.file(b"\n".join(lines), FileFormat.JSONL)
    assert outcome(report) == (1, 0, 4)
    assert [(row, reason) for row, _, reason in problems(report)] == [
        (1, "is not valid JSON"),
        (2, "must be a JSON object"),
        (3, reading.NOT_UTF_8),
        (4, "must have at most 500 bytes"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "header"),
        (b"title,description\n", "at least one row"),
        (b"title,descripton\na,b\n", "did you mean description"),
        (b"title,title\na,b\n", "twice"),
        (b'"title,description\na,b\n', "quotes"),
        ("title,description\na,b\n".encode("utf-16"), "UTF-16"),
        (b"title,description\n" + b"a,b\n" * 4, "at most 3 rows"),
    ],
)
def test_unreadable_file_is_refused_as_a_whole(
    imports: Import, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
) -> None:
    monkeypatch.setattr(ticket_import, "MAX_ROWS", 3)
    with pytest.raises(Invalid, match=words) as raised:
        imports.file(content)
    assert raised.value.field == "file"


def test_many_broken_rows_end_the_reading(imports: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_UNREADABLE_ROWS", 3)
    report = imports.file(b"title,description\n" + b'"a"b,c\n' * 10)
    assert outcome(report) == (0, 0, 4)
    assert "the rest was not read" in report.problems[-1].reason


@pytest.mark.parametrize("who", ["owner", "agent", "manager"])
def test_only_administrators_import(imports: Import, who: str) -> None:
    with pytest.raises(Forbidden):
        imports(OLD, who=who)


def test_number_taken_by_someone_else_meanwhile_is_a_problem_of_its_row(
    imports: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcome(imports(OLD)) == (1, 0, 0)
    is_taken, calls = ticket_import.ticket_numbers.is_taken, iter([False, False])
    monkeypatch.setattr(
        ticket_import.ticket_numbers, "is_taken", lambda *given: next(calls, is_taken(*given))
    )
    report = imports({**OLD, "external_id": "Z-9"})
    assert problems(report) == [(1, "number", "is in use")]


def test_ticket_opened_during_an_import_neither_fails_nor_repeats_the_batch(
    imports: Import, file_ticket: FileTicket, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_ticket = ticket_import.ticket_writing.write_ticket
    new = {"title": "Lamp", "description": "Dark", "created_at": MORNING.isoformat()}
    written: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        opened: list[Future[int]] = []

        def write_and_open_another(*given: Any) -> int:
            ticket_id = write_ticket(*given)
            written.append(ticket_id)
            if not opened:
                opened.append(pool.submit(file_ticket, kind=Kind.BUG))
                wait_until_blocked(database)
            return ticket_id

        monkeypatch.setattr(ticket_import.ticket_writing, "write_ticket", write_and_open_another)
        report = imports({**new, "kind": "support"}, {**new, "kind": "bug"})
        assert outcome(report) == (2, 0, 0)
        assert opened[0].result(timeout=30) not in written
    assert len(written) == 2


def wait_until_blocked(database: Engine) -> None:
    """Wait until a transaction waits for a lock; on SQLite every other writer waits anyway."""
    if database.dialect.name == "sqlite":
        return
    statement = text(
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with read_connection(database) as connection:
            if connection.execute(statement).first():
                return
        time.sleep(0.01)
    raise AssertionError("no transaction waits for a lock")


def test_sequences_are_locked_in_the_order_in_which_a_ticket_is_opened(
    uow_for: UowFor, cast: Cast, database: Engine
) -> None:
    locked: list[str] = []

    def record(_connection: object, _statement: object, rows: Any, *_rest: object) -> None:
        locked.extend(row["name"] for row in rows if "name" in row)

    with uow_for(cast.admin) as uow:
        event.listen(database, "before_execute", record)
        names = ["day:2021-03-05", "kind:SUP", "day:2021-03-04", "kind:BUG"]
        ticket_numbers.lock_sequences(uow, names)
        event.remove(database, "before_execute", record)
    assert locked == ["kind:BUG", "kind:SUP", "day:2021-03-04", "day:2021-03-05"]


def test_tags_of_a_batch_are_created_at_once_in_the_order_of_their_names(
    imports: Import, database: Engine
) -> None:
    created: list[list[str]] = []

    def record(_connection: object, statement: Any, rows: Any, *_rest: object) -> None:
        if getattr(statement, "is_insert", False) and statement.table.name == "tag":
            created.append([row["name"] for row in rows])

    event.listen(database, "before_execute", record)
    first = {**OLD, "tags": ["zinc", "Lamp"]}
    second = {**OLD, "external_id": "Z-2", "number": "BUG-16", "tags": ["lamp", "Amber"]}
    invalid = {**OLD, "external_id": "Z-3", "number": "BUG-17", "team": "None", "tags": ["wrong"]}
    report = imports(first, second, invalid)
    event.remove(database, "before_execute", record)
    assert outcome(report) == (2, 0, 1)
    assert created == [["Amber", "Lamp", "zinc"]]


@pytest.mark.parametrize("failures", [1, 3])
def test_batch_is_tried_again_after_a_deadlock_and_reported_in_the_end(
    imports: Import, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    write_ticket, left = ticket_import.ticket_writing.write_ticket, iter(range(failures))

    def end_in_a_deadlock(*given: Any) -> int:
        if next(left, None) is not None:
            raise Conflict(DEADLOCK_MESSAGE)
        return write_ticket(*given)

    monkeypatch.setattr(ticket_import.ticket_writing, "write_ticket", end_in_a_deadlock)
    monkeypatch.setattr(ticket_import, "BATCH_SIZE", 1)
    report = imports(OLD, {**OLD, "external_id": "Z-2", "number": "BUG-16"})
    if failures < ticket_import.ATTEMPTS:
        assert (outcome(report), problems(report)) == ((2, 0, 0), [])
    else:
        assert outcome(report) == (1, 0, 1)
        assert problems(report) == [(1, "row", ticket_import.OTHERS_INTERFERED)]


@pytest.mark.parametrize(("limit", "value"), [("BATCH_BYTES", 3_000), ("BATCH_COMMENTS", 6)])
@pytest.mark.parametrize("file_format", FileFormat)
def test_long_rows_make_short_batches(
    uow_for: UowFor,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    file_format: FileFormat,
    limit: str,
    value: int,
) -> None:
    monkeypatch.setattr(ticket_import, limit, value)
    opened: list[bool] = []

    def open_uow(*, writes: bool) -> AbstractContextManager[UnitOfWork]:
        opened.append(writes)
        return uow_for(cast.admin, writes=writes)

    row = {"title": "Lamp", "description": "a" * 1_500}
    if file_format is FileFormat.CSV:
        content = "title,description\n" + f"Lamp,{row['description']}\n" * 8
    else:
        content = (json.dumps({**row, "comments": [{"content": "Dark"}] * 3}) + "\n") * 8
    report = import_tickets(open_uow, io.BytesIO(content.encode()), file_format)
    assert outcome(report) == (8, 0, 0)
    has_comments = file_format is FileFormat.JSONL
    batches = 4 if limit == "BATCH_BYTES" or has_comments else 1
    assert opened.count(True) == batches + 2, "numbers, each batch, audit entry"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": ""}, ("title", "is required")),
        ({"requester": "ghost"}, ("requester", "does not exist")),
        ({"number": "BUG-100000000"}, ("number", "must have at most 8 digits")),
        ({"number": "TKT-20210304-100000000"}, ("number", "must have at most 8 digits")),
        ({"number": "100000000"}, ("number", "must have at most 8 digits")),
    ],
)
def test_wrong_row_uses_up_no_numbers(
    imports: Import,
    file_ticket: FileTicket,
    uow_for: UowFor,
    cast: Cast,
    changes: dict[str, Any],
    problem: tuple[str, str],
) -> None:
    report = imports({**OLD, "number": "BUG-99999999"} | changes)
    assert problems(report) == [(1, *problem)]
    assert file_ticket(kind=Kind.BUG) == 1
    assert format_key(only_ticket(uow_for, cast)) == "BUG-1"


@pytest.mark.parametrize("kind", ["department", "team", "company"])
def test_name_is_found_in_any_case_and_before_an_id(
    imports: Import, uow_for: UowFor, cast: Cast, kind: str
) -> None:
    table = {"department": department_table, "team": team_table, "company": company_table}[kind]
    with uow_for(cast.admin) as uow:
        for row_id, name in ((81, "82"), (82, "81"), (83, "Größe & Co")):
            values = {"id": row_id, "name": name, "uuid": uuid4(), "name_folded": name.casefold()}
            values = {name: value for name, value in values.items() if name in table.c}
            uow.connection.execute(table.insert().values(values | {"created_at": MORNING}))
    named = {"81": 82, "82": 81, "83": 83, "GRÖSSE & CO": 83, "größe & co": 83}
    new = {"title": "Lamp", "description": "Dark"}
    report = imports(*({**new, kind: name} for name in named))
    assert problems(report) == []
    with uow_for(cast.admin, writes=False) as uow:
        column = ticket_table.c[f"{kind}_id"]
        found = uow.connection.execute(select(column).order_by(ticket_table.c.id)).scalars().all()
    assert list(found) == list(named.values())


def test_username_comes_before_an_id(imports: Import, uow_for: UowFor, cast: Cast) -> None:
    name = str(cast.owner.id)
    with uow_for(cast.admin) as uow:
        values = {"username": name, "username_folded": name, "username_skeleton": name}
        is_stranger = person_table.c.id == cast.stranger.id
        uow.connection.execute(person_table.update().where(is_stranger).values(values))
    imports({"title": "Lamp", "description": "Dark", "requester": name})
    assert only_ticket(uow_for, cast).requester_id == cast.stranger.id

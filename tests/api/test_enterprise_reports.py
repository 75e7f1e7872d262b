"""Enterprise, "Reports and Analytics": dashboard, performance and exports as documented."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.api.conftest import As, Working
from tests.cast import Cast
from ticket_app.api.dialects.enterprise.reports import routes
from ticket_app.api.dialects.enterprise.reports.exported_tickets import COLUMNS
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Status
from ticket_app.core.reports import export
from ticket_app.core.tickets import assigning, opening, status_changes, trash
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft

CreateTicket = Callable[..., int]
LINK = '=HYPERLINK("http://evil.example";"Click")'


@pytest.fixture
def manager(as_: As, cast: Cast) -> TestClient:
    return as_(cast.manager)


@pytest.fixture
def ticket(working: Working, cast: Cast) -> CreateTicket:
    """Files a ticket as its owner; an agent takes it and puts it into a status."""

    def file(status: Status | None = None, **payload: Any) -> int:
        draft = {"title": "The lamp flickers", "description": "Since noon.", **payload}
        with working(cast.owner) as uow:
            created = opening.open_ticket(uow, TicketDraft(**draft)).id
        assert created is not None
        if status is not None:
            with working(cast.agent) as uow:
                held = lock_ticket(uow, created)
                assigning.assign(uow, held, cast.agent.id)
                status_changes.change_status(uow, held, status)
        return created

    return file


def data_of(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def refused(answer: Any) -> tuple[int, str, Any]:
    body = answer.json()
    return answer.status_code, body["error"]["code"], body["error"]["details"].get("field")


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_dashboard_counts_the_tickets_of_the_period(
    manager: TestClient, ticket: CreateTicket
) -> None:
    ticket(category=Category.BUG)
    ticket(Status.IN_PROGRESS, category=Category.BUG)
    ticket(Status.RESOLVED, category=Category.TECHNICAL)
    data = data_of(manager.get("/reports/dashboard?period=30d"))
    assert list(data) == [
        "metrics",
        "trends",
        "top_categories",
        "period",
        "backlog",
        "daily",
    ]
    assert data["metrics"] == {
        "total_tickets": 3,
        "open_tickets": 1,
        "in_progress_tickets": 1,
        "pending_approval_tickets": 0,
        "resolved_tickets": 1,
        "closed_tickets": 0,
        "avg_resolution_time": 0.0,
        "sla_compliance": None,
        "customer_satisfaction": None,
    }
    assert data["trends"] == {
        "ticket_volume_trend": None,
        "resolution_time_trend": None,
        "satisfaction_trend": None,
    }
    assert data["top_categories"] == [
        {"name": "Software Bugs", "count": 2},
        {"name": "Technical Problems", "count": 1},
    ]
    assert data["backlog"] == {"total": 2, "unassigned": 1, "overdue": 0}
    today = datetime.now(UTC).date()
    assert len(data["daily"]) == 30
    assert data["daily"][-1] == {"date": today.isoformat(), "created": 3, "resolved": 1}
    assert data["period"]["start"] == f"{today - timedelta(days=29)}T00:00:00Z"


def test_the_total_is_that_of_the_list(manager: TestClient, ticket: CreateTicket) -> None:
    for status in (None, Status.CLOSED, Status.PENDING_USER):
        ticket(status)
    data = data_of(manager.get("/reports/dashboard?period=7d"))
    listed = data_of(manager.get("/tickets", params={"created_after": data["period"]["start"]}))
    assert data["metrics"]["total_tickets"] == listed["total"] == 3
    for word in ("open", "in_progress", "pending_approval", "resolved", "closed"):
        listed = data_of(manager.get("/tickets", params={"status": word}))
        assert data["metrics"][f"{word}_tickets"] == listed["total"]


@pytest.mark.parametrize("period", ["0d", "400d", "30", "d30", "-1d", "2y", "tomorrow", "", "1٣d"])
def test_an_unknown_period_is_refused(manager: TestClient, period: str) -> None:
    answer = manager.get("/reports/dashboard", params={"period": period})
    assert refused(answer) == (400, "VALIDATION_ERROR", "period")


@pytest.mark.parametrize(
    "period", ["today", "yesterday", "week", "month", "year", "4w", "6m", "1y"]
)
def test_a_period_may_be_a_word(manager: TestClient, period: str) -> None:
    assert data_of(manager.get(f"/reports/dashboard?period={period}"))["metrics"]


def test_the_documents_department_may_have_no_tickets(
    manager: TestClient, ticket: CreateTicket
) -> None:
    ticket()
    metrics = data_of(manager.get("/reports/dashboard?period=30d&department_id=1"))["metrics"]
    assert metrics["total_tickets"] == 0
    answer = manager.get("/reports/dashboard?department_id=none")
    assert refused(answer) == (400, "VALIDATION_ERROR", "department_id")


PATHS = ("/reports/dashboard", "/reports/performance", "/reports/export")


@pytest.mark.parametrize("path", PATHS)
def test_reports_are_for_managers_and_above(path: str, as_: As, cast: Cast) -> None:
    codes = {name: as_(actor).get(path).status_code for name, actor in cast}
    assert codes == {
        "owner": 403,
        "colleague": 403,
        "stranger": 403,
        "agent": 403,
        "manager": 200,
        "admin": 200,
    }
    assert as_(None).get(path).status_code == 401


def test_performance_report_lists_agents_and_teams(
    manager: TestClient, ticket: CreateTicket, working: Working, cast: Cast
) -> None:
    ticket(Status.RESOLVED)
    half_done = ticket(Status.IN_PROGRESS)
    with working(cast.agent) as uow:
        commenting.add_comment(uow, lock_ticket(uow, half_done), "We are at it")
    data = data_of(manager.get("/reports/performance"))
    today = datetime.now(UTC).date()
    assert data["period"] == {
        "start_date": (today - timedelta(days=29)).isoformat(),
        "end_date": today.isoformat(),
    }
    (agnes,) = (one for one in data["agents"] if one["username"] == "agent")
    assert agnes == {
        "id": cast.agent.id,
        "username": "agent",
        "name": "Agnes Hale",
        "team": None,
        "assigned": 2,
        "open_now": 1,
        "resolved": 1,
        "replies": 1,
        "avg_first_response_time": 0.0,
        "median_first_response_time": 0.0,
        "avg_resolution_time": 0.0,
        "median_resolution_time": 0.0,
        "reopened_rate": 0.0,
        "sla_compliance": None,
        "customer_satisfaction": None,
        "ratings": 0,
    }
    assert {one["username"] for one in data["agents"]} == {"agent", "manager", "admin"}
    assert data["summary"]["resolved"] == 1
    assert data["teams"] == []


def test_performance_comes_as_a_file_too(manager: TestClient, ticket: CreateTicket) -> None:
    ticket(Status.RESOLVED)
    where = "/reports/performance?start_date=2023-11-01&end_date=2023-12-01"
    assert data_of(manager.get(f"{where}&format=json"))["summary"]["resolved"] == 0
    answer = manager.get(f"{where}&format=csv")
    assert (
        'filename="performance-2023-11-01-2023-12-01.csv"' in answer.headers["content-disposition"]
    )
    assert [row["group"] for row in rows_of(answer)] == ["agent", "agent", "agent", "all"]
    book = load_workbook(io.BytesIO(manager.get("/reports/performance?format=xlsx").content))
    assert book.sheetnames == ["Agents", "Teams"]
    agents = list(book["Agents"].values)
    assert [agents[0][1], agents[1][1], agents[1][6]] == ["username", "admin", 0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start_date=2023-12-01&end_date=2023-11-01", "end_date"),
        ("start_date=2020-01-01&end_date=2023-11-01", "end_date"),
        ("start_date=soon", "start_date"),
        ("start_date=0001-01-01&end_date=0001-01-05", "end_date"),
        ("end_date=9999-12-31", "end_date"),
        ("format=pdf", "format"),
    ],
)
def test_performance_names_what_is_wrong(manager: TestClient, query: str, field: str) -> None:
    answer = manager.get(f"/reports/performance?{query}")
    assert refused(answer) == (400, "VALIDATION_ERROR", field)


def test_csv_export_contains_every_ticket(manager: TestClient, ticket: CreateTicket) -> None:
    first, second = ticket(title="Ünïcode, “quoted”"), ticket(Status.RESOLVED, tags=["a", "b"])
    answer = manager.get("/reports/export?type=tickets&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    today = datetime.now(UTC).date()
    assert f'attachment; filename="tickets-{today}.csv"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    rows = rows_of(answer)
    assert [int(row["id"]) for row in rows] == [second, first]
    assert tuple(rows[0]) == COLUMNS
    assert (
        rows[0]
        | {
            "status": "resolved",
            "assigned_to": "agent",
            "created_by": "owner",
            "company": "Lanternworks",
            "tags": "a, b",
            "resolution_time": "0",
        }
        == rows[0]
    )
    assert rows[1]["title"] == "Ünïcode, “quoted”"
    assert datetime.fromisoformat(rows[1]["created_at"]).tzinfo == UTC


def test_an_export_as_json_is_one_envelope(manager: TestClient, ticket: CreateTicket) -> None:
    ticket()
    ticket(tags=["a"])
    answer = manager.get("/reports/export?type=tickets&format=json")
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["success", "data", "message", "timestamp", "request_id"]
    data = data_of(answer)
    assert (data["type"], data["total"]) == ("tickets", 2)
    assert [tuple(item) for item in data["items"]] == [COLUMNS, COLUMNS]
    listed = data_of(manager.get("/tickets"))["items"]
    for item, shown in zip(data["items"], listed, strict=True):
        same = item.keys() & shown.keys() - {"created_by", "assigned_to", "department"}
        assert {name: item[name] for name in same} == {name: shown[name] for name in same}


def test_an_export_as_xlsx_opens(manager: TestClient, ticket: CreateTicket) -> None:
    made = ticket(Status.RESOLVED, title=LINK, tags=["a", "b"])
    answer = manager.get("/reports/export?type=tickets&format=xlsx")
    worksheet = load_workbook(io.BytesIO(answer.content))["Tickets"]
    names, row = list(worksheet.values)
    values_by_column = dict(zip(names, row, strict=True))
    assert names == COLUMNS
    assert (values_by_column["id"], values_by_column["title"], values_by_column["tags"]) == (
        made,
        LINK,
        "a, b",
    )
    assert isinstance(values_by_column["created_at"], datetime)
    assert {excel_field.data_type for excel_field in worksheet[2]} <= {"n", "s", "d", "inlineStr"}


def test_nothing_to_export_is_still_a_whole_file(manager: TestClient) -> None:
    assert rows_of(manager.get("/reports/export")) == []
    assert data_of(manager.get("/reports/export?format=json"))["items"] == []
    book = load_workbook(io.BytesIO(manager.get("/reports/export?format=xlsx").content))
    assert list(book["Tickets"].values) == [COLUMNS]


def test_formulas_stay_text(manager: TestClient, ticket: CreateTicket) -> None:
    ticket(title=LINK, description="-2+3 is what?")
    ticket(title="@SUM(A1)", description="+1\n=2", tags=["=1+1"])
    rows = rows_of(manager.get("/reports/export?format=csv"))
    payload = [row[name] for row in rows for name in ("title", "description", "tags")]
    assert payload == ["'@SUM(A1)", "'+1\n=2", "'=1+1", "'" + LINK, "'-2+3 is what?", ""]


def exported(client: TestClient, **filters: Any) -> list[int]:
    payload = json.dumps(filters)
    answer = client.get("/reports/export", params={"format": "json", "filters": payload})
    return [item["id"] for item in data_of(answer)["items"]]


def test_every_filter_is_applied(
    manager: TestClient, ticket: CreateTicket, working: Working, cast: Cast
) -> None:
    plain = ticket()
    solved = ticket(Status.RESOLVED, priority=Priority.URGENT, kind=Kind.BUG, tags=["Net", "Lab"])
    taken = ticket(Status.PENDING_USER, priority=Priority.LOW, title="The printer hums")
    assert exported(manager) == [taken, solved, plain]
    assert exported(manager, status="resolved", created_after="2023-11-01") == [solved]
    assert exported(manager, status=["open", "in_progress"]) == [taken, plain]
    assert exported(manager, priority="critical") == [solved]
    assert exported(manager, priority=["low", "critical"]) == [taken, solved]
    assert exported(manager, ticket_type="problem") == [solved]
    assert exported(manager, tags=["net", "lab"]) == [solved]
    assert exported(manager, tags="net") == [solved]
    assert exported(manager, created_before="2023-11-01") == []
    assert exported(manager, assigned_to_id=cast.agent.id) == [taken, solved]
    assert exported(manager, assigned_to=cast.agent.id, status="resolved") == [solved]
    assert exported(manager, created_by_id=cast.owner.id) == [taken, solved, plain]
    assert exported(manager, created_by_id=cast.agent.id) == []
    assert exported(manager, search="printer") == [taken]
    assert exported(manager, departments=[1, 2]) == exported(manager, department_id=1) == []


def test_filters_may_be_sent_as_the_document_writes_them(
    manager: TestClient, ticket: CreateTicket
) -> None:
    solved = ticket(Status.RESOLVED)
    ticket()
    answer = manager.get(
        "/reports/export?type=tickets&format=csv"
        '&filters={"status":"resolved","created_after":"2023-11-01"}'
    )
    assert [int(row["id"]) for row in rows_of(answer)] == [solved]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ("{", "filters"),
        ("[]", "filters"),
        ('"resolved"', "filters"),
        ("[" * 5000, "filters"),
        ('{"colour": "red"}', "filters.colour"),
        ('{"status": "solved"}', "filters.status"),
        ('{"status": ["open", "solved"]}', "filters.status"),
        ('{"status": {"$ne": 1}}', "filters.status"),
        ('{"priority": 3}', "filters.priority.0"),
        ('{"created_after": "soon"}', "filters.created_after"),
        ('{"created_after": 5}', "filters.created_after"),
        ('{"assigned_to_id": "5 OR 1=1"}', "filters.assigned_to_id"),
        ('{"assigned_to_id": 0}', "filters.assigned_to_id"),
        ('{"departments": [99999999999]}', "filters.departments.0"),
        ('{"tags": [7]}', "filters.tags.0"),
        ('{"search": ["a"]}', "filters.search"),
    ],
)
def test_a_wrong_filter_is_named(manager: TestClient, filters: str, field: str) -> None:
    answer = manager.get("/reports/export", params={"filters": filters})
    assert refused(answer) == (400, "VALIDATION_ERROR", field)


@pytest.mark.parametrize(
    ("query", "field"), [("type=users", "type"), ("format=pdf", "format"), ("format=", "format")]
)
def test_an_unknown_export_is_refused(manager: TestClient, query: str, field: str) -> None:
    answer = manager.get(f"/reports/export?{query}")
    assert refused(answer) == (400, "VALIDATION_ERROR", field)


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_what_breaks_off_does_not_look_whole(
    form: str, as_: As, cast: Cast, ticket: CreateTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        ticket()
    monkeypatch.setattr(export, "BATCH_SIZE", 1)
    line, payload = routes.format_exported_ticket, []

    def breaks(row: Any) -> Any:
        payload.append(row)
        if len(payload) == 3:
            raise ConnectionError("the database went away")
        return line(row)

    monkeypatch.setattr(routes, "format_exported_ticket", breaks)
    client = as_(cast.manager)
    raising = TestClient(client.app, headers=client.headers, raise_server_exceptions=True)
    with pytest.raises(ConnectionError):
        raising.get(f"/reports/export?format={form}")


def test_tickets_in_the_trash_are_in_no_report(
    manager: TestClient, ticket: CreateTicket, working: Working, cast: Cast
) -> None:
    gone = ticket(Status.RESOLVED)
    with working(cast.agent) as uow:
        trash.delete_ticket(uow, lock_ticket(uow, gone))
    assert exported(manager) == []
    assert data_of(manager.get("/reports/dashboard"))["metrics"]["total_tickets"] == 0
    assert data_of(manager.get("/reports/performance"))["summary"]["assigned"] == 0

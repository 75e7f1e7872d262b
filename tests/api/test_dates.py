"""Dates as clients send them: digits are never seconds since 1970, empty dates are refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_cross_dialect import WAYS
from ticket_app.api.kit.dates import InvalidValue, parse_date, parse_datetime

NINE = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)
MOMENTS = {
    "2026-12-01": MIDNIGHT,
    "20261201": MIDNIGHT,
    " 20261201 ": MIDNIGHT,
    "2026-12-01T09:30:00Z": NINE,
    "2026-12-01t09:30:00z": NINE,
    "2026-12-01T09:30": NINE,
    "2026-12-01 09:30:00": NINE,
    "20261201T093000Z": NINE,
    "20261201T0930": NINE,
    "2026-12-01T10:30:00+01:00": NINE,
    "2026-12-01T10:30:00 01:00": NINE,
    "2026-12-01T10:30:00+0100": NINE,
    "2026-12-01T09:30:00.0000000Z": NINE,
    "2026-12-01T09:30:00,0Z": NINE,
}
WRONG: tuple[Any, ...] = (
    "1796083200",
    "1796083200000",
    "1796083200.5",
    "2026",
    "202612",
    "2612011",
    "20261301",
    "20260230",
    "2026-12-1",
    "2026-W49-2",
    "01.12.2026",
    "12/01/2026",
    "soon",
    "",
    "٢٠٢٦١٢٠١",
    "2026-12-01T25:00:00Z",
    "0001-01-01T00:00:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01",
    "00010101",
    "1899-12-31",
    1796083200,
    1796083200.5,
    20261201,
    0,
    True,
    ["2026-12-01"],
    {"year": 2026},
)


@pytest.mark.parametrize("sent", MOMENTS)
def test_a_moment_is_read(sent: str) -> None:
    assert parse_datetime(sent) == MOMENTS[sent]
    assert parse_datetime(sent).tzinfo is not None


@pytest.mark.parametrize("sent", WRONG)
def test_what_is_no_moment_is_refused(sent: Any) -> None:
    with pytest.raises(InvalidValue):
        parse_datetime(sent)
    with pytest.raises(InvalidValue):
        parse_date(sent)


def test_a_moment_past_the_last_year_is_refused() -> None:
    with pytest.raises(InvalidValue):
        parse_datetime("9999-12-31T23:59:59-05:00")
    assert parse_datetime("9999-12-31T23:59:59.9999999").year == 9999


def test_a_day_is_read_with_or_without_its_midnight() -> None:
    for sent in ("2026-12-01", "20261201", "2026-12-01T00:00:00"):
        assert parse_date(sent) == date(2026, 12, 1)
    with pytest.raises(InvalidValue):
        parse_date("2026-12-01T09:30:00")


BODIES = ["bmasia", "ticketing", "enterprise"]
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _detail(answer: Any) -> str:
    payload = answer.json()
    return json.dumps(payload.get("error", payload))


@only_sqlite
@pytest.mark.parametrize("name", BODIES)
def test_a_due_date_in_a_body(agent: TestClient, name: str) -> None:
    way = WAYS[name]
    created = way.file(agent, due_date="20261201T0930Z")
    path = f"{way.base}/{created['id']}{way.slash}"
    assert way.read(agent, created["id"])["due_date"] == "2026-12-01T09:30:00Z"
    body = {way.title: "x", "description": "y", **way.also}
    for sent in WRONG:
        for answer in (
            agent.post(way.base + way.slash, json={**body, "due_date": sent}),
            agent.patch(path, json={"due_date": sent}),
        ):
            assert answer.status_code == 400, (sent, answer.text)
            assert "due_date" in _detail(answer)
    assert way.read(agent, created["id"])["due_date"] == "2026-12-01T09:30:00Z"
    assert agent.patch(path, json={"due_date": None}).status_code == 200
    assert way.read(agent, created["id"])["due_date"] is None


IN_QUERIES = [
    ("/tickets", "created_after"),
    ("/api/ticketing/tickets/", "created_after"),
    ("/api/ticketing/tickets/", "created_before"),
    ("/reports/performance", "start_date"),
    ("/reports/performance", "end_date"),
]


@only_sqlite
@pytest.mark.parametrize(("path", "name"), IN_QUERIES)
def test_a_date_in_a_query(admin: TestClient, path: str, name: str) -> None:
    WAYS["ticketing"].file(admin)
    for sent in (one for one in WRONG if isinstance(one, str) and one):
        answer = admin.get(path, params={name: sent})
        assert answer.status_code == 400, (sent, answer.text)
        assert name in _detail(answer)
    today = datetime.now(UTC).date()
    for sent in (f"{today:%Y%m%d}", str(today), ""):
        assert admin.get(path, params={name: sent}).status_code == 200, sent


@only_sqlite
def test_basic_dates_filter_as_extended_ones_do(admin: TestClient) -> None:
    WAYS["ticketing"].file(admin)
    for sent, found in (("20240101", 1), ("29990101", 0)):
        assert (
            admin.get("/tickets", params={"created_after": sent}).json()["data"]["total"] == found
        )
        listed = admin.get("/api/ticketing/tickets/", params={"created_after": sent})
        assert listed.json()["count"] == found
        body = {"filters": {"created_after": sent}}
        assert admin.post("/tickets/search", json=body).json()["data"]["total"] == found


@only_sqlite
@pytest.mark.parametrize("name", ["created_after", "created_before"])
def test_dates_in_search_and_export(admin: TestClient, name: str) -> None:
    for sent in WRONG:
        answer = admin.post("/tickets/search", json={"filters": {name: sent}})
        assert answer.status_code == 400, (sent, answer.text)
        filters = json.dumps({name: sent})
        answer = admin.get("/reports/export", params={"filters": filters, "format": "json"})
        assert answer.status_code == 400, (sent, answer.text)
        assert f"filters.{name}" in _detail(answer)

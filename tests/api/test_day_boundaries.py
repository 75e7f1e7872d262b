"""A date without a time is a day in the configured time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from sqlalchemy import Engine, update

from tests.api.conftest import As
from tests.cast import Cast
from ticket_app.settings import reload_settings
from ticket_app.tables import ticket_table

COMPANY = uuid5(NAMESPACE_DNS, "Lanternworks")
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "bmasia": (
        "/api/v1/tickets/",
        {"subject": "Lamp", "description": "Dark.", "company": str(COMPANY)},
    ),
    "ticketing": ("/api/ticketing/tickets/", {"subject": "Lamp", "description": "Dark."}),
    "enterprise": ("/tickets", {"title": "Lamp", "description": "Dark."}),
}
ENDS = [
    ("UTC", "2026-12-01", "2026-12-01T23:59:59Z"),
    ("Pacific/Kiritimati", "2026-12-01", "2026-12-01T09:59:59Z"),
    ("Pacific/Pago_Pago", "2026-12-01", "2026-12-02T10:59:59Z"),
    ("Europe/Berlin", "2026-10-25", "2026-10-25T22:59:59Z"),  # 25 hours long
    ("America/Santiago", "2026-09-05", "2026-09-06T03:59:59Z"),  # the next day has no midnight
]


@pytest.fixture
def use_time_zone(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the desk's time zone."""

    def set_to(zone: str) -> None:
        monkeypatch.setenv("TICKET_TIMEZONE", zone)
        reload_settings()

    return set_to


def shown(answer: Any) -> dict[str, Any]:
    """The ticket in an answer of any dialect."""
    assert answer.status_code in (200, 201), answer.text
    payload = answer.json()
    return payload.get("data", payload)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("dialect", BODIES)
@pytest.mark.parametrize(("zone", "day", "end"), ENDS)
def test_a_due_date_without_a_time_is_the_end_of_that_day(
    dialect: str, zone: str, day: str, end: str, use_time_zone: Any, as_: As, cast: Cast
) -> None:
    use_time_zone(zone)
    path, body = BODIES[dialect]
    client = as_(cast.agent)
    ticket = shown(client.post(path, json={**body, "due_date": day}))
    assert moment(ticket["due_date"]) == moment(end)
    where = f"{path.rstrip('/')}/{ticket['id']}{'/' if path.endswith('/') else ''}"
    assert moment(shown(client.patch(where, json={"due_date": end}))["due_date"]) == moment(end)
    assert moment(shown(client.patch(where, json={"due_date": day}))["due_date"]) == moment(end)


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("UTC", "2026-11-20"),
        ("Pacific/Kiritimati", "2026-11-21"),
        ("Pacific/Pago_Pago", "2026-11-20"),
    ],
)
def test_day_filters_use_the_configured_time_zone(
    zone: str, days: str, use_time_zone: Any, as_: As, cast: Cast, database: Engine
) -> None:
    use_time_zone(zone)
    client = as_(cast.agent)
    path, body = BODIES["ticketing"]
    shown(client.post(path, json=body))
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    with database.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(update(ticket_table).values(created_at=late))
    tomorrow = f"{moment(days + 'T00:00:00Z') + timedelta(days=1):%Y-%m-%d}"

    def found(**asked: str) -> list[int]:
        listed = client.get(path, params=asked).json()["count"]
        enterprise = {name: day for name, day in asked.items() if name == "created_after"}
        totals = [listed]
        if len(enterprise) == len(asked):
            totals.append(client.get("/tickets", params=enterprise).json()["data"]["total"])
            answer = client.post("/tickets/search", json={"filters": enterprise})
            totals.append(answer.json()["data"]["total"])
        return totals

    assert found(created_after=days) == [1, 1, 1]
    assert found(created_after=tomorrow) == [0, 0, 0]
    assert found(created_after=days, created_before=days) == [1]
    yesterday = f"{moment(days + 'T00:00:00Z') - timedelta(days=1):%Y-%m-%d}"
    assert found(created_before=yesterday) == [0]
    exact = late.isoformat().replace("+00:00", "Z")
    totals = client.get("/tickets", params={"created_after": exact}).json()["data"]["total"]
    assert totals == 1


@pytest.mark.parametrize("dialect", BODIES)
@pytest.mark.parametrize("day", ["2026-02-30", "0001-13-01", "tomorrow"])
def test_a_day_that_does_not_exist_is_refused(dialect: str, day: str, as_: As, cast: Cast) -> None:
    path, body = BODIES[dialect]
    answer = as_(cast.agent).post(path, json={**body, "due_date": day})
    assert answer.status_code == 400, answer.text
    assert "due_date" in answer.text

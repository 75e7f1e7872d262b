"""Service levels by the API: who sets them up, how they read, and what tickets tell of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As, Working
from tests.cast import Cast
from ticket_app.core.platform.unit_of_work import open_unit_of_work, utc_now
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla import tracking as sla_tracking

HOURS = [{"start": "09:00", "end": "12:30"}, {"start": "13:30", "end": "24:00"}]
CALENDAR: dict[str, Any] = {
    "name": "Office",
    "time_zone": "Europe/Berlin",
    "windows": {"monday": HOURS, "friday": HOURS},
    "country": "DE",
    "subdivision": "BY",
    "closed_on": ["2026-12-24"],
}
LEVEL: dict[str, Any] = {
    "name": "Standard",
    "first_response_minutes": 60,
    "resolution_minutes": 480,
}
PATHS = ("/service-levels", "/calendars")
BODIES = dict(zip(PATHS, (LEVEL, CALENDAR), strict=True))


def made(client: TestClient, path: str, **values: Any) -> dict[str, Any]:
    answer = client.post(path, json={**BODIES[path], **values})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def test_calendars_and_policies_are_created_changed_and_deleted(admin: TestClient) -> None:
    calendar = made(admin, "/calendars", is_default=True)
    assert calendar == {
        "id": calendar["id"],
        "name": "Office",
        "time_zone": "Europe/Berlin",
        "windows": {
            "monday": HOURS,
            "tuesday": [],
            "wednesday": [],
            "thursday": [],
            "friday": HOURS,
            "saturday": [],
            "sunday": [],
        },
        "country": "DE",
        "subdivision": "BY",
        "closed_on": ["2026-12-24"],
        "is_default": True,
        "created_at": calendar["created_at"],
        "updated_at": calendar["created_at"],
    }
    level = made(admin, "/service-levels", priorities=["critical"], ticket_types=["problem"])
    assert level == {
        "id": level["id"],
        "name": "Standard",
        "rank": 100,
        "priorities": ["critical"],
        "ticket_types": ["problem"],
        "company": None,
        "first_response_minutes": 60,
        "resolution_minutes": 480,
        "calendar": {"id": calendar["id"], "name": "Office"},
        "warn_percent": 75,
        "alert_groups": [],
        "is_active": True,
        "created_at": level["created_at"],
        "updated_at": level["created_at"],
    }
    for path, one in zip(PATHS, (level, calendar), strict=True):
        assert admin.get(f"{path}/{one['id']}").json()["data"] == one
        listed = admin.get(path).json()["data"]
        assert (listed["items"], listed["total"]) == ([one], 1)
    changed = admin.patch(
        f"/service-levels/{level['id']}",
        json={"calendar_id": None, "resolution_minutes": None, "rank": 3, "is_active": False}
        | {"alert_groups": ["managers", "team"]},
    ).json()["data"]
    assert changed == {
        **level,
        "calendar": None,
        "resolution_minutes": None,
        "rank": 3,
        "alert_groups": ["team", "managers"],
        "is_active": False,
        "updated_at": changed["updated_at"],
    }
    moved = admin.patch(
        f"/calendars/{calendar['id']}", json={"country": "AT", "subdivision": None}
    ).json()["data"]
    assert (moved["country"], moved["subdivision"]) == ("AT", None)
    for path, one in zip(PATHS, (level, calendar), strict=True):
        assert admin.delete(f"{path}/{one['id']}").status_code == 200
        assert admin.get(f"{path}/{one['id']}").status_code == 404


def test_ticket_shows_its_sla_targets(owner: TestClient, admin: TestClient, cast: Cast) -> None:
    made(admin, "/service-levels", calendar_id=None)
    created = owner.post("/tickets", json={"title": "Dark", "description": "No light."}).json()
    ticket_id = created["data"]["id"]
    values = admin.get(f"/tickets/{ticket_id}").json()["data"]
    assert values["sla_breach_time"] is None
    assert values["sla"]["resolution"]["state"] == "running"
    with open_unit_of_work(writes=True, clock=lambda: utc_now() + timedelta(hours=9)) as uow:
        assert sla_tracking.check_due_targets(uow) == 1
    late = admin.get(f"/tickets/{ticket_id}").json()["data"]
    assert late["sla_breach_time"] == values["sla"]["resolution"]["due_by"]
    assert late["sla"]["resolution"]["state"] == "missed"
    assert [line["event"] for line in late["activity_timeline"]].count("sla.reported") == 2
    seen = owner.get(f"/tickets/{ticket_id}").json()["data"]
    assert "sla.reported" not in [line["event"] for line in seen["activity_timeline"]]


def test_sla_compliance_is_counted(
    admin: TestClient, agent: TestClient, cast: Cast, working: Working
) -> None:
    level = made(admin, "/service-levels", calendar_id=None)
    ids = [
        admin.post(
            "/tickets", json={"title": "Dark", "description": "x", "priority": priority}
        ).json()["data"]["id"]
        for priority in ("low", "critical", "critical")
    ]
    for ticket_id in ids[:2]:
        agent.patch(f"/tickets/{ticket_id}", json={"status": "resolved"})
    agent.post(f"/comments/ticket/{ids[2]}", json={"content": "We look at it."})
    answer = agent.get("/service-levels/compliance?period=7d").json()["data"]
    whole = {"met": 2, "missed": 0, "percent": 100.0}
    none = {"met": 0, "missed": 0, "percent": None}
    one = {"met": 1, "missed": 0, "percent": 100.0}
    assert answer == {
        "start_date": answer["start_date"],
        "end_date": utc_now().date().isoformat(),
        "resolution": whole,
        "first_response": one,
        "by_policy": [{"id": level["id"], "name": "Standard", **whole}],
        "by_priority": [
            {"priority": "low", **one},
            {"priority": "medium", **none},
            {"priority": "high", **none},
            {"priority": "critical", **one},
        ],
    }
    elsewhere = agent.get("/service-levels/compliance?department_id=77").json()["data"]
    assert elsewhere["resolution"] == none
    assert agent.get("/service-levels/compliance?period=soon").status_code == 400


def test_sla_policy_matches_every_core_value_of_its_words(
    admin: TestClient, cast: Cast, working: Working
) -> None:
    made(admin, "/service-levels", priorities=["critical"], ticket_types=["change"])
    with working(cast.agent) as uow:
        found = [
            sla_policies.find_matching_policy(uow, priority=priority, kind=kind, company_id=None)
            for priority in (Priority.URGENT, Priority.CRITICAL)
            for kind in (Kind.FEATURE_REQUEST, Kind.IMPROVEMENT, Kind.CHANGE)
        ]
    assert all(found)


@pytest.mark.parametrize("path", PATHS)
def test_only_admins_manage_calendars_and_policies(
    as_: As, cast: Cast, admin: TestClient, path: str
) -> None:
    row = made(admin, path)
    one = f"{path}/{row['id']}"
    calls = (
        ("GET", path, None),
        ("GET", one, None),
        ("POST", path, {**BODIES[path], "name": "Another"}),
        ("PATCH", one, {"name": "Other"}),
        ("DELETE", one, None),
    )
    for method, where, body in calls:
        assert as_(None).request(method, where, json=body).status_code == 401
        assert as_(cast.owner).request(method, where, json=body).status_code == 403
        for actor in (cast.agent, cast.manager):
            expected = 200 if method == "GET" else 403
            assert as_(actor).request(method, where, json=body).status_code == expected
    for actor, expected in ((None, 401), (cast.owner, 403), (cast.agent, 200)):
        assert as_(actor).get("/service-levels/compliance").status_code == expected


@pytest.mark.parametrize("path", PATHS)
def test_a_name_is_taken_once(admin: TestClient, path: str) -> None:
    made(admin, path)
    other = made(admin, path, name="Other")
    again = admin.post(path, json={**BODIES[path], "name": BODIES[path]["name"].upper()})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "DUPLICATE_RESOURCE")
    renamed = admin.patch(f"{path}/{other['id']}", json={"name": BODIES[path]["name"]})
    assert renamed.status_code == 409
    assert admin.patch(f"{path}/{other['id']}", json={"name": "OTHER"}).status_code == 200
    assert admin.get(f"{path}/{other['id']}").json()["data"]["name"] == "OTHER"


def test_what_is_in_use_is_not_deleted(admin: TestClient, owner: TestClient) -> None:
    calendar = made(admin, "/calendars")
    level = made(admin, "/service-levels", calendar_id=calendar["id"])
    owner.post("/tickets", json={"title": "Dark", "description": "No light."})
    for path, one in zip(PATHS, (level, calendar), strict=True):
        assert admin.delete(f"{path}/{one['id']}").status_code == 409
    off = admin.patch(f"/service-levels/{level['id']}", json={"is_active": False})
    assert off.status_code == 200
    created = owner.post("/tickets", json={"title": "Dark", "description": "No light."}).json()
    values = admin.get(f"/tickets/{created['data']['id']}").json()["data"]
    assert values["sla"] == {"first_response": None, "resolution": None}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "ß" * 100}, "name"),
        ({"name": "\x00"}, "name"),
        ({"rank": -1}, "rank"),
        ({"rank": True}, "rank"),
        ({"priorities": ["urgent"]}, "priorities.0"),
        ({"priorities": "high"}, "priorities"),
        ({"ticket_types": [7]}, "ticket_types.0"),
        ({"company_id": 99}, "company_id"),
        ({"company_id": 2**40}, "company_id"),
        ({"calendar_id": 99}, "calendar_id"),
        ({"first_response_minutes": 0}, "first_response_minutes"),
        ({"resolution_minutes": 10**9}, "resolution_minutes"),
        ({"resolution_minutes": 1.5}, "resolution_minutes"),
        ({"first_response_minutes": None, "resolution_minutes": None}, "resolution_minutes"),
        ({"warn_percent": 100}, "warn_percent"),
        ({"is_active": "yes"}, "is_active"),
        ({"priority": ["high"]}, "priority"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(
    admin: TestClient, values: dict[str, Any], field: str
) -> None:
    for answer in (
        admin.post("/service-levels", json={**LEVEL, **values}),
        admin.patch(f"/service-levels/{made(admin, '/service-levels')['id']}", json=values),
    ):
        assert answer.status_code == 400, answer.text
        error = answer.json()["error"]
        assert (error["code"], error["details"]["field"]) == ("VALIDATION_ERROR", field)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../../etc/localtime"}, "time_zone"),
        ({"country": "XX"}, "country"),
        ({"subdivision": "ZZ"}, "subdivision"),
        ({"country": None}, "subdivision"),
        ({"windows": {}}, "windows"),
        ({"windows": {"monday": [{"start": "10:00", "end": "09:00"}]}}, "windows"),
        ({"windows": {"monday": [{"start": "9:00", "end": "10:00"}]}}, "windows.monday.0.start"),
        ({"windows": {"monday": [{"start": "09:00", "end": "24:01"}]}}, "windows.monday.0.end"),
        ({"windows": {"monday": [{"start": "09:00"}]}}, "windows.monday.0.end"),
        ({"windows": {"monday": [*HOURS, HOURS[0]]}}, "windows"),
        ({"windows": {"someday": HOURS}}, "windows.someday"),
        ({"windows": {"monday": HOURS * 5}}, "windows.monday"),
        ({"closed_on": ["2026-02-30"]}, "closed_on.0"),
        ({"closed_on": [20260101]}, "closed_on.0"),
        ({"closed_on": ["2026-01-01"] * 401}, "closed_on"),
        ({"is_default": None}, "is_default"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(
    admin: TestClient, values: dict[str, Any], field: str
) -> None:
    for answer in (
        admin.post("/calendars", json={**CALENDAR, **values}),
        admin.patch(f"/calendars/{made(admin, '/calendars')['id']}", json=values),
    ):
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]["details"]["field"] == field


def test_missing_calendars_and_policies_are_not_found(admin: TestClient) -> None:
    for path in PATHS:
        for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
            answer = admin.request(method, f"{path}/999", json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (
                404,
                "RESOURCE_NOT_FOUND",
            )
            assert admin.request(method, f"{path}/0", json=body).status_code == 404


def test_a_long_list_has_pages(admin: TestClient) -> None:
    names = [made(admin, "/service-levels", name=f"Level {n}", rank=n)["name"] for n in range(5)]
    values = admin.get("/service-levels?page=2&size=2").json()["data"]
    assert [one["name"] for one in values["items"]] == names[2:4]
    assert (values["total"], values["pages"], values["pagination"]["next_page"]) == (5, 3, 3)

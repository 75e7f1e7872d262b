"""Reaching for what is somebody else's: by numbers, bodies, narrow tokens and forgotten routes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, CreateTicket, Working
from tests.api.test_matrix import World, call, endpoints, is_about_tickets
from tests.cast import MORNING, Cast
from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import commenting
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.platform import action_limits
from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.core.platform.vocabulary import Kind, Status
from ticket_app.core.tickets import counters, editing, locking, rating, status_changes, tags
from ticket_app.core.timeline import drafts
from ticket_app.tables import attachment_table, person_table, ticket_table

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LISTS = ("/api/tickets/", "/api/v1/tickets/", "/api/ticketing/tickets/")
FORMS = ("/api/tickets", "/api/tickets/", "/api/v1/tickets/", "/api/ticketing/tickets/")
FOR_EVERYBODY = {
    "/auth/login",
    "/auth/register",
    "/auth/refresh",
    "/auth/verification",
    "/session/login",
    "/session/register",
    "/session/logout",
    "/docs",
    "/healthz",
    "/readyz",
    "/status",
    "/status/",
    "/status.json",
    "/admin/ticketing",
    "/admin/ticketing/{rest:path}",
    # Links in emails, which carry a signature.
    "/mail/files/{file}/{expires}/{signature}/{name:path}",
    "/mail/unsubscribe/{token}",
}
NOT_THEIRS = {
    "id": 900,
    "uuid": "00000000-0000-4000-8000-000000000001",
    "requester": 3,
    "requester_id": 3,
    "user": 3,
    "created_by": 3,
    "created_at": "2001-01-01T00:00:00Z",
    "resolved_at": "2001-01-01T00:00:00Z",
    "deleted_at": "2001-01-01T00:00:00Z",
    "version": 77,
    "key_number": 77,
    "duplicate_of_id": 1,
    "merged_into_id": 1,
    "satisfaction_rating": 5,
    "role": "admin",
    "is_demo": True,
    "is_staff": True,
    "permissions": ["work_tickets"],
    "company_id": 2,
    "source": "forged",
}


def routes_of(routes: Any) -> list[APIRoute]:
    found: list[APIRoute] = []
    for route in routes:
        if isinstance(route, APIRoute):
            found.append(route)
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        found += routes_of(getattr(route, "routes", None) or getattr(inner, "routes", ()))
    return found


@only_sqlite
def test_no_route_was_forgotten_by_the_doorkeeper(api: FastAPI, nobody: TestClient) -> None:
    routes = routes_of(api.routes)
    assert len(routes) > 70
    for route in routes:
        if route.path in FOR_EVERYBODY or route.path.startswith("/docs/"):
            continue
        path = route.path.replace("{", "").replace("}", "")
        for method in route.methods or ():
            assert nobody.request(method, path).status_code == 401, (method, route.path)


def test_search_by_number_shows_no_foreign_ticket(
    create_ticket: CreateTicket, owner: TestClient, stranger: TestClient
) -> None:
    create_ticket(title="The heron")
    first = owner.get("/api/v1/tickets/").json()["results"][0]
    day = first["ticket_number"]
    for number in ("BUG-1", "bug 1", "1", "TKT-000001", day, first["id"]):
        for path in LISTS:
            payload = stranger.get(path, params={"search": number}).json()
            assert (payload["count"], payload["results"]) == (0, []), (path, number)
        assert stranger.get(f"/api/tickets/{number}").status_code == 404
    assert owner.get("/api/tickets/", params={"search": "BUG-1"}).json()["count"] == 1


@only_sqlite
def test_body_cannot_set_fields_the_user_does_not_own(
    cast: Cast, owner: TestClient, database: Engine
) -> None:
    bodies = {**NEW_TICKET, "subject": "x", "company": "dc0c7b1f-0000-4000-8000-000000000000"}
    company = owner.get("/api/v1/companies/").json()["results"][0]["id"]
    for path in FORMS:
        body = {**bodies, **NOT_THEIRS, "company": company}
        if path == FORMS[3]:
            del body["company"]
        assert owner.post(path, json=body).status_code in (200, 201), path
    assert owner.patch("/api/tickets/1/", json={"title": "y", **NOT_THEIRS}).status_code == 200
    with database.connect() as db:
        for row in db.execute(select(ticket_table)).all():
            assert row.requester_id == cast.owner.id
            assert row.id < 900
            assert row.deleted_at is None
            assert row.created_at > MORNING
            assert row.version < 10
            assert row.duplicate_of_id is None
            assert row.merged_into_id is None
            assert row.satisfaction_rating is None
            assert row.company_id in (None, cast.owner.company_id)
        me = db.execute(select(person_table).where(person_table.c.id == cast.owner.id)).one()
    assert (me.role, me.is_demo) == ("user", False)


def narrow(working: Working, api: FastAPI, actor: Any, *scopes: str) -> TestClient:
    with working(actor) as uow:
        token, _ = create_api_token(uow, "narrow", scopes=scopes)
    return TestClient(api, headers={"X-API-Key": token}, raise_server_exceptions=False)


WRITES = [
    pytest.param(*e.values, id=e.id)
    for e in endpoints()
    if e.values[0] != "GET" and "setup" not in e.id
]


@only_sqlite
@pytest.mark.parametrize(("method", "route"), WRITES)
def test_a_token_that_may_only_read_writes_nothing(
    method: str, route: Any, world: World, cast: Cast, working: Working, api: FastAPI
) -> None:
    for actor, scopes in (
        (cast.owner, ["view_tickets"]),
        (cast.admin, ["view_tickets", "view_all_tickets"]),
    ):
        client = narrow(working, api, actor, *scopes)
        if method in ("PATCH", "PUT"):
            path = route.path
            for name, value in world.ids.items():
                path = path.replace("{" + name + "}", value)
            wishes = {"title": "x", "subject": "x", "text": "x", "status": "resolved"}
            status = client.request(method, path, json=wishes).status_code
        else:
            status = call(client, method, route, world, cast).status_code
        assert status in (403, 404), scopes


@only_sqlite
def test_a_token_that_may_only_read_reopens_rates_and_edits_nothing(
    cast: Cast, create_ticket: CreateTicket, working: Working
) -> None:
    create_ticket()
    with working(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, "BUG-1"), Status.RESOLVED)
    reader = replace(cast.owner, scopes=frozenset({"view_tickets"}))
    for attempt in (
        status_changes.reopen,
        lambda uow, held: rating.rate(uow, held, 5),
        lambda uow, held: editing.edit(uow, held, {"title": "x"}),
    ):
        with pytest.raises(Forbidden), working(reader) as uow:
            attempt(uow, locking.lock_ticket(uow, "BUG-1"))


@only_sqlite
def test_comment_is_inaccessible_when_its_ticket_is(
    cast: Cast, create_ticket: CreateTicket, agent: TestClient, working: Working, database: Engine
) -> None:
    create_ticket()
    comment = agent.post(
        "/api/v1/tickets/BUG-1/add_comment/", json={"text": "From the desk"}
    ).json()
    path = f"/api/v1/ticket-comments/{comment['id']}/"
    with database.begin() as db:
        db.execute(
            person_table.update().where(person_table.c.id == cast.agent.id).values(role="user")
        )
    assert agent.patch(path, json={"text": "Taken back"}).status_code == 404
    assert agent.delete(path).status_code == 404
    assert agent.get(path).status_code == 404
    with working(cast.owner) as uow:
        assert [line.body for line in commenting.list_comments(uow, 1)] == ["From the desk"]


@only_sqlite
def test_notes_leave_no_trace_in_what_a_requester_reads(
    create_ticket: CreateTicket, owner: TestClient, agent: TestClient
) -> None:
    create_ticket()
    paths = (
        "/api/tickets/BUG-1",
        "/api/tickets/BUG-1/",
        "/api/v1/tickets/BUG-1/",
        "/api/ticketing/tickets/1/",
        "/api/ticketing/history/",
        "/api/ticketing/comments/",
        "/api/v1/tickets/stats/",
        "/api/v1/ticket-comments/",
    )

    def read() -> list[Any]:
        payload = [owner.get(path).json() for path in paths]
        for one in payload:
            one.pop("updated_at", None)
            one.get("ticket", {}).pop("updated_at", None)
        return payload

    before = read()
    note = {"text": "The heron", "is_internal": True}
    assert agent.post("/api/v1/tickets/BUG-1/add_comment/", json=note).status_code == 201
    assert read() == before


@only_sqlite
def test_a_requester_merges_and_marks_nothing(
    cast: Cast, create_ticket: CreateTicket, working: Working
) -> None:
    create_ticket()
    create_ticket()
    with pytest.raises(Forbidden), working(cast.owner) as uow:
        status_changes.mark_duplicate(uow, locking.lock_ticket(uow, "BUG-1"), "BUG-2")
    with pytest.raises(NotFound), working(cast.stranger) as uow:
        status_changes.mark_duplicate(uow, locking.lock_ticket(uow, "BUG-1"), "BUG-2")


@only_sqlite
def test_suggestions_and_totals_reveal_no_staff_data_to_a_requester(
    cast: Cast, create_ticket: CreateTicket, working: Working, stranger: TestClient
) -> None:
    create_ticket(tags=["heron"])
    with working(cast.stranger) as uow:
        assert "heron" not in tags.suggest_tags(uow, Kind.BUG, "installation")
        with pytest.raises(Forbidden):
            tags.find_tags(uow, "her")
        with pytest.raises(Forbidden):
            counters.count_all_tickets(uow)
    assert stranger.get("/api/v1/tickets/stats/").json()["total"] == 0
    assert stranger.get("/api/ticketing/tickets/statistics/").json()["total_tickets"] == 0


@only_sqlite
def test_a_drafts_file_is_nobody_elses_by_any_way(
    owner: TestClient, stranger: TestClient, agent: TestClient, database: Engine
) -> None:
    file = {"file": ("notes.txt", b"The heron")}
    kept = owner.post("/session/files", data={"place": "new"}, files=file).json()["attachment"]
    with database.connect() as db:
        at = db.execute(select(attachment_table.c.uploaded_at)).scalar_one()
    media = f"/media/tickets/attachments/{at:%Y/%m}/{kept['filename']}"
    ways = (
        ("GET", f"/files/{kept['id']}"),
        ("GET", f"/api/tickets/attachments/{kept['id']}/download"),
        ("GET", media),
        ("GET", f"/api/v1/ticket-attachments/{kept['id']}/"),
        ("DELETE", f"/api/v1/ticket-attachments/{kept['id']}/"),
        ("POST", f"/session/files/{kept['id']}/remove"),
    )
    for who in (stranger, agent):
        for method, path in ways:
            assert who.request(method, path).status_code == 404, (method, path)
        for path in ("/api/v1/ticket-attachments/", "/api/ticketing/attachments/"):
            assert who.get(path).json()["count"] == 0
    assert owner.get(f"/files/{kept['id']}").text == "The heron"


@only_sqlite
def test_files_for_a_ticket_for_somebody_are_taken_from_staff_only(
    owner: TestClient, agent: TestClient, cast: Cast, working: Working
) -> None:
    place = {"place": drafts.NEW_TICKET_FOR_REQUESTER_PLACE}
    file = {"file": ("notes.txt", b"mine")}
    assert owner.post("/session/files", data=place, files=file).status_code == 403
    assert agent.post("/session/files", data=place, files=file).is_success
    with working(cast.agent) as uow:
        assert len(stored_files.list_draft_files(uow, drafts.NEW_TICKET_FOR_REQUESTER_PLACE)) == 1
        assert not stored_files.list_draft_files(uow, drafts.NEW_TICKET_PLACE)


@only_sqlite
def test_no_file_is_left_at_a_foreign_tickets_reply(
    create_ticket: CreateTicket, stranger: TestClient, cast: Cast, working: Working
) -> None:
    create_ticket()
    file = {"file": ("notes.txt", b"mine")}
    answer = stranger.post("/session/files", data={"place": drafts.reply_place(1)}, files=file)
    assert answer.status_code == 404
    with working(cast.stranger) as uow:
        assert not stored_files.list_draft_files(uow, drafts.reply_place(1))


@only_sqlite
def test_no_disk_is_filled_with_files_taken_away_again(
    owner: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_limits, "UPLOADS_PER_HOUR", 3)
    file = {"file": ("notes.txt", b"hello")}
    for _ in range(3):
        sent = owner.post("/session/files", data={"place": "new"}, files=file)
        kept = sent.json()["attachment"]["id"]
        assert owner.post(f"/session/files/{kept}/remove").status_code == 200
    answer = owner.post("/session/files", data={"place": "new"}, files=file)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_every_way_to_a_ticket_is_tried() -> None:
    assert len([e for e in endpoints() if is_about_tickets(e)]) > 40

"""BMAsia: what each endpoint answers, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from tests.core import samples
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import assigning, locking, status_changes
from ticket_app.tables import ticket_table

V1 = "/api/v1/"
BASE = "/api/v1/tickets/"
LANTERNWORKS, SALTMARSH = (
    str(uuid5(NAMESPACE_DNS, name)) for name in ("Lanternworks", "Saltmarsh")
)
ZONE = {
    "subject": "Zone offline",
    "description": "Zone has been offline for 2 hours",
    "priority": "high",
    "category": "technical",
    "company": LANTERNWORKS,
}
MISSING = "00000000-0000-4000-8000-000000000000"
CreateTicket = Callable[..., dict[str, Any]]


@pytest.fixture
def bmasia(owner: TestClient) -> CreateTicket:
    def file(client: TestClient = owner, **fields: Any) -> dict[str, Any]:
        answer = client.post(BASE, json={**ZONE, **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return file


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["results"]]


def test_created_ticket_has_every_documented_field(owner: TestClient, cast: Cast) -> None:
    due = "2099-11-20T17:00:00Z"
    answer = owner.post(BASE, json={**ZONE, "due_date": due, "tags": "urgent,zone-offline"})
    assert answer.status_code == 201
    payload = answer.json()
    created = datetime.fromisoformat(payload["created_at"])
    assert payload.pop("created_at") == payload.pop("updated_at")
    path = f"{BASE}{payload.pop('id')}/"
    assert payload == {
        **ZONE,
        "ticket_number": f"T-{created:%Y%m%d}-0001",
        "status": "new",
        "company_name": "Lanternworks",
        "contact": None,
        "contact_name": None,
        "assigned_to": None,
        "assigned_to_name": None,
        "assigned_team": None,
        "created_by": str(cast.owner.uuid),
        "created_by_name": "Olive Ownby",
        "first_response_at": None,
        "resolved_at": None,
        "closed_at": None,
        "due_date": due,
        "first_response_time_hours": None,
        "resolution_time_hours": None,
        "is_overdue": False,
        "tags": "urgent,zone-offline",
        "comments_count": 0,
        "internal_notes_count": 0,
        "comments": [],
        "attachments": [],
    }
    assert owner.get(path).json()["subject"] == "Zone offline"


def test_what_is_missing_or_wrong_is_named(owner: TestClient) -> None:
    answer = owner.post(BASE, json={"subject": "x" * 201, "company": "uuid", "due_date": "soon"})
    assert answer.status_code == 400
    assert set(answer.json()) == {"subject", "description", "company", "due_date"}
    assert owner.post(BASE, json={**ZONE, "status": "new", "priority": "critical"}).json() == {
        "priority": ['"critical" is not a valid choice.']
    }
    assert list(owner.post(BASE, content=b"{").json()) == ["detail"]


def test_a_customer_files_for_their_own_company_only(owner: TestClient) -> None:
    for company in (SALTMARSH, MISSING):
        answer = owner.post(BASE, json={**ZONE, "company": company})
        assert (answer.status_code, answer.json()) == (
            400,
            {"company": [f'Invalid pk "{company}" - object does not exist.']},
        )
    assert [c["name"] for c in owner.get(f"{V1}companies/").json()["results"]] == ["Lanternworks"]


def test_staff_files_for_any_company_contact_and_colleague(agent: TestClient, cast: Cast) -> None:
    contact = agent.post(f"{V1}contacts/", json={"name": "John Smith", "company": LANTERNWORKS})
    assert contact.status_code == 201
    other = agent.post(f"{V1}contacts/", json={"name": "Jo", "company": SALTMARSH}).json()
    body = {**ZONE, "contact": contact.json()["id"], "assigned_to": str(cast.agent.uuid)}
    payload = agent.post(BASE, json=body).json()
    assert (payload["contact_name"], payload["assigned_to_name"]) == ("John Smith", "Agnes Hale")
    assert payload["status"] == "assigned"
    wrong = agent.post(BASE, json={**ZONE, "contact": other["id"]})
    assert (wrong.status_code, list(wrong.json())) == (400, ["contact"])


def test_a_change_reaches_every_field(bmasia: CreateTicket, agent: TestClient, cast: Cast) -> None:
    path = f"{BASE}{bmasia()['id']}/"
    body = {
        "subject": "Zone half offline",
        "description": "Every other speaker",
        "status": "in_progress",
        "priority": "urgent",
        "category": "zone_config",
        "company": SALTMARSH,
        "assigned_to": str(cast.agent.uuid),
        "assigned_team": "Music",
        "due_date": "2099-01-01T00:00:00Z",
        "tags": "a,b",
    }
    payload = agent.patch(path, json=body).json()
    assert {field: payload[field] for field in body} == body
    assert payload["company_name"] == "Saltmarsh"
    undone = {"assigned_to": None, "assigned_team": None, "due_date": None, "tags": ""}
    payload = agent.patch(path, json=undone).json()
    assert {field: payload[field] for field in undone} == undone
    assert agent.patch(path, json={"company": None}).json() == {
        "company": ["This field may not be null."]
    }


def test_a_customer_changes_their_own_words_only(bmasia: CreateTicket, owner: TestClient) -> None:
    path = f"{BASE}{bmasia()['id']}/"
    assert owner.patch(path, json={"subject": "Worse", "priority": "urgent"}).status_code == 200
    for field in ({"status": "closed"}, {"assigned_team": "Tech"}, {"due_date": None}):
        before = owner.get(path).json()
        answer = owner.patch(path, json=field)
        if answer.status_code != 200:
            assert answer.status_code == 403, field
        assert {**owner.get(path).json(), "updated_at": ""} == {**before, "updated_at": ""}
    assert owner.delete(path).status_code == 403
    assert owner.post(f"{path}assign/", json={"user_id": None}).status_code == 403


def test_assigning_and_taking_it_back(bmasia: CreateTicket, agent: TestClient, cast: Cast) -> None:
    path = f"{BASE}{bmasia()['id']}/"
    payload = agent.post(f"{path}assign/", json={"user_id": str(cast.manager.uuid)}).json()
    assert (payload["assigned_to"], payload["status"]) == (str(cast.manager.uuid), "assigned")
    payload = agent.post(f"{path}assign/", json={"user_id": None}).json()
    assert (payload["assigned_to"], payload["assigned_to_name"]) == (None, None)
    for wrong in ({"user_id": MISSING}, {"user_id": str(cast.owner.uuid)}, {}, {"user_id": "me"}):
        answer = agent.post(f"{path}assign/", json=wrong)
        assert (answer.status_code, list(answer.json())) == (400, ["user_id"]), wrong


def test_the_first_response_and_the_resolution_are_timed(
    bmasia: CreateTicket, owner: TestClient, agent: TestClient, database: Engine
) -> None:
    ticket_id = bmasia()["id"]
    earlier = datetime.now(UTC) - timedelta(hours=2)
    with database.begin() as connection:
        connection.execute(
            ticket_table.update().values(created_at=earlier, due_at=earlier, due_sort_at=earlier)
        )
    path = f"{BASE}{ticket_id}/"
    assert owner.post(f"{path}add_comment/", json={"text": "Hello?"}).status_code == 201
    agent.post(f"{path}add_comment/", json={"text": "A note", "is_internal": True})
    assert owner.get(path).json()["first_response_at"] is None
    assert owner.get(path).json()["is_overdue"] is True
    assert agent.get(f"{BASE}stats/").json()["overdue"] == 1
    agent.post(f"{path}add_comment/", json={"text": "I've restarted the zone device"})
    payload = owner.get(path).json()
    assert payload["first_response_time_hours"] == 2.0
    assert (payload["comments_count"], payload["internal_notes_count"]) == (2, 0)
    payload = agent.patch(path, json={"status": "resolved"}).json()
    assert (payload["resolution_time_hours"], payload["is_overdue"]) == (2.0, False)
    assert (payload["comments_count"], payload["internal_notes_count"]) == (3, 1)


def test_filters_find_what_is_shown_with_the_word(
    bmasia: CreateTicket, agent: TestClient, working: Working, cast: Cast
) -> None:
    one, two, three = (bmasia()["id"] for _ in range(3))
    with working(cast.agent) as uow:
        status_changes.change_status(uow, locking.lock_ticket(uow, one), Status.WONT_FIX)
        assigning.assign(uow, locking.lock_ticket(uow, two), cast.agent.id)
    agent.patch(f"{BASE}{two}/", json={"assigned_team": "Tech", "company": SALTMARSH})

    def found(**asked: str) -> list[str]:
        return ids(agent.get(BASE, params=asked))

    assert found(status="closed") == [one]
    assert found(status="assigned") == found(my_tickets="true") == found(assigned_team="Tech")
    assert found(assigned_to=str(cast.agent.uuid)) == found(company=SALTMARSH) == [two]
    assert found(unassigned="true") == [three, one]
    assert found(open="true") == [three, two]
    assert found(unassigned="true", open="true", category="technical") == [three]
    assert found(open="false", my_tickets="false") == [three, two, one]
    assert (
        found(company=MISSING) == found(assigned_to=MISSING) == found(assigned_team="Sales") == []
    )
    for name in ("status", "priority", "category", "company", "assigned_to", "assigned_team"):
        answer = agent.get(BASE, params={name: "nonsense"})
        assert (answer.status_code, list(answer.json())) == (400, [name])
    for name in ("my_tickets", "unassigned", "open", "ordering"):
        assert agent.get(BASE, params={name: "nonsense"}).status_code == 400


def test_search_looks_into_number_subject_description_and_company(
    bmasia: CreateTicket, owner: TestClient, agent: TestClient
) -> None:
    one = bmasia()
    two = bmasia(agent, subject="Invoice", description="Twice", company=SALTMARSH)["id"]
    agent.post(f"{BASE}{two}/add_comment/", json={"text": "pineapple"})

    def found(words: str) -> list[str]:
        return ids(agent.get(BASE, params={"search": words}))

    assert found(one["ticket_number"]) == [one["id"]]
    assert found(one["ticket_number"][:10]) == [two, one["id"]]
    assert found("zone") == found("lanternworks") == [one["id"]]
    assert found("twice") == found("saltm") == [two]
    assert found("pineapple") == found("%") == []
    agent.patch(f"{BASE}{two}/", json={"company": LANTERNWORKS})
    assert found("lanternworks") == [two, one["id"]]
    assert found("saltmarsh") == []
    assert ids(owner.get(BASE, params={"search": "twice"})) == []


def test_sorting_by_the_listed_fields_only(bmasia: CreateTicket, agent: TestClient) -> None:
    low = bmasia(priority="low", due_date="2099-02-01T00:00:00Z")["id"]
    top = bmasia(priority="urgent", due_date="2099-01-01T00:00:00Z")["id"]
    mid = bmasia(priority="medium")["id"]
    for order, wanted in (
        ("priority", [low, mid, top]),
        ("-priority", [top, mid, low]),
        ("due_date", [top, low, mid]),
        ("created_at", [low, top, mid]),
        ("-created_at", [mid, top, low]),
    ):
        assert ids(agent.get(BASE, params={"ordering": order})) == wanted, order
    for order in ("password_hash", "-requester_id", "priority,status"):
        assert agent.get(BASE, params={"ordering": order}).status_code == 400


def test_statistics_agree_with_the_lists_for_everybody(
    bmasia: CreateTicket,
    owner: TestClient,
    stranger: TestClient,
    agent: TestClient,
    cast: Cast,
    working: Working,
) -> None:
    for status in (s for s in Status if s is not Status.PENDING_APPROVAL):
        ticket_id = bmasia()["id"]
        with working(cast.agent) as uow:
            status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
    mine = bmasia(stranger, company=SALTMARSH)["id"]
    agent.post(f"{BASE}{mine}/assign/", json={"user_id": str(cast.agent.uuid)})
    for client, total in ((owner, 9), (stranger, 1), (agent, 10)):

        def count(**asked: str) -> int:
            return client.get(BASE, params=asked).json()["count"]  # noqa: B023

        stats = client.get(f"{BASE}stats/").json()
        assert stats["total"] == count() == total
        for field in ("status", "priority"):
            assert sum(stats[f"by_{field}"].values()) == total
            for word, payload in stats[f"by_{field}"].items():
                assert count(**{field: word}) == payload, word
        assert stats["unassigned"] == count(unassigned="true", open="true")
        assert stats["my_open_tickets"] == count(my_tickets="true", open="true")


def test_comments_across_tickets(
    bmasia: CreateTicket, owner: TestClient, stranger: TestClient, agent: TestClient
) -> None:
    one, two = bmasia()["id"], bmasia(stranger, company=SALTMARSH)["id"]
    comments = f"{V1}ticket-comments/"
    for ticket_id, words, internal in ((one, "a", False), (two, "b", False), (one, "c", True)):
        body = {"ticket": ticket_id, "text": words, "is_internal": internal}
        assert agent.post(comments, json=body).status_code == 201

    def texts(client: TestClient, **asked: str) -> list[str]:
        return [c["text"] for c in client.get(comments, params=asked).json()["results"]]

    assert texts(agent) == ["a", "b", "c"]
    assert texts(agent, ticket=one) == ["a", "c"]
    assert texts(owner) == texts(owner, ticket=one) == ["a"]
    assert texts(owner, ticket=two) == texts(owner, ticket=MISSING) == []
    assert owner.get(comments).json()["count"] == 1
    refused = owner.post(comments, json={"ticket": two, "text": "Let me in"})
    assert (refused.status_code, refused.json()) == (404, {"detail": "Ticket not found."})


def test_a_comment_is_changed_by_its_author_and_staff(
    bmasia: CreateTicket, owner: TestClient, agent: TestClient, stranger: TestClient
) -> None:
    ticket_id = bmasia()["id"]
    path = f"{BASE}{ticket_id}/"
    mine = owner.post(f"{path}add_comment/", json={"text": "It is purple"}).json()
    theirs = agent.post(f"{path}add_comment/", json={"text": "Noted"}).json()
    comment = f"{V1}ticket-comments/{mine['id']}/"
    changed = owner.patch(comment, json={"text": "It is green"})
    assert (changed.status_code, changed.json()["text"]) == (200, "It is green")
    assert changed.json()["updated_at"] >= mine["updated_at"]
    assert (
        owner.patch(f"{V1}ticket-comments/{theirs['id']}/", json={"text": "x"}).status_code == 403
    )
    assert stranger.patch(comment, json={"text": "x"}).json() == {"detail": "Comment not found."}
    assert stranger.delete(comment).status_code == 404
    assert agent.patch(comment, json={"text": "It is blue"}).status_code == 200
    assert owner.get(comment).json()["text"] == "It is blue"
    assert owner.get("/api/tickets/", params={"search": "blue"}).json()["count"] == 1
    assert owner.get("/api/tickets/", params={"search": "purple"}).json()["count"] == 0
    assert owner.delete(comment).status_code == 204
    assert owner.get(comment).status_code == owner.delete(comment).status_code == 404
    payload = owner.get(path).json()
    assert [c["text"] for c in payload["comments"]] == ["Noted"]
    assert payload["comments_count"] == 1
    assert owner.get("/api/tickets/", params={"search": "blue"}).json()["count"] == 0


def test_files_are_fetched_by_who_may_see_the_ticket(
    bmasia: CreateTicket,
    owner: TestClient,
    stranger: TestClient,
    agent: TestClient,
    nobody: TestClient,
) -> None:
    ticket_id = bmasia()["id"]
    uploads = f"{V1}ticket-attachments/"
    png = samples.png()
    answer = owner.post(
        uploads, data={"ticket": ticket_id}, files={"file": ("screenshot.png", png)}
    )
    assert answer.status_code == 201, answer.text
    payload = answer.json()
    today = datetime.now(UTC)
    assert payload["file"].startswith(f"/media/tickets/attachments/{today:%Y/%m}/")
    assert (payload["name"], payload["size"], payload["ticket"]) == (
        "screenshot.png",
        len(png),
        ticket_id,
    )
    assert owner.get(payload["file"]).content == agent.get(payload["file"]).content == png
    assert stranger.get(payload["file"]).json() == {"detail": "File not found."}
    assert nobody.get(payload["file"]).status_code == 401
    assert owner.get(payload["file"].replace(f"{today:%Y}", "1999")).status_code == 404
    assert owner.get(f"{BASE}{ticket_id}/").json()["attachments"] == [payload]
    assert owner.get(uploads, params={"ticket": ticket_id}).json()["results"] == [payload]
    assert stranger.get(uploads).json()["results"] == []
    for wrong in ({}, {"ticket": "uuid"}):
        bad = owner.post(uploads, data=wrong, files={"file": ("a.png", png)})
        assert (bad.status_code, list(bad.json())) == (400, ["ticket"])
    assert list(owner.post(uploads, data={"ticket": ticket_id}).json()) == ["file"]
    foreign = stranger.post(uploads, data={"ticket": ticket_id}, files={"file": ("a.png", png)})
    assert foreign.status_code == 404
    by_staff = agent.post(uploads, data={"ticket": ticket_id}, files={"file": ("a.png", png)})
    assert owner.delete(f"{uploads}{by_staff.json()['id']}/").status_code == 403
    assert agent.delete(f"{uploads}{by_staff.json()['id']}/").status_code == 204
    assert stranger.delete(f"{uploads}{payload['id']}/").status_code == 404
    assert owner.delete(f"{uploads}{payload['id']}/").status_code == 204
    assert owner.get(payload["file"]).status_code == 404


def test_a_deleted_ticket_is_gone_from_every_list_and_count(
    bmasia: CreateTicket, agent: TestClient, owner: TestClient
) -> None:
    ticket_id = bmasia()["id"]
    agent.post(f"{BASE}{ticket_id}/add_comment/", json={"text": "Bye"})
    assert agent.delete(f"{BASE}{ticket_id}/").status_code == 204
    assert agent.get(f"{BASE}{ticket_id}/").status_code == 404
    assert agent.delete(f"{BASE}{ticket_id}/").status_code == 404
    assert agent.get(BASE).json()["count"] == agent.get(f"{BASE}stats/").json()["total"] == 0
    assert owner.get(f"{V1}ticket-comments/").json()["count"] == 0


def test_a_renamed_company_finds_its_tickets(
    owner: TestClient, agent: TestClient, cast: Cast
) -> None:
    company = owner.get(f"{V1}companies/").json()["results"][0]
    ticket = agent.post(BASE, json={"subject": "A", "description": "B", "company": company["id"]})
    assert ticket.status_code == 201
    renamed = agent.patch(f"{V1}companies/{company['id']}/", json={"name": "Laternenwerk"})
    assert (renamed.status_code, renamed.json()) == (200, company | {"name": "Laternenwerk"})
    for words, count in (("Laternenwerk", 1), ("Lanternworks", 0)):
        assert agent.get(BASE, params={"search": words}).json()["count"] == count
    own = f"{V1}companies/{company['id']}/"
    assert owner.patch(own, json={"name": "Mine"}).status_code == 403
    assert agent.patch(own, json={"name": ""}).status_code == 400
    assert agent.patch(own, json={"name": "SALTMARSH"}).status_code == 409


def test_what_there_is_to_choose_from(owner: TestClient, agent: TestClient, cast: Cast) -> None:
    made = agent.post(f"{V1}companies/", json={"name": "Hilton Pattaya"})
    assert made.status_code == 201
    assert agent.post(f"{V1}companies/", json={"name": "hilton  pattaya"}).status_code == 409
    found = agent.get(f"{V1}companies/", params={"search": "pattaya"}).json()["results"]
    assert found == [made.json()] == [agent.get(f"{V1}companies/{made.json()['id']}/").json()]
    assert owner.get(f"{V1}companies/{made.json()['id']}/").status_code == 404
    assert owner.post(f"{V1}companies/", json={"name": "Mine"}).status_code == 403
    assert owner.post(f"{V1}contacts/", json={"name": "Me"}).status_code == 403
    users = agent.get(f"{V1}users/", params={"search": "hale"}).json()["results"]
    assert [user["name"] for user in users] == ["Agnes Hale"]
    assert [user["username"] for user in owner.get(f"{V1}users/").json()["results"]] == ["owner"]
    assert owner.get(f"{V1}users/{cast.agent.uuid}/").status_code == 404


def test_a_number_or_another_documents_id_names_the_ticket(
    bmasia: CreateTicket, owner: TestClient
) -> None:
    payload = bmasia()
    for form in (payload["ticket_number"], "1", "TKT-000001", "SUP-1"):
        assert owner.get(f"{BASE}{form}/").json()["id"] == payload["id"], form


def test_unknown_resource_gets_an_error_in_the_form_of_this_api(
    owner: TestClient, nobody: TestClient
) -> None:
    assert owner.get(f"{V1}nothing/").json() == {"detail": "Page not found."}
    wrong = owner.put(f"{BASE}{MISSING}/", json={})
    assert (wrong.status_code, list(wrong.json())) == (405, ["detail"])
    answer = nobody.get(BASE)
    assert (answer.status_code, answer.json()) == (401, {"detail": "A valid token is required."})

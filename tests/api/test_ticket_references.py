"""A ticket is named by its id or by any number printed for it, wherever one is named."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_cross_dialect import WAYS

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FILE = {"file": ("a.txt", b"hello")}


def forms_of(client: TestClient, ticket_id: Any) -> list[Any]:
    """Every id and printed number of a ticket, and how people write them."""
    read = {name: way.read(client, ticket_id) for name, way in WAYS.items()}
    uuid, number = read["centcom"]["id"], read["kubebro"]["id"]
    key = read["centcom"]["ticket_key"]
    return [
        number,
        str(number),
        uuid,
        uuid.upper(),
        uuid.replace("-", ""),
        key,
        key.lower(),
        f"#{key}",
        f" {key} ",
        read["bmasia"]["ticket_number"],
        read["ticketing"]["ticket_number"],
        read["enterprise"]["ticket_number"],
        read["enterprise"]["ticket_number"].lower(),
    ]


@only_sqlite
def test_bodies_forms_and_filters_accept_every_printed_number(agent: TestClient) -> None:
    WAYS["centcom"].file(agent)
    created = WAYS["centcom"].file(agent, ticket_type="bug")
    forms = forms_of(agent, created["id"])
    number = forms[0]
    for n, form in enumerate(forms, start=1):
        comment = agent.post("/api/v1/ticket-comments/", json={"ticket": form, "text": "x"})
        assert (comment.status_code, comment.json()["ticket"]) == (201, created["id"]), form
        comment = agent.post("/api/ticketing/comments/", json={"ticket": form, "content": "x"})
        assert (comment.status_code, comment.json()["ticket"]) == (201, number), form
        sent = agent.post("/api/v1/ticket-attachments/", data={"ticket": str(form)}, files=FILE)
        assert (sent.status_code, sent.json()["ticket"]) == (201, created["id"]), form
        sent = agent.post("/api/ticketing/attachments/", data={"ticket": str(form)}, files=FILE)
        assert (sent.status_code, sent.json()["ticket"]) == (201, number), form
        for path in (
            "/api/v1/ticket-comments/",
            "/api/v1/ticket-attachments/",
            "/api/ticketing/comments/",
            "/api/ticketing/attachments/",
        ):
            found = agent.get(path, params={"ticket": str(form), "limit": 1})
            assert found.json()["count"] == 2 * n, (path, form)
        history = agent.get("/api/ticketing/history/", params={"ticket": str(form)})
        assert {row["ticket"] for row in history.json()["results"]} == {number}


@only_sqlite
def test_paths_accept_every_printed_number(agent: TestClient) -> None:
    created = WAYS["centcom"].file(agent)
    for form in forms_of(agent, created["id"]):
        shown = str(form).replace("#", "%23")
        for way in WAYS.values():
            answer = agent.get(f"{way.base}/{shown}{way.slash}")
            assert answer.status_code == 200, form


@only_sqlite
def test_searches_find_a_ticket_by_every_number(agent: TestClient) -> None:
    WAYS["centcom"].file(agent)
    created = WAYS["centcom"].file(agent, ticket_type="bug")
    numbers = [WAYS[name].read(agent, created["id"])[WAYS[name].number] for name in WAYS]
    for number in (str(one) for one in numbers if isinstance(one, str)):
        for name in ("kubebro", "bmasia", "ticketing", "enterprise"):
            found = WAYS[name].listed(agent, search=number)
            titles = [WAYS["centcom"].read(agent, one["id"])["id"] for one in found]
            assert created["id"] in titles, (name, number)


@only_sqlite
@pytest.mark.parametrize("sort", range(13))
def test_merging_accepts_every_printed_number(agent: TestClient, sort: int) -> None:
    kept, merged = (WAYS["centcom"].file(agent) for _ in range(2))
    form = forms_of(agent, kept["id"])[sort]
    answer = agent.post(f"/tickets/{merged['id']}/merge", json={"into": form})
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["id"] == forms_of(agent, kept["id"])[0]


WRONG = ("nonsense", "", "-1", "0", 0, -1, 1.5, True, [1], {"id": 1}, "BUG-", "B-1", "99999999999")


@only_sqlite
def test_what_names_no_ticket_is_wrong_input(agent: TestClient) -> None:
    kept = WAYS["centcom"].file(agent)
    for wrong in WRONG:
        for path, body in (
            ("/api/v1/ticket-comments/", {"ticket": wrong, "text": "x"}),
            ("/api/ticketing/comments/", {"ticket": wrong, "content": "x"}),
            (f"/tickets/{kept['id']}/merge", {"into": wrong}),
        ):
            answer = agent.post(path, json=body)
            assert answer.status_code == 400, (path, wrong, answer.text)
    for path in (
        "/api/v1/ticket-comments/",
        "/api/v1/ticket-attachments/",
        "/api/ticketing/comments/",
        "/api/ticketing/attachments/",
        "/api/ticketing/history/",
    ):
        assert agent.get(path, params={"ticket": "nonsense"}).status_code == 400
        assert agent.get(path, params={"ticket": ""}).status_code == 200


@only_sqlite
def test_another_ones_ticket_answers_as_a_missing_one(
    owner: TestClient, stranger: TestClient, agent: TestClient
) -> None:
    created = WAYS["centcom"].file(owner)
    forms = forms_of(agent, created["id"])
    missing = ["2147483646", "00000000-0000-4000-8000-000000000000", "BUG-999", "T-20200101-0001"]
    for path, body in (
        ("/api/v1/ticket-comments/", {"text": "x"}),
        ("/api/ticketing/comments/", {"content": "x"}),
    ):
        answers = {
            (answer.status_code, answer.text)
            for form in (*forms, *missing)
            for answer in [stranger.post(path, json={**body, "ticket": form})]
        }
        assert len(answers) == 1
    for path in ("/api/v1/ticket-attachments/", "/api/ticketing/attachments/"):
        answers = {
            (answer.status_code, answer.text)
            for form in (*forms, *missing)
            for answer in [stranger.post(path, data={"ticket": str(form)}, files=FILE)]
        }
        assert len(answers) == 1
    for path in (
        "/api/v1/ticket-comments/",
        "/api/ticketing/comments/",
        "/api/ticketing/attachments/",
        "/api/ticketing/history/",
    ):
        for form in (*forms, *missing):
            answer = stranger.get(path, params={"ticket": str(form)})
            assert (answer.status_code, answer.json()["count"]) == (200, 0)


STATUS_IN_BODY = ("kubebro", "bmasia", "ticketing", "enterprise")


@only_sqlite
@pytest.mark.parametrize("name", STATUS_IN_BODY)
def test_a_status_is_set_when_a_ticket_is_created(agent: TestClient, name: str) -> None:
    way = WAYS[name]
    for word in way.words["status"].value_by_word:
        if word != "pending_approval":
            created = way.file(agent, status=word)
            assert way.read(agent, created["id"])["status"] == word
    resolved = way.file(agent, status="resolved")
    shown = WAYS["ticketing"].read(agent, resolved["id"])
    assert shown["resolved_at"] is not None
    assert "status_changed" in [line["action"] for line in shown["history"]]
    listed = way.listed(agent, status="resolved")
    assert resolved["id"] in [ticket["id"] for ticket in listed]
    counts = agent.get("/api/ticketing/tickets/statistics/").json()
    assert counts["by_status"]["resolved"] == 2


@only_sqlite
@pytest.mark.parametrize("name", STATUS_IN_BODY)
def test_a_requester_may_send_no_other_status_than_the_first(owner: TestClient, name: str) -> None:
    way = WAYS[name]
    body = {way.title: "x", "description": "y", **way.also}
    answer = owner.post(way.base + way.slash, json={**body, "status": "resolved"})
    assert answer.status_code == 403, answer.text
    answer = owner.post(way.base + way.slash, json={**body, "status": "nonsense"})
    assert answer.status_code == 400, answer.text
    assert way.listed(owner) == []
    usual = "new" if "new" in way.words["status"].value_by_word else "open"
    assert way.file(owner, status=usual)["status"] == usual

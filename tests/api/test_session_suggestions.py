"""Text fields of the web app ask for people to mention and for known tags."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.api.conftest import As
from tests.cast import PASSWORD, Cast


def signed_in(nobody: TestClient, name: str) -> TestClient:
    form = {"username": name, "password": PASSWORD}
    assert nobody.post("/session/login", data=form, follow_redirects=False).status_code == 303
    return nobody


def created(as_: As, cast: Cast) -> int:
    body = {"title": "A lamp", "description": "Dark", "tags": ["hardware"]}
    answer = as_(cast.owner).post("/tickets", json=body)
    assert answer.status_code == 201
    return int(answer.json()["data"]["id"])


def test_people_and_tags_are_suggested(nobody: TestClient, as_: As, cast: Cast) -> None:
    ticket_id = created(as_, cast)
    agent = signed_in(nobody, "agent")
    answer = agent.get(f"/session/mentions?ticket={ticket_id}&q=o")
    assert answer.json() == {
        "suggestions": [{"value": "owner", "label": "Olive Ownby", "detail": "@owner"}]
    }
    answer = agent.get(f"/session/mentions?ticket={ticket_id}&q=o&note=true")
    assert answer.json() == {"suggestions": []}
    answer = agent.get("/session/tags?q=HARD")
    assert answer.json() == {"suggestions": [{"value": "hardware", "label": "hardware"}]}


def test_others_read_neither_people_nor_tags(nobody: TestClient, as_: As, cast: Cast) -> None:
    ticket_id = created(as_, cast)
    mentions = f"/session/mentions?ticket={ticket_id}"
    assert nobody.get(mentions).status_code == 401
    stranger = signed_in(nobody, "stranger")
    assert stranger.get(mentions).status_code == 404
    assert stranger.get("/session/tags?q=hard").status_code == 403


def test_saved_replies_are_suggested_with_the_values_of_the_ticket(
    nobody: TestClient, as_: As, cast: Cast
) -> None:
    ticket_id = created(as_, cast)
    body = {"title": "Greeting", "content": "Hi {{requester.first_name}}, {{ticket.due}}"}
    made = as_(cast.agent).post("/saved-replies", json={**body, "shortcut": "hi"})
    assert made.status_code == 201
    agent = signed_in(nobody, "agent")
    answer = agent.get(f"/session/saved-replies?ticket={ticket_id}&q=grt")
    assert answer.json() == {
        "suggestions": [
            {
                "value": str(made.json()["data"]["id"]),
                "label": "Greeting",
                "detail": "/hi",
                "text": "Hi Olive, {{ticket.due}}",
            }
        ]
    }
    owner = signed_in(nobody, "owner")
    assert owner.get(f"/session/saved-replies?ticket={ticket_id}").status_code == 403


def test_palette_finds_tickets_people_and_companies(
    nobody: TestClient, as_: As, cast: Cast
) -> None:
    created(as_, cast)
    assert nobody.get("/session/palette?q=lamp").status_code == 401
    agent = signed_in(nobody, "agent")
    found = agent.get("/session/palette?q=lamp").json()
    key = found["tickets"][0]["value"]
    assert found == {
        "tickets": [{"value": key, "label": "A lamp", "detail": key}],
        "people": [],
        "companies": [],
        "hints": [],
        "suggestions": [],
    }
    by_number = agent.get(f"/session/palette?q={key}").json()["tickets"]
    assert [row["value"] for row in by_number] == [key]
    people = agent.get("/session/palette?q=olive").json()["people"]
    assert people == [{"value": "owner", "label": "Olive Ownby", "detail": "owner@example.com"}]
    operators = agent.get("/session/palette?q=from:owner is:open").json()
    assert [row["value"] for row in operators["tickets"]] == [key]
    assert agent.get("/session/palette?q=is:purple").json()["hints"]
    recent = agent.get(f"/session/palette?recent=NONE-9,{key}").json()["tickets"]
    assert [row["label"] for row in recent] == ["A lamp"]


def test_palette_shows_requesters_their_own_tickets_only(
    nobody: TestClient, as_: As, cast: Cast
) -> None:
    created(as_, cast)
    stranger = signed_in(nobody, "stranger")
    for query in ("q=lamp", "q=olive", "recent=TKT-1,BUG-1,OTH-1,1"):
        found = stranger.get(f"/session/palette?{query}").json()
        assert (found["tickets"], found["people"], found["companies"]) == ([], [], [])

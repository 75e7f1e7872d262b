"""Advanced Search finds what one may see, in the order asked for, and takes nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.vocabulary import Priority
from ticket_app.core.tickets import assigning, locking, opening

PATH = "/tickets/search"
BROKEN = ['"', "'", "printer'", 'NEAR("a" b)', "a AND", "(", "printer:*", "%", "\\", "{head}:a"]


def found(client: TestClient, **body: Any) -> list[int]:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert data["total"] == len(data["items"])
    return [item["id"] for item in data["items"]]


def refused(client: TestClient, body: Any) -> dict[str, Any]:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == "VALIDATION_ERROR"
    return answer.json()["error"]["details"]


@pytest.fixture
def three(working: Working, cast: Cast) -> list[int]:
    """Ids: a printer that fails (high, tagged), the same said in a text (low), and another."""
    ids: list[int] = []
    for title, priority, tags in (
        ("The printer fails", Priority.HIGH, ["network", "paper"]),
        ("Noise", Priority.LOW, ["paper"]),
        ("A dark screen", Priority.CRITICAL, []),
    ):
        text = "It comes from the printer" if title == "Noise" else "Since noon"
        with working(cast.owner) as uow:
            draft = opening.TicketDraft(title, text, priority=priority, tags=tags)
            ticket = opening.open_ticket(uow, draft)
            assert ticket.id is not None
            ids.append(ticket.id)
    return ids


def test_documented_search_returns_matching_tickets(three: list[int], agent: TestClient) -> None:
    answer = agent.post(
        PATH,
        json={
            "query": "printer",
            "filters": {
                "status": ["open", "in_progress"],
                "priority": ["high", "critical"],
                "created_after": "2020-11-01",
                "tags": ["paper", "network"],
            },
            "sort": [
                {"field": "priority", "order": "desc"},
                {"field": "created_at", "order": "desc"},
            ],
            "page": 1,
            "size": 20,
        },
    )
    payload = answer.json()
    assert answer.status_code == 200
    assert payload.keys() == {"success", "data", "message", "timestamp", "request_id"}
    assert [item["id"] for item in payload["data"]["items"]] == three[:1]
    whole = agent.get(f"/tickets/{three[0]}").json()["data"]
    assert payload["data"]["items"][0].items() <= whole.items()
    assert payload["data"]["pagination"] == {
        "total": 1,
        "page": 1,
        "size": 20,
        "pages": 1,
        "has_next": False,
        "has_prev": False,
        "next_page": None,
        "prev_page": None,
    }


def test_what_fits_best_comes_first_and_without_words_the_newest(
    three: list[int], agent: TestClient
) -> None:
    printer, noise, screen = three
    assert found(agent, query="printer") == [printer, noise]
    assert found(agent) == [screen, noise, printer]
    assert found(agent, query="  ") == [screen, noise, printer]
    assert found(agent, query="printer", sort=[{"field": "created_at"}]) == [noise, printer]
    by_priority = [{"field": "priority", "order": "asc"}, {"field": "updated_at"}]
    assert found(agent, sort=by_priority) == [noise, printer, screen]
    assert found(agent, query="SUP-1") == [printer]


def test_every_filter_is_one(
    three: list[int], agent: TestClient, working: Working, cast: Cast
) -> None:
    printer, noise, screen = three
    with working(cast.agent) as uow:
        assigning.assign(uow, locking.lock_ticket(uow, noise), cast.agent.id)
    for filters, ids in (
        ({"priority": ["critical"]}, [screen]),
        ({"priority": "high"}, [printer]),
        ({"status": ["closed", "resolved"]}, []),
        ({"assigned_to": cast.agent.id}, [noise]),
        ({"created_by": cast.owner.id}, [screen, noise, printer]),
        ({"created_by": cast.agent.id}, []),
        ({"departments": [1, 2]}, []),
        ({"tags": ["paper"]}, [noise, printer]),
        ({"tags": ["PAPER", "network"]}, [printer]),
        ({"tags": ["pape"]}, []),
        ({"ticket_type": ["change"]}, []),
        ({"created_after": "2999-01-01T00:00:00Z"}, []),
        ({"created_before": "2999-01-01"}, [screen, noise, printer]),
        ({"created_before": "1900-01-02T00:00:00+14:00"}, []),
        ({"status": None, "tags": None}, [screen, noise, printer]),
    ):
        assert found(agent, filters=filters) == ids, filters


def test_parts_are_pages(three: list[int], agent: TestClient) -> None:
    data = agent.post(PATH, json={"page": 2, "size": 2}).json()["data"]
    assert [item["id"] for item in data["items"]] == three[:1]
    inline = {name: data[name] for name in ("total", "page", "size", "pages")}
    assert inline == {"total": 3, "page": 2, "size": 2, "pages": 2}
    assert data["pagination"]["prev_page"] == 1
    assert agent.post(PATH, json={"size": 5_000}).json()["data"]["size"] == 100
    assert agent.post(PATH, json={"page": 900}).json()["data"]["items"] == []


def test_one_finds_what_one_may_see(
    three: list[int],
    owner: TestClient,
    colleague: TestClient,
    stranger: TestClient,
    agent: TestClient,
    nobody: TestClient,
    working: Working,
    cast: Cast,
) -> None:
    with working(cast.agent) as uow:
        held = locking.lock_ticket(uow, three[0])
        commenting.add_comment(uow, held, "It is the giraffe", internal=True)
        commenting.add_comment(uow, held, "It is the zebra")
    assert found(owner, query="zebra") == three[:1]
    assert found(owner, query="giraffe") == []
    assert found(agent, query="giraffe") == three[:1]
    assert found(agent, query="lanternworks") == three[::-1]
    for other in (stranger, colleague):
        for query in ("", "printer", "zebra", "SUP-1", "1", "lanternworks"):
            assert found(other, query=query) == []
        assert found(other, filters={"created_by": cast.owner.id}) == []
    for body in ({}, {"sort": 1}):
        answer = nobody.post(PATH, json=body)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "AUTHENTICATION_REQUIRED"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sort": [{"field": "password_hash"}]}, "sort.0.field"),
        ({"sort": [{"field": "created_by__password"}]}, "sort.0.field"),
        ({"sort": [{"field": "priority; DROP TABLE ticket"}]}, "sort.0.field"),
        ({"sort": [{"field": "priority", "order": "sideways"}]}, "sort.0.order"),
        ({"sort": [{"field": "priority"}] * 50}, "sort"),
        ({"sort": [{"field": "priority", "nulls": "first"}]}, "sort.0.nulls"),
        ({"filters": {"assigned_to__password": "x"}}, "filters.assigned_to__password"),
        ({"filters": {"status": ["open", "unheard"]}}, "filters.status"),
        ({"filters": {"priority": "urgent"}}, "filters.priority"),
        ({"filters": {"ticket_type": "bug"}}, "filters.ticket_type"),
        ({"filters": {"departments": [2**40]}}, "filters.departments.0"),
        ({"filters": {"departments": ["1 OR 1=1"]}}, "filters.departments.0"),
        ({"filters": {"departments": [True]}}, "filters.departments.0"),
        ({"filters": {"assigned_to": {"$ne": None}}}, "filters.assigned_to"),
        ({"filters": {"created_after": "soon"}}, "filters.created_after"),
        ({"filters": {"created_after": 1}}, "filters.created_after"),
        ({"filters": {"tags": [" "]}}, "filters.tags.0"),
        ({"filters": []}, "filters"),
        ({"query": 5}, "query"),
        ({"query": "x" * 501}, "query"),
        ({"page": 0}, "page"),
        ({"page": "1"}, "page"),
        ({"size": 0}, "size"),
        ({"order_by": "id"}, "order_by"),
        ([], "body"),
    ],
    ids=str,
)
def test_what_it_does_not_know_it_refuses(agent: TestClient, body: Any, field: str) -> None:
    assert refused(agent, body)["field"] == field


@pytest.mark.parametrize("query", [*BROKEN, "\x00", "🏮", "x" * 500, "printer " * 60])
def test_signs_of_a_query_language_are_data(
    three: list[int], agent: TestClient, owner: TestClient, query: str
) -> None:
    for client in (agent, owner):
        assert set(found(client, query=query)) <= set(three[:2])
        assert found(client, filters={"tags": [query[:60]]}) == []


def test_searching_waits_for_no_writer(
    three: list[int], agent: TestClient, database: Engine
) -> None:
    begun: list[str] = []

    @event.listens_for(database, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        begun.append(statement.split(maxsplit=1)[0])

    answer = agent.post(PATH, json={"query": "printer"}, headers={"Idempotency-Key": "once"})
    event.remove(database, "before_cursor_execute", note)
    assert answer.status_code == 200
    assert {"INSERT", "UPDATE", "DELETE"}.isdisjoint(begun)


def test_search_counts_towards_the_search_limit(three: list[int], agent: TestClient) -> None:
    answer = agent.post(PATH, json={"query": "printer"})
    assert answer.headers["X-RateLimit-Limit"] == "200"

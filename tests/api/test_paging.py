"""Parts of lists, versions in validators, and words that are heard over what stands there."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from starlette.datastructures import URL
from starlette.testclient import TestClient

from tests.api.conftest import CreateTicket
from tests.cast import Cast
from ticket_app.api.dialects.bmasia.vocabulary import STATUS
from ticket_app.api.kit.paging import PageParameters
from ticket_app.api.kit.query_parameters import (
    parse_boolean_parameter,
    parse_flag_parameter,
    parse_id_parameter,
    parse_ordering,
    parse_uuid_parameter,
)
from ticket_app.api.kit.responses import make_etag, parse_version
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.paging import Page
from ticket_app.core.platform.vocabulary import Status

LIST = URL("http://desk.test/api/v1/tickets/?status=new&limit=2")


@pytest.mark.parametrize(
    ("window", "count", "following", "previous"),
    [
        (PageParameters(2, 0, False, LIST), 5, "status=new&limit=2&offset=2", None),
        (
            PageParameters(2, 2, False, LIST),
            5,
            "status=new&limit=2&offset=4",
            "status=new&limit=2&offset=0",
        ),
        (PageParameters(2, 3, False, LIST), 5, None, "status=new&limit=2&offset=1"),
        (PageParameters(2, 4, True, LIST), 5, None, "status=new&limit=2&page=2"),
        (PageParameters(2, 0, True, LIST), 5, "status=new&limit=2&page=2", None),
        (PageParameters(2, 0, True, LIST), 0, None, None),
    ],
)
def test_links_lead_to_the_parts_beside(
    window: PageParameters, count: int, following: str | None, previous: str | None
) -> None:
    payload = orjson.loads(bytes(window.page_response([1], count).body))
    assert (payload["count"], payload["results"]) == (count, [1])
    for name, query in (("next", following), ("previous", previous)):
        assert payload[name] == (query and f"http://desk.test/api/v1/tickets/?{query}"), name


def test_there_is_no_page_past_the_last() -> None:
    with pytest.raises(NotFound):
        PageParameters(2, 6, True, LIST).page_response([], 5)


def test_a_link_carries_a_cursor_that_holds_for_its_offset_alone() -> None:
    there_is_more = Page([1], has_more=True, next_cursor="abc")
    first = orjson.loads(
        bytes(PageParameters(2, 0, False, LIST).page_response([1], 5, page=there_is_more).body)
    )
    assert first["next"].endswith("cursor=2.abc&limit=2&offset=2")
    led = PageParameters(2, 2, False, URL(first["next"]), "2.abc")
    assert led.page_request.cursor == "abc"
    second = orjson.loads(bytes(led.page_response([1], 5, page=Page([1])).body))
    assert second["next"] is None
    assert "cursor" not in second["previous"]
    for offset, cursor in ((4, "2.abc"), (2, "abc"), (2, "2."), (2, "")):
        assert PageParameters(2, offset, False, LIST, cursor).page_request.cursor is None


def test_cursor_paging_continues_when_rows_leave_the_list() -> None:
    """Ten of twelve rows read so far no longer match, and two are still to come."""
    led = PageParameters(2, 10, True, LIST, "10.abc")
    payload = orjson.loads(bytes(led.page_response([11, 12], 2, page=Page([11, 12])).body))
    assert (payload["results"], payload["next"]) == ([11, 12], None)


@pytest.mark.parametrize(
    "path",
    [
        "/api/tickets/?",
        "/api/v1/tickets/?",
        "/api/ticketing/tickets/?",
        "/api/ticketing/tickets/?page_size=1&",
        "/api/v1/tickets/?ordering=-priority&limit=2&",
        "/api/ticketing/tickets/?ordering=due_date&limit=2&",
        "/api/v1/tickets/?search=start&limit=2&",
    ],
)
def test_following_the_links_gives_every_ticket_once(
    create_ticket: CreateTicket, agent: TestClient, path: str
) -> None:
    made = {create_ticket()["ticket_key"] for _ in range(7)}
    seen: list[Any] = []
    following = f"{path}limit=2" if path.endswith("?") else path
    while following:
        payload = agent.get(following).json()
        seen += [row["id"] for row in payload["results"]]
        following = payload["next"]
        if following:
            assert "cursor=" in following
            changed = following.replace("cursor=", "cursor=9")
            assert agent.get(changed).json()["results"] == agent.get(following).json()["results"]
    assert len(seen) == len(set(seen)) == len(made)


LISTS = {
    "kubebro": "/api/tickets/?status=open&page_size=2",
    "kubebro search": "/api/tickets/?search=start&limit=2",
    "bmasia": "/api/v1/tickets/?open=true&limit=2",
    "bmasia oldest first": "/api/v1/tickets/?open=true&ordering=created_at&limit=2",
    "ticketing": "/api/ticketing/tickets/?unassigned=true&page_size=2",
    "enterprise": "/tickets?status=open&size=2&sort=created_at",
    "enterprise search": "/tickets?status=open&size=2&sort=created_at&search=start",
    "enterprise best first": "/tickets?status=open&size=2&search=start",
    "enterprise best last": "/tickets?status=open&size=2&search=start&order=asc",
}


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_tickets_that_match_throughout_are_seen_exactly_once_while_others_come_and_go(
    create_ticket: CreateTicket, agent: TestClient, cast: Cast, path: str
) -> None:
    ids = [
        agent.get(f"/tickets/{create_ticket()['ticket_key']}").json()["data"]["id"]
        for _ in range(14)
    ]
    seen: list[int] = []
    resolved: set[int] = set()
    following: str | None = path
    pages = 0
    while following and pages < 40:
        answer = agent.get(following)
        assert answer.status_code == 200, answer.text
        payload = answer.json()
        rows = payload.get("results") or payload.get("data", {}).get("items", [])
        numbers = [int(row["id"]) for row in rows if str(row["id"]).isdigit()] or [
            agent.get(f"/tickets/{row['ticket_number']}").json()["data"]["id"] for row in rows
        ]
        seen += numbers
        following = (
            payload["next"] if "next" in payload else answer.links.get("next", {}).get("url")
        )
        pages += 1
        # One that was seen and one that was not leave the list, and a new one comes.
        leaving = [numbers[0], *[one for one in ids[5:9] if one not in (*seen, *resolved)][:1]]
        for one in leaving:
            change = {"status": "resolved", "assigned_to_id": cast.agent.id}
            assert agent.patch(f"/tickets/{one}", json=change).status_code == 200
            resolved.add(one)
        create_ticket()
    throughout = set(ids) - resolved
    assert len(seen) == len(set(seen))
    assert throughout <= set(seen)


ORDERINGS = {
    "/api/tickets/?page_size=2&ordering={}": (
        *("created_at", "updated_at", "-updated_at"),
        *("priority", "-priority", "status", "-status"),
    ),
    "/api/v1/tickets/?limit=2&ordering={}": (
        *("updated_at", "-updated_at", "priority", "-priority"),
        *("status", "-status", "due_date", "-due_date", "ticket_number"),
    ),
    "/api/v1/tickets/?limit=2&search=update&ordering={}": ("-updated_at", "due_date"),
    "/tickets?size=2&sort={}": tuple(
        f"{name}&order={order}"
        for name in ("updated_at", "priority", "status", "due_date")
        for order in ("asc", "desc")
    ),
    "/tickets?size=2&search=update&sort={}": ("updated_at&order=asc", "status&order=desc"),
}


@pytest.mark.parametrize(
    "path", [path.format(order) for path, orders in ORDERINGS.items() for order in orders]
)
def test_tickets_that_are_there_throughout_are_seen_exactly_once_in_every_ordering(
    create_ticket: CreateTicket, agent: TestClient, path: str
) -> None:
    """Between the pages tickets are created, edited, resolved, reopened and deleted at random."""
    random_ = random.Random(path)

    def file_one() -> int:
        key = create_ticket()["ticket_key"]
        one = agent.get(f"/tickets/{key}").json()["data"]["id"]
        change(one, random_.choice(changes))
        return int(one)

    def change(one: int, what: dict[str, Any]) -> None:
        answer = agent.patch(f"/tickets/{one}", json=what)
        assert answer.status_code in (200, 404, 409, 422), answer.text

    changes: list[dict[str, Any]] = [
        *({"priority": word} for word in ("low", "medium", "high", "critical")),
        *({"due_date": day} for day in ("2030-01-05", "2030-01-01", "2031-07-01", None)),
        *({"status": word} for word in ("open", "in_progress", "resolved", "closed")),
        {"title": "Another title"},
    ]
    throughout = {file_one() for _ in range(8)}
    deleted: set[int] = set()
    seen: list[int] = []
    following: str | None = path
    while following:
        answer = agent.get(following)
        assert answer.status_code == 200, answer.text
        payload = answer.json()
        rows = payload.get("results") or payload.get("data", {}).get("items", [])
        seen += [
            int(row["id"])
            if str(row["id"]).isdigit()
            else agent.get(f"/tickets/{row['ticket_number']}").json()["data"]["id"]
            for row in rows
        ]
        following = (
            payload["next"] if "next" in payload else answer.links.get("next", {}).get("url")
        )
        assert not following or "cursor=" in following
        for one in random_.sample(sorted(throughout - deleted), 2):
            change(one, random_.choice(changes))
        if len(deleted) < 2:
            gone = random_.choice(sorted(throughout - deleted))
            assert agent.delete(f"/api/v1/tickets/{_uuid(agent, gone)}/").status_code == 204
            deleted.add(gone)
        file_one()
    assert len(seen) == len(set(seen))
    assert throughout - deleted <= set(seen)


def _uuid(agent: TestClient, ticket_id: int) -> str:
    return str(agent.get(f"/api/v1/tickets/{ticket_id}/").json()["id"])


@pytest.mark.parametrize(
    "path",
    [
        "/api/tickets/1/comments/?page_size=2",
        "/api/v1/ticket-comments/?limit=2",
        "/api/ticketing/comments/?ticket=1&limit=2",
        "/api/ticketing/history/?limit=2",
    ],
)
def test_following_the_links_of_comments_and_history_gives_each_line_once(
    create_ticket: CreateTicket, agent: TestClient, path: str
) -> None:
    create_ticket()
    for n in range(7):
        assert agent.post("/comments/ticket/1", json={"content": f"{n}"}).status_code == 201
    every = agent.get(path.partition("?")[0], params={"limit": 100}).json()["results"]
    seen: list[Any] = []
    following: str | None = path
    while following:
        payload = agent.get(following).json()
        seen += [row["id"] for row in payload["results"]]
        following = payload["next"]
        if len(seen) == 2:
            agent.post("/comments/ticket/1", json={"content": "another"})
    known = [row["id"] for row in every]
    assert [one for one in seen if one in known] == known
    wrong = path + "&offset=2&cursor=2.x"
    answer = agent.get(wrong.replace("page_size=2", "limit=2"))
    assert (answer.status_code, [*answer.json()]) == (400, ["cursor"])


@pytest.mark.parametrize("path", ["/api/v1/companies/", "/api/ticketing/users/"])
def test_following_the_links_of_names_gives_each_once(agent: TestClient, path: str) -> None:
    every = [row["id"] for row in agent.get(path).json()["results"]]
    seen: list[Any] = []
    following: str | None = f"{path}?limit=1"
    while following:
        payload = agent.get(following).json()
        seen += [row["id"] for row in payload["results"]]
        following = payload["next"]
    assert seen == every


def test_a_search_of_enterprise_has_links_too(
    create_ticket: CreateTicket, agent: TestClient
) -> None:
    for _ in range(3):
        create_ticket()
    answer = agent.get("/tickets?search=start&size=2")
    assert "cursor=" in answer.links["next"]["url"]
    assert len(agent.get(answer.links["next"]["url"]).json()["data"]["items"]) == 1


def test_a_made_up_cursor_is_refused(create_ticket: CreateTicket, agent: TestClient) -> None:
    for cursor in ("4.x", "4.W10", "4.%00"):
        answer = agent.get(f"/api/v1/tickets/?limit=2&offset=4&cursor={cursor}")
        assert (answer.status_code, [*answer.json()]) == (400, ["cursor"])


def test_a_validator_names_the_version_and_is_read_back() -> None:
    etag = make_etag(b"{}", 17)
    assert (
        parse_version(etag) == parse_version(etag.removeprefix("W/")) == parse_version('"17"') == 17
    )
    assert etag != make_etag(b"[]", 17)
    assert parse_version(None) is parse_version("*") is None
    assert (
        parse_version("nonsense")
        == parse_version(make_etag(b"{}"))
        == parse_version('"1", "2"')
        == -1
    )


def test_status_sent_back_in_its_own_word_is_unchanged() -> None:
    assert STATUS.parse_change("duplicate", "closed") is Status.DUPLICATE
    assert STATUS.parse_change("resolved", "closed") is Status.CLOSED
    assert STATUS.parse_change("new", "assigned") is Status.OPEN
    assert STATUS.format_counts({"duplicate": 1, "closed": 2})["closed"] == 3
    assert frozenset({"closed", "duplicate", "wont_fix"}) in STATUS.ambiguous_values


def test_filters_are_read_or_refused() -> None:
    assert [
        parse_flag_parameter("open", word) for word in ("true", "True", "1", "false", "", None)
    ] == [
        *[True] * 3,
        *[False] * 3,
    ]
    assert parse_boolean_parameter("is_internal", "false") is False
    assert parse_id_parameter("ticket", "7") == 7
    assert parse_id_parameter("ticket", "") is parse_uuid_parameter("ticket", None) is None
    ordering = parse_ordering(None, {"created_at": "created"}, "-created_at")
    assert (ordering.sort, ordering.descending) == ("created", True)
    for read, value in (
        (parse_flag_parameter, "maybe"),
        (parse_id_parameter, "-1"),
        (parse_id_parameter, "९"),
        (parse_uuid_parameter, "uuid"),
    ):
        with pytest.raises(Invalid):
            read("field", value)

"""A requester's comment through any document reopens a finished ticket, or opens a linked one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import CreateTicket, Working
from tests.cast import Cast
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import (
    assigning,
    locking,
    status_changes,
    ticket_list,
    ticket_lookup,
    ticket_query,
)
from ticket_app.core.tickets.changing import changing


@dataclass(frozen=True)
class Route:
    """One way to add a comment: the address, the body, and where the answer names things."""

    path: str
    text: str
    ticket: str | None
    follow_up: str
    by: str = "id"
    names_ticket: bool = False

    def post(self, client: TestClient, row: Any, text: str, **headers: str) -> Any:
        reference = str(getattr(row, self.by))
        body: dict[str, Any] = {self.text: text}
        if self.names_ticket:
            body["ticket"] = int(reference) if self.by == "id" else reference
        return client.post(self.path.format(id=reference), json=body, headers=headers)

    def comment(self, answer: Any) -> dict[str, Any]:
        payload = answer.json()
        return payload.get("data") or payload.get("comment") or payload


ROUTES = {
    "centcom": Route("/api/tickets/{id}/comments", "content", None, "ticket", by="uuid"),
    "kubebro": Route("/api/tickets/{id}/add_comment/", "content", "ticket", "follow_up"),
    "kubebro-list": Route("/api/tickets/{id}/comments/", "content", "ticket", "follow_up"),
    "bmasia": Route("/api/v1/tickets/{id}/add_comment/", "text", "ticket", "follow_up", by="uuid"),
    "bmasia-list": Route(
        "/api/v1/ticket-comments/", "text", "ticket", "follow_up", by="uuid", names_ticket=True
    ),
    "enterprise": Route("/comments/ticket/{id}", "content", "ticket_id", "follow_up_ticket_id"),
    "ticketing": Route(
        "/api/ticketing/tickets/{id}/add_comment/", "content", "ticket", "follow_up"
    ),
    "ticketing-list": Route(
        "/api/ticketing/comments/", "content", "ticket", "follow_up", names_ticket=True
    ),
}


def _finished(
    working: Working, cast: Cast, create_ticket: CreateTicket, status: Status, days: float
) -> Any:
    uuid = create_ticket()["id"]
    with working(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, uuid)
        assigning.assign(uow, ticket, cast.agent.id)
        status_changes.change_status(uow, ticket, status)
        with changing(uow, ticket):
            ticket.resolved_at = utc_now() - timedelta(days=days)
    with working(cast.agent) as uow:
        return ticket_lookup.read_ticket(uow, uuid)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
@pytest.mark.parametrize("name", ROUTES)
def test_comment_by_the_requester_reopens(
    owner: TestClient,
    agent: TestClient,
    working: Working,
    cast: Cast,
    create_ticket: CreateTicket,
    name: str,
    status: Status,
) -> None:
    route, row = ROUTES[name], _finished(working, cast, create_ticket, status, 13)
    answer = route.post(owner, row, "It is back")
    assert answer.status_code in (200, 201), answer.text
    comment = route.comment(answer)
    assert comment[route.text] == "It is back"
    assert route.follow_up not in comment
    if route.ticket:
        assert str(comment[route.ticket]) == str(getattr(row, route.by))
    with working(cast.agent) as uow:
        now = ticket_lookup.read_ticket(uow, row.id)
        assert (now.status, now.reopened_count, now.comments_count) == ("reopened", 1, 1)
    notices = agent.get("/notifications").json()["data"]["items"]
    assert [(one["type"], one["ticket_id"]) for one in notices] == [("requester_reply", row.id)]
    assert agent.get(f"/api/ticketing/tickets/{row.id}/").json()["status"] == "reopened"


@pytest.mark.parametrize("name", ROUTES)
def test_late_comment_opens_a_linked_ticket_whose_id_is_answered(
    owner: TestClient, working: Working, cast: Cast, create_ticket: CreateTicket, name: str
) -> None:
    route, row = ROUTES[name], _finished(working, cast, create_ticket, Status.CLOSED, 15)
    key = {"Idempotency-Key": "late-reply"}
    answer = route.post(owner, row, "It is back", **key)
    assert answer.status_code in (200, 201), answer.text
    with working(cast.agent) as uow:
        new = ticket_lookup.read_ticket(uow, row.id + 1)
        assert (new.description, new.title, new.status) == ("It is back", row.title, "new")
        assert ticket_lookup.read_ticket(uow, row.id).status == "closed"
    new_id = str(getattr(new, route.by))
    comment, payload = route.comment(answer), answer.json()
    if route.ticket:
        assert str(comment[route.ticket]) == new_id
        assert str(comment[route.follow_up]) == new_id
    else:
        assert payload["ticket"]["id"] == new_id
    assert (payload.get("message") or comment.get("message")) == (
        "This ticket was finished more than 14 days ago. "
        f"The comment was added to BUG-{new.key_number}, a new ticket linked to it."
    )
    again = route.post(owner, row, "It is back", **key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == payload
    with working(cast.agent) as uow:
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery()) == 2


@pytest.mark.parametrize("days", [1, 15])
@pytest.mark.parametrize("name", ROUTES)
def test_comment_by_staff_changes_no_status(
    agent: TestClient,
    working: Working,
    cast: Cast,
    create_ticket: CreateTicket,
    name: str,
    days: int,
) -> None:
    route, row = ROUTES[name], _finished(working, cast, create_ticket, Status.RESOLVED, days)
    answer = route.post(agent, row, "For the record")
    assert answer.status_code in (200, 201), answer.text
    with working(cast.agent) as uow:
        assert ticket_lookup.read_ticket(uow, row.id).status == "resolved"
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery()) == 1


@pytest.mark.parametrize("status", [Status.DUPLICATE, Status.WONT_FIX])
@pytest.mark.parametrize("name", ROUTES)
def test_what_was_closed_for_good_keeps_the_comment_only(
    owner: TestClient,
    working: Working,
    cast: Cast,
    create_ticket: CreateTicket,
    name: str,
    status: Status,
) -> None:
    route, row = ROUTES[name], _finished(working, cast, create_ticket, status, 15)
    answer = route.post(owner, row, "But why?")
    assert answer.status_code in (200, 201), answer.text
    assert route.follow_up not in route.comment(answer)
    with working(cast.agent) as uow:
        now = ticket_lookup.read_ticket(uow, row.id)
        assert (now.status, now.comments_count) == (status, 1)
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery()) == 1


@pytest.mark.parametrize("name", ROUTES)
def test_others_cannot_reopen(
    stranger: TestClient, working: Working, cast: Cast, create_ticket: CreateTicket, name: str
) -> None:
    route, row = ROUTES[name], _finished(working, cast, create_ticket, Status.RESOLVED, 1)
    assert route.post(stranger, row, "Mine too").status_code in (400, 404)
    with working(cast.agent) as uow:
        assert ticket_lookup.read_ticket(uow, row.id).status == "resolved"

"""The tools for language models, used by the official client in this process."""

from __future__ import annotations

from typing import Any, Protocol

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.api.mcp_clients import ADDRESS, ToolFailed, call, http_client, run, unwrap
from tests.cast import Cast
from tests.core.approving import asking
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.policies import PolicyDraft
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.platform.actor import Actor
from ticket_app.settings import reload_settings

TOOLS = {
    "search_tickets",
    "get_ticket",
    "list_comments",
    "create_ticket",
    "add_comment",
    "change_ticket",
    "list_pending_approvals",
    "decide_approval",
}
MESSAGE = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


class Ask(Protocol):
    """Calls a tool as one of the cast; returns what it returns."""

    def __call__(self, actor: Actor, tool: str, **arguments: Any) -> Any: ...


def token_of(working: Working, actor: Actor, *scopes: str) -> str:
    with working(actor) as uow:
        return create_api_token(uow, "mcp", scopes=scopes)[0]


@pytest.fixture
def ask(own_settings: object, api: FastAPI, working: Working) -> Ask:
    def one_call(actor: Actor, tool: str, **arguments: Any) -> Any:
        token = token_of(working, actor)

        async def use() -> Any:
            async with http_client(token, app=api) as client:
                return await client.call_tool(tool, arguments)

        return unwrap(run(use))

    return one_call


def create(ask: Ask, actor: Actor, **values: Any) -> dict[str, Any]:
    return ask(actor, "create_ticket", **{"title": "No light", "description": "Dark."} | values)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_tools_are_described(
    own_settings: object, api: FastAPI, working: Working, cast: Cast, mode: str
) -> None:
    token = token_of(working, cast.owner)

    async def use() -> Any:
        async with http_client(token, app=api, mode=mode) as client:
            return client.server_info, await client.list_tools()

    server, listed = run(use)
    assert server.name == "help-desk"
    tools = {tool.name: tool for tool in listed.tools}
    assert set(tools) == TOOLS
    assert all(tool.description and tool.output_schema for tool in tools.values())
    read_only = {name for name, tool in tools.items() if tool.annotations.read_only_hint}
    assert read_only == {
        "search_tickets",
        "get_ticket",
        "list_comments",
        "list_pending_approvals",
    }


def test_ticket_is_created_found_read_commented_and_changed(ask: Ask, cast: Cast) -> None:
    made = create(ask, cast.owner, kind="bug", tags=["lamp"], priority="high")
    key = made["key"]
    assert (made["status"], made["requester"], made["priority"]) == ("new", "owner", "high")
    found = ask(cast.agent, "search_tickets", query="light", priority=["high"], requester="owner")
    assert ([row["key"] for row in found["tickets"]], found["total"]) == ([key], 1)
    posted = ask(cast.agent, "add_comment", ticket=key, text="On our way.")
    ask(cast.agent, "add_comment", ticket=key, text="He is far away.", internal=True)
    assert (posted["ticket"], posted["message"]) == (key, "Comment added")
    changed = ask(
        cast.agent,
        "change_ticket",
        ticket=key,
        status="in_progress",
        assignee="me",
        tags=["lamp", "dark"],
        due_at="2027-01-15",
    )
    assert (changed["status"], changed["assignee"]) == ("in_progress", "agent")
    assert (changed["tags"], changed["due_at"][:10]) == (["lamp", "dark"], "2027-01-15")
    read = ask(cast.agent, "get_ticket", ticket=key)
    assert [(c["author"], c["is_internal"]) for c in read["comments"]] == [
        ("agent", False),
        ("agent", True),
    ]
    assert "resolved" in read["possible_statuses"]
    emptied = ask(cast.agent, "change_ticket", ticket=key, clear=["assignee", "due_at", "tags"])
    assert (emptied["assignee"], emptied["due_at"], emptied["tags"]) == (None, None, [])


def test_requester_sees_only_what_is_public(ask: Ask, cast: Cast) -> None:
    key = create(ask, cast.owner)["key"]
    ask(cast.agent, "add_comment", ticket=key, text="Public.")
    ask(cast.agent, "add_comment", ticket=key, text="Secret.", internal=True)
    read = ask(cast.owner, "get_ticket", ticket=key)
    assert [comment["text"] for comment in read["comments"]] == ["Public."]
    assert read["comments_total"] == 1
    assert not {"internal_notes", "team", "estimated_hours", "actual_hours"} & read.keys()
    listed = ask(cast.owner, "list_comments", ticket=key)
    assert [comment["text"] for comment in listed["comments"]] == ["Public."]
    assert "internal_notes" in ask(cast.agent, "get_ticket", ticket=key)


def test_stranger_finds_nothing(ask: Ask, cast: Cast) -> None:
    key = create(ask, cast.owner)["key"]
    assert ask(cast.stranger, "search_tickets", query="light")["tickets"] == []
    for tool, arguments in (
        ("get_ticket", {}),
        ("list_comments", {}),
        ("add_comment", {"text": "Hello"}),
        ("change_ticket", {"title": "Mine"}),
    ):
        with pytest.raises(ToolFailed, match=r"^Ticket not found\.$"):
            ask(cast.stranger, tool, ticket=key, **arguments)
        with pytest.raises(ToolFailed, match=r"^Ticket not found\.$"):
            ask(cast.stranger, tool, ticket="BUG-999", **arguments)


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("change_ticket", {"status": "closed"}, "You are not allowed to change the status"),
        ("change_ticket", {"assignee": "me"}, "You are not allowed to assign tickets"),
        ("change_ticket", {"assignee": "agent"}, "You are not allowed to name other people"),
        ("change_ticket", {}, "changes: name at least one field to change."),
        ("change_ticket", {"status": "gone"}, "status: Input should be 'new', 'open'"),
        ("change_ticket", {"due_at": "soon"}, "due_at: "),
        ("change_ticket", {"expected_version": 0, "title": "x"}, "The ticket has changed since"),
        ("change_ticket", {"clear": ["tags"], "tags": ["x"]}, "clear: must not name tags"),
        ("add_comment", {"text": "x", "internal": True}, "You are not allowed to write internal"),
        ("add_comment", {}, "text: Field required"),
        ("get_ticket", {"comments": 101}, "comments: Input should be less than or equal to 100"),
    ],
)
def test_error_message_names_the_problem(
    ask: Ask, cast: Cast, tool: str, arguments: dict[str, Any], message: str
) -> None:
    key = create(ask, cast.owner)["key"]
    with pytest.raises(ToolFailed) as failed:
        ask(cast.owner, tool, ticket=key, **arguments)
    assert str(failed.value).startswith(message)
    assert "pydantic" not in str(failed.value)


def test_token_with_reading_scope_changes_nothing(
    own_settings: object, api: FastAPI, working: Working, ask: Ask, cast: Cast
) -> None:
    key = create(ask, cast.owner)["key"]
    token = token_of(working, cast.agent, "view_tickets", "view_all_tickets")

    async def use() -> Any:
        async with http_client(token, app=api) as client:
            read = await call(client, "get_ticket", ticket=key)
            for tool, arguments in (
                ("create_ticket", {"title": "x", "description": "y"}),
                ("add_comment", {"ticket": key, "text": "x"}),
                ("change_ticket", {"ticket": key, "priority": "low"}),
            ):
                with pytest.raises(ToolFailed, match=r"^You are not allowed to "):
                    await call(client, tool, **arguments)
            return read

    assert run(use)["key"] == key


def test_approval_is_listed_and_decided(ask: Ask, cast: Cast, working: Working) -> None:
    with working(cast.admin) as uow:
        approval_policies.create_policy(
            uow,
            PolicyDraft(name="Costs", steps=(asking(cast.manager), asking(cast.admin))),
        )
    key = create(ask, cast.owner)["key"]
    assert ask(cast.agent, "list_pending_approvals") == {"approvals": [], "total": 0}
    (pending,) = ask(cast.manager, "list_pending_approvals")["approvals"]
    assert (pending["ticket"], pending["policy"]) == (key, "Costs")
    approval = {"approval_id": pending["approval_id"]}
    with pytest.raises(ToolFailed, match="approver"):
        ask(cast.agent, "decide_approval", **approval, decision="approve")
    with pytest.raises(ToolFailed, match=r"^comments: is required to reject\.$"):
        ask(cast.manager, "decide_approval", **approval, decision="reject")
    after = ask(cast.manager, "decide_approval", **approval, decision="approve")
    assert after["state"] == "pending"
    rejected = ask(cast.admin, "decide_approval", **approval, decision="reject", comments="No.")
    assert rejected["state"] == "rejected"
    assert ask(cast.owner, "get_ticket", ticket=key)["approvals"][0]["state"] == "rejected"


def test_output_is_bounded(ask: Ask, cast: Cast) -> None:
    made = create(ask, cast.owner, description="x" * 50_000)
    assert len(made["description"]) < 20_100
    assert made["description"].endswith("[30,000 more characters]")
    for n in range(3):
        ask(cast.owner, "add_comment", ticket=made["key"], text=f"{n}" * 5_000)
    read = ask(cast.owner, "get_ticket", ticket=made["key"], comments=2)
    assert [comment["text"][:3] for comment in read["comments"]] == ["111", "222"]
    assert all(len(comment["text"]) < 4_100 for comment in read["comments"])
    assert read["comments_total"] == 3
    first = ask(cast.owner, "list_comments", ticket=made["key"], limit=2)
    second = ask(
        cast.owner, "list_comments", ticket=made["key"], limit=2, cursor=first["next_cursor"]
    )
    assert ([len(part["comments"]) for part in (first, second)]) == [2, 1]


def test_search_pages_by_cursor(ask: Ask, cast: Cast) -> None:
    keys = [create(ask, cast.owner)["key"] for _ in range(3)]
    first = ask(cast.owner, "search_tickets", limit=2)
    second = ask(cast.owner, "search_tickets", limit=2, cursor=first["next_cursor"])
    listed = [row["key"] for row in (*first["tickets"], *second["tickets"])]
    assert (listed, first["total"], second["next_cursor"]) == (keys[::-1], 3, None)


def post(api: FastAPI, token: str | None = None, method: str = "POST", **headers: str) -> Any:
    if token:
        headers["Authorization"] = f"Bearer {token}"
    headers = {"Accept": "application/json, text/event-stream", **headers}
    client = TestClient(api, base_url=ADDRESS, raise_server_exceptions=False)
    return client.request(method, "/mcp", json=MESSAGE, headers=headers)


def test_token_is_required(
    own_settings: object, api: FastAPI, database: object, cast: Cast
) -> None:
    for token in (None, "tk_wrong", "eyJhbGciOiJub25lIn0.e30."):
        response = post(api, token)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json()["error"]["message"]
        assert response.headers["x-request-id"]


def test_only_post_is_accepted(
    own_settings: object, api: FastAPI, working: Working, cast: Cast
) -> None:
    response = post(api, token_of(working, cast.owner), method="DELETE")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("environment", "host", "origin", "status"),
    [
        ({}, "127.0.0.1:8000", None, 200),
        ({}, "[::1]:8000", None, 200),
        ({}, "rebound.example", None, 421),
        ({"HOST": "0.0.0.0"}, "desk.example.com", None, 200),
        ({"TICKET_PUBLIC_URL": "https://desk.example.com"}, "desk.example.com", None, 200),
        ({"TICKET_PUBLIC_URL": "https://desk.example.com"}, "rebound.example", None, 421),
        ({}, "127.0.0.1:8000", "http://127.0.0.1:8000", 200),
        ({}, "127.0.0.1:8000", "https://evil.example", 403),
        ({}, "127.0.0.1:8000", "null", 403),
        ({}, "127.0.0.1:8000", "http://[", 403),
        ({}, "[", None, 421),
        ({"TICKET_CORS_ORIGINS": "https://app.example"}, "127.0.0.1", "https://app.example", 200),
    ],
)
def test_host_and_origin_are_checked(
    own_settings: object,
    monkeypatch: pytest.MonkeyPatch,
    api: FastAPI,
    working: Working,
    cast: Cast,
    environment: dict[str, str],
    host: str,
    origin: str | None,
    status: int,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    reload_settings()
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    assert post(api, token_of(working, cast.owner), **headers).status_code == status


def test_rate_limits_count_messages_and_searches(
    own_settings: object,
    monkeypatch: pytest.MonkeyPatch,
    api: FastAPI,
    working: Working,
    ask: Ask,
    cast: Cast,
) -> None:
    monkeypatch.setenv("TICKET_RATE_SEARCHES_PER_HOUR", "1")
    reload_settings()
    ask(cast.owner, "search_tickets")
    with pytest.raises(ToolFailed, match=r"Try again in \d+ seconds\."):
        ask(cast.owner, "search_tickets")
    monkeypatch.setenv("TICKET_RATE_GENERAL_PER_HOUR", "1")
    reload_settings()
    token = token_of(working, cast.stranger)
    first, second = post(api, token), post(api, token)
    assert (first.status_code, first.headers["x-ratelimit-remaining"]) == (200, "0")
    assert (second.status_code, bool(second.headers["retry-after"])) == (429, True)

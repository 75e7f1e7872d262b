"""The official MCP client over both transports, against processes of their own."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.api.mcp_clients import ToolFailed, call, http_client, run
from tests.api.serving import ROOT, Served

COMMAND = ["-m", "ticket_app", "mcp"]


async def use_as_agent(client: Client, title: str) -> Any:
    made = await call(client, "create_ticket", title=title, description="From a model.")
    await call(client, "add_comment", ticket=made["key"], text="Noted.", internal=True)
    await call(client, "change_ticket", ticket=made["key"], status="resolved")
    found = await call(client, "search_tickets", query=title)
    assert [row["key"] for row in found["tickets"]] == [made["key"]]
    return await call(client, "get_ticket", ticket=made["key"])


def assert_resolved(read: Any) -> None:
    assert (read["status"], read["requester"]) == ("resolved", "sam")
    assert [comment["is_internal"] for comment in read["comments"]] == [True]


def test_ticket_is_worked_on_over_http(served: Served) -> None:
    async def use() -> None:
        async with http_client(served.tokens["sam"], address=served.address) as client:
            read = await use_as_agent(client, "Overhttp")
            assert_resolved(read)
        async with http_client(served.tokens["uma"], address=served.address) as client:
            with pytest.raises(ToolFailed, match="Ticket not found"):
                await call(client, "get_ticket", ticket=read["key"])

    run(use)


def test_ticket_is_worked_on_over_stdio(served: Served) -> None:
    """In production, where the logs would otherwise go to standard output."""
    environment = {
        **served.environment,
        "TICKET_ENV": "production",
        "TICKET_MCP_TOKEN": served.tokens["sam"],
    }

    async def use() -> None:
        parameters = StdioServerParameters(
            command=sys.executable, args=COMMAND, env=environment, cwd=ROOT
        )
        async with Client(stdio_client(parameters)) as client:
            assert_resolved(await use_as_agent(client, "Overstdio"))

    run(use)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Set TICKET_MCP_TOKEN to an API token from your profile."),
        (["--token", "tk_wrong"], "The API token is not valid."),
    ],
)
def test_stdio_needs_a_valid_token(served: Served, arguments: list[str], message: str) -> None:
    done = subprocess.run(
        [sys.executable, *COMMAND, *arguments],
        cwd=ROOT,
        env=served.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", message)

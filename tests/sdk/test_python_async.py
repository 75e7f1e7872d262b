"""The asynchronous Python clients, against the real API and through a faulty proxy.

They share everything but the transport with the blocking clients, whose tests are more detailed.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, assert_type

import httpx
import pytest
from ticket_system_sdk import (
    AsyncCentcomTickets,
    AsyncPage,
    AsyncTicketSystemClient,
    Attachment,
    AuthenticationRequired,
    CentcomTickets,
    ConnectionFailed,
    ExternalServiceError,
    NotFound,
    Page,
    PermissionDenied,
    RateLimited,
    Ticket,
    TicketDetails,
    TicketSystemClient,
    User,
    VersionConflict,
    WebhookEvent,
    verify_webhook,
)
from ticket_system_sdk.tickets import NewTicket

from tests.api.serving import Served, free_port
from tests.contracts import contract
from tests.sdk.conftest import PASSWORD
from tests.sdk.faulty_proxy import EXPIRED, CannedResponse, Fault, FaultyProxy
from tests.sdk.webhook_receiver import WebhookReceiver

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("served")]

NEW: NewTicket = {"title": "It does not start", "description": "It shows nothing."}
CENTCOM = contract.read("centcom")

Connect = Callable[..., AsyncTicketSystemClient]


def list_files(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def connect(server: Served) -> AsyncIterator[Connect]:
    """Return a function that creates a client for a person, for the server or another address."""
    async with AsyncExitStack() as stack:

        def make(
            name: str | None, address: str = server.address, **options: Any
        ) -> AsyncTicketSystemClient:
            options = {"first_wait": 0.001, **options}
            client = AsyncTicketSystemClient(address, name and server.tokens[name], **options)
            stack.push_async_callback(client.close)
            return client

        yield make


async def test_sign_in_refresh_and_sign_out(connect: Connect) -> None:
    ugo = connect(None)
    session = await ugo.auth.login("ugo", PASSWORD)
    me = await ugo.auth.me()
    assert_type(me, User)
    assert me.username == session.user.username == "ugo"
    renewed = await ugo.auth.refresh()
    await ugo.auth.logout()
    ugo.set_token(renewed.access_token)
    with pytest.raises(AuthenticationRequired):
        await ugo.auth.me()
    with pytest.raises(AuthenticationRequired):
        await connect(None).auth.refresh()
    assert session.access_token not in repr([ugo, vars(ugo)])


async def test_ticket_is_created_updated_merged_and_deleted(connect: Connect) -> None:
    uma, sam = connect("uma"), connect("sam")
    first = await uma.tickets.create({**NEW, "priority": "high", "tags": ["async"]})
    assert_type(first, Ticket)
    read = await sam.tickets.get(first.ticket_number)
    assert_type(read, TicketDetails)
    await sam.tickets.update(first.id, {"title": "Mine"}, if_match=read.etag)
    with pytest.raises(VersionConflict):
        await sam.tickets.update(first.id, {"title": "Theirs"}, if_match=read.etag)
    second = await uma.tickets.create(NEW)
    assert (await sam.tickets.merge(second.id, into=first.id)).id == first.id
    assert (await sam.tickets.unmerge(second.id)).status == "open"
    with pytest.raises(PermissionDenied):
        await uma.tickets.delete(first.id)
    await sam.tickets.delete(first.id)
    with pytest.raises(NotFound):
        await uma.tickets.get(first.id)


async def test_list_and_search_are_iterated_over_all_pages(connect: Connect) -> None:
    uma = connect("uma")
    for title in ("Lamp", "Chair", "Desk"):
        await uma.tickets.create({**NEW, "title": title, "tags": ["paged-async"]})
    page = await uma.tickets.list(tags="paged-async", sort="ticket_number", order="desc", size=2)
    assert_type(page, AsyncPage[Ticket])
    assert (page.total, page.pages, len(page), page.has_next) == (3, 2, 2, True)
    assert [ticket.title async for ticket in page.all()] == ["Desk", "Chair", "Lamp"]
    last = await page.next()
    assert last is not None
    assert [ticket.title for ticket in last] == ["Lamp"]
    assert await last.next() is None
    found = await uma.tickets.search("chair", filters={"tags": ["paged-async"]}, size=1)
    assert [ticket.title async for ticket in found.all()] == ["Chair"]


async def test_comments_and_files_are_created_listed_and_deleted(
    connect: Connect, tmp_path: Path
) -> None:
    uma = connect("uma")
    ticket = await uma.tickets.create(NEW)
    comment = await uma.comments.create(ticket_id=ticket.id, content="And this")
    assert (await uma.comments.update(comment.id, "And that")).edited
    assert [one.id for one in await uma.comments.list(ticket.id)] == [comment.id]
    await uma.comments.delete(comment.id)
    path = tmp_path / "error.log"
    path.write_text("10:00 it broke\n")
    by_path = await uma.attachments.upload(ticket.id, path, description="What it said")
    assert_type(by_path, Attachment)
    with path.open("rb") as file:
        by_file = await uma.attachments.upload(ticket.id, file, filename="again.log")
    assert {one.id for one in await uma.attachments.list(ticket.id)} == {by_path.id, by_file.id}
    whole = await uma.attachments.download(by_file.id)
    assert_type(whole, bytes)
    assert whole == path.read_bytes()
    copy = await uma.attachments.download(by_path.id, tmp_path / "copy.log")
    assert_type(copy, Path)
    assert copy.read_bytes() == path.read_bytes()
    with pytest.raises(NotFound):
        await uma.attachments.download(10**6, tmp_path / "gone.log")
    assert not (tmp_path / "gone.log").exists()


async def test_approvals_reports_and_webhooks(
    connect: Connect, receiver: WebhookReceiver, worker: None, tmp_path: Path
) -> None:
    uma, sam, ada = connect("uma"), connect("sam"), connect("ada")
    ticket = await uma.tickets.create({**NEW, "tags": ["reported-async"]})
    approver = (await ada.auth.me()).id
    asked = await sam.approvals.request(ticket.id, reason="It costs", approver_ids=[approver])
    pending = await ada.approvals.pending(size=1)
    assert asked.id in [one.id async for one in pending.all()]
    assert (await ada.approvals.act(asked.id, "approve", comments="Fine")).state == "approved"
    assert [one.id for one in await sam.approvals.of_ticket(ticket.id)] == [asked.id]
    assert (await ada.reports.dashboard(period="7d")).metrics.total_tickets >= 1
    filters = {"tags": ["reported-async"]}
    file = await ada.reports.export(tmp_path / "t.json", format="json", filters=filters)
    assert [one["id"] for one in json.loads(file.read_text())["data"]["items"]] == [ticket.id]
    webhook = await ada.webhooks.create(url=receiver.url, events=["ticket.created"])
    await ada.webhooks.test(webhook.id)
    message = await asyncio.to_thread(receiver.next)
    event = ada.webhooks.verify(message.body, message.headers, webhook.secret or "")
    assert_type(event, WebhookEvent)
    assert event == verify_webhook(message.body, message.headers, webhook.secret or "")
    await ada.webhooks.delete(webhook.id)


async def test_every_method_of_the_centcom_client(server: Served) -> None:
    async with AsyncCentcomTickets(server.address, server.tokens["uma"]) as centcom:
        created = await centcom.submit_ticket(
            title="Centcom", description="-", ticket_type="bug", application_section="api"
        )
        ticket_id = created["ticket"]["id"]
        responses = {
            "submit": created,
            "comment": await centcom.add_comment(ticket_id, "And a comment"),
            "comments": await centcom.get_comments(ticket_id),
            "upload": await centcom.upload_attachment(ticket_id, b"it broke", filename="a.txt"),
            "attachments": await centcom.get_attachments(ticket_id),
            "details": await centcom.get_ticket_details(ticket_id),
            "mine": await centcom.get_my_tickets(limit=1),
        }
    for name, response in responses.items():
        assert not CENTCOM.answer_differs(name, response), name


def test_both_clients_have_the_same_methods_and_documentation() -> None:
    blocking, asynchronous = TicketSystemClient("http://x"), AsyncTicketSystemClient("http://x")
    for name in ("auth", "tickets", "comments", "attachments", "approvals", "reports", "webhooks"):
        resource, other = getattr(blocking, name), getattr(asynchronous, name)
        methods = [one for one in dir(resource) if not one.startswith("_") and one != "transport"]
        assert len(methods) >= 4
        for method in methods:
            one, two = getattr(resource, method), getattr(other, method)
            assert inspect.signature(one) == inspect.signature(two), method
            assert one.__doc__ == two.__doc__, method
            assert one.__doc__, method
    assert CentcomTickets.submit_ticket.__doc__ == AsyncCentcomTickets.submit_ticket.__doc__


def test_blocking_methods_keep_their_types(server: Served) -> None:
    with TicketSystemClient(server.address, server.tokens["uma"]) as uma:
        ticket = uma.tickets.create(NEW)
        assert_type(ticket, Ticket)
        page = uma.tickets.list()
        assert_type(page, Page[Ticket])
        assert ticket.id in [one.id for one in page.all()]


@pytest.mark.parametrize(
    "fault",
    [CannedResponse(429, {"Retry-After": "0"}), CannedResponse(502), "drop request"],
    ids=["429", "502", "drop"],
)
async def test_temporary_error_is_retried(
    connect: Connect, proxy: FaultyProxy, fault: Fault
) -> None:
    proxy.faults.extend([fault, fault])
    assert (await connect("uma", proxy.address).auth.me()).username == "uma"
    assert len(proxy.requests) == 3


async def test_ticket_and_file_are_created_once_if_responses_are_lost(
    connect: Connect, proxy: FaultyProxy, tmp_path: Path
) -> None:
    uma = connect("uma", proxy.address)
    proxy.faults.extend(["drop response", CannedResponse(409)])
    ticket = await uma.tickets.create({**NEW, "title": "Lost on its way, async"})
    assert len(proxy.requests) == 3
    assert len(set(proxy.keys())) == 1
    assert (await uma.tickets.list(search='"Lost on its way, async"')).total == 1
    path = tmp_path / "notes.txt"
    path.write_text("it broke")
    proxy.faults.append("drop response")
    sent = await uma.attachments.upload(ticket.id, path)
    assert [one.id for one in await uma.attachments.list(ticket.id)] == [sent.id]


async def test_lasting_failures_are_raised(connect: Connect, proxy: FaultyProxy) -> None:
    proxy.faults.append(CannedResponse(429, {"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as limited:
        await connect("uma", proxy.address).auth.me()
    assert limited.value.retry_after == 3600
    proxy.faults.extend([CannedResponse(503)] * 2)
    with pytest.raises(ExternalServiceError):
        await connect("uma", proxy.address, retries=1).auth.me()
    with pytest.raises(ConnectionFailed) as failed:
        await connect("uma", f"http://127.0.0.1:{free_port()}", retries=1).auth.me()
    assert not failed.value.was_sent


async def test_interrupted_download_leaves_no_file(
    connect: Connect, proxy: FaultyProxy, tmp_path: Path
) -> None:
    uma = connect("uma", proxy.address)
    ticket = await uma.tickets.create(NEW)
    sent = await uma.attachments.upload(ticket.id, b"it broke " * 5000, filename="notes.txt")
    proxy.faults.append("cut response")
    with pytest.raises(ConnectionFailed):
        await uma.attachments.download(sent.id, tmp_path / "notes.txt")
    assert list_files(tmp_path) == []


async def test_tasks_with_an_expired_token_renew_it_once(
    connect: Connect, proxy: FaultyProxy
) -> None:
    una = connect(None, proxy.address)
    proxy.expired_tokens.add((await una.auth.login("una", PASSWORD)).access_token)
    people = await asyncio.gather(*(una.auth.me() for _ in range(8)))
    assert [one.username for one in people] == ["una"] * 8
    assert proxy.paths().count("/auth/refresh") == 1


async def test_refresh_token_that_may_have_been_used_is_not_sent_again(
    connect: Connect, proxy: FaultyProxy
) -> None:
    una = connect(None, proxy.address)
    session = await una.auth.login("una", PASSWORD)
    proxy.expired_tokens.add(session.access_token)
    proxy.requests.clear()
    proxy.faults.extend([EXPIRED, "drop response"])
    with pytest.raises(ConnectionFailed):
        await una.auth.me()
    with pytest.raises(AuthenticationRequired):
        await una.auth.me()
    assert proxy.paths().count("/auth/refresh") == 1


async def test_http_client_of_ones_own_is_used_and_left_open() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"success": True, "data": {"id": 7, "username": "una"}})

    async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as http:
        async with AsyncTicketSystemClient("http://desk.example", http=http) as una:
            assert (await una.auth.me()).id == 7
        assert not http.is_closed

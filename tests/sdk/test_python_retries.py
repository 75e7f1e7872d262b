"""The retries of the Python client, tested through a faulty proxy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from ticket_system_sdk import (
    AuthenticationRequired,
    ConnectionFailed,
    ExternalServiceError,
    RateLimited,
    TicketSystemClient,
    UnexpectedResponse,
)
from ticket_system_sdk.retries import Retries

from tests.api.serving import free_port
from tests.sdk.conftest import PASSWORD, Client
from tests.sdk.faulty_proxy import EXPIRED, CannedResponse, FaultyProxy

pytestmark = pytest.mark.xdist_group("served")

NEW = {"title": "It does not start", "description": "Since the update it shows nothing."}


def count_by_title(client: TicketSystemClient, title: str) -> int:
    """Return the number of tickets with a title."""
    return sum(ticket.title == title for ticket in client.tickets.list(size=100).all())


@pytest.mark.parametrize(
    "fault",
    [
        CannedResponse(429, {"Retry-After": "0"}),
        CannedResponse(502),
        CannedResponse(503),
        CannedResponse(504),
    ],
)
def test_temporary_error_is_retried(
    proxy: FaultyProxy, client: Client, fault: CannedResponse
) -> None:
    proxy.faults.extend([fault, fault])
    assert client("uma", proxy.address).auth.me().username == "uma"
    assert len(proxy.requests) == 3


def test_ticket_is_created_once_if_the_response_is_lost(proxy: FaultyProxy, client: Client) -> None:
    proxy.faults.extend(
        [
            "drop response",
            CannedResponse(503),
            "drop request",
        ]
    )
    uma = client("uma", proxy.address)
    ticket = uma.tickets.create({**NEW, "title": "Lost on its way back"})
    assert len(set(proxy.keys())) == 1
    assert len(proxy.requests) == 4
    assert count_by_title(client("uma"), "Lost on its way back") == 1
    assert uma.tickets.get(ticket.id).title == "Lost on its way back"


def test_two_calls_create_two_equal_tickets(proxy: FaultyProxy, client: Client) -> None:
    uma = client("uma", proxy.address)
    uma.tickets.create({**NEW, "title": "Twice"})
    uma.tickets.create({**NEW, "title": "Twice"})
    assert len(set(proxy.keys())) == 2
    assert count_by_title(client("uma"), "Twice") == 2


def test_conflict_with_own_first_attempt_is_retried(proxy: FaultyProxy, client: Client) -> None:
    proxy.faults.extend(["drop response", CannedResponse(409)])
    ticket = client("uma", proxy.address).tickets.create({**NEW, "title": "Under way"})
    assert ticket.title == "Under way"
    assert count_by_title(client("uma"), "Under way") == 1


def test_file_is_stored_once_if_the_response_is_lost(
    proxy: FaultyProxy, client: Client, tmp_path: Path
) -> None:
    uma = client("uma", proxy.address)
    ticket = uma.tickets.create(NEW)
    path = tmp_path / "notes.txt"
    path.write_text("it broke")
    proxy.faults.append("drop response")
    sent = uma.attachments.upload(ticket.id, path)
    assert [file.id for file in uma.attachments.list(ticket.id)] == [sent.id]


def test_deletion_succeeds_if_the_first_response_is_lost(
    proxy: FaultyProxy, client: Client
) -> None:
    ticket = client("uma").tickets.create(NEW)
    sam = client("sam", proxy.address)
    proxy.faults.append("drop response")
    sam.tickets.delete(ticket.id)
    assert [one.method for one in proxy.requests] == ["DELETE", "DELETE"]


def test_retries_end_if_the_server_never_responds(proxy: FaultyProxy, client: Client) -> None:
    proxy.faults.extend(["drop request"] * 9)
    with pytest.raises(ConnectionFailed) as failed:
        client("uma", proxy.address, retries=2).tickets.create(NEW)
    assert failed.value.was_sent
    assert len(proxy.requests) == 3


def test_unreachable_server_raises_connection_failed(client: Client) -> None:
    with pytest.raises(ConnectionFailed) as failed:
        client("uma", f"http://127.0.0.1:{free_port()}").auth.me()
    assert not failed.value.was_sent


def test_was_sent_is_true_if_any_attempt_was_sent() -> None:
    failures = iter(
        [httpx.ReadError("lost"), httpx.ConnectError("gone"), httpx.ConnectError("gone")]
    )

    def fail(request: httpx.Request) -> httpx.Response:
        raise next(failures)

    with httpx.Client(transport=httpx.MockTransport(fail)) as http:
        una = TicketSystemClient("http://desk.example", retries=2, first_wait=0.001, http=http)
        with pytest.raises(ConnectionFailed) as failed:
            una.tickets.create(NEW)
    assert failed.value.was_sent


def test_lasting_503_raises_external_service_error(proxy: FaultyProxy, client: Client) -> None:
    proxy.faults.extend([CannedResponse(503)] * 9)
    with pytest.raises(ExternalServiceError) as busy:
        client("uma", proxy.address, retries=1).auth.me()
    assert busy.value.status == 503


def test_500_is_not_retried(proxy: FaultyProxy, client: Client) -> None:
    proxy.faults.append(CannedResponse(500))
    with pytest.raises(ExternalServiceError):
        client("uma", proxy.address).auth.me()
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("written", ["seconds", "date"])
def test_long_retry_after_raises_rate_limited_at_once(
    proxy: FaultyProxy, client: Client, written: str
) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=3600), usegmt=True)
    header = {"seconds": "3600", "date": moment}[written]
    proxy.faults.append(CannedResponse(429, {"Retry-After": header, "X-Request-ID": "r-1"}))
    with pytest.raises(RateLimited) as limited:
        client("uma", proxy.address).auth.me()
    assert limited.value.retry_after == pytest.approx(3600, abs=5)
    assert limited.value.request_id == "r-1"
    assert len(proxy.requests) == 1


def test_wait_follows_retry_after_or_grows_exponentially() -> None:
    retries = Retries(max_retries=9, first_wait=1, max_wait=60)
    waits = [retries.wait(tries, None) or 0 for tries in range(9)]
    assert all(0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits[:6]))
    assert max(waits) <= 60
    assert (retries.wait(0, 17) or 0) >= 17
    assert retries.wait(0, 61) is None
    assert retries.wait(9, None) is None


def test_response_of_another_service_raises_unexpected_response(
    proxy: FaultyProxy, client: Client
) -> None:
    proxy.faults.append(CannedResponse(200, {"Content-Type": "text/html"}))
    with pytest.raises(UnexpectedResponse):
        client("uma", proxy.address).auth.me()
    proxy.faults.append(CannedResponse(302, {"Location": "https://elsewhere.example/"}))
    with pytest.raises(UnexpectedResponse):
        client("uma", proxy.address).auth.me()


def test_interrupted_download_leaves_no_file(
    proxy: FaultyProxy, client: Client, tmp_path: Path
) -> None:
    uma = client("uma", proxy.address)
    ticket = uma.tickets.create(NEW)
    sent = uma.attachments.upload(ticket.id, b"it broke " * 5000, filename="notes.txt")
    proxy.faults.append("cut response")
    with pytest.raises(ConnectionFailed):
        uma.attachments.download(sent.id, tmp_path / "notes.txt")
    assert [*tmp_path.iterdir()] == []
    assert uma.attachments.download(sent.id, tmp_path / "notes.txt").stat().st_size == 45_000


def test_expired_token_is_renewed_and_the_request_repeated(
    proxy: FaultyProxy, client: Client
) -> None:
    una = client(None, proxy.address)
    session = una.auth.login("una", PASSWORD)
    una.set_token(session.access_token)
    proxy.expired_tokens.add(session.access_token)
    assert una.auth.me().username == "una"
    assert una.tickets.create(NEW).title == NEW["title"]
    assert proxy.paths() == ["/auth/login", "/auth/me", "/auth/refresh", "/auth/me", "/tickets"]


def test_threads_with_an_expired_token_renew_it_once(proxy: FaultyProxy, client: Client) -> None:
    una = client(None, proxy.address)
    for _ in range(3):
        proxy.expired_tokens.add(una.auth.login("una", PASSWORD).access_token)
        proxy.requests.clear()
        with ThreadPoolExecutor(8) as pool:
            names = [one.username for one in pool.map(lambda _: una.auth.me(), range(8))]
        assert names == ["una"] * 8
        assert proxy.paths().count("/auth/refresh") == 1


def test_token_that_cannot_be_renewed_raises_authentication_required(
    proxy: FaultyProxy, client: Client
) -> None:
    una = client(None, proxy.address)
    session = una.auth.login("una", PASSWORD)
    client(None).auth.refresh(session.refresh_token)
    proxy.expired_tokens.add(session.access_token)
    proxy.requests.clear()
    for _ in range(2):
        with pytest.raises(AuthenticationRequired):
            una.auth.me()
    assert proxy.paths() == ["/auth/me", "/auth/refresh", "/auth/me"]


def test_refresh_token_that_may_have_been_used_is_not_sent_again(
    proxy: FaultyProxy, client: Client
) -> None:
    una = client(None, proxy.address)
    session = una.auth.login("una", PASSWORD)
    proxy.expired_tokens.add(session.access_token)
    proxy.requests.clear()
    proxy.faults.extend([EXPIRED, "drop response"])
    with pytest.raises(ConnectionFailed):
        una.auth.me()
    with pytest.raises(AuthenticationRequired):
        una.auth.me()
    assert proxy.paths().count("/auth/refresh") == 1


def test_token_without_refresh_token_is_not_renewed(proxy: FaultyProxy, client: Client) -> None:
    una = client(None, proxy.address)
    una.set_token("not-a-token")
    with pytest.raises(AuthenticationRequired) as error:
        una.auth.me()
    assert error.value.request_id
    assert proxy.paths() == ["/auth/me"]

"""The Python client over a wire that fails: what is sent again, and what has its effect once."""

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
    UnexpectedAnswer,
)
from ticket_system_sdk.retries import Retries

from tests.api.serving import free_port
from tests.sdk.conftest import PASSWORD, Client
from tests.sdk.wire import OUTDATED, Answers, Wire

pytestmark = pytest.mark.xdist_group("served")

NEW = {"title": "It does not start", "description": "Since the update it shows nothing."}


def titled(client: TicketSystemClient, title: str) -> int:
    """How many tickets of that title there are."""
    return sum(ticket.title == title for ticket in client.tickets.list(size=100).all())


@pytest.mark.parametrize(
    "fault", [Answers(429, {"Retry-After": "0"}), Answers(502), Answers(503), Answers(504)]
)
def test_what_is_refused_for_now_is_asked_again(wire: Wire, client: Client, fault: Answers) -> None:
    wire.faults.extend([fault, fault])
    assert client("uma", wire.address).auth.me().username == "uma"
    assert len(wire.seen) == 3


def test_a_ticket_whose_answer_was_lost_is_filed_once(wire: Wire, client: Client) -> None:
    wire.faults.extend(
        [
            "lose answer",
            Answers(503),
            "lose request",
        ]
    )
    uma = client("uma", wire.address)
    ticket = uma.tickets.create({**NEW, "title": "Lost on its way back"})
    assert len(set(wire.keys())) == 1
    assert len(wire.seen) == 4
    assert titled(client("uma"), "Lost on its way back") == 1
    assert uma.tickets.get(ticket.id).title == "Lost on its way back"


def test_two_tickets_alike_are_two(wire: Wire, client: Client) -> None:
    uma = client("uma", wire.address)
    uma.tickets.create({**NEW, "title": "Twice"})
    uma.tickets.create({**NEW, "title": "Twice"})
    assert len(set(wire.keys())) == 2
    assert titled(client("uma"), "Twice") == 2


def test_a_conflict_with_the_own_first_try_passes(wire: Wire, client: Client) -> None:
    wire.faults.extend(["lose answer", Answers(409)])
    ticket = client("uma", wire.address).tickets.create({**NEW, "title": "Under way"})
    assert ticket.title == "Under way"
    assert titled(client("uma"), "Under way") == 1


def test_a_file_whose_answer_was_lost_is_kept_once(
    wire: Wire, client: Client, tmp_path: Path
) -> None:
    uma = client("uma", wire.address)
    ticket = uma.tickets.create(NEW)
    path = tmp_path / "notes.txt"
    path.write_text("it broke")
    wire.faults.append("lose answer")
    sent = uma.attachments.upload(ticket.id, path)
    assert [file.id for file in uma.attachments.list(ticket.id)] == [sent.id]


def test_a_deletion_whose_answer_was_lost_is_done(wire: Wire, client: Client) -> None:
    ticket = client("uma").tickets.create(NEW)
    sam = client("sam", wire.address)
    wire.faults.append("lose answer")
    sam.tickets.delete(ticket.id)
    assert [one.method for one in wire.seen] == ["DELETE", "DELETE"]


def test_a_server_that_never_answers_is_given_up(wire: Wire, client: Client) -> None:
    wire.faults.extend(["lose request"] * 9)
    with pytest.raises(ConnectionFailed) as failed:
        client("uma", wire.address, retries=2).tickets.create(NEW)
    assert failed.value.was_sent
    assert len(wire.seen) == 3


def test_no_server_is_told_as_such(client: Client) -> None:
    with pytest.raises(ConnectionFailed) as failed:
        client("uma", f"http://127.0.0.1:{free_port()}").auth.me()
    assert not failed.value.was_sent


def test_what_may_have_arrived_once_is_told_as_such() -> None:
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


def test_a_server_that_stays_busy_is_told_as_such(wire: Wire, client: Client) -> None:
    wire.faults.extend([Answers(503)] * 9)
    with pytest.raises(ExternalServiceError) as busy:
        client("uma", wire.address, retries=1).auth.me()
    assert busy.value.status == 503


def test_a_failure_of_the_desk_is_not_asked_for_again(wire: Wire, client: Client) -> None:
    wire.faults.append(Answers(500))
    with pytest.raises(ExternalServiceError):
        client("uma", wire.address).auth.me()
    assert len(wire.seen) == 1


@pytest.mark.parametrize("written", ["seconds", "date"])
def test_who_is_told_to_wait_for_long_hears_so_at_once(
    wire: Wire, client: Client, written: str
) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=3600), usegmt=True)
    told = {"seconds": "3600", "date": moment}[written]
    wire.faults.append(Answers(429, {"Retry-After": told, "X-Request-ID": "r-1"}))
    with pytest.raises(RateLimited) as limited:
        client("uma", wire.address).auth.me()
    assert limited.value.retry_after == pytest.approx(3600, abs=5)
    assert limited.value.request_id == "r-1"
    assert len(wire.seen) == 1


def test_waiting_is_as_long_as_asked_and_grows_otherwise() -> None:
    retries = Retries(most=9, first_wait=1, longest_wait=60)
    waits = [retries.wait(tries, None) or 0 for tries in range(9)]
    assert all(0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits[:6]))
    assert max(waits) <= 60
    assert (retries.wait(0, 17) or 0) >= 17
    assert retries.wait(0, 61) is None
    assert retries.wait(9, None) is None


def test_another_service_is_no_desk(wire: Wire, client: Client) -> None:
    wire.faults.append(Answers(200, {"Content-Type": "text/html"}))
    with pytest.raises(UnexpectedAnswer):
        client("uma", wire.address).auth.me()
    wire.faults.append(Answers(302, {"Location": "https://elsewhere.example/"}))
    with pytest.raises(UnexpectedAnswer):
        client("uma", wire.address).auth.me()


def test_a_download_that_breaks_off_leaves_no_file(
    wire: Wire, client: Client, tmp_path: Path
) -> None:
    uma = client("uma", wire.address)
    ticket = uma.tickets.create(NEW)
    sent = uma.attachments.upload(ticket.id, b"it broke " * 5000, filename="notes.txt")
    wire.faults.append("cut answer")
    with pytest.raises(ConnectionFailed):
        uma.attachments.download(sent.id, tmp_path / "notes.txt")
    assert [*tmp_path.iterdir()] == []
    assert uma.attachments.download(sent.id, tmp_path / "notes.txt").stat().st_size == 45_000


def test_an_outdated_token_is_renewed_and_the_request_repeated(wire: Wire, client: Client) -> None:
    una = client(None, wire.address)
    session = una.auth.login("una", PASSWORD)
    una.set_token(session.access_token)
    wire.outdated.add(session.access_token)
    assert una.auth.me().username == "una"
    assert una.tickets.create(NEW).title == NEW["title"]
    assert wire.paths() == ["/auth/login", "/auth/me", "/auth/refresh", "/auth/me", "/tickets"]


def test_many_threads_with_an_outdated_token_renew_it_once(wire: Wire, client: Client) -> None:
    una = client(None, wire.address)
    for _ in range(3):
        wire.outdated.add(una.auth.login("una", PASSWORD).access_token)
        wire.seen.clear()
        with ThreadPoolExecutor(8) as pool:
            names = [one.username for one in pool.map(lambda _: una.auth.me(), range(8))]
        assert names == ["una"] * 8
        assert wire.paths().count("/auth/refresh") == 1


def test_a_token_that_cannot_be_renewed_is_told_as_such(wire: Wire, client: Client) -> None:
    una = client(None, wire.address)
    session = una.auth.login("una", PASSWORD)
    client(None).auth.refresh(session.refresh_token)
    wire.outdated.add(session.access_token)
    wire.seen.clear()
    for _ in range(2):
        with pytest.raises(AuthenticationRequired):
            una.auth.me()
    assert wire.paths() == ["/auth/me", "/auth/refresh", "/auth/me"]


def test_a_refresh_token_that_may_have_been_spent_is_not_sent_again(
    wire: Wire, client: Client
) -> None:
    una = client(None, wire.address)
    session = una.auth.login("una", PASSWORD)
    wire.outdated.add(session.access_token)
    wire.seen.clear()
    wire.faults.extend([OUTDATED, "lose answer"])
    with pytest.raises(ConnectionFailed):
        una.auth.me()
    with pytest.raises(AuthenticationRequired):
        una.auth.me()
    assert wire.paths().count("/auth/refresh") == 1


def test_a_token_without_what_renews_it_stays_as_it_is(wire: Wire, client: Client) -> None:
    una = client(None, wire.address)
    una.set_token("not-a-token")
    with pytest.raises(AuthenticationRequired) as refused:
        una.auth.me()
    assert refused.value.request_id
    assert wire.paths() == ["/auth/me"]

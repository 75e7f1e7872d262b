"""The PHP and Java SDKs, by programs that use them: every method, and the retries."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from ticket_system_sdk import TicketSystemClient

from scripts import sdk_models
from tests.api.serving import ROOT, Served, free_port
from tests.sdk.conftest import PASSWORD, Client
from tests.sdk.faulty_proxy import EXPIRED, CannedResponse, FaultyProxy
from tests.sdk.languages import Program
from tests.sdk.node import run
from tests.sdk.webhook_receiver import WebhookReceiver

pytestmark = pytest.mark.xdist_group("served")

NEW = {"title": "It does not start", "description": "Since the update it shows nothing."}


class Driver:
    """The program that does one thing with the SDK and prints what came of it."""

    def __init__(self, command: list[str], server: Served, folder: Path) -> None:
        self._command = command
        self._server = server
        self._folder = folder

    def __call__(self, *arguments: str, person: str = "uma", address: str, retries: int = 3) -> str:
        """Return what the program prints for a command."""
        variables = {"ADDRESS": address, "RETRIES": str(retries)}
        if person:
            variables["KEY"] = self._server.tokens[person]
        return run([*self._command, *arguments], self._folder, **variables).strip()


@pytest.fixture
def driver(program: Program, server: Served, tmp_path: Path) -> Driver:
    return Driver(program("driver"), server, tmp_path)


@pytest.fixture
def uma(client: Client) -> TicketSystemClient:
    return client("uma")


def test_every_method_returns_the_documented_result(
    program: Program, server: Served, worker: None, receiver: WebhookReceiver, tmp_path: Path
) -> None:
    people = {who.upper(): token for who, token in server.tokens.items()}
    output = run(
        program("client"),
        tmp_path,
        ADDRESS=server.address,
        RECEIVER=receiver.url,
        FOLDER=str(tmp_path),
        **people,
    )
    assert len(output.splitlines()) >= 10
    assert all(line.startswith("ok ") for line in output.splitlines())


@pytest.mark.parametrize(
    "fault",
    [
        CannedResponse(429, {"Retry-After": "0"}),
        CannedResponse(502),
        CannedResponse(503),
        CannedResponse(504),
        "drop request",
        "cut response",
    ],
    ids=["429", "502", "503", "504", "drop", "cut"],
)
def test_temporary_error_is_retried(
    driver: Driver, proxy: FaultyProxy, fault: CannedResponse
) -> None:
    proxy.faults.extend([fault, fault])
    assert driver("me", address=proxy.address) == "uma"
    assert len(proxy.requests) == 3


def test_ticket_is_created_once_if_the_response_is_lost(
    driver: Driver, proxy: FaultyProxy, uma: TicketSystemClient
) -> None:
    proxy.faults.extend(["drop response", CannedResponse(409), CannedResponse(503)])
    created = driver("create", "Lost on its way", address=proxy.address)
    assert uma.tickets.get(int(created)).title == "Lost on its way"
    assert len(set(proxy.keys())) == 1
    assert proxy.keys()[0]
    assert len(proxy.requests) == 4
    second = driver("create", "Lost on its way", address=proxy.address)
    assert second != created, "each call has a key of its own"


def test_file_is_stored_once_if_the_response_is_lost(
    driver: Driver, proxy: FaultyProxy, uma: TicketSystemClient, tmp_path: Path
) -> None:
    ticket = uma.tickets.create(NEW)
    (tmp_path / "notes.txt").write_text("it broke")
    proxy.faults.append("drop response")
    sent = driver("upload", str(ticket.id), "notes.txt", address=proxy.address)
    assert [str(file.id) for file in uma.attachments.list(ticket.id)] == [sent]
    assert len(proxy.requests) == 2


def test_deletion_succeeds_if_the_first_response_is_lost(
    driver: Driver, proxy: FaultyProxy, uma: TicketSystemClient
) -> None:
    ticket = uma.tickets.create(NEW)
    proxy.faults.append("drop response")
    printed = driver("delete", str(ticket.id), person="sam", address=proxy.address)
    assert printed == "deleted"
    assert [one.method for one in proxy.requests] == ["DELETE", "DELETE"]


def test_interrupted_download_is_repeated_and_never_left_incomplete(
    driver: Driver, proxy: FaultyProxy, uma: TicketSystemClient, tmp_path: Path
) -> None:
    content = b"it broke " * 5000
    sent = uma.attachments.upload(uma.tickets.create(NEW).id, content, filename="notes.txt")
    proxy.faults.extend(["cut response"] * 2)
    download = ("download", str(sent.id), str(tmp_path / "notes.txt"))
    printed = driver(*download, address=proxy.address, retries=1)
    assert printed.startswith("ConnectionFailed")
    assert [*tmp_path.iterdir()] == []
    proxy.faults.append("cut response")
    driver(*download, address=proxy.address)
    assert (tmp_path / "notes.txt").read_bytes() == content


def test_lasting_failure_is_reported(driver: Driver, proxy: FaultyProxy) -> None:
    proxy.faults.extend([CannedResponse(503)] * 2)
    assert driver("me", address=proxy.address, retries=1).startswith("ExternalServiceError|503|")
    proxy.faults.append(CannedResponse(500))
    assert driver("me", address=proxy.address).startswith("ExternalServiceError|500|")
    proxy.faults.extend(["drop request"] * 2)
    printed = driver("create", "-", address=proxy.address, retries=1)
    assert printed.startswith("ConnectionFailed sent|")
    nowhere = f"http://127.0.0.1:{free_port()}"
    assert driver("me", address=nowhere).startswith("ConnectionFailed not sent|")
    proxy.faults.append(CannedResponse(200, {"Content-Type": "text/html"}))
    assert driver("me", address=proxy.address).startswith("UnexpectedResponse|200|")
    proxy.faults.append(CannedResponse(302, {"Location": "https://elsewhere.example/"}))
    assert driver("me", address=proxy.address).startswith("UnexpectedResponse|302|")


@pytest.mark.parametrize("written", ["seconds", "date"])
def test_long_retry_after_is_reported_at_once(
    driver: Driver, proxy: FaultyProxy, written: str
) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=3600), usegmt=True)
    header = {"seconds": "3600", "date": moment}[written]
    proxy.faults.append(CannedResponse(429, {"Retry-After": header, "X-Request-ID": "r-1"}))
    error, status, request_id, seconds = driver("me", address=proxy.address).split("|")
    assert (error, status, request_id) == ("RateLimited", "429", "r-1")
    assert float(seconds) == pytest.approx(3600, abs=10)
    assert len(proxy.requests) == 1


def test_expired_token_is_renewed_once(driver: Driver, proxy: FaultyProxy) -> None:
    proxy.faults.extend(["forward", EXPIRED])
    assert driver("renew", "una", PASSWORD, person="", address=proxy.address) == "una una"
    expected = ["/auth/login", "/auth/me", "/auth/refresh", "/auth/me", "/auth/me"]
    assert proxy.paths() == expected


def test_refresh_token_that_may_have_been_used_is_not_sent_again(
    driver: Driver, proxy: FaultyProxy
) -> None:
    proxy.faults.extend(["forward", EXPIRED, "drop response", EXPIRED])
    printed = driver("renew twice", "una", PASSWORD, person="", address=proxy.address)
    assert printed.startswith("AuthenticationRequired|401|")
    assert proxy.paths().count("/auth/refresh") == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[1,-2.5,true,false,null,"\\n\\"\\\\"],"b":{},"c":[]}',
        '" \\u00e9 \\ud83d\\ude00 \\/ \\b\\f\\r\\t"',
        "[9223372036854775807, 1e-7]",
        "[1e3, 0.5, -0]",
    ],
)
def test_java_reads_and_writes_json(java: Program, tmp_path: Path, text: str) -> None:
    printed = run([*java("driver"), "json", text], tmp_path)
    assert json.loads(printed) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1,]",
        "{a:1}",
        "01",
        "[1 2]",
        '"\t"',
        '"\\x"',
        "nul",
        "{} {}",
        '{"a" 1}',
        "1.",
        "[" * 999,
    ],
)
def test_java_rejects_malformed_json(java: Program, tmp_path: Path, text: str) -> None:
    with pytest.raises(AssertionError, match="not valid JSON"):
        run([*java("driver"), "json", text], tmp_path)


def test_generated_models_are_up_to_date() -> None:
    assert sdk_models.existing() == sdk_models.files(), "run python -m scripts.sdk_models"


def test_composer_package_is_valid() -> None:
    package = json.loads((ROOT / "sdk/php/composer.json").read_text())
    assert package["name"] == "company/ticket-system-sdk"
    assert package["require"] == {"php": ">=8.2", "ext-curl": "*", "ext-json": "*"}

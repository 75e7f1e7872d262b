"""A call goes to an address that was checked, or nowhere; and it ends."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.core.receiver import Receiver, raw, receiving
from ticket_app.core.platform import outgoing_http
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.outgoing_http import RequestFailed, post
from ticket_app.settings import reload_settings

NAME = "hooks.example"
GREETING = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", f"127.0.0.1,{NAME}")
    reload_settings()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name is this machine's."""
    monkeypatch.setattr(outgoing_http, "resolve_host", lambda host, port: ["127.0.0.1"])


@pytest.mark.usefixtures("allowed")
def test_call_sends_the_body_and_returns_the_response(receiver: Receiver) -> None:
    answer = post(receiver.url + "?a=b", b"{}", {"X-A": "1", "Content-Type": "application/json"})
    assert (answer.status, answer.body) == (200, "taken")
    (got,) = receiver.got
    assert got.body == b"{}"
    assert got.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "x-a": "1",
        "content-type": "application/json",
        "content-length": "2",
        "connection": "close",
        "accept-encoding": "identity",
    }


def test_a_literal_inner_address_is_not_called(receiver: Receiver) -> None:
    with pytest.raises(Invalid):
        post(receiver.url, b"{}", {})
    assert receiver.got == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%eth0"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
    ],
)
def test_a_name_with_any_inner_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    monkeypatch.setattr(outgoing_http, "resolve_host", lambda host, port: addresses)
    monkeypatch.setattr(socket, "create_connection", None)
    with pytest.raises(RequestFailed, match="not on the public internet"):
        post("http://rebinding.example:8080/", b"{}", {})


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that answers otherwise the second time is not asked a second time."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    called: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        called.append(address)
        raise OSError(111, "Connection refused")

    monkeypatch.setattr(outgoing_http, "resolve_host", lambda host, port: next(answers))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(RequestFailed, match="Connection refused"):
        post("http://rebinding.example:8080/", b"{}", {})
    assert called == [("93.184.216.34", 8080)]


@pytest.mark.usefixtures("allowed", "named")
def test_the_host_is_named_as_it_was_written(receiver: Receiver) -> None:
    post(f"http://{NAME}:{receiver.port}/in", b"{}", {})
    assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    with receiving() as inner:
        receiver.status, receiver.headers = status, {"Location": inner.url}
        assert post(receiver.url, b"{}", {}).status == status
        assert inner.got == []


@pytest.mark.usefixtures("allowed")
def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(receiver.url, b"{}", {}).status == 200
        assert proxy.got == []


@pytest.mark.usefixtures("allowed")
def test_an_answer_without_end_is_cut() -> None:
    with raw(GREETING, endless=True) as port:
        answer = post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert answer.status == 200
    assert len(answer.body) == outgoing_http.MAX_RESPONSE_BYTES


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    "pieces", [(), (b"HTTP/1.1 200 OK\r\nA: ",), (GREETING,)], ids=["status", "header", "body"]
)
def test_an_answer_that_drips_ends_with_the_time(pieces: tuple[bytes, ...]) -> None:
    with raw(*pieces, pause=0.05, endless=True) as port, pytest.raises(RequestFailed):
        post(f"http://127.0.0.1:{port}/", b"{}", {}, timeout=0.4)


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    "raw_answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000]
)
def test_what_is_no_answer_is_a_failure(raw_answer: bytes) -> None:
    with raw(raw_answer) as port, pytest.raises(RequestFailed):
        post(f"http://127.0.0.1:{port}/", b"{}", {}, timeout=5)


def test_a_name_that_is_looked_up_for_too_long_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = threading.Event()

    def never(host: str, port: int) -> list[str]:
        ended.wait()
        return ["8.8.8.8"]

    monkeypatch.setattr(outgoing_http, "resolve_host", never)
    with pytest.raises(RequestFailed, match="took too long"):
        post("http://slow.example/", b"{}", {}, timeout=0.1)
    ended.set()


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "unknown"), UnicodeError("label")])
def test_unknown_host_name_is_reported(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise failure

    monkeypatch.setattr(outgoing_http, "resolve_host", fail)
    with pytest.raises(RequestFailed, match="could not be resolved"):
        post("http://unknown.example/", b"{}", {})


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for a name, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.usefixtures("allowed", "named")
def test_the_certificate_is_checked_against_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = certificate(tmp_path, NAME), certificate(tmp_path, "other.example")
    trusting = ssl.create_default_context()
    trusting.load_verify_locations(ours)
    trusting.load_verify_locations(theirs)
    with receiving(ours) as receiver:
        url = f"https://{NAME}:{receiver.port}/"
        with pytest.raises(RequestFailed, match="certificate is not valid"):
            post(url, b"{}", {}, timeout=5)
        monkeypatch.setattr(outgoing_http, "trusted_ssl_context", lambda: trusting)
        assert post(url, b"{}", {}, timeout=5).status == 200
        assert len(receiver.got) == 1
    with receiving(theirs) as receiver:
        with pytest.raises(RequestFailed, match="certificate is not valid"):
            post(f"https://{NAME}:{receiver.port}/", b"{}", {}, timeout=5)
        assert receiver.got == []
    with receiving() as receiver, pytest.raises(RequestFailed, match="TLS failed"):
        post(f"https://{NAME}:{receiver.port}/", b"{}", {}, timeout=5)

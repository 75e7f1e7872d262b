"""A real SMTP server for tests of outgoing email: it keeps what it accepts, and can refuse."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Answer = Callable[[str], str | None]


def accept(_address: str) -> str | None:
    """Refuse nothing."""
    return None


@dataclass
class Mailroom:
    """What a server received, and how it answers; `connections` counts EHLOs of clients."""

    messages: list[Envelope] = field(default_factory=list)
    connections: int = 0
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    on_mail: Answer = accept
    on_recipient: Answer = accept
    on_data: Answer = accept

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> list[str]:
        session.host_name = hostname
        if not hasattr(session, "was_greeted"):
            self.connections += 1
        session.was_greeted = True  # type: ignore[attr-defined]
        return list(responses)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if rejection := self.on_mail(address):
            return rejection
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if rejection := self.on_recipient(address):
            return rejection
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if rejection := self.on_data(envelope.rcpt_tos[0]):
            return rejection
        self.messages.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 Accepted"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """Accept the password `open sesame`."""
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"open sesame", handled=False)


class _Server(Controller):
    """A server on a free port, or on the one that it had before."""

    def __init__(self, mailroom: Mailroom, port: int, **options: Any) -> None:
        super().__init__(mailroom, hostname="127.0.0.1", port=port, **options)

    def _trigger_server(self) -> None:
        """Find out the port that the system chose before anybody connects."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(
    mailroom: Mailroom,
    *,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    implicit_tls: bool = False,
    needs_login: bool = False,
    utf8: bool = True,
) -> Iterator[int]:
    """Run a server; yields its port. With `tls` it offers STARTTLS, or speaks TLS at once."""
    options: dict[str, Any] = {"enable_SMTPUTF8": utf8}
    if tls is not None and implicit_tls:
        options["ssl_context"] = tls
    elif tls is not None:
        options["tls_context"] = tls
    if needs_login:
        options |= {
            "auth_required": True,
            "auth_require_tls": False,
            "authenticator": mailroom.authenticate,
        }
    server = _Server(mailroom, port, **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()

"""Hand an email to the SMTP server or the folder of `TICKET_SMTP_URL` (MAIL.md)."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from ticket_app.core.email.own_addresses import own_sender
from ticket_app.settings import settings

TIMEOUT_SECONDS = 30
MAX_MESSAGES_PER_CONNECTION = 100
CONNECTION_PROBLEM = "Mail server: "
"""What the reason begins with if no message would be accepted."""
MAX_IDLE_SECONDS = 20
"""How long a connection is kept open for the next message."""
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})
"""Answers that ask for a sign-in or for encryption, to whatever command."""
_SENDER_DETAILS = frozenset({"7", "8"})
"""5.1.7 and 5.1.8 are about the sender's address."""
_ENHANCED_CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


class FailureScope(Enum):
    """What has to change before a message can be sent."""

    LATER = auto()
    """Nothing: the server is busy or cannot be reached."""
    RECIPIENT = auto()
    """The address: its server refuses it for good."""
    INSTALLATION = auto()
    """The settings or the content: a refused sign-in, a policy block, a size limit."""


class SendingFailed(Exception):
    """An email was not accepted. `reason` is what the server answered, in one line.

    With `is_connection` no message would be accepted: they are all tried again soon.
    """

    def __init__(self, scope: FailureScope, reason: str, *, is_connection: bool = False) -> None:
        self.scope = scope
        prefix = CONNECTION_PROBLEM if is_connection else ""
        self.reason = (prefix + " ".join(reason.split()))[:500]
        self.is_connection = is_connection
        super().__init__(self.reason)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message with the addresses that the server is told, and a name for its file."""

    uuid: str
    sender: str
    recipient: str
    source: bytes


class Transport(Protocol):
    """Something that emails are handed to."""

    def send(self, envelope: Envelope) -> None:
        """Send one message. Raises `SendingFailed`."""
        ...

    def close(self) -> None:
        """Give up the connection, if there is one."""
        ...


class FolderTransport:
    """Writes each message to a file, so that it can be seen without a server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, envelope: Envelope) -> None:
        """Write one message, in place of an earlier attempt's."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            incomplete = self.folder / f".{envelope.uuid}"
            with incomplete.open("wb") as file:
                file.write(envelope.source)
                file.flush()
                os.fsync(file.fileno())
            incomplete.replace(self.folder / f"{envelope.uuid}.eml")
        except OSError as error:
            reason = f"the folder cannot be written: {error.strerror}"
            raise SendingFailed(FailureScope.LATER, reason, is_connection=True) from None

    def close(self) -> None:
        """There is no connection."""


class SmtpTransport:
    """Sends over one connection of its own, which is used again; for one thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.is_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.is_tls else 587 if parts.username else 25)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.starttls = dict(parse_qsl(parts.query)).get("starttls", "auto")
        self._connection: smtplib.SMTP | None = None
        self._sent_count = 0
        self._used_at = 0.0

    def send(self, envelope: Envelope) -> None:
        """Send one message; a connection that the server has closed meanwhile is renewed once."""
        is_reused = self._connection is not None and not self._is_worn()
        try:
            self._send(envelope)
        except (smtplib.SMTPServerDisconnected, ConnectionError) as error:
            self.close()
            if not is_reused:
                raise _connection_failed(error) from None
            self._send_again(envelope)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._close_unless_answered(error)
            raise classify(error) from None

    def _send_again(self, envelope: Envelope) -> None:
        try:
            self._send(envelope)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._close_unless_answered(error)
            raise classify(error) from None

    def _close_unless_answered(self, error: Exception) -> None:
        """Keep the connection if the server refused one message only."""
        if not isinstance(error, _ANSWERS_ABOUT_ONE_MESSAGE):
            self.close()

    def _send(self, envelope: Envelope) -> None:
        connection = self._open()
        options: Sequence[str] = ()
        recipient = _with_ascii_domain(envelope.recipient)
        if not recipient.isascii():
            if not connection.has_extn("smtputf8"):
                reason = "The mail server does not accept addresses with such letters (SMTPUTF8)"
                raise _Unsupported(reason)
            options = ("SMTPUTF8",)
        connection.sendmail(envelope.sender, [recipient], envelope.source, options)
        self._sent_count += 1
        self._used_at = time.monotonic()

    def _is_worn(self) -> bool:
        return (
            self._sent_count >= MAX_MESSAGES_PER_CONNECTION
            or time.monotonic() - self._used_at > MAX_IDLE_SECONDS
        )

    def _open(self) -> smtplib.SMTP:
        if self._connection is not None and self._is_worn():
            self.close()
        if self._connection is not None:
            return self._connection
        context = self._tls_context()
        own_name = own_sender().domain
        if self.is_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, own_name, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, own_name, timeout=TIMEOUT_SECONDS)
        try:
            connection.ehlo()
            if not self.is_tls and self.starttls != "off":
                if connection.has_extn("starttls"):
                    connection.starttls(context=context)
                    connection.ehlo()
                elif self.starttls == "required":
                    raise _UnusableServer("does not offer STARTTLS")
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            with suppress(Exception):
                connection.close()
            raise
        self._connection, self._sent_count, self._used_at = connection, 0, time.monotonic()
        return connection

    def _tls_context(self) -> ssl.SSLContext:
        """Return how TLS is used: with a valid certificate, except for `starttls=auto`.

        Who could forge a certificate could also hide that the server offers STARTTLS, which `auto`
        accepts; encryption without a check still keeps others from reading along.
        """
        context = ssl.create_default_context()
        if not self.is_tls and self.starttls == "auto":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def close(self) -> None:
        """Say goodbye to the server; the next message opens a new connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()


class _Unsupported(smtplib.SMTPException):
    """The server lacks what the address needs."""


class _UnusableServer(smtplib.SMTPException):
    """The server lacks what the settings need."""


_ANSWERS_ABOUT_ONE_MESSAGE = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    _Unsupported,
)


def _with_ascii_domain(address: str) -> str:
    """Return an address whose domain is in the form of the DNS, if that is possible."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def _connection_failed(error: Exception) -> SendingFailed:
    detail = str(error) or type(error).__name__
    return SendingFailed(FailureScope.LATER, f"cannot be reached ({detail})", is_connection=True)


def classify(error: Exception) -> SendingFailed:
    """Return what an error of a delivery means (MAIL.md, "Outgoing email").

    A 4xx answer and a lost connection are tried again; a 5xx answer to RCPT, or 5.1.x, is about
    the address; everything else is the help desk's trouble, and so is a policy block (5.7.x).
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return _from_answer(code, _decode_answer(answer), is_about_recipient=True)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        reason = f"refused the sign-in ({error.smtp_code} {_decode_answer(error.smtp_error)})"
        return SendingFailed(FailureScope.INSTALLATION, reason, is_connection=True)
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        answer = f"refused the connection ({error.smtp_code} {_decode_answer(error.smtp_error)})"
        scope = FailureScope.LATER if error.smtp_code < 500 else FailureScope.INSTALLATION
        return SendingFailed(scope, answer, is_connection=True)
    if isinstance(error, smtplib.SMTPSenderRefused):
        answer = _decode_answer(error.smtp_error)
        scope = FailureScope.LATER if error.smtp_code < 500 else FailureScope.INSTALLATION
        return SendingFailed(scope, f"The sender was refused: {error.smtp_code} {answer}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _from_answer(
            error.smtp_code, _decode_answer(error.smtp_error), is_about_recipient=False
        )
    if isinstance(error, ssl.SSLError):
        reason = f"its certificate or encryption is not valid ({error})"
        return SendingFailed(FailureScope.INSTALLATION, reason, is_connection=True)
    if isinstance(error, _UnusableServer | smtplib.SMTPNotSupportedError):
        return SendingFailed(FailureScope.INSTALLATION, str(error), is_connection=True)
    if isinstance(error, _Unsupported | ValueError):
        return SendingFailed(FailureScope.INSTALLATION, str(error))
    return _connection_failed(error)


def _decode_answer(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _from_answer(code: int, answer: str, *, is_about_recipient: bool) -> SendingFailed:
    reason = f"{code} {answer}"
    if 400 <= code < 500 or code < 0:
        return SendingFailed(FailureScope.LATER, reason)
    enhanced = _ENHANCED_CODE.search(answer)
    subject = enhanced[2] if enhanced else None
    is_policy = subject == "7" or code in _SIGN_IN_CODES
    is_senders = subject == "1" and enhanced is not None and enhanced[3] in _SENDER_DETAILS
    is_address = (subject == "1" or is_about_recipient) and not is_policy and not is_senders
    scope = FailureScope.RECIPIENT if is_address else FailureScope.INSTALLATION
    return SendingFailed(scope, reason)


_of_thread = threading.local()


def thread_transport() -> Transport:
    """Return the transport of `TICKET_SMTP_URL` for this thread, which keeps its connection."""
    url = settings().smtp_url
    kept: tuple[str, Transport] | None = getattr(_of_thread, "transport", None)
    if kept is not None and kept[0] == url:
        return kept[1]
    if kept is not None:
        kept[1].close()
    transport: Transport
    if url.startswith("file:"):
        transport = FolderTransport(Path(unquote(urlsplit(url).path)))
    else:
        transport = SmtpTransport(url)
    _of_thread.transport = (url, transport)
    return transport

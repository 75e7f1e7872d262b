"""Parse the source of an email: who wrote it, the words, the files, and what kind of mail it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser

from ticket_app.core.email.incoming import bodies, headers, html_text, phrases, quotes
from ticket_app.core.email.incoming.automatic import automatic_reason, return_path
from ticket_app.core.email.incoming.files import ParsedFile, content_type
from ticket_app.core.email.incoming.headers import Address
from ticket_app.core.email.incoming.reports import DeliveryReport, delivery_report

MAX_SOURCE_BYTES = 25 * 1024 * 1024
"""Of a larger message only the headers are read."""
MAX_LINE_CHECKS = 10_000_000
"""What Python's parser may do with the lines of a message, which takes some seconds: each costs
`LINE_COST` and one check for each level of parts that it is in."""
LINE_COST = 5
MAX_TITLE_LENGTH = 80
"""Characters of the first words, which are the subject of a message without one."""

_HEADER_LIMIT = 1_000_000
"""Bytes from the beginning in which the headers end, if the rest is not read."""
_POLICY = headers.SourcePolicy()
_KNOWN_HEADERS = {
    *("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "received"),
    *("return-path", "mime-version", "content-type", "delivered-to", "resent-from"),
}


class NotAMessage(Exception):
    """Raised for bytes that are no email."""


@dataclass(frozen=True, slots=True)
class ParsedEmail:
    """An email as far as it could be read; `defects` say what could not."""

    message_id: str | None
    sender: Address | None
    reply_to: list[Address]
    to: list[Address]
    cc: list[Address]
    subject: str
    """The subject, or the first words without one."""
    in_reply_to: list[str]
    references: list[str]
    date: datetime | None
    text: str
    """The visible words as plain text; `[image: name]` where a picture is shown in the text."""
    hidden_text: str
    """Quoted history and signatures."""
    html: str | None
    """The HTML made safe, with `cid:` as the address of pictures of the message."""
    files: list[ParsedFile]
    is_automatic: bool
    automatic_reason: str | None
    is_delivery_report: bool
    report: DeliveryReport | None
    authentication_results: list[str]
    """The values of these headers, the one that was added last first."""
    return_path: str | None
    """The envelope's sender; "" for `<>`, None if the header is missing."""
    defects: list[str]


def parse(source: bytes) -> ParsedEmail:
    """Read an email. Whatever is in it, only `NotAMessage` is raised."""
    message, contents = _read(source.lstrip(b"\xef\xbb\xbf \t\r\n"))
    marked = bodies.assemble(contents)
    in_reply_to = headers.message_ids(headers.raw_values(message, "In-Reply-To"))
    references = headers.message_ids(headers.raw_values(message, "References"))
    given_subject = headers.text_value(message, "Subject")[: headers.MAX_SUBJECT_LENGTH]
    is_reply = bool(in_reply_to or references) or phrases.is_reply_subject(given_subject)
    split = quotes.split(marked, subject=given_subject, is_reply=is_reply)
    text, hidden = split.visible, split.hidden
    if not text and hidden and not (contents.files and is_reply):
        text, hidden = quotes.without_marks(marked).strip(), ""
    text = "\n\n".join(part for part in (text, "\n".join(contents.invitations)) if part)
    sender = next(
        iter(headers.addresses(message, "From") or headers.addresses(message, "Sender")), None
    )
    report = delivery_report(contents.reports, message)
    reason = automatic_reason(message, content_type(message), sender)
    if reason is None and report is not None:
        reason = "delivery report"
    html = "\n".join(block.html for block in contents.blocks if block.html)
    return ParsedEmail(
        message_id=headers.message_id(message),
        sender=sender,
        reply_to=headers.addresses(message, "Reply-To"),
        to=headers.addresses(message, "To"),
        cc=headers.addresses(message, "Cc"),
        subject=given_subject or _title(text, contents.files),
        in_reply_to=in_reply_to,
        references=references,
        date=headers.sent_at(message),
        text=text,
        hidden_text=hidden,
        html=html_text.clean(html) if html else None,
        files=contents.files,
        is_automatic=reason is not None,
        automatic_reason=reason,
        is_delivery_report=report is not None,
        report=report,
        authentication_results=[
            headers.one_line(value)
            for value in headers.raw_values(message, "Authentication-Results")
        ],
        return_path=return_path(message),
        defects=contents.defects,
    )


def _read(source: bytes) -> tuple[EmailMessage, bodies.Contents]:
    """Return the message and its contents; only its headers if the rest is beyond the limits."""
    defect = _limit_exceeded(source)
    if defect is None:
        try:
            message = _with_headers(message_from_bytes(source, policy=_POLICY))
            return message, bodies.read_contents(message)
        except NotAMessage:
            raise
        except Exception as error:  # noqa: BLE001 - the caller keeps the source of what is unreadable
            defect = f"unreadable: {type(error).__name__}"
    return _read_headers(source), bodies.Contents(defects=[defect])


def _read_headers(source: bytes) -> EmailMessage:
    parser = BytesHeaderParser(policy=_POLICY)
    try:
        message = parser.parsebytes(source[:_HEADER_LIMIT])
    except Exception as error:
        raise NotAMessage("The headers of the message cannot be read") from error
    return _with_headers(message)


def _with_headers(message: Message) -> EmailMessage:
    """Return a message if it has a header that emails have.

    Raises `NotAMessage` otherwise.
    """
    assert isinstance(message, EmailMessage)  # the policy makes no others
    if not any(name.lower() in _KNOWN_HEADERS for name, _ in message.raw_items()):
        raise NotAMessage("The source has no headers of an email")
    return message


def _limit_exceeded(source: bytes) -> str | None:
    if len(source) > MAX_SOURCE_BYTES:
        return "larger than 25 MB"
    levels = len(re.findall(rb"boundary\s*\*?0?\*?=", source, re.IGNORECASE))
    line_count = source.count(b"\n")
    if line_count * (LINE_COST + min(levels, bodies.MAX_DEPTH)) > MAX_LINE_CHECKS:
        return "too many lines and parts"
    return None


def _title(text: str, files: list[ParsedFile]) -> str:
    """Return the first words of a text, or the name of the first file."""
    line = headers.one_line(text[: 4 * MAX_TITLE_LENGTH])
    if not line:
        return files[0].name if files else ""
    if len(line) <= MAX_TITLE_LENGTH:
        return line
    head = line[: MAX_TITLE_LENGTH - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:.") + "…"

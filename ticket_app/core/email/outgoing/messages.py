"""Build emails: both bodies and all headers (MAIL.md, "Outgoing email")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from uuid import uuid4

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ticket_app.core.email import own_addresses
from ticket_app.core.email.outgoing import texts
from ticket_app.core.email.outgoing.conversation import Message
from ticket_app.core.notifications.preferences import NotificationPreferences
from ticket_app.core.platform.email_states import DeliveryState

MAX_SUBJECT_LENGTH = 400
_REFERENCE = re.compile(r"<[!-;=?-~]{1,500}>")
_POLICY = SMTP.clone(max_line_length=78)


@dataclass(frozen=True, slots=True)
class FooterLine:
    """A line below an email, with a link or without."""

    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class TicketNews:
    """A ticket in a digest: what happened, and the first words of new messages."""

    key: str
    title: str
    url: str
    sentences: Sequence[str]
    messages: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What an email says. `introduction_html` is safe HTML."""

    subject: str
    introduction_text: str
    introduction_html: str
    heading: str = ""
    title: str = ""
    button_label: str = ""
    button_url: str = ""
    reply_marker: str = ""
    messages: Sequence[Message] = ()
    news: Sequence[TicketNews] = ()
    more_news: str = ""
    footer: Sequence[FooterLine] = ()


@dataclass(frozen=True, slots=True)
class Headers:
    """To whom an email goes and what it answers. `references` are oldest first."""

    message_id: str
    recipient: str
    recipient_name: str = ""
    sender_name: str | None = None
    reply_to: str | None = None
    references: Sequence[str] = ()
    unsubscribe_url: str | None = None
    is_acknowledgement: bool = False


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates of the layout; variables are escaped in HTML."""
    return Environment(
        loader=PackageLoader("ticket_app.core.email.outgoing", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )


def one_line(text: str, max_length: int = MAX_SUBJECT_LENGTH) -> str:
    """Return a text without line breaks and control characters, so that it can be a header."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:max_length]


def build_source(
    content: Content, headers: Headers, now: datetime, preferences: NotificationPreferences
) -> str:
    """Return a complete message as ASCII text, with plain text and HTML."""
    message = EmailMessage(policy=_POLICY)
    sender = own_addresses.own_sender()
    name = one_line(headers.sender_name or sender.name, 100)
    message["From"] = _address(name, sender.address)
    message["To"] = _address(one_line(headers.recipient_name, 100), headers.recipient)
    message["Subject"] = one_line(content.subject)
    message["Date"] = format_datetime(now)
    if headers.reply_to:
        message["Reply-To"] = _address(name, headers.reply_to)
    is_answer = headers.is_acknowledgement
    message["Auto-Submitted"] = "auto-replied" if is_answer else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if headers.unsubscribe_url:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    plain, html = render_bodies(content, preferences)
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return _unfolded_headers(headers) + message.as_bytes().decode("ascii")


def render_bodies(content: Content, preferences: NotificationPreferences) -> tuple[str, str]:
    """Return the plain text and the HTML of an email."""
    variables = _variables(content, preferences)
    return (
        environment().get_template("layout.txt").render(variables),
        environment().get_template("layout.html").render(variables),
    )


def _unfolded_headers(headers: Headers) -> str:
    """Return the headers whose long words must stay whole, which Python's policy would encode."""
    lines = [f"Message-ID: {headers.message_id}"]
    references = [word for word in headers.references if _REFERENCE.fullmatch(word)]
    if references:
        lines.append(f"In-Reply-To: {references[-1]}")
        lines.append("References: " + "\r\n ".join(references))
    if headers.unsubscribe_url:
        lines.append(f"List-Unsubscribe: <{headers.unsubscribe_url}>")
    return "".join(f"{line}\r\n" for line in lines)


def _address(name: str, address: str) -> str | Address:
    if not address.isascii():
        return address
    username, _, domain = address.rpartition("@")
    return Address(name, username, domain)


def _variables(content: Content, preferences: NotificationPreferences) -> dict[str, object]:
    return {
        "language": "en",
        "texts": texts,
        "subject": content.subject,
        "preheader": content.introduction_text[:150],
        "heading": content.heading,
        "title": content.title,
        "introduction_text": content.introduction_text,
        "introduction_html": Markup(content.introduction_html),  # noqa: S704 - cleaned by markup
        "button_label": content.button_label,
        "button_url": content.button_url,
        "reply_marker": content.reply_marker,
        "messages": list(_message_variables(content.messages, preferences)),
        "news": [
            {
                "key": ticket.key,
                "title": ticket.title,
                "url": ticket.url,
                "sentences": ticket.sentences,
                "messages": list(_message_variables(ticket.messages, preferences)),
            }
            for ticket in content.news
        ],
        "more_news": content.more_news,
        "footer": content.footer,
    }


def _message_variables(
    messages: Iterable[Message], preferences: NotificationPreferences
) -> Iterable[dict[str, object]]:
    for message in messages:
        yield {
            "author": message.author,
            "time": message.at.astimezone(preferences.time_zone).strftime("%d %b %Y, %H:%M %Z"),
            "text": message.text,
            "html": Markup(message.html),  # noqa: S704 - cleaned by markup
            "is_internal": message.is_internal,
            "files": [
                {"name": file.name, "url": file.url, "size": _format_size(file.size)}
                for file in message.files
            ],
        }


def _format_size(size: int) -> str:
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:.1f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"


def new_email_row(
    *,
    kind: str,
    person_id: int | None,
    address: str,
    message_id: str,
    subject: str,
    source: str,
    now: datetime,
    ticket_id: int | None = None,
    entry_id: int | None = None,
) -> dict[str, object]:
    """Return the values of an email that waits to be sent."""
    return {
        "uuid": uuid4(),
        "kind": kind,
        "person_id": person_id,
        "recipient": address,
        "ticket_id": ticket_id,
        "entry_id": entry_id,
        "message_id": message_id,
        "subject": one_line(subject, 500),
        "source": source,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "attempt_log": [],
        "next_try_at": now,
        "created_at": now,
    }

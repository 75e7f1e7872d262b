"""The files of a message: their names, types and content."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import compat32
from typing import cast

from ticket_app.core.attachments.file_types import display_name, extension_of
from ticket_app.core.email.incoming.headers import parameter, raw_value, text_value

MAX_CONTENT_ID_LENGTH = 300
MAX_TITLE_LENGTH = 100
"""Characters of a forwarded message's subject that become its file name."""

_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "application/ms-tnef": ".dat",
}
"""Extensions for files without a name, where Python's table has none or an odd one."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file of a message. `is_inline` is whether it is a picture within the text.

    `name` is safe as those of uploads are. `content_id` has no brackets.
    """

    name: str
    mime_type: str
    content: bytes
    content_id: str | None
    is_inline: bool


def file_of(part: EmailMessage) -> ParsedFile:
    """Return a part of a message as a file."""
    mime_type = content_type(part)
    if mime_type in ("message/rfc822", "message/global", "message/news"):
        return attached_message_as_file(part)
    content = decoded_content(part)
    content_id = _content_id(part)
    name = declared_name(part) or _default_name(mime_type)
    return ParsedFile(name, mime_type, content, content_id, is_inline=False)


def attached_message_as_file(part: EmailMessage) -> ParsedFile:
    """Return a message that is within another one as an `.eml` file, named by its subject."""
    inner = next(iter(children_of(part)), None)
    content = decoded_content(part) if inner is None else message_source(inner)
    name = declared_name(part)
    if not name:
        subject = text_value(inner, "Subject") if inner is not None else ""
        name = display_name(subject[:MAX_TITLE_LENGTH].replace("/", "-") or "message")
    if extension_of(name) != "eml":
        name = display_name(f"{name}.eml")
    return ParsedFile(name, "message/rfc822", content, _content_id(part), is_inline=False)


def children_of(part: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a part, or the message in a message."""
    payload = part.get_payload()
    children = cast("list[object]", payload) if isinstance(payload, list) else []
    return [child for child in children if isinstance(child, EmailMessage)]


def message_source(message: EmailMessage) -> bytes:
    """Return the source of a message with its headers as they were."""
    try:
        return message.as_bytes(policy=compat32.clone(max_line_length=0, mangle_from_=False))
    except Exception:  # noqa: BLE001 - the generator fails on headers that the parser accepted
        return b"\r\n".join(
            f"{name}: {value}".encode("utf-8", "surrogateescape")
            for name, value in message.raw_items()
        )


def decoded_content(part: EmailMessage) -> bytes:
    """Return the decoded content of a part; what cannot be decoded is returned as it was sent."""
    if part.is_multipart():
        return message_source(part)
    try:
        content = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - broken encodings
        content = None
    if isinstance(content, bytes):
        return content
    return str(part.get_payload()).encode("utf-8", "surrogateescape")


def content_type(part: EmailMessage) -> str:
    """Return the MIME type of a part, in lower case; `text/plain` if it is missing or broken."""
    try:
        kind = part.get_content_type()
    except Exception:  # noqa: BLE001 - broken headers
        kind = ""
    return kind if re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,100}", kind) else "text/plain"


def disposition(part: EmailMessage) -> str:
    """Return `attachment`, `inline` or another disposition; "" if the part has none."""
    value = raw_value(part, "Content-Disposition") or ""
    return value.partition(";")[0].strip().strip('"').lower()[:40]


def declared_name(part: EmailMessage) -> str:
    """Return the name that a part gives itself, made safe; "" if it has none."""
    raw = parameter(part, "Content-Disposition", "filename") or parameter(
        part, "Content-Type", "name"
    )
    return display_name(raw) if raw.strip() else ""


def _content_id(part: EmailMessage) -> str | None:
    value = raw_value(part, "Content-ID")
    if not value:
        return None
    return "".join(value.strip().strip("<>").split())[:MAX_CONTENT_ID_LENGTH] or None


def _default_name(mime_type: str) -> str:
    main, _, _ = mime_type.partition("/")
    stem = {"image": "image", "text": "text", "audio": "audio", "video": "video"}.get(main, "file")
    if mime_type == "text/calendar":
        stem = "invite"
    extension = _EXTENSIONS.get(mime_type) or mimetypes.guess_extension(mime_type) or ".bin"
    return f"{stem}{extension}"

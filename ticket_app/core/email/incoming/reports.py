"""Read delivery reports (RFC 3464): which message did not arrive, at whom and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage

from ticket_app.core.email.incoming import charsets
from ticket_app.core.email.incoming.headers import (
    clean_address,
    message_id,
    message_ids,
    raw_values,
)

MAX_REPORT_BYTES = 1_000_000
"""Bytes of a part of a report that are read."""
MAX_RECIPIENTS = 1_000
"""Recipients of a report that are read."""

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail server says about a message that was sent.

    `status` is the enhanced status code such as `5.1.1`. `is_permanent` is whether the message was
    given up for good because of the recipient or its server (5.x.x), not for the time being.
    """

    original_message_id: str | None
    recipient: str | None
    status: str | None
    is_permanent: bool


def delivery_report(parts: list[EmailMessage], message: EmailMessage) -> DeliveryReport | None:
    """Return what a delivery report says, or None if the parts of a message are not one."""
    statuses = [part for part in parts if _type(part) == "message/delivery-status"]
    if not statuses:
        return None
    groups = [group for part in statuses for group in _field_groups(part)]
    recipients = [group for group in groups if "action" in group or "final-recipient" in group]
    failed = next((group for group in recipients if _is_failed(group)), None)
    group = failed or (recipients[0] if recipients else {})
    recipient = next(
        (
            address
            for name in ("original-recipient", "final-recipient")
            if (address := _address_of(group.get(name, "")))
        ),
        None,
    )
    status = _status_of(group)
    return DeliveryReport(
        original_message_id=_original_message_id(parts, message),
        recipient=recipient,
        status=status,
        is_permanent=failed is not None and status is not None and status.startswith("5"),
    )


def _type(part: EmailMessage) -> str:
    return part.get_content_type()


def _is_failed(group: dict[str, str]) -> bool:
    action = group.get("action", "").strip().lower()
    return action.startswith("failed") if action else (_status_of(group) or "").startswith("5")


def _status_of(group: dict[str, str]) -> str | None:
    found = _STATUS.search(group.get("status", "")) or _STATUS.search(
        group.get("diagnostic-code", "")
    )
    return found[1] if found else None


def _address_of(value: str) -> str | None:
    """Return the address of a field such as `rfc822; uma@example.com`."""
    return clean_address(value.rpartition(";")[2].strip().strip("<>")) or None


def text_of(part: EmailMessage) -> str:
    """Return the text of a part of a report, whether it was parsed as messages or not."""
    if part.is_multipart():
        return "\n\n".join(
            "\n".join(f"{name}: {value}" for name, value in inner.raw_items())
            for inner in part.iter_parts()
            if isinstance(inner, EmailMessage)
        )
    content = part.get_payload(decode=True)
    return charsets.decode(content[:MAX_REPORT_BYTES]) if isinstance(content, bytes) else ""


def _field_groups(part: EmailMessage) -> list[dict[str, str]]:
    """Return the groups of fields of a delivery status; names in lower case."""
    text = text_of(part)[:MAX_REPORT_BYTES].replace("\r\n", "\n")
    groups = re.split(r"\n[ \t]*\n", text)[: MAX_RECIPIENTS + 1]
    return [{name.lower(): value for name, value in _FIELD.findall(group)} for group in groups]


def _original_message_id(parts: list[EmailMessage], message: EmailMessage) -> str | None:
    for part in parts:
        if _type(part) in ("message/rfc822", "message/global") and part.is_multipart():
            inner = next(part.iter_parts(), None)
            found = message_id(inner) if isinstance(inner, EmailMessage) else None
            if found:
                return found
    for part in parts:
        if _type(part) in ("text/rfc822-headers", "message/rfc822-headers", "message/rfc822"):
            for name, value in _FIELD.findall(text_of(part).replace("\r\n", "\n")):
                if name.lower() == "message-id" and (ids := message_ids([value])):
                    return ids[0]
    # Exchange leaves the message out of its report, which then answers it.
    ids = message_ids([*raw_values(message, "In-Reply-To"), *raw_values(message, "References")])
    return ids[-1] if ids else None

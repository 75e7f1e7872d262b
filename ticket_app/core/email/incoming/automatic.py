"""Tell automatic mail from mail that a person has written (MAIL.md, rule 6)."""

from __future__ import annotations

from email.message import EmailMessage

from ticket_app.core.email.incoming.headers import Address, raw_value, raw_values

BULK_PRECEDENCES = {"bulk", "junk", "list", "auto_reply"}
SUPPRESSED = {"all", "oof"}


def automatic_reason(
    message: EmailMessage, content_type: str, sender: Address | None
) -> str | None:
    """Return why a message counts as automatic, such as `List-Id`, or None."""
    if content_type == "multipart/report":
        return "multipart/report"
    found = _header_reason(message)
    if found is not None:
        return found
    if return_path(message) == "":
        return "empty Return-Path"
    if sender is not None and sender.address.lower().startswith("mailer-daemon@"):
        return "mailer-daemon"
    return None


def _header_reason(message: EmailMessage) -> str | None:
    for value in raw_values(message, "Auto-Submitted"):
        if _first_word(value) not in ("no", ""):
            return f"Auto-Submitted: {_first_word(value)}"
    for value in raw_values(message, "Precedence"):
        if _first_word(value) in BULK_PRECEDENCES:
            return f"Precedence: {_first_word(value)}"
    for name in ("List-Id", "X-Autoreply", "X-Autorespond"):
        if raw_value(message, name) is not None:
            return name
    for value in raw_values(message, "X-Auto-Response-Suppress"):
        if {word.strip().lower() for word in value.split(",")} & SUPPRESSED:
            return "X-Auto-Response-Suppress"
    return None


def return_path(message: EmailMessage) -> str | None:
    """Return the envelope's sender; "" for `<>`, which is how automatic mail is sent; or None."""
    value = raw_value(message, "Return-Path")
    if value is None:
        return None
    return value.strip().strip("<>").strip()[:500]


def _first_word(value: str) -> str:
    words = value.partition(";")[0].partition("(")[0].lower().split()
    return words[0][:40] if words else ""

"""What became of an email, and how it arrived."""

from __future__ import annotations

from enum import StrEnum


class IncomingState(StrEnum):
    """What became of an email that arrived."""

    ACCEPTED = "accepted"
    PARKED = "parked"
    IGNORED = "ignored"
    DISCARDED = "discarded"
    """It was parked, and an agent threw it away."""


class MailChannel(StrEnum):
    """How an email arrived."""

    IMAP = "imap"
    HTTP = "http"
    PIPE = "pipe"

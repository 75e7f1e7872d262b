"""The states of the email about a notification, and of an outgoing email."""

from __future__ import annotations

from enum import StrEnum


class EmailState(StrEnum):
    """What became of the email about a notification; `dropped` if it was read before."""

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


class DeliveryState(StrEnum):
    """The state of an outgoing email."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"

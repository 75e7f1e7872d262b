"""The states of an outgoing email."""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """The state of an outgoing email."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"

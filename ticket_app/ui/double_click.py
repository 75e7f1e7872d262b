"""Detect double clicks on a send button."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

DOUBLE_CLICK_SECONDS: Final = 2.0
"""An identical message within this time of the last one is a double click."""


@dataclass(frozen=True)
class LastSubmission:
    """The last message sent from a page, and when (in seconds)."""

    content: tuple[str, ...] = ()
    sent_at: float = 0.0

    @classmethod
    def sent_now(cls, *content: str) -> LastSubmission:
        """Return a message that was sent just now."""
        return cls(content, time.time())

    def is_double_click(self, *content: str) -> bool:
        """Return whether sending this now is a double click."""
        return content == self.content and 0 <= time.time() - self.sent_at < DOUBLE_CLICK_SECONDS

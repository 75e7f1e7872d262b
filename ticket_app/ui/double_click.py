"""Telling a double click from a message that is sent again on purpose."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

SECONDS: Final = 2.0
"""An identical send within this time of the last one is a double click."""


@dataclass(frozen=True)
class Sent:
    """What was sent last from a page, and when (in seconds)."""

    what: tuple[str, ...] = ()
    at: float = 0.0

    @classmethod
    def now(cls, *what: str) -> Sent:
        """Something that has just been sent."""
        return cls(what, time.time())

    def is_repeated_by(self, *what: str) -> bool:
        """Return whether sending this now is a double click."""
        return what == self.what and 0 <= time.time() - self.at < SECONDS

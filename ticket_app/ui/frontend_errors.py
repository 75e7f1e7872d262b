"""Errors of the pages' scripts, which Reflex reports, in the general log without any content.

A message may quote what a person wrote, so that only the type of the error and the places in the
scripts are kept.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter

from ticket_app.core.platform.logs import log

MAX_PER_MINUTE = 60
MAX_PLACES = 20
_TYPE_PATTERN = re.compile(r"(?:\\?\[SID: [^\]]*\] )?([A-Za-z_]{1,60}):")
_PLACE_PATTERN = re.compile(
    r"^\s*(?:at )?(?:(?:async )?(?P<function>[\w$.<>]{1,80})(?: \(|@))?"
    r"https?://[^/\s)]+(?P<path>/[\w./-]{1,200})(?:\?[^\s)]*)?:(?P<line>\d+):(?P<column>\d+)\)?$",
    re.MULTILINE,
)


class MinuteLimit:
    """Lets a number of lines through each minute, and counts the others."""

    def __init__(self, max_count: int) -> None:
        self._max_count = max_count
        self._lock = threading.Lock()
        self._counts: Counter[int] = Counter()

    def count_line(self) -> tuple[bool, int]:
        """Return whether this line may be written, and how many were left out before it."""
        minute = int(time.monotonic() // 60)
        with self._lock:
            skipped = 0
            for earlier in [past for past in self._counts if past != minute]:
                skipped += max(0, self._counts.pop(earlier) - self._max_count)
            self._counts[minute] += 1
            return self._counts[minute] <= self._max_count, skipped


_limit = MinuteLimit(MAX_PER_MINUTE)


def log_frontend_error(exception: Exception) -> None:
    """Log an error that a page has reported; `frontend_exception_handler` of the app."""
    may_write, skipped = _limit.count_line()
    if skipped:
        log().warning("frontend_errors_skipped", channel="web", count=skipped)
    if may_write:
        report = str(exception)
        log().warning(
            "frontend_error",
            channel="web",
            type=parse_error_type(report),
            places=first_stack_frames(report),
        )


def parse_error_type(report: str) -> str:
    """Return the type of the error, such as `TypeError`."""
    match = _TYPE_PATTERN.match(report)
    return match[1] if match else "unknown"


def first_stack_frames(report: str) -> list[str]:
    """Return the functions and positions of the stack, innermost first."""
    return [
        f"{match['function'] or ''} {match['path']}:{match['line']}:{match['column']}".strip()
        for match in list(_PLACE_PATTERN.finditer(report))[:MAX_PLACES]
    ]

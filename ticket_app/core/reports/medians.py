"""Medians of values that the database returns in order, without keeping them in memory."""

from __future__ import annotations


class StreamingMedian:
    """The median of a known number of values that arrive in ascending order."""

    __slots__ = ("_first", "_last", "_position", "_sum", "_summed_count")

    def __init__(self, size: int) -> None:
        self._first, self._last = (size + 1) // 2, size // 2 + 1
        self._position = self._summed_count = 0
        self._sum = 0.0

    def add(self, number: float) -> None:
        """Take the next value."""
        self._position += 1
        if self._first <= self._position <= self._last:
            self._sum += number
            self._summed_count += 1

    @property
    def value(self) -> float | None:
        """The middle value, or the mean of the two middle values."""
        return self._sum / self._summed_count if self._summed_count else None

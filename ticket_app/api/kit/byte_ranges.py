"""Parts of a file: `Range` and `If-Range` (RFC 9110, section 14)."""

from __future__ import annotations

import re

_RANGE_PATTERN = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE | re.ASCII)
_MAX_DIGITS = 18
MAX_POSITION = 10**18
"""Stands for any number of more digits; no file is that large."""


class RangeNotSatisfiable(ValueError):
    """No byte of the range is in the file."""


def parse_range(
    header: str | None, if_range: str | None, *, size: int, etag: str
) -> tuple[int, int] | None:
    """The bytes asked for, from the first up to before the last; None for the whole file.

    What is not well formed and several ranges at once get the whole file, which is always allowed;
    so does an `If-Range` that is not the file's own tag. Raises `RangeNotSatisfiable`.
    """
    match = _RANGE_PATTERN.fullmatch(header.strip()) if header else None
    if match is None or (if_range is not None and if_range.strip() != etag):
        return None
    first, last = (_parse_position(text) for text in match.groups())
    if first is None and last is None:
        return None
    if first is None:
        start, end = max(0, size - (last or 0)), size
    elif last is not None and last < first:
        return None
    else:
        start, end = first, size if last is None else min(last + 1, size)
    if start >= end:
        raise RangeNotSatisfiable
    return start, end


def _parse_position(text: str) -> int | None:
    if not text:
        return None
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MAX_DIGITS else MAX_POSITION

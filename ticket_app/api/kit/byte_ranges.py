"""Parse `Range` and `If-Range` headers (RFC 9110, section 14)."""

from __future__ import annotations

import re

_RANGE_PATTERN = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE | re.ASCII)
_MAX_DIGITS = 18
MAX_POSITION = 10**18
"""Used for positions with more digits; no file is that large."""


class RangeNotSatisfiable(ValueError):
    """The range contains no byte of the file."""


def parse_range(
    header: str | None, if_range: str | None, *, size: int, etag: str
) -> tuple[int, int] | None:
    """Return the requested bytes as (start, end), with the end excluded; None for the whole file.

    Malformed headers and multiple ranges return the whole file, which the standard always allows;
    so does an `If-Range` that does not match the ETag. `size` is that of the file. Raises
    `RangeNotSatisfiable`.
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

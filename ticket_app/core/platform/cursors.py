"""Cursors: opaque strings that say where a page of a list ended.

A cursor holds only a position. Each query checks again what the actor may read.
"""

from __future__ import annotations

import base64
from typing import TypeGuard, cast

import orjson

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.ticket_numbers import MAX_ID

INVALID_CURSOR = "must be a cursor of this list"


def is_row_id(value: object) -> TypeGuard[int]:
    """Return whether a value can be the id of a row."""
    return type(value) is int and 0 < value <= MAX_ID


def encode(*parts: object) -> str:
    """Return the cursor of a position."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def decode(cursor: str) -> list[object]:
    """Return the parts of a cursor. Raises `Invalid` for a malformed one."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise Invalid("cursor", INVALID_CURSOR) from None
    if not isinstance(parts, list):
        raise Invalid("cursor", INVALID_CURSOR)
    return cast("list[object]", parts)


def decode_id(cursor: str, list_name: str) -> int:
    """Return the id in a cursor of the list. Raises `Invalid` for a cursor of another list."""
    parts = decode(cursor)
    if len(parts) != 2 or parts[0] != list_name or not is_row_id(parts[1]):
        raise Invalid("cursor", INVALID_CURSOR)
    return int(parts[1])


def decode_name(cursor: str, list_name: str) -> tuple[str, int]:
    """Return the name and id in a cursor of the list. Raises `Invalid` for any other cursor."""
    parts = decode(cursor)
    if len(parts) != 3 or parts[0] != list_name or not is_row_id(parts[2]):
        raise Invalid("cursor", INVALID_CURSOR)
    name = parts[1]
    if not isinstance(name, str) or "\x00" in name:
        raise Invalid("cursor", INVALID_CURSOR)
    return name, int(parts[2])

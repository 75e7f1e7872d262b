"""Answers: JSON written once, in the thread that made it."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from starlette.responses import Response

WRITE = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class Json(Response):
    """A prepared JSON answer; `application/json` to the letter, as clients compare it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The content as UTF-8 JSON; times as RFC 3339 with Z."""
        return orjson.dumps(content, option=WRITE)


def etag_of(body: bytes) -> str:
    """A weak validator of an answer's content."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def is_fresh(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller's copy is this very answer."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in {
        candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")
    }

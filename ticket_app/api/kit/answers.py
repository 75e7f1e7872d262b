"""Answers: JSON written once, in the thread that made it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import orjson
from starlette.responses import Response

WRITE = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class Json(Response):
    """A prepared JSON answer; `application/json` to the letter, as clients compare it.

    `version` is that of what it tells, `validated` the part of it that an ETag stands for, where
    the rest is new each time.
    """

    media_type = "application/json"

    def __init__(
        self,
        content: Any,
        status_code: int = 200,
        *,
        version: int | None = None,
        validated: bytes | None = None,
    ) -> None:
        super().__init__(content, status_code)
        self.version = version
        self.validated = validated

    def render(self, content: Any) -> bytes:
        """The content as UTF-8 JSON; times as RFC 3339 with Z."""
        return orjson.dumps(content, option=WRITE)

    @property
    def etag(self) -> str:
        """The validator of what it tells."""
        told = bytes(self.body) if self.validated is None else self.validated
        return etag_of(told, self.version)


def etag_of(body: bytes, version: int | None = None) -> str:
    """A weak validator of an answer's content, with the version of what it tells, if it has one."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return f'W/"{digest}"' if version is None else f'W/"v{version}-{digest}"'


_VERSION = re.compile(r'(?:W/)?"?v?(\d{1,9})(?:-[0-9a-f]+)?"?')


def version_of(if_match: str | None) -> int | None:
    """The version a caller last read; None where any will do, -1 for what is no version."""
    if if_match is None or if_match.strip() == "*":
        return None
    known = _VERSION.fullmatch(if_match.strip())
    return int(known.group(1)) if known else -1


def is_fresh(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller's copy is this very answer."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in {
        candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")
    }

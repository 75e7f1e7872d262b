"""Answers: JSON written once, in the thread that made it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import orjson
from starlette.responses import Response

ORJSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JsonResponse(Response):
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
        etag_source: bytes | None = None,
    ) -> None:
        super().__init__(content, status_code)
        self.version = version
        self.etag_source = etag_source

    def render(self, content: Any) -> bytes:
        """The content as UTF-8 JSON; times as RFC 3339 with Z."""
        return orjson.dumps(content, option=ORJSON_OPTIONS)

    @property
    def etag(self) -> str:
        """The validator of what it tells."""
        source = bytes(self.body) if self.etag_source is None else self.etag_source
        return make_etag(source, self.version)


def make_etag(body: bytes, version: int | None = None) -> str:
    """A weak validator of an answer's content, with the version of what it tells, if it has one."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return f'W/"{digest}"' if version is None else f'W/"v{version}-{digest}"'


_VERSION_PATTERN = re.compile(r'(?:W/)?"?v?(\d{1,9})(?:-[0-9a-f]+)?"?')


def parse_version(if_match: str | None) -> int | None:
    """The version a caller last read; None where any will do, -1 for what is no version."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _VERSION_PATTERN.fullmatch(if_match.strip())
    return int(match.group(1)) if match else -1


def matches_etag(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller's copy is this very answer."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in {
        candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")
    }

"""JSON responses and ETags."""

from __future__ import annotations

import hashlib
import re

import orjson
from fastapi import Request
from starlette.responses import Response

ORJSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JsonResponse(Response):
    """A JSON response, serialized in the thread that created it.

    The media type is exactly `application/json`, because clients compare it. `version` is the
    version of the represented ticket; `etag_source` is the part that the ETag covers, if the rest
    differs each time.
    """

    media_type = "application/json"

    def __init__(
        self,
        content: object,
        status_code: int = 200,
        *,
        version: int | None = None,
        etag_source: bytes | None = None,
    ) -> None:
        super().__init__(content, status_code)
        self.version = version
        self.etag_source = etag_source

    def render(self, content: object) -> bytes:
        """Return the content as UTF-8 JSON; times as RFC 3339 with Z."""
        return orjson.dumps(content, option=ORJSON_OPTIONS)

    @property
    def etag(self) -> str:
        """Return the ETag of the content."""
        source = bytes(self.body) if self.etag_source is None else self.etag_source
        return make_etag(source, self.version)


def make_etag(body: bytes, version: int | None = None) -> str:
    """Return a weak ETag of a response's content, including the version if there is one."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return f'W/"{digest}"' if version is None else f'W/"v{version}-{digest}"'


_VERSION_PATTERN = re.compile(r'(?:W/)?"?v?(\d{1,9})(?:-[0-9a-f]+)?"?')


def parse_version(if_match: str | None) -> int | None:
    """Return the version in an `If-Match`; None if any version matches, -1 if it is malformed."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _VERSION_PATTERN.fullmatch(if_match.strip())
    return int(match.group(1)) if match else -1


def matches_etag(if_none_match: str | None, etag: str) -> bool:
    """Return whether an `If-None-Match` contains this ETag."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in {
        candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")
    }


NOT_MODIFIED_HEADERS = ("etag", "cache-control")


def apply_etag(request: Request, response: Response) -> Response:
    """Add the ETag to a response, or return 304 if the client has this version already."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        if (
            isinstance(response, JsonResponse)
            and response.version is not None
            and response.status_code < 300
        ):
            response.headers["ETag"] = response.etag
        return response
    if isinstance(response, JsonResponse):
        response.headers["ETag"] = response.etag
        response.headers.setdefault("Cache-Control", "private, no-cache")
    etag = response.headers.get("etag")
    if etag is None or not matches_etag(request.headers.get("if-none-match"), etag):
        return response
    headers = {
        name: response.headers[name] for name in NOT_MODIFIED_HEADERS if name in response.headers
    }
    return Response(status_code=304, headers=headers)

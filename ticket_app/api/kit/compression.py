"""JSON answers compressed for clients that accept it, at a level that costs next to nothing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Final

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST: Final = 1_000
"""Shorter answers fit into one packet as they are."""
LARGE: Final = 64 * 1024
"""Longer answers are compressed in a thread; shorter ones take less than a millisecond."""
LEVEL: Final = 3
"""Of gzip and brotli alike: 260 KB of tickets become 24 or 17 KB in 0.8 ms."""
COOKIE_PATHS: Final = ("/session", "/files")
"""Paths whose answers are never compressed: another site can cause such a request with a person's
cookie, and guess the rest of an answer from its compressed size (BREACH). Answers that must not be
stored, such as tokens, are not compressed either."""


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=LEVEL))


CODINGS: Final[dict[str, Callable[[bytes], bytes]]] = {"br": _brotli, "gzip": _gzip}
"""The better one first: it is taken where a client likes both as much."""
_ALIASES: Final = {"x-gzip": "gzip"}
_CODING = re.compile(
    r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII
)


def coding_for(accepted: str) -> str | None:
    """The coding of `CODINGS` that an `Accept-Encoding` asks for; None for none.

    What is not well formed is left out.
    """
    weights: dict[str, float] = {}
    for item in accepted.lower().split(","):
        if match := _CODING.fullmatch(item):
            name = _ALIASES.get(match.group(1), match.group(1))
            weights[name] = min(1.0, float(match.group(2) or 1))
    rest = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda name: weights.get(name, rest))
    weight = weights.get(best, rest)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


class Compressed:
    """Compresses whole JSON answers; what is streamed, and files, pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; plain ASGI, as every request takes this way."""
        if scope["type"] != "http" or scope["path"].startswith(COOKIE_PATHS):
            await self.app(scope, receive, send)
            return
        accepted = ",".join(Headers(scope=scope).getlist("accept-encoding"))
        start: Message | None = None

        async def compressed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if _varies(message):
                    start = message
                else:
                    await send(message)
                return
            if start is not None:
                begun, start = start, None
                message = await _encoded(begun, message, accepted)
                await send(begun)
            await send(message)

        await self.app(scope, receive, compressed)


def _varies(start: Message) -> bool:
    """Whether an answer depends on what the client accepts; if so, its `Vary` says it."""
    headers = MutableHeaders(raw=start["headers"])
    kind = headers.get("content-type", "").partition(";")[0]
    is_json = kind == "application/json" or kind.endswith("+json")
    if "content-encoding" in headers or "no-store" in headers.get("cache-control", ""):
        return False
    if not is_json and start["status"] != 304:
        return False
    headers.add_vary_header("Accept-Encoding")
    start["headers"] = headers.raw
    return True


async def _encoded(start: Message, message: Message, accepted: str) -> Message:
    body = message.get("body", b"")
    if message.get("more_body") or len(body) < SMALLEST or start["status"] in (206, 304):
        return message
    coding = coding_for(accepted)
    if coding is None:
        return message
    pack = CODINGS[coding]
    packed = await run_in_threadpool(pack, body) if len(body) > LARGE else pack(body)
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Encoding"] = coding
    headers["Content-Length"] = str(len(packed))
    # Compressed it is another sequence of bytes of the same meaning: the tag must be a weak one.
    etag = headers.get("etag")
    if etag and not etag.startswith("W/"):
        headers["ETag"] = f"W/{etag}"
    start["headers"] = headers.raw
    return {**message, "body": packed}

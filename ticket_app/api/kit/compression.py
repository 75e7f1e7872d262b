"""Compress JSON responses for clients that accept it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Final

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MIN_SIZE: Final = 1_000
"""Shorter responses fit into one network packet without compression."""
MIN_SIZE_FOR_THREAD: Final = 64 * 1024
"""Longer responses are compressed in a thread; shorter ones take less than a millisecond."""
COMPRESSION_LEVEL: Final = 3
"""For gzip and brotli: 260 KB of tickets become 24 or 17 KB in 0.8 ms."""
COOKIE_PATHS: Final = ("/session", "/files")
"""Paths whose responses are never compressed: another site can trigger such requests with a
person's cookie and guess secrets from the compressed size (BREACH). Responses with `no-store`, such
as tokens, are not compressed either."""


def _compress_gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _compress_brotli(body: bytes) -> bytes:
    return brotli.compress(body, quality=COMPRESSION_LEVEL)


COMPRESSORS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "br": _compress_brotli,
    "gzip": _compress_gzip,
}
"""In order of preference, for clients that accept both equally."""
_ENCODING_ALIASES: Final = {"x-gzip": "gzip"}
_ACCEPT_ITEM_PATTERN = re.compile(
    r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII
)


def choose_encoding(accept_encoding: str) -> str | None:
    """Return the encoding of `COMPRESSORS` that an `Accept-Encoding` prefers, or None.

    Malformed items are ignored.
    """
    weights: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        if match := _ACCEPT_ITEM_PATTERN.fullmatch(item):
            name = _ENCODING_ALIASES.get(match.group(1), match.group(1))
            weights[name] = min(1.0, float(match.group(2) or 1))
    default_weight = weights.get("*", 0.0)
    best = max(COMPRESSORS, key=lambda name: weights.get(name, default_weight))
    weight = weights.get(best, default_weight)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


class CompressionMiddleware:
    """Compress complete JSON responses; leave streams and files unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request. Plain ASGI, because every request passes through it."""
        if scope["type"] != "http" or scope["path"].startswith(COOKIE_PATHS):
            await self.app(scope, receive, send)
            return
        accept_encoding = ",".join(Headers(scope=scope).getlist("accept-encoding"))
        start_message: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal start_message
            if message["type"] == "http.response.start":
                if _add_vary_if_compressible(message):
                    start_message = message
                else:
                    await send(message)
                return
            if start_message is not None:
                delayed_start, start_message = start_message, None
                message = await _compress_message(delayed_start, message, accept_encoding)
                await send(delayed_start)
            await send(message)

        await self.app(scope, receive, send_compressed)


def _add_vary_if_compressible(start: Message) -> bool:
    """Return whether a response varies with `Accept-Encoding`, and add its `Vary` header if so."""
    headers = MutableHeaders(raw=start["headers"])
    media_type = headers.get("content-type", "").partition(";")[0]
    is_json = media_type == "application/json" or media_type.endswith("+json")
    if "content-encoding" in headers or "no-store" in headers.get("cache-control", ""):
        return False
    if not is_json and start["status"] != 304:
        return False
    headers.add_vary_header("Accept-Encoding")
    start["headers"] = headers.raw
    return True


async def _compress_message(start: Message, message: Message, accept_encoding: str) -> Message:
    body = message.get("body", b"")
    if message.get("more_body") or len(body) < MIN_SIZE or start["status"] in (206, 304):
        return message
    encoding = choose_encoding(accept_encoding)
    if encoding is None:
        return message
    compress = COMPRESSORS[encoding]
    compressed = (
        await run_in_threadpool(compress, body)
        if len(body) > MIN_SIZE_FOR_THREAD
        else compress(body)
    )
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Encoding"] = encoding
    headers["Content-Length"] = str(len(compressed))
    # The compressed bytes differ from the original's, so a strong ETag must become a weak one.
    etag = headers.get("etag")
    if etag and not etag.startswith("W/"):
        headers["ETag"] = f"W/{etag}"
    start["headers"] = headers.raw
    return {**message, "body": compressed}

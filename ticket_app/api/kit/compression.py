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

MIN_SIZE: Final = 1_000
"""Shorter answers fit into one packet as they are."""
MIN_SIZE_FOR_THREAD: Final = 64 * 1024
"""Longer answers are compressed in a thread; shorter ones take less than a millisecond."""
COMPRESSION_LEVEL: Final = 3
"""Of gzip and brotli alike: 260 KB of tickets become 24 or 17 KB in 0.8 ms."""
COOKIE_PATHS: Final = ("/session", "/files")
"""Paths whose answers are never compressed: another site can cause such a request with a person's
cookie, and guess the rest of an answer from its compressed size (BREACH). Answers that must not be
stored, such as tokens, are not compressed either."""


def _compress_gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _compress_brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=COMPRESSION_LEVEL))


COMPRESSORS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "br": _compress_brotli,
    "gzip": _compress_gzip,
}
"""The better one first: it is taken where a client likes both as much."""
_ENCODING_ALIASES: Final = {"x-gzip": "gzip"}
_ACCEPT_ITEM_PATTERN = re.compile(
    r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII
)


def choose_encoding(accept_encoding: str) -> str | None:
    """The coding of `CODINGS` that an `Accept-Encoding` asks for; None for none.

    What is not well formed is left out.
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
    """Compresses whole JSON answers; what is streamed, and files, pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; plain ASGI, as every request takes this way."""
        if scope["type"] != "http" or scope["path"].startswith(COOKIE_PATHS):
            await self.app(scope, receive, send)
            return
        accept_encoding = ",".join(Headers(scope=scope).getlist("accept-encoding"))
        start_message: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal start_message
            if message["type"] == "http.response.start":
                if _is_compressible(message):
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


def _is_compressible(start: Message) -> bool:
    """Whether an answer depends on what the client accepts; if so, its `Vary` says it."""
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
    # Compressed it is another sequence of bytes of the same meaning: the tag must be a weak one.
    etag = headers.get("etag")
    if etag and not etag.startswith("W/"):
        headers["ETag"] = f"W/{etag}"
    start["headers"] = headers.raw
    return {**message, "body": compressed}

"""What a method of the API sends, and how its response is read; independent of how it is sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx

from ticket_system_sdk.call import Call
from ticket_system_sdk.files import open_upload
from ticket_system_sdk.model import M, parse
from ticket_system_sdk.responses import body_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """A call and what its response is parsed into; its body is written to `to` if that is set."""

    call: Call
    parse: Callable[[httpx.Response], T]
    to: str | os.PathLike[str] | None = None

    @contextmanager
    def prepared(self) -> Generator[Call]:
        """Yield the call with its file open, so that each retry can send it. Raises `OSError`."""
        if self.call.source is None:
            yield self.call
            return
        with open_upload(self.call.source) as upload:
            yield replace(self.call, file=upload)


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """A call for a page of a list, and the model of its items."""

    call: Call
    model: type[M]

    def for_page(self, page: int) -> Listing[M]:
        """Return the listing of another page."""
        call = self.call
        if call.method == "POST":
            return replace(self, call=replace(call, json={**call.json, "page": page}))
        return replace(self, call=replace(call, params={**call.params, "page": page}))


def json_body(response: httpx.Response) -> dict[str, Any]:
    """Return the body of a response. Raises `UnexpectedResponse`."""
    # A repeated DELETE returns 404 if the lost response was a success.
    is_empty = response.status_code == 404 or not response.content
    return {} if is_empty else body_of(response)


def data_of(response: httpx.Response) -> Any:
    """Return the `data` of a response. Raises `UnexpectedResponse`."""
    return json_body(response).get("data")


def one(model: type[M], call: Call) -> Operation[M]:
    """Return the operation whose response is a model."""
    return Operation(call, lambda response: parse(model, data_of(response)))


def many(model: type[M], call: Call) -> Operation[list[M]]:
    """Return the operation whose response is a complete list of models."""
    return Operation(call, lambda response: [parse(model, item) for item in data_of(response)])


def validated(model: type[M], call: Call) -> Operation[M]:
    """Return the operation whose response is a model with an ETag, its `etag`."""

    def with_etag(response: httpx.Response) -> M:
        data = data_of(response)
        etag = response.headers.get("ETag")
        return parse(model, {**data, "etag": etag} if isinstance(data, dict) else data)

    return Operation(call, with_etag)


def nothing(call: Call) -> Operation[None]:
    """Return the operation whose response has no data."""

    def discard(response: httpx.Response) -> None:
        json_body(response)

    return Operation(call, discard)


def content(call: Call) -> Operation[bytes]:
    """Return the operation whose response is a file."""
    return Operation(call, lambda response: response.content)


def saved(call: Call, to: str | os.PathLike[str]) -> Operation[Path]:
    """Return the operation whose response is written to a file."""
    return Operation(call, lambda _: Path(to), to)

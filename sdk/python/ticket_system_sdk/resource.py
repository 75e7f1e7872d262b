"""What every part of the API shares: asking for data, and for lists a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from ticket_system_sdk.call import Call
from ticket_system_sdk.model import M, read
from ticket_system_sdk.page import Page, read_page
from ticket_system_sdk.transport import Transport


class Resource:
    """One part of the API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _data(self, call: Call) -> Any:
        return self._transport.json(call).get("data")

    def _one(self, model: type[M], call: Call) -> M:
        return read(model, self._data(call))

    def _validated(self, model: type[M], call: Call) -> M:
        """The answer with its ETag, as `etag`."""
        body, etag = self._transport.validated(call)
        data: Any = body.get("data")
        return read(model, {**data, "etag": etag} if isinstance(data, dict) else data)

    def _page(self, model: type[M], call: Call) -> Page[M]:
        def turn(page: int) -> Page[M]:
            if call.method == "POST":
                return self._page(model, replace(call, json={**call.json, "page": page}))
            return self._page(model, replace(call, params={**call.params, "page": page}))

        return read_page(model, self._data(call), turn)


def known(**fields: Any) -> dict[str, Any]:
    """The fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def words(value: str | Sequence[str] | None) -> str | None:
    """Several words as the API reads them in a query: with commas between."""
    return value if value is None or isinstance(value, str) else ",".join(value)


def moment(value: date | str | None) -> str | None:
    """A moment or a day as ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value


def segment(value: int | str) -> str:
    """An id as one part of a path, whatever is in it."""
    return quote(str(value), safe="")


def sendable(fields: Mapping[str, object]) -> dict[str, Any]:
    """The fields as JSON holds them."""
    return {
        name: moment(value) if isinstance(value, date) else value for name, value in fields.items()
    }

"""The base class of the client's resources, and the encoding of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from ticket_system_sdk.call import Call
from ticket_system_sdk.model import M, parse
from ticket_system_sdk.page import Page, parse_page
from ticket_system_sdk.transport import Transport


class Resource:
    """A group of endpoints."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _data(self, call: Call) -> Any:
        return self._transport.json(call).get("data")

    def _one(self, model: type[M], call: Call) -> M:
        return parse(model, self._data(call))

    def _validated(self, model: type[M], call: Call) -> M:
        """Return the response, with its ETag as `etag`."""
        body, etag = self._transport.validated(call)
        data: Any = body.get("data")
        return parse(model, {**data, "etag": etag} if isinstance(data, dict) else data)

    def _page(self, model: type[M], call: Call) -> Page[M]:
        def fetch_page(page: int) -> Page[M]:
            if call.method == "POST":
                return self._page(model, replace(call, json={**call.json, "page": page}))
            return self._page(model, replace(call, params={**call.params, "page": page}))

        return parse_page(model, self._data(call), fetch_page)


def without_none(**fields: Any) -> dict[str, Any]:
    """Return the fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def comma_separated(value: str | Sequence[str] | None) -> str | None:
    """Return values as the API expects them in a query."""
    return value if value is None or isinstance(value, str) else ",".join(value)


def iso_format(value: date | str | None) -> str | None:
    """Return a date or datetime as ISO 8601 text."""
    return value.isoformat() if isinstance(value, date) else value


def path_segment(value: int | str) -> str:
    """Return an id, escaped as one segment of a path."""
    return quote(str(value), safe="")


def json_values(fields: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields with values that JSON can represent."""
    return {
        name: iso_format(value) if isinstance(value, date) else value
        for name, value in fields.items()
    }

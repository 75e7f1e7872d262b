"""The base class of the client's resources, their methods, and the encoding of parameters.

A method is written once, as a function that returns an operation. `endpoint` and `listing` make it
a method that blocks in `TicketSystemClient`, and one to await in `AsyncTicketSystemClient`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload
from urllib.parse import quote

from ticket_system_sdk.model import M
from ticket_system_sdk.operation import Listing, Operation
from ticket_system_sdk.page import AsyncPage, Page
from ticket_system_sdk.transport import AsyncTransport, Transport, TransportT

P = ParamSpec("P")
T = TypeVar("T")


class Resource(Generic[TransportT]):
    """A group of endpoints."""

    def __init__(self, transport: TransportT) -> None:
        self._transport: TransportT = transport

    @property
    def transport(self) -> TransportT:
        """What runs the operations of this resource."""
        return self._transport


class endpoint(Generic[P, T]):  # noqa: N801
    """Make a method of a function that returns an operation."""

    def __init__(self, prepare: Callable[Concatenate[Any, P], Operation[T]]) -> None:
        self._prepare = prepare
        self.__doc__ = prepare.__doc__

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource[Transport], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(
        self, resource: Resource[AsyncTransport], owner: type
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, resource: Any, owner: type) -> Any:
        if resource is None:
            return self
        method = resource.transport.method(functools.partial(self._prepare, resource))
        return functools.update_wrapper(method, self._prepare)


class listing(Generic[P, M]):  # noqa: N801
    """Make a method of a function that returns the listing of a page."""

    def __init__(self, prepare: Callable[Concatenate[Any, P], Listing[M]]) -> None:
        self._prepare = prepare
        self.__doc__ = prepare.__doc__

    @overload
    def __get__(self, resource: None, owner: type) -> Self: ...
    @overload
    def __get__(self, resource: Resource[Transport], owner: type) -> Callable[P, Page[M]]: ...
    @overload
    def __get__(
        self, resource: Resource[AsyncTransport], owner: type
    ) -> Callable[P, Coroutine[Any, Any, AsyncPage[M]]]: ...
    def __get__(self, resource: Any, owner: type) -> Any:
        if resource is None:
            return self
        method = resource.transport.listing(functools.partial(self._prepare, resource))
        return functools.update_wrapper(method, self._prepare)


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

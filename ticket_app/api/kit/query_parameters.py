"""Parse query parameters that several dialects share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from fastapi import Query
from pydantic.fields import FieldInfo

from ticket_app.api.kit.dates import InvalidValue, parse_date, parse_datetime
from ticket_app.api.kit.fields import INTEGER, MAX_INTEGER_DIGITS, TICKET
from ticket_app.api.kit.validation_errors import BOOLEAN
from ticket_app.api.kit.validation_errors import UUID as UUID_REASON
from ticket_app.core.platform.errors import Invalid, NotFound, invalid_choice
from ticket_app.core.platform.ticket_numbers import MAX_ID, TicketReference, parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.tickets.ticket_query import SortField


def enum_parameter(values: Iterable[str]) -> FieldInfo:
    """Return a query parameter whose values are listed in the OpenAPI document."""
    parameter: FieldInfo = Query(json_schema_extra={"enum": list(values)})
    return parameter


BOOLEAN_VALUES = {"true": True, "1": True, "false": False, "0": False, "": None}


def parse_boolean_parameter(name: str, value: str | None) -> bool | None:
    """Return the boolean value of a query parameter, or None if it is empty. Raises `Invalid`."""
    try:
        return BOOLEAN_VALUES[(value or "").lower()]
    except KeyError:
        raise Invalid(name, BOOLEAN) from None


def parse_flag_parameter(name: str, value: str | None) -> bool:
    """Return whether a query parameter is true. Raises `Invalid` if it is not a boolean."""
    return parse_boolean_parameter(name, value) is True


def parse_uuid_parameter(name: str, value: str | None) -> UUID | None:
    """Return the UUID in a query parameter, or None if it is empty. Raises `Invalid`."""
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid(name, UUID_REASON) from None


def parse_id_parameter(name: str, value: str | None) -> int | None:
    """Return the id in a query parameter, or None if it is empty. Raises `Invalid`."""
    value = (value or "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= MAX_INTEGER_DIGITS):
        raise Invalid(name, INTEGER)
    return min(int(value), MAX_ID)


def parse_ticket_parameter(name: str, value: str | None) -> TicketReference | None:
    """Return the ticket id or number in a query parameter, or None. Raises `Invalid`."""
    if not value or not value.strip():
        return None
    reference = parse_reference(value)
    if reference is None:
        raise Invalid(name, TICKET)
    return reference


def find_ticket_id(uow: UnitOfWork, name: str, value: str | None) -> int | None:
    """Return the id of the ticket in a query parameter; 0 if the caller sees no such ticket.

    Raises `Invalid` for a value that is neither an id nor a ticket number.
    """
    reference = parse_ticket_parameter(name, value)
    if reference is None:
        return None
    try:
        ticket_id: int = ticket_lookup.read_ticket(uow, reference, "summary").id
    except NotFound:
        return 0
    return ticket_id


def parse_datetime_parameter(name: str, value: str | None) -> datetime | None:
    """Return the moment in a query parameter, or None if it is empty. Raises `Invalid`."""
    try:
        return parse_datetime(value) if value and value.strip() else None
    except InvalidValue as error:
        raise Invalid(name, error.reason, value) from None


def parse_date_parameter(name: str, value: str | None) -> date | None:
    """Return the day in a query parameter, or None if it is empty. Raises `Invalid`."""
    try:
        return parse_date(value) if value and value.strip() else None
    except InvalidValue as error:
        raise Invalid(name, error.reason, value) from None


class Ordering(NamedTuple):
    """The order of a list."""

    sort: SortField
    descending: bool


def parse_ordering(value: str | None, sorts: Mapping[str, SortField], default: str) -> Ordering:
    """Return the order that `?ordering=-created_at` asks for. Raises `Invalid`."""
    requested = value or default
    name = requested.removeprefix("-")
    if name not in sorts:
        raise Invalid("ordering", invalid_choice([f"[-]{sort}" for sort in sorts], requested))
    return Ordering(sorts[name], requested.startswith("-"))

"""Find the rows that UUIDs and team names in filters and bodies refer to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias
from uuid import UUID

from ticket_app.api.dialects.bmasia.vocabulary import TEAMS
from ticket_app.api.kit.drf_parameters import NONEXISTENT_ID
from ticket_app.api.kit.query_parameters import parse_uuid_parameter
from ticket_app.core.people import customers
from ticket_app.core.platform.errors import Invalid, NotFound, does_not_exist, invalid_choice
from ticket_app.core.platform.unit_of_work import UnitOfWork


class HasId(Protocol):
    """A row with an id."""

    id: int


FindRow: TypeAlias = Callable[[UnitOfWork, UUID], HasId]
"""Returns the row with a UUID. Raises `NotFound` if the caller sees no such row."""


def resolve_filter_uuid(
    uow: UnitOfWork, field: str, find: FindRow, value: str | None
) -> int | None:
    """Return the id for a UUID in a filter, `NONEXISTENT_ID` if the caller sees no such row."""
    reference = parse_uuid_parameter(field, value)
    if reference is None:
        return None
    try:
        return find(uow, reference).id
    except NotFound:
        return NONEXISTENT_ID


def resolve_filter_team_id(uow: UnitOfWork, name: str | None) -> int | None:
    """Return the id of the team in a filter. Raises `Invalid`."""
    if not name:
        return None
    team_id = customers.find_team_id(uow, name) if "\x00" not in name else NONEXISTENT_ID
    if not team_id and name not in TEAMS:
        raise Invalid("assigned_team", invalid_choice(TEAMS, name))
    return team_id


def resolve_uuid(uow: UnitOfWork, field: str, find: FindRow, reference: UUID | None) -> int | None:
    """Return the id for a UUID in a body. Raises `Invalid` if the caller sees no such row."""
    if reference is None:
        return None
    try:
        return find(uow, reference).id
    except NotFound:
        raise Invalid(field, does_not_exist(reference)) from None


def get_or_create_documented_team_id(uow: UnitOfWork, name: str | None) -> int | None:
    """Return the id of a team that exists or that the document names; those are created.

    Raises `Invalid`, `Forbidden`.
    """
    if name is None:
        return None
    uow.actor.require("assign_tickets", "hand tickets to teams")
    if name not in TEAMS and not customers.find_team_id(uow, name):
        raise Invalid("assigned_team", invalid_choice(TEAMS, name))
    return customers.get_or_create_team(uow, name)

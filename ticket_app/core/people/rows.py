"""The columns of rows that lookups of the user directory return."""

from __future__ import annotations

from uuid import UUID


class NamedRow:
    """A company, department or team."""

    id: int
    name: str


class PersonSuggestionRow:
    """An active person in a suggestion menu."""

    id: int
    username: str
    full_name: str
    email: str
    role: str
    company_id: int | None


class PersonWithCompanyRow:
    """A person with the name of their company."""

    id: int
    full_name: str
    email: str
    company_id: int | None
    company_name: str | None


class PersonNameRow:
    """A person found by username."""

    id: int
    username: str
    full_name: str


class AssignableStaffRow:
    """A person to whom tickets can be assigned."""

    id: int
    uuid: UUID
    username: str
    full_name: str
    role: str
    team_id: int | None

"""The columns of rows that lookups of the user directory return."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class HasPermissions(Protocol):
    """A person selected with `actors.ROLE_PERMISSIONS_COLUMN`."""

    role: str
    permissions: list[str] | None
    role_permissions: list[str] | None


class AccountRow:
    """An account as staff and its owner see it, without credentials."""

    id: int
    uuid: UUID
    username: str
    email: str
    first_name: str
    last_name: str
    full_name: str
    role: str
    department_id: int | None
    is_active: bool
    last_login_at: datetime | None
    created_at: datetime
    preferences: dict[str, object]
    rate_limits: dict[str, int] | None
    permissions: list[str] | None
    role_permissions: list[str] | None


class CompanyRow:
    """A customer organisation."""

    id: int
    uuid: UUID
    name: str
    domain: str | None
    notes: str | None
    shares_tickets: bool
    created_at: datetime


class ContactRow:
    """A contact with their company."""

    id: int
    uuid: UUID
    company_id: int | None
    person_id: int | None
    name: str
    email: str | None
    phone: str | None
    created_at: datetime
    company_uuid: UUID | None
    company_name: str | None


class PersonRow:
    """A person with their team; without credentials."""

    id: int
    uuid: UUID
    username: str
    email: str
    first_name: str
    last_name: str
    full_name: str
    role: str
    department_id: int | None
    team_id: int | None
    company_id: int | None
    is_active: bool
    created_at: datetime
    team_name: str | None


class DepartmentRow:
    """A department with its manager."""

    id: int
    name: str
    manager_id: int | None
    created_at: datetime
    manager_username: str | None
    manager_first_name: str | None
    manager_last_name: str | None


class TeamRow:
    """A team with the number of people in it."""

    id: int
    uuid: UUID
    name: str
    created_at: datetime
    members: int


class TeamMemberRow(HasPermissions):
    """A person in a team."""

    id: int
    full_name: str
    is_active: bool


class ActorRow:
    """What an actor is built from; `role_permissions` and `rate_limits` only where selected."""

    id: int
    uuid: UUID
    username: str
    full_name: str
    email: str
    role: str
    permissions: list[str] | None
    role_permissions: list[str] | None
    rate_limits: dict[str, int] | None
    department_id: int | None
    team_id: int | None
    company_id: int | None
    is_active: bool


class SignInActorRow(ActorRow):
    """The actor of a sign-in."""

    sign_in_id: int


class ApiTokenActorRow(ActorRow):
    """The actor of an API token."""

    token_id: int
    scopes: list[str]
    used_at: datetime | None


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


class AbsenceRow:
    """A time in which a member of staff is away or offline."""

    id: int
    person_id: int
    state: str
    starts_at: datetime
    ends_at: datetime | None

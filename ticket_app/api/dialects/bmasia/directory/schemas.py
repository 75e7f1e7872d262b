"""Request and response bodies of companies, contacts and users."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StrictStr
from typing_extensions import TypedDict

from ticket_app.api.dialects.bmasia.vocabulary import ROLE_NAMES
from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.fields import OptionalText, Validated
from ticket_app.core.people.rows import CompanyRow, ContactRow, PersonRow
from ticket_app.core.platform import validators
from ticket_app.tables import Company as SavedCompany

Name = Annotated[StrictStr, Validated(validators.required_line, 200)]


class NewCompany(BaseModel):
    """A new company."""

    name: Name
    domain: Annotated[StrictStr, Validated(validators.optional_line, 253)] | None = None
    notes: OptionalText | None = None


class CompanyUpdate(BaseModel):
    """A new name for a company."""

    name: Name = ""


class NewContact(BaseModel):
    """A new contact of a company."""

    name: Name
    company: UUID | None = None
    email: Annotated[StrictStr, Validated(validators.optional_line, 254)] | None = None
    phone: Annotated[StrictStr, Validated(validators.optional_line, 60)] | None = None


class Company(TypedDict):
    """A company."""

    id: UUID
    name: str
    domain: str | None
    created_at: datetime


class Contact(TypedDict):
    """A contact of a company."""

    id: UUID
    name: str
    company: UUID | None
    company_name: str | None
    email: str | None
    phone: str | None
    created_at: datetime


class User(TypedDict):
    """A user account."""

    id: UUID
    username: str
    name: str
    email: str
    role: str
    team: str | None


class CompanyPage(ListPage):
    """One page of companies."""

    results: list[Company]


class ContactPage(ListPage):
    """One page of contacts."""

    results: list[Contact]


class UserPage(ListPage):
    """One page of users."""

    results: list[User]


def format_company(row: CompanyRow | SavedCompany) -> Company:
    """Format a company."""
    return {
        "id": row.uuid,
        "name": row.name,
        "domain": row.domain,
        "created_at": row.created_at,
    }


def format_contact(row: ContactRow) -> Contact:
    """Format a contact."""
    return {
        "id": row.uuid,
        "name": row.name,
        "company": row.company_uuid,
        "company_name": row.company_name,
        "email": row.email,
        "phone": row.phone,
        "created_at": row.created_at,
    }


def format_user(row: PersonRow) -> User:
    """Format a user."""
    return {
        "id": row.uuid,
        "username": row.username,
        "name": row.full_name,
        "email": row.email,
        "role": ROLE_NAMES[row.role],
        "team": row.team_name,
    }

"""Request and response bodies of customers and users."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, StrictStr

from ticket_app.api.dialects.ticketing.tickets.schemas import CustomerSummary, UserDetails
from ticket_app.api.kit.drf_parameters import ListPage
from ticket_app.api.kit.fields import Validated
from ticket_app.core.people.rows import CompanyRow, PersonRow
from ticket_app.core.platform import validators
from ticket_app.tables import Company as SavedCompany


class NewCustomer(BaseModel):
    """A new customer: a company with its name and the domain of its email addresses."""

    name: Annotated[StrictStr, Validated(validators.required_line, 200)]
    domain: Annotated[StrictStr, Validated(validators.optional_line, 253)] | None = None


class CustomerDetails(CustomerSummary):
    """A customer."""

    domain: str | None
    created_at: datetime


class User(UserDetails):
    """A user account."""

    email: str
    role: str


class CustomerPage(ListPage):
    """One page of customers."""

    results: list[CustomerDetails]


class UserPage(ListPage):
    """One page of users."""

    results: list[User]


def format_customer(row: CompanyRow | SavedCompany) -> CustomerDetails:
    """Format a customer."""
    return {
        "id": row.id or 0,
        "name": row.name,
        "domain": row.domain,
        "created_at": row.created_at,
    }


def format_user(row: PersonRow) -> User:
    """Format a user."""
    return {
        "id": row.id,
        "username": row.username,
        "full_name": row.full_name,
        "email": row.email,
        "role": row.role,
    }

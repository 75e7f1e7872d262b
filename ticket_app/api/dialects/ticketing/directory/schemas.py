"""Request and response bodies of customers and users."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, StrictStr

from ticket_app.api.dialects.ticketing.routing import ListPage
from ticket_app.api.dialects.ticketing.tickets.schemas import CustomerSummary, UserDetails
from ticket_app.api.kit.fields import Validated
from ticket_app.core.platform import validators


class NewCustomer(BaseModel):
    """A new customer."""

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


def format_customer(row: Any) -> CustomerDetails:
    """Format a customer."""
    return {
        "id": row.id,
        "name": row.name,
        "domain": row.domain,
        "created_at": row.created_at,
    }


def format_user(row: Any) -> User:
    """Format a user."""
    return {
        "id": row.id,
        "username": row.username,
        "full_name": row.full_name,
        "email": row.email,
        "role": row.role,
    }

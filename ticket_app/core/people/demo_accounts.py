"""The demo accounts, their password, and where they may be used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from ticket_app.core.platform import secrets
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import load_or_create_secret, settings
from ticket_app.tables import Person, person_table

DESCRIPTIONS = {
    "ada": "all permissions",
    "mia": "approvals and reports",
    "sam": "many open tickets",
    "kim": "other open tickets",
    "uma": "customer, a hotel",
    "bob": "customer, a coffee bar",
}
"""What each demo account shows; only these accounts have the demo password."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo account and what it shows."""

    username: str
    role: str
    description: str


@dataclass(frozen=True, slots=True)
class DemoCredentials:
    """The demo accounts and their password; None if the password has been changed."""

    password: str | None
    accounts: list[DemoAccount]


def get_or_create_demo_password() -> str:
    """Return `TICKET_DEMO_PASSWORD`, or the password generated and stored at first use."""
    return settings().demo_password or load_or_create_secret(settings().var / "demo_password", 12)


def list_demo_accounts(uow: UnitOfWork) -> list[DemoAccount]:
    """List the demo accounts that may be used from the address of this request."""
    if not accepts_demo_accounts(uow):
        return []
    rows = uow.connection.execute(
        select(person_table.c.username, person_table.c.role)
        .where(
            person_table.c.is_demo,
            person_table.c.is_active,
            person_table.c.password_hash.is_not(None),
        )
        .order_by(person_table.c.id)
    )
    return [DemoAccount(row.username, row.role, DESCRIPTIONS.get(row.username, "")) for row in rows]


def get_demo_credentials(uow: UnitOfWork) -> DemoCredentials:
    """Return the demo accounts for the sign-in page, with their password while it is valid."""
    password_hash = uow.connection.execute(
        select(person_table.c.password_hash)
        .where(person_table.c.is_demo, person_table.c.password_hash.is_not(None))
        .limit(1)
    ).scalar()
    return DemoCredentials(
        get_or_create_demo_password()
        if password_hash and _is_password_valid(get_or_create_demo_password(), password_hash)
        else None,
        list_demo_accounts(uow),
    )


@lru_cache(maxsize=8)
def _is_password_valid(candidate: str, password_hash: str) -> bool:
    return secrets.verify_password(candidate, password_hash)


def accepts_demo_accounts(uow: UnitOfWork) -> bool:
    """Return whether demo accounts may be used from the address of this request.

    Only from this machine without a proxy, unless `TICKET_DEMO=true` allows every address.
    """
    return settings().has_demo_accounts and (settings().demo is True or uow.is_local_request)


def is_account_accepted(uow: UnitOfWork, person: Person) -> bool:
    """Return whether an account is a real one, or a demo account that may be used here."""
    return not person.is_demo or accepts_demo_accounts(uow)

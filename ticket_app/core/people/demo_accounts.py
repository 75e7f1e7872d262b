"""The demo accounts that the sign-in page offers, and their password."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from ticket_app.core.people import sign_in
from ticket_app.core.platform import secrets
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import load_or_create_secret, settings
from ticket_app.tables import person_table

DESCRIPTIONS = {
    "ada": "all permissions",
    "mia": "approvals and reports",
    "sam": "many open tickets",
    "kim": "other open tickets",
    "uma": "customer, a hotel",
    "bob": "customer, a coffee bar",
}
"""What each demo account is good for; only these accounts have the demo password."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody one can sign in as, and what one sees then."""

    username: str
    role: str
    description: str


@dataclass(frozen=True, slots=True)
class DemoCredentials:
    """Who can sign in on the demo desk; the password is None if it is no longer the one known."""

    password: str | None
    accounts: list[DemoAccount]


def get_demo_password() -> str:
    """The demo accounts' password: `TICKET_DEMO_PASSWORD`, or one made up once and kept."""
    return settings().demo_password or load_or_create_secret(settings().var / "demo_password", 12)


def list_demo_accounts(uow: UnitOfWork) -> list[DemoAccount]:
    """The demo accounts that can be used from where this request came."""
    if not sign_in.accepts_demo_accounts(uow):
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
    """What the login page offers: the accounts, and their password while it opens them."""
    password_hash = uow.connection.execute(
        select(person_table.c.password_hash)
        .where(person_table.c.is_demo, person_table.c.password_hash.is_not(None))
        .limit(1)
    ).scalar()
    return DemoCredentials(
        get_demo_password()
        if password_hash and _is_password_valid(get_demo_password(), password_hash)
        else None,
        list_demo_accounts(uow),
    )


@lru_cache(maxsize=8)
def _is_password_valid(candidate: str, password_hash: str) -> bool:
    return secrets.verify_password(candidate, password_hash)

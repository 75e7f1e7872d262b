"""The demo accounts that the sign-in page offers, and their password."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from ticket_app.core.people import sign_in
from ticket_app.core.platform import secrets
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.settings import kept_secret, settings
from ticket_app.tables import person_table

SHOWS = {
    "ada": "all permissions",
    "mia": "approvals and reports",
    "sam": "many open tickets",
    "kim": "other open tickets",
    "uma": "customer, a hotel",
    "bob": "customer, a coffee bar",
}
"""What each demo account is good for; only these accounts have the demo password."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody one can sign in as, and what one sees then."""

    username: str
    role: str
    shows: str


@dataclass(frozen=True, slots=True)
class DemoAccounts:
    """Who can sign in on the demo desk; the password is None if it is no longer the one known."""

    password: str | None
    accounts: list[Account]


def password() -> str:
    """The demo accounts' password: `TICKET_DEMO_PASSWORD`, or one made up once and kept."""
    return settings().demo_password or kept_secret(settings().var / "demo_password", 12)


def accounts(desk: Desk) -> list[Account]:
    """The demo accounts that can be used from where this request came."""
    if not sign_in.accepts_demo(desk):
        return []
    rows = desk.db.execute(
        select(person_table.c.username, person_table.c.role)
        .where(
            person_table.c.is_demo,
            person_table.c.is_active,
            person_table.c.password_hash.is_not(None),
        )
        .order_by(person_table.c.id)
    )
    return [Account(row.username, row.role, SHOWS.get(row.username, "")) for row in rows]


def offered(desk: Desk) -> DemoAccounts:
    """What the login page offers: the accounts, and their password while it opens them."""
    kept = desk.db.execute(
        select(person_table.c.password_hash)
        .where(person_table.c.is_demo, person_table.c.password_hash.is_not(None))
        .limit(1)
    ).scalar()
    return DemoAccounts(password() if kept and _opens(password(), kept) else None, accounts(desk))


@lru_cache(maxsize=8)
def _opens(word: str, kept: str) -> bool:
    return secrets.password_matches(word, kept)

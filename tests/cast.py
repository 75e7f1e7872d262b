"""Who every test knows, and the time they live in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from uuid import NAMESPACE_DNS, uuid5

from sqlalchemy import Connection, insert, select

from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.names import confusable_skeleton
from ticket_app.core.platform import secrets
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Company, Person

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PASSWORD = "the kettle is on"
COMPANIES = ("Lanternworks", "Saltmarsh")
PEOPLE = (
    ("owner", "Olive Ownby", Role.USER, 1),
    ("colleague", "Cole Ferris", Role.USER, 1),
    ("stranger", "Stig Ranger", Role.USER, 2),
    ("agent", "Agnes Hale", Role.AGENT, None),
    ("manager", "Manny Gere", Role.MANAGER, None),
    ("admin", "Addie Minton", Role.ADMIN, None),
)


@dataclass(frozen=True)
class Cast:
    """The owner of tickets, a colleague of the same company, a stranger, and those who work."""

    owner: Actor
    colleague: Actor
    stranger: Actor
    agent: Actor
    manager: Actor
    admin: Actor
    nobody: None = None

    def __iter__(self) -> Iterator[tuple[str, Actor]]:
        return ((username, getattr(self, username)) for username, *_ in PEOPLE)


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> datetime:
        """Let time pass (`minutes=5`); returns the new moment."""
        self.now += timedelta(**time)
        return self.now


class UowFor(Protocol):
    """Opens a desk for somebody of the cast, or for nobody, at the clock's time."""

    def __call__(
        self, actor: Actor | None, *, writes: bool = True
    ) -> AbstractContextManager[UnitOfWork]: ...


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The hash of everybody's password; making it takes time, so it is made once."""
    return secrets.hash_password(PASSWORD)


def move_in(connection: Connection) -> None:
    """Make the cast and their companies known to an empty desk."""
    companies = [
        {"uuid": uuid5(NAMESPACE_DNS, name), "name": name, "name_folded": name.casefold()}
        for name in COMPANIES
    ]
    connection.execute(insert(Company), [{**row, "created_at": MORNING} for row in companies])
    connection.execute(insert(Person), [_row(*person) for person in PEOPLE])


def _row(username: str, full_name: str, role: Role, company_id: int | None) -> dict[str, Any]:
    first_name, last_name = full_name.split()
    email = f"{username}@example.com"
    return {
        "uuid": uuid5(NAMESPACE_DNS, email),
        "username": username,
        "username_folded": username,
        "username_skeleton": confusable_skeleton(username),
        "email": email,
        "email_folded": email,
        "email_verified_at": MORNING,
        "first_name": first_name,
        "last_name": last_name,
        "full_name": full_name,
        "role": role,
        "company_id": company_id,
        "is_active": True,
        "is_demo": False,
        "password_hash": password_hash(),
        "preferences": {},
        "created_at": MORNING,
    }


def gathered(connection: Connection) -> Cast:
    """The cast as the database knows them."""
    table: Any = Person.__table__  # type: ignore[attr-defined]
    names = [username for username, *_ in PEOPLE]
    rows = connection.execute(select(table).where(table.c.username.in_(names)))
    return Cast(**{row.username: build_actor_with_role_defaults(row) for row in rows})

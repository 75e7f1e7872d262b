"""Verify and change passwords."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import or_, update
from sqlmodel import select as select_rows

from ticket_app.core.people import account_links, passwords, profiles
from ticket_app.core.people.account_links import LinkPurpose
from ticket_app.core.people.demo_accounts import is_account_accepted
from ticket_app.core.people.mail_people import must_verify_address
from ticket_app.core.platform import action_limits, audit_log, secrets
from ticket_app.core.platform.errors import (
    Forbidden,
    Invalid,
    Unauthenticated,
    VersionConflict,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.rate_limits import RateLimitStatus
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.tables import (
    Person,
    person_table,
    sign_in_table,
)


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """The network address and browser of a sign-in, as far as they are known."""

    address: str = ""
    user_agent: str = ""
    on_rate_limit: Callable[[RateLimitStatus | None], None] = lambda _: None
    """Called with the tightest rate limit after an attempt has been counted."""


@dataclass(frozen=True, slots=True)
class VerifiedPerson:
    """A person whose password was verified; `new_password_hash` replaces an outdated hash."""

    person: Person
    new_password_hash: str | None = None


class AddressNotVerified(Forbidden):
    """The password is right, but the person must verify their email address first."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            f"Verify your email address first: follow the link that was sent to {person.email}"
        )
        assert person.id is not None
        self.person_id = person.id


def verify_credentials(
    uow: UnitOfWork, name: str, password: str, client: ClientInfo
) -> VerifiedPerson:
    """Return the person with this username or email address and password.

    Reads only, because hashing takes long. Every failure takes the same time and raises the same
    error. Raises `Unauthenticated`, `AddressNotVerified` for the right password of a person who has
    to verify their address first, and `RateLimited` after repeated attempts.
    """
    # PostgreSQL does not accept NUL, and no database accepts a lone surrogate.
    sanitized = name.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    folded = sanitized.strip().casefold()[:254]
    attempt = action_limits.count_sign_in_attempt(folded, client.address)
    person = uow.session.exec(
        select_rows(Person)
        .where(or_(person_table.c.username_folded == folded, person_table.c.email_folded == folded))
        .order_by((person_table.c.username_folded == folded).desc())
    ).first()
    is_password_right = secrets.verify_password(password, person.password_hash if person else None)
    is_allowed = person is not None and person.is_active and is_account_accepted(uow, person)
    if person is None or not is_password_right or not is_allowed:
        client.on_rate_limit(attempt.tightest_limit)
        auth_log().warning("sign_in_failed", name=folded[:60], address=client.address)
        raise Unauthenticated("The username or password is incorrect")
    client.on_rate_limit(attempt.mark_succeeded().tightest_limit)
    if must_verify_address(person):
        raise AddressNotVerified(person)
    is_hash_outdated = secrets.password_needs_rehash(person.password_hash or "")
    return VerifiedPerson(person, secrets.hash_password(password) if is_hash_outdated else None)


def count_registration(client: ClientInfo) -> None:
    """Count one registration for the client's address. Raises `RateLimited`."""
    client.on_rate_limit(action_limits.count_registration(client.address))


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A verified change of the actor's password; `old_hash` detects a concurrent change."""

    old_hash: str
    new_hash: str = field(repr=False)


def prepare_password_change(
    uow: UnitOfWork, old_password: str, new_password: str
) -> PasswordChange:
    """Check the actor's current password and the new one.

    Reads only, because hashing takes long. Raises `Invalid` (field `old_password` or
    `new_password`), and `RateLimited` after repeated attempts.
    """
    action_limits.count_sign_in_attempt(uow.actor.username, "")
    person = profiles.get_own_person(uow)
    if not person.password_hash or not secrets.verify_password(old_password, person.password_hash):
        auth_log().warning("password_change_failed", person=person.username)
        raise Invalid("old_password", "is incorrect")
    passwords.validate_password("new_password", new_password, names=[person.username, person.email])
    if old_password == new_password:
        raise Invalid("new_password", "must differ from your current password")
    return PasswordChange(person.password_hash, secrets.hash_password(new_password))


def change_password(uow: UnitOfWork, password_change: PasswordChange) -> None:
    """Set the new password; end every other session of the actor and links to reset the old one.

    Raises `VersionConflict`.
    """
    result = uow.connection.execute(
        update(person_table)
        .where(
            person_table.c.id == uow.actor.id,
            person_table.c.password_hash == password_change.old_hash,
        )
        .values(password_hash=password_change.new_hash)
    )
    if not result.rowcount:
        raise VersionConflict("The password was changed by another request; try again")
    account_links.end_links(uow, uow.actor.id, LinkPurpose.PASSWORD_RESET)
    uow.connection.execute(
        update(sign_in_table)
        .where(
            sign_in_table.c.person_id == uow.actor.id,
            sign_in_table.c.id != (uow.actor.sign_in_id or 0),
            sign_in_table.c.ended_at.is_(None),
        )
        .values(ended_at=uow.now, end_reason="password changed")
    )
    auth_log().info("password_changed", person=uow.actor.username)
    audit_log.record(
        uow,
        AuditKind.SIGN_IN,
        AuditAction.PASSWORD_CHANGED,
        subject_type="person",
        subject_id=uow.actor.id,
        subject_name=uow.actor.full_name,
    )

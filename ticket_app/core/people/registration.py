"""Create people: registration, and requesters added by staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import func, or_, select
from sqlmodel import select as select_rows

from ticket_app.core.people import account_links, passwords
from ticket_app.core.people.account_links import LinkPurpose
from ticket_app.core.people.names import (
    confusable_skeleton,
    validate_email,
    validate_name,
    validate_username,
)
from ticket_app.core.people.staff import list_staff_full_names_and_usernames
from ticket_app.core.platform import action_limits, audit_log, secrets
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid
from ticket_app.core.platform.unit_of_work import (
    COMMAND_LINE_CHANNEL,
    SYSTEM_CHANNEL,
    UnitOfWork,
)
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import settings
from ticket_app.tables import Person, person_table

AUTOMATIC_CHANNELS = frozenset({SYSTEM_CHANNEL, COMMAND_LINE_CHANNEL})
UNVERIFIED_PREFIX = "unverified:"
"""What stands before the UUID of an account in place of an address that is not theirs yet."""
REGISTRATION_LOCK_ID = 7_214_002
"""The PostgreSQL advisory lock that serialises the creation of people."""


def create_person(
    uow: UnitOfWork,
    *,
    username: str,
    email: str,
    password: str | None,
    first_name: str = "",
    last_name: str = "",
    role: Role = Role.USER,
    is_email_verified: bool = True,
    **columns: Any,
) -> Person:
    """Create a person. Raises `Invalid` naming every wrong field, `Conflict`.

    The address counts as theirs if staff or the system gave it (`is_email_verified`), not if a
    visitor typed it.
    """
    problems: list[tuple[str, str]] = []
    validated: dict[str, str] = {}

    def validate_optional_password(field: str, value: str) -> str:
        return value and passwords.validate_password(field, value, names=[username, email])

    checks: tuple[tuple[str, str, Callable[[str, str], str]], ...] = (
        ("username", username, validate_username),
        ("email", email, validate_email),
        ("first_name", first_name, validate_name),
        ("last_name", last_name, validate_name),
        ("password", password or "", validate_optional_password),
    )
    for field, value, validate in checks:
        try:
            validated[field] = validate(field, value)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.from_problems(problems)
    full_name = (
        f"{validated['first_name']} {validated['last_name']}".strip() or validated["username"]
    )
    lock_registration(uow)
    is_address_of_mail_person = not is_email_verified and _is_mail_only_address(
        uow, validated["email"]
    )
    identity_email = "" if is_address_of_mail_person else validated["email"]
    _ensure_identity_available(uow, validated["username"], identity_email, full_name, role)
    person_uuid = uuid4()
    return insert_person(
        uow,
        Person(
            uuid=person_uuid,
            username=validated["username"],
            username_folded=validated["username"].casefold(),
            username_skeleton=confusable_skeleton(validated["username"]),
            email=validated["email"],
            email_folded=f"{UNVERIFIED_PREFIX}{person_uuid}"
            if is_address_of_mail_person
            else validated["email"].casefold(),
            email_verified_at=uow.now if is_email_verified else None,
            first_name=validated["first_name"],
            last_name=validated["last_name"],
            full_name=full_name,
            role=role,
            password_hash=secrets.hash_password(password) if password else None,
            created_at=uow.now,
            **columns,
        ),
        is_registration=not uow.has_actor and uow.channel not in AUTOMATIC_CHANNELS,
    )


def insert_person(uow: UnitOfWork, person: Person, *, is_registration: bool = False) -> Person:
    """Insert a person whose values have been checked, and record it in the audit log.

    People who register are not signed in yet, and are recorded as having done it themselves.
    """
    uow.session.add(person)
    uow.flush()
    assert person.id is not None
    actor = (person.id, person.full_name) if is_registration else None
    audit_log.record_created(uow, person_table, person.id, actor=actor)
    return person


def lock_registration(uow: UnitOfWork) -> None:
    """Create people one at a time, so that no two take names that look alike."""
    if not uow.is_sqlite:
        uow.connection.execute(select(func.pg_advisory_xact_lock(REGISTRATION_LOCK_ID)))


def _ensure_identity_available(
    uow: UnitOfWork, username: str, email: str, full_name: str, role: Role
) -> None:
    names = [name.casefold() for name in (username, email) if name]
    conflicting_rows = uow.connection.execute(
        select(person_table.c.username_folded, person_table.c.email_folded).where(
            or_(
                person_table.c.username_folded.in_(names),
                person_table.c.username_skeleton == confusable_skeleton(username),
                person_table.c.email_folded.in_(names),
            )
        )
    ).all()
    if any(row.email_folded == email.casefold() for row in conflicting_rows):
        raise Conflict("An account with this email address already exists")
    if conflicting_rows:
        raise Conflict("This username is taken or too similar to another one")
    if role is Role.USER:
        ensure_no_staff_lookalike(uow, full_name, username)


def ensure_no_staff_lookalike(uow: UnitOfWork, *names: str) -> None:
    """Raise `Conflict` if a user with one of these names could be mistaken for staff."""
    skeletons = {confusable_skeleton(name) for name in names}
    if any(
        confusable_skeleton(name) in skeletons for name in list_staff_full_names_and_usernames(uow)
    ):
        raise Conflict("This name is too similar to the name of a staff member")


def validate_registration_field(
    uow: UnitOfWork, field: str, value: str, address: str, *, typed_username: str = ""
) -> None:
    """Check a `username`, `email` or `password` while a visitor types it into the form.

    Reports whether a username is free; of an email address only whether it is well-formed, so that
    the form does not reveal who has an account. `address` is the network address of the client and
    `typed_username` a name the password must not equal. Raises `Invalid`, `Conflict`,
    `RateLimited`.
    """
    if field == "password":
        passwords.validate_password(field, value, names=[typed_username])
    elif field == "email":
        validate_email(field, value)
    else:
        name = validate_username(field, value)
        action_limits.count_username_check(address)
        _ensure_identity_available(uow, name, "", name, Role.USER)


def register_user(
    uow: UnitOfWork,
    *,
    username: str,
    email: str,
    password: str,
    first_name: str = "",
    last_name: str = "",
) -> Person:
    """Register a visitor with the role user (specs/kubebro, "Register/Login").

    They are sent a link to verify their address. If somebody wrote from it by email before, that
    person keeps it until then. Raises `Forbidden` where registration is closed, `Invalid`,
    `Conflict`.
    """
    if not settings().registration:
        raise Forbidden("Registration is closed; ask an administrator for an account")
    person = create_person(
        uow,
        username=username,
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        role=Role.USER,
        is_email_verified=False,
    )
    account_links.send_link(uow, person, LinkPurpose.VERIFICATION)
    return person


def is_mail_only(person: Person) -> bool:
    """Return whether a person is known by email only: a user who cannot sign in."""
    has_sign_in = person.password_hash is not None or person.issuer is not None
    return person.role == Role.USER and not has_sign_in and not person.is_demo and person.is_active


def _is_mail_only_address(uow: UnitOfWork, email: str) -> bool:
    holder = uow.session.exec(
        select_rows(Person).where(person_table.c.email_folded == email.casefold())
    ).first()
    return holder is not None and holder.email_verified_at is not None and is_mail_only(holder)


def add_requester(
    uow: UnitOfWork, *, name: str, email: str, company_id: int | None = None
) -> Person:
    """Create a person without a password, for whom staff file a ticket.

    Raises `Forbidden`, `Invalid`, `Conflict`.
    """
    uow.actor.require("work_tickets", "add requesters")
    first_name, _, last_name = " ".join(name.split()).partition(" ")
    return create_person(
        uow,
        username=find_free_username(uow, suggest_username(email)),
        email=email,
        password=None,
        first_name=first_name,
        last_name=last_name,
        company_id=company_id,
    )


def suggest_username(email: str) -> str:
    """Return a username made from the part of an email address before the @."""
    base = re.sub(r"[^\w.@+-]+", ".", email.partition("@")[0]).strip(".")[:120]
    return base if len(base) > 1 else f"{base}person"


def find_free_username(uow: UnitOfWork, base: str) -> str:
    """Return the base, with a number if needed, as a username no one has. Raises `Conflict`."""
    for n in range(1, 10_000):
        name = base if n == 1 else f"{base}.{n}"
        if is_username_free(uow, name):
            return name
    raise Conflict("No free username was found for this person; choose another name")


def is_username_free(uow: UnitOfWork, name: str) -> bool:
    """Return whether no one has this username or one that looks like it."""
    taken = select(person_table.c.id).where(
        or_(
            person_table.c.username_folded == name.casefold(),
            person_table.c.username_skeleton == confusable_skeleton(name),
        )
    )
    return uow.connection.execute(taken).first() is None

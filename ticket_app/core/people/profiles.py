"""Change the names, email address and preferences of a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from sqlalchemy import or_, select

from ticket_app.core.people.names import (
    validate_email,
    validate_name,
)
from ticket_app.core.people.registration import (
    ensure_no_staff_lookalike,
    lock_registration,
)
from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Conflict, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.search import search_index
from ticket_app.tables import Person, person_table


def rename_person(uow: UnitOfWork, person: Person, first_name: str, last_name: str) -> None:
    """Change the names of a person. Raises `Invalid`, `Conflict`."""
    first = validate_name("first_name", first_name)
    last = validate_name("last_name", last_name)
    full_name = f"{first} {last}".strip() or person.username
    if person.role == Role.USER:
        ensure_no_staff_lookalike(uow, full_name)
    person.first_name, person.last_name, person.full_name = first, last, full_name
    _schedule_search_update(uow, person)


def change_email(uow: UnitOfWork, person: Person, email: str) -> None:
    """Change the email address of a person to one that staff vouch for.

    Raises `Invalid`, `Conflict`.
    """
    address = validate_email("email", email)
    if address.casefold() != person.email_folded:
        lock_registration(uow)
        is_same_address = or_(
            person_table.c.email_folded == address.casefold(),
            person_table.c.username_folded == address.casefold(),
        )
        if uow.connection.execute(
            select(person_table.c.id).where(is_same_address, person_table.c.id != person.id)
        ).first():
            raise Conflict("An account with this email address already exists")
    person.email, person.email_folded = address, address.casefold()
    person.email_verified_at = uow.now
    _schedule_search_update(uow, person)


def _schedule_search_update(uow: UnitOfWork, person: Person) -> None:
    """Reindex the person's tickets for search before the commit."""
    assert person.id is not None
    uow.before_commit.append(partial(search_index.reindex_names, uow, "person", person.id))


MAX_PREFERENCES = 50
MAX_PREFERENCES_BYTES = 8 * 1024
WEB_APP_PREFERENCES = frozenset({"theme", "keys"})
"""Preferences that the web app reads; their values must be text."""
_PREFERENCE_NAME_PATTERN = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def update_preferences(uow: UnitOfWork, changes: Mapping[str, object]) -> None:
    """Change the actor's preferences (`theme` and others); None removes one. Raises `Invalid`."""
    person = get_own_person(uow)
    for name, value in changes.items():
        if not _PREFERENCE_NAME_PATTERN.fullmatch(name):
            raise Invalid(
                "preferences", "must have names of letters, digits and the characters . _ -"
            )
        if name in WEB_APP_PREFERENCES and not (value is None or isinstance(value, str)):
            raise Invalid("preferences", f"must have text as the value of {name}")
    preferences = {**person.preferences, **changes}
    preferences = {name: value for name, value in preferences.items() if value is not None}
    if len(preferences) > MAX_PREFERENCES:
        raise Invalid("preferences", f"must have at most {MAX_PREFERENCES} entries")
    validators.validate_json("preferences", preferences, MAX_PREFERENCES_BYTES)
    person.preferences = validators.validate_environment("preferences", preferences) or {}
    uow.flush()


def get_own_person(uow: UnitOfWork) -> Person:
    """Return the row of the actor."""
    person = uow.session.get(Person, uow.actor.id)
    assert person is not None
    return person

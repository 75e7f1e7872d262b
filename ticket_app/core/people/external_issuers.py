"""People who sign in with the JWT of a trusted issuer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import select as select_rows

from ticket_app.core.people.actors import load_actor
from ticket_app.core.people.mail_people import release_address
from ticket_app.core.people.names import confusable_skeleton
from ticket_app.core.people.registration import find_free_username, lock_registration
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.email_addresses import is_email_address
from ticket_app.core.platform.errors import Invalid, Unauthenticated
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import settings
from ticket_app.tables import Person, person_table


def get_or_create_from_issuer(
    uow: UnitOfWork, issuer: str, claims: Mapping[str, object], claim_names: dict[str, str]
) -> Person:
    """Return the person that a trusted issuer's token names; create them on first use, as a user.

    `claim_names` maps `subject`, `email`, `username`, `name` to the claims that carry them. Raises
    `Invalid` for a token without a subject.
    """
    subject = claims.get(claim_names["subject"])
    if not isinstance(subject, str | int) or not str(subject).strip():
        raise Invalid("token", "has no subject")
    lock_registration(uow)
    subject = normalize_subject(subject)
    existing = uow.session.exec(
        select_rows(Person).where(
            person_table.c.issuer == issuer, person_table.c.subject == subject
        )
    ).first()
    if existing is not None:
        return existing
    claimed_username = _strip_unsafe_characters(
        str(claims.get(claim_names["username"]) or claims.get("username") or subject)
    )
    email = _strip_unsafe_characters(str(claims.get(claim_names["email"]) or ""))
    claimed_name = " ".join(
        _strip_unsafe_characters(str(claims.get(claim_names["name"]) or claimed_username)).split()
    )[:300]
    first_name, _, last_name = claimed_name.partition(" ")
    username_base = re.sub(r"[^\w.@+-]+", ".", claimed_username).strip(".")[:120]
    is_valid = (
        username_base
        and max(len(username_base.casefold()), len(confusable_skeleton(username_base))) <= 120
    )
    username = find_free_username(uow, username_base if is_valid else "user")
    is_vouched_for = is_email_address(email) and claims.get("email_verified") is not False
    if is_vouched_for:
        _release_unverified(uow, email)
    if not is_email_address(email) or _email_exists(uow, email):
        is_vouched_for = False
        email = f"{username}@{re.sub(r'[^a-z0-9.-]+', '-', issuer.lower()).strip('-')[:80]}.invalid"
    name_parts = (first_name, last_name)
    person = Person(
        username=username,
        username_folded=username.casefold(),
        username_skeleton=confusable_skeleton(username),
        email=email,
        email_folded=email.casefold(),
        email_verified_at=uow.now if is_vouched_for else None,
        first_name=name_parts[0][:150],
        last_name=name_parts[1][:150],
        full_name=" ".join(name_part for name_part in name_parts if name_part)[:301] or username,
        role=Role.USER,
        issuer=issuer,
        subject=subject,
        created_at=uow.now,
    )
    uow.session.add(person)
    uow.flush()
    return person


def normalize_subject(value: object) -> str:
    """Convert a subject claim to text that both databases can store."""
    encodable = str(value).encode("utf-8", "replace").decode()
    return encodable.replace("\x00", "\ufffd")[:255]


def _strip_unsafe_characters(value: str) -> str:
    """Remove characters that markup is made of, invisible ones and lone surrogates."""
    value = re.sub(r"[<>{}\[\]\\`|^]", "", value)
    hidden_categories = ("Cc", "Cf", "Cs", "Co", "Cn")
    return "".join(
        character
        for character in value
        if character.isspace() or unicodedata.category(character) not in hidden_categories
    )


def _release_unverified(uow: UnitOfWork, email: str) -> None:
    """Take an address from an account that never verified it: the issuer says whose it is."""
    holder = uow.session.exec(
        select_rows(Person).where(
            person_table.c.email_folded == email.casefold(),
            person_table.c.email_verified_at.is_(None),
        )
    ).first()
    if holder is not None:
        release_address(uow, holder)


def _email_exists(uow: UnitOfWork, email: str) -> bool:
    return (
        uow.connection.execute(
            select(person_table.c.id).where(person_table.c.email_folded == email.casefold())
        ).first()
        is not None
    )


class UnregisteredSubject(Unauthenticated):
    """A trusted issuer's JWT is valid, but its subject has no account yet."""

    def __init__(self, issuer: str, claims: Mapping[str, object]) -> None:
        super().__init__()
        self.issuer = issuer
        self.claims = claims


def register_issuer_subject(uow: UnitOfWork, unregistered: UnregisteredSubject) -> Actor:
    """Create the person a JWT names, with the role user, and return their actor.

    Needs a unit of work that writes. Raises `Unauthenticated`.
    """
    trusted_issuer = next(
        candidate
        for candidate in settings().trusted_issuers
        if candidate.issuer == unregistered.issuer
    )
    claim_names = {
        "subject": trusted_issuer.subject_claim,
        "email": trusted_issuer.email_claim,
        "username": trusted_issuer.username_claim,
        "name": trusted_issuer.name_claim,
    }
    try:
        person = get_or_create_from_issuer(
            uow, unregistered.issuer, unregistered.claims, claim_names
        )
    except Invalid as error:
        raise Unauthenticated(f"The token {error.reason}") from None
    auth_log().info(
        "person_created_from_issuer", person=person.username, issuer=unregistered.issuer
    )
    return load_actor(uow, person, authentication_method="issuer")

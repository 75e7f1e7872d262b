"""Decide whom an email is from, and create people who write for the first time (MAIL.md, rule 3).

The name in a From header proves nothing. An address belongs to a person once it is verified; mail
from an address that only an unverified account has is from somebody new.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import bindparam, select, update

from ticket_app.core.email.incoming.headers import Address
from ticket_app.core.people.actors import (
    ROLE_PERMISSIONS_COLUMN,
    SHARED_COMPANY_COLUMN,
    build_actor,
)
from ticket_app.core.people.names import validate_name
from ticket_app.core.people.registration import create_person, find_free_username
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import person_table

MAX_NAME_LENGTH = 100


class SenderRow(ActorRow):
    """The person whom an address is registered for."""

    email_verified_at: datetime | None
    password_hash: str | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whom an address belongs to."""

    actor: Actor
    is_active: bool
    is_verified: bool


_SELECT_OWNER = select(person_table, ROLE_PERMISSIONS_COLUMN, SHARED_COMPANY_COLUMN).where(
    person_table.c.email_folded == bindparam("address")
)
_RELEASE_ADDRESS = (
    update(person_table)
    .where(person_table.c.id == bindparam("unverified_person"))
    .values(email_folded=bindparam("placeholder"))
)
_MARK_VERIFIED = (
    update(person_table)
    .where(person_table.c.id == bindparam("verified_person"))
    .values(email_verified_at=bindparam("now"))
)


def _select_owner(uow: UnitOfWork, address: str) -> SenderRow | None:
    return uow.first_row(_SELECT_OWNER, {"address": address.casefold()}, of=SenderRow)


def _owns_address(row: SenderRow) -> bool:
    """Return whether the address is theirs: it is verified, or they have nothing but it."""
    has_account = row.password_hash is not None or row.issuer is not None
    return row.email_verified_at is not None or not has_account


def find_owner(uow: UnitOfWork, address: str) -> Owner | None:
    """Return the person whom an address belongs to, case-insensitively, or None."""
    row = _select_owner(uow, address)
    if row is None or not _owns_address(row):
        return None
    is_verified = row.email_verified_at is not None
    return Owner(build_actor(row, via="email"), row.is_active, is_verified)


def has_unverified_account(uow: UnitOfWork, address: str) -> bool:
    """Return whether somebody registered an address without showing that it is theirs."""
    row = _select_owner(uow, address)
    return row is not None and not _owns_address(row)


def mark_verified(uow: UnitOfWork, person_id: int) -> None:
    """Record that a person without an account has written from their address."""
    uow.connection.execute(_MARK_VERIFIED, {"verified_person": person_id, "now": uow.now})


def create_sender(uow: UnitOfWork, sender: Address) -> Actor:
    """Create a person with the role user for an address that belongs to nobody.

    An account that registered the address without verifying it loses it until then. Raises
    `Invalid` for an address that is not valid, `Conflict`.
    """
    existing = _select_owner(uow, sender.address)
    if existing is not None:
        values = {
            "unverified_person": existing.id,
            "placeholder": f"unverified:{existing.uuid}",
        }
        uow.connection.execute(_RELEASE_ADDRESS, values)
    local_part = sender.address.partition("@")[0]
    base = re.sub(r"[^\w.@+-]+", ".", local_part).strip(".")[:100]
    if len(base) < 2 or base.isdigit():
        base = f"{base}.mail".strip(".")
    last_error: Conflict | None = None
    for name in _names_to_try(sender, base):
        first_name, _, last_name = name.partition(" ")
        try:
            person = create_person(
                uow,
                username=find_free_username(uow, base),
                email=sender.address,
                password=None,
                first_name=first_name,
                last_name=last_name,
                role=Role.USER,
                email_verified_at=uow.now,
            )
        except Conflict as error:  # the name is taken by staff, or too similar to it
            last_error = error
            continue
        row = _select_owner(uow, person.email)
        assert row is not None
        return build_actor(row, via="email")
    raise last_error or Conflict("No name was found for the sender")


def _names_to_try(sender: Address, base: str) -> Iterable[str]:
    """Yield names for a new person: their own, unless it could be mistaken for staff."""
    yield clean_name(sender.name)
    yield ""
    yield f"{base} (email)"


def clean_name(name: str) -> str:
    """Return a display name as a person's name: one line without markup, links and addresses.

    "" if nothing is left, or if it is somebody's address and not a name.
    """
    kept = "".join(
        character if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for character in name
    )
    kept = re.sub(r"[<>{}\[\]\\`|^\"]", " ", kept)
    kept = " ".join(kept.split()).strip("' ,;")[:MAX_NAME_LENGTH].strip()
    if "@" in kept or not any(character.isalpha() for character in kept):
        return ""
    try:
        return validate_name("name", kept)
    except Invalid:
        return ""


class Authenticity(Enum):
    """What the receiving server says about the domain in a From header."""

    PASSED = auto()
    FAILED = auto()
    UNKNOWN = auto()
    """It says nothing, or the domain publishes no policy."""


_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"(?i)^\s*(dmarc|spf|dkim)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)")
_PROPERTY = re.compile(r"(?i)\b(header|smtp)\s*\.\s*([a-z]+)\s*=\s*\"?([^\s;\"]+)")


def check_authenticity(
    results: Sequence[str], authserv_id: str, sender_address: str
) -> Authenticity:
    """Return what `Authentication-Results` of our own server say about the sender.

    `results` are the values of these headers, the one that was added last first. Only the topmost
    one of `authserv_id` counts: others may have come with the message.
    """
    domain = _domain_of(sender_address)
    value = next(
        (text for text in map(_without_comments, results) if _is_by(text, authserv_id)), None
    )
    if value is None:
        return Authenticity.UNKNOWN
    methods = _read_methods(value)
    stated = [(result, properties) for name, result, properties in methods if name == "dmarc"]
    if stated:
        return _read_dmarc(stated, domain)
    aligned = any(
        result == "pass" and _is_aligned(found, domain)
        for name, result, properties in methods
        for found in _domains_checked(name, properties)
    )
    if aligned:
        return Authenticity.PASSED
    return Authenticity.FAILED if methods else Authenticity.UNKNOWN


def _read_dmarc(stated: Sequence[tuple[str, dict[str, str]]], domain: str) -> Authenticity:
    for result, properties in stated:
        checked = properties.get("header.from")
        if checked is not None and _domain_of(checked) != domain:
            return Authenticity.FAILED  # the server has looked at another From than we do
        if result in ("fail", "reject", "quarantine"):
            return Authenticity.FAILED
    is_passed = all(result == "pass" for result, _ in stated)
    return Authenticity.PASSED if is_passed else Authenticity.UNKNOWN


def _without_comments(value: str) -> str:
    for _ in range(5):
        value, count = _COMMENT.subn(" ", value)
        if not count:
            break
    return value


def _is_by(value: str, authserv_id: str) -> bool:
    words = value.partition(";")[0].split()
    return bool(words) and words[0].strip('"').casefold() == authserv_id.strip().casefold()


def _read_methods(value: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return the name, the result and the properties of each method of a header."""
    found: list[tuple[str, str, dict[str, str]]] = []
    for part in value.split(";")[1:]:
        match = _RESULT.match(part)
        if match is not None:
            properties = {
                f"{item[1]}.{item[2]}".lower(): item[3].lower() for item in _PROPERTY.finditer(part)
            }
            found.append((match[1].lower(), match[2].lower(), properties))
    return found


def _domains_checked(method: str, properties: dict[str, str]) -> list[str]:
    names = ("header.d", "header.i") if method == "dkim" else ("smtp.mailfrom",)
    return [_domain_of(properties[name]) for name in names if name in properties]


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip(".<>").casefold()


def _is_aligned(domain: str, sender_domain: str) -> bool:
    """Return whether one domain is the other or below it, and not a top-level domain."""
    shorter, longer = sorted((domain, sender_domain), key=len)
    return "." in shorter and (shorter == longer or longer.endswith(f".{shorter}"))

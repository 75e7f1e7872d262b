"""Decide whom an email is from, and create people who write for the first time (MAIL.md, rule 3).

The name in a From header proves nothing. An address belongs to a person once it is verified; mail
from an address that only an unverified account has is from somebody new.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import bindparam, select

from ticket_app.core.email.incoming.headers import Address
from ticket_app.core.people.actors import (
    ROLE_PERMISSIONS_COLUMN,
    SHARED_COMPANY_COLUMN,
    build_actor,
)
from ticket_app.core.people.mail_people import create_person_for_address
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import person_table


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whom an address belongs to."""

    actor: Actor
    is_active: bool


_SELECT_OWNER = select(person_table, ROLE_PERMISSIONS_COLUMN, SHARED_COMPANY_COLUMN).where(
    person_table.c.email_folded == bindparam("address")
)
_SELECT_VERIFIED = _SELECT_OWNER.where(person_table.c.email_verified_at.is_not(None))


def find_owner(uow: UnitOfWork, address: str) -> Owner | None:
    """Return the person whom an address belongs to, case-insensitively, or None."""
    row = uow.first_row(_SELECT_VERIFIED, {"address": address.casefold()}, of=ActorRow)
    return (
        None
        if row is None
        else Owner(build_actor(row, authentication_method="email"), row.is_active)
    )


def has_unverified_account(uow: UnitOfWork, address: str) -> bool:
    """Return whether somebody registered an address without showing that it is theirs."""
    row = uow.first_row(_SELECT_OWNER, {"address": address.casefold()}, of=ActorRow)
    return row is not None and find_owner(uow, address) is None


def get_or_create_sender(uow: UnitOfWork, sender: Address) -> Actor:
    """Return the person of an address, who is created if it belongs to nobody. Raises `Invalid`."""
    person = create_person_for_address(uow, sender.name, sender.address)
    uow.flush()
    row = uow.one_row(_SELECT_VERIFIED, {"address": person.email_folded}, of=ActorRow)
    return build_actor(row, authentication_method="email")


class Authenticity(Enum):
    """What the receiving server says about the domain in a From header."""

    PASSED = auto()
    FAILED = auto()
    UNKNOWN = auto()
    """It says nothing, or the domain publishes no policy."""


_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_DIVIDES = re.compile(r"[\s;=()\"\\]")
_RESULT = re.compile(r"(?i)^\s*(dmarc|spf|dkim)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)")
_PROPERTY = re.compile(r"(?i)\b(header|smtp)\s*\.\s*([a-z]+)\s*=\s*\"?([^\s;\"]+)")


def check_authenticity(
    results: Sequence[str], authserv_id: str, sender_address: str
) -> Authenticity:
    """Return what `Authentication-Results` of our own server say about the sender.

    `results` are the values of these headers, the one that was added last first. Only the topmost
    one of `authserv_id` counts: others may have come with the message. Some servers write addresses
    into comments as they are: where the quotes in a comment make a difference, the worse reading
    counts.
    """
    domain = _domain_of(sender_address)
    value = next((text for text in results if _is_by(_without_comments(text), authserv_id)), None)
    if value is None:
        return Authenticity.UNKNOWN
    readings = {
        _read_results(_without_quotes(_without_comments(value)), domain),
        _read_results(_without_comments(_without_quotes(value)), domain),
    }
    if Authenticity.FAILED in readings:
        return Authenticity.FAILED
    return readings.pop() if len(readings) == 1 else Authenticity.UNKNOWN


def _read_results(value: str, domain: str) -> Authenticity:
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


def _without_quotes(value: str) -> str:
    """Return a header with its quoted texts as one word each: the sender may have written them."""
    return _QUOTED.sub(lambda quoted: _DIVIDES.sub("_", quoted[1]), value)


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

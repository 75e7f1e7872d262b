"""People known by their email address: whose it is, and people who only ever wrote to us."""

from __future__ import annotations

from secrets import token_hex

from sqlmodel import select as select_rows

from ticket_app.core.people.names import (
    confusable_skeleton,
    validate_email,
    validate_name,
    validate_username,
)
from ticket_app.core.people.registration import (
    UNVERIFIED_PREFIX,
    insert_person,
    is_username_free,
    lock_registration,
    suggest_username,
)
from ticket_app.core.people.staff import list_staff_full_names_and_usernames
from ticket_app.core.platform.email_addresses import is_email_address
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import settings
from ticket_app.tables import Person, person_table


def find_verified_person(uow: UnitOfWork, address: str) -> Person | None:
    """Return the person an email address belongs to, or None; upper and lower case are the same.

    An account whose address was never verified is not found: it matches no email. The person may be
    inactive (`is_active`) and may be staff (`role`); the caller decides what they may do.
    """
    if not is_email_address(address.strip()):
        return None
    person = _find_holder(uow, address)
    return person if person is not None and person.email_verified_at is not None else None


def create_person_for_address(uow: UnitOfWork, name: str, address: str) -> Person:
    """Return the person of an address that email came from or names; create them if needed.

    A new person has the role user, no password, and the verified address. An account that holds the
    address without having verified it keeps it on its page only, and matches no email. `name` is
    what the email calls the person, and may be empty: a name that is no name, or that looks like
    that of staff, is replaced. People are created one at a time, so two messages from a new sender
    make one person. Raises `Invalid` if the address is not one.
    """
    email = validate_email("email", address)
    lock_registration(uow)
    holder = _find_holder(uow, email)
    if holder is not None:
        if holder.email_verified_at is not None:
            return holder
        release_address(uow, holder)
    staff = {confusable_skeleton(known) for known in list_staff_full_names_and_usernames(uow)}
    username = _choose_username(uow, email, staff)
    first_name, _, last_name = _choose_name(name, email, staff).partition(" ")
    person = Person(
        username=username,
        username_folded=username.casefold(),
        username_skeleton=confusable_skeleton(username),
        email=email,
        email_folded=email.casefold(),
        email_verified_at=uow.now,
        first_name=first_name,
        last_name=last_name,
        full_name=f"{first_name} {last_name}".strip(),
        role=Role.USER,
        created_at=uow.now,
    )
    return insert_person(uow, person)


def must_verify_address(person: Person) -> bool:
    """Return whether a person may not sign in before their address is verified.

    Only where `TICKET_MAIL_VERIFICATION` asks for it. Trusted issuers vouch for their people.
    """
    is_vouched_for = person.email_verified_at is not None or person.issuer is not None
    return settings().mail_verification and not is_vouched_for


def release_address(uow: UnitOfWork, person: Person) -> None:
    """Let somebody else have the address of an account; it stays on the account's page."""
    person.email_folded = f"{UNVERIFIED_PREFIX}{person.uuid}"
    uow.flush()


def _find_holder(uow: UnitOfWork, address: str) -> Person | None:
    folded = address.strip().casefold()
    return uow.session.exec(
        select_rows(Person).where(person_table.c.email_folded == folded)
    ).first()


def _choose_username(uow: UnitOfWork, email: str, staff: set[str]) -> str:
    """Return a username with a random ending: the plain one is left to who registers."""
    base = suggest_username(email)
    for name in (f"{base}.{token_hex(2)}", f"{base}.{token_hex(4)}"):
        is_like_staff = confusable_skeleton(name) in staff
        if not is_like_staff and _is_username(name) and is_username_free(uow, name):
            return name
    return f"person.{token_hex(8)}"


def _is_username(name: str) -> bool:
    try:
        validate_username("username", name)
    except Invalid:
        return False
    return True


def _choose_name(name: str, email: str, staff: set[str]) -> str:
    """Return the name in an email, or one from its address; never the address itself."""
    local_part = email.rpartition("@")[0]
    for candidate in (name, local_part):
        words = " ".join(candidate.split())[:150]
        try:
            validate_name("name", words)
        except Invalid:
            continue
        if words and "@" not in words and confusable_skeleton(words) not in staff:
            return words
    return f"Customer {token_hex(3)}"

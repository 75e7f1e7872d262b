"""Show by a link in an email that an address belongs to a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlmodel import select as select_rows

from ticket_app.core.people import account_links, person_merging
from ticket_app.core.people.account_links import AccountLinkRow, LinkNotValid, LinkPurpose
from ticket_app.core.people.credentials import (
    AddressNotVerified,
    ClientInfo,
    verify_credentials,
)
from ticket_app.core.people.mail_people import release_address
from ticket_app.core.people.names import validate_email
from ticket_app.core.people.profiles import get_own_person
from ticket_app.core.people.registration import is_mail_only, lock_registration
from ticket_app.core.platform import action_limits, audit_log, secrets
from ticket_app.core.platform.errors import Conflict, Invalid, RuleViolation
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_index
from ticket_app.tables import Person, person_table

ADDRESS_TAKEN = "This email address belongs to another account"
RESEND_LIFETIME = timedelta(hours=1)
_RESEND_PURPOSE = "send the verification email again"


def verify_address(uow: UnitOfWork, token: str) -> Person:
    """Make the address that a link was sent to the address of its person, and verified.

    Everything that came by email from this address becomes theirs. Raises `LinkNotValid`,
    `Conflict` if an account that can sign in has the address.
    """
    link = account_links.use_link(uow, token, LinkPurpose.VERIFICATION)
    person = uow.session.get_one(Person, link.person_id)
    assert person.id is not None
    with audit_log.record_changes(uow, person_table, person.id):
        claim_address(uow, person, link.address)
    auth_log().info("address_verified", person=person.username)
    return person


def find_verification(uow: UnitOfWork, token: str) -> AccountLinkRow:
    """Return the link that verifies an address, without using it up. Raises `LinkNotValid`."""
    return account_links.find_link(uow, token, LinkPurpose.VERIFICATION)


def claim_address(uow: UnitOfWork, person: Person, address: str) -> None:
    """Give a person an address that was shown to be theirs. Raises `Conflict`.

    Somebody who only ever wrote from it is merged into the person; an account that never verified
    it keeps it on its page only.
    """
    assert person.id is not None
    lock_registration(uow)
    folded = address.casefold()
    holder = uow.session.exec(
        select_rows(Person)
        .where(person_table.c.email_folded == folded, person_table.c.id != person.id)
        .with_for_update()
    ).first()
    if holder is not None:
        if holder.email_verified_at is None:
            release_address(uow, holder)
        elif is_mail_only(holder):
            person_merging.merge_into(uow, holder, person)
        else:
            raise Conflict(ADDRESS_TAKEN)
    if person.email.casefold() != folded:
        person.email = folded
        uow.before_commit.append(partial(search_index.reindex_names, uow, "person", person.id))
    person.email_folded, person.email_verified_at = folded, uow.now
    uow.flush()


def request_address_change(uow: UnitOfWork, email: str) -> None:
    """Send the actor a link to a new address, which is theirs once they have followed it.

    Until then the old one goes on. The answer is the same whether or not somebody has the new
    address. Raises `Invalid`, `RateLimited`, `RuleViolation` for people of a trusted issuer.
    """
    person = get_own_person(uow)
    address = validate_email("email", email)
    if address.casefold() == person.email_folded and person.email_verified_at is not None:
        raise Invalid("email", "is your email address already")
    if person.issuer is not None:
        raise RuleViolation("Your email address comes from the organisation that you sign in with")
    action_limits.count_link_request(address.casefold(), uow.client_address)
    account_links.send_link(uow, person, LinkPurpose.VERIFICATION, address=address)


def resend_verification(uow: UnitOfWork, person_id: int, client_address: str) -> None:
    """Send the link to verify a person's address again.

    The caller has made sure that it is this person who asks. Raises `Conflict` if the address is
    verified, `RateLimited`.
    """
    person = uow.session.get_one(Person, person_id)
    if person.email_verified_at is not None:
        raise Conflict("Your email address is verified already")
    if person.is_active:
        action_limits.count_link_request(person.email.casefold(), client_address)
        account_links.send_link(uow, person, LinkPurpose.VERIFICATION)


def find_applicant(uow: UnitOfWork, username: str, password: str, client: ClientInfo) -> int:
    """Return the id of the person with these credentials, who may not be able to sign in yet.

    Raises what `verify_credentials` raises, but for an address that is not verified.
    """
    try:
        proven = verify_credentials(uow, username, password, client)
    except AddressNotVerified as error:
        return error.person_id
    assert proven.person.id is not None
    return proven.person.id


def resend_own_verification(uow: UnitOfWork) -> None:
    """Send the actor the link to verify their address again. Raises `Conflict`, `RateLimited`."""
    resend_verification(uow, uow.actor.id, uow.client_address)


def format_resend_token(person_id: int, now: datetime) -> str:
    """Return a token that lets who holds it have the verification email sent again for an hour."""
    claim = f"{person_id}.{int((now + RESEND_LIFETIME).timestamp())}"
    return f"{claim}.{secrets.sign_text(_RESEND_PURPOSE, claim)}"


def resend_by_token(uow: UnitOfWork, token: str, client_address: str) -> None:
    """Send the verification email again for `format_resend_token`.

    Raises `LinkNotValid`, `Conflict`, `RateLimited`.
    """
    claim, _, signature = token.rpartition(".")
    person_id, _, expires = claim.partition(".")
    is_genuine = secrets.verify_signature(signature, _RESEND_PURPOSE, claim)
    if not is_genuine or int(expires) < uow.now.timestamp():
        raise LinkNotValid
    resend_verification(uow, int(person_id), client_address)

"""Choose a new password by a link in an email."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import select as select_rows

from ticket_app.core.people import account_links, passwords
from ticket_app.core.people.account_links import AccountLinkRow, LinkNotValid, LinkPurpose
from ticket_app.core.people.names import validate_email
from ticket_app.core.people.sessions import end_sign_ins, revoke_all_access
from ticket_app.core.platform import action_limits, audit_log, outbox, secrets
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.tables import Person, person_table

REQUESTED_TOPIC = "account.password_reset"
"""A password reset that was asked for (`address`)."""


def request_reset(uow: UnitOfWork, email: str, client_address: str) -> None:
    """Send a link to choose a new password, if the email address belongs to an account.

    Whether it does is looked up by a job, so that the answer and its time are the same for every
    address. Raises `Invalid` for what is no address, and `RateLimited` by the address and by the
    client's network address.
    """
    address = validate_email("email", email).casefold()
    action_limits.count_link_request(address, client_address)
    outbox.enqueue(uow, REQUESTED_TOPIC, address=address)


def send_reset_link(uow: UnitOfWork, address: str) -> None:
    """Send the link to the person of an address; nothing if they cannot have a password here."""
    person = uow.session.exec(
        select_rows(Person).where(
            person_table.c.email_folded == address,
            person_table.c.is_active,
            person_table.c.issuer.is_(None),
        )
    ).first()
    if person is None:
        auth_log().info("password_reset_without_account")
        return
    account_links.send_link(uow, person, LinkPurpose.PASSWORD_RESET)
    auth_log().info("password_reset_requested", person=person.username)


def find_reset(uow: UnitOfWork, token: str) -> tuple[AccountLinkRow, Person]:
    """Return the link of a reset and its person, without using it up. Raises `LinkNotValid`."""
    link = account_links.find_link(uow, token, LinkPurpose.PASSWORD_RESET)
    person = uow.session.get_one(Person, link.person_id)
    if person.email_folded != link.address:
        raise LinkNotValid
    return link, person


def prepare_reset(uow: UnitOfWork, token: str, new_password: str) -> str:
    """Check the link and the new password; return its hash for `reset_password`.

    Reads only, because hashing takes long. Raises `LinkNotValid`, `Invalid`.
    """
    _, person = find_reset(uow, token)
    names = [person.username, person.email]
    passwords.validate_password("password", new_password, names=names)
    return secrets.hash_password(new_password)


def reset_password(uow: UnitOfWork, token: str, password_hash: str) -> None:
    """Set the new password, use the link up, and end every session of the person.

    The link reached the address, so this verifies it. If nothing showed before whose address it is,
    API tokens are revoked too: somebody else may have made them. Raises `LinkNotValid`.
    """
    find_reset(uow, token)
    link = account_links.use_link(uow, token, LinkPurpose.PASSWORD_RESET)
    person = uow.session.get_one(Person, link.person_id)
    account_links.end_links(uow, link.person_id, LinkPurpose.INVITATION)
    if person.email_verified_at is None:
        account_links.end_links(uow, link.person_id, LinkPurpose.VERIFICATION)
        revoke_all_access(uow, link.person_id, "password reset")
    else:
        end_sign_ins(uow, link.person_id, "password reset")
    uow.connection.execute(
        update(person_table)
        .where(person_table.c.id == link.person_id)
        .values(password_hash=password_hash, email_verified_at=person.email_verified_at or uow.now)
    )
    auth_log().info("password_reset", person=person.username)
    audit_log.record(
        uow,
        AuditKind.SIGN_IN,
        AuditAction.PASSWORD_CHANGED,
        subject_type="person",
        subject_id=link.person_id,
        subject_name=person.full_name,
        actor=(link.person_id, person.full_name),
    )

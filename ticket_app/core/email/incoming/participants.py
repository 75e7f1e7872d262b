"""Make the people in To and Cc of an email follow its ticket (MAIL.md, rule 3)."""

from __future__ import annotations

from collections.abc import Collection

from ticket_app.core.email.incoming import blocking, senders
from ticket_app.core.email.incoming.headers import Address
from ticket_app.core.email.incoming.source import ParsedEmail
from ticket_app.core.email.own_addresses import is_own_address
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform.email_addresses import is_email_address
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import Ticket

MAX_FOLLOWERS = 30
"""People whom one ticket's emails can make followers, so that nobody reaches thousands with one."""


def add_followers(
    uow: UnitOfWork, ticket: Ticket, email: ParsedEmail, own_addresses: Collection[str]
) -> None:
    """Make everybody in To and Cc a follower, but the sender, the requester and our own addresses.

    Addresses of accounts that have not verified them are left out: the mail is not theirs to read.
    """
    assert ticket.id is not None
    sender = email.sender.address.casefold() if email.sender else ""
    seen = {sender}
    room = MAX_FOLLOWERS - len(followers.list_followers(uow, ticket.id, limit=MAX_FOLLOWERS))
    for address in (*email.to, *email.cc):
        folded = address.address.casefold()
        if folded in seen or is_own_address(folded, own_addresses):
            continue
        seen.add(folded)
        if room <= 0 or not is_email_address(folded) or blocking.is_blocked(uow, folded):
            continue
        person_id = find_or_create_person(uow, address)
        if person_id is not None and person_id != ticket.requester_id:
            followers.follow(uow, ticket.id, person_id, FollowReason.CC)
            room -= 1


def find_or_create_person(uow: UnitOfWork, address: Address) -> int | None:
    """Return the id of an address's person, who is created if nobody has it.

    None if they are inactive, or if an account has the address without having verified it.
    """
    owner = senders.find_owner(uow, address.address)
    if owner is not None:
        return owner.actor.id if owner.is_active else None
    if senders.has_unverified_account(uow, address.address):
        return None
    try:
        with uow.savepoint():
            return senders.get_or_create_sender(uow, address).id
    except DomainError:
        return None  # no name could be given to them; the email is kept without

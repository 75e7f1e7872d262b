"""People in Cc of a ticket: staff add and remove them."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import getaddresses

from sqlalchemy import bindparam, select

from ticket_app.core.email.incoming import blocking
from ticket_app.core.email.incoming.headers import Address
from ticket_app.core.email.incoming.mailboxes import list_addresses
from ticket_app.core.email.incoming.participants import MAX_FOLLOWERS, find_or_create_person
from ticket_app.core.email.outgoing import failures, unsubscribing
from ticket_app.core.email.outgoing.conversation import safe_name
from ticket_app.core.email.own_addresses import is_own_address
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform import action_limits
from ticket_app.core.platform.email_addresses import is_email_address
from ticket_app.core.platform.errors import Invalid, NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.tickets import fields, locking, ticket_lookup
from ticket_app.core.tickets.changing import changing
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, follower_table, person_table

MAX_ADDED_PER_HOUR = 60
"""How many people one member of staff may add to Cc within an hour, so that nobody sends spam."""
FIELD = "address"
DROPPED_REASON = "The recipient was removed from Cc of this ticket"


class _PersonRow:
    id: int
    full_name: str
    email: str
    role: str


_SELECT_PERSON = select(*(person_table.c[name] for name in _PersonRow.__annotations__)).where(
    person_table.c.id == bindparam("person_id"), person_table.c.is_active
)
_SELECT_COPIED_NAMES = (
    select(person_table.c.full_name)
    .select_from(follower_table.join(person_table, person_table.c.id == follower_table.c.person_id))
    .where(
        follower_table.c.ticket_id == bindparam("ticket_id"),
        follower_table.c.person_id != bindparam("own_id"),
        follower_table.c.reason == FollowReason.CC,
        follower_table.c.unfollowed_at.is_(None),
        person_table.c.is_active,
    )
    .order_by(follower_table.c.id)
    .limit(MAX_FOLLOWERS)
)


def add_person(uow: UnitOfWork, reference: str | int, person_id: int) -> Ticket:
    """Add a known person to Cc of a ticket; return the ticket.

    From then on they are emailed its public conversation. Raises `NotFound`, `Forbidden`,
    `Invalid`, `RuleViolation`, `RateLimitExceeded`.
    """
    ticket = _lock(uow, reference)
    person = _get_person(uow, person_id)
    if not Role(person.role).is_staff:
        _count_added(uow)
    _add(uow, ticket, person)
    return ticket


def add_address(uow: UnitOfWork, reference: str | int, text: str) -> Ticket:
    """Add an address (`nia@example.com` or `Nia Cole <nia@example.com>`) to Cc of a ticket.

    Whoever has the address is added; if nobody has, a person without a password is created, as for
    an email from it. Returns the ticket. Raises `NotFound`, `Forbidden`, `Invalid`,
    `RuleViolation`, `RateLimitExceeded`.
    """
    ticket = _lock(uow, reference)
    address = parse_address(uow, text)
    _count_added(uow)
    if (person_id := find_or_create_person(uow, address)) is None:
        raise Invalid(FIELD, "belongs to an account that is inactive or has not confirmed it")
    _add(uow, ticket, _get_person(uow, person_id))
    return ticket


def parse_address(uow: UnitOfWork, text: str) -> Address:
    """Return the name and the address in a text.

    Raises `Invalid` unless it is one valid address that is not blocked, undeliverable or our own.
    """
    addresses = getaddresses([text.strip()]) if text.isprintable() else []
    name, address = addresses[0] if len(addresses) == 1 else ("", "")
    if not is_email_address(address):
        raise Invalid(FIELD, "must be an email address, such as name@example.com")
    if is_own_address(address, [box.address_folded for box in list_addresses(uow)]):
        raise Invalid(FIELD, "must not be the help desk's own address")
    if blocking.is_blocked(uow, address):
        raise Invalid(FIELD, "is blocked, as is email from it")
    if failures.is_undeliverable(uow, address):
        raise Invalid(FIELD, "is undeliverable. An administrator can clear it")
    return Address(name, address)


def remove_person(uow: UnitOfWork, reference: str | int, person_id: int) -> Ticket:
    """Take a person out of Cc of a ticket; return the ticket.

    Email about it that waits for them or has failed is dropped. Raises `NotFound` (also if they
    are not in Cc), `Forbidden`, `RuleViolation`.
    """
    ticket = _lock(uow, reference)
    assert ticket.id is not None
    if not followers.remove_copied(uow, ticket.id, person_id):
        raise NotFound("Person in Cc")
    unsubscribing.drop_unsent_email(uow, ticket.id, person_id, reason=DROPPED_REASON)
    statement = select(person_table.c.full_name, person_table.c.email).where(
        person_table.c.id == person_id
    )
    person = uow.connection.execute(statement).one()
    _record(uow, ticket, old=describe(person.full_name, person.email))
    return ticket


def list_copied_names(uow: UnitOfWork, reference: str | int) -> Sequence[str]:
    """Return the names of the other people in Cc, for whoever may read the ticket; no addresses.

    Raises `NotFound`.
    """
    ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    values = {"ticket_id": ticket.id, "own_id": uow.actor.id}
    return [
        safe_name(name) for name in uow.connection.execute(_SELECT_COPIED_NAMES, values).scalars()
    ]


def describe(name: str, address: str) -> str:
    """Return a person as the timeline names them: with their address."""
    return f"{name} <{address}>" if name else address


def _lock(uow: UnitOfWork, reference: str | int) -> Ticket:
    ticket = locking.lock_ticket(uow, reference)
    uow.actor.require("work_tickets", "change who is in Cc")
    locking.ensure_not_merged(uow, ticket)
    return ticket


def _get_person(uow: UnitOfWork, person_id: int) -> _PersonRow:
    person = uow.first_row(_SELECT_PERSON, {"person_id": person_id}, of=_PersonRow)
    if person is None:
        raise NotFound("Person")
    return person


def _count_added(uow: UnitOfWork) -> None:
    action_limits.count_action(
        MAX_ADDED_PER_HOUR,
        "copied_address",
        str(uow.actor.id),
        message="You have added too many people to Cc within an hour. Try again later",
    )


def _add(uow: UnitOfWork, ticket: Ticket, person: _PersonRow) -> None:
    assert ticket.id is not None
    if person.id == ticket.requester_id:
        raise Invalid(FIELD, "belongs to the requester, who gets every reply")
    if followers.is_following(uow, ticket.id, person.id):
        raise Invalid(FIELD, "belongs to a person who follows the ticket already")
    if followers.has_unfollowed(uow, ticket.id, person.id):
        raise RuleViolation(f"{person.full_name} has stopped email about this ticket")
    if len(followers.list_followers(uow, ticket.id, limit=MAX_FOLLOWERS)) >= MAX_FOLLOWERS:
        raise RuleViolation(f"A ticket has at most {MAX_FOLLOWERS} followers")
    followers.follow(uow, ticket.id, person.id, FollowReason.CC)
    _record(uow, ticket, new=describe(person.full_name, person.email))


def _record(
    uow: UnitOfWork, ticket: Ticket, *, old: str | None = None, new: str | None = None
) -> None:
    assert ticket.id is not None
    timeline.record_change(uow, ticket.id, fields.COPIED_PERSON, old, new)
    with changing(uow, ticket):
        pass

"""Links that are sent to people by email: each works once, until it expires.

The database keeps the hash of a link's token. The token itself goes encrypted through the outbox to
the job that writes the email.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, bindparam, exists, insert, or_, select, update

from ticket_app.core.platform import outbox, secrets
from ticket_app.core.platform.batch_deletes import delete_batch
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import Person, account_link_table, person_table

EMAIL_TOPIC = "email.account"
"""An account link to be sent (`person_id`, `purpose`, `address`, `token`, `ticket_id`)."""
_TOKEN_PURPOSE = "account link in the outbox"  # noqa: S105


class LinkPurpose(StrEnum):
    """What a link lets the person who receives it do."""

    PASSWORD_RESET = "password_reset"  # noqa: S105
    INVITATION = "invitation"
    VERIFICATION = "verification"
    RATING = "rating"


LIFETIMES = {
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.VERIFICATION: timedelta(days=7),
    LinkPurpose.RATING: timedelta(days=7),
}
"""How long each link works."""
EMAIL_KINDS = {
    LinkPurpose.PASSWORD_RESET: "password_reset",
    LinkPurpose.INVITATION: "invitation",
    LinkPurpose.VERIFICATION: "verification",
    LinkPurpose.RATING: "rating_request",
}
"""The kind of the email that each link is sent by."""
RETENTION = timedelta(days=30)
"""How long the row of a link is kept after the link has expired."""
RATING_RETENTION = timedelta(days=365)
"""The row of a rating link shows meanwhile that its ticket was asked about."""


class LinkNotValid(RuleViolation):
    """A link was used, has expired, was replaced by a newer one or never existed."""

    def __init__(self) -> None:
        super().__init__("This link has expired or has been used. Ask for a new one")


class AccountLinkRow:
    """A link that works, and the person it was sent to."""

    id: int
    person_id: int
    address: str
    ticket_id: int | None
    created_by_id: int | None
    expires_at: datetime


_IS_OPEN = (
    account_link_table.c.used_at.is_(None),
    account_link_table.c.expires_at > bindparam("now"),
)
_SELECT_LINK = (
    select(*(account_link_table.c[name] for name in AccountLinkRow.__annotations__))
    .select_from(
        account_link_table.join(person_table, person_table.c.id == account_link_table.c.person_id)
    )
    .where(
        account_link_table.c.token_hash == bindparam("hash"),
        account_link_table.c.purpose == bindparam("wanted_purpose"),
        person_table.c.is_active,
        *_IS_OPEN,
    )
)
_USE_LINK = (
    update(account_link_table)
    .where(account_link_table.c.id == bindparam("link_id"), *_IS_OPEN)
    .values(used_at=bindparam("now"))
)
_END_LINKS = (
    update(account_link_table)
    .where(
        account_link_table.c.person_id == bindparam("of_person"),
        account_link_table.c.purpose == bindparam("of_purpose"),
        or_(
            account_link_table.c.ticket_id == bindparam("of_ticket"),
            bindparam("of_ticket") == 0,
        ),
        *_IS_OPEN,
    )
    .values(expires_at=bindparam("now"))
)


def send_link(
    uow: UnitOfWork,
    person: Person,
    purpose: LinkPurpose,
    *,
    address: str | None = None,
    ticket_id: int | None = None,
) -> None:
    """Send a person a link by email, to another address than theirs if one is given.

    Links with the same purpose (and ticket) that were sent before end.
    """
    assert person.id is not None
    end_links(uow, person.id, purpose, ticket_id=ticket_id)
    recipient = (address or person.email).casefold()
    token = secrets.new_token()
    uow.connection.execute(
        insert(account_link_table),
        {
            "person_id": person.id,
            "purpose": purpose,
            "token_hash": secrets.hash_token(token),
            "address": recipient,
            "ticket_id": ticket_id,
            "created_by_id": uow.actor.id if uow.has_actor else None,
            "created_at": uow.now,
            "expires_at": uow.now + LIFETIMES[purpose],
        },
    )
    outbox.enqueue(
        uow,
        EMAIL_TOPIC,
        person_id=person.id,
        purpose=purpose,
        address=recipient,
        token=secrets.encrypt(_TOKEN_PURPOSE, token.encode()).decode(),
        ticket_id=ticket_id,
        sender_id=uow.actor.id if uow.has_actor else None,
    )


def decrypt_token(encrypted: str) -> str | None:
    """Return the token in a message of `EMAIL_TOPIC`; None once the secret key has changed."""
    token = secrets.decrypt(_TOKEN_PURPOSE, encrypted.encode())
    return token.decode() if token is not None else None


def find_link(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> AccountLinkRow:
    """Return the link with this token, without using it up. Raises `LinkNotValid`."""
    values = {"hash": secrets.hash_token(token), "wanted_purpose": purpose, "now": uow.now}
    row = uow.first_row(_SELECT_LINK, values, of=AccountLinkRow)
    if row is None:
        raise LinkNotValid
    return row


def use_link(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> AccountLinkRow:
    """Use a link up and return it. Raises `LinkNotValid`, also for the second of two at once."""
    link = find_link(uow, token, purpose)
    result = uow.connection.execute(_USE_LINK, {"link_id": link.id, "now": uow.now})
    if not result.rowcount:
        raise LinkNotValid
    return link


def end_links(
    uow: UnitOfWork, person_id: int, purpose: LinkPurpose, *, ticket_id: int | None = None
) -> None:
    """End the links that a person was sent for a purpose, about one ticket if it is given."""
    values = {
        "of_person": person_id,
        "of_purpose": purpose,
        "of_ticket": ticket_id or 0,
        "now": uow.now,
    }
    uow.connection.execute(_END_LINKS, values)


def delete_expired_batch(uow: UnitOfWork) -> int:
    """Delete a batch of rows of links that expired long ago; return how many.

    Invitations that were not accepted stay, so that they can be sent again.
    """
    links = account_link_table.c
    is_invited = exists().where(
        person_table.c.id == links.person_id,
        person_table.c.password_hash.is_(None),
        person_table.c.is_active,
    )
    is_expired = and_(
        links.expires_at <= uow.now - RETENTION,
        or_(
            links.purpose != LinkPurpose.RATING,
            links.expires_at <= uow.now - RATING_RETENTION,
        ),
        ~and_(links.purpose == LinkPurpose.INVITATION, links.used_at.is_(None), is_invited),
    )
    return delete_batch(uow, account_link_table, is_expired)

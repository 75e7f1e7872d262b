"""Merge a person who only ever wrote by email into the account that their address belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import ColumnElement, Select, and_, exists, select, union, update

from ticket_app.core.people.mail_people import release_address
from ticket_app.core.people.sessions import revoke_all_access
from ticket_app.core.platform import audit_log
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search import search_index
from ticket_app.tables import (
    Person,
    account_link_table,
    attachment_table,
    contact_table,
    entry_table,
    follower_table,
    incoming_email_table,
    notification_table,
    outgoing_email_table,
    person_table,
    ticket_table,
)

BATCH_SIZE = 500
"""How many tickets, or rows of another table, one statement changes."""

_TICKET_COLUMNS = (
    ticket_table.c.requester_id,
    ticket_table.c.created_by_id,
    ticket_table.c.last_comment_by_id,
)
_OWN_COLUMNS = (
    (attachment_table.c.id, attachment_table.c.uploader_id),
    (contact_table.c.id, contact_table.c.person_id),
    (incoming_email_table.c.id, incoming_email_table.c.person_id),
    (outgoing_email_table.c.id, outgoing_email_table.c.person_id),
    (account_link_table.c.id, account_link_table.c.person_id),
)
"""Other columns that name the person, with the id of their row; each has an index."""


def merge_into(uow: UnitOfWork, mail_person: Person, account: Person) -> None:
    """Move everything of a person to an account, and deactivate the person.

    Tickets, what they wrote, files, followed tickets, contacts, email and notifications move; the
    caller gives the account the address. All in this transaction, in batches.
    """
    old_id, new_id = mail_person.id, account.id
    assert old_id is not None
    assert new_id is not None
    ticket_ids = _list_ticket_ids(uow, old_id)
    for batch in _batches(ticket_ids):
        for column in _TICKET_COLUMNS:
            _replace(uow, column, old_id, new_id, ticket_table.c.id.in_(batch))
        in_batch = entry_table.c.ticket_id.in_(batch)
        _replace(uow, entry_table.c.actor_id, old_id, new_id, in_batch)
        _replace(
            uow,
            notification_table.c.actor_id,
            old_id,
            new_id,
            notification_table.c.ticket_id.in_(batch),
        )
    for id_column, column in _OWN_COLUMNS:
        for batch in _batches(_list_ids(uow, select(id_column).where(column == old_id))):
            _replace(uow, column, old_id, new_id, id_column.in_(batch))
    _move_followed(uow, old_id, new_id)
    if account.company_id is None:
        account.company_id = mail_person.company_id
    with audit_log.record_changes(uow, person_table, old_id):
        revoke_all_access(uow, old_id, "merged into another account")
        mail_person.is_active = False
        mail_person.email_verified_at = None
        release_address(uow, mail_person)
    uow.before_commit.append(partial(search_index.reindex_names, uow, "person", new_id))
    auth_log().info(
        "person_merged", person=mail_person.username, into=account.username, tickets=len(ticket_ids)
    )


def _list_ticket_ids(uow: UnitOfWork, person_id: int) -> Sequence[int]:
    """Return the tickets that a person requested, follows or wrote to by email, in the trash too.

    Each part of the query has an index.
    """
    is_requester = ticket_table.c.requester_id == person_id
    parts = (
        select(ticket_table.c.id).where(is_requester, ticket_table.c.deleted_at.is_(None)),
        select(ticket_table.c.id).where(is_requester, ticket_table.c.deleted_at.is_not(None)),
        select(follower_table.c.ticket_id).where(follower_table.c.person_id == person_id),
        select(incoming_email_table.c.ticket_id).where(
            incoming_email_table.c.person_id == person_id,
            incoming_email_table.c.ticket_id.is_not(None),
        ),
    )
    return sorted(uow.connection.execute(union(*parts)).scalars())


def _list_ids(uow: UnitOfWork, statement: Select[int]) -> Sequence[int]:
    return uow.connection.execute(statement).scalars().all()


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH_SIZE):
        yield ids[start : start + BATCH_SIZE]


def _replace(
    uow: UnitOfWork,
    column: ColumnElement[int],
    old_id: int,
    new_id: int,
    condition: ColumnElement[bool],
) -> None:
    table = column.table
    uow.connection.execute(
        update(table).where(condition, column == old_id).values({column.name: new_id})
    )


def _move_followed(uow: UnitOfWork, old_id: int, new_id: int) -> None:
    """Move what there may be once for each person: followed tickets, and notifications."""
    other_follower = follower_table.alias("other_follower")
    is_followed = exists().where(
        other_follower.c.person_id == new_id,
        other_follower.c.ticket_id == follower_table.c.ticket_id,
    )
    other_notification = notification_table.alias("other_notification")
    is_notified = exists().where(
        other_notification.c.person_id == new_id,
        other_notification.c.entry_id == notification_table.c.entry_id,
        other_notification.c.kind == notification_table.c.kind,
    )
    for table, is_there in ((follower_table, is_followed), (notification_table, is_notified)):
        movable = select(table.c.id).where(and_(table.c.person_id == old_id, ~is_there))
        for batch in _batches(_list_ids(uow, movable)):
            _replace(uow, table.c.person_id, old_id, new_id, table.c.id.in_(batch))

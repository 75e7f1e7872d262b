"""Send held replies when their time has come."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select

from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import commenting, held_replies
from ticket_app.core.conversation.commenting import AddedComment
from ticket_app.core.conversation.held_replies import HeldReplyRow
from ticket_app.core.people.actors import (
    ROLE_PERMISSIONS_COLUMN,
    SHARED_COMPANY_COLUMN,
    build_actor,
)
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Forbidden
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import locking, status_changes
from ticket_app.core.timeline import drafts
from ticket_app.tables import person_table

CHANNEL = "web"
"""What held replies were written in: replies of APIs and emails are never held."""
_SELECT_AUTHOR = select(person_table, ROLE_PERMISSIONS_COLUMN, SHARED_COMPANY_COLUMN).where(
    person_table.c.id == bindparam("author"), person_table.c.is_active
)


def release(uow: UnitOfWork, uuid: UUID) -> AddedComment | None:
    """Add a due reply to its ticket in the name of its author, with its files and status.

    Returns None if it no longer waits, or not so long as that. What its author may no longer do
    raises the error of the rule; call `record_failure` then, in a transaction of its own.
    """
    row = held_replies.find_waiting(uow, uuid)
    if row is None or row.send_at > uow.now:
        return None
    with uow.as_system():
        uow.actor, uow.channel = _load_author(uow, row.author_id), CHANNEL
        return _send(uow, row)


def send_now(uow: UnitOfWork, uuid: UUID) -> AddedComment:
    """Add one of the actor's held replies to its ticket before its time.

    Raises `NotFound`, `Conflict` (it no longer waits), and what adding a comment raises.
    """
    added = _send(uow, held_replies.get_own(uow, uuid))
    if added is None:
        raise Conflict(held_replies.NO_LONGER_WAITING)
    return added


def _load_author(uow: UnitOfWork, person_id: int) -> Actor:
    person = uow.first_row(_SELECT_AUTHOR, {"author": person_id}, of=ActorRow)
    if person is None:
        raise Forbidden("The account of its author is inactive.")
    actor = build_actor(person)
    actor.require("work_tickets", "reply to tickets as staff")
    return actor


def _send(uow: UnitOfWork, row: HeldReplyRow) -> AddedComment | None:
    # The ticket is locked first, as by a message of the requester, which may cancel the reply.
    ticket = locking.lock_ticket(uow, row.ticket_id)
    if held_replies.find_waiting(uow, row.uuid) is None:
        return None
    added = commenting.post_comment(
        uow, ticket, row.content, text_format=TextFormat(row.text_format)
    )
    place = held_replies.draft_place_of_held_reply(row.uuid)
    attachments.attach_draft_files(uow, added.ticket, place, entry_id=added.entry_id)
    drafts.discard_draft(uow, place)
    new_status = held_replies.new_status_of(row)
    if new_status is not None:
        uow.flush()
        status_changes.change_status(uow, added.ticket, new_status)
    if not held_replies.mark_sent(uow, row.uuid, added.entry_id):
        raise Conflict(held_replies.NO_LONGER_WAITING)
    return added


def record_failure(uow: UnitOfWork, uuid: UUID, reason: str) -> None:
    """Record why a reply could not be sent, and notify its author."""
    row = held_replies.find_waiting(uow, uuid)
    if row is not None:
        held_replies.mark_failed(uow, row, reason)

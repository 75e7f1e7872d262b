"""Record that the caller has read a ticket, when a request returns it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ticket_app.core.notifications import notifications
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work


def mark_read_after_commit(uow: UnitOfWork, ticket_id: int) -> None:
    """Mark the caller's notifications about a ticket as read, once the request has succeeded.

    Call it before reading what is returned, so that nothing newer is marked. The transaction of a
    GET cannot write: only if something is unread, another one does, before the response is sent.
    """
    unread_ids = notifications.list_unread_ids(uow, ticket_id)
    if unread_ids:
        uow.after_commit.append(partial(_mark_read, uow.actor, unread_ids))


def _mark_read(actor: Actor, notification_ids: Sequence[int]) -> None:
    try:
        with open_unit_of_work(writes=True, actor=actor) as uow:
            notifications.mark_read_by_ids(uow, notification_ids)
    except Exception as error:  # noqa: BLE001 - the ticket was read, and is returned all the same
        log().warning("notifications_stay_unread", actor_id=actor.id, reason=repr(error)[:200])

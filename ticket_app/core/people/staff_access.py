"""What ends when a person is no longer a member of staff, or is deactivated."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, update

from ticket_app.core.people.account_links import EMAIL_KINDS
from ticket_app.core.platform.email_states import DeliveryState, EmailState
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import follower_table, notification_table, outgoing_email_table

DROPPED_REASON = "The recipient is no longer staff, or was deactivated"

_DELETE_FOLLOWED = delete(follower_table).where(
    follower_table.c.person_id == bindparam("former_staff")
)
_DROP_NOTIFICATIONS = (
    update(notification_table)
    .where(
        notification_table.c.person_id == bindparam("recipient_id"),
        notification_table.c.email_state == EmailState.WAITING,
    )
    .values(email_state=EmailState.DROPPED)
)
_DROP_EMAILS = (
    update(outgoing_email_table)
    .where(
        outgoing_email_table.c.person_id == bindparam("recipient_id"),
        outgoing_email_table.c.state != DeliveryState.SENT,
        outgoing_email_table.c.kind.not_in(EMAIL_KINDS.values()),
    )
    .values(state=DeliveryState.DROPPED, next_try_at=None, reason=DROPPED_REASON)
)


def end_staff_notifications(uow: UnitOfWork, person_id: int) -> None:
    """Unfollow all tickets for a person who is no longer staff, and drop their waiting email.

    They would otherwise go on hearing of tickets that they may not see any more.
    """
    uow.connection.execute(_DELETE_FOLLOWED, {"former_staff": person_id})
    drop_waiting_email(uow, person_id)


def drop_waiting_email(uow: UnitOfWork, person_id: int) -> None:
    """Drop the email about tickets that a person has not got, written or not.

    What was written for staff contains internal notes, so that it is not sent again either, also
    if it had failed or was dropped before. Account links are not dropped.
    """
    uow.connection.execute(_DROP_NOTIFICATIONS, {"recipient_id": person_id})
    uow.connection.execute(_DROP_EMAILS, {"recipient_id": person_id})

"""The conditions that lists, counts, reports and exports share, each defined once.

Each condition is SQL over `ticket`. Those of its status are in `core.platform.ticket_status`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from ticket_app.tables import notification_table, snooze_table, ticket_table

UNASSIGNED: Final[ColumnElement[bool]] = ticket_table.c.assignee_id.is_(None)
ASSIGNED: Final[ColumnElement[bool]] = ticket_table.c.assignee_id.is_not(None)
ANSWERED: Final[ColumnElement[bool]] = ticket_table.c.first_response_at.is_not(None)
RATED: Final[ColumnElement[bool]] = ticket_table.c.satisfaction_rating.is_not(None)
REOPENED: Final[ColumnElement[bool]] = ticket_table.c.reopened_count > 0
RESOLVED_ONCE: Final[ColumnElement[bool]] = or_(ticket_table.c.resolved_at.is_not(None), REOPENED)
"""Resolved now or at some time before it was reopened."""
HAS_PUBLIC_FILES: Final[ColumnElement[bool]] = ticket_table.c.attachments_count > 0
HAS_FILES: Final[ColumnElement[bool]] = or_(
    HAS_PUBLIC_FILES, ticket_table.c.internal_attachments_count > 0
)
UNREAD: Final[ColumnElement[bool]] = ticket_table.c.id.in_(
    select(notification_table.c.ticket_id).where(
        notification_table.c.person_id == bindparam("reader_id"),
        notification_table.c.read_at.is_(None),
        notification_table.c.is_in_app,
        notification_table.c.ticket_id.is_not(None),
    )
)
"""Has unread notifications of the person with the id `reader_id`."""
SNOOZED: Final[ColumnElement[bool]] = exists().where(
    snooze_table.c.person_id == bindparam("snoozer_id"),
    snooze_table.c.ticket_id == ticket_table.c.id,
    snooze_table.c.until > bindparam("now"),
)
"""Put aside by the person `snoozer_id` until after `now`."""

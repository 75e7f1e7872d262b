"""Show a writer the messages that arrived since they began, before theirs is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, literal, null, select, union_all

from ticket_app.core.platform.errors import Conflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.tables import Ticket, entry_table, held_reply_table, person_table

MAX_SHOWN = 5
WAITING_STATE = "waiting"
"""`HeldState.WAITING` of `held_replies`, which calls this module."""


@dataclass(frozen=True, slots=True)
class SeenMessages:
    """The last public message that a writer has seen, and the last reply on its way.

    `held_id` is that of a held reply of a colleague that the writer was shown before it was sent.
    """

    entry_id: int
    held_id: int = 0


class NewerMessage:
    """A public message by somebody else; of a reply that is being sent, `entry_id` is None."""

    entry_id: int | None
    held_id: int | None
    at: datetime
    body: str
    body_format: str
    author_name: str
    author_username: str
    by_staff: bool


class NewerMessages(Conflict):
    """Somebody else wrote since the writer looked; `seen` acknowledges the `messages`."""

    def __init__(self, messages: Sequence[NewerMessage], seen: SeenMessages) -> None:
        super().__init__(f"{messages[-1].author_name} has replied in the meantime")
        self.messages = messages
        self.seen = seen


_IS_PUBLIC_MESSAGE = (
    (entry_table.c.ticket_id == bindparam("on_ticket"))
    & (entry_table.c.kind == EntryKind.COMMENT)
    & (entry_table.c.audience == Audience.PUBLIC)
    & entry_table.c.deleted_at.is_(None)
)
_WAS_SHOWN_AS_HELD = exists().where(
    held_reply_table.c.ticket_id == bindparam("on_ticket"),
    held_reply_table.c.id <= bindparam("seen_held_id"),
    held_reply_table.c.entry_id == entry_table.c.id,
)
_SELECT_SENT = (
    select(
        entry_table.c.id.label("entry_id"),
        null().label("held_id"),
        entry_table.c.at,
        entry_table.c.body,
        entry_table.c.body_format,
        person_table.c.full_name.label("author_name"),
        person_table.c.username.label("author_username"),
        entry_table.c.by_staff,
    )
    .select_from(entry_table.join(person_table, person_table.c.id == entry_table.c.actor_id))
    .where(
        _IS_PUBLIC_MESSAGE,
        entry_table.c.id > bindparam("seen_entry_id"),
        entry_table.c.actor_id != bindparam("writer_id"),
        ~_WAS_SHOWN_AS_HELD,
    )
)
_SELECT_BEING_SENT = (
    select(
        null().label("entry_id"),
        held_reply_table.c.id.label("held_id"),
        held_reply_table.c.created_at.label("at"),
        held_reply_table.c.content.label("body"),
        held_reply_table.c.text_format.label("body_format"),
        person_table.c.full_name.label("author_name"),
        person_table.c.username.label("author_username"),
        literal(True).label("by_staff"),
    )
    .select_from(
        held_reply_table.join(person_table, person_table.c.id == held_reply_table.c.author_id)
    )
    .where(
        held_reply_table.c.ticket_id == bindparam("on_ticket"),
        held_reply_table.c.state == WAITING_STATE,
        ~held_reply_table.c.is_scheduled,
        held_reply_table.c.id > bindparam("seen_held_id"),
        held_reply_table.c.author_id != bindparam("writer_id"),
    )
)
_NEWER = union_all(_SELECT_SENT, _SELECT_BEING_SENT).subquery()
_SELECT_NEWER = select(_NEWER).order_by(
    _NEWER.c.at, _NEWER.c.entry_id.is_(None), _NEWER.c.entry_id, _NEWER.c.held_id
)
_SELECT_LAST_ID = select(func.max(entry_table.c.id)).where(_IS_PUBLIC_MESSAGE)


def take_seen_messages(uow: UnitOfWork, ticket_id: int) -> SeenMessages:
    """Return what a person has seen who looks at a ticket now."""
    last_id = uow.connection.execute(_SELECT_LAST_ID, {"on_ticket": ticket_id}).scalar_one()
    return SeenMessages(last_id or 0)


def ensure_none_newer(uow: UnitOfWork, ticket: Ticket, seen: SeenMessages | None) -> None:
    """Raise `NewerMessages` if somebody else wrote a public message that the actor has not seen.

    The ticket must be locked, so that of two who send at once the second one is asked. A reply
    that a colleague can still take back counts as well. None asks nothing.
    """
    if seen is None:
        return
    values = {
        "on_ticket": ticket.id,
        "seen_entry_id": seen.entry_id,
        "seen_held_id": seen.held_id,
        "writer_id": uow.actor.id,
    }
    rows = uow.all_rows(_SELECT_NEWER, values, of=NewerMessage)
    if rows:
        last_entry_id = max((row.entry_id or 0 for row in rows), default=0)
        last_held_id = max((row.held_id or 0 for row in rows), default=0)
        acknowledged = SeenMessages(
            max(seen.entry_id, last_entry_id), max(seen.held_id, last_held_id)
        )
        raise NewerMessages(rows[-MAX_SHOWN:], acknowledged)

"""Hold replies for a while: for "undo send", or until a time that their author chose.

A held reply is not part of the conversation: nothing that reads the timeline knows of it. Its files
are those of a draft of its own. `held_release.release` makes it a comment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select, update

from ticket_app.core.conversation import newer_messages
from ticket_app.core.conversation.newer_messages import SeenMessages
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.people import profiles
from ticket_app.core.platform import ticket_numbers, validators
from ticket_app.core.platform.access_policy import visibility_condition, visibility_parameters
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status, TextFormat
from ticket_app.core.tickets import locking, status_changes
from ticket_app.core.timeline import drafts
from ticket_app.tables import HeldReply, Ticket, held_reply_table, person_table, ticket_table

DEFAULT_UNDO_SECONDS = 10
MAX_UNDO_SECONDS = 30
UNDO_SECONDS_PREFERENCE = "undo_send_seconds"
MAX_SCHEDULE_AHEAD = timedelta(days=365)
MAX_WAITING = 20
"""How many replies of one person may wait on one ticket."""
MAX_LISTED = 50
NEW_STATUS = "status_when_sent"
"""The name of the status to set among the arguments of a held reply."""
REQUESTER_WROTE_FIRST = "The requester wrote first."
ALREADY_SENT = "This reply was already sent."
NO_LONGER_WAITING = "This reply is no longer waiting to be sent."


class HeldState(StrEnum):
    """What became of a held reply."""

    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class HeldReplyRow:
    """A held reply with the name of its author and the numbers of its ticket."""

    id: int
    uuid: UUID
    ticket_id: int
    author_id: int
    content: str
    text_format: str
    arguments: Mapping[str, object]
    is_scheduled: bool
    is_cancelled_by_reply: bool
    send_at: datetime
    state: str
    reason: str | None
    created_at: datetime
    author_name: str
    author_username: str
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    is_ticket_deleted: bool


@dataclass(frozen=True, slots=True)
class TakenBackReply:
    """A reply that is a draft again: its ticket, whole text and the status to set with it."""

    ticket_id: int
    ticket_key: str
    content: str
    new_status: Status | None


def draft_place_of_held_reply(uuid: UUID) -> str:
    """Return the place of the draft that keeps the files of a held reply."""
    return f"held:{uuid}"


def new_status_of(row: HeldReplyRow) -> Status | None:
    """Return the status to set when a held reply is sent."""
    stored = row.arguments.get(NEW_STATUS)
    return Status(stored) if isinstance(stored, str) and stored else None


def read_undo_seconds(preferences: Mapping[str, object]) -> int:
    """Return for how many seconds a person's replies can be taken back; 0 is not at all."""
    stored = preferences.get(UNDO_SECONDS_PREFERENCE)
    if not isinstance(stored, int) or isinstance(stored, bool):
        return DEFAULT_UNDO_SECONDS
    return max(0, min(stored, MAX_UNDO_SECONDS))


def get_own_undo_seconds(uow: UnitOfWork) -> int:
    """Return for how many seconds the actor can take back a reply; 0 is not at all."""
    return read_undo_seconds(profiles.get_own_person(uow).preferences)


def set_own_undo_seconds(uow: UnitOfWork, seconds: int) -> None:
    """Set for how many seconds the actor can take back a reply. Raises `Invalid`."""
    if not 0 <= seconds <= MAX_UNDO_SECONDS:
        raise Invalid(UNDO_SECONDS_PREFERENCE, f"must be between 0 and {MAX_UNDO_SECONDS}")
    profiles.update_preferences(uow, {UNDO_SECONDS_PREFERENCE: seconds})


_COUNT_WAITING = select(func.count()).where(
    held_reply_table.c.ticket_id == bindparam("held_on"),
    held_reply_table.c.author_id == bindparam("author"),
    held_reply_table.c.state == HeldState.WAITING,
)


def hold(
    uow: UnitOfWork,
    ticket: Ticket,
    content: str,
    *,
    send_at: datetime,
    is_scheduled: bool = False,
    is_cancelled_by_reply: bool = False,
    new_status: Status | None = None,
    draft_places: Sequence[str] = (),
    seen: SeenMessages | None = None,
) -> HeldReply:
    """Keep a public reply to a locked ticket until `send_at`, with the files of these drafts.

    Their text is discarded. `new_status` is set when the reply is sent. A scheduled reply is sent
    at a time that its author chose, at most a year ahead. `seen` is what its author has seen of the
    conversation. Raises `Forbidden`, `Invalid`, `RuleViolation` and `NewerMessages` (as the reply
    would now).
    """
    assert ticket.id is not None
    uow.actor.require("work_tickets", "send replies later")
    uow.actor.require("comment_tickets", "comment on tickets")
    locking.ensure_not_merged(uow, ticket)
    text = validators.required_text("content", content)
    newer_messages.ensure_none_newer(uow, ticket, seen)
    if is_scheduled:
        _validate_time(uow, send_at)
    if new_status is not None:
        status_changes.ensure_can_change(uow, ticket, new_status)
    values = {"held_on": ticket.id, "author": uow.actor.id}
    if uow.connection.execute(_COUNT_WAITING, values).scalar_one() >= MAX_WAITING:
        raise RuleViolation(f"At most {MAX_WAITING} of your replies can wait on a ticket")
    held = HeldReply(
        ticket_id=ticket.id,
        author_id=uow.actor.id,
        content=text,
        text_format=TextFormat.MARKDOWN,
        arguments={NEW_STATUS: new_status} if new_status else {},
        is_scheduled=is_scheduled,
        is_cancelled_by_reply=is_cancelled_by_reply,
        send_at=send_at,
        state=HeldState.WAITING,
        created_at=uow.now,
    )
    uow.session.add(held)
    uow.flush()
    for place in draft_places:
        drafts.move_draft_files(uow, place, draft_place_of_held_reply(held.uuid))
        drafts.discard_draft(uow, place)
    return held


def parse_time(text: str) -> datetime:
    """Return the time of a form (ISO; in UTC unless it says otherwise). Raises `Invalid`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("send_at", "must be a date and time") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _validate_time(uow: UnitOfWork, send_at: datetime) -> None:
    if send_at <= uow.now:
        raise Invalid("send_at", "must be in the future")
    if send_at > uow.now + MAX_SCHEDULE_AHEAD:
        raise Invalid("send_at", "must be within a year")


_IS_WAITING = held_reply_table.c.state == HeldState.WAITING
_WAS_STOPPED = or_(
    held_reply_table.c.state == HeldState.FAILED,
    and_(held_reply_table.c.state == HeldState.CANCELLED, held_reply_table.c.reason.is_not(None)),
)
"""Not sent, for a reason that its author has not seen to yet."""
_SELECT_HELD = select(
    held_reply_table,
    person_table.c.full_name.label("author_name"),
    person_table.c.username.label("author_username"),
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.deleted_at.is_not(None).label("is_ticket_deleted"),
).select_from(
    held_reply_table.join(person_table, person_table.c.id == held_reply_table.c.author_id).join(
        ticket_table, ticket_table.c.id == held_reply_table.c.ticket_id
    )
)
_OF_REPLY = held_reply_table.c.uuid == bindparam("held_uuid", type_=held_reply_table.c.uuid.type)
_UPDATE_HELD = update(held_reply_table).where(_OF_REPLY)


def list_of_ticket(uow: UnitOfWork, ticket_id: int) -> Sequence[HeldReplyRow]:
    """Return the replies that wait on a ticket, and the actor's own that were stopped.

    Only staff know of replies of others, and only of those that are scheduled.
    """
    if not uow.actor.can("work_tickets"):
        return []
    is_own = held_reply_table.c.author_id == uow.actor.id
    statement = (
        _SELECT_HELD.where(
            visibility_condition(uow.actor),
            held_reply_table.c.ticket_id == ticket_id,
            or_(
                and_(_IS_WAITING, or_(is_own, held_reply_table.c.is_scheduled)),
                and_(_WAS_STOPPED, is_own),
            ),
        )
        .order_by(held_reply_table.c.send_at, held_reply_table.c.id)
        .limit(MAX_LISTED)
    )
    return uow.all_rows(statement, visibility_parameters(uow.actor), of=HeldReplyRow)


def get_own(uow: UnitOfWork, uuid: UUID) -> HeldReplyRow:
    """Return one of the actor's held replies. Raises `NotFound`."""
    statement = _SELECT_HELD.where(_OF_REPLY, held_reply_table.c.author_id == uow.actor.id)
    row = uow.first_row(statement, {"held_uuid": uuid}, of=HeldReplyRow)
    if row is None:
        raise NotFound("Reply")
    return row


def take_back(uow: UnitOfWork, uuid: UUID) -> TakenBackReply:
    """Make one of the actor's held replies a draft again, with its files, before what is there.

    Raises `NotFound`, `Conflict` (it was sent).
    """
    row = get_own(uow, uuid)
    statement = _UPDATE_HELD.where(or_(_IS_WAITING, _WAS_STOPPED)).values(
        state=HeldState.CANCELLED, reason=None
    )
    if not uow.connection.execute(statement, {"held_uuid": uuid}).rowcount:
        raise Conflict(ALREADY_SENT)
    place, new_status = drafts.reply_place(row.ticket_id), new_status_of(row)
    draft = drafts.find_draft(uow, place)
    begun = str(draft.content.get("body") or "") if draft else ""
    text = f"{row.content}\n\n{begun}" if begun.strip() else row.content
    drafts.save_draft(uow, place, {"body": text})
    drafts.move_draft_files(uow, draft_place_of_held_reply(uuid), place)
    drafts.discard_draft(uow, draft_place_of_held_reply(uuid))
    return TakenBackReply(row.ticket_id, ticket_numbers.format_key(row), text, new_status)


def cancel(uow: UnitOfWork, uuid: UUID) -> None:
    """Cancel one of the actor's held replies and leave no draft of it.

    Raises `NotFound`, `Conflict` (it was sent).
    """
    get_own(uow, uuid)
    statement = _UPDATE_HELD.where(_IS_WAITING).values(state=HeldState.CANCELLED)
    if not uow.connection.execute(statement, {"held_uuid": uuid}).rowcount:
        raise Conflict(ALREADY_SENT)


def change_time(uow: UnitOfWork, uuid: UUID, send_at: datetime) -> None:
    """Send one of the actor's scheduled replies at another time.

    Raises `NotFound`, `Invalid`, `Conflict` (it no longer waits).
    """
    get_own(uow, uuid)
    _validate_time(uow, send_at)
    statement = _UPDATE_HELD.where(_IS_WAITING).values(send_at=send_at)
    if not uow.connection.execute(statement, {"held_uuid": uuid}).rowcount:
        raise Conflict(NO_LONGER_WAITING)


_SELECT_STOPPED_BY_REPLY = select(
    held_reply_table.c.id, held_reply_table.c.uuid, held_reply_table.c.author_id
).where(
    held_reply_table.c.ticket_id == bindparam("held_on"),
    held_reply_table.c.is_cancelled_by_reply,
    _IS_WAITING,
)


class StoppedReplyRow:
    """A held reply that a message of the requester cancels."""

    id: int
    uuid: UUID
    author_id: int


def cancel_by_reply(uow: UnitOfWork, ticket: Ticket) -> None:
    """Cancel replies whose authors chose so if the requester writes first, and notify them.

    Call it with the ticket locked.
    """
    key = ticket_numbers.format_key(ticket)
    values = {"held_on": ticket.id}
    for row in uow.all_rows(_SELECT_STOPPED_BY_REPLY, values, of=StoppedReplyRow):
        statement = _UPDATE_HELD.where(_IS_WAITING).values(
            state=HeldState.CANCELLED, reason=REQUESTER_WROTE_FIRST
        )
        if uow.connection.execute(statement, {"held_uuid": row.uuid}).rowcount:
            notifications.notify(
                uow,
                row.author_id,
                NotificationKind.REQUESTER_REPLY,
                f"Your scheduled reply to {key} was cancelled, because the requester wrote first",
                ticket_id=ticket.id,
            )


def mark_sent(uow: UnitOfWork, uuid: UUID, entry_id: int) -> bool:
    """Record that a reply became a timeline entry; False if it no longer waited."""
    statement = _UPDATE_HELD.where(_IS_WAITING).values(state=HeldState.SENT, entry_id=entry_id)
    return bool(uow.connection.execute(statement, {"held_uuid": uuid}).rowcount)


def mark_failed(uow: UnitOfWork, row: HeldReplyRow, reason: str) -> None:
    """Record why a reply was not sent, and notify its author, unless it no longer waited."""
    statement = _UPDATE_HELD.where(_IS_WAITING).values(state=HeldState.FAILED, reason=reason[:500])
    if uow.connection.execute(statement, {"held_uuid": row.uuid}).rowcount:
        notifications.notify(
            uow,
            row.author_id,
            NotificationKind.REPLY,
            f"Your reply to {ticket_numbers.format_key(row)} was not sent: {reason}",
            ticket_id=None if row.is_ticket_deleted else row.ticket_id,
        )


_SELECT_DUE = (
    select(held_reply_table.c.uuid)
    .where(_IS_WAITING, held_reply_table.c.send_at <= bindparam("now"))
    .order_by(held_reply_table.c.send_at, held_reply_table.c.id)
    .limit(100)
)


def list_due(uow: UnitOfWork) -> Sequence[UUID]:
    """Return the replies whose time has come, the oldest first, at most 100."""
    return uow.connection.execute(_SELECT_DUE, {"now": uow.now}).scalars().all()


def find_waiting(uow: UnitOfWork, uuid: UUID) -> HeldReplyRow | None:
    """Return a reply that waits to be sent, or None."""
    statement = _SELECT_HELD.where(_OF_REPLY, _IS_WAITING)
    return uow.first_row(statement, {"held_uuid": uuid}, of=HeldReplyRow)

"""What an email tells of a ticket: the new entries, and the conversation before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from ticket_app.core.email.outgoing.file_links import FileLink, list_file_links
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.platform import markup
from ticket_app.core.platform.text_formats import get_format
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, TextFormat
from ticket_app.tables import entry_table, follower_table, person_table, ticket_table

MAX_MESSAGES = 10
"""How many messages of the conversation an email repeats."""
MAX_NEW_MESSAGES = 3
"""How many new messages of one ticket a digest quotes, the latest ones."""
FIRST_WORDS_LENGTH = 200
"""Characters of a message in a digest."""
MAX_TEXT_LENGTH = 20_000
"""Characters of one message; the rest is on the ticket's page."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the conversation, as an email shows it."""

    author: str
    at: datetime
    text: str
    html: str
    is_internal: bool
    files: Sequence[FileLink]


class _MessageRow:
    id: int
    at: datetime
    audience: str
    body: str | None
    body_format: str
    author: str | None


class _NewMessageRow(_MessageRow):
    ticket_id: int


class _FollowerRow:
    reason: str
    created_at: datetime


class _DescriptionRow:
    at: datetime
    body: str
    text_formats: dict[str, str]
    author: str | None


_SELECT_MESSAGES = (
    select(
        entry_table.c.id,
        entry_table.c.at,
        entry_table.c.audience,
        entry_table.c.body,
        entry_table.c.body_format,
        person_table.c.full_name.label("author"),
    )
    .select_from(entry_table.outerjoin(person_table, person_table.c.id == entry_table.c.actor_id))
    .where(
        entry_table.c.ticket_id == bindparam("ticket_id"),
        entry_table.c.kind == EntryKind.COMMENT,
        entry_table.c.deleted_at.is_(None),
        entry_table.c.audience.in_(bindparam("audiences", expanding=True)),
        entry_table.c.at >= bindparam("since"),
    )
    .order_by(entry_table.c.id.desc())
    .limit(bindparam("limit"))
)
_SELECT_MESSAGE = _SELECT_MESSAGES.where(entry_table.c.id == bindparam("entry_id"))
_SELECT_NEW_MESSAGES = (
    select(
        entry_table.c.id,
        entry_table.c.ticket_id,
        entry_table.c.at,
        entry_table.c.audience,
        entry_table.c.body,
        entry_table.c.body_format,
        person_table.c.full_name.label("author"),
    )
    .select_from(entry_table.outerjoin(person_table, person_table.c.id == entry_table.c.actor_id))
    .where(
        entry_table.c.id.in_(bindparam("entry_ids", expanding=True)),
        entry_table.c.kind == EntryKind.COMMENT,
        entry_table.c.deleted_at.is_(None),
        entry_table.c.audience.in_(bindparam("audiences", expanding=True)),
    )
    .order_by(entry_table.c.id.desc())
)
_SELECT_DESCRIPTION = (
    select(
        ticket_table.c.created_at.label("at"),
        ticket_table.c.description.label("body"),
        ticket_table.c.text_formats,
        person_table.c.full_name.label("author"),
    )
    .select_from(ticket_table.join(person_table, person_table.c.id == ticket_table.c.requester_id))
    .where(ticket_table.c.id == bindparam("ticket_id"))
)
_SELECT_FOLLOWER = select(follower_table.c.reason, follower_table.c.created_at).where(
    follower_table.c.ticket_id == bindparam("ticket_id"),
    follower_table.c.person_id == bindparam("person_id"),
)


def list_messages(
    uow: UnitOfWork, ticket_id: int, person_id: int, *, is_staff: bool, is_requester: bool
) -> list[Message]:
    """Return the latest messages that a recipient may read, newest first, with the description.

    Staff also read internal notes. Somebody who was added in Cc reads what came since then, and
    somebody else who is neither the requester nor a follower reads nothing.
    """
    since = None
    if not is_staff and not is_requester:
        about = {"ticket_id": ticket_id, "person_id": person_id}
        follower = uow.first_row(_SELECT_FOLLOWER, about, of=_FollowerRow)
        if follower is None:
            return []
        since = follower.created_at if follower.reason == FollowReason.CC else None
    return _list_messages(uow, ticket_id, is_staff=is_staff, since=since, limit=MAX_MESSAGES)


def list_public_messages(uow: UnitOfWork, ticket_id: int, *, limit: int) -> list[Message]:
    """Return the latest public messages of a ticket, newest first, with the description."""
    return _list_messages(uow, ticket_id, is_staff=False, since=None, limit=limit)


def find_public_message(uow: UnitOfWork, ticket_id: int, entry_id: int) -> Message | None:
    """Return one public message of a ticket, its description for the id 0; None without it."""
    about: dict[str, object] = {"ticket_id": ticket_id}
    description = uow.one_row(_SELECT_DESCRIPTION, about, of=_DescriptionRow)
    files = list_file_links(uow, ticket_id, is_staff=False)
    if entry_id == 0:
        return _build_description(description, files.get(None, ()))
    values = {
        **about,
        "audiences": _list_audiences(is_staff=False),
        "since": description.at,
        "limit": 1,
        "entry_id": entry_id,
    }
    row = uow.first_row(_SELECT_MESSAGE, values, of=_MessageRow)
    return row and _build_row(row, files.get(row.id, ()))


def _list_messages(
    uow: UnitOfWork, ticket_id: int, *, is_staff: bool, since: datetime | None, limit: int
) -> list[Message]:
    audiences = _list_audiences(is_staff=is_staff)
    about: dict[str, object] = {"ticket_id": ticket_id}
    description = uow.one_row(_SELECT_DESCRIPTION, about, of=_DescriptionRow)
    values = {
        "ticket_id": ticket_id,
        "audiences": audiences,
        "since": since or description.at,
        "limit": limit,
    }
    rows = uow.all_rows(_SELECT_MESSAGES, values, of=_MessageRow)
    files = list_file_links(uow, ticket_id, is_staff=is_staff)
    messages = [_build_row(row, files.get(row.id, ())) for row in rows]
    if len(rows) < limit and (since is None or since <= description.at):
        messages.append(_build_description(description, files.get(None, ())))
    return messages


def _build_row(row: _MessageRow, files: Sequence[FileLink]) -> Message:
    return _build_message(
        row.author,
        row.at,
        row.body or "",
        TextFormat(row.body_format),
        files,
        is_internal=row.audience == Audience.INTERNAL,
    )


def _build_description(description: _DescriptionRow, files: Sequence[FileLink]) -> Message:
    return _build_message(
        description.author,
        description.at,
        description.body,
        get_format(description, "description"),
        files,
        is_internal=False,
    )


def list_first_words(
    uow: UnitOfWork, entry_ids: Sequence[int], *, is_staff: bool
) -> dict[int, list[Message]]:
    """Return the beginnings of those entries that a recipient may read, by ticket, newest first.

    They are the latest `MAX_NEW_MESSAGES` of each ticket, without files.
    """
    values = {"entry_ids": entry_ids, "audiences": _list_audiences(is_staff=is_staff)}
    messages: dict[int, list[Message]] = {}
    for row in uow.all_rows(_SELECT_NEW_MESSAGES, values, of=_NewMessageRow):
        of_ticket = messages.setdefault(row.ticket_id, [])
        if len(of_ticket) < MAX_NEW_MESSAGES:
            words = markup.render_preview(
                row.body or "", FIRST_WORDS_LENGTH, TextFormat(row.body_format)
            )
            is_internal = row.audience == Audience.INTERNAL
            of_ticket.append(
                _build_message(
                    row.author, row.at, words, TextFormat.PLAIN, (), is_internal=is_internal
                )
            )
    return messages


def _list_audiences(*, is_staff: bool) -> list[Audience]:
    return [Audience.PUBLIC, Audience.INTERNAL] if is_staff else [Audience.PUBLIC]


def _build_message(
    author: str | None,
    at: datetime,
    body: str,
    text_format: TextFormat,
    files: Sequence[FileLink],
    *,
    is_internal: bool,
) -> Message:
    text = body[:MAX_TEXT_LENGTH]
    return Message(
        author=safe_name(author or "Help desk"),
        at=at,
        text=text,
        html=markup.render(text, text_format=text_format),
        is_internal=is_internal,
        files=files,
    )


def safe_name(name: str) -> str:
    """Return a name as other recipients may see it: without a domain if it is an address."""
    return name.partition("@")[0] or name

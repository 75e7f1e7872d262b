"""Saved replies: texts that staff insert into replies and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, select

from ticket_app.core.automation import variables
from ticket_app.core.platform import sharing, validators
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import (
    person_table,
    saved_reply_table,
    saved_reply_use_table,
    team_table,
)

MAX_TITLE_LENGTH = 120
MAX_SHORTCUT_LENGTH = 40
MAX_SUGGESTIONS = 8
MAX_LISTED = 1_000
NOUN = "saved reply"


class SavedReplyTitleRow:
    """What finds a saved reply."""

    id: int
    title: str
    shortcut: str | None
    own_used_at: datetime | None


class SavedReplyRow(SavedReplyTitleRow):
    """A saved reply with the names of its owner and team, and how often it was used."""

    content: str
    scope: str
    owner_id: int
    team_id: int | None
    owner_name: str
    team_name: str | None
    use_count: int
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SuggestedReply:
    """A saved reply with the values of a ticket."""

    id: int
    title: str
    shortcut: str
    text: str


def _select_replies(uow: UnitOfWork) -> Select[tuple[object, ...]]:
    return select(
        saved_reply_table,
        person_table.c.full_name.label("owner_name"),
        team_table.c.name.label("team_name"),
        *sharing.usage_columns(uow.actor, saved_reply_table, saved_reply_use_table),
    ).select_from(
        saved_reply_table.join(
            person_table, person_table.c.id == saved_reply_table.c.owner_id
        ).outerjoin(team_table, team_table.c.id == saved_reply_table.c.team_id)
    )


def list_replies(
    uow: UnitOfWork, *, scopes: Sequence[str] = tuple(Scope)
) -> Sequence[SavedReplyRow]:
    """Return the saved replies of these scopes that the actor may read, by title.

    Raises `Forbidden`.
    """
    sharing.require_staff(uow, "saved replies")
    statement = (
        _select_replies(uow)
        .where(
            sharing.visible_to(uow.actor, saved_reply_table), saved_reply_table.c.scope.in_(scopes)
        )
        .order_by(saved_reply_table.c.title, saved_reply_table.c.id)
        .limit(MAX_LISTED)
    )
    return uow.all_rows(statement, of=SavedReplyRow)


def get_reply(uow: UnitOfWork, reply_id: int) -> SavedReplyRow:
    """Return a saved reply that the actor may read. Raises `Forbidden`, `NotFound`."""
    sharing.require_staff(uow, "saved replies")
    statement = _select_replies(uow).where(
        sharing.visible_to(uow.actor, saved_reply_table), saved_reply_table.c.id == reply_id
    )
    row = uow.first_row(statement, of=SavedReplyRow)
    if row is None:
        raise NotFound("Saved reply")
    return row


def _validate_shortcut(value: str | None) -> str | None:
    shortcut = validators.optional_line("shortcut", value, MAX_SHORTCUT_LENGTH)
    if shortcut is None:
        return None
    shortcut = shortcut.removeprefix("/").casefold()
    if not shortcut or len(shortcut.split()) != 1:
        raise Invalid("shortcut", "must be one word")
    return shortcut


def _validate_field(name: str, value: object) -> object:
    text = cast("str | None", value)
    match name:
        case "title":
            return validators.required_line(name, text, MAX_TITLE_LENGTH)
        case "content":
            content = validators.required_text(name, text)
            variables.ensure_known(name, content)
            return content
        case "shortcut":
            return _validate_shortcut(text)
        case _:
            raise Invalid(name, "cannot be changed")


def create_reply(
    uow: UnitOfWork,
    title: str,
    content: str,
    *,
    shortcut: str | None = None,
    scope: str = Scope.ME,
    team_id: int | None = None,
) -> SavedReplyRow:
    """Create a saved reply and return it. An unknown variable in the text is an error.

    Raises `Forbidden` (scope), `Invalid`, `Conflict` (shortcut taken), `RuleViolation` (too many).
    """
    sharing.require_staff(uow, "saved replies")
    values = validators.validate_each(
        {"title": title, "content": content, "shortcut": shortcut}, _validate_field
    )
    values |= sharing.sharing_columns(uow, scope, team_id)
    sharing.ensure_below_limit(uow, saved_reply_table, values, "saved replies")
    sharing.ensure_shortcut_free(uow, saved_reply_table, "title", values)
    return get_reply(uow, sharing.save(uow, saved_reply_table, values))


def update_reply(uow: UnitOfWork, reply_id: int, changes: Mapping[str, object]) -> SavedReplyRow:
    """Change fields of a saved reply: title, content, shortcut, scope, team_id.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` (shortcut taken), `RuleViolation` (too
    many).
    """
    row = get_reply(uow, reply_id)
    sharing.ensure_can_change(uow, row, NOUN)
    columns = sharing.changed_columns(uow, saved_reply_table, row, changes, "saved replies")
    values: dict[str, object] = {
        "shortcut": row.shortcut,
        **validators.validate_each(sharing.without_sharing(changes), _validate_field),
        **columns,
    }
    sharing.ensure_shortcut_free(uow, saved_reply_table, "title", values, except_id=reply_id)
    sharing.save(uow, saved_reply_table, values, reply_id)
    return get_reply(uow, reply_id)


def delete_reply(uow: UnitOfWork, reply_id: int) -> None:
    """Delete a saved reply; texts that were sent stay. Raises `Forbidden`, `NotFound`."""
    row = get_reply(uow, reply_id)
    sharing.ensure_can_change(uow, row, NOUN)
    sharing.delete_row(uow, saved_reply_table, saved_reply_use_table, reply_id, row.scope)


def suggest_replies(uow: UnitOfWork, ticket_id: int, query: str) -> list[SuggestedReply]:
    """Return the saved replies that match what was typed, with the values of a ticket.

    Titles and shortcuts match if they have the letters in this order; the closest come first, and
    of those the ones that the actor used last. Raises `Forbidden`, `NotFound`.
    """
    sharing.require_staff(uow, "saved replies")
    own_used_at = sharing.usage_columns(uow.actor, saved_reply_table, saved_reply_use_table)[-1]
    statement = (
        select(
            saved_reply_table.c.id,
            saved_reply_table.c.title,
            saved_reply_table.c.shortcut,
            own_used_at,
        )
        .where(sharing.usable_by(uow.actor, saved_reply_table))
        .order_by(saved_reply_table.c.title, saved_reply_table.c.id)
        .limit(MAX_LISTED)
    )
    rows = uow.all_rows(statement, of=SavedReplyTitleRow)
    found = [(distance, row) for row in rows if (distance := _distance(query, row)) is not None]
    found.sort(key=lambda one: (one[0], -_used_seconds(one[1])))
    best = [row for _, row in found[:MAX_SUGGESTIONS]]
    texts = select(saved_reply_table.c.id, saved_reply_table.c.content).where(
        saved_reply_table.c.id.in_([row.id for row in best])
    )
    content = {row.id: row.content for row in uow.connection.execute(texts)}
    filled = variables.fill_in_each(uow, ticket_id, [content[row.id] for row in best])
    return [
        SuggestedReply(row.id, row.title, row.shortcut or "", one.text)
        for row, one in zip(best, filled, strict=True)
    ]


def _used_seconds(row: SavedReplyTitleRow) -> float:
    return row.own_used_at.timestamp() if row.own_used_at else 0.0


def _distance(query: str, row: SavedReplyTitleRow) -> int | None:
    """Return how far a saved reply is from what was typed; None if it does not match."""
    typed, title, shortcut = query.strip().casefold(), row.title.casefold(), row.shortcut or ""
    if not typed:
        return 0
    if typed == shortcut:
        return 1
    if shortcut.startswith(typed):
        return 2
    if any(word.startswith(typed) for word in (title, *title.split())):
        return 3
    if typed in title or typed in shortcut:
        return 4
    letters = iter(title)
    return 5 if all(letter in letters for letter in typed.replace(" ", "")) else None


def count_use(uow: UnitOfWork, reply_id: int) -> None:
    """Count that the actor has inserted a saved reply. Raises `Forbidden`, `NotFound`."""
    get_reply(uow, reply_id)
    sharing.record_use(uow, saved_reply_use_table, reply_id)

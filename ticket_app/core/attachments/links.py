"""Enclosures: files that a ticket or a comment names, by id or by name, sent before or after it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from ticket_app.core.attachments import announced_files, attachments, file_types
from ticket_app.core.platform.errors import Invalid, printable
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import Attachment, Ticket, attachment_table


def enclose(
    desk: Desk,
    ticket: Ticket,
    named: Sequence[int | str],
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> None:
    """Put files the actor names on a ticket they hold, or on what they just said on it.

    An id is that of a file the actor has sent: to this ticket and belonging to no comment yet, or
    to no ticket at all. A name is such a file's, or else of one the actor is going to send, which
    is then awaited. Nothing changes who may read a file. Raises `Invalid`, `RuleBroken`.
    """
    assert ticket.id is not None
    if not named:
        return
    desk.actor.must("upload_files", "attach files")
    here = [] if entry_id is None else _loose_on(desk, ticket.id, internal=internal)
    elsewhere = _nowhere_yet(desk, [one for one in named if isinstance(one, int)])
    by_id = {file.id: file for file in (*here, *elsewhere)}
    by_name = {file.original_name.casefold(): file for file in here}
    chosen: dict[int | None, Attachment] = {}
    awaited: dict[str, str] = {}
    for one in named:
        if isinstance(one, int):
            if one not in by_id:
                raise Invalid(
                    "attachments",
                    f"must name only files that you have uploaded: {printable(one)} is not",
                )
            chosen[one] = by_id[one]
        else:
            name = file_types.display_name(one)
            file = by_name.get(name.casefold())
            if file is None:
                awaited.setdefault(name.casefold(), name)
            else:
                chosen[file.id] = file
    attachments.put_on(
        desk,
        ticket,
        [file for file in chosen.values() if file.ticket_id is None],
        entry_id=entry_id,
        internal=internal,
    )
    for file in chosen.values():
        file.entry_id = entry_id
    desk.settle()
    announced_files.promise(desk, ticket.id, awaited.values(), entry_id=entry_id, internal=internal)


def bring(desk: Desk, source: Ticket, target: Ticket, named: Sequence[int | str]) -> None:
    """Move files that the actor sent to one ticket to another one, where a comment encloses them.

    Raises `RuleBroken` if the other ticket would hold more than it may.
    """
    assert source.id is not None
    names = {file_types.display_name(one).casefold() for one in named if isinstance(one, str)}
    files = [
        file
        for file in (_loose_on(desk, source.id, internal=False) if named else ())
        if file.id in named or file.original_name.casefold() in names
    ]
    attachments.transfer(desk, source, target, files)


def _sent(desk: Desk, *where: ColumnElement[bool]) -> Sequence[Attachment]:
    mine = (
        attachment_table.c.uploader_id == desk.actor.id,
        attachment_table.c.deleted_at.is_(None),
    )
    statement = select(Attachment).where(*where, *mine).order_by(attachment_table.c.id)
    return desk.session.execute(statement).scalars().all()


def _loose_on(desk: Desk, ticket_id: int, *, internal: bool) -> Sequence[Attachment]:
    """What the actor sent to the ticket for the same readers, and belongs to no comment yet."""
    audience = Audience.INTERNAL if internal else Audience.PUBLIC
    return _sent(
        desk,
        attachment_table.c.ticket_id == ticket_id,
        attachment_table.c.entry_id.is_(None),
        attachment_table.c.audience == audience,
    )


def _nowhere_yet(desk: Desk, ids: Sequence[int]) -> Sequence[Attachment]:
    """Which of the files the actor sent belong to no ticket yet."""
    return (
        _sent(desk, attachment_table.c.id.in_(ids), attachment_table.c.ticket_id.is_(None))
        if ids
        else []
    )

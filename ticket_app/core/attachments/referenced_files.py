"""Attach the files that a request refers to by id or name, uploaded before or after it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from ticket_app.core.attachments import announced_files, attachments, file_types
from ticket_app.core.platform.errors import Invalid, to_printable
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.tables import Attachment, Ticket, attachment_table


def attach_referenced_files(
    uow: UnitOfWork,
    ticket: Ticket,
    file_references: Sequence[int | str],
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> None:
    """Attach the files that the actor refers to to a locked ticket, or to a comment on it.

    An id refers to a file that the actor uploaded to this ticket, and that belongs to no comment
    yet, or that belongs to no ticket. A name refers to such a file on this ticket; any other name
    announces a file that the actor will upload. The audience of a file does not change. Raises
    `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    if not file_references:
        return
    uow.actor.require("upload_files", "attach files")
    loose_files: Sequence[Attachment] = (
        [] if entry_id is None else _list_loose_files(uow, ticket.id, internal=internal)
    )
    unattached_files = _list_unattached_files(
        uow, [reference for reference in file_references if isinstance(reference, int)]
    )
    by_id = {file.id: file for file in (*loose_files, *unattached_files)}
    by_name = {file.original_name.casefold(): file for file in loose_files}
    chosen_files: dict[int | None, Attachment] = {}
    names_to_announce: dict[str, str] = {}
    for reference in file_references:
        if isinstance(reference, int):
            if reference not in by_id:
                raise Invalid(
                    "attachments",
                    "must name only files that you have uploaded: "
                    f"{to_printable(reference)} is not",
                )
            chosen_files[reference] = by_id[reference]
        else:
            name = file_types.display_name(reference)
            file = by_name.get(name.casefold())
            if file is None:
                names_to_announce.setdefault(name.casefold(), name)
            else:
                chosen_files[file.id] = file
    attachments.attach_stored_files(
        uow,
        ticket,
        [file for file in chosen_files.values() if file.ticket_id is None],
        entry_id=entry_id,
        internal=internal,
    )
    for file in chosen_files.values():
        file.entry_id = entry_id
    uow.flush()
    announced_files.announce_files(
        uow, ticket.id, names_to_announce.values(), entry_id=entry_id, internal=internal
    )


def move_referenced_files(
    uow: UnitOfWork, source: Ticket, target: Ticket, file_references: Sequence[int | str]
) -> None:
    """Move the files that a comment refers to from one ticket to the ticket it is added to.

    Raises `RuleViolation` if the other ticket would have too many files.
    """
    assert source.id is not None
    names = {
        file_types.display_name(reference).casefold()
        for reference in file_references
        if isinstance(reference, str)
    }
    files = [
        file
        for file in (_list_loose_files(uow, source.id, internal=False) if file_references else ())
        if file.id in file_references or file.original_name.casefold() in names
    ]
    attachments.move_files(uow, source, target, files)


def _list_own_files(uow: UnitOfWork, *where: ColumnElement[bool]) -> Sequence[Attachment]:
    is_own = (
        attachment_table.c.uploader_id == uow.actor.id,
        attachment_table.c.deleted_at.is_(None),
    )
    statement = select(Attachment).where(*where, *is_own).order_by(attachment_table.c.id)
    return uow.session.scalars(statement).all()


def _list_loose_files(uow: UnitOfWork, ticket_id: int, *, internal: bool) -> Sequence[Attachment]:
    """Return the actor's files on a ticket with this audience that belong to no comment."""
    audience = Audience.INTERNAL if internal else Audience.PUBLIC
    return _list_own_files(
        uow,
        attachment_table.c.ticket_id == ticket_id,
        attachment_table.c.entry_id.is_(None),
        attachment_table.c.audience == audience,
    )


def _list_unattached_files(uow: UnitOfWork, ids: Sequence[int]) -> Sequence[Attachment]:
    """Return those of the actor's files that belong to no ticket."""
    return (
        _list_own_files(uow, attachment_table.c.id.in_(ids), attachment_table.c.ticket_id.is_(None))
        if ids
        else []
    )

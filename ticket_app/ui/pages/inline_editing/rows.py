"""What the pages show and edit of a comment and of a file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ticket_app.core.attachments.attachments import FileFacts
from ticket_app.core.conversation import activity, comment_history
from ticket_app.core.platform import markup
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.ui.rows import iso_time


@dataclass(frozen=True)
class VersionRow:
    """A text that a comment has had."""

    name: str
    at: str
    html: str


def read_comment(uow: UnitOfWork, comment_id: int) -> str:
    """Return the text of a comment."""
    return activity.get_comment(uow, comment_id).body or ""


def read_versions(uow: UnitOfWork, comment_id: int) -> list[VersionRow]:
    """Return the texts of a comment, the newest first."""
    return [
        VersionRow(
            name=version.author_name or "",
            at=iso_time(version.at),
            html=markup.render(version.text, text_format=version.text_format),
        )
        for version in comment_history.list_versions(uow, comment_id)
    ]


def read_file_facts(uow: UnitOfWork, file_id: UUID) -> FileFacts:
    """Return the name and description of a file."""
    row = activity.get_file(uow, file_id)
    return FileFacts(row.original_name, row.description)


def edited_at(line: EntryRow) -> str:
    """Return when a comment was last edited (ISO), or an empty text."""
    return iso_time(line.updated_at) if line.edited else ""


def can_read_history(actor: Actor, line: EntryRow) -> bool:
    """Return whether the history of an edited comment is offered."""
    return line.edited and (line.actor_id == actor.id or actor.is_staff)

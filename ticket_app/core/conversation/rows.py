"""The rows that the comments, changes and files of several tickets are read as."""

from __future__ import annotations

from uuid import UUID

from ticket_app.core.attachments.rows import UploadedFileRow
from ticket_app.core.timeline.rows import EntryRow


class TicketEntryRow(EntryRow):
    """A timeline entry with its author and the UUID of its ticket."""

    ticket_uuid: UUID


class TicketFileRow(UploadedFileRow):
    """A file on a ticket, with the UUID of the ticket."""

    ticket_uuid: UUID

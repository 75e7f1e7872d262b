"""Keep the files of an email by the rules of uploads, and name those that are refused."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ticket_app.core.attachments import attachments, uploading
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.email.incoming.files import ParsedFile
from ticket_app.core.platform.errors import DomainError, FileRejected
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import Ticket


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file that was not kept, and why."""

    name: str
    reason: str


@dataclass(slots=True)
class ReceivedFiles:
    """The files of an email that were stored, and those that were refused."""

    stored: list[StoredUpload] = field(default_factory=list[StoredUpload])
    refused: list[RejectedFile] = field(default_factory=list[RejectedFile])

    def discard(self) -> None:
        """Delete stored files that will not be attached."""
        for upload in self.stored:
            uploading.discard_upload(upload)
        self.stored = []


def store_files(files: Sequence[ParsedFile], *, now: datetime) -> ReceivedFiles:
    """Check, scan and store files. Takes time: call it outside of transactions.

    Raises `StorageFailed`, after which nothing of them is kept.
    """
    received = ReceivedFiles()
    try:
        for file in files:
            _store_file(file, received, now)
    except BaseException:
        received.discard()
        raise
    return received


def _store_file(file: ParsedFile, received: ReceivedFiles, now: datetime) -> None:
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(file.content)
        copy.flush()
        try:
            received.stored.append(
                uploading.check_content_and_store(Path(copy.name), file.name, now=now)
            )
        except FileRejected as error:
            received.refused.append(RejectedFile(file.name, error.message))


def attach_files(
    uow: UnitOfWork,
    ticket: Ticket,
    received: ReceivedFiles,
    *,
    entry_id: int | None = None,
    internal: bool = False,
) -> None:
    """Attach stored files in the actor's name; those that have no room are refused."""
    for upload in list(received.stored):
        try:
            uploading.count_upload_if_allowed(uow.actor)
            attachments.attach(
                uow,
                ticket,
                upload,
                attachment_type=attachments.guess_attachment_type(
                    upload.mime_type, upload.original_name
                ),
                entry_id=entry_id,
                internal=internal,
            )
        except DomainError as error:
            received.stored.remove(upload)
            received.refused.append(RejectedFile(upload.original_name, error.message))
            uow.after_commit.append(lambda upload=upload: uploading.discard_upload(upload))


def describe_rejected(refused: Sequence[RejectedFile]) -> str:
    """Return one line for each refused file, as an internal note and the reply name them."""
    return "\n".join(f"- {file.name}: {file.reason}" for file in refused)

"""Write an email into a ticket: as a new ticket, or as a comment in the sender's name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ticket_app.core.conversation import commenting
from ticket_app.core.conversation.recipients import EMAIL_CHANNEL
from ticket_app.core.email.incoming import received_files
from ticket_app.core.email.incoming.received_files import ReceivedFiles
from ticket_app.core.email.incoming.source import ParsedEmail
from ticket_app.core.email.outgoing import failures
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.ticket_numbers import format_key
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import assigning, locking, opening
from ticket_app.core.tickets.changing import changing
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.tables import Ticket

NO_SUBJECT = "(no subject)"
NO_TEXT = "(This email has no text.)"
TEXT_CUT = "\n\n[The email is longer. Its original has the whole text.]"
_NOTE_LINE = re.compile(r"\A\s*note:[ \t]*", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Written:
    """Where an email ended: the ticket, and the timeline entry that shows it."""

    ticket: Ticket
    entry_id: int

    @property
    def ticket_id(self) -> int:
        """The id of the ticket."""
        assert self.ticket.id is not None
        return self.ticket.id

    @property
    def key(self) -> str:
        """The number of the ticket, such as BUG-15."""
        return format_key(self.ticket)


def storable(text: str) -> str:
    """Return a text without the characters that a database cannot store."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def visible_text(email: ParsedEmail) -> str:
    """Return the words of an email, or the names of its files without any."""
    text = storable(email.text).strip()
    if not any(character.isprintable() and not character.isspace() for character in text):
        text = "\n".join(storable(file.name) for file in email.files) or NO_TEXT
    if len(text) > MAX_TEXT_LENGTH:
        text = text[: MAX_TEXT_LENGTH - len(TEXT_CUT)] + TEXT_CUT
    return text


def open_ticket(
    uow: UnitOfWork, email: ParsedEmail, files: ReceivedFiles, *, team_id: int | None = None
) -> Written:
    """Open a ticket of the actor with the words and files of an email. Raises `DomainError`."""
    title = " ".join(storable(email.subject).split())[:MAX_TITLE_LENGTH] or NO_SUBJECT
    draft = TicketDraft(
        title=title,
        description=visible_text(email),
        channel=EMAIL_CHANNEL,
        text_format=TextFormat.PLAIN,
    )
    ticket = opening.open_ticket(uow, draft)
    assert ticket.id is not None
    entry_id = uow.changed_entry_ids[ticket.id][0]
    if team_id is not None and ticket.team_id is None:
        with uow.as_system(), changing(uow, ticket):
            assigning.assign_to_team(uow, ticket, team_id)
    received_files.attach_files(uow, ticket, files)
    return Written(ticket, entry_id)


def add_comment(
    uow: UnitOfWork,
    email: ParsedEmail,
    ticket_id: int,
    files: ReceivedFiles,
    *,
    is_internal: bool = False,
    is_automatic: bool = False,
) -> Written:
    """Add the words and files of an email to a ticket, in the actor's name.

    It may end in a follow-up ticket (`commenting.post_comment`). A first line `note:` of staff
    makes it an internal note. Raises `NotFound`, `DomainError`.
    """
    ticket = locking.lock_as_system(uow, ticket_id)
    if ticket is None:
        raise NotFound
    text = visible_text(email)
    if uow.actor.is_staff and (note := _NOTE_LINE.match(text)):
        text, is_internal = text[note.end() :].strip() or text, True
    added = commenting.post_comment(
        uow,
        ticket,
        text,
        internal=is_internal,
        text_format=TextFormat.PLAIN,
        is_automatic=is_automatic,
        channel=EMAIL_CHANNEL,
    )
    received_files.attach_files(
        uow, added.ticket, files, entry_id=added.entry_id, internal=is_internal
    )
    return Written(added.ticket, added.entry_id)


def add_answer_to_forward(
    uow: UnitOfWork, email: ParsedEmail, ticket_id: int, files: ReceivedFiles
) -> Written:
    """Add an answer to a forwarded message as an internal note in the actor's name.

    The actor need not be staff, and takes no part in the ticket by it. Nobody is mentioned by their
    words. Raises `NotFound`, `DomainError`.
    """
    ticket = locking.lock_as_system(uow, ticket_id)
    if ticket is None:
        raise NotFound
    entry_id = failures.add_internal_note(uow, ticket_id, visible_text(email))
    assert entry_id is not None
    actor = uow.actor
    uow.actor = replace(actor, permissions=actor.permissions | {"write_notes"})
    try:
        received_files.attach_files(uow, ticket, files, entry_id=entry_id, internal=True)
    finally:
        uow.actor = actor
    return Written(ticket, entry_id)

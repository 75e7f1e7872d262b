"""Say which files of an email were refused: to the agents in a note, to the sender in a reply."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select

from ticket_app.core.email import message_ids, own_addresses
from ticket_app.core.email.incoming import received_files
from ticket_app.core.email.incoming.received_files import RejectedFile
from ticket_app.core.email.incoming.writing import Written
from ticket_app.core.email.outgoing import conversation, failures, templates
from ticket_app.core.email.outgoing.messages import Content, Headers, build_source, new_email_row
from ticket_app.core.notifications.preferences import read_preferences
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import entry_table, outgoing_email_table, person_table

EMAIL_KIND = "rejected_files"
NOTE = "These files of an email were not accepted:\n{files}"
INTRODUCTION = (
    "We have received your message, but could not accept these files:\n\n{files}\n\n"
    "Send them in another form, or reply to this email if you need help."
)
_SELECT_ENTRY = select(entry_table.c.uuid).where(entry_table.c.id == bindparam("note_id"))
_SELECT_PREFERENCES = select(person_table.c.preferences).where(
    person_table.c.id == bindparam("person_id")
)


def notify(
    uow: UnitOfWork,
    written: Written,
    refused: Sequence[RejectedFile],
    *,
    with_reply: bool,
) -> None:
    """Add an internal note that names the refused files, and write a reply to the sender."""
    files = received_files.describe_rejected(refused)
    sender = uow.actor
    with uow.as_system():
        note_id = failures.add_internal_note(uow, written.ticket_id, NOTE.format(files=files))
    if note_id is None or not with_reply:
        return
    note_uuid = uow.connection.execute(_SELECT_ENTRY, {"note_id": note_id}).scalar_one()
    stored = uow.connection.execute(_SELECT_PREFERENCES, {"person_id": sender.id}).scalar_one()
    introduction = INTRODUCTION.format(files=files)
    content = Content(
        subject=f"[{written.key}] {written.ticket.title}",
        introduction_text=introduction,
        introduction_html=templates.render_introduction(introduction),
        heading=written.key,
        title=written.ticket.title,
    )
    message_id = message_ids.format_message_id(written.ticket.uuid, note_uuid)
    headers = Headers(
        message_id=message_id,
        recipient=sender.email.casefold(),
        recipient_name=conversation.safe_name(sender.full_name),
        reply_to=own_addresses.format_reply_address(written.key),
        references=message_ids.list_references(uow, written.ticket_id, sender.id),
        is_acknowledgement=True,
    )
    preferences = read_preferences(stored, is_staff=sender.is_staff)
    row = new_email_row(
        kind=EMAIL_KIND,
        person_id=sender.id,
        address=sender.email.casefold(),
        message_id=message_id,
        subject=content.subject,
        source=build_source(content, headers, uow.now, preferences),
        now=uow.now,
        ticket_id=written.ticket_id,
        entry_id=note_id,
    )
    uow.connection.execute(insert(outgoing_email_table), row)

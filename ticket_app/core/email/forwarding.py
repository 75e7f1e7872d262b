"""Forward public messages of a ticket by email to somebody who takes no part in it.

docs/decisions/0039-forwarded-messages.md says why answers come back as internal notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, insert, select

from ticket_app.core.email import message_ids, own_addresses
from ticket_app.core.email.copied_people import parse_address
from ticket_app.core.email.incoming.headers import Address
from ticket_app.core.email.outgoing import conversation, delivery, failures, texts
from ticket_app.core.email.outgoing.conversation import Message
from ticket_app.core.email.outgoing.messages import (
    Content,
    FooterLine,
    Headers,
    build_source,
    new_email_row,
)
from ticket_app.core.notifications import followers
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.notifications.preferences import read_preferences
from ticket_app.core.platform import action_limits, markup, ticket_numbers, validators
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import MAX_TEXT_LENGTH
from ticket_app.core.platform.vocabulary import Role, TextFormat
from ticket_app.core.tickets import locking
from ticket_app.tables import Ticket, entry_table, outgoing_email_table, person_table

MAX_MESSAGES = 100
"""How many messages are forwarded with a whole conversation, the latest ones."""
MAX_FORWARDED_PER_HOUR = 30
"""How many messages one member of staff may forward within an hour, so that nobody sends spam."""
DESCRIPTION = 0
"""The id that stands for the description of a ticket instead of a comment."""
TAKES_PART = "belongs to a person who takes part in the ticket. Reply to them instead"
_SELECT_UUID = select(entry_table.c.uuid).where(entry_table.c.id == bindparam("entry_id"))
_SELECT_REQUESTER = select(person_table.c.email).where(person_table.c.id == bindparam("person_id"))


def forward(
    uow: UnitOfWork,
    reference: str | int,
    to: str,
    text: str = "",
    *,
    message_id: int | None = None,
    with_files: bool = False,
) -> int:
    """Send public messages of a ticket to an address; return the internal note that says so.

    `message_id` is a public comment, or `DESCRIPTION`; without it the whole public conversation is
    sent, at most `MAX_MESSAGES`. Files are links that work for a week. Answers come back as
    internal notes (`matching.Evidence.FORWARD`). Raises `NotFound` (also for an internal note),
    `Forbidden`, `Invalid`, `RuleViolation`, `RateLimitExceeded`.
    """
    ticket = locking.lock_ticket(uow, reference)
    assert ticket.id is not None
    uow.actor.require("work_tickets", "forward messages")
    uow.actor.require("write_notes", "forward messages")
    locking.ensure_not_merged(uow, ticket)
    recipient = parse_address(uow, to)
    _ensure_takes_no_part(uow, ticket, recipient.address)
    text = (validators.optional_text("text", text) or "").strip()
    action_limits.count_action(
        MAX_FORWARDED_PER_HOUR,
        "forwarded_message",
        str(uow.actor.id),
        message="You have forwarded too many messages within an hour. Try again later",
    )
    messages = _list_messages(uow, ticket.id, message_id, with_files=with_files)
    note_id = failures.add_internal_note(uow, ticket.id, _describe(recipient, text, messages))
    assert note_id is not None
    followers.follow(uow, ticket.id, uow.actor.id, FollowReason.PARTICIPANT)
    row = _build_row(uow, ticket, recipient, text, messages, note_id)
    uow.connection.execute(insert(outgoing_email_table), row)
    uow.after_commit.append(delivery.wake_event.set)
    return note_id


def _ensure_takes_no_part(uow: UnitOfWork, ticket: Ticket, address: str) -> None:
    assert ticket.id is not None
    values = {"person_id": ticket.requester_id}
    requester = uow.connection.execute(_SELECT_REQUESTER, values).scalar_one()
    people = [
        requester,
        *(
            row.email
            for row in followers.list_followers(uow, ticket.id)
            if not Role(row.role).is_staff
        ),
    ]
    if address.casefold() in (email.casefold() for email in people):
        raise Invalid("address", TAKES_PART)


def _list_messages(
    uow: UnitOfWork, ticket_id: int, message_id: int | None, *, with_files: bool
) -> Sequence[Message]:
    if message_id is None:
        messages = conversation.list_public_messages(uow, ticket_id, limit=MAX_MESSAGES)
    else:
        message = conversation.find_public_message(uow, ticket_id, message_id)
        if message is None:
            raise NotFound("Message")
        messages = [message]
    return messages if with_files else [replace(message, files=()) for message in messages]


def _describe(recipient: Address, text: str, messages: Sequence[Message]) -> str:
    """Return the internal note: to whom it was forwarded, and what."""
    name = f"{recipient.name} <{recipient.address}>" if recipient.name else recipient.address
    parts = [f"Forwarded to {name}", *([text] if text else [])]
    for message in messages:
        files = "".join(f"\n[{file.name}]" for file in message.files)
        when = message.at.strftime("%d %b %Y, %H:%M UTC")
        parts.append(f"---------- {message.author}, {when} ----------\n{message.text}{files}")
    note = "\n\n".join(parts)
    return note if len(note) <= MAX_TEXT_LENGTH else note[: MAX_TEXT_LENGTH - 1] + "…"


def _build_row(
    uow: UnitOfWork,
    ticket: Ticket,
    recipient: Address,
    text: str,
    messages: Sequence[Message],
    note_id: int,
) -> dict[str, object]:
    key = ticket_numbers.format_key(ticket)
    agent = conversation.safe_name(uow.actor.full_name)
    our_name = own_addresses.own_sender().name
    content = Content(
        subject=texts.FORWARD_SUBJECT.format(key=key, title=ticket.title),
        introduction_text=text,
        introduction_html=markup.render(text, text_format=TextFormat.PLAIN) if text else "",
        title=ticket.title,
        reply_marker=texts.REPLY_MARKER,
        messages=messages,
        footer=[FooterLine(texts.FORWARD_FOOTER.format(agent=agent))],
    )
    note_uuid = uow.connection.execute(_SELECT_UUID, {"entry_id": note_id}).scalar_one()
    address = recipient.address.casefold()
    headers = Headers(
        message_id=message_ids.format_message_id(ticket.uuid, note_uuid),
        recipient=address,
        recipient_name=recipient.name,
        sender_name=f"{agent} ({our_name})" if our_name else agent,
        reply_to=own_addresses.format_forward_address(key, note_id),
    )
    return new_email_row(
        kind=texts.FORWARD,
        person_id=None,
        address=address,
        message_id=headers.message_id,
        subject=content.subject,
        source=build_source(content, headers, uow.now, read_preferences({}, is_staff=False)),
        now=uow.now,
        ticket_id=ticket.id,
        entry_id=note_id,
    )

"""Compose the emails about accounts: links to reset a password, verify an address and the like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import bindparam, select

from ticket_app.core.email import links, message_ids, own_addresses
from ticket_app.core.email.outgoing import conversation, failures, templates, texts
from ticket_app.core.email.outgoing.messages import (
    Content,
    FooterLine,
    Headers,
    build_source,
    new_email_row,
)
from ticket_app.core.notifications.preferences import read_preferences
from ticket_app.core.people.account_links import LinkPurpose
from ticket_app.core.platform import page_links, ticket_numbers
from ticket_app.core.platform.row_inserts import insert_missing
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import outgoing_email_table, person_table, ticket_table


@dataclass(frozen=True, slots=True)
class AccountEmail:
    """The kind of email that a link is sent by, and the page that the link opens."""

    kind: str
    page: str


EMAILS = {
    LinkPurpose.PASSWORD_RESET: AccountEmail(texts.PASSWORD_RESET, "reset-password"),
    LinkPurpose.INVITATION: AccountEmail(texts.INVITATION, "invitation"),
    LinkPurpose.VERIFICATION: AccountEmail(texts.VERIFICATION, "verify"),
    LinkPurpose.RATING: AccountEmail(texts.RATING_REQUEST, "rate"),
}


class _RecipientRow:
    full_name: str
    role: str
    is_active: bool
    preferences: dict[str, object]


class _TicketRow:
    id: int
    uuid: UUID
    key_prefix: str
    key_number: int
    opened_on: date
    day_number: int
    title: str
    status: str


_SELECT_RECIPIENT = select(*(person_table.c[name] for name in _RecipientRow.__annotations__)).where(
    person_table.c.id == bindparam("person_id")
)
_SELECT_NAME = select(person_table.c.full_name).where(person_table.c.id == bindparam("person_id"))
_SELECT_TICKET = select(*(ticket_table.c[name] for name in _TicketRow.__annotations__)).where(
    ticket_table.c.id == bindparam("ticket_id"), ticket_table.c.deleted_at.is_(None)
)


def compose(
    uow: UnitOfWork,
    person_id: int,
    purpose: LinkPurpose,
    *,
    address: str,
    token: str,
    ticket_id: int | None = None,
    sender_id: int | None = None,
) -> bool:
    """Write the email with an account link, which is sent at once; return whether one was written.

    The same link is written once. Nothing is sent to people who were deactivated, about a deleted
    ticket, or to an undeliverable address.
    """
    recipient = uow.one_row(_SELECT_RECIPIENT, {"person_id": person_id}, of=_RecipientRow)
    ticket = (
        uow.first_row(_SELECT_TICKET, {"ticket_id": ticket_id}, of=_TicketRow)
        if ticket_id is not None
        else None
    )
    is_ticket_gone = ticket_id is not None and ticket is None
    if not recipient.is_active or is_ticket_gone or failures.is_undeliverable(uow, address):
        return False
    email = EMAILS[purpose]
    link = page_links.absolute_link(f"/{email.page}/{token}")
    content = _build_content(uow, email.kind, link, recipient, ticket, sender_id)
    key = ticket and ticket_numbers.format_key(ticket)
    # The same for a repeated job, so that it writes no second email.
    message_id = f"<{uuid5(NAMESPACE_URL, link)}@{own_addresses.own_sender().domain}>"
    headers = Headers(
        message_id=message_id,
        recipient=address,
        recipient_name=conversation.safe_name(recipient.full_name),
        reply_to=own_addresses.format_reply_address(key) if key else None,
        references=message_ids.list_references(uow, ticket.id, person_id) if ticket else (),
        unsubscribe_url=links.unsubscribe_link(ticket.id, person_id) if ticket else None,
    )
    preferences = read_preferences(recipient.preferences, is_staff=Role(recipient.role).is_staff)
    row = new_email_row(
        kind=email.kind,
        person_id=person_id,
        address=address,
        message_id=message_id,
        subject=content.subject,
        source=build_source(content, headers, uow.now, preferences),
        now=uow.now,
        ticket_id=ticket_id,
    )
    insert_missing(uow, outgoing_email_table, [row])
    return True


def _build_content(
    uow: UnitOfWork,
    kind: str,
    link: str,
    recipient: _RecipientRow,
    ticket: _TicketRow | None,
    sender_id: int | None,
) -> Content:
    sender = own_addresses.own_sender().name
    actor_name = (
        uow.connection.execute(_SELECT_NAME, {"person_id": sender_id}).scalar()
        if sender_id is not None
        else None
    )
    variables: dict[str, object] = {
        "ticket": {
            "key": ticket_numbers.format_key(ticket) if ticket else "",
            "title": ticket.title if ticket else "",
            "status": ticket.status if ticket else "",
        },
        "recipient": {"name": conversation.safe_name(recipient.full_name)},
        "actor": {"name": conversation.safe_name(actor_name or sender)},
        "message": "",
        "link": link,
        "help_desk": sender,
    }
    template = templates.get_template(uow, kind)
    subject = templates.fill(template.subject, variables)
    introduction = templates.fill(template.body, variables).strip()
    marked_up = templates.fill(template.body, templates.as_words(variables)).strip()
    return Content(
        subject=subject,
        introduction_text=introduction,
        introduction_html=templates.render_introduction(marked_up),
        title=subject,
        button_label=texts.BUTTONS[kind],
        button_url=link,
        footer=[FooterLine(texts.FOOTER_SENT_BY.format(name=sender))] if sender else [],
    )

"""The daily digest: one email about everything that a person has not read, of all tickets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import bindparam, select

from ticket_app.core.email import message_ids, own_addresses
from ticket_app.core.email.outgoing import conversation, templates, texts
from ticket_app.core.email.outgoing.due_rows import (
    DueNotificationRow,
    RecipientRow,
    TicketTitleRow,
    without_address,
)
from ticket_app.core.email.outgoing.messages import (
    Content,
    FooterLine,
    Headers,
    TicketNews,
    build_source,
    new_email_row,
)
from ticket_app.core.notifications.preferences import NotificationPreferences
from ticket_app.core.platform import page_links, ticket_numbers
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import ticket_table

MAX_TICKETS = 50
"""How many tickets a digest names; it counts the others."""
MAX_SENTENCES = 10
"""How many different notifications of one ticket it repeats, the latest ones."""

_SELECT_TICKETS = select(
    ticket_table.c.id,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.title,
).where(
    ticket_table.c.id.in_(bindparam("ticket_ids", expanding=True)),
    ticket_table.c.deleted_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class DigestNews:
    """The notifications that a digest tells of, newest first, by ticket and about none."""

    by_ticket: Mapping[TicketTitleRow, Sequence[DueNotificationRow]]
    without_ticket: Sequence[DueNotificationRow]

    @property
    def notifications(self) -> Sequence[DueNotificationRow]:
        """All notifications of the digest."""
        return [*chain.from_iterable(self.by_ticket.values()), *self.without_ticket]


def group_by_ticket(uow: UnitOfWork, rows: Sequence[DueNotificationRow]) -> DigestNews:
    """Return what a digest tells of; notifications about deleted tickets are left out."""
    by_id: dict[int | None, list[DueNotificationRow]] = defaultdict(list)
    for row in reversed(rows):
        by_id[row.ticket_id].append(row)
    without_ticket = by_id.pop(None, [])
    found = uow.all_rows(_SELECT_TICKETS, {"ticket_ids": list(by_id)}, of=TicketTitleRow)
    tickets = {ticket.id: ticket for ticket in found}
    by_ticket = {
        tickets[ticket_id]: about
        for ticket_id, about in by_id.items()
        if ticket_id is not None and ticket_id in tickets
    }
    return DigestNews(by_ticket, without_ticket)


def build_row(
    uow: UnitOfWork,
    recipient: RecipientRow,
    digest: DigestNews,
    preferences: NotificationPreferences,
) -> dict[str, object]:
    """Return the values of the email with a digest; the first `MAX_TICKETS` tickets are named."""
    is_staff = Role(recipient.role).is_staff
    named = dict(islice(digest.by_ticket.items(), MAX_TICKETS))
    news = _list_news(uow, named, is_staff=is_staff)
    if digest.without_ticket:
        news.append(TicketNews("", texts.OTHER_NEWS, "", _list_sentences(digest.without_ticket)))
    message = texts.digest_message(len(digest.by_ticket), len(digest.without_ticket))
    unnamed = len(digest.by_ticket) - len(named)
    content = _build_content(uow, recipient, message, news, unnamed)
    address = recipient.email.casefold()
    headers = Headers(
        message_id=message_ids.new_message_id(),
        recipient=address,
        recipient_name=conversation.safe_name(recipient.full_name),
    )
    return new_email_row(
        kind=texts.DIGEST,
        person_id=recipient.id,
        address=address,
        message_id=headers.message_id,
        subject=content.subject,
        source=build_source(content, headers, uow.now, preferences),
        now=uow.now,
    )


def _list_news(
    uow: UnitOfWork,
    named: Mapping[TicketTitleRow, Sequence[DueNotificationRow]],
    *,
    is_staff: bool,
) -> list[TicketNews]:
    entry_ids = [
        row.entry_id
        for rows in named.values()
        for row in rows[:MAX_SENTENCES]
        if row.entry_id is not None
    ]
    first_words = conversation.list_first_words(uow, entry_ids, is_staff=is_staff)
    news: list[TicketNews] = []
    for ticket, rows in named.items():
        key = ticket_numbers.format_key(ticket)
        url = page_links.ticket_link(key, is_staff=is_staff)
        messages = first_words.get(ticket.id, ())
        news.append(TicketNews(key, ticket.title, url, _list_sentences(rows), messages))
    return news


def _list_sentences(rows: Sequence[DueNotificationRow]) -> list[str]:
    """Return what the notifications say, newest first, each once."""
    sentences = dict.fromkeys(without_address(row.message, row.actor_name) for row in rows)
    return [f"{sentence}." for sentence in list(sentences)[:MAX_SENTENCES]]


def _build_content(
    uow: UnitOfWork,
    recipient: RecipientRow,
    message: str,
    news: Sequence[TicketNews],
    unnamed: int,
) -> Content:
    sender = own_addresses.own_sender().name
    preferences_url = page_links.absolute_link("/settings/notifications")
    variables: dict[str, object] = {
        "ticket": {"key": "", "title": "", "status": ""},
        "recipient": {"name": conversation.safe_name(recipient.full_name)},
        "actor": {"name": ""},
        "message": message,
        "link": preferences_url,
        "help_desk": sender,
    }
    own, default = (
        templates.get_template(uow, texts.DIGEST),
        templates.default_template(texts.DIGEST),
    )
    subject = templates.fill_or_default(own.subject, default.subject, variables)
    as_words = templates.as_words(variables)
    marked_up = templates.fill_or_default(own.body, default.body, as_words)
    footer = [FooterLine(texts.FOOTER_SENT_BY.format(name=sender))] if sender else []
    footer.append(FooterLine(texts.FOOTER_DIGEST, preferences_url, texts.FOOTER_PREFERENCES))
    return Content(
        subject=subject,
        introduction_text=templates.fill_or_default(own.body, default.body, variables).strip(),
        introduction_html=templates.render_introduction(marked_up.strip()),
        title=subject,
        news=news,
        more_news=texts.MORE_TICKETS.format(count=unnamed) if unnamed else "",
        footer=footer,
    )

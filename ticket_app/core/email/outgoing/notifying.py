"""Compose the emails about notifications that are due: one a person and ticket, or a digest."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select, update

from ticket_app.core.email import links, message_ids, own_addresses
from ticket_app.core.email.outgoing import conversation, digest, failures, templates, texts
from ticket_app.core.email.outgoing.due_rows import (
    DueNotificationRow,
    EmailedTicketRow,
    RecipientRow,
    without_address,
)
from ticket_app.core.email.outgoing.messages import (
    Content,
    FooterLine,
    Headers,
    build_source,
    new_email_row,
)
from ticket_app.core.notifications.kinds import REQUESTER_KINDS, NotificationKind
from ticket_app.core.notifications.preferences import NotificationPreferences, read_preferences
from ticket_app.core.platform import page_links, ticket_numbers
from ticket_app.core.platform.email_states import EmailState
from ticket_app.core.platform.row_inserts import insert_missing
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import (
    entry_table,
    notification_table,
    outgoing_email_table,
    person_table,
    ticket_table,
)

BATCH_SIZE = 10
"""How many emails are composed before they are written in one transaction."""
POSTPONED_BY = timedelta(minutes=10)
"""After an email could not be written because of a fault."""


class DuePairRow:
    """A person and the ticket that an email tells them of."""

    person_id: int
    ticket_id: int | None


_IS_WAITING = notification_table.c.email_state == EmailState.WAITING
_IS_DUE = notification_table.c.email_due_at <= bindparam("now")
_SELECT_DUE_PAIRS = (
    select(notification_table.c.person_id, notification_table.c.ticket_id)
    .where(_IS_WAITING, _IS_DUE)
    .distinct()
    .limit(BATCH_SIZE)
)
_SELECT_NOTIFICATIONS = (
    select(
        notification_table.c.id,
        notification_table.c.kind,
        notification_table.c.ticket_id,
        notification_table.c.message,
        notification_table.c.entry_id,
        entry_table.c.uuid.label("entry_uuid"),
        person_table.c.full_name.label("actor_name"),
    )
    .select_from(
        notification_table.outerjoin(
            entry_table, entry_table.c.id == notification_table.c.entry_id
        ).outerjoin(person_table, person_table.c.id == notification_table.c.actor_id)
    )
    .where(
        _IS_WAITING,
        notification_table.c.person_id == bindparam("person_id"),
    )
    .order_by(notification_table.c.id)
)
_SELECT_FOR_DIGEST = _SELECT_NOTIFICATIONS.where(_IS_DUE)
_OF_TICKET = notification_table.c.ticket_id == bindparam("ticket_id")
_OF_NO_TICKET = notification_table.c.ticket_id.is_(None)
_SELECT_RECIPIENT = select(
    person_table.c.id,
    person_table.c.email,
    person_table.c.full_name,
    person_table.c.role,
    person_table.c.is_active,
    person_table.c.preferences,
).where(person_table.c.id == bindparam("person_id"))
_SELECT_TICKET = select(
    ticket_table.c.id,
    ticket_table.c.uuid,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
    ticket_table.c.opened_on,
    ticket_table.c.day_number,
    ticket_table.c.title,
    ticket_table.c.status,
    ticket_table.c.requester_id,
).where(ticket_table.c.id == bindparam("ticket_id"), ticket_table.c.deleted_at.is_(None))
_UPDATE_STATE = update(notification_table).where(
    notification_table.c.id.in_(bindparam("ids", expanding=True))
)
_SELECT_STILL_WAITING = (
    select(notification_table.c.id)
    .where(notification_table.c.id.in_(bindparam("ids", expanding=True)), _IS_WAITING)
    .order_by(notification_table.c.id)
    .with_for_update()
)


def list_due(uow: UnitOfWork) -> Sequence[DuePairRow]:
    """Return people and tickets with notifications whose email is due, at most `BATCH_SIZE`."""
    return uow.all_rows(_SELECT_DUE_PAIRS, {"now": uow.now}, of=DuePairRow)


@dataclass(frozen=True, slots=True)
class ComposedEmail:
    """An email to one person, and the notifications that it tells of."""

    notification_ids: Sequence[int]
    values: Mapping[str, object] | None
    """The row of the email; None if the person gets no email."""
    omitted_ids: Container[int]
    """Those of them that the email leaves out: a deleted ticket's, and what only staff hear."""


def compose(uow: UnitOfWork, person_id: int, ticket_id: int | None) -> bool:
    """Compose and save the email of `build_email`; return whether there was one."""
    email = build_email(uow, person_id, ticket_id)
    return email is not None and save_emails(uow, [email]) == 1


def save_emails(uow: UnitOfWork, emails: Sequence[ComposedEmail]) -> int:
    """Save emails that wait to be sent, and return how many.

    One of which a notification was read or emailed since it was composed is not saved; what is
    left of it is composed again.
    """
    ids = [notification_id for email in emails for notification_id in email.notification_ids]
    waiting = set(uow.connection.execute(_SELECT_STILL_WAITING, {"ids": ids}).scalars())
    rows: list[Mapping[str, object]] = []
    ids_by_state: dict[EmailState, list[int]] = {EmailState.SENT: [], EmailState.DROPPED: []}
    for email in emails:
        if not waiting.issuperset(email.notification_ids):
            continue
        waiting.difference_update(email.notification_ids)
        for notification_id in email.notification_ids:
            is_dropped = email.values is None or notification_id in email.omitted_ids
            state = EmailState.DROPPED if is_dropped else EmailState.SENT
            ids_by_state[state].append(notification_id)
        if email.values is not None:
            rows.append(email.values)
    insert_missing(uow, outgoing_email_table, rows)
    for state, state_ids in ids_by_state.items():
        if state_ids:
            uow.connection.execute(_UPDATE_STATE.values(email_state=state), {"ids": state_ids})
    return len(rows)


def build_email(
    uow: UnitOfWork, person_id: int, ticket_id: int | None, *, composed_ids: Container[int] = ()
) -> ComposedEmail | None:
    """Return an email about everything that a person has not read about a ticket; only reads.

    For somebody with a daily digest it is about everything that is due, of all tickets. Nothing
    is sent to people who were deactivated, or whose address is undeliverable. Returns None if
    nothing waits, or only what an email tells of already that is not saved yet: notifications with
    `composed_ids`.
    """
    recipient = uow.one_row(_SELECT_RECIPIENT, {"person_id": person_id}, of=RecipientRow)
    is_staff = Role(recipient.role).is_staff
    preferences = read_preferences(recipient.preferences, is_staff=is_staff)
    about = {"person_id": person_id, "ticket_id": ticket_id, "now": uow.now}
    if preferences.daily_digest:
        statement = _SELECT_FOR_DIGEST
    else:
        of_ticket = _OF_NO_TICKET if ticket_id is None else _OF_TICKET
        statement = _SELECT_NOTIFICATIONS.where(of_ticket)
    rows = uow.all_rows(statement, about, of=DueNotificationRow)
    if all(row.id in composed_ids for row in rows):
        return None
    included = rows if is_staff else [row for row in rows if row.kind in REQUESTER_KINDS]
    values = None
    if (
        included
        and recipient.is_active
        and recipient.email
        and not failures.is_undeliverable(uow, recipient.email)
    ):
        if preferences.daily_digest:
            news = digest.group_by_ticket(uow, included)
            included = news.notifications
            values = digest.build_row(uow, recipient, news, preferences) if included else None
        else:
            values = _build_row(uow, recipient, ticket_id, included, preferences)
    ids = [row.id for row in rows]
    return ComposedEmail(ids, values, set(ids).difference(row.id for row in included))


_POSTPONE = (
    update(notification_table)
    .where(_IS_WAITING, notification_table.c.person_id == bindparam("recipient_id"))
    .values(email_due_at=bindparam("later"))
)


def postpone(uow: UnitOfWork, person_id: int, ticket_id: int | None) -> None:
    """Try again later to write an email that could not be written."""
    of_ticket = _OF_NO_TICKET if ticket_id is None else _OF_TICKET
    values = {"recipient_id": person_id, "ticket_id": ticket_id, "later": uow.now + POSTPONED_BY}
    uow.connection.execute(_POSTPONE.where(of_ticket), values)


def _build_row(
    uow: UnitOfWork,
    recipient: RecipientRow,
    ticket_id: int | None,
    rows: Sequence[DueNotificationRow],
    preferences: NotificationPreferences,
) -> dict[str, object] | None:
    """Return an email about one ticket, or about none; None if the ticket was deleted."""
    ticket = None
    if ticket_id is not None:
        ticket = uow.first_row(_SELECT_TICKET, {"ticket_id": ticket_id}, of=EmailedTicketRow)
        if ticket is None:
            return None
    is_staff = Role(recipient.role).is_staff
    newest = max(rows, key=lambda row: row.entry_id or 0)
    kind = _main_kind(rows)
    content = _build_content(uow, recipient, ticket, rows, kind, is_staff=is_staff)
    address = recipient.email.casefold()
    if ticket is not None and newest.entry_uuid is not None:
        message_id = message_ids.format_message_id(ticket.uuid, newest.entry_uuid)
    else:
        message_id = message_ids.new_message_id()
    key = ticket and ticket_numbers.format_key(ticket)
    headers = Headers(
        message_id=message_id,
        recipient=address,
        recipient_name=conversation.safe_name(recipient.full_name),
        sender_name=_sender_name(newest, kind),
        reply_to=own_addresses.format_reply_address(key) if key else None,
        references=message_ids.list_references(uow, ticket.id, recipient.id) if ticket else (),
        unsubscribe_url=links.unsubscribe_link(ticket.id, recipient.id) if ticket else None,
        is_acknowledgement=kind == NotificationKind.TICKET_CREATED and not is_staff,
    )
    return new_email_row(
        kind=kind,
        person_id=recipient.id,
        address=address,
        message_id=message_id,
        subject=content.subject,
        source=build_source(content, headers, uow.now, preferences),
        now=uow.now,
        ticket_id=ticket and ticket.id,
        entry_id=newest.entry_id,
    )


_ORDER = tuple(NotificationKind)
"""Of several kinds in one email, the first one in this order gives it its template."""


def _main_kind(rows: Sequence[DueNotificationRow]) -> NotificationKind:
    return min((NotificationKind(row.kind) for row in rows), key=_ORDER.index)


def _sender_name(row: DueNotificationRow, kind: NotificationKind) -> str | None:
    """Return the name before our address: who replied, and the help desk."""
    if kind not in (NotificationKind.REPLY, NotificationKind.REQUESTER_REPLY) or not row.actor_name:
        return None
    return f"{conversation.safe_name(row.actor_name)} ({own_addresses.own_sender().name})"


def _build_content(
    uow: UnitOfWork,
    recipient: RecipientRow,
    ticket: EmailedTicketRow | None,
    rows: Sequence[DueNotificationRow],
    kind: NotificationKind,
    *,
    is_staff: bool,
) -> Content:
    key = ticket_numbers.format_key(ticket) if ticket else ""
    link = page_links.ticket_link(key, is_staff=is_staff) if ticket else ""
    template = templates.get_template(uow, kind)
    introductions: list[str] = []
    marked_up: list[str] = []
    variables: dict[str, object] = {
        "ticket": {
            "key": key,
            "title": ticket.title if ticket else "",
            "status": ticket.status if ticket else "",
        },
        "recipient": {"name": conversation.safe_name(recipient.full_name)},
        "link": link,
        "help_desk": own_addresses.own_sender().name,
    }
    for row in rows:
        variables |= {
            "actor": {"name": conversation.safe_name(row.actor_name or "")},
            "message": without_address(row.message, row.actor_name),
        }
        text = template if row.kind == kind else templates.get_template(uow, row.kind)
        default_text = templates.default_template(row.kind).body
        for filled, values in (
            (introductions, variables),
            (marked_up, templates.as_words(variables)),
        ):
            filled.append(templates.fill_or_default(text.body, default_text, values).strip())
    default_subject = templates.default_template(kind).subject
    subject = templates.fill_or_default(template.subject, default_subject, variables)
    introduction = "\n\n".join(dict.fromkeys(introductions))
    sender = own_addresses.own_sender().name
    footer = [FooterLine(texts.FOOTER_SENT_BY.format(name=sender))] if sender else []
    if ticket is not None:
        unfollow = links.unsubscribe_link(ticket.id, recipient.id)
        reason = texts.FOOTER_REASON.format(key=key)
        footer.append(FooterLine(reason, unfollow, texts.FOOTER_UNFOLLOW))
    preferences_url = page_links.absolute_link("/settings/notifications")
    footer.append(FooterLine("", preferences_url, texts.FOOTER_PREFERENCES))
    return Content(
        subject=subject,
        introduction_text=introduction,
        introduction_html=templates.render_introduction("\n\n".join(dict.fromkeys(marked_up))),
        heading=key,
        title=ticket.title if ticket else subject,
        button_label=texts.OPEN_TICKET if ticket else "",
        button_url=link,
        reply_marker=texts.REPLY_MARKER if ticket else "",
        messages=conversation.list_messages(
            uow,
            ticket.id,
            recipient.id,
            is_staff=is_staff,
            is_requester=ticket.requester_id == recipient.id,
        )
        if ticket
        else (),
        footer=footer,
    )

"""Send an email to oneself, to see whether the settings of the mail server work."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from ticket_app.core.email import message_ids, own_addresses
from ticket_app.core.email.outgoing import conversation, delivery, templates, texts
from ticket_app.core.email.outgoing.messages import (
    Content,
    FooterLine,
    Headers,
    build_source,
    new_email_row,
)
from ticket_app.core.notifications.preferences import read_preferences
from ticket_app.core.platform import page_links
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import outgoing_email_table, person_table

KIND = "test"


class _AdministratorRow:
    email: str
    full_name: str
    role: str
    preferences: dict[str, object]


_SELECT_ADMINISTRATOR = select(
    person_table.c.email, person_table.c.full_name, person_table.c.role, person_table.c.preferences
).where(person_table.c.id == bindparam("me"))


def send_test_email(uow: UnitOfWork) -> str:
    """Queue a test email to the actor; return their address. Raises `Forbidden`."""
    uow.actor.require("set_up", "send a test email")
    me = uow.one_row(_SELECT_ADMINISTRATOR, {"me": uow.actor.id}, of=_AdministratorRow)
    sender = own_addresses.own_sender()
    body = texts.TEST_BODY.format(sender=sender.address)
    preferences = read_preferences(me.preferences, is_staff=Role(me.role).is_staff)
    content = Content(
        subject=texts.TEST_SUBJECT,
        title=texts.TEST_SUBJECT,
        introduction_text=body,
        introduction_html=templates.render_introduction(body),
        button_label=texts.TEST_BUTTON,
        button_url=page_links.absolute_link("/admin/mail"),
        footer=[FooterLine(texts.FOOTER_SENT_BY.format(name=sender.name))] if sender.name else [],
    )
    message_id = message_ids.new_message_id()
    headers = Headers(
        message_id=message_id,
        recipient=me.email.casefold(),
        recipient_name=conversation.safe_name(me.full_name),
    )
    row = new_email_row(
        kind=KIND,
        person_id=uow.actor.id,
        address=me.email.casefold(),
        message_id=message_id,
        subject=content.subject,
        source=build_source(content, headers, uow.now, preferences),
        now=uow.now,
    )
    uow.connection.execute(insert(outgoing_email_table), row)
    uow.after_commit.append(delivery.wake_event.set)
    return me.email

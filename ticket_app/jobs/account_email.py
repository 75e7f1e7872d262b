"""Write the emails with account links; they are sent at once."""

from __future__ import annotations

from ticket_app.core.email.outgoing import account_mail
from ticket_app.core.email.outgoing.delivery import wake_event
from ticket_app.core.people import account_links, password_reset
from ticket_app.core.people.account_links import LinkPurpose
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.jobs.registry import OutboxQueue, Payload

ACCOUNT_EMAIL = OutboxQueue("account email", concurrency=lambda: 1)
"""Who waits for a link to sign in waits for no other work."""


@ACCOUNT_EMAIL.handles(password_reset.REQUESTED_TOPIC)
def send_reset_link(uow: UnitOfWork, payload: Payload) -> None:
    """Send the link to reset a password, if the address belongs to an account."""
    password_reset.send_reset_link(uow, str(payload["address"]))


@ACCOUNT_EMAIL.handles(account_links.EMAIL_TOPIC)
def write_account_email(uow: UnitOfWork, payload: Payload) -> None:
    """Write the email with an account link."""
    token = account_links.decrypt_token(payload["token"])
    if token is None:
        log().warning("account_link_not_sent", reason="the secret key has changed")
        return
    account_mail.compose(
        uow,
        payload["person_id"],
        LinkPurpose(payload["purpose"]),
        address=payload["address"],
        token=token,
        ticket_id=payload["ticket_id"],
        sender_id=payload["sender_id"],
    )
    uow.after_commit.append(wake_event.set)

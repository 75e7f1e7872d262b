"""The channel and the delivery of a message, as the conversation shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ticket_app.core.email.deliveries import MessageDelivery, Reached
from ticket_app.ui.pages.desk import delivery_texts
from ticket_app.ui.rows import iso_time

ORDER: Final = (
    Reached.FAILED,
    Reached.WAITING,
    Reached.NOT_EMAILED,
    Reached.DELIVERED,
    Reached.READ,
)
"""Of several recipients, the message shows the state that comes first here."""


@dataclass(frozen=True)
class RecipientRow:
    """How far a message got to one person."""

    name: str
    state: str
    label: str
    at: str
    reason: str
    failed_email: str
    """The id of the email that failed, which can be sent again."""


def channel_label(delivery: MessageDelivery | None, *, by_staff: bool) -> str:
    """Return what a message came through; empty for messages of old versions."""
    if delivery is None or not delivery.channel:
        return ""
    if delivery.channel == "web":
        return delivery_texts.WEB if by_staff else delivery_texts.PORTAL
    return delivery_texts.CHANNELS.get(delivery.channel, delivery.channel)


def recipient_rows(delivery: MessageDelivery | None) -> list[RecipientRow]:
    """Return the recipients of a message, those that were not reached first."""
    recipients = sorted(
        delivery.recipients if delivery else [], key=lambda row: ORDER.index(row.reached)
    )
    return [
        RecipientRow(
            name=row.name,
            state=str(row.reached),
            label=delivery_texts.STATES[row.reached],
            at=iso_time(row.at),
            reason=row.reason,
            failed_email=str(row.email) if row.email else "",
        )
        for row in recipients
    ]

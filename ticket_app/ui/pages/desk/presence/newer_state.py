"""Messages of others that a writer has not seen: shown before a reply is sent or a ticket resolved.

What has been seen is decided when the writer begins: a message that has been on the page for a
while counts, one that has only just arrived does not. The core compares it with the ticket in the
transaction that sends (`core.conversation.newer_messages`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import reflex as rx

from ticket_app.core.conversation.newer_messages import (
    NewerMessage,
    NewerMessages,
    SeenMessages,
)
from ticket_app.core.platform import markup
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.ui import routes
from ticket_app.ui.dialogs import open_dialog
from ticket_app.ui.pages.desk import texts as desk_texts
from ticket_app.ui.pages.desk.presence import texts
from ticket_app.ui.pages.desk.ticket.conversation import ConversationItem
from ticket_app.ui.rows import initials_of, iso_time, person_color_number

NEWER_DIALOG: Final = "newer-messages"
SEEN_AFTER: Final = timedelta(seconds=10)
"""How long a message is on the page before it counts as seen."""


@dataclass(frozen=True)
class NewerRow:
    """A message that the writer has not seen."""

    key: str
    name: str
    initials: str
    color: int
    at: str
    html: str
    role: str


class NewerMessagesDialog(rx.State):
    """The messages that are shown, who wrote the last of them, and when."""

    messages: list[NewerRow] = []
    name: str = ""
    at: str = ""
    resolves: bool = False
    """Whether the ticket was about to be resolved without a reply."""

    _seen: SeenMessages = SeenMessages(0)
    _shown: SeenMessages = SeenMessages(0)
    _is_writing: bool = False


def _newer_row(message: NewerMessage) -> NewerRow:
    if message.entry_id is None:
        role = texts.NEWER_BEING_SENT
    else:
        role = "" if message.by_staff else desk_texts.DESK_REQUESTER
    return NewerRow(
        f"{message.entry_id or 0}-{message.held_id or 0}",
        message.author_name,
        initials_of(message.author_name),
        person_color_number(message.author_username),
        iso_time(message.at),
        markup.render(message.body, routes.desk_ticket, TextFormat(message.body_format)),
        role,
    )


def _last_message_id(items: Sequence[ConversationItem], until: datetime | None = None) -> int:
    return max(
        (
            item.id
            for item in items
            if item.kind == "message"
            and (until is None or datetime.fromisoformat(item.at) <= until)
        ),
        default=0,
    )


async def mark_conversation_seen(page: rx.State, items: Sequence[ConversationItem]) -> None:
    """Remember that all messages of a page are seen: it was opened, or the person went to them."""
    dialog = await page.get_state(NewerMessagesDialog)
    dialog._seen, dialog._is_writing = SeenMessages(_last_message_id(items)), False  # noqa: SLF001


async def remember_writing_started(page: rx.State, items: Sequence[ConversationItem]) -> None:
    """Remember that a writer begins, and so has seen what was on the page for a while."""
    dialog = await page.get_state(NewerMessagesDialog)
    last_id = _last_message_id(items, datetime.now(UTC) - SEEN_AFTER)
    if last_id > dialog._seen.entry_id:  # noqa: SLF001 - not open to the page
        dialog._seen = replace(dialog._seen, entry_id=last_id)  # noqa: SLF001
    dialog._is_writing = True  # noqa: SLF001


async def remember_writing_stopped(page: rx.State) -> None:
    """Remember that the text was sent or removed."""
    (await page.get_state(NewerMessagesDialog))._is_writing = False  # noqa: SLF001


async def take_seen_messages(page: rx.State, items: Sequence[ConversationItem]) -> SeenMessages:
    """Return what has been seen by who sends or resolves now."""
    dialog = await page.get_state(NewerMessagesDialog)
    if not dialog._is_writing:  # noqa: SLF001
        await remember_writing_started(page, items)
        dialog._is_writing = False  # noqa: SLF001
    return dialog._seen  # noqa: SLF001


async def open_newer_dialog(
    page: rx.State, error: NewerMessages, *, resolves: bool = False
) -> None:
    """Show the messages, and ask whether to go on."""
    dialog = await page.get_state(NewerMessagesDialog)
    dialog.messages = [_newer_row(message) for message in error.messages]
    dialog.name, dialog.at = dialog.messages[-1].name, dialog.messages[-1].at
    dialog.resolves, dialog._shown = resolves, error.seen  # noqa: SLF001
    await open_dialog(page, NEWER_DIALOG, error.seen, resolves)


async def mark_newer_seen(page: rx.State) -> None:
    """Count the shown messages as seen, because the person goes on."""
    dialog = await page.get_state(NewerMessagesDialog)
    dialog._seen = dialog._shown  # noqa: SLF001

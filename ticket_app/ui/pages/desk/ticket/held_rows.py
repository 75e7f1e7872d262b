"""The replies that are held on a ticket, as its conversation shows them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ticket_app.core.attachments import stored_files
from ticket_app.core.conversation import held_replies
from ticket_app.core.conversation.held_replies import HeldReplyRow, HeldState
from ticket_app.core.platform import markup
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.ui import routes
from ticket_app.ui.field_values import choice_label
from ticket_app.ui.file_rows import file_rows
from ticket_app.ui.pages.desk import held_texts
from ticket_app.ui.rows import FileRow, initials_of, iso_time, person_color_number


@dataclass(frozen=True)
class HeldReplyItem:
    """A reply that is not sent yet: held for undo, scheduled, or stopped for a reason."""

    id: str
    name: str
    initials: str
    color: int
    html: str
    send_at: str
    state: str
    """`held`, `scheduled` or `stopped`."""
    is_own: bool
    details: str
    """What else happens with it, or why it was stopped."""
    files: list[FileRow] = field(default_factory=list)


def load_held_replies(uow: UnitOfWork, ticket_id: int) -> list[HeldReplyItem]:
    """Return the replies that wait on a ticket, and the actor's own that were stopped."""
    return [_held_item(uow, row) for row in held_replies.list_of_ticket(uow, ticket_id)]


def _held_item(uow: UnitOfWork, row: HeldReplyRow) -> HeldReplyItem:
    is_own = row.author_id == uow.actor.id
    place = held_replies.draft_place_of_held_reply(row.uuid)
    is_waiting = row.state == HeldState.WAITING
    return HeldReplyItem(
        id=str(row.uuid),
        name=row.author_name,
        initials=initials_of(row.author_name),
        color=person_color_number(row.author_username),
        html=markup.render(row.content, routes.desk_ticket, TextFormat(row.text_format)),
        send_at=iso_time(row.send_at),
        state="stopped" if not is_waiting else "scheduled" if row.is_scheduled else "held",
        is_own=is_own,
        details=_describe(row) if is_waiting else row.reason or "",
        files=file_rows(stored_files.list_draft_files(uow, place)) if is_own else [],
    )


def _describe(row: HeldReplyRow) -> str:
    status = held_replies.new_status_of(row)
    return " ".join(
        [
            *([held_texts.sets_status(choice_label("status", status))] if status else []),
            *([held_texts.CANCELLED_IF_REPLIED] if row.is_cancelled_by_reply else []),
        ]
    )

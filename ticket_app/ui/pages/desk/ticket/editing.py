"""The dialog that edits a field of a ticket: reading, parsing and saving its value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from ticket_app.core.platform import text_formats
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import split_tags
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import editing, locking, status_changes, ticket_lookup
from ticket_app.core.tickets.fields import FIELDS, FieldType, FieldView, TicketField
from ticket_app.core.tickets.tags import merge_tag_changes
from ticket_app.tables import Ticket
from ticket_app.ui.field_values import field_label, parse_value
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.rows import iso_time

DUPLICATE: Final = "duplicate_of"
EDITED_FROM_ELSEWHERE: Final = ("title", "description")
"""Fields that are no properties: the menu of the ticket edits them."""


def dialog_fields() -> dict[str, TicketField]:
    """Return the fields that are edited in the dialog, by name."""
    return {
        name: field
        for name, field in FIELDS.items()
        if field.validate is not None
        and not field.has_choices
        and (FieldView.STAFF_PROPERTIES in field.views or name in EDITED_FROM_ELSEWHERE)
    }


NO_VALUE: Final = "empty"
DUE_HOURS: Final = {"4h": 4, "1d": 24, "2d": 48, "1w": 168}
DUE_LABELS: Final = {
    "4h": texts.TICKET_DUE_IN_4_HOURS,
    "1d": texts.TICKET_DUE_IN_1_DAY,
    "2d": texts.TICKET_DUE_IN_2_DAYS,
    "1w": texts.TICKET_DUE_IN_1_WEEK,
}


def read_field(uow: UnitOfWork, ticket_id: int, name: str) -> tuple[object, bool]:
    """Return the value of a field, and whether it is plain text."""
    row = ticket_lookup.read_ticket(uow, ticket_id)
    value = getattr(row, name)
    is_plain = bool(value) and text_formats.get_format(row, name) is TextFormat.PLAIN
    return value, is_plain


def editable_text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, datetime):
        return iso_time(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value or "")


def _parse_time(text: str) -> datetime:
    """Parse the ISO time with offset that the browser sends."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid("due_at", texts.TICKET_EDIT_INVALID_TIME)


def _parse_value(name: str, text: str, tags: Sequence[str] = ()) -> object:
    field = FIELDS[name]
    if field.type is FieldType.LIST:
        return split_tags(text, tags)
    if field.type is FieldType.DATETIME:
        return _parse_time(text) if text else None
    return parse_value(field, text)


def dialog_title(name: str, number: str) -> str:
    """Return the title of the edit dialog."""
    if name == DUPLICATE:
        return texts.ticket_mark_duplicate(number)
    return texts.ticket_field_of(field_label(FIELDS[name]), number)


def make_save(name: str, text: str, seen: object) -> Callable[[UnitOfWork, Ticket], None]:
    """Return the function that saves a field, unless that field has changed since it was opened.

    Tags are merged with what someone else has added and removed in the meantime.
    """

    def save(uow: UnitOfWork, ticket: Ticket) -> None:
        if name == DUPLICATE:
            status_changes.mark_duplicate(uow, ticket, text.strip())
            return
        if FIELDS[name].type is FieldType.LIST and isinstance(seen, list):
            seen_tags = [str(tag) for tag in seen]
            wanted = split_tags(text, [*seen_tags, *ticket.tags])
            editing.edit(uow, ticket, {name: merge_tag_changes(ticket.tags, seen_tags, wanted)})
            return
        locking.ensure_fields_unchanged(ticket, {name: seen})
        editing.edit(uow, ticket, {name: _parse_value(name, text, ticket.tags)})

    return save

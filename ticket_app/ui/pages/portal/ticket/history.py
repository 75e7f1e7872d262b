"""The history of a ticket as its requester reads it: changes in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ticket_app.core.platform.vocabulary import ApprovalEvent, EntryKind
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.core.tickets.transitions import is_reopening
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.ui import theme
from ticket_app.ui.field_values import choice_label
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.rows import iso_time


@dataclass(frozen=True)
class HistoryRow:
    """A change, as a sentence that follows the name of the person who made it."""

    id: int
    who: str
    action: str
    at: str


def _status_label(word: str | None) -> str:
    look = theme.STATUS_LOOKS.get(word or "")
    return look.requester_word if look else word or ""


def _describe_status_change(line: EntryRow) -> str:
    old, new = _status_label(line.old_value), _status_label(line.new_value)
    if is_reopening(line.old_value, line.new_value):
        return texts.ticket_history_reopened(old, new)
    return "" if old == new else texts.ticket_history_status(old, new)


def _describe_field_change(line: EntryRow) -> str:
    field = FIELDS.get(line.field or "")
    if field is None:
        return texts.ticket_history_field_changed((line.field or "").replace("_", " "))
    if field.has_choices and line.new_value:
        label = choice_label(field.name, line.new_value)
        return texts.ticket_history_set(field.label, label)
    return texts.ticket_history_field_changed(field.label)


def _describe_assignment(line: EntryRow) -> str:
    return (
        texts.ticket_history_assigned(line.new_value)
        if line.new_value
        else texts.TICKET_HISTORY_UNASSIGNED
    )


def _describe_merge(line: EntryRow) -> str:
    if line.new_value:
        return texts.ticket_history_merged(line.new_value)
    return texts.ticket_history_unmerged(line.old_value)


CHANGE_DESCRIPTIONS: Final[dict[str, Callable[[EntryRow], str]]] = {
    "status": _describe_status_change,
    "assignee": _describe_assignment,
    "satisfaction_rating": lambda line: texts.ticket_history_rated(line.new_value),
    "file": lambda line: texts.ticket_history_file_removed(line.old_value),
    "file_name": lambda line: texts.ticket_history_file_renamed(line.old_value, line.new_value),
    "file_description": lambda _line: texts.TICKET_HISTORY_FILE_DESCRIBED,
    "title": lambda line: texts.ticket_history_title(line.new_value),
    "tags": lambda line: texts.ticket_history_tags(line.new_value or "none"),
    "due_at": lambda line: (
        texts.TICKET_HISTORY_DUE_SET if line.new_value else texts.TICKET_HISTORY_DUE_REMOVED
    ),
    "follow_up": lambda line: texts.ticket_history_follow_up(line.new_value),
    "follow_up_of": lambda line: texts.ticket_history_follow_up_of(line.new_value),
    "merged_into": _describe_merge,
    "merged_from": _describe_merge,
}
"""How changes of these fields are described; other fields are only named."""


APPROVAL_DESCRIPTIONS: Final[dict[str, str]] = {
    ApprovalEvent.REQUESTED: texts.TICKET_HISTORY_APPROVAL_REQUESTED,
    ApprovalEvent.APPROVED: texts.TICKET_HISTORY_APPROVED,
    ApprovalEvent.REJECTED: texts.TICKET_HISTORY_REJECTED,
    ApprovalEvent.INFO_REQUESTED: texts.TICKET_HISTORY_INFO_REQUESTED,
    ApprovalEvent.INFO_GIVEN: texts.TICKET_HISTORY_INFO_GIVEN,
    ApprovalEvent.CANCELLED: texts.TICKET_HISTORY_APPROVAL_CANCELLED,
}
"""Approval events that everyone on the ticket sees."""


def history_rows(lines: Sequence[EntryRow]) -> list[HistoryRow]:
    return [
        HistoryRow(
            line.id, line.actor_name or texts.TICKET_HISTORY_SYSTEM, action, iso_time(line.at)
        )
        for line in lines
        if (action := _describe_entry(line))
    ]


def _describe_entry(line: EntryRow) -> str:
    match line.kind:
        case EntryKind.CREATED:
            return texts.TICKET_HISTORY_SUBMITTED
        case EntryKind.FILE:
            return texts.ticket_history_file_added(line.new_value)
        case EntryKind.APPROVAL:
            return APPROVAL_DESCRIPTIONS.get(line.field, "")
        case EntryKind.CHANGE if line.field:
            return CHANGE_DESCRIPTIONS.get(line.field, _describe_field_change)(line)
    return ""

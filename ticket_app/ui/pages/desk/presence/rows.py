"""The rows of people who have a ticket open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from ticket_app.core.conversation import presence
from ticket_app.core.conversation.presence import Activity, PresentPerson
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui.pages.desk.presence import texts
from ticket_app.ui.rows import initials_of, person_color_number

LEVELS: Final = {
    Activity.AWAY: "idle",
    Activity.VIEWING: "viewing",
    Activity.EDITING: "editing",
    Activity.NOTE: "editing",
    Activity.REPLY: "editing",
}
"""Three levels: dimmed, plain, and with a ring."""
MAX_IN_ROW: Final = 2


@dataclass(frozen=True)
class PresentRow:
    """A person on a ticket; `label` is "Ana is writing a reply"."""

    id: int
    name: str
    initials: str
    color: int
    level: str
    label: str


@dataclass(frozen=True)
class TicketPeople:
    """The people on a ticket of the queue: the first of them, and all in one sentence."""

    people: list[PresentRow]
    label: str


def _present_row(person: PresentPerson) -> PresentRow:
    return PresentRow(
        person.person_id,
        person.name,
        initials_of(person.name),
        person_color_number(person.username),
        LEVELS[person.activity],
        texts.activity(person.name, person.activity),
    )


def load_present(uow: UnitOfWork, ticket_id: int) -> list[PresentRow]:
    """Return who else has a ticket open."""
    return [_present_row(person) for person in presence.list_others(uow, [ticket_id])]


def load_present_in_queue(uow: UnitOfWork, ticket_ids: Collection[int]) -> dict[int, TicketPeople]:
    """Return who else has each of these tickets open; tickets without anybody are left out."""
    found: defaultdict[int, list[PresentRow]] = defaultdict(list)
    for person in presence.list_others(uow, ticket_ids):
        found[person.ticket_id].append(_present_row(person))
    return {ticket_id: _ticket_people(people) for ticket_id, people in found.items()}


def _ticket_people(people: Sequence[PresentRow]) -> TicketPeople:
    labels = [person.label for person in people[:MAX_IN_ROW]]
    if len(people) > MAX_IN_ROW:
        labels.append(texts.more_people(len(people) - MAX_IN_ROW))
    return TicketPeople(list(people[:MAX_IN_ROW]), ", ".join(labels))


def typing_line(people: Sequence[PresentRow]) -> str:
    """Return who writes, as one line above the composer; empty if nobody does."""
    return ", ".join(person.label for person in people if person.level == "editing")

"""What is in the form of a new ticket: read from it, kept as a draft, made into a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import ceil
from typing import Any, Final

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Group, Kind, Priority, ReproductionRate, Severity
from ticket_app.core.tickets import ticket_list, tickets
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.settings import settings

OTHER: Final = "other"
FACTS: Final = {
    "browser": "Browser",
    "os": "Operating system",
    "screen": "Screen",
    "language": "Language",
    "time_zone": "Time zone",
}
"""What is told of the person's surroundings, and how each is called."""

FOR_BUGS: Final = (
    "plugin_name",
    "client_version",
    "steps_to_reproduce",
    "expected_behavior",
    "actual_behavior",
)
CHECKED: Final = ("title", "description", "section", *FOR_BUGS, "tags")
MOST_SIMILAR: Final = 3
LONG_WORD: Final = 4
WORDS_TRIED: Final = 5
ENOUGH: Final = 0.6
"""The share of a title's words that makes another ticket one like it."""


@dataclass(frozen=True)
class Form:
    """The fields as they stand in the form, each a text under its own name."""

    title: str = ""
    description: str = ""
    kind: str = Kind.BUG
    priority: str = Priority.MEDIUM
    severity: str = Severity.MINOR
    section: str = ""
    section_other: str = ""
    plugin_name: str = ""
    client_version: str = ""
    steps_to_reproduce: str = ""
    expected_behavior: str = ""
    actual_behavior: str = ""
    reproduction_rate: str = ""
    tags: str = ""
    browser: str = ""
    os: str = ""
    screen: str = ""
    language: str = ""
    time_zone: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Form:
        """The form in what a page or a draft says; what is no word of a choice is left out."""
        chosen = {
            "kind": Kind,
            "priority": Priority,
            "severity": Severity,
            "reproduction_rate": ReproductionRate,
        }
        values = {
            field.name: value
            for field in fields(cls)
            if isinstance(value := told.get(field.name), str)
            and (field.name not in chosen or value in set(chosen[field.name]))
        }
        return cls(**values)

    @property
    def is_empty(self) -> bool:
        """Whether nothing worth keeping has been written."""
        written = ("title", "description", "section_other", "tags", *FOR_BUGS)
        return not any(getattr(self, name).strip() for name in written)

    @property
    def is_bug(self) -> bool:
        """Whether the fields for bugs count."""
        return self.kind == Kind.BUG

    def value(self, name: str) -> Any:
        """A field as the core takes it."""
        if name == "tags":
            return [tag for tag in self.tags.split(",") if tag.strip()]
        if name == "section":
            return self.section_other or OTHER if self.section == OTHER else self.section
        return getattr(self, name) or None

    def problems(self) -> dict[str, str]:
        """Every field that could not be filed as it is, with the reason."""
        found: dict[str, str] = {}
        for name in CHECKED:
            if name in FOR_BUGS and not self.is_bug:
                continue
            try:
                tickets.CHECKS[name](name, self.value(name))
            except Invalid as wrong:
                found[name] = sentence(name, wrong.reason)
        return found

    def ticket(self) -> TicketDraft:
        """What is filed."""
        told = {name: self.value(name) for name in FOR_BUGS} if self.is_bug else {}
        rate = self.reproduction_rate if self.is_bug else ""
        facts = {name: text for name in FACTS if (text := getattr(self, name).strip())}
        return TicketDraft(
            title=self.title,
            description=self.description,
            kind=Kind(self.kind),
            priority=Priority(self.priority),
            severity=Severity(self.severity) if self.is_bug else Severity.MINOR,
            section=self.value("section") or None,
            reproduction_rate=ReproductionRate(rate) if rate else None,
            environment=facts or None,
            tags=self.value("tags"),
            **told,
        )


SAID: Final = {
    "title": "A title",
    "description": "A description",
    "section": "The section",
    "plugin_name": "The plugin's name",
    "client_version": "The version",
    "steps_to_reproduce": "This",
    "expected_behavior": "This",
    "actual_behavior": "This",
    "tags": "Each ticket",
}


def sentence(name: str, reason: str) -> str:
    """A reason of the core as a sentence beside the field."""
    return f"{SAID.get(name, 'This')} {reason}"


def sections() -> list[tuple[str, str]]:
    """The sections to choose from: word and label."""
    return [(word, label(word)) for word in settings().sections]


def label(word: str) -> str:
    """A word of the settings as people read it."""
    text = word.replace("_", " ").strip()
    return "API" if text == "api" else text[:1].upper() + text[1:]


def similar(desk: Desk, title: str) -> list[Any]:
    """The actor's own unfinished tickets whose words are most like a title."""
    words = sorted({word for word in title.split() if len(word) >= LONG_WORD}, key=len)
    tried = words[-WORDS_TRIED:]
    seen: dict[int, list[Any]] = {}
    for word in tried:
        query = TicketQuery(
            requester_id=desk.actor.id,
            group=frozenset({Group.OPEN, Group.WAITING}),
            search=word,
        )
        for row in ticket_list.page(desk, query, Slice(10)).rows:
            seen.setdefault(row.id, []).append(row)
    enough = ceil(len(tried) * ENOUGH)
    likely = [rows for rows in seen.values() if len(rows) >= enough]
    likely.sort(key=lambda rows: (-len(rows), -rows[0].id))
    return [rows[0] for rows in likely[:MOST_SIMILAR]]

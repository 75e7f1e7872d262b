"""What is in the form of a new ticket: read from it, kept as a draft, made into a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import ceil
from typing import Any, Final

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    Kind,
    Priority,
    ReproductionRate,
    Severity,
    StatusGroup,
)
from ticket_app.core.tickets import ticket_list, tickets
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.settings import settings

OTHER_SECTION: Final = "other"
ENVIRONMENT_LABELS: Final = {
    "browser": "Browser",
    "os": "Operating system",
    "screen": "Screen",
    "language": "Language",
    "time_zone": "Time zone",
}
"""What is told of the person's surroundings, and how each is called."""

BUG_FIELDS: Final = (
    "plugin_name",
    "client_version",
    "steps_to_reproduce",
    "expected_behavior",
    "actual_behavior",
)
CHECKED_FIELDS: Final = ("title", "description", "section", *BUG_FIELDS, "tags")
MAX_SIMILAR: Final = 3
MIN_WORD_LENGTH: Final = 4
MAX_SEARCH_WORDS: Final = 5
MIN_WORD_SHARE: Final = 0.6
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
    def from_data(cls, data: Mapping[str, Any]) -> Form:
        """The form in what a page or a draft says; what is no word of a choice is left out."""
        choices = {
            "kind": Kind,
            "priority": Priority,
            "severity": Severity,
            "reproduction_rate": ReproductionRate,
        }
        values = {
            field.name: value
            for field in fields(cls)
            if isinstance(value := data.get(field.name), str)
            and (field.name not in choices or value in set(choices[field.name]))
        }
        return cls(**values)

    @property
    def is_empty(self) -> bool:
        """Whether nothing worth keeping has been written."""
        written = ("title", "description", "section_other", "tags", *BUG_FIELDS)
        return not any(getattr(self, name).strip() for name in written)

    @property
    def is_bug(self) -> bool:
        """Whether the fields for bugs count."""
        return self.kind == Kind.BUG

    def core_value(self, name: str) -> Any:
        """A field as the core takes it."""
        if name == "tags":
            return [tag for tag in self.tags.split(",") if tag.strip()]
        if name == "section":
            return (
                self.section_other or OTHER_SECTION
                if self.section == OTHER_SECTION
                else self.section
            )
        return getattr(self, name) or None

    def problems(self) -> dict[str, str]:
        """Every field that could not be filed as it is, with the reason."""
        problems: dict[str, str] = {}
        for name in CHECKED_FIELDS:
            if name in BUG_FIELDS and not self.is_bug:
                continue
            try:
                tickets.FIELD_VALIDATORS[name](name, self.core_value(name))
            except Invalid as wrong:
                problems[name] = error_sentence(name, wrong.reason)
        return problems

    def to_ticket_draft(self) -> TicketDraft:
        """What is filed."""
        bug_values = {name: self.core_value(name) for name in BUG_FIELDS} if self.is_bug else {}
        rate = self.reproduction_rate if self.is_bug else ""
        environment = {
            name: text for name in ENVIRONMENT_LABELS if (text := getattr(self, name).strip())
        }
        return TicketDraft(
            title=self.title,
            description=self.description,
            kind=Kind(self.kind),
            priority=Priority(self.priority),
            severity=Severity(self.severity) if self.is_bug else Severity.MINOR,
            section=self.core_value("section") or None,
            reproduction_rate=ReproductionRate(rate) if rate else None,
            environment=environment or None,
            tags=self.core_value("tags"),
            **bug_values,
        )


FIELD_LABELS: Final = {
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


def error_sentence(name: str, reason: str) -> str:
    """A reason of the core as a sentence beside the field."""
    return f"{FIELD_LABELS.get(name, 'This')} {reason}"


def section_options() -> list[tuple[str, str]]:
    """The sections to choose from: word and label."""
    return [(word, format_label(word)) for word in settings().sections]


def format_label(word: str) -> str:
    """A word of the settings as people read it."""
    text = word.replace("_", " ").strip()
    return "API" if text == "api" else text[:1].upper() + text[1:]


def similar_tickets(uow: UnitOfWork, title: str) -> list[Any]:
    """The actor's own unfinished tickets whose words are most like a title."""
    words = sorted({word for word in title.split() if len(word) >= MIN_WORD_LENGTH}, key=len)
    search_words = words[-MAX_SEARCH_WORDS:]
    rows_by_id: dict[int, list[Any]] = {}
    for word in search_words:
        query = TicketQuery(
            requester_id=uow.actor.id,
            group=frozenset({StatusGroup.OPEN, StatusGroup.WAITING}),
            search=word,
        )
        for row in ticket_list.page(uow, query, PageRequest(10)).rows:
            rows_by_id.setdefault(row.id, []).append(row)
    min_matches = ceil(len(search_words) * MIN_WORD_SHARE)
    matches = [rows for rows in rows_by_id.values() if len(rows) >= min_matches]
    matches.sort(key=lambda rows: (-len(rows), -rows[0].id))
    return [rows[0] for rows in matches[:MAX_SIMILAR]]

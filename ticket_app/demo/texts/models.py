"""The types of the demo texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ticket_app.core.platform.vocabulary import Category, Kind, ReproductionRate, Role, Severity

Speaker = Literal["agent", "user", "note"]
Turn = tuple[Speaker, str]
"""Who writes, and what."""
SPEAKERS: dict[str, Speaker] = {"agent": "agent", "user": "user", "note": "note"}
FileKind = Literal["png", "log", "csv", "json", "pdf"]


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """A customer organisation and its sites."""

    name: str
    domain: str
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person; `organisation` is a team for staff, the domain of a company for others."""

    username: str
    first_name: str
    last_name: str
    role: Role
    organisation: str
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What tickets of one sort report, and the conversation until they are resolved.

    In `conversation` each message follows a line with its author: `@agent`, `@user` or `@note`.
    """

    kind: Kind
    category: Category
    team: str
    department: str
    section: str
    tags: tuple[str, ...]
    titles: tuple[str, ...]
    description: str
    conversation: str
    file_kind: FileKind | None = None
    caption: str = ""
    severity: Severity = Severity.MINOR
    steps_to_reproduce: str | None = None
    expected_behavior: str | None = None
    actual_behavior: str | None = None
    reproduction_rate: ReproductionRate | None = None

    def turns(self) -> list[Turn]:
        """Return the messages of the conversation, in order."""
        turns: list[Turn] = []
        for block in self.conversation.strip().removeprefix("@").split("\n@"):
            name, _, text = block.partition("\n")
            turns.append((SPEAKERS[name], text.strip()))
        return turns

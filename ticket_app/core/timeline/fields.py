"""Audiences of timeline entries, by kind of entry or by the changed field."""

from __future__ import annotations

from dataclasses import dataclass

from ticket_app.core.platform.vocabulary import Audience, EntryKind


@dataclass(frozen=True, slots=True)
class RecordedField:
    """A field whose changes are recorded; requesters see the changes of public fields."""

    name: str
    audience: Audience

    def __post_init__(self) -> None:
        if type(self.audience) is not Audience:
            raise TypeError(f"the field {self.name} has no audience")

    @property
    def has_choices(self) -> bool:
        """Whether its values are words of a fixed set, and not content that people write."""
        return False


AUDIENCE_OF_KIND: dict[EntryKind, Audience | None] = {
    EntryKind.CREATED: Audience.PUBLIC,
    EntryKind.COMMENT: Audience.PUBLIC,
    EntryKind.DELETED: Audience.PUBLIC,
    EntryKind.RESTORED: Audience.PUBLIC,
    EntryKind.CHANGE: None,
    EntryKind.FILE: None,
    EntryKind.APPROVAL: None,
    EntryKind.SERVICE_LEVEL: None,
}
"""The default audience of each kind of entry; None means that each entry must name its own."""

if set(AUDIENCE_OF_KIND) != set(EntryKind):
    raise LookupError("a kind of timeline entry has no audience")

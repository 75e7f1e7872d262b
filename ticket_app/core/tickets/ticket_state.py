"""What the rules about a ticket read of it, from a row of a list or from the ticket itself."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class TicketState(Protocol):
    """The status of a ticket, whose it is, and when it was finished."""

    @property
    def status(self) -> str:
        """A value of `Status`."""
        ...

    @property
    def requester_id(self) -> int:
        """The person the ticket is for."""
        ...

    @property
    def merged_into_id(self) -> int | None:
        """The ticket it was merged into."""
        ...

    @property
    def resolved_at(self) -> datetime | None:
        """When its status group became done."""
        ...

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed."""
        ...

    @property
    def updated_at(self) -> datetime:
        """When it was last changed."""
        ...

    @property
    def deleted_at(self) -> datetime | None:
        """When it was put into the trash."""
        ...

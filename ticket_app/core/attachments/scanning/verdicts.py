"""What a scanner reports about a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from ticket_app.core.attachments.file_types import FileType

Status = Literal["clean", "infected", "failed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a scan; `retry` when scanning again later may help."""

    status: Status
    reason: str = ""
    retry: bool = False


CLEAN = Verdict("clean")


class Scanner(Protocol):
    """Checks a file; never raises, and reports `failed` where it cannot tell."""

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """Return the verdict on the file at `path`, which was recognised as `filetype`."""
        ...


class ThreatFound(Exception):
    """The file holds something that no one should open."""


class CannotCheck(Exception):
    """The file cannot be checked, so it must not count as clean."""

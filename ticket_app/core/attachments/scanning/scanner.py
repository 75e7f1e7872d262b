"""Check whether a file is safe to download: the built-in scanner, then ClamAV if configured.

Nothing here decodes pictures or runs anything; the work is bounded by `limits`, and whatever
cannot be checked within the limits is not clean.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ticket_app.core.attachments import file_types
from ticket_app.core.attachments.file_types import FileType
from ticket_app.core.attachments.scanning import archives, limits
from ticket_app.core.attachments.scanning.clamav import ClamAV
from ticket_app.core.attachments.scanning.images import check_image
from ticket_app.core.attachments.scanning.limits import Budget
from ticket_app.core.attachments.scanning.office import SIGNATURE as OLE
from ticket_app.core.attachments.scanning.office import check_office_file
from ticket_app.core.attachments.scanning.pdf import SIGNATURE as PDF
from ticket_app.core.attachments.scanning.pdf import check_pdfs
from ticket_app.core.attachments.scanning.signatures import (
    check_disguise,
    check_program,
    check_test_virus,
)
from ticket_app.core.attachments.scanning.verdicts import (
    CLEAN,
    CannotCheck,
    Scanner,
    ThreatFound,
    Verdict,
)

_CONTAINERS = (*archives.SIGNATURES, PDF, OLE)


def scanner_from(clamav_url: str | None) -> Scanner:
    """Return the scanner that the settings ask for.

    Raises ValueError if the address is neither `unix:///path` nor `tcp://host:port`.
    """
    return InTurn((BuiltIn(), ClamAV(clamav_url))) if clamav_url else BuiltIn()


@dataclass(frozen=True, slots=True)
class InTurn:
    """Several scanners; the first that does not find the file clean decides."""

    scanners: tuple[Scanner, ...]

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """Return clean only if every scanner does."""
        verdicts = (scanner.scan(path, filetype) for scanner in self.scanners)
        return next((verdict for verdict in verdicts if verdict.status != "clean"), CLEAN)


class BuiltIn:
    """The scanner that is always there: test viruses, disguises, bombs and active content."""

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """Return the verdict, within bounded time and memory."""
        try:
            if path.stat().st_size > limits.MAX_SCANNED_BYTES:
                return Verdict("failed", "It is too large to be checked.")
            with tempfile.TemporaryDirectory() as folder:
                scan = _Scan(Budget(), Path(folder))
                scan.check(path.read_bytes(), filetype, depth=0)
                if scan.pdfs:
                    check_pdfs(scan.folder, scan.budget)
        except ThreatFound as threat:
            return Verdict("infected", str(threat))
        except CannotCheck as problem:
            return Verdict("failed", str(problem))
        except OSError:
            return Verdict("failed", "It could not be read.", retry=True)
        except Exception:  # noqa: BLE001 - a parser may raise anything about a hostile file
            return Verdict("failed", "It is damaged and cannot be checked.")
        return CLEAN


@dataclass(slots=True)
class _Scan:
    """One scan: what it may spend, and the folder for the PDF files it meets."""

    budget: Budget
    folder: Path
    pdfs: int = 0

    def check(self, data: bytes, kind: FileType | None, depth: int) -> None:
        """Check a file held in memory; `kind` is None where it may be anything."""
        self.budget.check_time()
        check_test_virus(data)
        check_program(data)
        if kind is not None:
            check_disguise(data, kind)
        if data.startswith(archives.SIGNATURES):
            self._check_archive(data, depth)
        elif data.startswith(PDF):
            self.pdfs += 1
            (self.folder / f"{self.pdfs}.pdf").write_bytes(data)
        elif data.startswith(OLE):
            check_office_file(data)
        check_image(data, kind)

    def _check_archive(self, data: bytes, depth: int) -> None:
        if depth >= limits.MAX_DEPTH:
            raise ThreatFound("Archives are nested too deep in it.")
        for member in archives.check_and_yield_members(data, self.budget):
            if member.is_whole:
                kind = file_types.BY_EXTENSION.get(PurePosixPath(member.name).suffix[1:].lower())
                self.check(member.content, kind, depth + 1)
                continue
            check_program(member.content)
            if member.content.startswith(_CONTAINERS):
                raise CannotCheck("A member of the archive is too large to be checked.")

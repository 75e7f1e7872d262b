"""Import tickets with their original numbers, times and comments.

The file is read twice, row by row: once to check it and to reserve the numbers of its valid rows,
once to import them in batches, each in a transaction of its own. So memory stays flat, and other
writers wait for one batch at most. A row that is wrong is reported and does not stop the others. A
repeated import adds nothing: rows whose `external_id` is known are skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, Protocol

from sqlalchemy import bindparam, select

from ticket_app.core.imports import ticket_writing
from ticket_app.core.imports.parsing import (
    COLUMN_NAMES,
    ImportedTicket,
    RowParser,
    parse_external_id,
)
from ticket_app.core.imports.reading import FileFormat, Problems, SourceRow, read_rows
from ticket_app.core.imports.references import KnownPerson, References
from ticket_app.core.imports.ticket_writing import ResolvedTicket
from ticket_app.core.platform import audit_log, ticket_numbers
from ticket_app.core.platform.database import ConstraintViolation
from ticket_app.core.platform.errors import Conflict, Invalid, does_not_exist
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.ticket_numbers import TicketReference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.core.tickets import counters, tags
from ticket_app.core.tickets.assigning import NOT_ASSIGNABLE
from ticket_app.tables import ticket_table

MAX_ROWS = 50_000
MAX_REPORTED_PROBLEMS = 1_000
BATCH_SIZE = 100
"""Rows after which a batch ends."""
BATCH_BYTES = 8 * 1024 * 1024
BATCH_COMMENTS = 2_000
ATTEMPTS = 3
"""How often a batch is tried if others change the same data at the same time."""
IN_USE = "is in use"
OTHERS_INTERFERED = (
    "was not imported because the same data was being changed at the same time; import it again"
)
_SELECT_KNOWN_IDS = select(ticket_table.c.external_id).where(
    ticket_table.c.external_id.in_(bindparam("external_ids", expanding=True))
)


class UnitOfWorkFactory(Protocol):
    """Opens a unit of work for one batch."""

    def __call__(self, *, writes: bool) -> AbstractContextManager[UnitOfWork]:
        """Open it, for reading only unless `writes`."""
        ...


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a field of a row, as a phrase that follows the field's name."""

    row: int
    field: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """The outcome of an import, or of a dry run."""

    is_dry_run: bool
    rows: int = 0
    created: int = 0
    skipped: int = 0
    failed: int = 0
    problems: list[RowProblem] = field(default_factory=list[RowProblem])
    """The first `MAX_REPORTED_PROBLEMS`."""


@dataclass(slots=True)
class _BatchOutcome:
    """The outcome of one batch, kept apart until it is committed."""

    created: list[tuple[int, ImportedTicket]] = field(
        default_factory=list[tuple[int, ImportedTicket]]
    )
    skipped: int = 0
    failures: list[tuple[int, Problems]] = field(default_factory=list[tuple[int, Problems]])


class _RowsSoFar:
    """The external ids and numbers of the accepted rows, by the row that has them."""

    def __init__(self) -> None:
        self.external_ids: dict[str, int] = {}
        self.numbers: dict[TicketReference, int] = {}

    def add(self, row_number: int, ticket: ImportedTicket) -> None:
        if ticket.external_id is not None:
            self.external_ids[ticket.external_id] = row_number
        if ticket.number is not None:
            self.numbers[ticket.number] = row_number


def import_tickets(
    open_uow: UnitOfWorkFactory,
    file: IO[bytes],
    file_format: FileFormat,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Import the tickets of a file, or only check them in a dry run.

    No one is notified, no webhook is called, and no SLA target is set. Batches that are committed
    stay if a later one fails. Raises `Forbidden`, `Invalid` (nothing of the file can be read, or it
    has too many rows), `Conflict` (others keep taking numbers, and nothing was imported).
    """
    with open_uow(writes=False) as uow:
        uow.actor.require("import_tickets", "import tickets")
    report, accepted = _process_file(open_uow, file, file_format, dry_run=True)
    if dry_run:
        return report
    _reserve_numbers(open_uow, accepted.numbers)
    report, _ = _process_file(open_uow, file, file_format, dry_run=False)
    with open_uow(writes=True) as uow:
        audit_log.record(
            uow,
            AuditKind.DATA,
            AuditAction.IMPORTED,
            subject_type="tickets",
            subject_name="Tickets",
            field="tickets",
            new=f"{report.created:,} created, {report.skipped:,} skipped, {report.failed:,} failed",
        )
        log().info(
            "tickets_imported",
            by=uow.actor.username,
            created=report.created,
            skipped=report.skipped,
            failed=report.failed,
        )
    return report


def _process_file(
    open_uow: UnitOfWorkFactory, file: IO[bytes], file_format: FileFormat, *, dry_run: bool
) -> tuple[ImportReport, _RowsSoFar]:
    """Import the rows of the file, or only check them; return the accepted ones, too.

    Raises `Invalid` if the file has no rows, too many, or cannot be read.
    """
    report, so_far, references = ImportReport(dry_run), _RowsSoFar(), References()
    for rows in _batches(read_rows(file, file_format, COLUMN_NAMES)):
        if report.rows + len(rows) > MAX_ROWS:
            raise Invalid("file", f"must have at most {MAX_ROWS:,} rows")
        batch = _import_batch(open_uow, rows, so_far, references, dry_run=dry_run)
        for row_number, ticket in batch.created:
            so_far.add(row_number, ticket)
        _add_to_report(report, len(rows), batch)
    if not report.rows:
        raise Invalid("file", "must have at least one row")
    return report, so_far


def _reserve_numbers(open_uow: UnitOfWorkFactory, numbers: Iterable[TicketReference]) -> None:
    """Reserve these numbers, so that new tickets, of this import too, get higher ones."""
    highest_id = 0
    highest_by_sequence: dict[str, int] = {}
    for reference in numbers:
        highest_id = max(highest_id, reference.id or 0)
        sequence, number = None, reference.number or reference.day_number
        if reference.prefix is not None:
            sequence = ticket_numbers.kind_sequence(reference.prefix)
        elif reference.opened_on is not None:
            sequence = ticket_numbers.day_sequence(reference.opened_on)
        if sequence is not None and number is not None:
            highest_by_sequence[sequence] = max(highest_by_sequence.get(sequence, 0), number)
    with open_uow(writes=True) as uow:
        ticket_numbers.reserve_numbers(uow, highest_by_sequence)
    if highest_id:
        # In its own transaction, so that it holds no other lock while it waits for all tickets.
        with open_uow(writes=True) as uow:
            ticket_numbers.reserve_ids(uow, highest_id)


def _batches(rows: Iterable[SourceRow]) -> Iterator[list[SourceRow]]:
    """Yield the rows in batches that are short enough for other writers to wait for one."""
    batch: list[SourceRow] = []
    size = comment_count = 0
    for row in rows:
        batch.append(row)
        size += row.size
        comments = row.values.get("comments")
        comment_count += len(comments) if isinstance(comments, list) else 0
        if len(batch) >= BATCH_SIZE or size >= BATCH_BYTES or comment_count >= BATCH_COMMENTS:
            yield batch
            batch, size, comment_count = [], 0, 0
    if batch:
        yield batch


def _add_to_report(report: ImportReport, row_count: int, batch: _BatchOutcome) -> None:
    report.rows += row_count
    report.created += len(batch.created)
    report.skipped += batch.skipped
    report.failed += len(batch.failures)
    for row_number, problems in batch.failures:
        room = MAX_REPORTED_PROBLEMS - len(report.problems)
        report.problems += [RowProblem(row_number, *problem) for problem in problems[:room]]


def _import_batch(
    open_uow: UnitOfWorkFactory,
    rows: list[SourceRow],
    so_far: _RowsSoFar,
    references: References,
    *,
    dry_run: bool,
) -> _BatchOutcome:
    """Import a batch; try again if another transaction took one of its numbers meanwhile.

    If that happens again and again, or others lock the same rows, its rows are reported as failed.
    """
    for _attempt in range(ATTEMPTS):
        try:
            with open_uow(writes=not dry_run) as uow, counters.defer_moves(uow):
                uow.is_import = True
                checker = _RowChecker(uow, rows, so_far, references)
                return _import_rows(uow, rows, checker, dry_run=dry_run)
        except (ConstraintViolation, Conflict):
            continue
    return _BatchOutcome(failures=[(row.number, [("row", OTHERS_INTERFERED)]) for row in rows])


def _import_rows(
    uow: UnitOfWork, rows: Iterable[SourceRow], checker: _RowChecker, *, dry_run: bool
) -> _BatchOutcome:
    batch = _BatchOutcome()
    parsed: list[tuple[int, ImportedTicket]] = []
    for row in rows:
        if checker.is_known(row):
            batch.skipped += 1
            continue
        ticket, problems = checker.parse(row)
        if ticket is None:
            batch.failures.append((row.number, problems))
        else:
            parsed.append((row.number, ticket))
    if not dry_run:
        ticket_writing.lock_numbers(uow, [ticket for _, ticket in parsed])
    valid: list[ResolvedTicket] = []
    for row_number, ticket in parsed:
        resolved, problems = checker.check(ticket)
        if resolved is None:
            batch.failures.append((row_number, problems))
            continue
        checker.accept(row_number, ticket)
        valid.append(resolved)
        batch.created.append((row_number, ticket))
    if not dry_run:
        tags.create_missing_tags(uow, [tag for ticket in valid for tag in ticket.values.tags])
        for resolved in valid:
            ticket_writing.write_ticket(uow, resolved)
    batch.failures.sort(key=lambda failure: failure[0])
    return batch


class _RowChecker:
    """Checks the rows of one batch against the database and the rows before them."""

    def __init__(
        self,
        uow: UnitOfWork,
        rows: Iterable[SourceRow],
        so_far: _RowsSoFar,
        references: References,
    ) -> None:
        self._uow = uow
        self._so_far = so_far
        self._in_batch = _RowsSoFar()
        self._references = references
        external_ids = {parse_external_id(row.values, []) for row in rows} - {None}
        values = {"external_ids": sorted(filter(None, external_ids))}
        self._known_ids = set(uow.connection.execute(_SELECT_KNOWN_IDS, values).scalars())

    def is_known(self, row: SourceRow) -> bool:
        """Return whether the ticket of a row was imported earlier, and not by this file."""
        external_id = parse_external_id(row.values, [])
        return external_id in self._known_ids and external_id not in self._so_far.external_ids

    def accept(self, row_number: int, ticket: ImportedTicket) -> None:
        """Remember the external id and number of a row for those below it."""
        self._in_batch.add(row_number, ticket)

    def parse(self, row: SourceRow) -> tuple[ImportedTicket | None, Problems]:
        """Return the values of a row, or what is wrong with them."""
        if row.problems:
            return None, row.problems
        parser = RowParser(row.values, self._uow.now)
        return parser.parse(), parser.problems

    def check(self, ticket: ImportedTicket) -> tuple[ResolvedTicket | None, Problems]:
        """Return a ticket with the people and rows that it names, or what is wrong with it."""
        problems: Problems = []
        self._check_unique(ticket, problems)
        resolved = self._resolve(ticket, problems)
        return (None, problems) if problems else (resolved, problems)

    def _check_unique(self, ticket: ImportedTicket, problems: Problems) -> None:
        for rows in (self._so_far, self._in_batch):
            if ticket.external_id in rows.external_ids:
                other = rows.external_ids[ticket.external_id]
                problems.append(("external_id", f"is already used in row {other}"))
            if ticket.number in rows.numbers:
                other = rows.numbers[ticket.number]
                problems.append(("number", f"is already used in row {other}"))
                return
        if ticket.number is not None and ticket_numbers.is_taken(self._uow, ticket.number):
            problems.append(("number", IN_USE))

    def _resolve(self, ticket: ImportedTicket, problems: Problems) -> ResolvedTicket:
        ids: dict[str, int | None] = {}
        for name in ("department", "team", "company"):
            text = ticket.names.get(name)
            ids[name] = self._references.find_id(self._uow, name, text) if text else None
            if text and ids[name] is None:
                problems.append((name, does_not_exist(text)))
        requester = self._find_person("requester", ticket.names.get("requester"), problems)
        assignee = self._find_person("assignee", ticket.names.get("assignee"), problems)
        if assignee is not None and not assignee.is_staff:
            problems.append(("assignee", NOT_ASSIGNABLE))
        authors: list[KnownPerson | None] = []
        for comment in ticket.comments:
            name = f"comments.{comment.position}.author"
            author = self._find_person(name, comment.author, problems)
            authors.append(author)
            if comment.is_internal and not (author or requester or self._importer).is_staff:
                problems.append((name, "must be staff for an internal note"))
        return ResolvedTicket(
            ticket,
            requester or self._importer,
            assignee,
            authors,
            ids["department"],
            ids["team"],
            ids["company"],
        )

    @property
    def _importer(self) -> KnownPerson:
        actor = self._uow.actor
        return KnownPerson(
            actor.id, actor.full_name, actor.is_staff, True, actor.company_id, actor.team_id
        )

    def _find_person(
        self, field_name: str, name: str | None, problems: Problems
    ) -> KnownPerson | None:
        if name is None:
            return None
        person = self._references.find_person(self._uow, name)
        if person is None:
            problems.append((field_name, does_not_exist(name)))
        return person

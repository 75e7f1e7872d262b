"""Measure the time of reports and the cost of full exports, in a database that `load.py` filled.

    python benchmarks/reports.py [--filters '{"status": "resolved"}']

Uses the database of TICKET_DATABASE_URL. Prints the time of each report without cache; for each
export format the rows per second (elapsed and CPU time), the bytes, the memory at the end and its
maximum, and the longest wait of a concurrent writer.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import select

from ticket_app.api.dialects.enterprise.reports.exported_tickets import (
    COLUMNS,
    format_exported_ticket,
)
from ticket_app.api.dialects.enterprise.reports.routes import _parse_filters
from ticket_app.core.people.actors import build_actor
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform import database
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, Actor
from ticket_app.core.platform.unit_of_work import open_unit_of_work, utc_now
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.reports import dashboard, export, performance, periods
from ticket_app.core.reports.tabular import as_csv, as_json
from ticket_app.core.reports.workbooks import Worksheet, as_xlsx
from ticket_app.core.tickets import editing, locking
from ticket_app.tables import person_table

FORMS: dict[str, Any] = {
    "json": as_json,
    "csv": partial(as_csv, COLUMNS),
    "xlsx": lambda batches: as_xlsx([Worksheet("Tickets", COLUMNS, batches)]),
}


def manager() -> Actor:
    """Return the loader's agent with the permissions of a manager."""
    with open_unit_of_work(writes=False) as uow:
        statement = select(person_table).where(person_table.c.username == "bench")
        person = uow.one_row(statement, of=ActorRow)
    granted = frozenset(DEFAULT_ROLE_PERMISSIONS[Role.MANAGER])
    return replace(build_actor(person), role=Role.MANAGER, permissions=granted)


def own_memory() -> int:
    """Return the MB of this process that are not database files."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) // 1024
    return 0


def time_reports(actor: Actor) -> None:
    """Measure dashboards and performance reports without cache."""
    today = utc_now().date()
    for period in ("today", "30d", "90d", "1y"):
        best, created = 1e9, 0
        for _ in range(3):
            dashboard._cache = dashboard._DashboardCache()  # noqa: SLF001
            began = time.perf_counter()
            with open_unit_of_work(writes=False, actor=actor) as uow:
                board = dashboard.get_dashboard(uow, periods.parse_period(period, uow.now))
            created = board.created
            best = min(best, time.perf_counter() - began)
        print(f"dashboard {period:<6} {created:>8} created {best * 1000:>9.1f} ms")
    began, times = time.perf_counter(), 0
    while time.perf_counter() - began < 1:
        with open_unit_of_work(writes=False, actor=actor) as uow:
            dashboard.get_dashboard(uow, periods.parse_period("30d", uow.now))
        times += 1
    print(f"dashboard kept   {times:>8} a second")
    for days in (30, 366):
        began = time.perf_counter()
        with open_unit_of_work(writes=False, actor=actor) as uow:
            performance.get_performance_report(
                uow, periods.Period(today - (days - 1) * periods.ONE_DAY, today)
            )
        print(f"performance {days:>4} days {(time.perf_counter() - began) * 1000:>9.1f} ms")


class Writer(threading.Thread):
    """Changes a ticket a few times a second and records the longest wait."""

    def __init__(self, actor: Actor, ticket_id: int) -> None:
        super().__init__(daemon=True)
        self.actor, self.ticket_id = actor, ticket_id
        self.worst = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        times = 0
        while not self.done.wait(0.2):
            began, times = time.perf_counter(), times + 1
            with open_unit_of_work(writes=True, actor=self.actor) as uow:
                ticket = locking.lock_ticket(uow, self.ticket_id)
                editing.edit(uow, ticket, {"actual_hours": float(times)})
            self.worst = max(self.worst, time.perf_counter() - began)


def time_exports(actor: Actor, filters: str, forms: list[str]) -> None:
    """Export the same tickets in every format while another thread writes."""
    query = _parse_filters(filters).to_query()
    reading = partial(open_unit_of_work, writes=False, actor=actor)
    for form in forms:
        rows = 0

        def counted() -> Iterator[Any]:
            nonlocal rows
            for batch in export.iter_ticket_batches(reading, query, format_exported_ticket):
                rows += len(batch)
                yield batch

        writer = Writer(actor, 1)
        writer.start()
        began, worked, size, peak_memory, first = (
            time.perf_counter(),
            time.process_time(),
            0,
            0,
            0.0,
        )
        for piece in FORMS[form](counted()):
            first = first or time.perf_counter() - began
            size += len(piece)
            peak_memory = max(peak_memory, own_memory())
        took, worked = time.perf_counter() - began, time.process_time() - worked
        writer.done.set()
        writer.join()
        print(
            f"export {form:<5}{rows:>9} rows {took:>7.1f} s {rows / took:>8.0f}/s"
            f" ({rows / worked:.0f}/s of own time) {size / 1e6:>8.1f} MB,"
            f" first {first * 1000:.0f} ms,"
            f" memory {own_memory()} MB, at most {peak_memory} MB,"
            f" writer {writer.worst * 1000:.0f} ms",
            flush=True,
        )


def main() -> None:
    """Measure reports, then exports."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--filters", default="")
    parser.add_argument("--forms", nargs="*", default=list(FORMS), choices=list(FORMS))
    arguments = parser.parse_args()
    actor = manager()
    print(f"{database.get_engine().dialect.name}, memory at first {own_memory()} MB")
    time_reports(actor)
    time_exports(actor, arguments.filters, arguments.forms)


if __name__ == "__main__":
    main()

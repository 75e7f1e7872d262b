"""What was acknowledged is there after a crash, whole, and nothing is there by half."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.cast import gathered
from ticket_app.core.platform import database
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import counters, ticket_list
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import timeline
from ticket_app.tables import TicketText, entry_table, ticket_table

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from tests.cast import gathered
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import database
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.status_changes import change_status

engine = database.create_database_engine(sys.argv[1])
with engine.connect() as connection:
    actor = gathered(connection).agent
for n in range(100_000):
    with open_unit_of_work(writes=True, actor=actor, bind=engine) as uow:
        ticket = open_ticket(uow, TicketDraft(f"Lamp {n}", "Dark " * 50, tags=["crash"]))
        commenting.add_comment(uow, ticket, "Hm")
        change_status(uow, ticket, Status.CLOSED)
        created = ticket.id
    print(created, flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_acknowledged_tickets_survive_a_crash(
    sqlite_template: Path, tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "desk.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged: list[int] = []
    max_rows = random.Random(seed).randint(3, 60)
    for line in writer.stdout:
        acknowledged.append(int(line))
        if len(acknowledged) >= max_rows:
            writer.kill()
            break
    left = writer.stdout.read().split("\n")
    acknowledged += [int(line) for line in left[:-1]]
    writer.stdout.close()
    writer.wait()
    assert len(acknowledged) >= max_rows
    engine = database.create_database_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        actor = gathered(connection).agent
        ids = set(connection.execute(select(ticket_table.c.id)).scalars())
        lines: dict[int, int] = dict(
            connection.execute(
                select(entry_table.c.ticket_id, func.count()).group_by(entry_table.c.ticket_id)
            ).all()  # type: ignore[arg-type]
        )
        found: Any = select(func.count()).select_from(TicketText)
        texts = connection.execute(found).scalar_one()
        connection.execute(text("INSERT INTO ticket_fts(ticket_fts) VALUES ('integrity-check')"))
    assert set(acknowledged) <= ids
    assert len(ids) - len(set(acknowledged)) <= 1
    assert lines == dict.fromkeys(ids, 3)
    assert texts == len(ids)
    with open_unit_of_work(writes=False, actor=actor, bind=engine) as uow:
        assert counters.count_all_tickets(uow).by_status == {"closed": len(ids)}
        for words in (
            TicketQuery(),
            TicketQuery(search="lamp dark hm crash"),
            TicketQuery(tags=("crash",)),
        ):
            assert ticket_list.count_tickets(uow, words) == len(ids)
        assert len(timeline.list_entries(uow, max(ids))) == 3
    engine.dispose()

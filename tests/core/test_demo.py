"""The demo desk is what the use cases would have made of it: whole, once, never in production."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.engine import make_url

from tests.conftest import DATABASES, forget_settings
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.listing import PendingQuery
from ticket_app.core.operations import installation
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.demo_accounts import DemoCredentials
from ticket_app.core.platform import database, storage, ticket_numbers
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience, EntryKind, Kind, Priority, Role, Status
from ticket_app.core.tickets import ticket_list, ticket_lookup, ticket_query
from ticket_app.demo import create as demo
from ticket_app.settings import Settings, reload_settings
from ticket_app.tables import (
    OutboxMessage,
    Person,
    TicketCount,
    TicketTag,
    attachment_table,
    entry_table,
    ticket_table,
)

pytestmark = pytest.mark.xdist_group("demo")  # one worker loads it, not each
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
WORD = "the demo kettle is on"


@dataclass(frozen=True)
class Loaded:
    """A desk with the demo data in it."""

    bind: Engine
    accounts: DemoCredentials
    files: storage.Storage


@pytest.fixture(scope="module", params=DATABASES)
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """The demo data on SQLite, then on PostgreSQL; loaded once, only read by tests."""
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'desk.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        engine = database.create_database_engine(server)
        with database.read_connection(engine) as connection:
            connection.execute(text("CREATE DATABASE demo"))
        engine.dispose()
        url = make_url(server).set(database="demo").render_as_string(hide_password=False)
    files = (folder / "files").as_uri()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"VAR": str(folder), "FILES_URL": files, "DEMO_PASSWORD": WORD}.items():
            patch.setenv(f"TICKET_{name}", value)
        forget_settings()
        bind = database.create_database_engine(url)
        installation.migrate(bind)
        accounts = demo.load(bind, now=NOW)
    forget_settings()
    yield Loaded(bind, accounts, storage.open_storage(files))
    bind.dispose()


@pytest.fixture
def reading(loaded: Loaded) -> Iterator[Connection]:
    """A connection to the demo desk."""
    with database.read_connection(loaded.bind) as connection:
        yield connection


def tickets(connection: Connection) -> list[Any]:
    return list(connection.execute(select(ticket_table).order_by(ticket_table.c.id)).all())


def test_demo_data_contains_every_value_in_a_realistic_distribution(
    reading: Connection,
) -> None:
    rows = tickets(reading)
    assert len(rows) >= 400
    assert {row.status for row in rows} == set(Status)
    assert {row.kind for row in rows} == set(Kind)
    priorities = Counter(row.priority for row in rows)
    assert set(priorities) == set(Priority)
    assert priorities[Priority.MEDIUM] > priorities[Priority.HIGH] > priorities[Priority.CRITICAL]
    alive = [row for row in rows if row.status_group != "done"]
    assert 60 < len(alive) < len(rows) / 2
    assert sum(row.assignee_id is None for row in alive) >= 10
    assert sum(row.due_at is not None and row.due_at < NOW for row in alive) >= 10
    assert any(len(row.title) == 180 and row in alive for row in rows)
    assert any(row.comments_count + row.notes_count >= 25 for row in rows)
    assert any(row.satisfaction_rating for row in rows)
    assert any(row.admin_feedback for row in rows)
    assert any(row.duplicate_of_id for row in rows)
    assert any(row.environment for row in rows if row.kind == Kind.BUG)


def test_counters_match_the_demo_tickets(reading: Connection) -> None:
    counted = Counter(
        (row.status, row.priority, row.category, row.kind, row.assignee_id is not None)
        for row in tickets(reading)
    )
    table: Any = TicketCount.__table__  # type: ignore[attr-defined]
    kept = {tuple(row[:5]): row.tickets for row in reading.execute(select(table)) if row.tickets}
    assert kept == counted


def test_counters_of_a_ticket_equal_its_rows(reading: Connection) -> None:
    comments = Counter[tuple[int, str]]()
    last: dict[int, Any] = {}
    for line in reading.execute(
        select(entry_table)
        .where(entry_table.c.kind == EntryKind.COMMENT)
        .order_by(entry_table.c.id)
    ):
        comments[line.ticket_id, line.audience] += 1
        if line.audience == Audience.PUBLIC:
            last[line.ticket_id] = line
    files = Counter(
        (row.ticket_id, row.audience)
        for row in reading.execute(
            select(attachment_table.c.ticket_id, attachment_table.c.audience)
        )
    )
    tags = dict(
        reading.execute(
            select(TicketTag.ticket_id, func.count()).group_by(TicketTag.ticket_id)  # type: ignore[call-overload]
        ).all()
    )
    for row in tickets(reading):
        assert row.comments_count == comments[row.id, Audience.PUBLIC]
        assert row.notes_count == comments[row.id, Audience.INTERNAL]
        assert row.attachments_count == files[row.id, Audience.PUBLIC]
        assert row.internal_attachments_count == files[row.id, Audience.INTERNAL]
        assert len(row.tags) == tags.get(row.id, 0)
        last_comment = last.get(row.id)
        assert row.last_comment_at == (last_comment and last_comment.at)
        assert row.last_comment_by_id == (last_comment and last_comment.actor_id)
        assert row.status_rank == Status(row.status).rank
        assert row.priority_rank == Priority(row.priority).rank


def test_numbers_have_no_gaps_and_times_ascend(reading: Connection) -> None:
    rows = tickets(reading)
    for prefix in {row.key_prefix for row in rows}:
        numbers = [row.key_number for row in rows if row.key_prefix == prefix]
        assert numbers == list(range(1, len(numbers) + 1))
    for day in {row.opened_on for row in rows}:
        numbers = [row.day_number for row in rows if row.opened_on == day]
        assert numbers == list(range(1, len(numbers) + 1))
    created = [row.created_at for row in rows]
    assert created == sorted(created)
    assert timedelta(days=110) < NOW - created[0] < timedelta(days=122)
    written = list(reading.execute(select(entry_table.c.at).order_by(entry_table.c.id)).scalars())
    assert written == sorted(written)
    assert written[-1] <= NOW


def test_ticket_status_agrees_with_its_timeline(reading: Connection) -> None:
    statuses: dict[int, str] = {}
    latest: dict[int, datetime] = {}
    for line in reading.execute(select(entry_table).order_by(entry_table.c.id)):
        if line.kind != EntryKind.SERVICE_LEVEL:  # nobody did it
            latest[line.ticket_id] = line.at
        if line.field == "status":
            assert line.old_value == statuses.get(line.ticket_id)
            statuses[line.ticket_id] = line.new_value
    for row in tickets(reading):
        assert statuses[row.id] == row.status
        assert latest[row.id] == row.updated_at


def test_every_ticket_is_found_by_its_number_and_its_words(reading: Connection) -> None:
    ada = reading.execute(select(Person).where(Person.username == "ada")).one()  # type: ignore[arg-type]
    uow = UnitOfWork(reading, actor=build_actor_with_role_defaults(ada))
    for row in tickets(reading)[::7]:
        assert ticket_lookup.read_ticket(uow, ticket_numbers.format_key(row)).id == row.id
        query = ticket_query.TicketQuery(search=ticket_numbers.format_bmasia_number(row))
        assert [found.id for found in ticket_list.page(uow, query).rows] == [row.id]
        query = ticket_query.TicketQuery(search=row.title, sort="number")
        assert row.id in {found.id for found in ticket_list.page(uow, query, PageRequest(100)).rows}


def test_files_open_and_are_what_was_kept(loaded: Loaded, reading: Connection) -> None:
    rows = reading.execute(select(attachment_table)).all()
    assert len(rows) > 100
    assert {row.mime_type for row in rows} >= {"image/png", "text/csv", "application/pdf"}
    for row in rows:
        content = b"".join(loaded.files.stream(row.storage_key))
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert len(content) == row.size
        assert row.scan_status == "clean"


def test_the_six_accounts_can_sign_in_and_have_something_to_do(
    loaded: Loaded, reading: Connection
) -> None:
    roles = {account.username: account.role for account in loaded.accounts.accounts}
    assert roles == {
        "ada": Role.SUPER_ADMIN,
        "mia": Role.MANAGER,
        "sam": Role.AGENT,
        "kim": Role.AGENT,
        "uma": Role.USER,
        "bob": Role.USER,
    }
    assert loaded.accounts.password == WORD
    ids = dict(reading.execute(select(Person.username, Person.id)).all())  # type: ignore[call-overload]
    rows = tickets(reading)
    for name in ("uma", "bob"):
        own = [row for row in rows if row.requester_id == ids[name]]
        assert 15 <= len(own) <= 25
        fresh = [
            row
            for row in own
            if row.last_comment_at
            and row.last_comment_by_id != ids[name]
            and NOW - row.last_comment_at < timedelta(days=1)
        ]
        assert len(fresh) >= 3
    for name in ("sam", "kim"):
        plate = [row for row in rows if row.assignee_id == ids[name] and row.status_group != "done"]
        assert len(plate) >= 15


def test_old_demo_events_create_no_unread_notifications(reading: Connection) -> None:
    assert reading.execute(select(func.count()).select_from(OutboxMessage)).scalar_one() == 0


def test_something_waits_for_the_manager_and_policies_demand_more(
    loaded: Loaded, reading: Connection
) -> None:
    mia = reading.execute(select(Person).where(Person.username == "mia")).one()  # type: ignore[arg-type]
    uow = UnitOfWork(reading, actor=build_actor_with_role_defaults(mia))
    waiting = {
        row.ticket_id
        for row in approval_listing.list_pending(uow, PendingQuery(), PageRequest(100)).rows
    }
    assert waiting == {row.id for row in tickets(reading) if row.status == Status.PENDING_APPROVAL}
    assert len(waiting) >= 5
    policies = approval_policies.list_policies(uow, PageRequest()).rows
    assert [policy.name for policy in policies] == [
        "Urgent changes to payments",
        "Requests to Finance",
    ]


def test_a_second_load_changes_nothing(own_settings: Settings, loaded: Loaded) -> None:
    with database.read_connection(loaded.bind) as connection:
        before = connection.execute(
            select(func.count(), func.max(entry_table.c.id)).select_from(entry_table)
        ).one()
    demo.load(loaded.bind, now=NOW + timedelta(days=1))
    with database.read_connection(loaded.bind) as connection:
        after = connection.execute(
            select(func.count(), func.max(entry_table.c.id)).select_from(entry_table)
        ).one()
    assert before == after


def test_the_plan_is_the_same_whenever_it_is_made() -> None:
    def count_values(now: datetime) -> Counter[Any]:
        return Counter(
            (step.action, step.username, step.ticket_plan.title, str(step.value))
            for step in demo.plan(now)
        )

    assert count_values(NOW) == count_values(NOW + timedelta(days=33, hours=4))


def test_production_refuses_demo_data(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_ENV", "production")
    reload_settings()
    with pytest.raises(RuleViolation):
        demo.load()


def test_a_load_that_fails_leaves_nothing(
    own_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_FILES_URL", (tmp_path / "files").as_uri())
    forget_settings()
    bind = database.create_database_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    installation.migrate(bind)
    whole_plan = demo.plan

    def broken_plan(now: datetime) -> list[demo.Step]:
        steps = whole_plan(now)[:300]
        return [*steps, demo.Step(steps[-1].at, steps[-1].ticket_plan, "vanish", "sam")]

    monkeypatch.setattr(demo, "plan", broken_plan)
    with pytest.raises(KeyError):
        demo.load(bind, now=NOW)
    with database.read_connection(bind) as connection:
        assert connection.execute(select(func.count()).select_from(Person)).scalar_one() == 0
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    bind.dispose()

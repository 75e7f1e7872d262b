"""Removing demo data leaves what is real as it was, on a desk where both were used together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from typer.testing import CliRunner

from tests.conftest import DATABASES, DatabaseUrl, forget_settings
from tests.core import samples
from ticket_app.__main__ import cli
from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import attachments, uploading
from ticket_app.core.conversation import commenting
from ticket_app.core.operations import installation
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import database
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import ApprovalAction, Role
from ticket_app.core.tickets import assigning, locking, opening
from ticket_app.core.timeline import drafts
from ticket_app.demo import create as demo
from ticket_app.demo import removal as demo_removal
from ticket_app.settings import Settings, settings
from ticket_app.tables import TicketCount, metadata, person_table, ticket_table

pytestmark = pytest.mark.xdist_group("demo")
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
STEPS = 400
KEPT_EMPTY = {"number_sequence", "ticket_count"}
"""Tables whose rows count what has been: numbers are never given again."""


@pytest.fixture(params=DATABASES)
def bind(
    request: pytest.FixtureRequest,
    own_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:
    """A desk with the first part of the demo data."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    if request.param == "postgresql":
        make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
        url = make()
    monkeypatch.setenv("TICKET_DATABASE_URL", url)
    monkeypatch.setenv("TICKET_FILES_URL", (tmp_path / "files").as_uri())
    forget_settings()
    bind = database.get_engine()
    installation.migrate(bind)
    whole = demo.plan
    monkeypatch.setattr(demo, "plan", lambda now: whole(now)[:STEPS])
    demo.load(bind, now=NOW)
    yield bind
    forget_settings()


def files_in(tmp_path: Path) -> int:
    return sum(path.is_file() for path in (tmp_path / "files").rglob("*"))


def actor(bind: Engine, username: str) -> Actor:
    with open_unit_of_work(writes=False, bind=bind) as uow:
        return build_actor_with_role_defaults(
            uow.connection.execute(
                person_table.select().where(person_table.c.username == username)
            ).one(),
        )


def rows(bind: Engine, name: str) -> list[Any]:
    table = metadata.tables[name]
    with database.read_connection(bind) as connection:
        found = connection.execute(select(table)).mappings().all()
    return sorted(found, key=lambda row: row.get("id", 0))


def assert_counters_are_correct(bind: Engine) -> None:
    with database.read_connection(bind) as connection:
        counted = Counter(
            (row.status, row.priority, row.category, row.kind, row.assignee_id is not None)
            for row in connection.execute(
                select(ticket_table).where(ticket_table.c.deleted_at.is_(None))
            )
        )
        table: Any = TicketCount.__table__  # type: ignore[attr-defined]
        kept = {tuple(row[:5]): row.tickets for row in connection.execute(select(table))}
    assert {bucket: n for bucket, n in kept.items() if n} == counted


def assert_nothing_dangles(bind: Engine) -> None:
    with database.read_connection(bind) as connection:
        for table in metadata.tables.values():
            for column in table.columns:
                for key in column.foreign_keys:
                    missing = select(func.count()).where(
                        column.is_not(None),
                        column.not_in(select(key.column)),
                    )
                    assert connection.execute(missing).scalar_one() == 0, (table.name, column.name)


def test_removal_empties_an_installation_with_only_demo_data(bind: Engine, tmp_path: Path) -> None:
    with open_unit_of_work(writes=True, actor=actor(bind, "sam"), bind=bind) as uow:
        create_api_token(uow, "mine")
        drafts.save_draft(uow, drafts.NEW_TICKET_PLACE, {"title": "Unsent"})
    before = {name: len(rows(bind, name)) for name in ("person", "ticket", "company")}
    assert min(before.values()) > 5
    assert files_in(tmp_path) > 0
    gone = demo_removal.remove(bind)
    assert (gone.accounts, gone.tickets, gone.companies) == tuple(before.values())
    assert gone.files > 0
    assert gone.policies >= 2
    left = {name: len(rows(bind, name)) for name in metadata.tables if name not in KEPT_EMPTY}
    assert {name: n for name, n in left.items() if n} == {}
    assert not [row for row in rows(bind, "ticket_count") if row["tickets"]]
    assert files_in(tmp_path) == 0
    assert not (settings().var / "demo_password").exists()
    assert not demo_removal.remove(bind)


class Mixed:
    """Real people who worked with demo accounts on the same desk."""

    def __init__(self, bind: Engine, tmp_path: Path) -> None:
        self.bind, self.tmp_path = bind, tmp_path
        sam, uma = actor(bind, "sam"), actor(bind, "uma")
        with open_unit_of_work(writes=True, bind=bind) as uow:
            company = uow.connection.execute(
                select(person_table.c.company_id).where(person_table.c.id == uma.id)
            ).scalar_one()
            team = uow.connection.execute(
                select(person_table.c.team_id).where(person_table.c.id == sam.id)
            ).scalar_one()
            for name, role, columns in (
                ("root", Role.SUPER_ADMIN, {"team_id": team}),
                ("rhea", Role.USER, {"company_id": company}),
            ):
                create_person(
                    uow,
                    username=name,
                    email=f"{name}@real.example",
                    password="a lamp in the hall",
                    role=role,
                    **columns,
                )
        self.company_id, self.team_id = company, team
        self.root, self.rhea, self.sam = actor(bind, "root"), actor(bind, "rhea"), sam
        self.ticket = self.create_ticket(self.rhea, "A real problem")
        self.on_behalf = self.create_ticket(self.rhea, "Created by a demo agent", by=sam)
        self.of_demo = self.create_ticket(uma, "Tried out by a visitor")
        self.work()

    def create_ticket(self, whose: Actor, title: str, by: Actor | None = None) -> int:
        with open_unit_of_work(writes=True, actor=by or whose, bind=self.bind) as uow:
            draft = opening.TicketDraft(title=title, description="It hums.", requester_id=whose.id)
            ticket = opening.open_ticket(uow, draft)
            assert ticket.id
            return ticket.id

    def sent(self, by: Actor, ticket_id: int, internal: bool = False) -> None:
        path = self.tmp_path / "a.png"
        path.write_bytes(samples.png(extra=str(ticket_id).encode()))
        examined = uploading.count_check_and_store(by, path, "a.png", now=NOW)
        with open_unit_of_work(writes=True, actor=by, bind=self.bind) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            attachments.attach(uow, ticket, examined, internal=internal)

    def work(self) -> None:
        mia = actor(self.bind, "mia")
        with open_unit_of_work(writes=True, actor=self.sam, bind=self.bind) as uow:
            ticket = locking.lock_ticket(uow, self.ticket)
            assigning.assign(uow, ticket, self.sam.id)
            commenting.add_comment(uow, ticket, "We are looking into it.")
            commenting.add_comment(uow, ticket, "It is the lamp.", internal=True)
        self.sent(self.sam, self.ticket)
        self.sent(self.rhea, self.ticket)
        self.sent(self.root, self.of_demo)
        with open_unit_of_work(writes=True, actor=self.root, bind=self.bind) as uow:
            commenting.add_comment(
                uow, locking.lock_ticket(uow, self.of_demo), "A real word on it."
            )
            create_api_token(uow, "real")
            approval_requests.request_approval(
                uow,
                locking.lock_ticket(uow, self.on_behalf),
                approver_ids=[mia.id, self.root.id],
            )
        with open_unit_of_work(writes=True, actor=mia, bind=self.bind) as uow:
            number = next(
                row["id"]
                for row in rows(self.bind, "approval_request")
                if row["ticket_id"] == self.on_behalf
            )
            approval_decisions.perform_action(uow, number, ApprovalAction.APPROVE, comments="Fine.")


def test_what_is_real_stays_and_what_demo_accounts_did_on_it_too(
    bind: Engine, tmp_path: Path
) -> None:
    mixed = Mixed(bind, tmp_path)
    real = {row["id"]: row for row in rows(bind, "person") if not row["is_demo"]}
    lines = [row for row in rows(bind, "timeline") if row["ticket_id"] == mixed.ticket]
    demo_removal.remove(bind)
    assert_nothing_dangles(bind)
    assert_counters_are_correct(bind)

    persons = {row["id"]: row for row in rows(bind, "person")}
    assert {number: persons[number] for number in real} == real
    (substitute,) = [row for number, row in persons.items() if number not in real]
    assert not substitute["is_active"]
    assert not substitute["is_demo"]
    assert substitute["password_hash"] is None
    kept = {row["id"]: row for row in rows(bind, "ticket")}
    assert set(kept) == {mixed.ticket, mixed.on_behalf}
    assert kept[mixed.ticket]["assignee_id"] is None
    assert kept[mixed.ticket]["comments_count"] == 1
    assert kept[mixed.ticket]["attachments_count"] == 2
    assert kept[mixed.on_behalf]["created_by_id"] == substitute["id"]
    assert kept[mixed.on_behalf]["requester_id"] == mixed.rhea.id

    after = [row for row in rows(bind, "timeline") if row["ticket_id"] == mixed.ticket]
    assert [row["body"] for row in after] == [row["body"] for row in lines]
    kept_comments = [row for row in after if row["body"] == "We are looking into it."]
    assert kept_comments[0]["actor_id"] == substitute["id"]
    assert kept_comments[0]["by_staff"]
    assert {row["id"] for row in rows(bind, "company")} == {mixed.company_id}
    assert {row["id"] for row in rows(bind, "team")} == {mixed.team_id}
    assert len(rows(bind, "attachment")) == files_in(tmp_path) == 2
    assert [row["person_id"] for row in rows(bind, "api_token")] == [mixed.root.id]
    assert rows(bind, "approval_policy") == []
    assert not [row for row in rows(bind, "sla_policy") if row["is_active"]]

    with open_unit_of_work(writes=True, actor=mixed.root, bind=bind) as uow:
        ticket = locking.lock_ticket(uow, mixed.ticket)
        assigning.assign(uow, ticket, mixed.root.id)
        commenting.add_comment(uow, ticket, "Back to you.")
    assert_counters_are_correct(bind)
    again = demo_removal.remove(bind)
    assert not again


def test_the_operator_removes_demo_data_by_a_command(bind: Engine, tmp_path: Path) -> None:
    mixed = Mixed(bind, tmp_path)
    asked = CliRunner().invoke(cli, ["remove-demo"], input="n\n")
    assert asked.exit_code != 0
    assert any(row["is_demo"] for row in rows(bind, "person"))
    done = CliRunner().invoke(cli, ["remove-demo", "--yes"])
    assert done.exit_code == 0, done.output
    assert "Removed 34 accounts" in done.output
    assert not any(row["is_demo"] for row in rows(database.get_engine(), "person"))
    assert {row["id"] for row in rows(database.get_engine(), "ticket")} == {
        mixed.ticket,
        mixed.on_behalf,
    }
    nothing = CliRunner().invoke(cli, ["remove-demo", "--yes"])
    assert nothing.output.strip().endswith("There is no demo data.")

"""Approvals that were under way before steps could ask several people go on after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from alembic import command
from tests.conftest import DATABASES, DatabaseUrl
from tests.core.approving import waiting_for
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals.decisions import perform_action
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.platform import database
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import ApprovalAction, Role
from ticket_app.settings import PROJECT_ROOT

THEN = "2026-11-20 09:00:00.000000+00:00"
BEFORE = (
    "INSERT INTO department (id, uuid, name, created_at) VALUES (1, '{u}00', 'Shop', '{t}')",
    *(
        "INSERT INTO person (id, uuid, username, username_folded, username_skeleton, email,"
        " email_folded, first_name, last_name, full_name, role, is_active, is_demo, preferences,"
        f" created_at) VALUES ({n}, '{{u}}1{n}', '{name}', '{name}', '{name}', '{name}@a.b',"
        f" '{name}@a.b', '{name}', '', '{name}', '{role}', TRUE, FALSE, '{{{{}}}}', '{{t}}')"
        for n, name, role in (
            (1, "olive", Role.USER),
            (2, "agnes", Role.AGENT),
            (3, "manny", Role.MANAGER),
            (4, "addie", Role.ADMIN),
        )
    ),
    "INSERT INTO approval_policy (id, name, kind, priority, department_id, allows_own, is_active,"
    " steps, created_at) VALUES (1, 'Old', 'change', 'high', 1, FALSE, TRUE, '[]', '{t}')",
    *(
        "INSERT INTO approval_request (id, uuid, ticket_id, policy_id, requested_by_id, state,"
        " status_before, reason, created_at)"
        f" VALUES ({n}, '{{u}}2{n}', {n}, {policy}, 2, 'pending', 'open', 'Costs', '{{t}}')"
        for n, policy in ((1, "1"), (2, "NULL"))
    ),
    *(
        "INSERT INTO approval_step (id, request_id, ordinal, approver_id, approver_role, quorum,"
        " state, conditions, delegated_to_id, decided_at, version)"
        f" VALUES ({n}, {request}, {ordinal}, {person}, {role}, 1, '{state}', '[]', {to}, {at}, 1)"
        for n, request, ordinal, person, role, state, to, at in (
            (1, 1, 1, "2", "NULL", "approved", "NULL", "'{t}'"),
            (2, 1, 2, "3", "NULL", "pending", "4", "NULL"),
            (3, 1, 3, "NULL", "'manager'", "pending", "NULL", "NULL"),
            (4, 2, 1, "NULL", "'manager'", "pending", "NULL", "NULL"),
        )
    ),
)
"""Rows as the desk of before wrote them; the uuids' first thirty digits are put in later."""


@pytest.fixture(params=DATABASES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database as it was before, with approvals under way."""
    url = f"sqlite:///{tmp_path}/old.db"
    if request.param == "postgresql":
        make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
        url = make()
    engine = database.create_database_engine(url)
    go(engine, "0002")
    digits = "0" * 30 if request.param == "sqlite" else "00000000-0000-4000-8000-0000000000"
    with database.write_connection(engine) as connection:
        for row in BEFORE[:6]:
            connection.exec_driver_sql(row.format(u=digits, t=THEN))
        for n in (1, 2):
            ticket(connection, n)
        for row in BEFORE[6:]:
            connection.exec_driver_sql(row.format(u=digits, t=THEN))
    yield engine
    engine.dispose()


def go(engine: Engine, revision: str, *, down: bool = False) -> None:
    with database.write_connection(engine) as connection:
        config = Config(str(PROJECT_ROOT / "alembic.ini"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def ticket(connection: Connection, n: int) -> None:
    """A ticket that waits, with no more than it must have."""
    values: dict[str, Any] = {
        "id": n,
        "uuid": UUID(int=n).hex,
        "title": "A lamp",
        "status": "pending_approval",
        "status_group": "waiting",
        "status_rank": 5,
        "priority": "high",
        "priority_rank": 3,
        "kind": "change",
        "category": "general",
        "severity": "minor",
        "key_prefix": "CHG",
        "key_number": n,
        "day_number": n,
        "opened_on": "2026-11-20",
        "requester_id": 1,
        "created_by_id": 1,
        "department_id": 1,
        "channel": "web",
        "tags": "[]",
    }
    texts = ("description", "section")
    moments = ("created_at", "updated_at", "due_sort_at")
    counts = (
        "reopened_count",
        "comments_count",
        "notes_count",
        "attachments_count",
        "internal_attachments_count",
    )
    values |= dict.fromkeys(texts, "") | dict.fromkeys(moments, THEN) | dict.fromkeys(counts, 0)
    values["version"] = 1
    names = ", ".join(values)
    result = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO ticket ({names}) VALUES ({result})"), values)


def test_old_approvals_can_be_decided_after_the_migration(old: Engine) -> None:
    go(old, "head")
    with old.connect() as connection:
        found = connection.execute(text("SELECT * FROM person ORDER BY id")).all()
        agnes, manny, addie = (build_actor_with_role_defaults(row) for row in found[1:])
    with open_unit_of_work(writes=True, actor=addie, bind=old) as uow:
        assert waiting_for(uow) == [1]
        result = approval_listing.get_request(uow, 1)
        assert result["policy"] == {"id": 1, "name": "Old"}
        assert [step["state"] for step in result["steps"]] == ["approved", "pending", "waiting"]
        asks = [(ask["approver"]["id"], ask["state"]) for ask in result["steps"][1]["asks"]]
        assert asks == [(4, "pending")]
        perform_action(uow, 1, ApprovalAction.APPROVE)
    with open_unit_of_work(writes=True, actor=manny, bind=old) as uow:
        assert waiting_for(uow) == [1, 2]
        for request_id in (1, 2):
            perform_action(uow, request_id, ApprovalAction.APPROVE)
            assert approval_listing.get_request(uow, request_id)["state"] == "approved"
    with open_unit_of_work(writes=True, actor=agnes, bind=old) as uow:
        assert uow.connection.execute(text("SELECT is_active FROM approval_policy")).scalar() == 0


def test_the_way_back_keeps_them(old: Engine) -> None:
    def rows() -> dict[str, list[Any]]:
        with old.connect() as connection:
            return {
                name: list(connection.execute(text(f"SELECT {columns} FROM {name} ORDER BY id")))
                for name, columns in (
                    ("approval_policy", "id, name, kind, priority, department_id, created_at"),
                    ("approval_request", "id, uuid, ticket_id, policy_id, state, reason"),
                    ("approval_step", "request_id, ordinal, quorum, state, delegated_to_id"),
                )
            }

    before = rows()
    go(old, "0003")
    go(old, "0002", down=True)
    assert rows()["approval_policy"] == before["approval_policy"]
    assert rows()["approval_request"] == before["approval_request"]
    assert len(rows()["approval_step"]) == len(before["approval_step"])
    go(old, "head")

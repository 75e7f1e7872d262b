"""Approvals: steps ask several people, policies have several conditions

The tables are created again and their rows copied: there are few, and SQLite cannot drop a column
that a foreign key uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from alembic import op
from ticket_app.tables.types import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Row = dict[str, Any]
TABLES = ("approval_policy", "approval_request", "approval_step")
UNDECIDED = sa.text("decided_at IS NULL")
RUNNING = sa.text("state = 'pending' AND due_at IS NOT NULL AND escalated_at IS NULL")


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _make_new() -> None:
    op.create_table(
        "approval_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("priorities", Json, nullable=False),
        sa.Column("department_ids", Json, nullable=False),
        sa.Column("allows_own", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.Column("applies_from", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_policy")),
        sa.UniqueConstraint("name", name=op.f("uq_approval_policy_name")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_policy_rank", "approval_policy", ["is_active", "rank", "id"])
    op.create_table(
        "approval_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=True),
        sa.Column("policy_name", sa.String(length=120), nullable=True),
        sa.Column("allows_own", sa.Boolean(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("status_before", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("info_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("info_asked_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        _fk("approval_request", "policy_id", "approval_policy"),
        _fk("approval_request", "requested_by_id", "person"),
        _fk("approval_request", "ticket_id", "ticket"),
        _fk("approval_request", "info_asked_by_id", "person"),
        _fk("approval_request", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_request")),
        sa.UniqueConstraint("uuid", name=op.f("uq_approval_request_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_approval_request_ticket_id"), "approval_request", ["ticket_id"])
    op.create_index(op.f("ix_approval_request_policy_id"), "approval_request", ["policy_id"])
    op.create_index("ix_approval_request_state", "approval_request", ["state", "id"])
    op.create_index(
        "uq_approval_request_undecided",
        "approval_request",
        ["ticket_id"],
        unique=True,
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("approvers", Json, nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=True),
        sa.Column("escalates_to", Json, nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        _fk("approval_step", "request_id", "approval_request"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
        sa.UniqueConstraint(
            "request_id", "ordinal", name=op.f("uq_approval_step_request_id_ordinal")
        ),
    )
    op.create_index(
        "ix_approval_step_running",
        "approval_step",
        ["due_at"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_table(
        "approval_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("conditions", Json, nullable=False),
        sa.Column("delegated_by_id", sa.Integer(), nullable=True),
        sa.Column("is_escalation", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        _fk("approval_ask", "step_id", "approval_step"),
        _fk("approval_ask", "person_id", "person"),
        _fk("approval_ask", "delegated_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_ask")),
        sa.UniqueConstraint("step_id", "person_id", name=op.f("uq_approval_ask_step_id_person_id")),
    )
    op.create_index("ix_approval_ask_person", "approval_ask", ["person_id", "state", "id"])


def _make_old() -> None:
    op.create_table(
        "approval_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("priority", sa.String(length=24), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("allows_own", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _fk("approval_policy", "department_id", "department"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_policy")),
        sa.UniqueConstraint("name", name=op.f("uq_approval_policy_name")),
    )
    op.create_index(op.f("ix_approval_policy_department_id"), "approval_policy", ["department_id"])
    op.create_table(
        "approval_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("status_before", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        _fk("approval_request", "policy_id", "approval_policy"),
        _fk("approval_request", "requested_by_id", "person"),
        _fk("approval_request", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_request")),
        sa.UniqueConstraint("uuid", name=op.f("uq_approval_request_uuid")),
    )
    op.create_index(op.f("ix_approval_request_ticket_id"), "approval_request", ["ticket_id"])
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("approver_role", sa.String(length=24), nullable=True),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("conditions", Json, nullable=False),
        sa.Column("delegated_to_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _fk("approval_step", "approver_id", "person"),
        _fk("approval_step", "decided_by_id", "person"),
        _fk("approval_step", "delegated_to_id", "person"),
        _fk("approval_step", "request_id", "approval_request"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
    )
    op.create_index("ix_approval_step_approver", "approval_step", ["approver_id", "state", "id"])
    op.create_index(op.f("ix_approval_step_due_at"), "approval_step", ["due_at"])
    op.create_index(op.f("ix_approval_step_request_id"), "approval_step", ["request_id"])


TYPES: dict[str, Any] = {
    **dict.fromkeys(("kinds", "priorities", "department_ids", "steps", "conditions"), Json),
    **dict.fromkeys(("approvers", "escalates_to"), Json),
    "uuid": sa.Uuid(),
    **dict.fromkeys(("allows_own", "is_active", "is_escalation"), sa.Boolean()),
}
"""The type with which a column of these tables is read and written, in every table."""


def _type_of(name: str) -> Any:
    usual = UtcDateTime() if name.endswith("_at") or name == "applies_from" else None
    return TYPES.get(name, usual)


def _rows(table: str) -> list[Row]:
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    columns = [sa.column(name, _type_of(name)) for name in names]
    found = op.get_bind().execute(sa.select(*columns).select_from(sa.table(table)).order_by("id"))
    return [dict(row) for row in found.mappings()]


def _fill(table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    made = sa.table(table, *(sa.column(name, _type_of(name)) for name in rows[0]))
    op.get_bind().execute(sa.insert(made), list(rows))
    if op.get_bind().dialect.name == "postgresql":
        last = max(row["id"] for row in rows)
        op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")


def _made_anew(tables: Sequence[str], make: Callable[[], None]) -> dict[str, list[Row]]:
    kept = {table: _rows(table) for table in tables}
    for table in reversed(tables):
        op.drop_table(table)
    make()
    return kept


def upgrade() -> None:
    kept = _made_anew(TABLES, _make_new)
    policies = {row["id"]: row for row in kept["approval_policy"]}
    _fill("approval_policy", [_new_policy(row) for row in policies.values()])
    old_steps = defaultdict(list)
    for row in kept["approval_step"]:
        old_steps[row["request_id"]].append(row)
    requests, steps, asks = [], [], []
    for request in kept["approval_request"]:
        policy = policies.get(request["policy_id"], {})
        requests.append(
            request
            | {
                "policy_name": policy.get("name"),
                "allows_own": policy.get("allows_own", False),
                "question": None,
                "info_asked_by_id": None,
                "info_asked_at": None,
                "decided_by_id": None,
            }
        )
        chain = sorted(old_steps[request["id"]], key=lambda row: (row["ordinal"], row["id"]))
        is_next = True
        for ordinal, row in enumerate(chain, start=1):
            state = row["state"] if row["state"] != "pending" or is_next else "waiting"
            is_next = is_next and row["state"] != "pending"
            steps.append(_new_step(row, ordinal, state, request))
            if state != "waiting":
                asks += [_new_ask(row, person, request) for person in _asked(row)]
    _fill("approval_request", requests)
    _fill("approval_step", steps)
    _fill("approval_ask", [ask | {"id": n} for n, ask in enumerate(asks, start=1)])


def _new_policy(row: Row) -> Row:
    """Return an old policy as an inactive one, as its old steps had no fixed meaning."""
    return {
        "id": row["id"],
        "name": row["name"],
        "rank": 100,
        "kinds": [row["kind"]] if row["kind"] else [],
        "priorities": [row["priority"]] if row["priority"] else [],
        "department_ids": [row["department_id"]] if row["department_id"] else [],
        "allows_own": row["allows_own"],
        "is_active": False,
        "steps": [],
        "applies_from": row["created_at"],
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
    }


def _new_step(row: Row, ordinal: int, state: str, request: Row) -> Row:
    return {
        "id": row["id"],
        "request_id": row["request_id"],
        "ordinal": ordinal,
        "name": f"Step {ordinal}",
        "approvers": {
            "people": [row["approver_id"]] if row["approver_id"] else [],
            "roles": [row["approver_role"]] if row["approver_role"] else [],
            "department_manager": False,
        },
        "quorum": row["quorum"],
        "hours": None,
        "escalates_to": None,
        "state": state,
        "started_at": None if state == "waiting" else request["created_at"],
        "due_at": row["due_at"],
        "escalated_at": None,
        "decided_at": row["decided_at"],
    }


def _asked(row: Row) -> list[int]:
    person_id = row["delegated_to_id"] or row["approver_id"]
    if person_id or not row["approver_role"]:
        return [person_id] if person_id else []
    person = sa.table("person", *map(sa.column, ("id", "role", "is_active")))
    holders = sa.select(person.c.id).where(
        person.c.role == row["approver_role"], person.c.is_active == sa.true()
    )
    return list(op.get_bind().execute(holders.order_by(person.c.id)).scalars())


def _new_ask(row: Row, person_id: int, request: Row) -> Row:
    return {
        "step_id": row["id"],
        "person_id": person_id,
        "state": row["state"],
        "comments": row["comments"],
        "conditions": row["conditions"] or [],
        "delegated_by_id": row["approver_id"] if row["delegated_to_id"] else None,
        "is_escalation": False,
        "asked_at": request["created_at"],
        "decided_at": row["decided_at"],
    }


def downgrade() -> None:
    kept = _made_anew((*TABLES, "approval_ask"), _make_old)
    _fill("approval_policy", [_old_policy(row) for row in kept["approval_policy"]])
    names = ("id", "uuid", "ticket_id", "policy_id", "requested_by_id", "status_before")
    names = (*names, "reason", "created_at", "decided_at")
    _fill(
        "approval_request",
        [
            {name: row[name] for name in names}
            | {"state": row["state"].replace("info_requested", "pending")}
            for row in kept["approval_request"]
        ],
    )
    asked = defaultdict(list)
    for ask in kept["approval_ask"]:
        asked[ask["step_id"]].append(ask)
    steps = [
        _old_step(step, ask) for step in kept["approval_step"] for ask in asked[step["id"]] or [{}]
    ]
    _fill("approval_step", [step | {"id": n} for n, step in enumerate(steps, start=1)])


def _old_policy(row: Row) -> Row:
    departments = sa.table("department", sa.column("id"))
    known = set(op.get_bind().execute(sa.select(departments.c.id)).scalars())
    department = next(iter(row["department_ids"]), None)
    names = ("id", "name", "allows_own", "is_active", "steps", "created_at")
    return {name: row[name] for name in names} | {
        "kind": next(iter(row["kinds"]), None),
        "priority": next(iter(row["priorities"]), None),
        "department_id": department if department in known else None,
    }


def _old_step(step: Row, ask: Row) -> Row:
    """Return the decision of one approver; if no one was asked yet, of the intended approver."""
    meant = step["approvers"]
    state = ask.get("state", "pending")
    person_id = ask.get("person_id", next(iter(meant["people"]), None))
    return {
        "request_id": step["request_id"],
        "ordinal": step["ordinal"],
        "approver_id": ask.get("delegated_by_id") or person_id,
        "approver_role": None if ask else next(iter(meant["roles"]), None),
        "quorum": step["quorum"],
        "state": state,
        "comments": ask.get("comments"),
        "conditions": ask.get("conditions", []),
        "delegated_to_id": person_id if ask.get("delegated_by_id") else None,
        "decided_by_id": person_id if state in ("approved", "rejected") else None,
        "decided_at": ask.get("decided_at"),
        "due_at": step["due_at"],
        "version": 1,
    }

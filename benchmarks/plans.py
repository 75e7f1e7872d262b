"""Find statements that scan large tables, in a database that `load.py` filled.

    python benchmarks/plans.py [--slow 20]

Uses the database of TICKET_DATABASE_URL and first adds what `load.py` does not create: approvals,
notifications, messages and deliveries, and due SLA targets. Runs all lists, searches, reports and
cleanups, and prints each statement that reads a large table completely or takes longer than
`--slow` milliseconds, with the database's plan. All changes are rolled back.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from ticket_app.core.tickets import linked_tickets
from ticket_app.core.tickets.ticket_lookup import read_ticket

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import event, func, insert, select, update

from benchmarks.costs import ApiClient, Request
from ticket_app.core.approvals import escalation as approval_escalation
from ticket_app.core.attachments import cleanup as attachment_cleanup
from ticket_app.core.notifications import notifications
from ticket_app.core.operations import installation
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.platform import database, idempotency, outbox
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work, utc_now
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import related, trash
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.tables import (
    ApprovalDecision,
    ApprovalRequest,
    ApprovalStep,
    Notification,
    OutboxMessage,
    Webhook,
    WebhookDelivery,
    approval_request_table,
    person_table,
    ticket_table,
)

LARGE = (
    "ticket", "timeline", "ticket_text", "ticket_tag", "attachment", "notification", "outbox",
    "webhook_delivery", "approval_request", "approval_step", "approval_decision",
    "idempotent_response", "moved_entry", "moved_attachment", "merge", "person",
)  # fmt: skip
MANY = 100_000
WAITING = 2_000
"""The number of undecided approvals."""


class RolledBack(Exception):
    """Rolls a transaction back."""


def manager() -> Any:
    """Return the row of the loader's agent, who gets all permissions."""
    with open_unit_of_work(writes=True) as uow:
        may = sorted(DEFAULT_ROLE_PERMISSIONS[Role.SUPER_ADMIN])
        uow.connection.execute(
            person_table.update().where(person_table.c.username == "bench").values(permissions=may)
        )
        named = select(person_table, ROLE_PERMISSIONS_COLUMN).where(
            person_table.c.username == "bench"
        )
        return uow.connection.execute(named).one()


def write_related_rows(person_id: int) -> None:
    """Write the rows that belong to tickets besides themselves."""
    with open_unit_of_work(writes=True) as uow:
        if uow.connection.execute(select(approval_request_table.c.id).limit(1)).first():
            return
        now = uow.now
        last = uow.connection.execute(select(func.max(ticket_table.c.id))).scalar_one()
        ids = range(max(1, last - MANY), last)
        agents = list(
            uow.connection.execute(
                select(person_table.c.id).where(person_table.c.role == Role.AGENT)
            ).scalars()
        )
        whose = itertools.cycle([person_id, *agents])
        hook = uow.connection.execute(
            insert(Webhook).values(
                owner_id=person_id, url="https://hook.example/", encrypted_secret="-",
                created_at=now, updated_at=now, is_active=True, failures=0, events=[],
            )
        ).inserted_primary_key[0]  # type: ignore[index]  # fmt: skip
        requests, steps, asks, notices, messages, deliveries = ([] for _ in range(6))
        for n, ticket_id in enumerate(ids, start=1):
            open_ = n > MANY - WAITING
            at = now - timedelta(minutes=MANY - n)
            state, done = ("pending", None) if open_ else ("approved", at)
            requests.append(
                {"id": n, "uuid": uuid4(), "ticket_id": ticket_id, "requested_by_id": person_id,
                 "state": state, "previous_status": "open", "created_at": at, "decided_at": done,
                 "allows_own": False}
            )  # fmt: skip
            steps.append(
                {"id": n, "request_id": n, "ordinal": 1, "name": "Approval", "approvers": {},
                 "quorum": 1, "state": state, "due_at": now + timedelta(hours=n - MANY + 50)}
            )  # fmt: skip
            asks.append(
                {"id": n, "step_id": n, "person_id": next(whose), "state": state,
                 "conditions": [], "is_escalation": False, "asked_at": at}
            )  # fmt: skip
            notices.append(
                {"person_id": next(whose), "kind": "mention", "ticket_id": ticket_id,
                 "message": "You were mentioned", "created_at": at,
                 "read_at": None if open_ else at}
            )  # fmt: skip
            messages.append(
                {"topic": "ticket.changes", "payload": {"ticket_id": ticket_id, "entries": []},
                 "created_at": at, "due_at": at, "attempts": 1, "done_at": done}
            )  # fmt: skip
            deliveries.append(
                {"uuid": uuid4(), "webhook_id": hook, "event": "ticket.updated",
                 "ticket_id": ticket_id, "entry_id": n, "payload": "{}", "attempts": 1,
                 "attempt_log": [],
                 "state": "pending" if open_ else "delivered", "next_try_at": at, "created_at": at}
            )  # fmt: skip
        for table, rows in (
            (ApprovalRequest, requests), (ApprovalStep, steps), (ApprovalDecision, asks),
            (Notification, notices), (OutboxMessage, messages), (WebhookDelivery, deliveries),
        ):  # fmt: skip
            uow.connection.execute(insert(table), rows)
        late = select(ticket_table.c.id).order_by(ticket_table.c.id.desc()).limit(MANY)
        due = now + timedelta(hours=1)
        uow.connection.execute(
            update(ticket_table).where(ticket_table.c.id.in_(late)).values(sla_next_at=due)
        )
    with open_unit_of_work(writes=True) as uow:
        uow.connection.exec_driver_sql("ANALYZE")


class Watch:
    """Every statement with its parameters, its time, and what it was run for."""

    def __init__(self) -> None:
        self.asked = ""
        self.seen: dict[str, tuple[float, str, Any]] = {}
        self._began = 0.0
        engine = database.get_engine()
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def _after(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _: Any, many: bool
    ) -> None:
        if many or statement.split(maxsplit=1)[0] not in ("SELECT", "UPDATE", "DELETE", "WITH"):
            return
        took = time.perf_counter() - self._began
        if statement not in self.seen or self.seen[statement][0] < took:
            self.seen[statement] = (took, self.asked, parameters)


def api_requests(last: int, tag: str) -> Iterator[Request]:
    """Request lists with every filter and order, searches, reports."""
    filters = (
        "", "status=open", "priority=high", "ticket_type=incident", "created_by_id=50",
        "assigned_to_id=5", "department_id=1", "created_after=2026-11-20", f"tags={tag}",
        f"tags={tag},urgent", "search=printer", "search=printer+network",
        "status=open&priority=high", "status=open&search=printer",
        "created_after=2024-01-01&status=open",
        "assigned_to_id=5&status=open", f"tags={tag}&status=open",
    )  # fmt: skip
    sorts = (
        "relevance", "created_at", "updated_at", "priority", "status", "due_date", "ticket_number"
    )  # fmt: skip
    paths = [
        f"/tickets?{wanted}&sort={sort}&order={order}"
        for wanted in filters
        for sort in sorts
        for order in ("asc", "desc")
    ]
    paths += [
        f"/tickets/{last}", f"/tickets/{last}/approvals", "/approvals/pending",
        "/approvals/pending?all=true", "/approvals/pending?department_id=1&priority=high",
        "/approvals/5", f"/comments/ticket/{last}", f"/attachments/ticket/{last}",
        "/notifications", "/notifications?unread=true", "/users", "/users?search=user0",
        "/users?role=agent", "/departments", "/webhooks", "/webhooks/1/deliveries",
        "/webhooks/1/deliveries?state=failed", "/webhooks/1/deliveries?event=ticket.updated",
        "/service-levels/compliance?period=30d", "/reports/dashboard?period=30d",
        "/reports/dashboard?period=90d&department_id=1",
        "/reports/performance?start_date=2026-10-20&end_date=2026-11-20",
        "/api/tickets", "/api/tickets?status=open", "/api/tickets/", "/api/tickets/stats/",
        "/api/v1/tickets/", "/api/v1/tickets/?unassigned=true", "/api/v1/tickets/?open=true",
        "/api/v1/tickets/?my_tickets=true", "/api/v1/tickets/stats/",
        "/api/v1/ticket-comments/", "/api/v1/ticket-attachments/", "/api/v1/companies/",
        "/api/v1/users/?search=user", "/api/ticketing/tickets/", "/api/ticketing/tickets/overdue/",
        "/api/ticketing/tickets/statistics/", "/api/ticketing/tickets/trash/",
        "/api/ticketing/comments/", "/api/ticketing/history/", "/api/ticketing/attachments/",
        f"/api/ticketing/history/?ticket={last}", "/api/ticketing/customers/?search=user",
    ]  # fmt: skip
    for path in paths:
        yield Request(path, "GET", lambda path=path: path)
    orders = (["priority", "created_at"], ["status", "updated_at"], ["due_date"], ["relevance"])
    chosen: tuple[dict[str, Any], ...] = (
        {}, {"status": ["open", "in_progress"], "priority": ["high", "critical"]},
        {"departments": [1, 2]}, {"tags": [tag]}, {"created_after": "2026-11-01T00:00:00Z"},
    )  # fmt: skip
    for query, wanted, fields in itertools.product(("", "printer network"), chosen, orders):
        body = {"query": query, "filters": wanted, "sort": [{"field": field} for field in fields]}
        name = f"POST /tickets/search {json.dumps(body)}"
        yield Request(name, "POST", lambda: "/tickets/search", lambda body=body: body)
    yield Request("PATCH", "PATCH", lambda: f"/tickets/{last}", lambda: {"title": "Another one"})
    comment = {"content": "By the way, @agent01"}
    yield Request("comment", "POST", lambda: f"/comments/ticket/{last}", lambda: comment)


def _claim_deliveries(uow: UnitOfWork) -> None:
    with suppress(Exception):  # The secret cannot be decrypted; the statement has been run.
        webhook_deliveries.claim(uow, 1, 20)


def jobs(last: int) -> dict[str, Callable[[UnitOfWork], Any]]:
    """Call the functions that workers and pages use."""
    topics = ("ticket.changes", "attachment.scan")
    return {
        "outbox.any_due": lambda uow: outbox.has_due_messages(uow, topics),
        "outbox.claim": lambda uow: outbox.claim_due(uow, 20, topics),
        "outbox.sweep": outbox.delete_expired_batch,
        "deliveries.claim": _claim_deliveries,
        "deliveries waiting": webhook_deliveries.list_webhooks_with_due_deliveries,
        "deliveries.sweep": webhook_deliveries.delete_expired_batch,
        "receivers": webhook_subscriptions.deactivate_untrusted_and_list_receivers,
        "idempotency.sweep": idempotency.delete_expired_batch,
        "attachments.sweep": attachment_cleanup.destroy_removed_files,
        "notifications.sweep": notifications.delete_expired_batch,
        "notifications.unread": notifications.count_unread,
        "notifications.read_all": notifications.mark_all_read,
        "approvals overdue": approval_escalation.list_requests_to_escalate,
        "SLA targets due": sla_tracking.has_due_targets,
        "SLA targets next": sla_tracking.get_next_check_at,
        "SLA targets check": lambda uow: sla_tracking.check_due_targets(uow, 0),
        "merged sources": lambda uow: linked_tickets.list_merge_sources(uow, last),
        "goes on in": lambda uow: linked_tickets.find_visible_merge_target(uow, last),
        "related": lambda uow: related.list_related(uow, read_ticket(uow, last)),
        "trash": trash.list_deleted,
    }


def find_full_scans(plan: list[str]) -> list[str]:
    """Return the lines of a plan that read a large table completely."""
    found = []
    for line in plan:
        words = line.replace("->", " ").split()
        reads = "SCAN" in words[:1] or "Seq Scan on" in line
        if reads and any(word in LARGE for word in words[1:6]) and "VIRTUAL" not in line:
            found.append(line)
    return found


def explain(statement: str, parameters: Any) -> list[str]:
    """Return the database's plan of a statement."""
    engine = database.get_engine()
    prefix = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(prefix + statement, parameters).all()
        connection.rollback()
    return [str(row[-1]).strip() for row in rows]


def run_everything(person: Any) -> Watch:
    """Run everything and roll back the changes."""
    actor = build_actor(person)
    with open_unit_of_work(writes=True, actor=actor) as uow, redirect_stdout(sys.stderr):
        token = create_api_token(uow, "plans")[0]
        last = uow.connection.execute(select(func.max(ticket_table.c.id))).scalar_one()
    watch = Watch()
    client = ApiClient(token)

    async def over_http() -> None:
        for request in api_requests(last, "vip"):
            watch.asked = request.name
            status = await client.send(request)
            if status >= 400:
                print(f"{status} for {request.name}", file=sys.stderr)

    asyncio.run(over_http())
    for name, job in jobs(last).items():
        watch.asked = name
        try:
            with open_unit_of_work(writes=True, actor=actor) as uow:
                job(uow)
                raise RolledBack
        except RolledBack:
            pass
    return watch


def main() -> None:
    """Run, and print what scans or is slow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--slow", type=float, default=20)
    arguments = parser.parse_args()
    for name in ("GENERAL", "UPLOADS", "SEARCHES", "REPORTS"):
        os.environ[f"TICKET_RATE_{name}_PER_HOUR"] = "100000000"
    installation.migrate(database.get_engine())
    person = manager()
    write_related_rows(person.id)
    seen = run_everything(person).seen
    print(f"{len(seen)} statements, {utc_now():%H:%M}")
    for statement, (took, asked, parameters) in sorted(seen.items(), key=lambda one: -one[1][0]):
        plan = explain(statement, parameters)
        scans = find_full_scans(plan)
        if scans or took * 1000 > arguments.slow:
            print(f"\n{took * 1000:.1f} ms  {asked}\n    {' '.join(statement.split())[:900]}")
            print("\n".join(f"    | {line}{'  <--' * (line in scans)}" for line in plan))


if __name__ == "__main__":
    main()

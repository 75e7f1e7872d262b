"""Load the demo data: each planned step is performed through its use case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, select

from ticket_app.core.attachments import uploading
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.operations import installation
from ticket_app.core.people import demo_accounts
from ticket_app.core.people.demo_accounts import DemoCredentials
from ticket_app.core.platform import action_limits, database
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, Actor
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork, utc_now
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.demo import approval_policies as demo_approval_policies
from ticket_app.demo import files as demo_files
from ticket_app.demo.organisation import set_up_organisation
from ticket_app.demo.planning import plan
from ticket_app.demo.replay import ACTIONS, ReplayUnitOfWork
from ticket_app.demo.ticket_plans import Step
from ticket_app.settings import settings
from ticket_app.tables import (
    notification_table,
    outbox_message_table,
    person_table,
    ticket_table,
)

NOTIFICATION_WINDOW = timedelta(days=2)
"""How long ago an SLA target may have come due for its notification to be kept."""


def load(bind: Engine | None = None, *, now: datetime | None = None) -> DemoCredentials:
    """Load the demo data into an empty database, completely or not at all.

    Leaves a database that has data unchanged; waits for another process that is loading. Returns
    the credentials of the demo accounts. Raises `RuleViolation` in production, `Invalid` for a weak
    `TICKET_DEMO_PASSWORD`.
    """
    if settings().env == "production":
        raise RuleViolation("Demo data cannot be loaded in production")
    engine = bind or database.get_engine()
    with installation.setup_lock(engine):
        with database.read_connection(engine) as connection:
            if not _is_empty(connection):
                return demo_accounts.get_demo_credentials(UnitOfWork(connection, actor=None))
        return _load_into(engine, now or utc_now())


def _load_into(bind: Engine, now: datetime) -> DemoCredentials:
    steps = plan(now)
    with _examined_files(steps) as files, database.write_connection(bind) as connection:
        uow = ReplayUnitOfWork(connection, actor=None)
        if not _is_empty(connection):
            raise RuleViolation("The database is not empty")
        uow.set_time_and_actor(steps[0].at - timedelta(days=1), _setup_actor())
        context = set_up_organisation(uow, files)
        with action_limits.limits_disabled():
            for step in steps:
                _check_sla_targets_until(uow, step.at)
                uow.set_time_and_actor(step.at, context.actors[step.username])
                ACTIONS[step.action](uow, context, step)
            _check_sla_targets_until(uow, now)
        uow.set_time_and_actor(now, context.actors["ada"])
        person_ids = {name: actor.id for name, actor in context.actors.items()}
        demo_approval_policies.create_policies(uow, person_ids, context.departments)
        # All of it happened in the past, so no notifications are sent for it.
        connection.execute(
            delete(outbox_message_table).where(outbox_message_table.c.topic != uploading.SCAN_TOPIC)
        )
        columns = notification_table.c
        connection.execute(
            delete(notification_table).where(
                columns.kind.in_([NotificationKind.SLA_WARNING, NotificationKind.SLA_BREACH]),
                columns.created_at < now - NOTIFICATION_WINDOW,
            )
        )
        return demo_accounts.get_demo_credentials(uow)


def _check_sla_targets_until(uow: ReplayUnitOfWork, until: datetime) -> None:
    """Check the SLA targets that come due until a moment, at the time they are due."""
    uow.flush()
    while (due := sla_tracking.get_next_check_at(uow)) is not None and due < until:
        uow.set_time_and_actor(due + timedelta(microseconds=1), None)
        sla_tracking.check_due_targets(uow)
        uow.flush()


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.execute(select(table.c.id).limit(1)).first()
        for table in (person_table, ticket_table)
    )


def _setup_actor() -> Actor:
    return Actor(
        id=0,
        uuid=UUID(int=0),
        username="demo",
        full_name="Demo",
        email="",
        role=Role.SUPER_ADMIN,
        permissions=frozenset(DEFAULT_ROLE_PERMISSIONS[Role.SUPER_ADMIN]),
    )


@contextmanager
def _examined_files(steps: Sequence[Step]) -> Iterator[dict[int, StoredUpload]]:
    """Scan and store the files of all steps; delete them again if the block fails."""
    files: dict[int, StoredUpload] = {}
    try:
        with tempfile.TemporaryDirectory() as folder:
            for n, step in enumerate(steps):
                if not step.action.startswith("attach"):
                    continue
                kind, caption, seed = step.value
                name, make_file = demo_files.FILE_MAKERS[kind]
                path = Path(folder) / str(n)
                path.write_bytes(make_file(Random(seed), caption, step.at))  # noqa: S311
                file_name = name.format(f"{step.at:%m%d}-{seed % 1000}")
                files[id(step)] = uploading.count_check_and_store(
                    _setup_actor(), path, file_name, now=step.at
                )
        yield files
    except BaseException:
        for examined in files.values():
            uploading.discard_upload(examined)
        raise

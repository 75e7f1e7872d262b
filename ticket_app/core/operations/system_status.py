"""Whether the system is up, and the facts behind it for administrators.

Every check catches its own failure, so that the status can always be reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, func, select

from ticket_app.core.email.outgoing.health import EmailHealth, read_health
from ticket_app.core.operations import backup, installation, processes
from ticket_app.core.operations.backup import LastBackup
from ticket_app.core.platform import database, outbox
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work, utc_now
from ticket_app.core.webhooks.deliveries import DeliveryState
from ticket_app.settings import settings
from ticket_app.tables import outbox_message_table, webhook_delivery_table, webhook_table

State = Literal["up", "degraded"]

MAX_QUEUE_DELAY = timedelta(minutes=10)
"""A due job that has waited longer shows that no process takes jobs."""
MIN_FREE_BYTES = 100 * 1024 * 1024
"""The free space below which uploads may fail soon."""
MAX_COUNTED_DELIVERIES = 10_000


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """The database: its kind, whether it responds, and its schema version."""

    kind: str
    is_reachable: bool = False
    installed_version: str | None = None
    expected_version: str | None = None

    @property
    def is_migrated(self) -> bool:
        """Whether the schema is the one that this version needs."""
        return self.is_reachable and self.installed_version == self.expected_version


@dataclass(frozen=True, slots=True)
class JobsStatus:
    """Background work: processes with their last heartbeat, and what waits for them."""

    process_count: int
    last_heartbeat_at: datetime | None
    queue_depth: int
    oldest_due_at: datetime | None
    failed_count: int
    pending_deliveries: int
    """Webhook messages that wait to be sent; at most 10,000 are counted."""

    def is_working(self, now: datetime) -> bool:
        """Return whether a process runs and takes the jobs that are due."""
        is_delayed = self.oldest_due_at is not None and now - self.oldest_due_at > MAX_QUEUE_DELAY
        return self.process_count > 0 and not is_delayed


@dataclass(frozen=True, slots=True)
class StorageStatus:
    """The file store; `free_bytes` is None for a bucket."""

    kind: str
    is_writable: bool
    free_bytes: int | None

    @property
    def is_usable(self) -> bool:
        """Whether files can be stored, and some more after that."""
        has_space = self.free_bytes is None or self.free_bytes >= MIN_FREE_BYTES
        return self.is_writable and has_space


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """The result of all checks; `jobs` is None if the database did not respond."""

    checked_at: datetime
    database: DatabaseStatus
    jobs: JobsStatus | None
    storage: StorageStatus
    last_backup: LastBackup | None
    email: EmailHealth | None = None
    """Whether email leaves; None if the database did not respond."""

    @property
    def problems(self) -> list[str]:
        """What does not work, in the words of the report."""
        jobs_work = self.jobs is not None and self.jobs.is_working(self.checked_at)
        parts = {
            "database": self.database.is_reachable,
            "migrations": self.database.is_migrated,
            "jobs": jobs_work,
            "storage": self.storage.is_usable,
        }
        return [name for name, is_working in parts.items() if not is_working]

    @property
    def state(self) -> State:
        """Up if everything works."""
        return "degraded" if self.problems else "up"


def check_system() -> SystemStatus:
    """Run all checks; takes as long as the database and the file store take to respond."""
    database_status = _check_database()
    return SystemStatus(
        checked_at=utc_now(),
        database=database_status,
        jobs=_check_job_processes() if database_status.is_migrated else None,
        storage=_check_storage(),
        last_backup=backup.read_last_backup(),
        email=_check_email() if database_status.is_migrated else None,
    )


def unknown_status() -> SystemStatus:
    """Return the status of a system whose checks take too long."""
    return SystemStatus(
        checked_at=utc_now(),
        database=DatabaseStatus(_database_kind()),
        jobs=None,
        storage=StorageStatus(_storage_kind(), is_writable=False, free_bytes=None),
        last_backup=backup.read_last_backup(),
    )


def _database_kind() -> str:
    return "sqlite" if settings().is_sqlite else "postgresql"


def _storage_kind() -> str:
    return settings().files_url.partition(":")[0]


def _check_database() -> DatabaseStatus:
    try:
        engine = database.get_engine()
        if not database.is_reachable(engine):
            return DatabaseStatus(_database_kind())
        version = installation.schema_version(engine)
    except Exception as error:  # noqa: BLE001 - what goes wrong is what was asked for
        log().warning("status_check_failed", check="database", reason=repr(error))
        return DatabaseStatus(_database_kind())
    return DatabaseStatus(_database_kind(), True, version.installed, version.expected)


def _check_job_processes() -> JobsStatus | None:
    try:
        with open_unit_of_work(writes=False) as uow:
            return _read_jobs(uow)
    except Exception as error:  # noqa: BLE001
        log().warning("status_check_failed", check="jobs", reason=repr(error))
        return None


def _check_email() -> EmailHealth | None:
    try:
        with open_unit_of_work(writes=False) as uow:
            return read_health(uow)
    except Exception as error:  # noqa: BLE001
        log().warning("status_check_failed", check="email", reason=repr(error))
        return None


_SELECT_QUEUE = select(
    func.count().label("depth"), func.min(outbox_message_table.c.due_at).label("oldest_due_at")
).where(
    outbox_message_table.c.done_at.is_(None),
    outbox_message_table.c.attempts < outbox.MAX_ATTEMPTS,
)
_SELECT_PENDING_DELIVERIES = select(func.count()).select_from(
    select(webhook_delivery_table.c.id)
    .where(
        webhook_delivery_table.c.webhook_id.in_(select(webhook_table.c.id)),
        webhook_delivery_table.c.state == bindparam("pending"),
    )
    .limit(MAX_COUNTED_DELIVERIES)
    .subquery()
)


def _read_jobs(uow: UnitOfWork) -> JobsStatus:
    running = processes.list_living(uow)
    queue = uow.connection.execute(_SELECT_QUEUE).one()
    return JobsStatus(
        process_count=len(running),
        last_heartbeat_at=max((row.seen_at for row in running), default=None),
        queue_depth=queue.depth,
        oldest_due_at=queue.oldest_due_at,
        failed_count=outbox.count_failed(uow),
        pending_deliveries=uow.connection.execute(
            _SELECT_PENDING_DELIVERIES, {"pending": DeliveryState.PENDING}
        ).scalar_one(),
    )


def _check_storage() -> StorageStatus:
    try:
        store = file_storage()
        store.ensure_writable()
        free_bytes = store.free_bytes()
    except Exception as error:  # noqa: BLE001
        log().warning("status_check_failed", check="storage", reason=repr(error))
        return StorageStatus(_storage_kind(), is_writable=False, free_bytes=None)
    return StorageStatus(_storage_kind(), is_writable=True, free_bytes=free_bytes)

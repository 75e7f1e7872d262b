"""The unit of work: connection, actor and clock of one request; every use case takes it first."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, Executable
from sqlmodel import Session

from ticket_app.core.platform import database
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.dates import default_time_zone
from ticket_app.core.platform.errors import Unauthenticated

SYSTEM_CHANNEL = "system"
"""The channel of what no person did, such as a background job."""
COMMAND_LINE_CHANNEL = "command_line"
Clock = Callable[[], datetime]
RowT = TypeVar("RowT")


def utc_now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


class UnitOfWork:
    """The database connection, actor and clock of one request.

    `connection` runs statements for reads; `session` tracks rows that are being changed. Only entry
    points commit. Callbacks in `before_commit` run at the end of the transaction, those in
    `after_commit` once it has been committed.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        actor: Actor | None,
        clock: Clock = utc_now,
        request_id: str = "",
    ) -> None:
        self.connection = connection
        self.clock = clock
        self.request_id = request_id
        self.before_commit: list[Callable[[], object]] = []
        self.after_commit: list[Callable[[], object]] = []
        self.is_local_request = True
        """Whether there is no request, or one sent on this machine (`local_requests`)."""
        self.channel = SYSTEM_CHANNEL
        """What the request came through: `web`, a dialect, `mcp`, `command_line`, `system`."""
        self.client_address = ""
        """The network address of the client, where there is one."""
        self.is_import = False
        """Whether history is being imported: no one is notified, and no webhook is called."""
        self.changed_entry_ids: dict[int, list[int]] = {}
        """The ids of the timeline entries added in this unit of work, by ticket id."""
        self.notifying_entry_ids: dict[int, list[int]] = {}
        """Those of them that people are notified of."""
        self._actor = actor
        self._session: Session | None = None
        self._now: datetime | None = None
        self._time_zone: tzinfo | None = None

    @property
    def time_zone(self) -> tzinfo:
        """The time zone of the actor's browser, or else of the installation."""
        if self._time_zone is None:
            self._time_zone = default_time_zone()
        return self._time_zone

    @time_zone.setter
    def time_zone(self, zone: tzinfo | None) -> None:
        self._time_zone = zone

    @property
    def actor(self) -> Actor:
        """The authenticated actor. Raises `Unauthenticated` if there is none."""
        if self._actor is None:
            raise Unauthenticated
        return self._actor

    @actor.setter
    def actor(self, actor: Actor | None) -> None:
        self._actor = actor

    @property
    def has_actor(self) -> bool:
        """Whether the request is authenticated."""
        return self._actor is not None

    @contextmanager
    def as_system(self) -> Generator[None]:
        """Run the block without an actor, as rules and jobs do."""
        actor, self._actor = self._actor, None
        try:
            yield
        finally:
            self._actor = actor

    @property
    def now(self) -> datetime:
        """The time of this unit of work, the same for everything it writes."""
        if self._now is None:
            self._now = self.clock()
        return self._now

    @property
    def session(self) -> Session:
        """The session that tracks changed rows in this transaction."""
        if self._session is None:
            self._session = Session(bind=self.connection, autoflush=False, expire_on_commit=False)
        return self._session

    def flush(self) -> None:
        """Write changed rows to the database, so that later statements see them."""
        if self._session is not None:
            self._session.flush()

    @contextmanager
    def savepoint(self) -> Generator[None]:
        """Undo what the block wrote if it raises, and forget what was to follow from it."""
        before_count, after_count = len(self.before_commit), len(self.after_commit)
        changed, notifying = (
            {ticket_id: list(ids) for ticket_id, ids in entry_ids.items()}
            for entry_ids in (self.changed_entry_ids, self.notifying_entry_ids)
        )
        try:
            with self.session.begin_nested():
                self.session.connection()  # a session sets its savepoint when it is used first
                yield
        except BaseException:
            del self.before_commit[before_count:]
            del self.after_commit[after_count:]
            self.changed_entry_ids, self.notifying_entry_ids = changed, notifying
            raise

    def all_rows(
        self, statement: Executable, values: Mapping[str, object] | None = None, *, of: type[RowT]
    ) -> Sequence[RowT]:
        """Return every row of a statement; `of` is the class that describes its columns."""
        return cast("Sequence[RowT]", self.connection.execute(statement, values or {}).all())

    def first_row(
        self, statement: Executable, values: Mapping[str, object] | None = None, *, of: type[RowT]
    ) -> RowT | None:
        """Return the first row of a statement, or None; `of` describes its columns."""
        return cast("RowT | None", self.connection.execute(statement, values or {}).first())

    def one_row(
        self, statement: Executable, values: Mapping[str, object] | None = None, *, of: type[RowT]
    ) -> RowT:
        """Return the only row of a statement; `of` describes its columns."""
        return cast("RowT", self.connection.execute(statement, values or {}).one())

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is in use."""
        return self.connection.dialect.name == "sqlite"


@contextmanager
def open_unit_of_work(
    *,
    writes: bool,
    actor: Actor | None = None,
    clock: Clock = utc_now,
    bind: Engine | None = None,
    request_id: str = "",
) -> Generator[UnitOfWork]:
    """Open a unit of work: everything it writes is committed together, or nothing is.

    Only for entry points. `writes` opens a write transaction; on SQLite it waits for other writers.
    """
    engine = bind or database.get_engine()
    connect = database.write_connection if writes else database.read_connection
    with connect(engine) as connection:
        uow = UnitOfWork(connection, actor=actor, clock=clock, request_id=request_id)
        yield uow
        if writes:
            uow.flush()
            for before_callback in uow.before_commit:
                before_callback()
    for after_callback in uow.after_commit:
        after_callback()

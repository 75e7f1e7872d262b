"""The desk: one unit of work, and the first argument of every use case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Executable
from sqlmodel import Session

from ticket_app.core.platform import database
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.dates import default_time_zone
from ticket_app.core.platform.errors import Unauthenticated

Clock = Callable[[], datetime]
RowT = TypeVar("RowT")


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


class UnitOfWork:
    """A connection, an actor and a clock for the length of one request.

    `db` runs statements of columns (lists, reads); `session` holds rows that are being changed.
    Only the doors end the transaction; what is to be written last in it goes to `before`, what is
    to happen once it has been committed to `after`.
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
        self.before_commit: list[Callable[[], Any]] = []
        self.after_commit: list[Callable[[], Any]] = []
        self.is_local_request = True
        """Whether there is no request, or one sent on this machine (`locality.came_directly`)."""
        self.changed_entry_ids: dict[int, list[int]] = {}
        """The lines this desk has written on timelines, by ticket."""
        self._actor = actor
        self._session: Session | None = None
        self._now: datetime | None = None
        self._time_zone: tzinfo | None = None

    @property
    def time_zone(self) -> tzinfo:
        """The time zone whose days the actor means: their browser's, else the desk's own."""
        if self._time_zone is None:
            self._time_zone = default_time_zone()
        return self._time_zone

    @time_zone.setter
    def time_zone(self, zone: tzinfo | None) -> None:
        self._time_zone = zone

    @property
    def actor(self) -> Actor:
        """Who is asking. Raises `Unauthenticated` if nobody is."""
        if self._actor is None:
            raise Unauthenticated
        return self._actor

    @actor.setter
    def actor(self, actor: Actor | None) -> None:
        self._actor = actor

    @property
    def has_actor(self) -> bool:
        """Whether somebody known is asking."""
        return self._actor is not None

    @property
    def now(self) -> datetime:
        """The moment of this unit of work; the same for all it writes."""
        if self._now is None:
            self._now = self.clock()
        return self._now

    @property
    def session(self) -> Session:
        """The rows being changed, in this desk's transaction."""
        if self._session is None:
            self._session = Session(bind=self.connection, autoflush=False, expire_on_commit=False)
        return self._session

    def flush(self) -> None:
        """Write pending rows, so that later statements of this desk see them."""
        if self._session is not None:
            self._session.flush()

    def all_rows(
        self, statement: Executable, values: Mapping[str, object] | None = None, *, of: type[RowT]
    ) -> Sequence[RowT]:
        """Return every row of a statement; `of` is the class that describes its columns."""
        return cast("Sequence[RowT]", self.connection.execute(statement, values or {}).all())

    def first_row(
        self, statement: Executable, values: Mapping[str, object] | None = None, *, of: type[RowT]
    ) -> RowT | None:
        """Return the first row of a statement, or None."""
        return cast("RowT | None", self.connection.execute(statement, values or {}).first())

    def one_row(
        self, statement: Executable, values: Mapping[str, object] | None = None, *, of: type[RowT]
    ) -> RowT:
        """Return the only row of a statement. Raises SQLAlchemy's errors if there is not one."""
        return cast("RowT", self.connection.execute(statement, values or {}).one())

    @property
    def is_sqlite(self) -> bool:
        """The embedded database is in use."""
        return self.connection.dialect.name == "sqlite"


@contextmanager
def open_unit_of_work(
    *,
    writes: bool,
    actor: Actor | None = None,
    clock: Clock = utc_now,
    bind: Engine | None = None,
    request_id: str = "",
) -> Iterator[UnitOfWork]:
    """A desk for one request: all it wrote is committed together, or nothing is.

    For the doors only. `writes` opens a write transaction (and, on SQLite, waits for its turn).
    What use cases put into `uow.before_commit` runs at the end of the transaction, what they put
    into `uow.after_commit` once the commit has succeeded.
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

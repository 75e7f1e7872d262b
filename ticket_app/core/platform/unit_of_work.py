"""The desk: one unit of work, and the first argument of every use case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from ticket_app.core.platform import database
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.dates import desk_zone
from ticket_app.core.platform.errors import Unauthenticated

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


class Desk:
    """A connection, an actor and a clock for the length of one request.

    `db` runs statements of columns (lists, reads); `session` holds rows that are being changed.
    Only the doors end the transaction; what is to be written last in it goes to `before`, what is
    to happen once it has been committed to `after`.
    """

    def __init__(
        self,
        db: Connection,
        *,
        actor: Actor | None,
        clock: Clock = utc_now,
        request_id: str = "",
    ) -> None:
        self.db = db
        self.clock = clock
        self.request_id = request_id
        self.before: list[Callable[[], Any]] = []
        self.after: list[Callable[[], Any]] = []
        self.is_local = True
        """Whether there is no request, or one sent on this machine (`locality.came_directly`)."""
        self.changed: dict[int, list[int]] = {}
        """The lines this desk has written on timelines, by ticket."""
        self._actor = actor
        self._session: Session | None = None
        self._now: datetime | None = None
        self._zone: tzinfo | None = None

    @property
    def zone(self) -> tzinfo:
        """The time zone whose days the actor means: their browser's, else the desk's own."""
        if self._zone is None:
            self._zone = desk_zone()
        return self._zone

    @zone.setter
    def zone(self, zone: tzinfo | None) -> None:
        self._zone = zone

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
            self._session = Session(bind=self.db, autoflush=False, expire_on_commit=False)
        return self._session

    def settle(self) -> None:
        """Write pending rows, so that later statements of this desk see them."""
        if self._session is not None:
            self._session.flush()

    @property
    def is_sqlite(self) -> bool:
        """The embedded database is in use."""
        return self.db.dialect.name == "sqlite"


@contextmanager
def open_desk(
    *,
    writes: bool,
    actor: Actor | None = None,
    clock: Clock = utc_now,
    bind: Engine | None = None,
    request_id: str = "",
) -> Iterator[Desk]:
    """A desk for one request: all it wrote is committed together, or nothing is.

    For the doors only. `writes` opens a write transaction (and, on SQLite, waits for its turn).
    What use cases put into `desk.before` runs at the end of the transaction, what they put into
    `desk.after` once the commit has succeeded.
    """
    chosen = bind or database.engine()
    connect = database.writing if writes else database.reading
    with connect(chosen) as connection:
        desk = Desk(connection, actor=actor, clock=clock, request_id=request_id)
        yield desk
        if writes:
            desk.settle()
            for conclude in desk.before:
                conclude()
    for announce in desk.after:
        announce()

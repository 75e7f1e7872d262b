"""The database engine of the process, and connections for reading and for writing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import Conflict, DomainError, Unavailable
from ticket_app.settings import settings

ConstraintViolation = IntegrityError
"""A unique value exists already; or a row that others refer to was deleted."""

DEADLOCK_SQLSTATE = "40P01"
DEADLOCK_MESSAGE = (
    "Someone else changed the same data at the same time. Nothing was saved. Try again"
)
SQLITE_BUSY_SECONDS = 15
SQLITE_CACHE_KB = 16_384
"""What a connection keeps of the pages it has written; reads use the mapped file."""
SQLITE_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}",
    "PRAGMA synchronous = FULL",
    f"PRAGMA cache_size = -{SQLITE_CACHE_KB}",
    "PRAGMA mmap_size = 1073741824",
    "PRAGMA temp_store = MEMORY",
)


_sqlite_write_locks: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


def create_database_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Create the engine for a SQLite or PostgreSQL URL, with the pragmas this product needs.

    It keeps `pool_size` connections open and opens as many again under load.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            json_serializer=_dump_json,
            json_deserializer=orjson.loads,
            connect_args={"prepare_threshold": 3, "connect_timeout": 10},
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        json_serializer=_dump_json,
        json_deserializer=orjson.loads,
        connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _dump_json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    # SQLite's own `lower` changes ASCII letters only, so "ö" would not find "Österreich".
    connection.create_function("lower", 1, _lower, deterministic=True)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """Return the engine of this process."""
    current_settings = settings()
    return create_database_engine(
        current_settings.database_url, pool_size=current_settings.database_pool
    )


def close_engine() -> None:
    """Close every connection, for example before a fork or at the end of a test."""
    if get_engine.cache_info().currsize:
        get_engine().dispose()
        get_engine.cache_clear()


@contextmanager
def translate_errors() -> Generator[None]:
    """Raise `Conflict` for a deadlock in the block, and `Unavailable` for a failed connection."""
    try:
        yield
    except SQLAlchemyError as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == DEADLOCK_SQLSTATE:
            raise Conflict(DEADLOCK_MESSAGE) from error
        unavailable = to_unavailable_error(error)
        if unavailable is not None:
            raise unavailable from error
        raise


@contextmanager
def conflict_on_violation(message: str) -> Generator[None]:
    """Raise `Conflict` if the block breaks a unique or foreign key constraint.

    That happens when another transaction took a name or deleted a row after the checks.
    """
    try:
        yield
    except ConstraintViolation:
        raise Conflict(message) from None


@contextmanager
def read_connection(bind: Engine) -> Generator[Connection]:
    """Open a connection for reads; on PostgreSQL in autocommit mode, to save round trips.

    Raises `Unavailable` if the database cannot be reached.
    """
    with translate_errors(), bind.connect() as connection:
        if bind.dialect.name != "sqlite":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


@contextmanager
def write_connection(bind: Engine) -> Generator[Connection]:
    """Open a connection with a transaction: committed if the block succeeds, else rolled back.

    On SQLite the writers of one process wait for a lock, because SQLite itself would only sleep
    and try again. Raises `Unavailable` if the lock is not free in time or the database cannot be
    reached or is full, `Conflict` if a deadlock ended this transaction.
    """
    with (
        translate_errors(),
        _sqlite_write_lock(bind),
        bind.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def _sqlite_write_lock(bind: Engine) -> Generator[None]:
    if bind.dialect.name != "sqlite":
        yield
        return
    lock = _sqlite_write_locks.setdefault(bind, threading.Lock())
    if not lock.acquire(timeout=SQLITE_BUSY_SECONDS):
        raise Unavailable("The server is busy. Nothing was saved. Try again in a moment")
    try:
        yield
    finally:
        lock.release()


def is_reachable(bind: Engine) -> bool:
    """Return whether the database can be reached."""
    try:
        with read_connection(bind) as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, DomainError):
        return False
    return True

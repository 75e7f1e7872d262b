"""Recognise failures that are temporary, so that the same request may succeed later."""

from __future__ import annotations

import errno
import sqlite3

from obstore.exceptions import BaseError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ticket_app.core.platform.errors import Unavailable

DATABASE_UNAVAILABLE = "The database is not available right now. Try again in a moment"
STORAGE_FULL = "There is no room to store this right now. Try again later"
SERVER_BUSY = "The server is busy. Try again in a moment"

_TRANSIENT_SQLITE_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_TRANSIENT_SQLSTATE_CLASSES = ("08", "53", "57P", "58")
"""Connection lost; out of disk, memory or connections; shutting down or starting; I/O errors."""
_TRANSIENT_SQLSTATES = frozenset({"25006", "55P03"})
"""A read-only standby; a lock that was not available in time."""
_STORAGE_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
_SERVER_BUSY_ERRNOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})


def to_unavailable_error(error: BaseException) -> Unavailable | None:
    """Return an `Unavailable` error if a service is unreachable or full, else None.

    The API responds to it with 503 and `Retry-After`.
    """
    if isinstance(error, PoolTimeout):
        return Unavailable(SERVER_BUSY)
    if isinstance(error, DBAPIError):
        return _database_error_to_unavailable(error)
    if isinstance(error, OSError) and error.errno in _STORAGE_FULL_ERRNOS:
        return Unavailable(STORAGE_FULL)
    if isinstance(error, OSError) and error.errno in _SERVER_BUSY_ERRNOS:
        return Unavailable(SERVER_BUSY)
    if isinstance(error, BaseError) and not isinstance(error, FileNotFoundError):
        return Unavailable("The file store is not available right now. Try again in a moment")
    return None


def _database_error_to_unavailable(error: DBAPIError) -> Unavailable | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)
        if code is None or code & 0xFF not in _TRANSIENT_SQLITE_CODES:
            return None
        return Unavailable(
            STORAGE_FULL if code & 0xFF == sqlite3.SQLITE_FULL else DATABASE_UNAVAILABLE
        )
    sqlstate = getattr(original, "sqlstate", None)
    if sqlstate is None:
        is_transient = error.connection_invalidated or isinstance(error, OperationalError)
    else:
        is_transient = (
            sqlstate.startswith(_TRANSIENT_SQLSTATE_CLASSES) or sqlstate in _TRANSIENT_SQLSTATES
        )
    if not is_transient:
        return None
    return Unavailable(STORAGE_FULL if sqlstate == "53100" else DATABASE_UNAVAILABLE)

"""Structured logs: one JSON line an event, a general log and one for authentication.

No secret, token, cookie or password is ever written: `SECRET_KEYS` are struck out, whatever
hands them in.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import structlog

from ticket_app.settings import settings

GENERAL = "desk"
AUTHENTICATION = "auth"
STRUCK_OUT = "[struck out]"
_SECRET_KEY = re.compile(r"pass(word)?|secret|token|authorization|cookie|api_?key", re.IGNORECASE)
_SECRET_VALUE = re.compile(
    r"\b(?:tk_|rt_|whsec_)[A-Za-z0-9_-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bBearer\s+\S+"
)
SHOWN_ANYWAY = frozenset({"token"})
"""Keys that carry the first letters of a token, cut by who logs them."""
LONGEST_HINT = 8


def strike_out(_logger: Any, _method: str, event: Any) -> Any:
    """Replace what may not be written, however deep it lies."""
    return {key: _struck(value, key) for key, value in event.items()}


def _struck(value: Any, key: str = "") -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if _SECRET_KEY.search(key):
        is_hint = key in SHOWN_ANYWAY and isinstance(value, str) and len(value) <= LONGEST_HINT
        return value if is_hint else STRUCK_OUT
    if isinstance(value, Mapping):
        return {str(name): _struck(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_struck(inner) for inner in value]
    written = str(value).encode("utf-8", "replace").decode()
    return _SECRET_VALUE.sub(STRUCK_OUT, written)


class _OneLine(logging.Formatter):
    """The line as it is: a traceback is within it already, with its secrets struck out."""

    def format(self, record: logging.LogRecord) -> str:
        """The message alone."""
        return record.getMessage()


def _as_json(event: dict[str, Any], **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z).decode()


def start(*, to_files: bool = True) -> None:
    """Send this process's logs below `var/logs`, to two files that a log rotation may move.

    Standard output gets them too in production and when debugging, else only what is wrong.
    """
    chosen = settings()
    level = getattr(logging, chosen.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            strike_out,
            structlog.processors.JSONRenderer(serializer=_as_json),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for name in (GENERAL, AUTHENTICATION):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        console = logging.StreamHandler(sys.stdout)
        console.setLevel(level if chosen.env == "production" or chosen.debug else logging.WARNING)
        logger.addHandler(console)
        if to_files:
            folder = Path(chosen.log_dir) if chosen.log_dir else chosen.var / "logs"
            folder.mkdir(parents=True, exist_ok=True)
            logger.addHandler(logging.handlers.WatchedFileHandler(folder / f"{name}.log"))
        for handler in logger.handlers:
            handler.setFormatter(_OneLine())


def log() -> Any:
    """The general log."""
    return structlog.get_logger(GENERAL)


def auth_log() -> Any:
    """The log of who signed in, out, or was refused."""
    return structlog.get_logger(AUTHENTICATION)

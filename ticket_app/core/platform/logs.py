"""Structured logs: one JSON line for each event, in a general log and one for authentication.

Secrets, tokens, cookies and passwords are redacted, no matter which code logs them.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict

from ticket_app.settings import settings

GENERAL_LOGGER = "desk"
AUTHENTICATION_LOGGER = "auth"
REDACTED = "[redacted]"
_SECRET_KEY_PATTERN = re.compile(
    r"pass(word)?|secret|token|authorization|cookie|api_?key", re.IGNORECASE
)
_SECRET_VALUE_PATTERN = re.compile(
    r"\b(?:tk_|rt_|whsec_)[A-Za-z0-9_-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bBearer\s+\S+"
)
TOKEN_HINT_KEYS = frozenset({"token"})
"""Keys whose value is the first letters of a token."""
MAX_TOKEN_HINT_LENGTH = 8


def redact(_logger: object, _method: str, event: EventDict) -> dict[str, object]:
    """Replace secrets, at any depth (a structlog processor)."""
    return {key: _redact_value(value, key) for key, value in event.items()}


def _redact_value(value: object, key: str = "") -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if _SECRET_KEY_PATTERN.search(key):
        is_hint = (
            key in TOKEN_HINT_KEYS
            and isinstance(value, str)
            and len(value) <= MAX_TOKEN_HINT_LENGTH
        )
        return value if is_hint else REDACTED
    if isinstance(value, Mapping):
        return {
            str(name): _redact_value(inner, str(name))
            for name, inner in cast("Mapping[object, object]", value).items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_redact_value(inner) for inner in cast("Iterable[object]", value)]
    value_text = str(value).encode("utf-8", "replace").decode()
    return _SECRET_VALUE_PATTERN.sub(REDACTED, value_text)


class _MessageFormatter(logging.Formatter):
    """Formats only the message, which includes the traceback with its secrets redacted."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message."""
        return record.getMessage()


def _dump_json(event: dict[str, object], **_: object) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z).decode()


def configure(*, to_files: bool = True, console: TextIO | None = None) -> None:
    """Write the logs of this process to two files in `TICKET_LOG_DIR`, which a rotation may move.

    In production and when debugging they go to the console too, otherwise only warnings. `console`
    replaces standard output, for a process that needs it; `to_files` is whether there are files.
    """
    current_settings = settings()
    level = getattr(logging, current_settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.JSONRenderer(serializer=_dump_json),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for name in (GENERAL_LOGGER, AUTHENTICATION_LOGGER):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.propagate = False
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        console_handler = logging.StreamHandler(console or sys.stdout)
        console_handler.setLevel(
            level
            if current_settings.env == "production" or current_settings.debug
            else logging.WARNING
        )
        logger.addHandler(console_handler)
        if to_files:
            folder = (
                Path(current_settings.log_dir)
                if current_settings.log_dir
                else current_settings.var / "logs"
            )
            folder.mkdir(parents=True, exist_ok=True)
            logger.addHandler(logging.handlers.WatchedFileHandler(folder / f"{name}.log"))
        for handler in logger.handlers:
            handler.setFormatter(_MessageFormatter())


def log() -> structlog.stdlib.BoundLogger:
    """Return the logger of the general log."""
    return structlog.get_logger(GENERAL_LOGGER)


def auth_log() -> structlog.stdlib.BoundLogger:
    """Return the logger for sign-ins, sign-outs and failed attempts."""
    return structlog.get_logger(AUTHENTICATION_LOGGER)

"""Days that API clients send without a time: they are days of the desk's time zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any, Final

from pydantic import BeforeValidator

from ticket_app.core.days import desk_zone, end_of, start_of

_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{8}", re.ASCII)
FIRST_YEAR: Final = 1900
"""Days of earlier years are left to the field's own check."""


def _reader(moment_of: Callable[[date, tzinfo], datetime]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        """Return the moment that a day without a time stands for, any other value unchanged."""
        if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
            return value
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            return value
        return moment_of(day, desk_zone()) if day.year >= FIRST_YEAR else value

    return read


START_OF_DAY: Final = BeforeValidator(_reader(start_of))
"""For a filter: a day without a time begins with that day in the desk's time zone."""
END_OF_DAY: Final = BeforeValidator(_reader(end_of))
"""For a due date: a day without a time ends with that day in the desk's time zone."""


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day in the desk's time zone."""
    return start_of(day, desk_zone())

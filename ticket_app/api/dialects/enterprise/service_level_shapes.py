"""Service levels: what goes in and what comes out of policies, calendars and their figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.shapes import KindWord, PriorityWord
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY
from ticket_app.api.kit.dates import WrongValue
from ticket_app.api.kit.fields import Day, Id
from ticket_app.core.platform.errors import Reason
from ticket_app.core.platform.named_rows import LONGEST_NAME
from ticket_app.core.reports.periods import Span
from ticket_app.core.sla import business_time
from ticket_app.core.sla.calendars import MOST_DAYS
from ticket_app.core.sla.compliance import Compliance, Share
from ticket_app.core.sla.policies import (
    LARGEST_RANK,
    LONGEST_TARGET,
    USUAL_RANK,
    USUAL_WARNING,
)

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
CLOCK_SCHEMA = {"type": "string", "pattern": f"^({CLOCK.pattern})$", "examples": ["09:00"]}
TIME_FORMAT = Reason("must be a time of day such as 09:00, or 24:00 for the end of the day")
MOST_WINDOWS = 8


def _minutes(value: Any) -> int:
    """The minutes after midnight that HH:MM says."""
    told = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if told is None:
        raise WrongValue(TIME_FORMAT)
    return int(told[1]) * 60 + int(told[2]) if told[1] else business_time.DAY


class Strict(BaseModel):
    """A body whose every field is known: a promise must not say less than its writer thinks."""

    model_config = ConfigDict(extra="forbid")


Time = Annotated[Any, BeforeValidator(_minutes), WithJsonSchema(CLOCK_SCHEMA)]
Name = Annotated[StrictStr, Bounded(min_length=1, max_length=LONGEST_NAME)]
Code = Annotated[StrictStr, Bounded(min_length=1, max_length=40)]
Zone = Annotated[StrictStr, Bounded(min_length=1, max_length=64)]
Rank = Annotated[StrictInt, Bounded(ge=0, le=LARGEST_RANK)]
Target = Annotated[StrictInt, Bounded(ge=1, le=LONGEST_TARGET)]
Percent = Annotated[StrictInt, Bounded(ge=1, le=99)]


class OpenHours(Strict):
    """One window of a day; `end` 24:00 goes on at 00:00 if the next day begins so."""

    start: Time
    end: Time


Hours = Annotated[list[OpenHours], Bounded(max_length=MOST_WINDOWS)]


class OpenWeek(Strict):
    """The windows of each day, one after the other; a day left out is closed."""

    monday: Hours = []
    tuesday: Hours = []
    wednesday: Hours = []
    thursday: Hours = []
    friday: Hours = []
    saturday: Hours = []
    sunday: Hours = []

    def meant(self) -> business_time.Week:
        """The same for the core."""
        return tuple(
            tuple((hours.start, hours.end) for hours in getattr(self, day)) for day in WEEKDAYS
        )


WEEKDAYS = tuple(OpenWeek.model_fields)
Days = Annotated[list[Day], Bounded(max_length=MOST_DAYS)]


class NewCalendar(Strict):
    """Business hours in a time zone, less the public holidays of a country and days of its own."""

    name: Name
    time_zone: Zone
    windows: OpenWeek
    country: Code | None = None
    subdivision: Code | None = None
    closed_on: Days = []
    is_default: StrictBool = False

    def told(self) -> dict[str, Any]:
        """What was sent, in the core's names."""
        return _calendar_columns(self)


class CalendarChange(Strict):
    """What a calendar is to say instead: whatever of it is sent."""

    name: Name = ""
    time_zone: Zone = ""
    windows: OpenWeek = OpenWeek()
    country: Code | None = None
    subdivision: Code | None = None
    closed_on: Days = []
    is_default: StrictBool = False

    def told(self) -> dict[str, Any]:
        """What was sent, in the core's names."""
        return _calendar_columns(self)


def _calendar_columns(body: NewCalendar | CalendarChange) -> dict[str, Any]:
    columns: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "windows" in columns:
        columns["week"] = columns.pop("windows").meant()
    if "time_zone" in columns:
        columns["zone"] = columns.pop("time_zone")
    return columns


class NewServiceLevel(Strict):
    """What is promised to tickets of a sort; empty conditions mean any, the lowest rank counts.

    Without `calendar_id` the default calendar counts; null counts around the clock.
    """

    name: Name
    rank: Rank = USUAL_RANK
    priorities: Annotated[list[PriorityWord], Bounded(max_length=20)] = []
    ticket_types: Annotated[list[KindWord], Bounded(max_length=20)] = []
    company_id: Id | None = None
    first_response_minutes: Target | None = None
    resolution_minutes: Target | None = None
    calendar_id: Id | None = None
    warn_percent: Percent | None = USUAL_WARNING
    is_active: StrictBool = True

    def told(self) -> dict[str, Any]:
        """What was sent, in the core's names. Raises `Invalid`."""
        return _policy_columns(self)


class ServiceLevelChange(Strict):
    """What a policy is to say instead, for promises from now on: whatever of it is sent."""

    name: Name = ""
    rank: Rank = USUAL_RANK
    priorities: Annotated[list[PriorityWord], Bounded(max_length=20)] = []
    ticket_types: Annotated[list[KindWord], Bounded(max_length=20)] = []
    company_id: Id | None = None
    first_response_minutes: Target | None = None
    resolution_minutes: Target | None = None
    calendar_id: Id | None = None
    warn_percent: Percent | None = None
    is_active: StrictBool = True

    def told(self) -> dict[str, Any]:
        """What was sent, in the core's names. Raises `Invalid`."""
        return _policy_columns(self)


NAMES = {
    "ticket_types": "kinds",
    "first_response_minutes": "respond_minutes",
    "resolution_minutes": "resolve_minutes",
}
"""What the core calls the fields of a policy."""


def _policy_columns(body: NewServiceLevel | ServiceLevelChange) -> dict[str, Any]:
    columns: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    for name, words in (("ticket_types", KIND), ("priorities", PRIORITY)):
        if name in columns:
            covered = [words.covers(word, name) for word in columns[name]]
            columns[name] = {one for few in covered for one in few}
    return {NAMES.get(name, name): value for name, value in columns.items()}


class OpenHoursTold(TypedDict):
    """One window of a day."""

    start: Annotated[str, Bounded(json_schema_extra=CLOCK_SCHEMA)]
    end: Annotated[str, Bounded(json_schema_extra=CLOCK_SCHEMA)]


class Calendar(TypedDict):
    """Business hours; `windows` has all seven days."""

    id: int
    name: str
    time_zone: str
    windows: dict[str, list[OpenHoursTold]]
    country: str | None
    subdivision: str | None
    closed_on: list[date]
    is_default: bool
    created_at: datetime
    updated_at: datetime


def calendar(row: Any) -> dict[str, Any]:
    """A calendar."""
    return {
        "id": row.id,
        "name": row.name,
        "time_zone": row.zone,
        "windows": {
            day: [{"start": _clock(opens), "end": _clock(closes)} for opens, closes in windows]
            for day, windows in zip(WEEKDAYS, row.week, strict=True)
        },
        "country": row.country,
        "subdivision": row.subdivision,
        "closed_on": row.closed_on,
        "is_default": row.is_default,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


class Named(TypedDict):
    """Something with a name, by its id."""

    id: int
    name: str


class ServiceLevel(TypedDict):
    """What is promised to tickets of a sort."""

    id: int
    name: str
    rank: int
    priorities: list[PriorityWord]
    ticket_types: list[KindWord]
    company: Named | None
    first_response_minutes: int | None
    resolution_minutes: int | None
    calendar: Named | None
    warn_percent: int | None
    is_active: bool
    created_at: datetime
    updated_at: datetime


def policy(row: Any) -> dict[str, Any]:
    """A policy; its words cover what the document has no word of its own for."""
    return {
        "id": row.id,
        "name": row.name,
        "rank": row.rank,
        "priorities": list(dict.fromkeys(map(PRIORITY.say, row.priorities))),
        "ticket_types": list(dict.fromkeys(map(KIND.say, row.kinds))),
        "company": _named(row.company_id, row.company_name),
        "first_response_minutes": row.respond_minutes,
        "resolution_minutes": row.resolve_minutes,
        "calendar": _named(row.calendar_id, row.calendar_name),
        "warn_percent": row.warn_percent,
        "is_active": row.is_active,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _named(row_id: int | None, name: str | None) -> dict[str, Any] | None:
    return None if row_id is None else {"id": row_id, "name": name}


class Kept(TypedDict):
    """How many promises were kept and how many not, and the share of the former in percent."""

    met: int
    missed: int
    percent: float | None


class KeptByPolicy(Kept):
    """The same of one policy."""

    id: int
    name: str


class KeptByPriority(Kept):
    """The same of tickets of one priority."""

    priority: PriorityWord


class KeptPromises(TypedDict):
    """How promises were kept in a span of whole days (UTC)."""

    start_date: date
    end_date: date
    resolution: Kept
    first_response: Kept
    by_policy: list[KeptByPolicy]
    by_priority: list[KeptByPriority]


def compliance(kept: Compliance, span: Span) -> dict[str, Any]:
    """How promises were kept; the parts by policy and priority are of solutions."""
    met = PRIORITY.tally({word: share.met for word, share in kept.by_priority.items()})
    missed = PRIORITY.tally({word: share.missed for word, share in kept.by_priority.items()})
    return {
        "start_date": span.first,
        "end_date": span.last,
        "resolution": _kept(Share(kept.met, kept.missed)),
        "first_response": _kept(kept.first_response),
        "by_policy": [
            {"id": policy_id, "name": name, **_kept(share)}
            for (policy_id, name), share in _in_order(kept.by_policy)
        ],
        "by_priority": [
            {"priority": word, **_kept(Share(met[word], missed[word]))} for word in PRIORITY.hears
        ],
    }


def _in_order(shares: Mapping[tuple[int, str], Share]) -> list[tuple[tuple[int, str], Share]]:
    return sorted(shares.items(), key=lambda one: (one[0][1].casefold(), one[0][0]))


def _kept(share: Share) -> dict[str, Any]:
    return {"met": share.met, "missed": share.missed, "percent": share.percent}

"""Request and response bodies of SLA policies, business calendars and compliance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    BeforeValidator,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic import Field as Bounded
from pydantic.config import JsonDict
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.data_models import PriorityValue, TicketTypeValue
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY
from ticket_app.api.kit.dates import InvalidValue
from ticket_app.api.kit.fields import Date, Id, StrictBody
from ticket_app.api.kit.vocabulary import Value, Vocabulary
from ticket_app.core.platform.errors import Reason
from ticket_app.core.platform.named_rows import MAX_NAME_LENGTH
from ticket_app.core.platform.vocabulary import SlaAlertGroup
from ticket_app.core.reports.periods import Period
from ticket_app.core.sla import business_time
from ticket_app.core.sla.calendars import MAX_CLOSED_DAYS
from ticket_app.core.sla.compliance import ComplianceRate, ComplianceReport
from ticket_app.core.sla.policies import (
    DEFAULT_RANK,
    DEFAULT_WARN_PERCENT,
    MAX_RANK,
    MAX_TARGET_MINUTES,
)
from ticket_app.core.sla.rows import CalendarRow, SlaPolicyRow

TIME_OF_DAY_PATTERN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
TIME_OF_DAY_SCHEMA: JsonDict = {
    "type": "string",
    "pattern": f"^({TIME_OF_DAY_PATTERN.pattern})$",
    "examples": ["09:00"],
}
TIME_FORMAT = Reason("must be a time of day such as 09:00, or 24:00 for the end of the day")
MAX_OPENING_HOURS_PER_DAY = 8


def _parse_time_of_day(value: object) -> int:
    """Return the minutes after midnight of a HH:MM time."""
    match = TIME_OF_DAY_PATTERN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidValue(TIME_FORMAT)
    return int(match[1]) * 60 + int(match[2]) if match[1] else business_time.MINUTES_PER_DAY


TimeOfDay = Annotated[int, BeforeValidator(_parse_time_of_day), WithJsonSchema(TIME_OF_DAY_SCHEMA)]
Name = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_NAME_LENGTH)]
RegionCode = Annotated[StrictStr, Bounded(min_length=1, max_length=40)]
TimeZoneName = Annotated[StrictStr, Bounded(min_length=1, max_length=64)]
Rank = Annotated[StrictInt, Bounded(ge=0, le=MAX_RANK)]
TargetMinutes = Annotated[StrictInt, Bounded(ge=1, le=MAX_TARGET_MINUTES)]
Percent = Annotated[StrictInt, Bounded(ge=1, le=99)]
AlertGroups = Annotated[list[SlaAlertGroup], Bounded(max_length=len(SlaAlertGroup))]


class OpeningHoursBody(StrictBody):
    """One period of opening hours; `end` 24:00 continues on the next day from 00:00."""

    start: TimeOfDay
    end: TimeOfDay


OpeningHoursList = Annotated[list[OpeningHoursBody], Bounded(max_length=MAX_OPENING_HOURS_PER_DAY)]


class OpeningWeekBody(StrictBody):
    """The opening hours of each day in order; a missing day is closed."""

    monday: OpeningHoursList = []
    tuesday: OpeningHoursList = []
    wednesday: OpeningHoursList = []
    thursday: OpeningHoursList = []
    friday: OpeningHoursList = []
    saturday: OpeningHoursList = []
    sunday: OpeningHoursList = []

    def to_week(self) -> business_time.Week:
        """Return the opening hours for the core."""
        return tuple(
            tuple((opening.start, opening.end) for opening in getattr(self, day))
            for day in WEEKDAYS
        )


WEEKDAYS = tuple(OpeningWeekBody.model_fields)
Days = Annotated[list[Date], Bounded(max_length=MAX_CLOSED_DAYS)]


class NewCalendar(StrictBody):
    """Business hours in a time zone, without a country's public holidays and other days off."""

    name: Name
    time_zone: TimeZoneName
    windows: OpeningWeekBody
    country: RegionCode | None = None
    subdivision: RegionCode | None = None
    closed_on: Days = []
    is_default: StrictBool = False

    def optional_core_fields(self) -> dict[str, object]:
        """Return the sent fields by core name, without those that every calendar has."""
        fields = _calendar_fields(self)
        return {name: fields[name] for name in fields if name not in ("name", "zone", "week")}


class CalendarUpdate(StrictBody):
    """Update a calendar: any of these fields."""

    name: Name = ""
    time_zone: TimeZoneName = ""
    windows: OpeningWeekBody = OpeningWeekBody()
    country: RegionCode | None = None
    subdivision: RegionCode | None = None
    closed_on: Days = []
    is_default: StrictBool = False

    def to_core_fields(self) -> dict[str, object]:
        """Return the sent fields by core name."""
        return _calendar_fields(self)


def _calendar_fields(body: NewCalendar | CalendarUpdate) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(body, name) for name in body.model_fields_set}
    if "windows" in fields:
        del fields["windows"]
        fields["week"] = body.windows.to_week()
    if "time_zone" in fields:
        fields["zone"] = fields.pop("time_zone")
    return fields


class NewServiceLevel(StrictBody):
    """An SLA policy. Empty conditions match any ticket; the matching policy with the lowest rank
    applies.

    Without `calendar_id` the default calendar applies; null means around the clock. Warnings and
    breaches go to the assignee, otherwise the team, otherwise the managers, and to `alert_groups`.
    """

    name: Name
    rank: Rank = DEFAULT_RANK
    priorities: Annotated[list[PriorityValue], Bounded(max_length=20)] = []
    ticket_types: Annotated[list[TicketTypeValue], Bounded(max_length=20)] = []
    company_id: Id | None = None
    first_response_minutes: TargetMinutes | None = None
    resolution_minutes: TargetMinutes | None = None
    calendar_id: Id | None = None
    warn_percent: Percent | None = DEFAULT_WARN_PERCENT
    alert_groups: AlertGroups = []
    is_active: StrictBool = True

    def optional_core_fields(self) -> dict[str, object]:
        """Return the sent fields by core name, without the name. Raises `Invalid`."""
        fields = _policy_fields(self)
        return {name: fields[name] for name in fields if name != "name"}


class ServiceLevelUpdate(StrictBody):
    """Update an SLA policy for targets set from now on: any of these fields."""

    name: Name = ""
    rank: Rank = DEFAULT_RANK
    priorities: Annotated[list[PriorityValue], Bounded(max_length=20)] = []
    ticket_types: Annotated[list[TicketTypeValue], Bounded(max_length=20)] = []
    company_id: Id | None = None
    first_response_minutes: TargetMinutes | None = None
    resolution_minutes: TargetMinutes | None = None
    calendar_id: Id | None = None
    warn_percent: Percent | None = None
    alert_groups: AlertGroups = []
    is_active: StrictBool = True

    def to_core_fields(self) -> dict[str, object]:
        """Return the sent fields by core name. Raises `Invalid`."""
        return _policy_fields(self)


CORE_FIELD_NAMES = {
    "ticket_types": "kinds",
    "first_response_minutes": "respond_minutes",
    "resolution_minutes": "resolve_minutes",
}
"""The core's names for the fields of a policy."""


def _policy_fields(body: NewServiceLevel | ServiceLevelUpdate) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(body, name) for name in body.model_fields_set}
    if "ticket_types" in fields:
        fields["ticket_types"] = _expand_all(KIND, body.ticket_types, "ticket_types")
    if "priorities" in fields:
        fields["priorities"] = _expand_all(PRIORITY, body.priorities, "priorities")
    return {CORE_FIELD_NAMES.get(name, name): value for name, value in fields.items()}


def _expand_all(vocabulary: Vocabulary[Value], words: Iterable[str], field: str) -> set[Value]:
    return {value for word in words for value in vocabulary.expand(word, field)}


class OpeningHours(TypedDict):
    """One period of opening hours."""

    start: Annotated[str, Bounded(json_schema_extra=TIME_OF_DAY_SCHEMA)]
    end: Annotated[str, Bounded(json_schema_extra=TIME_OF_DAY_SCHEMA)]


class Calendar(TypedDict):
    """A business calendar; `windows` has all seven days."""

    id: int
    name: str
    time_zone: str
    windows: dict[str, list[OpeningHours]]
    country: str | None
    subdivision: str | None
    closed_on: list[date]
    is_default: bool
    created_at: datetime
    updated_at: datetime


def format_calendar(row: CalendarRow) -> dict[str, object]:
    """Format a calendar."""
    return {
        "id": row.id,
        "name": row.name,
        "time_zone": row.zone,
        "windows": {
            day: [
                {"start": _format_time_of_day(opens), "end": _format_time_of_day(closes)}
                for opens, closes in windows
            ]
            for day, windows in zip(WEEKDAYS, row.week, strict=True)
        },
        "country": row.country,
        "subdivision": row.subdivision,
        "closed_on": row.closed_on,
        "is_default": row.is_default,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _format_time_of_day(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


class NamedReference(TypedDict):
    """The id and name of something."""

    id: int
    name: str


class ServiceLevel(TypedDict):
    """An SLA policy."""

    id: int
    name: str
    rank: int
    priorities: list[PriorityValue]
    ticket_types: list[TicketTypeValue]
    company: NamedReference | None
    first_response_minutes: int | None
    resolution_minutes: int | None
    calendar: NamedReference | None
    warn_percent: int | None
    alert_groups: list[SlaAlertGroup]
    is_active: bool
    created_at: datetime
    updated_at: datetime


def format_policy(row: SlaPolicyRow) -> ServiceLevel:
    """Format a policy; core values without a word of their own use the closest word."""
    return {
        "id": row.id,
        "name": row.name,
        "rank": row.rank,
        "priorities": list(dict.fromkeys(map(PRIORITY.format, row.priorities))),
        "ticket_types": list(dict.fromkeys(map(KIND.format, row.kinds))),
        "company": _format_reference(row.company_id, row.company_name),
        "first_response_minutes": row.respond_minutes,
        "resolution_minutes": row.resolve_minutes,
        "calendar": _format_reference(row.calendar_id, row.calendar_name),
        "warn_percent": row.warn_percent,
        "alert_groups": list(map(SlaAlertGroup, row.alert_groups)),
        "is_active": row.is_active,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _format_reference(row_id: int | None, name: str | None) -> NamedReference | None:
    return None if row_id is None or name is None else {"id": row_id, "name": name}


class ComplianceFigures(TypedDict):
    """How many SLA targets were met and breached, and the percentage that was met."""

    met: int
    missed: int
    percent: float | None


class PolicyCompliance(ComplianceFigures):
    """SLA compliance of one policy."""

    id: int
    name: str


class PriorityCompliance(ComplianceFigures):
    """SLA compliance of tickets with one priority."""

    priority: PriorityValue


class ComplianceSchema(TypedDict):
    """SLA compliance in a period of whole days (UTC)."""

    start_date: date
    end_date: date
    resolution: ComplianceFigures
    first_response: ComplianceFigures
    by_policy: list[PolicyCompliance]
    by_priority: list[PriorityCompliance]


def format_compliance(figures: ComplianceReport, reporting_period: Period) -> ComplianceSchema:
    """Format SLA compliance; the figures by policy and priority cover resolution targets."""
    met = PRIORITY.format_counts({word: share.met for word, share in figures.by_priority.items()})
    missed = PRIORITY.format_counts(
        {word: share.breached for word, share in figures.by_priority.items()}
    )
    return {
        "start_date": reporting_period.first,
        "end_date": reporting_period.last,
        "resolution": _format_share(ComplianceRate(figures.met, figures.breached)),
        "first_response": _format_share(figures.first_response),
        "by_policy": [
            {"id": policy_id, "name": name, **_format_share(share)}
            for (policy_id, name), share in _sorted_by_name(figures.by_policy)
        ],
        "by_priority": [
            {"priority": word, **_format_share(ComplianceRate(met[word], missed[word]))}
            for word in PRIORITY.value_by_word
        ],
    }


def _sorted_by_name(
    shares: Mapping[tuple[int, str], ComplianceRate],
) -> list[tuple[tuple[int, str], ComplianceRate]]:
    return sorted(shares.items(), key=lambda item: (item[0][1].casefold(), item[0][0]))


def _format_share(share: ComplianceRate) -> ComplianceFigures:
    return {"met": share.met, "missed": share.breached, "percent": share.percent}

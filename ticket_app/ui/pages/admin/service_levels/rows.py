"""Service levels and calendars for the settings page: list sentences and dialog values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.sla import business_time
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla import rows as sla_rows
from ticket_app.core.sla.business_time import Week, Window
from ticket_app.ui.durations import format_duration, pluralize
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.approvals.rows import KIND_PLURALS
from ticket_app.ui.pages.admin.fields import join_words
from ticket_app.ui.theme import PRIORITY_LOOKS

WEEKDAYS: Final = (
    texts.SLA_MONDAY,
    texts.SLA_TUESDAY,
    texts.SLA_WEDNESDAY,
    texts.SLA_THURSDAY,
    texts.SLA_FRIDAY,
    texts.SLA_SATURDAY,
    texts.SLA_SUNDAY,
)
ALWAYS_OPEN: Final = texts.SLA_AROUND_THE_CLOCK
_WINDOW_PATTERN: Final = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|—|to)\s*(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True)
class SlaPolicyRow:
    """An SLA policy described in sentences."""

    id: int
    name: str
    is_active: bool
    rank: int
    conditions: str
    targets: str
    warning: str


@dataclass(frozen=True)
class SlaPolicyForm:
    """An SLA policy in the dialog."""

    name: str = ""
    rank: str = str(sla_policies.DEFAULT_RANK)
    kinds: list[str] = field(default_factory=list)
    priorities: list[str] = field(default_factory=list)
    company_id: str = ""
    company: str = ""
    respond: str = ""
    respond_unit: str = "hours"
    resolve: str = ""
    resolve_unit: str = "hours"
    calendar_id: str = ""
    warn: str = str(sla_policies.DEFAULT_WARN_PERCENT)
    alert_groups: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CalendarRow:
    """A calendar described in sentences."""

    id: int
    name: str
    zone: str
    hours: list[str]
    holidays: str
    closed: str
    is_default: bool


@dataclass(frozen=True)
class CalendarForm:
    """A calendar in the dialog."""

    name: str = ""
    zone: str = "UTC"
    days: list[tuple[str, str, str]] = field(default_factory=list)
    country: str = ""
    subdivision: str = ""
    closed_on: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class ServiceLevelLists:
    """The data of the page."""

    policies: list[SlaPolicyRow]
    calendars: list[CalendarRow]


def load_service_levels(uow: UnitOfWork) -> ServiceLevelLists:
    """Return every policy in the order in which they are tried, and every calendar by name."""
    business_calendars.ensure_can_configure(uow)
    countries = dict(business_time.list_holiday_countries())
    return ServiceLevelLists(
        [_policy_row(row) for row in sla_policies.list_policies(uow)],
        [_calendar_row(row, countries) for row in business_calendars.list_calendars(uow)],
    )


def _policy_row(row: sla_rows.SlaPolicyRow) -> SlaPolicyRow:
    is_always_open = row.calendar_name is None
    parts = []
    if row.respond_minutes is not None:
        parts.append(
            texts.sla_first_reply_within(
                format_duration(row.respond_minutes, whole_days=is_always_open)
            )
        )
    if row.resolve_minutes is not None:
        parts.append(
            texts.sla_resolution_within(
                format_duration(row.resolve_minutes, whole_days=is_always_open)
            )
        )
    hours = ALWAYS_OPEN if is_always_open else texts.sla_calendar_hours(row.calendar_name)
    targets = f"{join_words(parts)}, {hours}"
    return SlaPolicyRow(
        id=row.id,
        name=row.name,
        is_active=row.is_active,
        rank=row.rank,
        conditions=_describe_conditions(row),
        targets=targets[:1].upper() + targets[1:],
        warning=_describe_alerts(row),
    )


def _describe_alerts(row: sla_rows.SlaPolicyRow) -> str:
    warning = texts.sla_warning(row.warn_percent) if row.warn_percent else texts.SLA_NO_WARNING
    groups = [texts.SLA_ALERT_GROUPS[group].lower() for group in row.alert_groups]
    return f"{warning}, {texts.sla_alerts(join_words(groups))}" if groups else warning


def _describe_conditions(row: sla_rows.SlaPolicyRow) -> str:
    kinds = [
        KIND_PLURALS[kind] if n == 0 else KIND_PLURALS[kind].lower()
        for n, kind in enumerate(row.kinds)
    ]
    parts = [join_words(kinds) or texts.ALL_TICKETS]
    if row.priorities:
        words = join_words([PRIORITY_LOOKS[word].word.lower() for word in row.priorities], "or")
        parts.append(texts.with_priority(words))
    if row.company_name:
        parts.append(texts.sla_of_company(row.company_name))
    return " ".join(parts)


def _calendar_row(row: sla_rows.CalendarRow, countries: dict[str, str]) -> CalendarRow:
    holidays = ""
    if row.country:
        region = f" ({row.subdivision})" if row.subdivision else ""
        holidays = texts.sla_holidays(countries.get(row.country, row.country), region)
    days = len(row.closed_on)
    return CalendarRow(
        id=row.id,
        name=row.name,
        zone=row.zone.replace("_", " "),
        hours=_describe_week(row.week),
        holidays=holidays,
        closed=texts.sla_closed_days(pluralize(days, "day")) if days else "",
        is_default=row.is_default,
    )


def _describe_week(week: list[list[list[int]]]) -> list[str]:
    """Return the opening hours as phrases, one for each run of equal days."""
    ranges: list[tuple[int, int, str]] = []
    for n, day in enumerate(week):
        words = format_windows(day) or texts.SLA_DAY_CLOSED
        if ranges and ranges[-1][2] == words:
            ranges[-1] = (ranges[-1][0], n, words)
        else:
            ranges.append((n, n, words))
    return [f"{_weekday_range(first, last)} {words}" for first, last, words in ranges]


def _weekday_range(first: int, last: int) -> str:
    return WEEKDAYS[first][:3] if first == last else f"{WEEKDAYS[first][:3]}–{WEEKDAYS[last][:3]}"


def format_windows(windows: list[list[int]]) -> str:
    """Format a day's opening hours: 09:00–12:00, 13:00–17:30."""
    return ", ".join(f"{_format_time(opens)}–{_format_time(closes)}" for opens, closes in windows)


def _format_time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_opening_hours(field_name: str, text: str) -> tuple[Window, ...]:
    """Parse a day's opening hours, such as 09:00–12:00, 13:00–17:30; empty means closed.

    Raises `Invalid` for what is not a time, and for hours that end before they begin, overlap or
    pass midnight.
    """
    windows: list[Window] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        found = _WINDOW_PATTERN.fullmatch(part)
        opens_hour, opens_minute, closes_hour, closes_minute = map(
            int, found.groups() if found else (0, 60, 0, 60)
        )
        if opens_minute > 59 or closes_minute > 59:
            raise Invalid(field_name, texts.CALENDAR_HOURS_INVALID, part)
        windows.append((opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute))
    if not business_time.are_windows_valid(tuple(windows)):
        raise Invalid(field_name, texts.CALENDAR_HOURS_NOT_ORDERED, text)
    return tuple(windows)


def parse_dates(field_name: str, text: str) -> list[date]:
    """Parse dates such as 2026-12-24, separated by spaces, lines or commas. Raises `Invalid`."""
    days = []
    for word in filter(None, re.split(r"[\s,;]+", text)):
        try:
            days.append(date.fromisoformat(word))
        except ValueError:
            raise Invalid(field_name, texts.sla_date_invalid(word[:20])) from None
    return days


def sla_policy_form(uow: UnitOfWork, policy_id: int) -> SlaPolicyForm:
    """Return an SLA policy's current values for the dialog."""
    business_calendars.ensure_can_configure(uow)
    row = sla_policies.get_policy(uow, policy_id)
    respond, respond_unit = _split_minutes(row.respond_minutes)
    resolve, resolve_unit = _split_minutes(row.resolve_minutes)
    return SlaPolicyForm(
        name=row.name,
        rank=str(row.rank),
        kinds=list(row.kinds),
        priorities=list(row.priorities),
        company_id=str(row.company_id or ""),
        company=row.company_name or "",
        respond=respond,
        respond_unit=respond_unit,
        resolve=resolve,
        resolve_unit=resolve_unit,
        calendar_id=str(row.calendar_id or ""),
        warn=str(row.warn_percent or ""),
        alert_groups=list(row.alert_groups),
    )


def _split_minutes(minutes: int | None) -> tuple[str, str]:
    if minutes is None:
        return "", "hours"
    return (str(minutes // 60), "hours") if minutes % 60 == 0 else (str(minutes), "minutes")


def day_fields(week: Week | list[list[list[int]]]) -> list[tuple[str, str, str]]:
    """Return the weekdays for the dialog as (field name, label, opening hours)."""
    return [
        (f"day.{n}", WEEKDAYS[n], format_windows([list(window) for window in day]))
        for n, day in enumerate(week)
    ]


def calendar_form(uow: UnitOfWork, calendar_id: int) -> CalendarForm:
    """Return a calendar's current values for the dialog."""
    business_calendars.ensure_can_configure(uow)
    row = business_calendars.get_calendar(uow, calendar_id)
    return CalendarForm(
        name=row.name,
        zone=row.zone,
        days=day_fields(row.week),
        country=row.country or "",
        subdivision=row.subdivision or "",
        closed_on="\n".join(row.closed_on),
        is_default=row.is_default,
    )

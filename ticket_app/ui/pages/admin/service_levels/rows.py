"""Service levels and calendars as the page shows them: in words, and as what a dialog asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.sla import business_time
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla.business_time import DAY, Week, Window
from ticket_app.ui.pages.admin.approvals.rows import KINDS
from ticket_app.ui.pages.admin.fields import in_words
from ticket_app.ui.theme import PRIORITY

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AROUND: Final = "around the clock"
_WINDOW: Final = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|—|to)\s*(\d{1,2})[:.](\d{2})")


@dataclass(frozen=True)
class LevelRow:
    """A policy in words."""

    id: int
    name: str
    is_active: bool
    rank: int
    when: str
    promise: str
    warning: str


@dataclass(frozen=True)
class LevelForm:
    """A policy, as a dialog asks for it."""

    name: str = ""
    rank: str = str(sla_policies.USUAL_RANK)
    kinds: list[str] = field(default_factory=list)
    priorities: list[str] = field(default_factory=list)
    company_id: str = ""
    company: str = ""
    respond: str = ""
    respond_unit: str = "hours"
    resolve: str = ""
    resolve_unit: str = "hours"
    calendar_id: str = ""
    warn: str = str(sla_policies.USUAL_WARNING)


@dataclass(frozen=True)
class CalendarRow:
    """A calendar in words."""

    id: int
    name: str
    zone: str
    hours: list[str]
    holidays: str
    closed: str
    is_default: bool


@dataclass(frozen=True)
class CalendarForm:
    """A calendar, as a dialog asks for it."""

    name: str = ""
    zone: str = "UTC"
    days: list[tuple[str, str, str]] = field(default_factory=list)
    country: str = ""
    subdivision: str = ""
    closed_on: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class Levels:
    """What the page opens with."""

    levels: list[LevelRow]
    calendars: list[CalendarRow]


def levels(desk: Desk) -> Levels:
    """Every policy in the order they are tried, and every calendar by name, in words."""
    business_calendars.may_set_up(desk)
    countries = dict(business_time.holiday_countries())
    return Levels(
        [_level(row) for row in sla_policies.policies(desk)],
        [_calendar(row, countries) for row in business_calendars.calendars(desk)],
    )


def _level(row: Any) -> LevelRow:
    around = row.calendar_name is None
    told = []
    if row.respond_minutes is not None:
        told.append(f"first reply within {lasting(row.respond_minutes, whole_days=around)}")
    if row.resolve_minutes is not None:
        told.append(f"solved within {lasting(row.resolve_minutes, whole_days=around)}")
    promise = f"{in_words(told)}, {AROUND if around else f'by the hours of {row.calendar_name}'}"
    return LevelRow(
        id=row.id,
        name=row.name,
        is_active=row.is_active,
        rank=row.rank,
        when=_when(row),
        promise=promise[:1].upper() + promise[1:],
        warning=f"warns at {row.warn_percent} %" if row.warn_percent else "without a warning",
    )


def _when(row: Any) -> str:
    kinds = [KINDS[kind] if n == 0 else KINDS[kind].lower() for n, kind in enumerate(row.kinds)]
    said = [in_words(kinds) or "All tickets"]
    if row.priorities:
        words = in_words([PRIORITY[word].word.lower() for word in row.priorities], "or")
        said.append(f"of {words} priority")
    if row.company_name:
        said.append(f"of {row.company_name}")
    return " ".join(said)


def lasting(minutes: int, *, whole_days: bool) -> str:
    """A time as people say it; in days only where a day has 24 hours."""
    if whole_days and minutes >= DAY and minutes % DAY == 0:
        return _counted(minutes // DAY, "day")
    hours, rest = divmod(minutes, 60)
    told = [_counted(hours, "hour")] if hours else []
    return " ".join([*told, *([_counted(rest, "minute")] if rest else [])])


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _calendar(row: Any, countries: dict[str, str]) -> CalendarRow:
    holidays = ""
    if row.country:
        part = f" ({row.subdivision})" if row.subdivision else ""
        holidays = f"Public holidays of {countries.get(row.country, row.country)}{part}"
    days = len(row.closed_on)
    return CalendarRow(
        id=row.id,
        name=row.name,
        zone=row.zone.replace("_", " "),
        hours=_hours(row.week),
        holidays=holidays,
        closed=f"{_counted(days, 'day')} closed besides" if days else "",
        is_default=row.is_default,
    )


def _hours(week: list[list[list[int]]]) -> list[str]:
    """The week in words, equal days that follow each other told as one."""
    told: list[tuple[int, int, str]] = []
    for n, day in enumerate(week):
        words = in_hours(day) or "closed"
        if told and told[-1][2] == words:
            told[-1] = (told[-1][0], n, words)
        else:
            told.append((n, n, words))
    return [f"{_span(first, last)} {words}" for first, last, words in told]


def _span(first: int, last: int) -> str:
    return DAYS[first][:3] if first == last else f"{DAYS[first][:3]}–{DAYS[last][:3]}"


def in_hours(windows: list[list[int]]) -> str:
    """The windows of a day as they are written: 09:00–12:00, 13:00–17:30."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in windows)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def windows_of(told: str) -> tuple[Window, ...]:
    """The windows somebody wrote; none for nothing. Raises `ValueError`."""
    windows = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", told))):
        found = _WINDOW.fullmatch(part)
        if found is None:
            raise ValueError(part)
        opens, opens_minute, closes, closes_minute = map(int, found.groups())
        if opens_minute > 59 or closes_minute > 59:
            raise ValueError(part)
        windows.append((opens * 60 + opens_minute, closes * 60 + closes_minute))
    return tuple(windows)


def days_of(told: str) -> list[date]:
    """The days somebody wrote, such as 2026-12-24, one a line. Raises `Invalid`."""
    days = []
    for line in filter(None, re.split(r"[\s,;]+", told)):
        try:
            days.append(date.fromisoformat(line))
        except ValueError:
            raise Invalid(
                "closed_on", f"must be days such as 2026-12-24; {line[:20]} is none"
            ) from None
    return days


def level_form(desk: Desk, policy_id: int) -> LevelForm:
    """What a policy says, as a dialog asks for it."""
    business_calendars.may_set_up(desk)
    row = sla_policies.policy(desk, policy_id)
    respond, respond_unit = _amount(row.respond_minutes)
    resolve, resolve_unit = _amount(row.resolve_minutes)
    return LevelForm(
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
    )


def _amount(minutes: int | None) -> tuple[str, str]:
    if minutes is None:
        return "", "hours"
    return (str(minutes // 60), "hours") if minutes % 60 == 0 else (str(minutes), "minutes")


def days_form(week: Week | list[list[list[int]]]) -> list[tuple[str, str, str]]:
    """The days of a week for a dialog: the field's name, the day, its windows as written."""
    return [
        (f"day.{n}", DAYS[n], in_hours([list(window) for window in day]))
        for n, day in enumerate(week)
    ]


def calendar_form(desk: Desk, calendar_id: int) -> CalendarForm:
    """What a calendar says, as a dialog asks for it."""
    business_calendars.may_set_up(desk)
    row = business_calendars.calendar(desk, calendar_id)
    return CalendarForm(
        name=row.name,
        zone=row.zone,
        days=days_form(row.week),
        country=row.country or "",
        subdivision=row.subdivision or "",
        closed_on="\n".join(row.closed_on),
        is_default=row.is_default,
    )

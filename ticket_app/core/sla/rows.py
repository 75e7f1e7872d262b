"""The rows that policies and business calendars are read as."""

from __future__ import annotations

from datetime import datetime


class SlaPolicyRow:
    """An SLA policy, with the names of its calendar and company."""

    id: int
    name: str
    name_folded: str
    rank: int
    priorities: list[str]
    kinds: list[str]
    company_id: int | None
    respond_minutes: int | None
    resolve_minutes: int | None
    calendar_id: int | None
    warn_percent: int | None
    alert_groups: list[str]
    is_active: bool
    created_at: datetime
    updated_at: datetime
    calendar_name: str | None
    company_name: str | None


class CalendarHoursRow:
    """The opening hours and holidays of a business calendar."""

    zone: str
    week: list[list[list[int]]]
    country: str | None
    subdivision: str | None
    closed_on: list[str]


class CalendarRow(CalendarHoursRow):
    """A business calendar."""

    id: int
    name: str
    name_folded: str
    is_default: bool
    created_at: datetime
    updated_at: datetime

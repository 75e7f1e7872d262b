"""Say in one line what a calendar invitation is about."""

from __future__ import annotations

import re
from datetime import date, datetime

from icalendar import Calendar, Component, vCalAddress

from ticket_app.core.email.incoming.headers import one_line

MAX_CALENDAR_LENGTH = 200_000
"""Characters of a calendar that is read."""
MAX_EVENTS = 5
MAX_VALUE_LENGTH = 200
MAX_ZONE_LENGTH = 60

_RULE = re.compile(r"(?:RRULE|EXRULE|RDATE|EXDATE)\b")

LABELS = {
    "REQUEST": "Invitation",
    "PUBLISH": "Event",
    "CANCEL": "Cancelled event",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Proposal of another time",
}
ANSWERS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Accepted tentatively"}


def describe_events(text: str) -> list[str]:
    """Return a line for each event of a calendar: what, when and where; [] if it is none."""
    if len(text) > MAX_CALENDAR_LENGTH:
        return []
    try:
        calendar = Calendar.from_ical(_without_recurrence(text))
        method = str(calendar.get("METHOD", "")).upper()
        events = calendar.events[:MAX_EVENTS]
        return [_line(_label(method, event), event) for event in events]
    except Exception:  # noqa: BLE001 - calendars are broken in many ways; the file is kept
        return []


def _without_recurrence(text: str) -> str:
    """Return a calendar without its own time zones and rules of recurrence.

    The library computes every change of a zone up to 2038, which a hostile one has each second, and
    keeps the zone for the calendars that follow. Zones are known by their names without that.
    """
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    kept: list[str] = []
    is_zone = False
    for line in lines:
        name = line.strip().upper()
        is_zone = is_zone or name == "BEGIN:VTIMEZONE"
        if not is_zone and not _RULE.match(name):
            kept.append(line)
        is_zone = is_zone and name != "END:VTIMEZONE"
    return "\r\n".join(kept)


def _label(method: str, event: Component) -> str:
    attendee = event.get("ATTENDEE")
    answer = str(attendee.params.get("PARTSTAT", "")) if isinstance(attendee, vCalAddress) else ""
    if method == "REPLY" and answer in ANSWERS:
        return ANSWERS[answer]
    return LABELS.get(method, "Event")


def _line(label: str, event: Component) -> str:
    values = [_text(event, "SUMMARY"), _time(event), _text(event, "LOCATION")]
    return f"{label}: " + ", ".join(value for value in values if value)


def _text(event: Component, name: str) -> str:
    return one_line(str(event.get(name, "")))[:MAX_VALUE_LENGTH]


def _time(event: Component) -> str:
    start, end = event.decoded("DTSTART", None), event.decoded("DTEND", None)
    if not isinstance(start, datetime):
        return start.isoformat() if isinstance(start, date) else ""
    text = f"{start:%Y-%m-%d %H:%M}"
    if isinstance(end, datetime):
        text += f" to {end:%H:%M}" if end.date() == start.date() else f" to {end:%Y-%m-%d %H:%M}"
    named = event["DTSTART"].params.get("TZID", "")
    zone = getattr(start.tzinfo, "key", None) or start.tzname() or one_line(named)[:MAX_ZONE_LENGTH]
    return f"{text} ({zone})" if zone else text

"""What the demo desk promises, and in which hours it is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.sla.business_time import DAY, Week
from ticket_app.core.sla.calendars import add_calendar
from ticket_app.core.sla.policies import add_policy

OFFICE: Week = (((9 * 60, 17 * 60 + 30),),) * 5 + ((), ())
STUDIO: Week = (((10 * 60, 13 * 60), (14 * 60, 19 * 60)),) * 6 + ((),)
EVENINGS: Week = (((0, 2 * 60), (10 * 60, DAY)),) * 7
"""Until two at night, all week."""

CALENDARS: dict[str, dict[str, Any]] = {
    "London office": {
        "zone": "Europe/London",
        "week": OFFICE,
        "country": "GB",
        "subdivision": "ENG",
        "is_default": True,
    },
    "Bangkok studio": {"zone": "Asia/Bangkok", "week": STUDIO, "country": "TH"},
    "Late kitchens": {"zone": "Asia/Bangkok", "week": EVENINGS},
}
POLICIES: dict[str, dict[str, Any]] = {
    "Everything stands still": {
        "rank": 10,
        "priorities": [Priority.URGENT, Priority.CRITICAL],
        "respond_minutes": 12 * 60,
        "resolve_minutes": 8 * DAY,
        "calendar": None,
    },
    "Siam Orchid, until late": {
        "rank": 20,
        "company": "siamorchid.example",
        "respond_minutes": 6 * 60,
        "resolve_minutes": 200 * 60,
        "calendar": "Late kitchens",
    },
    "Incidents": {
        "rank": 30,
        "kinds": [Kind.INCIDENT],
        "respond_minutes": 4 * 60,
        "resolve_minutes": 90 * 60,
        "calendar": "London office",
    },
    "Wishes and changes": {
        "rank": 40,
        "kinds": [Kind.FEATURE_REQUEST, Kind.IMPROVEMENT, Kind.CHANGE],
        "respond_minutes": 8 * 60,
        "resolve_minutes": 240 * 60,
        "calendar": "Bangkok studio",
    },
    "Everything else": {
        "rank": 100,
        "respond_minutes": 6 * 60,
        "resolve_minutes": 160 * 60,
        "calendar": "London office",
    },
}


def set_up(desk: Desk, company_ids: Mapping[str, int]) -> None:
    """Make the calendars and promises known; companies are named by their domains."""
    calendar_ids = {name: add_calendar(desk, name, **told).id for name, told in CALENDARS.items()}
    for name, told in POLICIES.items():
        calendar, company = told["calendar"], told.get("company")
        targets = {key: told[key] for key in told if key not in ("calendar", "company")}
        add_policy(
            desk,
            name,
            calendar_id=calendar and calendar_ids[calendar],
            company_id=company and company_ids[company],
            **targets,
        )

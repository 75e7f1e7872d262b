"""SLA policies and business calendars of the demo data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.sla.business_time import MINUTES_PER_DAY, Week
from ticket_app.core.sla.calendars import create_calendar
from ticket_app.core.sla.policies import create_policy

OFFICE_HOURS: Week = (((9 * 60, 17 * 60 + 30),),) * 5 + ((), ())
STUDIO_HOURS: Week = (((10 * 60, 13 * 60), (14 * 60, 19 * 60)),) * 6 + ((),)
EVENING_HOURS: Week = (((0, 2 * 60), (10 * 60, MINUTES_PER_DAY)),) * 7
"""Until two at night, all week."""

CALENDARS: dict[str, dict[str, Any]] = {
    "London office": {
        "zone": "Europe/London",
        "week": OFFICE_HOURS,
        "country": "GB",
        "subdivision": "ENG",
        "is_default": True,
    },
    "Bangkok studio": {"zone": "Asia/Bangkok", "week": STUDIO_HOURS, "country": "TH"},
    "Late kitchens": {"zone": "Asia/Bangkok", "week": EVENING_HOURS},
}
POLICIES: dict[str, dict[str, Any]] = {
    "Critical incidents": {
        "rank": 10,
        "priorities": [Priority.URGENT, Priority.CRITICAL],
        "respond_minutes": 12 * 60,
        "resolve_minutes": 8 * MINUTES_PER_DAY,
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
    "Feature requests and changes": {
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


def create_calendars_and_policies(uow: UnitOfWork, company_ids: Mapping[str, int]) -> None:
    """Create the calendars and SLA policies; companies are given by their domains."""
    calendar_ids = {
        name: create_calendar(uow, name, **options).id for name, options in CALENDARS.items()
    }
    for name, options in POLICIES.items():
        calendar, company = options["calendar"], options.get("company")
        targets = {key: options[key] for key in options if key not in ("calendar", "company")}
        create_policy(
            uow,
            name,
            calendar_id=calendar and calendar_ids[calendar],
            company_id=company and company_ids[company],
            **targets,
        )

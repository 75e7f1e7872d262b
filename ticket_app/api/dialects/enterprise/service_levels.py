"""Service levels: promises, calendars, and how far they were kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query

from ticket_app.api.dialects.enterprise import service_level_shapes as shapes
from ticket_app.api.dialects.enterprise.paging import Leaf, Listed, Paging
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.door import Caller
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.reports import periods
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import compliance as sla_compliance
from ticket_app.core.sla import policies as sla_policies

router = part("Service Levels")

ServiceLevelId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
CalendarId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
PERIOD = "such as 30d, 12w, 6m or 1y (up to today, whole days in UTC)"


def _page_of(rows: Any, leaf: Leaf) -> tuple[Any, int]:
    first = leaf.part.offset
    return rows[first : first + leaf.size], len(rows)


@router.get("/service-levels/compliance", response_model=Told[shapes.KeptPromises])
def service_level_compliance(
    desk: Caller,
    period: Annotated[str, Query(max_length=20, description=PERIOD)] = "30d",
    department_id: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> Any:
    """How far promises were kept; for those who work tickets."""
    span = periods.span_of(period, desk.now, desk.zone)
    kept = sla_compliance.compliance(
        desk, since=span.start, until=span.end, department_id=department_id
    )
    return told(desk, shapes.compliance(kept, span))


@router.get("/service-levels", response_model=Told[Listed[shapes.ServiceLevel]])
def list_service_levels(desk: Caller, leaf: Paging) -> Any:
    """Every policy, in the order they are tried; for those who work tickets."""
    rows, total = _page_of(sla_policies.policies(desk), leaf)
    return told(desk, leaf.listed(map(shapes.policy, rows), total))


@router.post("/service-levels", status_code=201, response_model=Told[shapes.ServiceLevel])
def create_service_level(body: shapes.NewServiceLevel, desk: Caller) -> Any:
    """Promise something to tickets filed from now on; for admins."""
    made = sla_policies.add_policy(desk, **body.told())
    return told(desk, shapes.policy(made), "Service level created successfully", status_code=201)


@router.get("/service-levels/{service_level_id}", response_model=Told[shapes.ServiceLevel])
def get_service_level(service_level_id: ServiceLevelId, desk: Caller) -> Any:
    """One policy; for those who work tickets."""
    return told(desk, shapes.policy(sla_policies.policy(desk, service_level_id)))


@router.patch("/service-levels/{service_level_id}", response_model=Told[shapes.ServiceLevel])
def update_service_level(
    service_level_id: ServiceLevelId, body: shapes.ServiceLevelChange, desk: Caller
) -> Any:
    """Promise otherwise from now on; promises made stay as they are. For admins."""
    changed = sla_policies.change_policy(desk, service_level_id, body.told())
    return told(desk, shapes.policy(changed), "Service level updated successfully")


@router.delete("/service-levels/{service_level_id}", response_model=Told[None])
def delete_service_level(service_level_id: ServiceLevelId, desk: Caller) -> Any:
    """Forget a policy no ticket goes by; one in use can be made inactive. For admins."""
    sla_policies.remove_policy(desk, service_level_id)
    return told(desk, None, "Service level deleted successfully")


@router.get("/calendars", response_model=Told[Listed[shapes.Calendar]])
def list_calendars(desk: Caller, leaf: Paging) -> Any:
    """Every business calendar, by name; for those who work tickets."""
    rows, total = _page_of(business_calendars.calendars(desk), leaf)
    return told(desk, leaf.listed(map(shapes.calendar, rows), total))


@router.post("/calendars", status_code=201, response_model=Told[shapes.Calendar])
def create_calendar(body: shapes.NewCalendar, desk: Caller) -> Any:
    """Make business hours known; for admins."""
    made = business_calendars.add_calendar(desk, **body.told())
    return told(desk, shapes.calendar(made), "Calendar created successfully", status_code=201)


@router.get("/calendars/{calendar_id}", response_model=Told[shapes.Calendar])
def get_calendar(calendar_id: CalendarId, desk: Caller) -> Any:
    """One calendar; for those who work tickets."""
    return told(desk, shapes.calendar(business_calendars.calendar(desk, calendar_id)))


@router.patch("/calendars/{calendar_id}", response_model=Told[shapes.Calendar])
def update_calendar(calendar_id: CalendarId, body: shapes.CalendarChange, desk: Caller) -> Any:
    """Change business hours; moments promised already stay as they are. For admins."""
    changed = business_calendars.change_calendar(desk, calendar_id, body.told())
    return told(desk, shapes.calendar(changed), "Calendar updated successfully")


@router.delete("/calendars/{calendar_id}", response_model=Told[None])
def delete_calendar(calendar_id: CalendarId, desk: Caller) -> Any:
    """Forget a calendar no policy counts by. For admins."""
    business_calendars.remove_calendar(desk, calendar_id)
    return told(desk, None, "Calendar deleted successfully")

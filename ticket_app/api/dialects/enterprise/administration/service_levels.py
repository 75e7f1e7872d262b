"""SLA policies, business calendars and SLA compliance."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from ticket_app.api.dialects.enterprise.administration import service_level_schemas as schemas
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.reports import periods
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import compliance as sla_compliance
from ticket_app.core.sla import policies as sla_policies

router = create_router("Service Levels")

ServiceLevelId = Annotated[int, Path(ge=1, le=MAX_ID)]
CalendarId = Annotated[int, Path(ge=1, le=MAX_ID)]
PERIOD_DESCRIPTION = "such as 30d, 12w, 6m or 1y (up to today, whole days in UTC)"


@router.get("/service-levels/compliance", response_model=SuccessResponse[schemas.ComplianceSchema])
def service_level_compliance(
    uow: AuthenticatedUow,
    period: Annotated[str, Query(max_length=20, description=PERIOD_DESCRIPTION)] = "30d",
    department_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> JsonResponse:
    """Get SLA compliance. For staff who work on tickets."""
    reporting_period = periods.parse_period(period, uow.now, uow.time_zone)
    figures = sla_compliance.measure_compliance(
        uow, since=reporting_period.start, until=reporting_period.end, department_id=department_id
    )
    return success_response(uow, schemas.format_compliance(figures, reporting_period))


@router.get("/service-levels", response_model=SuccessResponse[PageData[schemas.ServiceLevel]])
def list_service_levels(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List the SLA policies in the order they are tried. For staff who work on tickets."""
    rows = sla_policies.list_policies(uow)
    return success_response(uow, page_parameters.slice_and_format_page(rows, schemas.format_policy))


@router.post(
    "/service-levels", status_code=201, response_model=SuccessResponse[schemas.ServiceLevel]
)
def create_service_level(body: schemas.NewServiceLevel, uow: AuthenticatedUow) -> JsonResponse:
    """Create an SLA policy for tickets created from now on. For admins."""
    policy = sla_policies.create_policy(uow, body.name, **body.optional_core_fields())
    return success_response(
        uow, schemas.format_policy(policy), "Service level created successfully", status_code=201
    )


@router.get(
    "/service-levels/{service_level_id}", response_model=SuccessResponse[schemas.ServiceLevel]
)
def get_service_level(service_level_id: ServiceLevelId, uow: AuthenticatedUow) -> JsonResponse:
    """Get an SLA policy. For staff who work on tickets."""
    return success_response(
        uow, schemas.format_policy(sla_policies.get_policy(uow, service_level_id))
    )


@router.patch(
    "/service-levels/{service_level_id}", response_model=SuccessResponse[schemas.ServiceLevel]
)
def update_service_level(
    service_level_id: ServiceLevelId, body: schemas.ServiceLevelUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update an SLA policy. Existing SLA targets stay as they are. For admins."""
    policy = sla_policies.update_policy(uow, service_level_id, body.to_core_fields())
    return success_response(
        uow, schemas.format_policy(policy), "Service level updated successfully"
    )


@router.delete("/service-levels/{service_level_id}", response_model=SuccessResponse[None])
def delete_service_level(service_level_id: ServiceLevelId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete an SLA policy that no ticket uses; deactivate one in use instead. For admins."""
    sla_policies.delete_policy(uow, service_level_id)
    return success_response(uow, None, "Service level deleted successfully")


@router.get("/calendars", response_model=SuccessResponse[PageData[schemas.Calendar]])
def list_calendars(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List business calendars by name. For staff who work on tickets."""
    rows = business_calendars.list_calendars(uow)
    return success_response(
        uow, page_parameters.slice_and_format_page(rows, schemas.format_calendar)
    )


@router.post("/calendars", status_code=201, response_model=SuccessResponse[schemas.Calendar])
def create_calendar(body: schemas.NewCalendar, uow: AuthenticatedUow) -> JsonResponse:
    """Create a business calendar. For admins."""
    calendar = business_calendars.create_calendar(
        uow,
        body.name,
        zone=body.time_zone,
        week=body.windows.to_week(),
        **body.optional_core_fields(),
    )
    return success_response(
        uow, schemas.format_calendar(calendar), "Calendar created successfully", status_code=201
    )


@router.get("/calendars/{calendar_id}", response_model=SuccessResponse[schemas.Calendar])
def get_calendar(calendar_id: CalendarId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a business calendar. For staff who work on tickets."""
    return success_response(
        uow, schemas.format_calendar(business_calendars.get_calendar(uow, calendar_id))
    )


@router.patch("/calendars/{calendar_id}", response_model=SuccessResponse[schemas.Calendar])
def update_calendar(
    calendar_id: CalendarId, body: schemas.CalendarUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update a business calendar. Existing SLA targets stay as they are. For admins."""
    calendar = business_calendars.update_calendar(uow, calendar_id, body.to_core_fields())
    return success_response(uow, schemas.format_calendar(calendar), "Calendar updated successfully")


@router.delete("/calendars/{calendar_id}", response_model=SuccessResponse[None])
def delete_calendar(calendar_id: CalendarId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a business calendar that no policy uses. For admins."""
    business_calendars.delete_calendar(uow, calendar_id)
    return success_response(uow, None, "Calendar deleted successfully")

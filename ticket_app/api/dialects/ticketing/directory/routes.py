"""Customers and users, which the document's fields refer to."""

from __future__ import annotations

from ticket_app.api.dialects.ticketing.directory import schemas
from ticket_app.api.dialects.ticketing.routing import BASE, create_router
from ticket_app.api.kit.drf_parameters import SearchParameter
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.people import customers

router = create_router()


@router.get(BASE + "/customers/", response_model=schemas.CustomerPage)
def list_customers(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> JsonResponse:
    """List customers."""
    page, count = customers.list_companies(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_customer, page.rows), count, page=page)


@router.post(BASE + "/customers/", status_code=201, response_model=schemas.CustomerDetails)
def create_customer(body: schemas.NewCustomer, uow: AuthenticatedUow) -> JsonResponse:
    """Create a customer."""
    return JsonResponse(
        schemas.format_customer(customers.add_company(uow, body.name, domain=body.domain)), 201
    )


@router.get(BASE + "/users/", response_model=schemas.UserPage)
def list_users(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> JsonResponse:
    """List users."""
    page, count = customers.list_people(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_user, page.rows), count, page=page)

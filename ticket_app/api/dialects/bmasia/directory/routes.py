"""Companies, contacts and users, which the document's fields refer to."""

from __future__ import annotations

from uuid import UUID

from ticket_app.api.dialects.bmasia.directory import schemas
from ticket_app.api.dialects.bmasia.references import resolve_filter_uuid, resolve_uuid
from ticket_app.api.dialects.bmasia.routing import BASE, UuidParameter, create_router
from ticket_app.api.kit.drf_parameters import SearchParameter
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.people import customers

router = create_router()


@router.get(BASE + "/companies/", response_model=schemas.CompanyPage)
def list_companies(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> JsonResponse:
    """List companies."""
    page, count = customers.list_companies(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_company, page.rows), count, page=page)


@router.post(BASE + "/companies/", status_code=201, response_model=schemas.Company)
def create_company(body: schemas.NewCompany, uow: AuthenticatedUow) -> JsonResponse:
    """Create a company."""
    company = customers.add_company(uow, body.name, domain=body.domain, notes=body.notes)
    return JsonResponse(schemas.format_company(company), 201)


@router.get(BASE + "/companies/{company_id}/", response_model=schemas.Company)
def get_company(company_id: UUID, uow: AuthenticatedUow) -> JsonResponse:
    """Get a company."""
    return JsonResponse(schemas.format_company(customers.get_company(uow, company_id)))


@router.patch(BASE + "/companies/{company_id}/", response_model=schemas.Company)
def rename_company(
    company_id: UUID, body: schemas.CompanyUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Rename a company. The search index of its tickets is updated."""
    name = body.name if "name" in body.model_fields_set else None
    return JsonResponse(schemas.format_company(customers.rename_company(uow, company_id, name)))


@router.get(BASE + "/contacts/", response_model=schemas.ContactPage)
def list_contacts(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    search: SearchParameter = "",
    company: UuidParameter = None,
) -> JsonResponse:
    """List contacts."""
    company_id = resolve_filter_uuid(uow, "company", customers.get_company, company)
    page, count = customers.list_contacts(
        uow, search, page_parameters.page_request, company_id=company_id
    )
    return page_parameters.page_response(map(schemas.format_contact, page.rows), count, page=page)


@router.post(BASE + "/contacts/", status_code=201, response_model=schemas.Contact)
def create_contact(body: schemas.NewContact, uow: AuthenticatedUow) -> JsonResponse:
    """Create a contact."""
    uow.actor.require("work_tickets", "add contacts")
    company_id = resolve_uuid(uow, "company", customers.get_company, body.company)
    contact = customers.add_contact(
        uow, body.name, company_id=company_id, email=body.email, phone=body.phone
    )
    return JsonResponse(schemas.format_contact(customers.get_contact(uow, contact.uuid)), 201)


@router.get(BASE + "/contacts/{contact_id}/", response_model=schemas.Contact)
def get_contact(contact_id: UUID, uow: AuthenticatedUow) -> JsonResponse:
    """Get a contact."""
    return JsonResponse(schemas.format_contact(customers.get_contact(uow, contact_id)))


@router.get(BASE + "/users/", response_model=schemas.UserPage)
def list_users(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, search: SearchParameter = ""
) -> JsonResponse:
    """List users."""
    page, count = customers.list_people(uow, search, page_parameters.page_request)
    return page_parameters.page_response(map(schemas.format_user, page.rows), count, page=page)


@router.get(BASE + "/users/{user_id}/", response_model=schemas.User)
def get_user(user_id: UUID, uow: AuthenticatedUow) -> JsonResponse:
    """Get a user."""
    return JsonResponse(schemas.format_user(customers.get_person(uow, user_id)))

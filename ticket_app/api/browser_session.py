"""Requests of the web app itself: signing in and out by form, files of drafts and tickets.

These routes are the only ones that accept the session cookie. `ui.security_middleware` rejects such
requests if they come from another site.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from ticket_app.api.dialects.enterprise.reports.exported_tickets import (
    COLUMNS,
    format_exported_ticket,
)
from ticket_app.api.kit import cookies, tabular_export, uploads
from ticket_app.api.kit.audit_filters import AuditFileFormat, AuditQueryDep, export_response
from ticket_app.api.kit.downloads import download
from ticket_app.api.kit.request_context import (
    SessionRequestContextDep,
    SessionUow,
)
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.session_routing import create_session_router
from ticket_app.core.attachments import attachments, stored_files
from ticket_app.core.people.authentication import authenticate_cookie
from ticket_app.core.people.credentials import (
    AddressNotVerified,
    VerifiedPerson,
    count_registration,
    verify_credentials,
)
from ticket_app.core.people.mail_people import must_verify_address
from ticket_app.core.people.registration import register_user
from ticket_app.core.people.sessions import sign_out, start_browser_session
from ticket_app.core.people.verification import format_resend_token
from ticket_app.core.platform import action_limits, secrets
from ticket_app.core.platform.dates import default_time_zone
from ticket_app.core.platform.errors import DomainError, Invalid, NotFound
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work, utc_now
from ticket_app.core.reports import export, periods
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.timeline import drafts

SIGN_IN_PAGE = "/login"
REGISTER_PAGE = "/register"
REGISTERED_PAGE = "/login?registered=yes"
HOME_PAGE = "/"


ANONYMOUS_PATHS = frozenset({"/session/login", "/session/register", "/session/logout"})
router = create_session_router(ANONYMOUS_PATHS)

FormText = Annotated[str, Form(max_length=300)]
FormPassword = Annotated[str, Form(max_length=1024)]


def _safe_redirect_path(path: str) -> str:
    """A path of our own to go to, whatever was asked for."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path:
        return HOME_PAGE
    return HOME_PAGE if any(ord(character) < 32 for character in path) else path


def _redirect_with_error(page: str, error: str, next_path: str, *, resend: str = "") -> Response:
    signature = secrets.sign_text(page, error)
    location = f"{page}?error={quote(error, safe='')}&seal={signature}"
    if resend:
        location += f"&resend={quote(resend, safe='')}"
    if next_path != HOME_PAGE:
        location += f"&next={quote(next_path, safe='')}"
    return RedirectResponse(location, status_code=303)


@router.post("/session/login")
def log_in(
    request: Request,
    context: SessionRequestContextDep,
    username: FormText = "",
    password: FormPassword = "",
    next: FormText = HOME_PAGE,  # noqa: A002
) -> Response:
    """Start a browser session and redirect to the page that was asked for.

    A request that accepts JSON gets JSON: the dialog that signs in again after a session has ended.
    """
    next_path = _safe_redirect_path(next)
    wants_json = "application/json" in request.headers.get("accept", "")
    try:
        with context.anonymous_unit_of_work(writes=False) as uow:
            proven = verify_credentials(uow, username, password, context.client_info)
        with context.anonymous_unit_of_work() as uow:
            cookie_value = start_browser_session(uow, proven, context.client_info)
    except AddressNotVerified as error:
        if wants_json:
            raise
        resend = format_resend_token(error.person_id, utc_now())
        return _redirect_with_error(SIGN_IN_PAGE, error.message, next_path, resend=resend)
    except DomainError as error:
        if wants_json:
            raise
        return _redirect_with_error(SIGN_IN_PAGE, error.message, next_path)
    response: Response = (
        JsonResponse({"success": True})
        if wants_json
        else RedirectResponse(next_path, status_code=303)
    )
    cookies.set_session_cookie(response, request, cookie_value)
    return response


@router.post("/session/register")
def register(
    request: Request,
    context: SessionRequestContextDep,
    username: FormText = "",
    email: FormText = "",
    password: FormPassword = "",
    first_name: FormText = "",
    last_name: FormText = "",
) -> Response:
    """Create an account and start a browser session for it.

    Where the address must be verified first, the sign-in page says so.
    """
    cookie_value = None
    try:
        count_registration(context.client_info)
        with context.anonymous_unit_of_work() as uow:
            person = register_user(
                uow,
                username=username,
                email=email,
                password=password,
                first_name=first_name,
                last_name=last_name,
            )
            if not must_verify_address(person):
                verified = VerifiedPerson(person)
                cookie_value = start_browser_session(uow, verified, context.client_info)
    except Invalid as invalid:
        message = "; ".join(
            f"{field.replace('_', ' ').capitalize()} {reason}" for field, reason in invalid.problems
        )
        return _redirect_with_error(REGISTER_PAGE, message, HOME_PAGE)
    except DomainError as error:
        return _redirect_with_error(REGISTER_PAGE, error.message, HOME_PAGE)
    if cookie_value is None:
        return RedirectResponse(REGISTERED_PAGE, status_code=303)
    response = RedirectResponse(HOME_PAGE, status_code=303)
    cookies.set_session_cookie(response, request, cookie_value)
    return response


@router.post("/session/logout")
def log_out(request: Request, context: SessionRequestContextDep) -> Response:
    """End the browser session in all tabs."""
    with context.anonymous_unit_of_work() as uow:
        uow.actor = authenticate_cookie(uow, cookies.read_session_cookie(request) or "")
        if uow.has_actor:
            sign_out(uow)
    response = RedirectResponse(SIGN_IN_PAGE, status_code=303)
    cookies.clear_session_cookie(response)
    return response


def _check_draft_access(uow: UnitOfWork, draft_key: str) -> None:
    if draft_key == drafts.NEW_TICKET_FOR_REQUESTER_PLACE:
        uow.actor.require("work_tickets", "create tickets for other people")
    else:
        ticket_lookup.read_ticket(uow, drafts.parse_ticket_id(draft_key), "summary")


@router.post("/session/files")
def upload_file(
    upload: uploads.SessionUploadDep, context: SessionRequestContextDep
) -> JsonResponse:
    """Keep a file with the draft named by `place` until the draft is sent."""
    draft_key = upload.fields.get("place", "")
    if draft_key != drafts.NEW_TICKET_PLACE:
        with context.unit_of_work(writes=False) as uow:
            _check_draft_access(uow, draft_key)
    with uploads.examine_upload(context, upload) as examined_file, context.unit_of_work() as uow:
        attachment = attachments.attach_to_draft(uow, draft_key, examined_file)
        payload = {
            "id": attachment.uuid,
            "filename": attachment.stored_name,
            "original_filename": attachment.original_name,
            "file_size": attachment.size,
            "mime_type": attachment.mime_type,
            "scan_status": attachment.scan_status,
            "url": f"/files/{attachment.uuid}",
        }
    return JsonResponse({"success": True, "attachment": payload})


@router.post("/session/files/{attachment_id}/remove")
def remove_file(attachment_id: UUID, uow: SessionUow) -> JsonResponse:
    """Remove a file from a draft."""
    attachments.remove_file(uow, attachment_id)
    return JsonResponse({"success": True})


class FrontendFailure(BaseModel):
    """An action that failed in the browser before its request reached the server."""

    action: Literal["upload", "sign_in", "connection"]
    page: Annotated[str, Field(max_length=60, pattern=r"^(/[a-z-]*){1,2}$")]
    at: datetime


class FailureReport(BaseModel):
    """What a page reports once it can reach the server again; never any content."""

    failures: Annotated[list[FrontendFailure], Field(min_length=1, max_length=10)]


@router.post("/session/failures")
def report_failures(body: FailureReport, uow: SessionUow) -> JsonResponse:
    """Write failed actions of the web app to the log."""
    action_limits.count_failure_report(uow.actor.id)
    for failure in body.failures:
        log().warning(
            "frontend_failure",
            action=failure.action,
            reason="the server could not be reached",
            page=failure.page,
            failed_at=failure.at,
            actor=uow.actor.username,
        )
    return JsonResponse({"success": True})


@router.get("/files/{attachment_id}")
def open_file(attachment_id: str, uow: SessionUow) -> Response:
    """Serve the content of a file if the person may see its ticket."""
    try:
        attachment_uuid = UUID(attachment_id)
    except ValueError:
        raise NotFound("File") from None
    return download(stored_files.get_downloadable_file(uow, attachment_uuid))


@router.get("/session/export")
def export_tickets(
    request: Request,
    context: SessionRequestContextDep,
    file_format: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
    since: date | None = None,
    until: date | None = None,
    department: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> Response:
    """Export the tickets created between two days, both included.

    Needs the permission to read reports. Days are in the browser's time zone.
    """
    actor = context.authenticate()
    actor.require("view_reports", "export tickets")
    period = periods.period_between(
        since, until, utc_now(), cookies.browser_zone(request) or default_time_zone()
    )
    open_uow = partial(open_unit_of_work, writes=False, actor=actor, request_id=context.request_id)
    query = TicketQuery(
        created_from=period.start,
        created_before=period.end,
        department_id=department,
        sort="created",
    )
    batches = export.iter_ticket_batches(open_uow, query, format_exported_ticket)
    return tabular_export.tickets_response(COLUMNS, batches, file_format)


@router.get("/session/audit")
def export_audit_log(
    request: Request,
    context: SessionRequestContextDep,
    query: AuditQueryDep,
    file_format: Annotated[AuditFileFormat, Query(alias="format")] = "csv",
) -> Response:
    """Export the audit log with the filters of its page. Needs the permission to see it."""
    return export_response(request, context, query, file_format)

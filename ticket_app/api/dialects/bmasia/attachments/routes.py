"""Attachment Endpoints."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from ticket_app.api.dialects.bmasia.attachments import schemas
from ticket_app.api.dialects.bmasia.routing import BASE, create_router
from ticket_app.api.kit import uploads
from ticket_app.api.kit.drf_parameters import NO_CONTENT_RESPONSES, TicketParameter
from ticket_app.api.kit.paging import PageParametersDep
from ticket_app.api.kit.query_parameters import find_ticket_id
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.kit.uploads import require_ticket_field, upload_form_schema
from ticket_app.core.attachments import attachments
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.conversation import activity
from ticket_app.core.conversation.activity import ActivityQuery
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import Ticket

router = create_router()


@router.get(BASE + "/ticket-attachments/", response_model=schemas.AttachmentPage)
def list_attachments(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, ticket: TicketParameter = None
) -> JsonResponse:
    """List attachments, oldest first."""
    query = ActivityQuery(ticket_id=find_ticket_id(uow, "ticket", ticket))
    page = activity.list_files(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        (schemas.format_attachment(row, row.ticket_uuid) for row in page.rows),
        activity.count_files(uow, query),
        page=page,
    )


@router.post(
    BASE + "/ticket-attachments/",
    status_code=201,
    response_model=schemas.Attachment,
    openapi_extra=upload_form_schema(ticket={"type": "string", "required": True}),
)
def upload_attachment(upload: uploads.UploadDep, context: RequestContextDep) -> Response:
    """Upload Attachment."""
    reference = require_ticket_field(upload.fields)

    def attach(uow: UnitOfWork, ticket: Ticket, examined_file: StoredUpload) -> Response:
        attachment = attachments.attach(uow, ticket, examined_file)
        return JsonResponse(
            schemas.format_attachment(activity.get_file(uow, attachment.uuid), ticket.uuid), 201
        )

    return uploads.attach_upload(context, upload, reference, attach)


@router.get(BASE + "/ticket-attachments/{attachment_id}/", response_model=schemas.Attachment)
def get_attachment(attachment_id: UUID, uow: AuthenticatedUow) -> JsonResponse:
    """Get an attachment."""
    row = activity.get_file(uow, attachment_id)
    return JsonResponse(schemas.format_attachment(row, row.ticket_uuid))


@router.delete(
    BASE + "/ticket-attachments/{attachment_id}/", status_code=204, responses=NO_CONTENT_RESPONSES
)
def delete_attachment(attachment_id: UUID, uow: AuthenticatedUow) -> Response:
    """Delete Attachment."""
    attachments.remove_file(uow, attachment_id)
    return Response(status_code=204)

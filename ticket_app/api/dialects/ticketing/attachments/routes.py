"""Attachments."""

from __future__ import annotations

from starlette.responses import Response

from ticket_app.api.dialects.ticketing.attachments import schemas
from ticket_app.api.dialects.ticketing.routing import BASE, create_router
from ticket_app.api.kit import uploads
from ticket_app.api.kit.drf_parameters import TicketParameter
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


DESCRIPTION_SCHEMA = {"type": "string", "maxLength": 1000}


def attach_file(ticket_id: str, upload: uploads.Upload, context: RequestContextDep) -> Response:
    """Attach an uploaded file to a ticket and return the attachment."""

    def attach(uow: UnitOfWork, ticket: Ticket, examined_file: StoredUpload) -> Response:
        description = upload.fields.get("description")
        attachment = attachments.attach(uow, ticket, examined_file, description=description)
        return JsonResponse(schemas.format_attachment(activity.get_file(uow, attachment.uuid)), 201)

    return uploads.attach_upload(context, upload, ticket_id, attach)


@router.get(BASE + "/attachments/", response_model=schemas.AttachmentPage)
def list_attachments(
    uow: AuthenticatedUow, page_parameters: PageParametersDep, ticket: TicketParameter = None
) -> JsonResponse:
    """List Attachments, oldest first."""
    query = ActivityQuery(ticket_id=find_ticket_id(uow, "ticket", ticket))
    page = activity.list_files(uow, query, page_parameters.page_request)
    return page_parameters.page_response(
        map(schemas.format_attachment, page.rows), activity.count_files(uow, query), page=page
    )


@router.post(
    BASE + "/attachments/",
    status_code=201,
    response_model=schemas.Attachment,
    openapi_extra=upload_form_schema(
        ticket={"type": "string", "required": True}, description=DESCRIPTION_SCHEMA
    ),
)
def upload_attachment(upload: uploads.UploadDep, context: RequestContextDep) -> Response:
    """Upload Attachment."""
    return attach_file(require_ticket_field(upload.fields), upload, context)

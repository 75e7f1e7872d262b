"""File Attachments: upload, list, download and delete files."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response, StreamingResponse

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.base_url import BaseUrlDep
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit import uploads
from ticket_app.api.kit.downloads import DOWNLOAD_RESPONSES, FileDownload, download
from ticket_app.api.kit.query_parameters import parse_flag_parameter
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.kit.uploads import upload_form_schema
from ticket_app.core.attachments import attachments, stored_files
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.conversation import activity
from ticket_app.core.conversation.activity import ActivityQuery
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import ticket_lookup
from ticket_app.tables import Ticket

router = create_router("File Attachments")

AttachmentId = Annotated[int, Path(ge=1, le=MAX_ID)]
UPLOAD_FORM = upload_form_schema(
    description={"type": "string", "maxLength": 1000},
    is_internal={"type": "boolean", "default": False},
)


@router.post(
    "/attachments/ticket/{ticket_id}/upload",
    status_code=201,
    response_model=SuccessResponse[data_models.Attachment],
    openapi_extra=UPLOAD_FORM,
)
def upload_file(
    ticket_id: str, upload: uploads.UploadDep, context: RequestContextDep, base_url: BaseUrlDep
) -> Response:
    """Upload File; a file that a comment announced by name is added to that comment."""
    is_internal = parse_flag_parameter("is_internal", upload.fields.get("is_internal"))

    def attach(uow: UnitOfWork, ticket: Ticket, examined_file: StoredUpload) -> Response:
        attachment = attachments.attach(
            uow,
            ticket,
            examined_file,
            description=upload.fields.get("description"),
            internal=is_internal,
        )
        row = activity.get_file(uow, attachment.uuid)
        return success_response(
            uow,
            data_models.format_attachment(row, base_url),
            "File uploaded successfully",
            status_code=201,
        )

    return uploads.attach_upload(context, upload, ticket_id, attach)


@router.get(
    "/attachments/ticket/{ticket_id}",
    response_model=SuccessResponse[PageData[data_models.Attachment]],
)
def list_files(
    ticket_id: str, uow: AuthenticatedUow, page_parameters: PageParametersDep, base_url: BaseUrlDep
) -> JsonResponse:
    """List the files on a ticket, oldest first."""
    query = ActivityQuery(ticket_lookup.read_ticket(uow, ticket_id, "summary").id)
    rows = activity.list_files(uow, query, page_parameters.page_request).rows
    items = [data_models.format_attachment(row, base_url) for row in rows]
    return success_response(
        uow, page_parameters.format_page(items, activity.count_files(uow, query))
    )


@router.get("/attachments/{attachment_id}", response_model=SuccessResponse[data_models.Attachment])
def get_file(
    attachment_id: AttachmentId, uow: AuthenticatedUow, base_url: BaseUrlDep
) -> JsonResponse:
    """Get the metadata of a file."""
    row = activity.get_file(uow, attachment_id)
    return success_response(
        uow, data_models.format_attachment(row, base_url), "File retrieved successfully"
    )


@router.get(
    "/attachments/{attachment_id}/download",
    response_class=StreamingResponse,
    responses=DOWNLOAD_RESPONSES,
)
def download_file(attachment_id: AttachmentId, uow: AuthenticatedUow) -> FileDownload:
    """Download File."""
    return download(stored_files.get_downloadable_file(uow, attachment_id))


@router.delete("/attachments/{attachment_id}", response_model=SuccessResponse[None])
def delete_file(attachment_id: AttachmentId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a file from its ticket: people their own, staff any."""
    attachments.remove_file(uow, attachment_id)
    return success_response(uow, None, "File deleted successfully")

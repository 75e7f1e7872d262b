"""File Attachments: send files to a ticket, fetch them, take them away."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from starlette.responses import Response, StreamingResponse

from ticket_app.api.dialects.enterprise import shapes
from ticket_app.api.dialects.enterprise.address import Address
from ticket_app.api.dialects.enterprise.paging import Listed, Paging
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit import files
from ticket_app.api.kit.door import Caller, Entrance
from ticket_app.api.kit.drf import flag, form
from ticket_app.api.kit.route import once
from ticket_app.core.attachments import attachments
from ticket_app.core.conversation import activity
from ticket_app.core.conversation.activity import LogQuery
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import ticket_list, tickets

router = part("File Attachments")

AttachmentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
FORM = form(
    description={"type": "string", "maxLength": 1000},
    is_internal={"type": "boolean", "default": False},
)


@router.post(
    "/attachments/ticket/{ticket_id}/upload",
    status_code=201,
    response_model=Told[shapes.Attachment],
    openapi_extra=FORM,
)
def upload_file(
    ticket_id: str, upload: files.ReceivedFile, door: Entrance, address: Address
) -> Any:
    """Upload File; one that a comment announced by its name becomes that comment's."""
    internal = flag("is_internal", upload.fields.get("is_internal"))
    with door.desk(writes=False) as desk:
        ticket_list.read(desk, ticket_id, "line")

    def attach(desk: Desk, examined: attachments.Examined) -> Response:
        kept = attachments.attach(
            desk,
            tickets.hold(desk, ticket_id),
            examined,
            description=upload.fields.get("description"),
            internal=internal,
        )
        row = activity.file(desk, kept.uuid)
        return told(
            desk, shapes.attachment(row, address), "File uploaded successfully", status_code=201
        )

    with files.examined(door, upload) as examined, door.desk() as desk:
        return files.used(once(door, desk, lambda: attach(desk, examined)), examined)


@router.get("/attachments/ticket/{ticket_id}", response_model=Told[Listed[shapes.Attachment]])
def list_files(ticket_id: str, desk: Caller, leaf: Paging, address: Address) -> Any:
    """The files on a ticket, oldest first."""
    query = LogQuery(ticket_list.read(desk, ticket_id, "line").id)
    rows = activity.files(desk, query, leaf.part).rows
    items = [shapes.attachment(row, address) for row in rows]
    return told(desk, leaf.listed(items, activity.count_files(desk, query)))


@router.get("/attachments/{attachment_id}", response_model=Told[shapes.Attachment])
def get_file(attachment_id: AttachmentId, desk: Caller, address: Address) -> Any:
    """What is known of a file."""
    row = activity.file(desk, attachment_id)
    return told(desk, shapes.attachment(row, address), "File retrieved successfully")


@router.get(
    "/attachments/{attachment_id}/download",
    response_class=StreamingResponse,
    responses=files.BYTES,
)
def download_file(attachment_id: AttachmentId, desk: Caller) -> Any:
    """Download File."""
    return files.download(attachments.fetch(desk, attachment_id))


@router.delete("/attachments/{attachment_id}", response_model=Told[None])
def delete_file(attachment_id: AttachmentId, desk: Caller) -> Any:
    """Take a file off its ticket, for staff."""
    attachments.remove(desk, attachment_id)
    return told(desk, None, "File deleted successfully")

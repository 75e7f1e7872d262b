"""Serve uploaded files at `/media/tickets/attachments/YYYY/MM/<name>`."""

from __future__ import annotations

from starlette.responses import StreamingResponse

from ticket_app.api.kit.downloads import DOWNLOAD_RESPONSES, FileDownload, download
from ticket_app.api.kit.drf import ERROR_RESPONSES, DrfErrorRenderer
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.core.attachments import stored_files
from ticket_app.core.attachments.rows import UploadedFileRow
from ticket_app.core.platform.errors import NotFound

ERROR_RENDERER = DrfErrorRenderer("media", {})
MEDIA_PATH = "/media/tickets/attachments"

router = DialectRouter(
    route_class=dialect_route_class(ERROR_RENDERER), tags=["Files"], responses=ERROR_RESPONSES
)


def media_path(row: UploadedFileRow) -> str:
    """Return the download path of a ticket's file."""
    return f"{MEDIA_PATH}/{row.uploaded_at:%Y/%m}/{row.stored_name}"


@router.get(
    MEDIA_PATH + "/{year}/{month}/{name}",
    response_class=StreamingResponse,
    responses=DOWNLOAD_RESPONSES,
)
def fetch_a_file(year: str, month: str, name: str, uow: AuthenticatedUow) -> FileDownload:
    """Download a file. The caller must be allowed to see its ticket and send a token."""
    row = stored_files.get_downloadable_file(uow, name)
    if f"{row.uploaded_at:%Y/%m}" != f"{year}/{month}":
        raise NotFound("File")
    return download(row)

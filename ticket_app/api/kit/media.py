"""Where files are fetched: `/media/tickets/attachments/YYYY/MM/<name>`, by whom they concern."""

from __future__ import annotations

from typing import Any

from starlette.responses import StreamingResponse

from ticket_app.api.kit import files
from ticket_app.api.kit.door import Caller
from ticket_app.api.kit.drf import REFUSALS, DrfVoice
from ticket_app.api.kit.route import DialectRouter, dialect_route
from ticket_app.core.attachments import attachments
from ticket_app.core.platform.errors import NotFound

VOICE = DrfVoice("media", {})
FOLDER = "/media/tickets/attachments"

router = DialectRouter(route_class=dialect_route(VOICE), tags=["Files"], responses=REFUSALS)


def path_of(row: Any) -> str:
    """The path a file on a ticket is fetched from."""
    return f"{FOLDER}/{row.uploaded_at:%Y/%m}/{row.stored_name}"


@router.get(
    FOLDER + "/{year}/{month}/{name}",
    response_class=StreamingResponse,
    responses=files.BYTES,
)
def fetch_a_file(year: str, month: str, name: str, desk: Caller) -> Any:
    """The bytes of a file, for who may see its ticket and sends a token."""
    row = attachments.fetch(desk, name)
    if f"{row.uploaded_at:%Y/%m}" != f"{year}/{month}":
        raise NotFound("File")
    return files.download(row)

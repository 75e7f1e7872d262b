"""The source of an email that arrived, for staff: always a download, never shown as HTML."""

from __future__ import annotations

from starlette.responses import Response

from ticket_app.api.kit.downloads import content_disposition
from ticket_app.api.kit.drf import DrfErrorRenderer
from ticket_app.api.kit.request_context import SessionRequestContext, SessionUow
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.core.email.incoming import parked

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

router = DialectRouter(
    route_class=dialect_route_class(
        DrfErrorRenderer("mail", {}), category=None, context_class=SessionRequestContext
    ),
    include_in_schema=False,
)


@router.get("/mail/originals/{email}")
def download_original(email: int, uow: SessionUow) -> Response:
    """Download the source of an email as it arrived. For staff who may see all tickets."""
    headers = HEADERS | {"Content-Disposition": content_disposition(f"{email}.eml", inline=False)}
    source = parked.get_source(uow, email)
    return Response(source, media_type="message/rfc822", headers=headers)

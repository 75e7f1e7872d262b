"""Emails as administrators look at them: shown alone, in a sandbox that runs nothing."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.responses import HTMLResponse, Response

from ticket_app.api.kit.drf import DrfErrorRenderer
from ticket_app.api.kit.request_context import SessionRequestContext, SessionUow
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.core.email.outgoing import log, template_editing

HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src data: https:; style-src 'unsafe-inline'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
DARK_QUERY = "@media (prefers-color-scheme: dark)"
SCHEME_QUERIES = {"light": "@media not all", "dark": "@media all"}
"""What takes the place of the email's own question for the colours that the reader prefers."""

Theme = Annotated[Literal["light", "dark", ""], Query()]
DraftText = Annotated[str | None, Query(max_length=12_000)]

router = DialectRouter(
    route_class=dialect_route_class(
        DrfErrorRenderer("mail", {}), category=None, context_class=SessionRequestContext
    ),
    include_in_schema=False,
)


@router.get("/mail/preview/templates/{kind}")
def show_template(
    kind: str,
    uow: SessionUow,
    subject: DraftText = None,
    body: DraftText = None,
    theme: Theme = "",
) -> Response:
    """Show an example of a kind of email with these texts. Needs the permission for settings."""
    return _sandboxed(template_editing.render_preview(uow, kind, subject, body)[1], theme)


@router.get("/mail/preview/{email}")
def show_email(email: UUID, uow: SessionUow, theme: Theme = "") -> Response:
    """Show the HTML of an outgoing email. Needs the permission for settings."""
    return _sandboxed(log.read_content(log.get_email(uow, email).source).html, theme)


def _sandboxed(html: str, theme: str) -> Response:
    if theme:
        html = html.replace(DARK_QUERY, SCHEME_QUERIES[theme])
        html = html.replace("color-scheme: light dark", f"color-scheme: {theme}")
        html = html.replace('content="light dark"', f'content="{theme}"')
    return HTMLResponse(html, headers=HEADERS)

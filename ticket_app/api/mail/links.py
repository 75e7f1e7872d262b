"""Links in emails that work without signing in: files, and the end of email about a ticket."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.responses import Response

from ticket_app.api.kit.downloads import download
from ticket_app.api.kit.drf import DrfErrorRenderer
from ticket_app.api.kit.request_context import RequestContextDep
from ticket_app.api.kit.route import DialectRouter, dialect_route_class
from ticket_app.api.mail.page import page_response
from ticket_app.core.email.outgoing import file_links, unsubscribing
from ticket_app.core.platform.errors import Invalid, NotFound

FILE_PATH = "/mail/files/{file}/{expires}/{signature}/{name:path}"
UNSUBSCRIBE_PATH = "/mail/unsubscribe/{token}"
ONE_CLICK = "One-Click"
"""The value of `List-Unsubscribe` in the request of a mail program (RFC 8058)."""

router = DialectRouter(
    route_class=dialect_route_class(
        DrfErrorRenderer("mail", {}), anonymous_paths=frozenset({FILE_PATH, UNSUBSCRIBE_PATH})
    ),
    include_in_schema=False,
)


@router.get(FILE_PATH)
def fetch_file(file: str, expires: str, signature: str, context: RequestContextDep) -> Response:
    """Serve a file to whoever has its link, until the link expires."""
    try:
        with context.anonymous_unit_of_work(writes=False) as uow:
            return download(file_links.get_linked_file(uow, UUID(file), expires, signature))
    except (NotFound, ValueError):
        return page_response(
            "This link does not work any more",
            "Links to files expire after seven days. Open the ticket to get the file.",
            status_code=404,
        )


@router.get(UNSUBSCRIBE_PATH)
def show_unsubscribe_page(token: str, context: RequestContextDep) -> Response:
    """Ask whether email about a ticket should stop; nothing changes until the button is used."""
    try:
        with context.anonymous_unit_of_work(writes=False) as uow:
            key = unsubscribing.get_ticket_key(uow, token)
    except NotFound:
        return _unknown_link()
    return page_response(
        f"Stop email about {key}?",
        "You will not receive email about replies and changes of this ticket any more.",
        button_label="Stop email",
    )


@router.post(UNSUBSCRIBE_PATH)
def unsubscribe(
    token: str,
    context: RequestContextDep,
    one_click: Annotated[str, Form(alias="List-Unsubscribe", max_length=20)] = "",
) -> Response:
    """Stop email about a ticket, for the button of the page and for mail programs (RFC 8058)."""
    if one_click != ONE_CLICK:
        raise Invalid("List-Unsubscribe", f"must be {ONE_CLICK}")
    try:
        with context.anonymous_unit_of_work() as uow:
            key = unsubscribing.unsubscribe(uow, token)
    except NotFound:
        return _unknown_link()
    return page_response(
        f"Email about {key} is off",
        "You can still follow the ticket in the help desk, and turn email on there again.",
    )


def _unknown_link() -> Response:
    return page_response(
        "This link is not valid",
        "It may have been cut off. Copy the whole address from the email and open it again.",
        status_code=404,
    )

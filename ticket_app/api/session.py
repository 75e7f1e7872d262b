"""The web app's own requests: signing in and out by form, files of drafts and tickets.

The browser session's cookie counts here and nowhere else in the API; the gate refuses what other
sites' pages send with it.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import Form, Query, Request
from starlette.responses import RedirectResponse, Response

from ticket_app.api.kit import cookie, files, sheets
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import SessionCaller, SessionDoor, SessionEntrance
from ticket_app.api.kit.route import DialectRouter, dialect_route, status_of
from ticket_app.core.attachments import attachments
from ticket_app.core.people import profiles, sign_in
from ticket_app.core.people.sign_in import Proven
from ticket_app.core.platform import secrets
from ticket_app.core.platform.dates import desk_zone
from ticket_app.core.platform.errors import DeskError, Invalid, NotFound
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import Desk, open_desk, utc_now
from ticket_app.core.reports import periods
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.timeline import drafts

SIGN_IN_PAGE = "/login"
REGISTER_PAGE = "/register"
HOME = "/"


class PlainVoice:
    """`{"success": false, "error": "..."}` for the pages' own scripts."""

    name = "session"

    def refuse(
        self, error: DeskError, *, details: str | None, request_id: str
    ) -> tuple[int, dict[str, Any]]:
        """A status that fits, and one sentence for a person."""
        return status_of(error), {"success": False, "error": error.message}

    def fail(self, *, details: str | None, request_id: str) -> tuple[int, dict[str, Any]]:
        """Something broke; nothing was changed."""
        return 500, {"success": False, "error": "Something went wrong; nothing was changed"}


VOICE = PlainVoice()
FOR_STRANGERS = frozenset({"/session/login", "/session/register", "/session/logout"})
router = DialectRouter(
    route_class=dialect_route(VOICE, for_strangers=FOR_STRANGERS, category=None, door=SessionDoor),
    include_in_schema=False,
)

Line = Annotated[str, Form(max_length=300)]
Secret = Annotated[str, Form(max_length=1024)]


def _local(path: str) -> str:
    """A path of our own to go to, whatever was asked for."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path:
        return HOME
    return HOME if any(ord(sign) < 32 for sign in path) else path


def _back(page: str, error: str, then: str) -> Response:
    seal = secrets.seal_words(page, error)
    where = f"{page}?error={quote(error, safe='')}&seal={seal}"
    if then != HOME:
        where += f"&next={quote(then, safe='')}"
    return RedirectResponse(where, status_code=303)


@router.post("/session/login")
def log_in(
    request: Request,
    door: SessionEntrance,
    username: Line = "",
    password: Secret = "",
    next: Line = HOME,  # noqa: A002
) -> Response:
    """Begin a browser session and go where the visitor wanted to be.

    A script that asks for JSON is answered in JSON: the dialog over a page whose session has ended.
    """
    then = _local(next)
    wants_json = "application/json" in request.headers.get("accept", "")
    try:
        with door.strangers_desk(writes=False) as desk:
            proven = sign_in.check_credentials(desk, username, password, door.caller)
        with door.strangers_desk() as desk:
            value = sign_in.sign_in_browser(desk, proven, door.caller)
    except DeskError as refused:
        if wants_json:
            raise
        return _back(SIGN_IN_PAGE, refused.message, then)
    done = Json({"success": True}) if wants_json else RedirectResponse(then, status_code=303)
    answer: Response = done
    cookie.give(answer, request, value)
    return answer


@router.post("/session/register")
def sign_up(
    request: Request,
    door: SessionEntrance,
    username: Line = "",
    email: Line = "",
    password: Secret = "",
    first_name: Line = "",
    last_name: Line = "",
) -> Response:
    """Make an account and begin a session with it."""
    try:
        sign_in.count_registration(door.caller)
        with door.strangers_desk() as desk:
            person = profiles.register(
                desk,
                username=username,
                email=email,
                password=password,
                first_name=first_name,
                last_name=last_name,
            )
            value = sign_in.sign_in_browser(desk, Proven(person), door.caller)
    except Invalid as wrong:
        told = "; ".join(
            f"{field.replace('_', ' ').capitalize()} {why}" for field, why in wrong.problems
        )
        return _back(REGISTER_PAGE, told, HOME)
    except DeskError as refused:
        return _back(REGISTER_PAGE, refused.message, HOME)
    answer = RedirectResponse(HOME, status_code=303)
    cookie.give(answer, request, value)
    return answer


@router.post("/session/logout")
def log_out(request: Request, door: SessionEntrance) -> Response:
    """End the browser session, in every tab."""
    with door.strangers_desk() as desk:
        desk.actor = sign_in.by_cookie(desk, cookie.session_cookie(request) or "")
        if desk.has_actor:
            sign_in.sign_out(desk)
    answer = RedirectResponse(SIGN_IN_PAGE, status_code=303)
    cookie.take_away(answer)
    return answer


def _check_place(desk: Desk, place: str) -> None:
    if place == drafts.NEW_FOR_SOMEBODY:
        desk.actor.must("work_tickets", "file tickets for somebody else")
    else:
        ticket_list.read(desk, drafts.ticket_of(place), "line")


@router.post("/session/files")
def upload_a_file(upload: files.SessionFile, door: SessionEntrance) -> Any:
    """Keep a file with the draft at `place`, until the draft is sent."""
    place = upload.fields.get("place", "")
    if place != drafts.NEW_TICKET:
        with door.desk(writes=False) as desk:
            _check_place(desk, place)
    with files.examined(door, upload) as examined, door.desk() as desk:
        kept = attachments.attach_to_draft(desk, place, examined)
        told = {
            "id": kept.uuid,
            "filename": kept.stored_name,
            "original_filename": kept.original_name,
            "file_size": kept.size,
            "mime_type": kept.mime_type,
            "scan_status": kept.scan_status,
            "url": f"/files/{kept.uuid}",
        }
    return Json({"success": True, "attachment": told})


@router.post("/session/files/{attachment_id}/remove")
def remove_a_file(attachment_id: UUID, desk: SessionCaller) -> Any:
    """Take a file away again from what is being written."""
    attachments.remove(desk, attachment_id)
    return Json({"success": True})


@router.get("/files/{attachment_id}")
def open_a_file(attachment_id: str, desk: SessionCaller) -> Response:
    """The bytes of a file, for who may see its ticket."""
    try:
        wanted = UUID(attachment_id)
    except ValueError:
        raise NotFound("File") from None
    return files.download(attachments.fetch(desk, wanted))


@router.get("/session/export")
def export_tickets(
    request: Request,
    door: SessionEntrance,
    form: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
    since: date | None = None,
    until: date | None = None,
    department: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> Response:
    """The tickets filed between two days (both included) as a file, for who may read reports.

    Days are those of the browser's time zone.
    """
    actor = door.check()
    actor.must("view_reports", "export tickets")
    span = periods.span_between(
        since, until, utc_now(), cookie.browser_zone(request) or desk_zone()
    )
    reading = partial(open_desk, writes=False, actor=actor, request_id=door.request_id)
    query = TicketQuery(
        created_from=span.start,
        created_before=span.end,
        department_id=department,
        sort="created",
    )
    return sheets.tickets_file(reading, query, form)

"""Every method of the Python client, against the real API."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from ticket_system_sdk import (
    AuthenticationRequired,
    CentcomTickets,
    NotFound,
    PermissionDenied,
    Ticket,
    TicketSystemClient,
    UnexpectedResponse,
    ValidationError,
    VersionConflict,
)
from ticket_system_sdk.model import parse
from ticket_system_sdk.page import Page, parse_page

from tests.api.serving import Served
from tests.contracts import contract
from tests.sdk.conftest import PASSWORD, Client
from ticket_app.core.platform.database import create_database_engine

pytestmark = pytest.mark.xdist_group("served")

NEW: dict[str, Any] = {"title": "It does not start", "description": "It shows nothing."}
CENTCOM = contract.read("centcom")


@pytest.fixture
def uma(client: Client) -> TicketSystemClient:
    """A client with the API key of a user."""
    return client("uma")


@pytest.fixture
def sam(client: Client) -> TicketSystemClient:
    """A client with the API key of an agent."""
    return client("sam")


@pytest.fixture
def ada(client: Client) -> TicketSystemClient:
    """A client with the API key of an admin."""
    return client("ada")


def test_sign_in_refresh_and_sign_out(client: Client) -> None:
    ugo = client(None)
    session = ugo.auth.login("ugo", PASSWORD)
    assert session.token_type == "bearer"
    assert session.expires_in == 3600
    assert session.user.role == "user"
    assert "create_tickets" in session.user.permissions
    assert ugo.auth.me().username == "ugo", "the client uses the session's token"
    renewed = ugo.auth.refresh()
    assert renewed.access_token != session.access_token
    ugo.auth.logout()
    ugo.set_token(renewed.access_token)
    with pytest.raises(AuthenticationRequired):
        ugo.auth.me()


def test_wrong_password_raises_authentication_required(client: Client) -> None:
    with pytest.raises(AuthenticationRequired) as error:
        client(None).auth.login("ugo", "wrong")
    assert error.value.status == 401
    assert error.value.code == "AUTHENTICATION_REQUIRED"


def test_access_token_takes_precedence_over_api_key(client: Client) -> None:
    uma = client("uma")
    session = client(None).auth.login("ugo", PASSWORD)
    uma.set_token(session.access_token)
    assert uma.auth.me().username == "ugo"
    uma.set_token(None)
    assert uma.auth.me().username == "uma"


def test_repr_contains_no_secret(client: Client, server: Served) -> None:
    ugo = client("ada")
    session = ugo.auth.login("ugo", PASSWORD)
    printed = " ".join(map(repr, [ugo, vars(ugo), session, vars(ugo.webhooks)]))
    for secret in (server.tokens["ada"], session.access_token, session.refresh_token):
        assert secret not in printed


def test_token_is_stripped_and_validated(client: Client, server: Served) -> None:
    uma = client(None)
    uma.set_token(f" {server.tokens['uma']}\n")
    assert uma.auth.me().username == "uma"
    for odd in ("two\nlines", "two words", "\u00e9"):
        with pytest.raises(ValueError, match="token") as error:
            uma.set_token(odd)
        assert odd not in str(error.value)
    with pytest.raises(AuthenticationRequired):
        uma.auth.refresh()


def test_ticket_is_created_read_updated_and_deleted(
    uma: TicketSystemClient, sam: TicketSystemClient
) -> None:
    due = datetime(2026, 12, 5, 18, tzinfo=UTC)
    created = uma.tickets.create(
        {
            **NEW,
            "priority": "high",
            "ticket_type": "incident",
            "department_id": 1,
            "tags": ["sdk", "first"],
            "due_date": due,
        }
    )
    assert (created.status, created.priority, created.ticket_type) == ("open", "high", "incident")
    assert created.ticket_number.startswith("TKT-")
    assert created.due_date == due
    assert created.department is not None
    assert created.department.name == "IT"
    assert created.created_by is not None
    assert created.created_by.username == "uma"
    assert set(created.tags) == {"sdk", "first"}
    assert uma.tickets.get(created.ticket_number).id == created.id
    changed = sam.tickets.update(
        created.id, {"status": "in_progress", "due_date": None, "internal_notes": "Looked at it"}
    )
    assert changed.status == "in_progress"
    assert changed.due_date is None
    assert changed.internal_notes == "Looked at it"
    assert uma.tickets.get(created.id).internal_notes is None
    sam.tickets.delete(created.id)
    with pytest.raises(NotFound):
        uma.tickets.get(created.id)


def test_update_with_outdated_etag_raises_version_conflict(sam: TicketSystemClient) -> None:
    ticket = sam.tickets.get(sam.tickets.create(NEW).id)
    assert sam.tickets.update(ticket.id, {"title": "Mine"}, if_match=ticket.etag).title == "Mine"
    with pytest.raises(VersionConflict):
        sam.tickets.update(ticket.id, {"title": "Theirs"}, if_match=ticket.etag)
    assert sam.tickets.get(ticket.id).title == "Mine"


def test_ticket_is_merged_and_separated_again(
    uma: TicketSystemClient, sam: TicketSystemClient
) -> None:
    first, second = uma.tickets.create(NEW), uma.tickets.create(NEW)
    assert sam.tickets.merge(second.id, into=first.ticket_number).id == first.id
    merged = sam.tickets.get(second.id)
    assert merged.status == "closed"
    related = merged.related_tickets[0]
    assert (related.id, related.relation) == (first.id, "merged_into")
    separated = sam.tickets.unmerge(second.ticket_number)
    assert (separated.id, separated.status) == (second.id, "open")
    with pytest.raises(PermissionDenied):
        uma.tickets.merge(second.id, into=first.id)
    with pytest.raises(ValidationError) as error:
        sam.tickets.merge(first.id, into=first.id)
    assert error.value.field == "into"


def test_list_is_filtered_and_iterated_over_all_pages(uma: TicketSystemClient) -> None:
    titles = ["Lamp", "Chair", "Desk", "Shelf", "Door"]
    for title in titles:
        uma.tickets.create({**NEW, "title": title, "tags": ["paged", "sdk"]})
    page = uma.tickets.list(
        status="open",
        priority="medium",
        tags=["paged", "sdk"],
        created_after=datetime(2020, 1, 1, tzinfo=UTC),
        ticket_type="request",
        sort="ticket_number",
        order="desc",
        size=2,
    )
    assert (page.total, page.pages, page.size, len(page)) == (5, 3, 2, 2)
    assert page.has_next
    assert not page.has_prev
    assert page[0].title == "Door"
    assert [ticket.title for ticket in page.all()] == titles[::-1]
    last = uma.tickets.list(tags="paged,sdk", page=3, size=2)
    assert [ticket.title for ticket in last] == ["Lamp"]
    assert last.next() is None
    assert uma.tickets.list(search="shelf", tags="paged").total == 1
    assert uma.tickets.list(status="closed", tags="paged").total == 0


def test_item_that_moves_to_the_next_page_is_yielded_once() -> None:
    def page_data(page: int, ids: list[int]) -> dict[str, Any]:
        items = [{"id": i, "username": f"u{i}"} for i in ids]
        return {"items": items, "total": 4, "page": page, "size": 2, "pages": 2}

    from ticket_system_sdk import User

    def fetch_page(page: int) -> Page[User]:
        return parse_page(User, page_data(page, [3, 4]), fetch_page)

    assert [one.id for one in parse_page(User, page_data(1, [2, 3]), fetch_page).all()] == [2, 3, 4]


def test_errors_are_typed_and_name_the_request(
    uma: TicketSystemClient, ada: TicketSystemClient
) -> None:
    with pytest.raises(ValidationError) as invalid:
        uma.tickets.create({"title": "Only a title"})
    assert (invalid.value.field, invalid.value.status) == ("description", 400)
    assert invalid.value.reason
    assert invalid.value.request_id
    with pytest.raises(ValidationError) as invalid:
        uma.tickets.list(status="nonsense")
    assert invalid.value.field == "status"
    ticket = uma.tickets.create(NEW)
    with pytest.raises(PermissionDenied):
        uma.tickets.update(ticket.id, {"status": "closed"})
    with pytest.raises(PermissionDenied):
        uma.tickets.delete(ticket.id)
    with pytest.raises(NotFound) as missing:
        ada.tickets.get("no/such ticket")
    assert missing.value.code == "RESOURCE_NOT_FOUND"


def test_comments_are_created_listed_changed_and_deleted(
    uma: TicketSystemClient, sam: TicketSystemClient
) -> None:
    ticket = uma.tickets.create(NEW)
    comment = uma.comments.create(ticket_id=ticket.id, content="And this", mentions=["@sam"])
    assert (comment.content, comment.is_internal, comment.edited) == ("And this", False, False)
    assert len(comment.mentions) <= 1
    note = sam.comments.create(ticket_id=ticket.id, content="Known", is_internal=True)
    assert note.is_internal
    assert [one.id for one in uma.comments.list(ticket.id)] == [comment.id]
    comments = sam.comments.list(ticket.id, include_internal=True, size=1)
    assert [one.id for one in comments.all()] == [comment.id, note.id]
    again = uma.comments.update(comment.id, "And that")
    assert (again.content, again.edited) == ("And that", True)
    uma.comments.delete(comment.id)
    assert uma.comments.list(ticket.id).total == 0


@pytest.fixture
def stored_formats(server: Served) -> Iterator[Callable[[str], list[Any]]]:
    """Reads the formats of the description and of each comment of the tickets with a title."""
    engine = create_database_engine(server.database)
    texts = text(
        "SELECT text_formats ->> 'description' FROM ticket WHERE title = :title"
        " UNION ALL SELECT body_format FROM timeline JOIN ticket ON ticket.id = ticket_id"
        " WHERE title = :title AND body <> ''"
    )

    def read_formats(title: str) -> list[Any]:
        with engine.connect() as connection:
            return [*connection.execute(texts, {"title": title}).scalars()]

    yield read_formats
    engine.dispose()


def test_text_format_is_sent(
    uma: TicketSystemClient,
    sam: TicketSystemClient,
    centcom: CentcomTickets,
    stored_formats: Callable[[str], list[Any]],
) -> None:
    ticket = uma.tickets.create({"title": "Formatted", "description": "**a**"})
    comment = uma.comments.create(ticket_id=ticket.id, content="**b**")
    assert stored_formats("Formatted") == ["plain", "plain"]
    sam.tickets.update(ticket.id, {"description": "**c**", "format": "markdown"})
    changed = uma.comments.update(comment.id, format="markdown")
    assert changed.content == "**b**"
    assert stored_formats("Formatted") == ["markdown", "markdown"]
    stated = uma.tickets.create({**NEW, "title": "Stated", "format": "markdown"})
    uma.comments.create(ticket_id=stated.id, content="**d**", format="markdown")
    assert stored_formats("Stated") == ["markdown", "markdown"]
    created = centcom.submit_ticket(
        title="As written",
        description="**e**",
        ticket_type="bug",
        application_section="api",
        format="plain",
    )
    centcom.add_comment(created["ticket"]["id"], "**f**", format="plain")
    assert stored_formats("As written") == ["plain", "plain"]
    with pytest.raises(ValidationError) as error:
        uma.comments.update(comment.id, format="html")  # pyright: ignore[reportArgumentType]
    assert error.value.field == "format"


def test_files_are_uploaded_listed_and_downloaded(
    uma: TicketSystemClient, sam: TicketSystemClient, tmp_path: Path
) -> None:
    ticket = uma.tickets.create({**NEW, "attachments": ["error.log"]})
    path = tmp_path / "error.log"
    path.write_text("10:00 it broke\n")
    by_path = uma.attachments.upload(ticket.id, path, description="What it comment")
    assert (by_path.filename, by_path.size) == ("error.log", 15)
    assert by_path.virus_scan_status == "clean"
    assert by_path.description == "What it comment"
    by_bytes = uma.attachments.upload(ticket.id, b"a,b\n1,2\n", filename="table.csv")
    assert by_bytes.content_type == "text/csv"
    with path.open("rb") as file:
        by_file = uma.attachments.upload(ticket.id, file, filename="again.log")
    listed = uma.attachments.list(ticket.id)
    assert {one.id for one in listed} == {by_path.id, by_bytes.id, by_file.id}
    assert uma.attachments.get(by_file.id).filename == "again.log"
    assert uma.attachments.download(by_file.id) == path.read_bytes()
    copy = uma.attachments.download(by_path.id, tmp_path / "copy.log")
    assert copy.read_bytes() == path.read_bytes()
    sam.attachments.delete(by_file.id)
    with pytest.raises(NotFound):
        uma.attachments.download(by_file.id, tmp_path / "gone.log")
    assert not (tmp_path / "gone.log").exists()
    with pytest.raises(ValidationError, match=r"setup\.exe cannot be attached"):
        uma.attachments.upload(ticket.id, io.BytesIO(b"MZ\x90\x00"), filename="setup.exe")


def test_model_accepts_unknown_fields_and_requires_known_ones() -> None:
    payload = {"id": 1, "username": "u", "nickname": "New in 2.0"}
    from ticket_system_sdk import User

    known: Any = parse(User, payload)
    assert known.nickname == "New in 2.0"
    with pytest.raises(ValueError, match="frozen"):
        known.username = "other"
    with pytest.raises(UnexpectedResponse):
        parse(Ticket, {"id": 1})


@pytest.fixture
def centcom(server: Served) -> Iterator[CentcomTickets]:
    with CentcomTickets(server.address, server.tokens["uma"]) as tickets:
        yield tickets


def test_every_method_of_the_centcom_client(centcom: CentcomTickets, server: Served) -> None:
    created = centcom.submit_ticket(
        title="Centcom, typed",
        description="It files a ticket",
        ticket_type="improvement",
        application_section="api",
        severity="cosmetic",
        tags=["typed"],
    )
    ticket_id = created["ticket"]["id"]
    responses = {
        "submit": created,
        "comment": centcom.add_comment(ticket_id, "And a comment"),
        "comments": centcom.get_comments(ticket_id),
        "upload": centcom.upload_attachment(
            ticket_id, b"it broke", filename="a.txt", attachment_type="log_file", is_public=True
        ),
        "attachments": centcom.get_attachments(ticket_id),
        "details": centcom.get_ticket_details(ticket_id),
        "mine": centcom.get_my_tickets(ticket_type="improvement", limit=1),
    }
    for name, response in responses.items():
        assert not CENTCOM.answer_differs(name, response), name
    with pytest.raises(ValidationError, match="status"):
        centcom.get_my_tickets(status="nonsense")  # pyright: ignore[reportArgumentType]
    with pytest.raises(NotFound, match="Ticket not found"):
        centcom.get_ticket_details("00000000-0000-4000-8000-000000000000")
    with (
        CentcomTickets(server.address, "wrong") as anonymous,
        pytest.raises(AuthenticationRequired),
    ):
        anonymous.get_my_tickets()
    assert server.tokens["uma"] not in repr(centcom)

"""A text sent through one document reads the same in the others, and is shown as it is meant."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As, Working
from tests.api.test_cross_dialect import WAYS, Way
from tests.cast import Cast
from tests.core.test_markup import Reader
from ticket_app.ui.pages.desk.ticket import rows as ticket_rows
from ticket_app.ui.pages.portal.ticket import rows as portal_ticket_rows

SENT = "\\\\fs01\\share\\_archive_\\*.log\n\n  5*4*3   __main__\n\tat a.B(C.java:3) **bold**\n"
PLAIN = ("kubebro", "bmasia", "enterprise", "ticketing")
COMMENT_PATHS = {
    "bmasia": ("/api/v1/ticket-comments/{id}/", "text"),
    "enterprise": ("/comments/{id}", "content"),
}
"""Where a comment is changed, in the documents that have it."""


def whole_text(html: str) -> str:
    """The text of a plain text's HTML."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.text


def shown(working: Working, cast: Cast, ticket_id: int = 1) -> list[str]:
    """The HTML of the description and the comments, on the desk and on the portal."""
    with working(cast.agent) as uow:
        items = ticket_rows.load_ticket_page(uow, ticket_id, "talk").items
    with working(cast.owner) as uow:
        messages = portal_ticket_rows.load_ticket(uow, str(ticket_id)).messages
    staff_html = [item.html for item in items if item.kind == "message"]
    return [*staff_html, *(message.html for message in messages)]


def comment(way: Way, client: TestClient, ticket: dict[str, Any], **body: Any) -> Any:
    path = way.comments.format(base=way.base, id=ticket["id"])
    return client.post(path, json=body)


@pytest.fixture
def writes(as_: As, cast: Cast) -> TestClient:
    return as_(cast.owner)


@pytest.mark.parametrize("name", WAYS)
def test_what_was_sent_is_what_is_read_through_every_document(
    writes: TestClient, agent: TestClient, name: str
) -> None:
    way = WAYS[name]
    made = way.file(writes, description=SENT)
    assert comment(way, writes, made, **{way.comment_field: SENT}).status_code in (200, 201)
    ids = {row["description"] for other in WAYS.values() for row in other.listed(writes)}
    assert ids == {SENT}
    for other in WAYS.values():
        found = other.listed(agent if other.base != "/api/tickets" or other.slash else writes)[0]
        payload = other.read(writes, found["id"])
        assert payload["description"] == SENT
        assert [one[other.comment_field] for one in payload["comments"]] == [SENT]


@pytest.mark.parametrize("stated", [None, "plain", "markdown"])
@pytest.mark.parametrize("name", WAYS)
def test_the_web_app_shows_a_text_in_its_format(
    writes: TestClient, working: Working, cast: Cast, name: str, stated: str | None
) -> None:
    way = WAYS[name]
    also = {"format": stated} if stated else {}
    made = way.file(writes, description=SENT, **also)
    assert comment(way, writes, made, **{way.comment_field: SENT}, **also).status_code in (200, 201)
    messages = shown(working, cast)
    assert len(messages) == 4
    is_plain = (stated or ("plain" if name in PLAIN else "markdown")) == "plain"
    for html in messages:
        if is_plain:
            assert whole_text(html) == SENT
        else:
            assert "<strong>bold</strong>" in html
            assert r"\\fs01\share\_archive_\*.log" in html
            assert "5*4*3   __main__" in html


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("wrong", ["html", "PLAIN", 1, ["plain"]])
def test_an_unknown_format_is_refused_in_the_form_of_the_document(
    writes: TestClient, name: str, wrong: Any
) -> None:
    way = WAYS[name]
    made = way.file(writes)
    body = {way.title: "A", "description": "B", **way.also, "format": wrong}
    answers = [
        writes.post(way.base + way.slash, json=body),
        comment(way, writes, made, **{way.comment_field: "C"}, format=wrong),
    ]
    if name != "centcom":
        path = f"{way.base}/{made['id']}{way.slash}"
        answers.append(writes.patch(path, json={"description": "D", "format": wrong}))
    if name in COMMENT_PATHS:
        comment_field = comment(way, writes, made, **{way.comment_field: "C"}).json()
        path, field = COMMENT_PATHS[name]
        path = path.format(id=comment_field.get("data", comment_field)["id"])
        answers.append(writes.patch(path, json={field: "D", "format": wrong}))
    for answer in answers:
        assert answer.status_code == 400, answer.text
        assert "format" in answer.text
        if name in ("kubebro", "bmasia", "ticketing"):
            assert [*answer.json()] == ["format"]


@pytest.mark.parametrize("name", WAYS)
def test_answers_have_the_fields_of_the_document_only(writes: TestClient, name: str) -> None:
    way = WAYS[name]
    made = way.file(writes, format="plain")
    assert "format" not in made
    assert (
        "format" not in comment(way, writes, made, **{way.comment_field: "C"}, format="plain").text
    )
    assert not {"format", "text_formats"} & way.read(writes, made["id"]).keys()


@pytest.mark.parametrize("name", [name for name in WAYS if name != "centcom"])
def test_an_edit_keeps_the_format_unless_it_states_one(
    writes: TestClient, working: Working, cast: Cast, name: str
) -> None:
    way = WAYS[name]
    path = f"{way.base}/{way.file(writes, format='markdown')['id']}{way.slash}"

    def change(**body: Any) -> str:
        assert writes.patch(path, json=body).status_code == 200
        return shown(working, cast)[0]

    assert "<strong>bold</strong>" in change(description=SENT)
    assert whole_text(change(description=SENT + "!", format="plain")) == SENT + "!"
    assert whole_text(change(description=SENT)) == SENT
    assert "<strong>bold</strong>" in change(format="markdown")
    assert "<strong>bold</strong>" in change(**{way.title: "Another"}, format=None)


@pytest.mark.parametrize("name", COMMENT_PATHS)
def test_a_comment_that_is_changed_keeps_its_format_unless_one_is_stated(
    writes: TestClient, working: Working, cast: Cast, name: str
) -> None:
    way, (path, field) = WAYS[name], COMMENT_PATHS[name]
    comment_field = comment(way, writes, way.file(writes), **{way.comment_field: "first"}).json()
    path = path.format(id=comment_field.get("data", comment_field)["id"])

    def change(**body: Any) -> str:
        assert writes.patch(path, json=body).status_code == 200
        return shown(working, cast)[1]

    assert whole_text(change(**{field: SENT})) == SENT
    assert "<strong>bold</strong>" in change(format="markdown")
    assert "<strong>changed</strong>" in change(**{field: "**changed**"})


def test_notes_and_feedback_have_a_format_too(
    agent: TestClient, owner: TestClient, working: Working, cast: Cast
) -> None:
    made = WAYS["enterprise"].file(owner)
    notes = {"internal_notes": SENT, "public_notes": SENT}
    assert agent.patch(f"/tickets/{made['id']}", json=notes).status_code == 200
    feedback = {"status": "in_progress", "admin_feedback": SENT, "format": "markdown"}
    path = f"/api/tickets/{made['id']}/update_status/"
    assert agent.patch(path, json=feedback).status_code == 200
    with working(cast.agent) as uow:
        ticket = ticket_rows.load_ticket_page(uow, made["id"], "all").ticket
    assert whole_text(ticket.properties["internal_notes"]) == SENT
    assert "<strong>bold</strong>" in ticket.properties["admin_feedback"]
    with working(cast.owner) as uow:
        (payload,) = portal_ticket_rows.load_ticket(uow, str(made["id"])).rendered_long_texts
    assert whole_text(payload.value) == SENT


def test_a_format_beside_a_file_is_checked(owner: TestClient) -> None:
    made = WAYS["ticketing"].file(owner)
    path = f"/api/ticketing/tickets/{made['id']}/add_attachment/"
    file = {"file": ("a.txt", b"hello", "text/plain")}
    answer = owner.post(path, files=file, data={"description": "x", "format": "html"})
    assert (answer.status_code, [*answer.json()]) == (400, ["format"])
    answer = owner.post(path, files=file, data={"description": "x", "format": "plain"})
    assert answer.status_code == 201

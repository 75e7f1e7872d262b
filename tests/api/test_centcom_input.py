"""What Centcom's clients may send wrongly: each is refused with 400 and a sentence that helps."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, CreateTicket
from tests.contracts import contract
from ticket_app.api.kit.request_checks import MAX_BODY_SIZE

CENTCOM = contract.read("centcom")
SUBMIT = CENTCOM.endpoint("submit")["body"]
REQUIRED = [field for field, facts in SUBMIT.items() if facts.get("required")]
MAY_BE_EMPTY = [field for field in REQUIRED if "empty" in SUBMIT[field]]
EMPTY = ("", "  \n\t")
WORDS = {
    field: facts["type"].removeprefix("word ")
    for field, facts in SUBMIT.items()
    if facts["type"].startswith("word ")
}
TEXTS = [field for field, facts in SUBMIT.items() if facts["type"] == "text"]
OF_OTHER_TYPES: dict[str, tuple[Any, ...]] = {
    "text": (12, 1.5, True, ["a"], {"a": 1}),
    "word": (1, True, ["bug"], {}),
    "facts": ("os", 1, ["os"], True),
    "list of text": ("a,b", 1, {"a": 1}, [1], [["a"]], [None]),
}

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refused(client: TestClient, field: str, body: Any = None, **sent: Any) -> str:
    """The sentence a submission was refused with; it names the field, and nothing was created."""
    sent = sent or {"json": {**NEW_TICKET, **body}}
    answer = client.post("/api/tickets", **sent)
    assert answer.status_code == 400, answer.text
    assert not CENTCOM.failure_differs(answer.json())
    payload = answer.json()["error"]
    assert re.match(rf"The {field}(\.\d+)? ", payload), payload
    assert payload.endswith(".")
    assert client.get("/api/tickets").json()["tickets"] == []
    return answer.json()["error"]


def nested(depth: int) -> Any:
    return {"a": nested(depth - 1)} if depth else 1


@only_sqlite
class TestFields:
    @pytest.mark.parametrize("field", REQUIRED)
    def test_a_required_field_is_missing(self, owner: TestClient, field: str) -> None:
        body = {name: value for name, value in NEW_TICKET.items() if name != field}
        payload = refused(owner, field, json=body)
        assert payload == f"The {field} field is required."

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *((field, None) for field in REQUIRED),
            *((field, value) for field in REQUIRED if field not in MAY_BE_EMPTY for value in EMPTY),
        ],
    )
    def test_a_required_field_is_empty(self, owner: TestClient, field: str, value: Any) -> None:
        refused(owner, field, {field: value})

    @pytest.mark.parametrize("value", EMPTY)
    def test_an_empty_section_means_other(self, owner: TestClient, value: str) -> None:
        answer = owner.post("/api/tickets", json={**NEW_TICKET, "application_section": value})
        assert answer.status_code == 200, answer.text
        path = f"/api/tickets/{answer.json()['ticket']['id']}"
        assert owner.get(path).json()["ticket"]["application_section"] == "other"
        listed = owner.get("/api/tickets").json()["tickets"]
        assert [ticket["application_section"] for ticket in listed] == ["other"]

    def test_every_wrong_field_is_named_at_once(self, owner: TestClient) -> None:
        payload = refused(owner, "title", json={"description": 5, "ticket_type": "bug"})
        assert payload == (
            "The title field is required. The description field must be a string. "
            "The application_section field is required."
        )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            (field, value)
            for field, facts in SUBMIT.items()
            for value in OF_OTHER_TYPES[
                "word" if facts["type"].startswith("word") else facts["type"]
            ]
        ],
    )
    def test_a_value_of_another_type(self, owner: TestClient, field: str, value: Any) -> None:
        refused(owner, field, {field: value})

    @pytest.mark.parametrize("field", WORDS)
    @pytest.mark.parametrize("word", ["nonsense", "BUG", "High ", "urgent", "incident", ""])
    def test_an_unknown_word_is_answered_with_the_known_ones(
        self, owner: TestClient, field: str, word: str
    ) -> None:
        payload = refused(owner, field, {field: word})
        for known in CENTCOM.words(WORDS[field]):
            assert known in payload

    @pytest.mark.parametrize("field", WORDS)
    def test_every_known_word_is_taken(self, owner: TestClient, field: str) -> None:
        for word in CENTCOM.words(WORDS[field]):
            answer = owner.post("/api/tickets", json={**NEW_TICKET, field: word})
            assert answer.status_code == 200
            path = f"/api/tickets/{answer.json()['ticket']['id']}"
            assert owner.get(path).json()["ticket"][field] == word

    @pytest.mark.parametrize("field", TEXTS)
    def test_text_of_maximum_length_is_accepted_and_one_character_more_is_rejected(
        self, owner: TestClient, field: str
    ) -> None:
        max_length = SUBMIT[field]["longest"]
        refused(owner, field, {field: "ü" * (max_length + 1)})
        answer = owner.post("/api/tickets", json={**NEW_TICKET, field: "ü" * max_length})
        assert answer.status_code == 200
        path = f"/api/tickets/{answer.json()['ticket']['id']}"
        assert owner.get(path).json()["ticket"][field] == "ü" * max_length

    @pytest.mark.parametrize("value", [["t" * 61], [f"tag {n}" for n in range(21)], ["a", "b\x00"]])
    def test_tags_have_bounds(self, owner: TestClient, value: list[str]) -> None:
        refused(owner, "tags", {"tags": value})

    def test_tags_are_kept_once(self, owner: TestClient, create_ticket: CreateTicket) -> None:
        ticket = create_ticket(tags=["UI", "ui", " two  words ", ""])
        payload = owner.get(f"/api/tickets/{ticket['id']}").json()["ticket"]
        assert payload["tags"] == ["UI", "two words"]

    @pytest.mark.parametrize("value", [nested(7), {"a": "x" * 20_000}, {"a": "\x00"}])
    def test_environment_has_bounds(self, owner: TestClient, value: Any) -> None:
        refused(owner, "environment_info", {"environment_info": value})

    @pytest.mark.parametrize("value", [{}, nested(6), {"": "", "ключ": [1, 2.5, None, True]}])
    def test_environment_is_kept_as_it_is(
        self, owner: TestClient, create_ticket: CreateTicket, value: dict[str, Any]
    ) -> None:
        ticket = create_ticket(environment_info=value)
        payload = owner.get(f"/api/tickets/{ticket['id']}").json()["ticket"]
        assert payload["environment_info"] == value

    @pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": " \n"}, {"content": 5}])
    def test_a_comment_needs_words(
        self, owner: TestClient, create_ticket: CreateTicket, body: Any
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        answer = owner.post(path, json=body)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("The content field ")
        assert owner.get(path).json()["comments"] == []

    def test_comment_of_maximum_length_is_accepted(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        assert owner.post(path, json={"content": "x" * 50_001}).status_code == 400
        assert owner.post(path, json={"content": "x" * 50_000}).status_code == 200

    def test_text_is_kept_to_the_letter(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        written = (
            "  <script>alert(1)</script>\r\n\t' OR 1=1 -- 🐛 \u202e \u200d e\u0301 %00 \\u0000"
        )
        ticket = create_ticket(description=written, steps_to_reproduce=written)
        payload = owner.get(f"/api/tickets/{ticket['id']}").json()["ticket"]
        assert payload["description"] == payload["steps_to_reproduce"] == written
        path = f"/api/tickets/{ticket['id']}/comments"
        assert owner.post(path, json={"content": written}).json()["comment"]["content"] == written


class TestCharactersNoDatabaseTakes:
    """On both databases: PostgreSQL refuses what SQLite would take."""

    @pytest.mark.parametrize("sign", ["\\u0000", "\\ud800", "\\udc00\\ud800"])
    def test_unstorable_characters_in_texts_are_rejected(
        self, owner: TestClient, sign: str
    ) -> None:
        for field in ("title", "description", "plugin_name", "expected_behavior"):
            body = json.dumps({**NEW_TICKET, field: "SIGN"}).replace("SIGN", f"a{sign}b")
            headers = {"Content-Type": "application/json"}
            answer = owner.post("/api/tickets", content=body, headers=headers)
            assert answer.status_code == 400, answer.text
            assert not CENTCOM.failure_differs(answer.json())

    @pytest.mark.parametrize("sign", ["\\u0000", "\\ud800"])
    def test_unstorable_characters_in_lists_and_environments_are_rejected(
        self, owner: TestClient, sign: str
    ) -> None:
        for part in ('"tags": ["SIGN"]', '"environment_info": {"SIGN": 1}', '"a": "SIGN"'):
            body = json.dumps(NEW_TICKET)[:-1] + f", {part}}}".replace("SIGN", sign)
            headers = {"Content-Type": "application/json"}
            answer = owner.post("/api/tickets", content=body, headers=headers)
            assert answer.status_code in ((200, 400) if part.startswith('"a"') else (400,))

    @pytest.mark.parametrize(
        "path", ["?status=%00", "?ticket_type=%ED%A0%80", "/%00", "/%ED%A0%80", "/BUG-%00"]
    )
    def test_unstorable_characters_in_addresses_are_rejected(
        self, owner: TestClient, path: str
    ) -> None:
        answer = owner.get(f"/api/tickets{path}")
        assert answer.status_code in (400, 404)
        assert not CENTCOM.failure_differs(answer.json())

    def test_unstorable_characters_in_headers_do_not_stop_a_submission(
        self, owner: TestClient
    ) -> None:
        headers = {"X-Client-Version": b"\xff\xfe", "X-Client-App": b"\xff"}
        answer = owner.post("/api/tickets", json=NEW_TICKET, headers=headers)
        assert answer.status_code == 200


@only_sqlite
class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"not json",
            b'{"title": }',
            b"\xff\xfe\x00",
            b'{"title": "\xff"}',
            b"null",
            b"[]",
            b'"text"',
            b"5",
            b"NaN",
            b"[" * 200_000,
            b'{"a":' * 100_000,
            b'{"title": ' + b"9" * 5_000 + b"}",
        ],
    )
    def test_bodies_that_are_no_ticket_are_rejected(self, owner: TestClient, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        answer = owner.post("/api/tickets", content=body, headers=headers)
        assert answer.status_code == 400, answer.text[:300]
        assert not CENTCOM.failure_differs(answer.json())

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x", ""]
    )
    def test_other_content_types_are_rejected(self, owner: TestClient, kind: str) -> None:
        answer = owner.post(
            "/api/tickets", content=json.dumps(NEW_TICKET), headers={"Content-Type": kind}
        )
        assert answer.status_code == 400
        assert not CENTCOM.failure_differs(answer.json())

    @pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
    def test_json_by_another_spelling(self, owner: TestClient, kind: str) -> None:
        answer = owner.post(
            "/api/tickets", content=json.dumps(NEW_TICKET), headers={"Content-Type": kind}
        )
        assert answer.status_code == 200

    def test_a_form_is_no_ticket(self, owner: TestClient) -> None:
        assert owner.post("/api/tickets", data=NEW_TICKET).status_code == 400
        files = {"file": ("a.txt", b"x")}
        answer = owner.post("/api/tickets", data=NEW_TICKET, files=files)
        assert answer.status_code == 400
        assert not CENTCOM.failure_differs(answer.json())

    def test_huge_body_is_rejected(self, owner: TestClient) -> None:
        body = json.dumps({**NEW_TICKET, "plugin_name": "x" * MAX_BODY_SIZE})
        headers = {"Content-Type": "application/json"}
        for content in (
            body.encode(),
            (body.encode()[n : n + 65_536] for n in range(0, len(body), 65_536)),
        ):
            answer = owner.post("/api/tickets", content=content, headers=headers)
            assert answer.status_code == 400
            assert answer.json()["error"].startswith("The request body must have at most")

    def test_who_is_not_known_learns_nothing_of_the_input(self, nobody: TestClient) -> None:
        for sent in ({"json": {}}, {"content": b"{"}, {"json": NEW_TICKET}):
            answer = nobody.post("/api/tickets", **sent)
            assert answer.status_code == 401
        assert nobody.get("/api/tickets?status=nonsense").status_code == 401

    def test_a_key_given_twice_has_its_last_value(self, owner: TestClient) -> None:
        body = json.dumps(NEW_TICKET)[:-1] + ', "title": "The last"}'
        headers = {"Content-Type": "application/json"}
        answer = owner.post("/api/tickets", content=body, headers=headers)
        assert answer.json()["ticket"]["title"] == "The last"

    def test_a_body_on_a_get_is_ignored(self, owner: TestClient) -> None:
        answer = owner.request(
            "GET", "/api/tickets", content=b"{", headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 200


@only_sqlite
class TestCredentials:
    @pytest.mark.parametrize(
        "value",
        [
            "",
            "Bearer",
            "Bearer ",
            "Bearer wrong",
            "Bearer tk_wrong",
            "Bearer a.b.c",
            "Basic b3duZXI6b3duZXI=",
            "Bearer " + "x" * 20_000,
            "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
            "token tk_x",
        ],
    )
    def test_malformed_tokens_are_rejected(self, nobody: TestClient, value: str) -> None:
        answer = nobody.get("/api/tickets", headers={"Authorization": value})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert not CENTCOM.failure_differs(answer.json())

    def test_an_api_key_is_an_api_token(self, owner: TestClient, nobody: TestClient) -> None:
        token = owner.headers["authorization"].removeprefix("Bearer ")
        assert nobody.get("/api/tickets", headers={"X-API-Key": token}).status_code == 200
        assert nobody.get("/api/tickets", headers={"X-API-Key": "wrong"}).status_code == 401

    @pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
    def test_the_scheme_has_no_case(
        self, owner: TestClient, nobody: TestClient, scheme: str
    ) -> None:
        token = owner.headers["authorization"].removeprefix("Bearer ")
        headers = {"Authorization": f"{scheme} {token}"}
        assert nobody.get("/api/tickets", headers=headers).status_code == 200

    def test_a_cookie_is_no_token(self, nobody: TestClient) -> None:
        from tests.cast import PASSWORD

        form = {"username": "owner", "password": PASSWORD}
        answer = nobody.post("/session/login", data=form, follow_redirects=False)
        assert answer.status_code == 303
        assert nobody.cookies
        assert nobody.get("/api/tickets").status_code == 401

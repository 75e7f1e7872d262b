"""What every dialect has in common: ids of requests, repeats, fresh copies, unknown paths."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, As, CreateTicket
from tests.cast import Cast
from ticket_app.core.platform import idempotency
from ticket_app.tables import IdempotentResponse

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATH = "/api/tickets"


def post(client: TestClient, key: str, body: Any = NEW_TICKET, path: str = PATH) -> Any:
    return client.post(path, json=body, headers={"Idempotency-Key": key})


def count(client: TestClient) -> int:
    return len(client.get(PATH).json()["tickets"])


class TestIdempotencyKey:
    def test_repeated_request_returns_the_first_response(self, owner: TestClient) -> None:
        first, second = post(owner, "a"), post(owner, "a")
        assert first.status_code == second.status_code == 200
        assert first.content == second.content
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"
        assert second.headers["content-type"] == "application/json"
        assert count(owner) == 1

    def test_another_body_under_the_key_is_refused(self, owner: TestClient) -> None:
        post(owner, "a")
        answer = post(owner, "a", {**NEW_TICKET, "title": "Another"})
        assert answer.status_code == 422
        assert answer.json() == {
            "success": False,
            "error": "This Idempotency-Key was used for another request",
        }
        assert count(owner) == 1

    def test_keys_belong_to_a_person_and_a_path(
        self, owner: TestClient, stranger: TestClient
    ) -> None:
        ticket_id = post(owner, "a").json()["ticket"]["id"]
        assert "idempotency-replayed" not in post(stranger, "a").headers
        comment = post(owner, "a", {"content": "x"}, f"{PATH}/{ticket_id}/comments")
        assert comment.status_code == 200
        assert post(owner, "b").json()["ticket"]["ticket_key"] == "BUG-3"

    def test_a_comment_is_made_once(self, owner: TestClient, create_ticket: CreateTicket) -> None:
        path = f"{PATH}/{create_ticket()['id']}/comments"
        first, second = (post(owner, "a", {"content": "x"}, path) for _ in range(2))
        assert first.content == second.content
        assert len(owner.get(path).json()["comments"]) == 1

    def test_a_file_is_kept_once(self, owner: TestClient, create_ticket: CreateTicket) -> None:
        path = f"{PATH}/{create_ticket()['id']}/attachments"

        def send(content: bytes, kind: str = "other") -> Any:
            return owner.post(
                path,
                files={"file": ("a.txt", content)},
                data={"attachment_type": kind},
                headers={"Idempotency-Key": "a"},
            )

        first, second = send(b"one"), send(b"one")
        assert first.status_code == 200
        assert first.content == second.content
        assert second.headers["idempotency-replayed"] == "true"
        assert send(b"two").status_code == 422
        assert send(b"one", "document").status_code == 422
        assert len(owner.get(path).json()["attachments"]) == 1

    def test_a_replayed_file_leaves_no_second_copy(
        self, owner: TestClient, create_ticket: CreateTicket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ticket_app.core.attachments import uploading

        path = f"{PATH}/{create_ticket()['id']}/attachments"
        forgotten: list[Any] = []
        forget = uploading.discard_upload
        monkeypatch.setattr(
            uploading, "discard_upload", lambda kept: (forgotten.append(kept), forget(kept))
        )
        examined: list[Any] = []
        examine = uploading.count_check_and_store

        def watched(*args: Any, **named: Any) -> Any:
            examined.append(examine(*args, **named))
            return examined[-1]

        monkeypatch.setattr(uploading, "count_check_and_store", watched)
        for _ in range(3):
            owner.post(path, files={"file": ("a.txt", b"one")}, headers={"Idempotency-Key": "a"})
        assert len(examined) - len(forgotten) == 1

    def test_many_at_once_have_one_effect(self, as_: As, cast: Cast, owner: TestClient) -> None:
        def send(client: TestClient) -> Any:
            return post(client, "a")

        clients = [as_(cast.owner) for _ in range(8)]
        with ThreadPoolExecutor(len(clients)) as pool:
            answers = list(pool.map(send, clients))
        assert {answer.status_code for answer in answers} <= {200, 409}
        made = {answer.content for answer in answers if answer.status_code == 200}
        assert len(made) == 1
        assert count(owner) == 1

    def test_what_was_refused_may_be_tried_again(self, owner: TestClient) -> None:
        assert post(owner, "a", {"title": "x"}).status_code == 400
        assert post(owner, "a").status_code == 200

    @pytest.mark.parametrize("key", ["", "x" * 256, "a\x07b"])
    @only_sqlite
    def test_a_key_has_bounds(self, owner: TestClient, key: str) -> None:
        answer = owner.post(PATH, json=NEW_TICKET, headers={b"Idempotency-Key": key.encode()})
        assert answer.status_code == 400
        assert answer.json()["error"] == (
            "The Idempotency-Key header must have 1 to 255 printable characters."
        )
        assert count(owner) == 0

    def test_key_of_maximum_length_is_accepted(self, owner: TestClient) -> None:
        assert post(owner, "x" * 255).status_code == 200

    def test_a_key_on_a_get_means_nothing(self, owner: TestClient) -> None:
        answers = [owner.get(PATH, headers={"Idempotency-Key": "a"}) for _ in range(2)]
        assert all("idempotency-replayed" not in answer.headers for answer in answers)

    def test_a_key_is_forgotten_after_a_day(self, owner: TestClient, database: Any) -> None:
        from ticket_app.core.platform.unit_of_work import utc_now

        post(owner, "a")
        with database.begin() as connection:
            kept: Any = IdempotentResponse.__table__  # type: ignore[attr-defined]
            long_ago = utc_now() - idempotency.RETENTION
            connection.execute(kept.update().values(created_at=long_ago))
        assert "idempotency-replayed" not in post(owner, "a").headers
        assert count(owner) == 2

    def test_nobody_learns_of_kept_answers(self, owner: TestClient, nobody: TestClient) -> None:
        post(owner, "a")
        assert post(nobody, "a").status_code == 401


class TestETag:
    def test_unchanged_resource_answers_not_modified(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        ticket = create_ticket()
        for path in (
            PATH,
            f"{PATH}?status=open",
            f"{PATH}/{ticket['id']}",
            f"{PATH}/{ticket['id']}/comments",
            f"{PATH}/{ticket['id']}/attachments",
        ):
            first = owner.get(path)
            again = owner.get(path, headers={"If-None-Match": first.headers["etag"]})
            assert again.status_code == 304
            assert again.content == b""
            assert again.headers["etag"] == first.headers["etag"]
            assert "private" in first.headers["cache-control"]

    def test_a_change_makes_a_copy_stale(
        self, owner: TestClient, agent: TestClient, create_ticket: CreateTicket
    ) -> None:
        path = f"{PATH}/{create_ticket()['id']}"
        etag = owner.get(path).headers["etag"]
        agent.post(f"{path}/comments", json={"content": "Seen"})
        answer = owner.get(path, headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert answer.headers["etag"] != etag

    @only_sqlite
    @pytest.mark.parametrize("form", ["{0}", '"x", {0}', "*", "W/{1}", "{1}"])
    def test_every_form_of_the_tag_is_recognised(self, owner: TestClient, form: str) -> None:
        etag = owner.get(PATH).headers["etag"]
        asked = form.format(etag, etag.removeprefix("W/"))
        assert owner.get(PATH, headers={"If-None-Match": asked}).status_code == 304

    @only_sqlite
    @pytest.mark.parametrize("asked", ['"x"', "x", ",,,", ""])
    def test_other_tags_return_the_whole_resource(self, owner: TestClient, asked: str) -> None:
        assert owner.get(PATH, headers={"If-None-Match": asked}).status_code == 200

    def test_guessed_etag_reveals_nothing_to_a_stranger(
        self, owner: TestClient, stranger: TestClient, create_ticket: CreateTicket
    ) -> None:
        path = f"{PATH}/{create_ticket()['id']}"
        etag = owner.get(path).headers["etag"]
        for asked in (etag, "*"):
            assert stranger.get(path, headers={"If-None-Match": asked}).status_code == 404


@only_sqlite
class TestRequestId:
    @pytest.mark.parametrize("path", [PATH, "/api/tickets/x", "/api/nonsense", "/auth/me"])
    def test_every_answer_has_one(self, owner: TestClient, nobody: TestClient, path: str) -> None:
        for client in (owner, nobody):
            assert UUID(client.get(path).headers["x-request-id"])

    @pytest.mark.parametrize("given", ["abc", "550e8400-e29b-41d4-a716-446655440000", "a.b_c-1"])
    def test_a_well_formed_one_comes_back(self, owner: TestClient, given: str) -> None:
        answer = owner.get(PATH, headers={"X-Request-ID": given})
        assert answer.headers["x-request-id"] == given

    @pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "a;b", 'a"b', "é", "\t"])
    def test_any_other_is_replaced(self, owner: TestClient, given: str) -> None:
        answer = owner.get(PATH, headers={b"X-Request-ID": given.encode()})
        assert UUID(answer.headers["x-request-id"])

    def test_request_id_is_logged_with_the_actor(
        self, owner: TestClient, capfd: pytest.CaptureFixture[str], caplog: Any
    ) -> None:
        import logging

        uow = logging.getLogger("desk")
        uow.addHandler(caplog.handler)
        try:
            owner.get(PATH, headers={"X-Request-ID": "seen-in-the-log"})
        finally:
            uow.removeHandler(caplog.handler)
        (line,) = [
            given
            for record in caplog.records
            if (given := json.loads(record.getMessage())).get("request_id") == "seen-in-the-log"
        ]
        assert line["actor"] == "owner"
        assert (line["method"], line["path"], line["status"]) == ("GET", PATH, 200)
        assert owner.headers["authorization"] not in caplog.text


@only_sqlite
class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        "path",
        [
            "/api/tickets/x/nonsense",
            "/api/tickets/x/comments/y",
            "/api/tickets//comments",
            "/api/admin/nonsense",
            "/api/tickets/a/b/c/d",
        ],
    )
    def test_an_unknown_path_is_refused_in_the_guides_form(
        self, owner: TestClient, path: str
    ) -> None:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "BREW"):
            answer = owner.request(method, path)
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/json"
            assert answer.json().keys() == {"success", "error"}
            assert answer.json()["success"] is False

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("PUT", "/api/tickets", {"GET", "POST"}),
            ("DELETE", "/api/tickets", {"GET", "POST"}),
            ("PATCH", "/api/tickets/x", {"GET"}),
            ("POST", "/api/tickets/x", {"GET"}),
            ("DELETE", "/api/tickets/x/comments", {"GET", "POST"}),
            ("PUT", "/api/tickets/x/attachments", {"GET", "POST"}),
            ("GET", "/api/admin/setup-ticket-management", {"POST"}),
            ("PROPFIND", "/api/tickets", {"GET", "POST"}),
            ("TRACE", "/api/tickets/x", {"GET"}),
        ],
    )
    def test_an_unknown_method_is_refused_in_the_guides_form(
        self, owner: TestClient, method: str, path: str, allowed: set[str]
    ) -> None:
        answer = owner.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["content-type"] == "application/json"
        assert answer.json().keys() == {"success", "error"}
        assert set(answer.headers["allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed

    @pytest.mark.parametrize(
        "path", ["/api/tickets/", "/api/tickets/x/", "/api/tickets/x/comments/"]
    )
    def test_with_a_slash_behind_it_is_not_centcoms(self, owner: TestClient, path: str) -> None:
        for method, sent in (("GET", None), ("POST", NEW_TICKET)):
            answer = owner.request(method, path, json=sent, follow_redirects=False)
            assert not answer.is_redirect
            assert "success" not in answer.json()

    def test_options_request_lists_the_allowed_methods(self, nobody: TestClient) -> None:
        answer = nobody.options("/api/tickets")
        assert answer.status_code == 204
        assert answer.content == b""
        assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))

    @pytest.mark.parametrize("path", [PATH, "/api/tickets/x"])
    def test_head_is_get_without_a_body(
        self, owner: TestClient, nobody: TestClient, create_ticket: CreateTicket, path: str
    ) -> None:
        path = path.replace("x", create_ticket()["id"]) if path.endswith("/x") else path
        whole, head = owner.get(path), owner.head(path)
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["etag"] == whole.headers["etag"]
        assert nobody.head(path).status_code == 401

    def test_the_auth_prefix_answers_in_its_own_form(self, nobody: TestClient) -> None:
        answer = nobody.get("/auth/nonsense")
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "RESOURCE_NOT_FOUND"
        assert nobody.get("/auth/login").status_code == 405


class TestBreakage:
    def test_unexpected_error_is_reported_without_internal_details(
        self, owner: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ticket_app.core.tickets import ticket_list

        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError("secret insides")

        monkeypatch.setattr(ticket_list, "page", broken)
        answer = owner.get(PATH)
        assert answer.status_code == 500
        assert answer.json() == {
            "success": False,
            "error": "Something went wrong on our side; nothing was changed",
        }
        assert "secret" not in answer.text

    def test_what_breaks_half_way_has_no_effect(
        self, owner: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ticket_app.core.tickets import counters

        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError

        with monkeypatch.context() as patched:
            patched.setattr(counters, "move", broken)
            assert post(owner, "a").status_code == 500
        assert count(owner) == 0
        assert post(owner, "a").json()["ticket"]["ticket_key"] == "BUG-1"


def test_a_path_of_no_dialect_is_refused_as_json(owner: TestClient) -> None:
    answer = owner.get("/api/nowhere")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Page not found."}

"""Centcom's tickets and comments: what each endpoint answers, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, As, CreateTicket, Working, file
from tests.cast import Cast
from ticket_app.api.dialects.centcom.vocabulary import STATUS
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.vocabulary import Kind, Priority, Status
from ticket_app.core.tickets import assigning, editing, locking, opening, status_changes, trash
from ticket_app.settings import reload_settings

MISSING = "00000000-0000-4000-8000-000000000000"
EVERYTHING: dict[str, Any] = {
    "title": "Cannot reach the cluster",
    "description": "It **times out**\n\n```\nERROR 10060\n```\n<script>alert(1)</script>",
    "ticket_type": "bug",
    "priority": "high",
    "severity": "major",
    "application_section": "database_connectivity",
    "plugin_name": "PostgreSQL Connector",
    "centcom_version": "2.1.4",
    "steps_to_reproduce": "1. Open\n2. Connect",
    "expected_behavior": "It connects",
    "actual_behavior": "It waits",
    "reproduction_rate": "always",
    "environment_info": {"os": "Windows 11", "screen": {"width": 1920}, "tools": ["a", 1, None]},
    "tags": ["database", "Zeitüberschreitung"],
}


def moment(payload: str) -> datetime:
    at = datetime.fromisoformat(payload)
    assert payload.endswith("Z")
    assert at.tzinfo == UTC
    return at


def change(working: Working, cast: Cast, ticket_id: str, *statuses: Status) -> None:
    """Put a ticket through these statuses, each in a request of its own."""
    for status in statuses:
        with working(cast.agent) as uow:
            status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)


class TestSubmit:
    def test_submitted_ticket_has_every_documented_field(self, owner: TestClient) -> None:
        before = datetime.now(UTC) - timedelta(seconds=1)
        answer = owner.post("/api/tickets", json=EVERYTHING)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        payload = answer.json()
        ticket_id = payload["ticket"].pop("id")
        created = moment(payload["ticket"].pop("created_at"))
        assert moment(payload["ticket"].pop("updated_at")) == created
        assert before <= created <= datetime.now(UTC)
        assert payload == {
            "success": True,
            "ticket": {
                "ticket_key": "BUG-1",
                "title": EVERYTHING["title"],
                "status": "open",
                "priority": "high",
                "ticket_type": "bug",
            },
            "message": "Ticket BUG-1 created successfully",
        }
        whole = owner.get(f"/api/tickets/{ticket_id}").json()["ticket"]
        assert {field: whole[field] for field in EVERYTHING} == EVERYTHING

    def test_what_is_left_out_has_its_default(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        whole = owner.get(f"/api/tickets/{create_ticket()['id']}").json()["ticket"]
        assert {field: whole[field] for field in EVERYTHING if field not in NEW_TICKET} == {
            "priority": "medium",
            "severity": "minor",
            "plugin_name": None,
            "centcom_version": None,
            "steps_to_reproduce": None,
            "expected_behavior": None,
            "actual_behavior": None,
            "reproduction_rate": None,
            "environment_info": None,
            "tags": [],
        }

    def test_null_is_as_good_as_left_out(self, owner: TestClient) -> None:
        optional = {field: None for field in EVERYTHING if field not in NEW_TICKET}
        answer = owner.post("/api/tickets", json={**NEW_TICKET, **optional})
        assert answer.status_code == 200
        assert answer.json()["ticket"]["priority"] == "medium"

    def test_the_form_of_the_guide_sends_empty_texts(self, owner: TestClient) -> None:
        empty = {
            "steps_to_reproduce": "",
            "expected_behavior": "",
            "actual_behavior": "",
            "tags": [],
        }
        answer = owner.post("/api/tickets", json={**NEW_TICKET, "priority": "medium", **empty})
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        ("word", "key"),
        [
            ("bug", "BUG-1"),
            ("feature_request", "FR-1"),
            ("improvement", "IMP-1"),
            ("support", "SUP-1"),
            ("other", "TKT-1"),
        ],
    )
    def test_every_type_has_keys_of_its_own(
        self, create_ticket: CreateTicket, word: str, key: str
    ) -> None:
        assert create_ticket(ticket_type=word)["ticket_key"] == key

    def test_keys_go_up(self, create_ticket: CreateTicket) -> None:
        assert [create_ticket()["ticket_key"] for _ in range(3)] == ["BUG-1", "BUG-2", "BUG-3"]

    def test_client_version_header_is_used_when_the_field_is_missing(
        self, owner: TestClient
    ) -> None:
        headers = {"X-Client-App": "CentCom", "X-Client-Version": "3.0.0"}

        def version(**fields: Any) -> str:
            answer = owner.post("/api/tickets", json={**NEW_TICKET, **fields}, headers=headers)
            path = f"/api/tickets/{answer.json()['ticket']['id']}"
            return owner.get(path).json()["ticket"]["centcom_version"]

        assert version() == "3.0.0"
        assert version(centcom_version="2.1.4") == "2.1.4"

    def test_an_unknown_field_does_no_harm(
        self, create_ticket: CreateTicket, owner: TestClient
    ) -> None:
        ticket = create_ticket(status="closed", requester_id=1, id=MISSING, is_staff=True)
        assert ticket["status"] == "open"
        assert ticket["id"] != MISSING

    def test_staff_file_tickets_of_their_own(self, agent: TestClient, owner: TestClient) -> None:
        ticket = file(agent)
        assert len(agent.get("/api/tickets").json()["tickets"]) == 1
        assert owner.get("/api/tickets").json()["tickets"] == []
        assert owner.get(f"/api/tickets/{ticket['id']}").status_code == 404

    def test_anonymous_request_cannot_submit(self, nobody: TestClient) -> None:
        answer = nobody.post("/api/tickets", json=NEW_TICKET)
        assert answer.status_code == 401
        assert answer.json() == {"success": False, "error": "A valid token is required"}
        assert answer.headers["www-authenticate"] == "Bearer"

    def test_the_hours_201st_is_refused(
        self, owner: TestClient, agent: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ticket_app.core.platform import action_limits

        person = owner.get("/auth/me").json()["data"]["id"]
        for _ in range(200):
            action_limits.count_submission(person)
        answer = owner.post("/api/tickets", json=NEW_TICKET)
        assert answer.status_code == 429
        assert 3_500 < int(answer.headers["retry-after"]) <= 3_600
        assert answer.json() == {
            "success": False,
            "error": "You have created 200 tickets within an hour. Try again later",
        }
        assert owner.get("/api/tickets").json()["tickets"] == []
        assert file(agent)

    def test_a_refused_submission_does_not_count(
        self, owner: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TICKET_SUBMISSIONS_PER_HOUR", "1")
        reload_settings()
        assert owner.post("/api/tickets", json={"title": "x"}).status_code == 400
        assert owner.post("/api/tickets", json=NEW_TICKET).status_code == 200
        assert owner.post("/api/tickets", json=NEW_TICKET).status_code == 429


class TestList:
    def test_list_shows_public_facts_of_own_tickets_newest_first(
        self,
        owner: TestClient,
        create_ticket: CreateTicket,
        agent: TestClient,
        working: Working,
        cast: Cast,
    ) -> None:
        older = create_ticket()
        newer = create_ticket(**EVERYTHING)
        with working(cast.agent) as uow:
            ticket = locking.lock_ticket(uow, newer["id"])
            assigning.assign(uow, ticket, cast.agent.id)
            status_changes.change_status(uow, ticket, Status.IN_PROGRESS)
            commenting.add_comment(uow, ticket, "Seen")
            commenting.add_comment(uow, ticket, "Not for you", internal=True)
        files = {"file": ("a.txt", b"hello")}
        owner.post(f"/api/tickets/{newer['id']}/attachments", files=files)
        payload = owner.get("/api/tickets").json()
        updated = moment(payload["tickets"][0].pop("updated_at"))
        assert updated > moment(newer["created_at"])
        assert payload == {
            "success": True,
            "tickets": [
                {
                    "id": newer["id"],
                    "ticket_key": "BUG-2",
                    "title": EVERYTHING["title"],
                    "description": EVERYTHING["description"],
                    "ticket_type": "bug",
                    "status": "in_progress",
                    "priority": "high",
                    "severity": "major",
                    "application_section": "database_connectivity",
                    "created_at": newer["created_at"],
                    "assigned_admin": {
                        "id": str(cast.agent.uuid),
                        "username": "agent",
                        "full_name": "Agnes Hale",
                    },
                    "comments_count": [{"count": 1}],
                    "attachments_count": [{"count": 1}],
                    "tags": EVERYTHING["tags"],
                },
                {
                    "id": older["id"],
                    "ticket_key": "BUG-1",
                    **{k: NEW_TICKET[k] for k in ("title", "description", "ticket_type")},
                    "status": "open",
                    "priority": "medium",
                    "severity": "minor",
                    "application_section": "installation",
                    "created_at": older["created_at"],
                    "updated_at": older["updated_at"],
                    "assigned_admin": None,
                    "comments_count": [{"count": 0}],
                    "attachments_count": [{"count": 0}],
                    "tags": [],
                },
            ],
            "pagination": {"limit": 50, "offset": 0, "has_more": False},
        }

    def test_everybody_sees_their_own(
        self, as_: As, cast: Cast, create_ticket: CreateTicket
    ) -> None:
        create_ticket()
        seen = {name: len(as_(actor).get("/api/tickets").json()["tickets"]) for name, actor in cast}
        assert seen == {
            "owner": 1,
            "colleague": 0,
            "stranger": 0,
            "agent": 0,
            "manager": 0,
            "admin": 0,
        }

    def test_pages_follow_limit_and_offset(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        keys = [create_ticket()["ticket_key"] for _ in range(5)][::-1]
        seen: list[str] = []
        for offset, has_more in ((0, True), (2, True), (4, False)):
            payload = owner.get(f"/api/tickets?limit=2&offset={offset}").json()
            assert payload["pagination"] == {"limit": 2, "offset": offset, "has_more": has_more}
            seen += [ticket["ticket_key"] for ticket in payload["tickets"]]
        assert seen == keys
        beyond = owner.get("/api/tickets?offset=1000").json()
        assert beyond["tickets"] == []
        assert beyond["pagination"]["has_more"] is False

    def test_has_more_is_false_at_the_very_end(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        create_ticket()
        create_ticket()
        assert owner.get("/api/tickets?limit=2").json()["pagination"]["has_more"] is False

    @pytest.mark.parametrize(("sent", "taken"), [("100", 100), ("101", 100), ("9999999999", 100)])
    def test_limit_above_the_maximum_is_reduced_to_the_maximum(
        self, owner: TestClient, sent: str, taken: int
    ) -> None:
        assert owner.get(f"/api/tickets?limit={sent}").json()["pagination"]["limit"] == taken

    @pytest.mark.parametrize(
        "query",
        [
            "status=nonsense",
            "status=new",
            "status=OPEN",
            "ticket_type=incident",
            "ticket_type=nonsense",
            "limit=0",
            "limit=-1",
            "limit=many",
            "limit=1.5",
            "offset=-1",
            "offset=x",
            "offset=99999999999999999999",
            "priority=nonsense",
            "priority=urgent",
            "created_after=yesterday",
            "created_before=1",
            "ordering=title",
        ],
    )
    def test_a_wrong_parameter_is_named(self, owner: TestClient, query: str) -> None:
        answer = owner.get(f"/api/tickets?{query}")
        assert answer.status_code == 400
        assert answer.json()["success"] is False
        assert answer.json()["error"].startswith(f"The {query.split('=', maxsplit=1)[0]} ")

    def test_own_tickets_are_filtered_searched_and_sorted(
        self, owner: TestClient, stranger: TestClient, create_ticket: CreateTicket
    ) -> None:
        low = create_ticket(title="The lamp is dark", priority="low")
        high = create_ticket(title="The lamp flickers", priority="high")
        other = create_ticket(title="The door sticks", priority="medium")
        stranger.post("/api/tickets", json={**NEW_TICKET, "title": "A lamp of a stranger"})

        def keys(query: str) -> list[str]:
            answer = owner.get(f"/api/tickets?{query}")
            assert answer.status_code == 200, answer.text
            return [ticket["ticket_key"] for ticket in answer.json()["tickets"]]

        assert keys("priority=high") == [high["ticket_key"]]
        assert keys("search=lamp") == [high["ticket_key"], low["ticket_key"]]
        assert keys("search=lamp&ordering=created_at") == [low["ticket_key"], high["ticket_key"]]
        assert keys("ordering=-priority") == [t["ticket_key"] for t in (high, other, low)]
        assert keys("ordering=priority") == [t["ticket_key"] for t in (low, other, high)]
        moment = low["created_at"].replace("+", "%2B")
        assert low["ticket_key"] in keys(f"created_after={moment}")
        assert keys(f"created_before={moment}") == []
        assert keys("created_after=2099-01-01") == []

    def test_the_summary_counts_own_tickets_and_what_may_still_be_submitted(
        self,
        owner: TestClient,
        stranger: TestClient,
        nobody: TestClient,
        create_ticket: CreateTicket,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("TICKET_SUBMISSIONS_PER_HOUR", "5")
        reload_settings()
        create_ticket()
        create_ticket()
        summary = owner.get("/api/tickets/summary").json()
        resets_at = datetime.fromisoformat(summary["submissions"].pop("resets_at"))
        assert 0 < (resets_at - datetime.now(UTC)).total_seconds() <= 3600
        counts = dict.fromkeys(STATUS.value_by_word, 0)
        assert summary == {
            "success": True,
            "counts": {**counts, "open": 2},
            "submissions": {"limit": 5, "remaining": 3},
        }
        assert stranger.get("/api/tickets/summary").json()["counts"] == counts
        assert nobody.get("/api/tickets/summary").status_code == 401
        monkeypatch.setenv("TICKET_SUBMISSIONS_PER_HOUR", "0")
        reload_settings()
        assert owner.get("/api/tickets/summary").json()["submissions"] is None

    def test_a_filter_finds_all_that_is_shown_with_its_word(
        self, owner: TestClient, create_ticket: CreateTicket, working: Working, cast: Cast
    ) -> None:
        ways: dict[Status, tuple[Status, ...]] = {
            status: (status,) for status in Status if status is not Status.PENDING_APPROVAL
        }
        ways[Status.NEW] = ()
        ways[Status.REOPENED] = (Status.CLOSED, Status.REOPENED)
        for way in ways.values():
            change(working, cast, create_ticket()["id"], *way)
        shown = owner.get("/api/tickets").json()["tickets"]
        assert len(shown) == len(ways)
        for word in {ticket["status"] for ticket in shown}:
            found = owner.get(f"/api/tickets?status={word}").json()["tickets"]
            assert found == [ticket for ticket in shown if ticket["status"] == word]
        assert len(owner.get("/api/tickets?status=open").json()["tickets"]) == 3

    def test_tickets_created_elsewhere_are_found_by_the_word_they_are_shown_with(
        self, owner: TestClient, working: Working, cast: Cast
    ) -> None:
        for kind in Kind:
            with working(cast.owner) as uow:
                opening.open_ticket(
                    uow, opening.TicketDraft("x", "y", kind=kind, priority=Priority.URGENT)
                )
        shown = owner.get("/api/tickets").json()["tickets"]
        assert {ticket["priority"] for ticket in shown} == {"critical"}
        assert {ticket["application_section"] for ticket in shown} == {""}
        for word in {ticket["ticket_type"] for ticket in shown}:
            found = owner.get(f"/api/tickets?ticket_type={word}").json()["tickets"]
            assert found == [ticket for ticket in shown if ticket["ticket_type"] == word]
        both = owner.get("/api/tickets?ticket_type=bug&status=open&limit=1").json()
        assert [ticket["ticket_type"] for ticket in both["tickets"]] == ["bug"]

    def test_empty_filters_filter_nothing(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        create_ticket()
        assert len(owner.get("/api/tickets?status=&ticket_type=").json()["tickets"]) == 1

    def test_what_is_in_the_trash_is_gone(
        self, owner: TestClient, create_ticket: CreateTicket, working: Working, cast: Cast
    ) -> None:
        ticket = create_ticket()
        with working(cast.agent) as uow:
            trash.delete_ticket(uow, locking.lock_ticket(uow, ticket["id"]))
        assert owner.get("/api/tickets").json()["tickets"] == []
        assert owner.get(f"/api/tickets/{ticket['id']}").status_code == 404


class TestDetails:
    def test_details_show_public_comments_files_and_times(
        self, owner: TestClient, create_ticket: CreateTicket, working: Working, cast: Cast
    ) -> None:
        ticket = create_ticket(**EVERYTHING)
        path = f"/api/tickets/{ticket['id']}"
        with working(cast.agent) as uow:
            held = locking.lock_ticket(uow, ticket["id"])
            assigning.assign(uow, held, cast.agent.id)
            commenting.add_comment(uow, held, "We are looking into it")
            commenting.add_comment(uow, held, "The customer is right", internal=True)
            status_changes.change_status(uow, held, Status.IN_PROGRESS)
            editing.edit(uow, held, {"admin_feedback": "A known fault"})
        owner.post(f"{path}/comments", json={"content": "Thank you"})
        sent = owner.post(f"{path}/attachments", files={"file": ("note.txt", b"hello")}).json()
        answer = owner.get(path)
        payload = answer.json()["ticket"]
        times = [comment.pop("created_at") for comment in payload["comments"]]
        times += [line.pop("created_at") for line in payload["status_history"]]
        for at in (*times, payload.pop("updated_at")):
            assert moment(at) >= moment(ticket["created_at"])
        assert [comment.pop("id") for comment in payload["comments"]]
        person = {"id": str(cast.owner.uuid), "username": "owner", "full_name": "Olive Ownby"}
        (attachment,) = payload.pop("attachments")
        expected = {
            **sent["attachment"],
            "uploader": person,
            "download_url": f"/api/tickets/attachments/{attachment['id']}/download",
        }
        assert attachment == {**expected, "filename": "note.txt"}
        assert payload == {
            **EVERYTHING,
            "id": ticket["id"],
            "ticket_key": "BUG-1",
            "status": "in_progress",
            "created_at": ticket["created_at"],
            "assigned_admin": {
                "id": str(cast.agent.uuid),
                "username": "agent",
                "full_name": "Agnes Hale",
            },
            "submitted_by": person,
            "comments_count": [{"count": 2}],
            "attachments_count": [{"count": 1}],
            "admin_feedback": "A known fault",
            "resolved_at": None,
            "comments": [
                {
                    "content": "We are looking into it",
                    "author_name": "Agnes Hale",
                    "author_type": "admin",
                },
                {"content": "Thank you", "author_name": "Olive Ownby", "author_type": "user"},
            ],
            "status_history": [
                {"old_status": None, "new_status": "open"},
                {"old_status": "open", "new_status": "in_progress"},
            ],
        }

    def test_details_are_shown_to_the_owner_and_staff_only(
        self, as_: As, cast: Cast, create_ticket: CreateTicket
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}"
        seen = {name: as_(actor).get(path).status_code for name, actor in cast}
        assert seen == {
            "owner": 200,
            "colleague": 404,
            "stranger": 404,
            "agent": 200,
            "manager": 200,
            "admin": 200,
        }
        assert as_(None).get(path).status_code == 401

    def test_a_strangers_ticket_is_like_a_missing_one(
        self, stranger: TestClient, create_ticket: CreateTicket
    ) -> None:
        theirs = stranger.get(f"/api/tickets/{create_ticket()['id']}")
        missing = stranger.get(f"/api/tickets/{MISSING}")
        assert theirs.status_code == missing.status_code == 404
        assert theirs.content == missing.content
        assert missing.json() == {"success": False, "error": "Ticket not found"}

    @pytest.mark.parametrize(
        "reference",
        ["x", "0", "-1", "99999999999999999999", "BUG-0", "BUG-999", "%00", "%F0%9F%90%9B", "'--"],
    )
    def test_references_to_no_ticket_are_not_found(self, owner: TestClient, reference: str) -> None:
        answer = owner.get(f"/api/tickets/{reference}")
        assert answer.status_code == 404
        assert answer.json() == {"success": False, "error": "Ticket not found"}

    def test_the_key_names_the_ticket_too(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        ticket = create_ticket()
        for reference in (ticket["ticket_key"], ticket["ticket_key"].lower(), ticket["id"].upper()):
            answer = owner.get(f"/api/tickets/{reference}")
            assert answer.json()["ticket"]["id"] == ticket["id"]

    def test_a_strangers_key_names_nothing(
        self, stranger: TestClient, create_ticket: CreateTicket
    ) -> None:
        key = create_ticket()["ticket_key"]
        assert stranger.get(f"/api/tickets/{key}").status_code == 404
        answer = stranger.post(f"/api/tickets/{key}/comments", json={"content": "x"})
        assert answer.status_code == 404

    def test_history_leaves_out_what_the_guide_has_no_words_for(
        self, owner: TestClient, create_ticket: CreateTicket, working: Working, cast: Cast
    ) -> None:
        ticket = create_ticket()
        steps = (Status.OPEN, Status.RESOLVED, Status.REOPENED, Status.OPEN, Status.WONT_FIX)
        change(working, cast, ticket["id"], *steps)
        payload = owner.get(f"/api/tickets/{ticket['id']}").json()["ticket"]["status_history"]
        assert [(line["old_status"], line["new_status"]) for line in payload] == [
            (None, "open"),
            ("open", "resolved"),
            ("resolved", "open"),
            ("open", "wont_fix"),
        ]

    def test_details_show_when_the_ticket_was_resolved(
        self, owner: TestClient, create_ticket: CreateTicket, working: Working, cast: Cast
    ) -> None:
        ticket = create_ticket()
        change(working, cast, ticket["id"], Status.RESOLVED)
        payload = owner.get(f"/api/tickets/{ticket['id']}").json()["ticket"]
        assert moment(payload["resolved_at"]) >= moment(ticket["created_at"])


class TestAddComment:
    def test_comment_keeps_its_text_as_written(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        answer = owner.post(path, json={"content": "It *still* fails\n <b>now</b> "})
        assert answer.status_code == 200
        payload = answer.json()
        comment = dict(payload["comment"])
        assert comment.pop("id")
        assert moment(comment.pop("created_at"))
        assert comment == {
            "content": "It *still* fails\n <b>now</b> ",
            "author_name": "Olive Ownby",
            "author_type": "user",
        }
        assert payload.keys() == {"success", "comment", "message"}
        assert payload["message"] == "Comment added successfully"
        assert owner.get(path).json() == {"success": True, "comments": [payload["comment"]]}

    def test_staff_answer_as_admins(
        self, agent: TestClient, create_ticket: CreateTicket, owner: TestClient
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        payload = agent.post(path, json={"content": "Try again"}).json()["comment"]
        assert (payload["author_name"], payload["author_type"]) == ("Agnes Hale", "admin")
        assert owner.get(path).json()["comments"] == [payload]

    def test_an_answer_takes_up_a_ticket_that_waited_for_it(
        self, owner: TestClient, create_ticket: CreateTicket, working: Working, cast: Cast
    ) -> None:
        ticket = create_ticket()
        change(working, cast, ticket["id"], Status.PENDING_USER)
        path = f"/api/tickets/{ticket['id']}"
        assert owner.get(path).json()["ticket"]["status"] == "pending_user"
        owner.post(f"{path}/comments", json={"content": "Here it is"})
        assert owner.get(path).json()["ticket"]["status"] == "open"

    def test_only_who_sees_the_ticket_may(
        self, as_: As, cast: Cast, create_ticket: CreateTicket
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        sent = {"json": {"content": "x"}}
        codes = {name: as_(actor).post(path, **sent).status_code for name, actor in cast}
        assert codes == {
            "owner": 200,
            "colleague": 404,
            "stranger": 404,
            "agent": 200,
            "manager": 200,
            "admin": 200,
        }
        assert as_(None).post(path, **sent).status_code == 401

    def test_a_client_cannot_write_what_is_internal(
        self, owner: TestClient, agent: TestClient, create_ticket: CreateTicket
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        sent = {"content": "x", "is_internal": True, "author_type": "admin"}
        assert owner.post(path, json=sent).json()["comment"]["author_type"] == "user"
        agent.post(path, json=sent)
        assert len(owner.get(path).json()["comments"]) == 2


class TestComments:
    def test_ticket_without_comments_has_an_empty_list(
        self, owner: TestClient, create_ticket: CreateTicket
    ) -> None:
        answer = owner.get(f"/api/tickets/{create_ticket()['id']}/comments")
        assert answer.status_code == 200
        assert answer.json() == {"success": True, "comments": []}

    def test_comments_are_listed_oldest_first(
        self, owner: TestClient, agent: TestClient, create_ticket: CreateTicket
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        for n, client in enumerate([owner, agent, owner, agent]):
            client.post(path, json={"content": f"{n}"})
        assert [c["content"] for c in owner.get(path).json()["comments"]] == ["0", "1", "2", "3"]

    def test_notes_are_shown_to_nobody_here(
        self,
        owner: TestClient,
        agent: TestClient,
        create_ticket: CreateTicket,
        working: Working,
        cast: Cast,
    ) -> None:
        ticket = create_ticket()
        with working(cast.agent) as uow:
            commenting.add_comment(
                uow, locking.lock_ticket(uow, ticket["id"]), "hush", internal=True
            )
        path = f"/api/tickets/{ticket['id']}"
        for client in (owner, agent):
            assert client.get(f"{path}/comments").json()["comments"] == []
            assert "hush" not in client.get(path).text
        listed = owner.get("/api/tickets").json()["tickets"][0]
        assert listed["comments_count"] == [{"count": 0}]

    def test_only_who_sees_the_ticket_may(
        self, as_: As, cast: Cast, create_ticket: CreateTicket
    ) -> None:
        path = f"/api/tickets/{create_ticket()['id']}/comments"
        codes = [as_(actor).get(path).status_code for _, actor in cast]
        assert codes == [200, 404, 404, 200, 200, 200]
        assert as_(None).get(path).status_code == 401


class TestSetup:
    PATH = "/api/admin/setup-ticket-management"

    def test_setup_reports_the_schema_and_is_repeatable(self, admin: TestClient) -> None:
        from ticket_app.core.operations import installation

        answer = admin.post(self.PATH)
        assert answer.status_code == 200
        assert answer.json() == {
            "success": True,
            "message": "Ticket management is set up",
            "schema_version": installation.schema_version().expected,
            "migrated": False,
        }
        assert admin.post(self.PATH).content == answer.content

    def test_only_admins_run_the_setup(self, as_: As, cast: Cast) -> None:
        codes = {name: as_(actor).post(self.PATH).status_code for name, actor in cast}
        assert codes == {
            "owner": 403,
            "colleague": 403,
            "stranger": 403,
            "agent": 403,
            "manager": 403,
            "admin": 200,
        }
        assert as_(None).post(self.PATH).status_code == 401

    def test_error_names_what_is_not_allowed(self, owner: TestClient) -> None:
        assert owner.post(self.PATH).json() == {
            "success": False,
            "error": "You are not allowed to set up the ticket management",
        }

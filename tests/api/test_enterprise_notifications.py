"""The notifications of the caller, newest first, and marking them as read."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from starlette.testclient import TestClient

from tests.api.conftest import As, Working
from tests.api.test_auth import refused, unsealed
from tests.api.test_enterprise_comments import add_comment
from tests.api.test_enterprise_tickets import create_ticket
from tests.cast import Cast
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.jobs.worker import run_due_jobs
from ticket_app.tables import notification_table


def payload(client: TestClient, query: str = "") -> dict[str, Any]:
    return unsealed(client.get("/notifications" + query))


def test_mention_is_listed_and_marked_as_read(owner: TestClient, agent: TestClient) -> None:
    ticket = create_ticket(owner)
    comment = add_comment(owner, ticket["id"], "Please, @agent!")
    (notice,) = payload(agent)["items"]
    created_at = notice.pop("created_at")
    assert created_at == comment["created_at"]
    assert notice == {
        "id": 1,
        "type": "mention",
        "message": "Olive Ownby mentioned you on REQ-1",
        "ticket_id": ticket["id"],
        "ticket_number": ticket["ticket_number"],
        "comment_id": comment["id"],
        "actor_name": "Olive Ownby",
        "is_read": False,
        "read_at": None,
    }
    read = unsealed(agent.post("/notifications/1/read"))
    assert read["is_read"] is True
    assert read["read_at"]
    assert unsealed(agent.post("/notifications/1/read"))["read_at"] == read["read_at"]
    assert payload(agent, "?unread=true")["items"] == []
    assert payload(agent)["total"] == 1


def test_they_are_paged_and_read_all_at_once(owner: TestClient, agent: TestClient) -> None:
    ticket_id = create_ticket(owner)["id"]
    for n in range(3):
        add_comment(owner, ticket_id, f"{n} @agent")
    assert [item["id"] for item in payload(agent, "?page=1&size=2")["items"]] == [3, 2]
    second = payload(agent, "?page=2&size=2&unread=true")
    assert [item["id"] for item in second["items"]] == [1]
    assert (second["total"], second["pages"]) == (3, 2)
    assert unsealed(agent.post("/notifications/read-all")) == {"read": 3}
    assert payload(agent, "?unread=true")["total"] == 0


def test_they_are_nobody_elses(
    owner: TestClient, agent: TestClient, stranger: TestClient, nobody: TestClient
) -> None:
    add_comment(owner, create_ticket(owner)["id"], "@agent")
    assert payload(stranger)["total"] == payload(owner)["total"] == 0
    refused(stranger.post("/notifications/1/read"), 404)
    refused(nobody.get("/notifications"), 401)
    unsealed(stranger.post("/notifications/read-all"))
    assert payload(agent, "?unread=true")["total"] == 1


def replied_ticket(owner: TestClient, agent: TestClient, replies: int = 1) -> dict[str, Any]:
    """A ticket of the owner's with replies of the agent that the owner has been notified of."""
    ticket = create_ticket(owner)
    for n in range(replies):
        add_comment(agent, ticket["id"], f"Answer {n}")
    run_due_jobs()
    return ticket


def email_states(working: Working, cast: Cast) -> list[str]:
    with working(cast.owner) as uow:
        statement = select(notification_table.c.email_state).where(
            notification_table.c.person_id == cast.owner.id
        )
        return list(uow.connection.execute(statement).scalars())


@pytest.mark.parametrize("path", ["/tickets/{}", "/comments/ticket/{}"])
def test_reading_a_ticket_marks_it_read_and_drops_the_waiting_email(
    path: str, owner: TestClient, agent: TestClient, working: Working, cast: Cast
) -> None:
    ticket = replied_ticket(owner, agent, replies=2)
    agent.get(path.format(ticket["id"]))
    owner.get("/tickets")
    assert email_states(working, cast) == ["waiting"] * 2
    assert payload(owner, "?unread=true")["total"] == 2
    assert owner.get(path.format(ticket["id"])).status_code == 200
    assert payload(owner, "?unread=true")["total"] == 0
    assert payload(owner)["total"] == 2
    assert email_states(working, cast) == ["dropped"] * 2


@pytest.mark.parametrize("path", ["/tickets/{}", "/comments/ticket/{}"])
def test_ticket_is_returned_although_reading_it_cannot_be_recorded(
    path: str, owner: TestClient, agent: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = replied_ticket(owner, agent)

    def fail(*_: object) -> None:
        raise OSError("disk I/O error")

    monkeypatch.setattr(notifications, "mark_read_by_ids", fail)
    assert owner.get(path.format(ticket["id"])).status_code == 200
    assert payload(owner, "?unread=true")["total"] == 1


def test_reading_a_notification_drops_its_waiting_email_only(
    owner: TestClient, agent: TestClient, working: Working, cast: Cast
) -> None:
    replied_ticket(owner, agent, replies=2)
    newest, _ = payload(owner)["items"]
    unsealed(owner.post(f"/notifications/{newest['id']}/read"))
    assert email_states(working, cast) == ["waiting", "dropped"]


def test_reading_a_ticket_without_unread_notifications_writes_nothing(
    owner: TestClient, agent: TestClient, database: Engine
) -> None:
    ticket = replied_ticket(owner, agent)
    owner.get(f"/tickets/{ticket['id']}")
    statements: list[str] = []
    event.listen(
        database, "before_cursor_execute", lambda *call: statements.append(call[2].lstrip()[:6])
    )
    owner.get(f"/tickets/{ticket['id']}")
    assert "SELECT" in statements
    assert "UPDATE" not in statements


def test_preferences_have_channels_for_each_kind(owner: TestClient, agent: TestClient) -> None:
    of_agent = unsealed(agent.get("/notifications/preferences"))
    others = {
        "team_tickets": False,
        "daily_digest": False,
        "quiet_hours": None,
        "time_zone": "UTC",
    }
    assert {name: of_agent.pop(name) for name in others} == others
    assert of_agent.keys() == set(NotificationKind)
    by_email = {kind for kind, channels in of_agent.items() if channels["email"]}
    assert by_email >= {"assigned", "requester_reply", "mention", "sla_breach"}
    assert not by_email & {"note", "reply", "ticket_created"}
    assert of_agent["note"] == {"app": True, "email": False, "browser": False}
    of_owner = unsealed(owner.get("/notifications/preferences"))
    assert of_owner["reply"] == {"app": True, "email": True, "browser": False}


def test_preferences_take_the_changed_part_or_the_whole(owner: TestClient) -> None:
    before = unsealed(owner.get("/notifications/preferences"))
    changes = {
        "reply": {"email": False},
        "daily_digest": True,
        "quiet_hours": {"start": "22:00", "end": "07:30"},
        "time_zone": "Europe/Berlin",
    }
    after = unsealed(owner.patch("/notifications/preferences", json=changes))
    assert after == {**before, **changes, "reply": {"app": True, "email": False, "browser": False}}
    assert unsealed(owner.get("/notifications/preferences")) == after
    assert unsealed(owner.patch("/notifications/preferences", json=before)) == before
    assert unsealed(owner.patch("/notifications/preferences", json={})) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reply": {"fax": True}}, "reply.fax"),
        ({"reply": {"email": "yes"}}, "reply.email"),
        ({"reply": None}, "reply"),
        ({"replies": {"email": True}}, "replies"),
        ({"daily_digest": 1}, "daily_digest"),
        ({"quiet_hours": {"start": "22:00"}}, "quiet_hours.end"),
        ({"quiet_hours": {"start": "25:00", "end": "07:00"}}, "quiet_hours"),
        ({"quiet_hours": {"start": "07:00", "end": "07:00"}}, "quiet_hours"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
    ],
)
def test_wrong_preferences_are_rejected_and_change_nothing(
    change: dict[str, Any], field: str, owner: TestClient
) -> None:
    before = unsealed(owner.get("/notifications/preferences"))
    body = {"note": {"app": False}, **change}
    error = refused(owner.patch("/notifications/preferences", json=body), 400)
    assert (error["code"], error["details"]["field"]) == ("VALIDATION_ERROR", field)
    assert unsealed(owner.get("/notifications/preferences")) == before


def test_followers_are_notified_until_they_stop_following(
    owner: TestClient, agent: TestClient, as_: As, cast: Cast
) -> None:
    manager = as_(cast.manager)
    ticket = create_ticket(owner)
    path = f"/tickets/{ticket['ticket_number']}/follow"
    answer = unsealed(manager.put(path))
    assert answer == {"ticket_id": ticket["id"], "is_following": True}
    assert unsealed(manager.put(path)) == answer
    (follower,) = unsealed(agent.get(f"/tickets/{ticket['id']}/followers"))["items"]
    assert follower.pop("followed_at")
    assert follower == {
        "id": cast.manager.id,
        "username": "manager",
        "first_name": "Manny",
        "last_name": "Gere",
        "email": "manager@example.com",
        "role": "manager",
        "reason": "chosen",
    }
    add_comment(owner, ticket["id"], "It still does not start")
    run_due_jobs()
    assert [item["type"] for item in payload(manager)["items"]] == ["requester_reply"]
    assert unsealed(manager.delete(path)) == {"ticket_id": ticket["id"], "is_following": False}
    assert unsealed(agent.get(f"/tickets/{ticket['id']}/followers"))["items"] == []
    add_comment(owner, ticket["id"], "And now?")
    run_due_jobs()
    assert payload(manager)["total"] == 1


def test_only_those_who_see_a_ticket_follow_it_and_only_staff_see_who_does(
    owner: TestClient, stranger: TestClient
) -> None:
    ticket = create_ticket(owner)
    refused(stranger.put(f"/tickets/{ticket['id']}/follow"), 404)
    refused(stranger.delete(f"/tickets/{ticket['id']}/follow"), 404)
    refused(stranger.get(f"/tickets/{ticket['id']}/followers"), 404)
    unsealed(owner.put(f"/tickets/{ticket['id']}/follow"))
    refused(owner.get(f"/tickets/{ticket['id']}/followers"), 403)

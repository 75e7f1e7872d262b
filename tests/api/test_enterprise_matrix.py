"""Every endpoint of the Enterprise document, as nobody, the owner, a stranger and all who work.

Generated from the router, as tests/api/test_matrix.py is for the other documents: a new endpoint is
in it at once, and belongs to everybody who sees the ticket unless it is listed here.
"""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from tests.api.conftest import As, Working
from tests.cast import Cast
from tests.core import samples
from ticket_app.api.dialects.enterprise import dialect as enterprise
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform.actor import Actor
from ticket_app.core.tickets import locking, merging, trash
from ticket_app.core.webhooks.deliveries import DeliveryState
from ticket_app.tables import WebhookDelivery

EVERYBODY = ("owner", "agent", "manager", "admin")
STAFF = EVERYBODY[1:]
MANAGERS = STAFF[1:]
ADMINS = MANAGERS[1:]

FOR_STAFF = {
    "DELETE /tickets/{ticket_id}",
    "POST /tickets/{ticket_id}/merge",
    "POST /tickets/{ticket_id}/unmerge",
    "POST /tickets/{ticket_id}/approvals",
    "GET /approval-policies",
    "GET /approval-policies/{policy_id}",
    "GET /users",
    "GET /users/{user_id}",
    "GET /roles",
    "GET /service-levels",
    "GET /service-levels/compliance",
    "GET /service-levels/{service_level_id}",
    "GET /calendars",
    "GET /calendars/{calendar_id}",
    "GET /teams",
    "GET /teams/{team_id}",
    "GET /routing-rules",
    "GET /routing-rules/{routing_rule_id}",
    "GET /sections",
    *(f"{how} /saved-replies" for how in ("GET", "POST")),
    "GET /saved-replies/{saved_reply_id}",
    *(f"{how} /macros" for how in ("GET", "POST")),
    "GET /macros/{macro_id}",
    *(f"{how} /views" for how in ("GET", "POST")),
    "GET /views/{view_id}",
    "GET /views/{view_id}/tickets",
    "POST /tickets/{ticket_id}/macros/{macro_id}",
    "GET /sections/{section_id}",
    "GET /tickets/{ticket_id}/followers",
}
FOR_MANAGERS = {
    "GET /reports/dashboard",
    "GET /reports/performance",
    "GET /reports/export",
}
FOR_ADMINS = {
    "GET /audit",
    "GET /audit/export",
    "POST /tickets/import",
    "POST /tickets/{ticket_id}/restore",
    *(f"{how} /approval-policies/{{policy_id}}" for how in ("PATCH", "DELETE")),
    "POST /approval-policies",
    "POST /users",
    "PATCH /users/{user_id}",
    "POST /departments",
    *(f"{how} /departments/{{department_id}}" for how in ("PATCH", "DELETE")),
    *(f"{how} /roles/{{role}}/permissions" for how in ("PUT", "DELETE")),
    "POST /service-levels",
    *(f"{how} /service-levels/{{service_level_id}}" for how in ("PATCH", "DELETE")),
    "POST /calendars",
    *(f"{how} /calendars/{{calendar_id}}" for how in ("PATCH", "DELETE")),
    "POST /teams",
    *(f"{how} /teams/{{team_id}}" for how in ("PATCH", "DELETE")),
    "POST /ticket-templates",
    *(f"{how} /ticket-templates/{{template_id}}" for how in ("PATCH", "DELETE")),
    "POST /routing-rules",
    *(f"{how} /routing-rules/{{routing_rule_id}}" for how in ("PATCH", "DELETE")),
    "GET /tags",
    "POST /tags",
    *(f"{how} /tags/{{tag_id}}" for how in ("GET", "PATCH", "DELETE")),
    "POST /tags/{tag_id}/merge",
    *(f"{how} /saved-replies/{{saved_reply_id}}" for how in ("PATCH", "DELETE")),
    *(f"{how} /macros/{{macro_id}}" for how in ("PATCH", "DELETE")),
    *(f"{how} /views/{{view_id}}" for how in ("PATCH", "DELETE")),
    "POST /sections",
    *(f"{how} /sections/{{section_id}}" for how in ("PATCH", "DELETE")),
}
FOR_SOME = {
    "POST /approvals/{approval_id}/action": ("manager",),
    "POST /approvals/{approval_id}/cancel": ("agent", "admin"),
}
"""For who is asked for approval, and for who asked."""
HIDDEN_FROM_USERS = {"GET /users/{user_id}", "PATCH /users/{user_id}"}
"""There, users do not learn that somebody exists."""
ABOUT_TICKETS = re.compile(r"^/(tickets|comments|attachments|approvals)\b")
SECRET = "Nobody else must read of the heron"
MISSING = "987654"


def least(name: str) -> tuple[str, ...]:
    """Who may."""
    if name in FOR_SOME:
        return FOR_SOME[name]
    if name in FOR_ADMINS or name.partition(" ")[2].startswith("/webhooks"):
        return ADMINS
    if name in FOR_MANAGERS:
        return MANAGERS
    return STAFF if name in FOR_STAFF else EVERYBODY


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Use SQLite only: nothing here depends on the database."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


class World:
    """The rows that endpoints are called with, created for each call because calls change them."""

    def __init__(self, as_: As, cast: Cast, working: Working) -> None:
        self.cast, self.working = cast, working
        self.clients: dict[str, TestClient] = {name: as_(actor) for name, actor in cast}
        self.made = 0

    def data(self, who: str, method: str, path: str, **sent: Any) -> Any:
        answer = self.clients[who].request(method, path, **sent)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()["data"]

    def fresh(self, word: str) -> str:
        self.made += 1
        return f"{word} {self.made}"

    def ticket(self) -> int:
        body = {"title": SECRET, "description": SECRET}
        return self.data("owner", "POST", "/tickets", json=body)["id"]

    def ids(self, route: Any, who: str) -> dict[str, str]:
        """An id for each name in a path."""
        wanted = re.findall(r"\{(\w+)\}", route.path)
        ids: dict[str, Any] = {}
        ticket_id = self.ticket() if ABOUT_TICKETS.match(route.path) else 0
        for name in wanted:
            ids[name] = getattr(self, f"_{name}")(ticket_id, route.path, who, ids)
        return {name: str(value) for name, value in ids.items()}

    def _ticket_id(self, ticket_id: int, path: str, who: str, _ids: Any) -> int:
        worker: Actor = getattr(self.cast, who if who in STAFF else "agent")
        other = self.ticket() if path.endswith("/unmerge") else 0
        with self.working(worker) as uow:
            if path.endswith("/restore"):
                trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
            if path.endswith("/unmerge"):
                merging.merge(uow, ticket_id, other)
        return ticket_id

    def _comment_id(self, ticket_id: int, *_: Any) -> int:
        path = f"/comments/ticket/{ticket_id}"
        return self.data("owner", "POST", path, json={"content": SECRET})["id"]

    def _attachment_id(self, ticket_id: int, *_: Any) -> int:
        files = {"file": ("heron.png", samples.png())}
        path = f"/attachments/ticket/{ticket_id}/upload"
        return self.data("owner", "POST", path, files=files)["id"]

    def _approval_id(self, ticket_id: int, *_: Any) -> int:
        with self.working(self.cast.agent) as uow:
            ticket = locking.lock_ticket(uow, ticket_id)
            return approval_requests.request_approval(
                uow, ticket, approver_ids=[self.cast.manager.id]
            )

    def _policy_id(self, *_: Any) -> int:
        return self._made("/approval-policies")

    def _service_level_id(self, *_: Any) -> int:
        return self._made("/service-levels")

    def _made(self, base: str) -> int:
        return self.data("admin", "POST", base, json=self.body(f"POST {base}"))["id"]

    def _calendar_id(self, *_: Any) -> int:
        return self.data("admin", "POST", "/calendars", json=self.body("POST /calendars"))["id"]

    def _department_id(self, *_: Any) -> int:
        body = {"name": self.fresh("Department")}
        return self.data("admin", "POST", "/departments", json=body)["id"]

    def _team_id(self, *_: Any) -> int:
        return self._made("/teams")

    def _template_id(self, *_: Any) -> int:
        return self._made("/ticket-templates")

    def _routing_rule_id(self, *_: Any) -> int:
        return self._made("/routing-rules")

    def _tag_id(self, *_: Any) -> int:
        return self._made("/tags")

    def _section_id(self, *_: Any) -> int:
        return self._made("/sections")

    def _saved_reply_id(self, *_: Any) -> int:
        body = self.body("POST /saved-replies") | {"scope": "everyone"}
        return self.data("admin", "POST", "/saved-replies", json=body)["id"]

    def _macro_id(self, *_: Any) -> int:
        body = self.body("POST /macros") | {"scope": "everyone"}
        return self.data("admin", "POST", "/macros", json=body)["id"]

    def _view_id(self, *_: Any) -> int:
        body = self.body("POST /views") | {"scope": "everyone"}
        return self.data("admin", "POST", "/views", json=body)["id"]

    def _user_id(self, *_: Any) -> int:
        return self.data("admin", "POST", "/users", json=self.body("POST /users"))["id"]

    def _role(self, *_: Any) -> str:
        return "agent"

    def _webhook_id(self, *_: Any) -> int:
        return self.data("admin", "POST", "/webhooks", json=self.body("POST /webhooks"))["id"]

    def _delivery_id(self, _: int, __: str, ___: str, ids: dict[str, Any]) -> int:
        sent = self.data("admin", "POST", f"/webhooks/{ids['webhook_id']}/test")["id"]
        with self.working(self.cast.admin) as uow:
            uow.connection.execute(update(WebhookDelivery).values(state=DeliveryState.DELIVERED))
        return sent

    def _notification_id(self, _: int, __: str, who: str, ___: Any) -> int:
        person = getattr(self.cast, who)
        with self.working(self.cast.colleague) as uow:
            notifications.notify(uow, person.id, NotificationKind.MENTION, SECRET)
        with self.working(person) as uow:
            return notifications.list_own(uow)[0].id

    def other_tag(self) -> str:
        return self.data("admin", "POST", "/tags", json=self.body("POST /tags"))["name"]

    def body(self, name: str) -> Any:
        """The least that an endpoint must be sent."""
        make = BODIES.get(name)
        return make(self) if make else None


BODIES: dict[str, Callable[[World], Any]] = {
    "POST /tickets/search": lambda _: {"query": "heron"},
    "POST /tickets": lambda _: {"title": "x", "description": "y"},
    "PATCH /tickets/{ticket_id}": lambda _: {"title": "x"},
    "POST /tickets/{ticket_id}/merge": lambda world: {"into": world.ticket()},
    "POST /tickets/{ticket_id}/approvals": lambda world: {"approver_ids": [world.cast.manager.id]},
    "POST /approvals/bulk-action": lambda _: {"approval_ids": [1], "action": "approve"},
    "POST /approvals/{approval_id}/action": lambda _: {"action": "approve"},
    "POST /approval-policies": lambda world: {
        "name": world.fresh("Policy"),
        "steps": [{"approvers": {"roles": ["manager"]}}],
    },
    "PATCH /approval-policies/{policy_id}": lambda _: {"rank": 5},
    "POST /comments/ticket/{ticket_id}": lambda _: {"content": "x"},
    "PATCH /comments/{comment_id}": lambda _: {"content": "x"},
    "POST /users": lambda world: {
        "username": f"newcomer{world.fresh('').strip()}",
        "email": f"newcomer{world.made}@example.com",
        "first_name": f"New{world.made}",
    },
    "PATCH /users/{user_id}": lambda _: {"is_active": False},
    "POST /departments": lambda world: {"name": world.fresh("Department")},
    "PATCH /departments/{department_id}": lambda world: {"name": world.fresh("Department")},
    "PUT /roles/{role}/permissions": lambda _: {"permissions": ["view_tickets"]},
    "POST /service-levels": lambda world: {
        "name": world.fresh("Level"),
        "resolution_minutes": 60,
    },
    "PATCH /service-levels/{service_level_id}": lambda _: {"resolution_minutes": 90},
    "POST /calendars": lambda world: {
        "name": world.fresh("Calendar"),
        "time_zone": "Europe/Berlin",
        "windows": {"monday": [{"start": "09:00", "end": "17:00"}]},
    },
    "PATCH /calendars/{calendar_id}": lambda world: {"name": world.fresh("Calendar")},
    "POST /teams": lambda world: {"name": world.fresh("Team")},
    "PATCH /teams/{team_id}": lambda world: {"name": world.fresh("Team")},
    "POST /ticket-templates": lambda world: {"name": world.fresh("Template")},
    "PATCH /ticket-templates/{template_id}": lambda _: {"values": {"kind": "bug"}},
    "POST /routing-rules": lambda world: {
        "name": world.fresh("Rule"),
        "assignee_id": world.cast.agent.id,
        "method": "person",
    },
    "PATCH /routing-rules/{routing_rule_id}": lambda _: {"rank": 5},
    "POST /tags": lambda world: {"name": world.fresh("tag")},
    "PATCH /tags/{tag_id}": lambda world: {"name": world.fresh("tag")},
    "POST /tags/{tag_id}/merge": lambda world: {"into": world.other_tag()},
    "POST /saved-replies": lambda world: {"title": world.fresh("Reply"), "content": "Hello"},
    "PATCH /saved-replies/{saved_reply_id}": lambda _: {"content": "Good morning"},
    "POST /macros": lambda world: {"name": world.fresh("Macro"), "actions": [{"type": "follow"}]},
    "PATCH /macros/{macro_id}": lambda _: {"rank": 5},
    "POST /views": lambda world: {"name": world.fresh("View")},
    "PATCH /views/{view_id}": lambda _: {"group_by": "team"},
    "POST /sections": lambda world: {"name": world.fresh("Section")},
    "PATCH /sections/{section_id}": lambda world: {"name": world.fresh("Section")},
    "POST /webhooks": lambda world: {
        "url": f"https://example.com/{world.fresh('').strip()}",
        "events": ["ticket.created"],
    },
    "PATCH /webhooks/{webhook_id}": lambda _: {"active": False},
    "POST /webhooks/{webhook_id}/replay": lambda _: {"since": "2026-11-01T00:00:00Z"},
    "PATCH /notifications/preferences": lambda _: {"reply": {"email": False}},
    "PATCH /auth/me": lambda _: {"first_name": "Ann"},
}


@pytest.fixture
def world(as_: As, cast: Cast, working: Working) -> World:
    return World(as_, cast, working)


CSV = {"Content-Type": "text/csv"}


def endpoints() -> list[Any]:
    return [
        pytest.param(method, route, id=f"{method} {route.path}")
        for route in enterprise.router.routes
        for method in sorted(getattr(route, "methods", ()))
        if not getattr(route, "allows_anonymous", False)
    ]


def call(world: World, client: TestClient, method: str, route: Any, ids: dict[str, str]) -> Any:
    path = route.path
    for name, value in ids.items():
        path = path.replace("{" + name + "}", value)
    if "upload" in inspect.signature(route.endpoint).parameters:
        return client.request(method, path, files={"file": ("a.png", samples.png())})
    if path == "/tickets/import":
        return client.post(path, content="title,description\nx,y\n", headers=CSV)
    return client.request(method, path, json=world.body(f"{method} {route.path}"))


@pytest.mark.parametrize(("method", "route"), endpoints())
def test_each_endpoint_answers_only_those_it_is_for(
    method: str, route: Any, world: World, nobody: TestClient
) -> None:
    name = f"{method} {route.path}"
    assert call(world, nobody, method, route, world.ids(route, "owner")).status_code == 401
    for who in EVERYBODY:
        ids = world.ids(route, who)
        answer = call(world, world.clients[who], method, route, ids)
        if who in least(name):
            assert answer.status_code < 300, (who, answer.text)
        else:
            is_hidden = who == "owner" and name in HIDDEN_FROM_USERS
            assert answer.status_code == (404 if is_hidden else 403), (who, answer.text)


def payload(answer: Any) -> Any:
    """An answer without what is new each time."""
    body = answer.json()
    body.pop("request_id")
    body.get("error", body).pop("timestamp")
    return body


@pytest.mark.parametrize(
    ("method", "route"), [e for e in endpoints() if ABOUT_TICKETS.match(e.values[1].path)]
)
def test_a_stranger_never_learns_that_a_ticket_exists(
    method: str, route: Any, world: World
) -> None:
    stranger = world.clients["stranger"]
    ids = world.ids(route, "owner")
    answer = call(world, stranger, method, route, ids)
    without = call(world, stranger, method, route, dict.fromkeys(ids, MISSING))
    assert SECRET not in answer.text
    assert "heron" not in answer.text
    assert answer.status_code == without.status_code
    if ids:
        assert answer.status_code in (403, 404)
        assert payload(answer) == payload(without)
    elif answer.status_code == 403:
        assert f"{method} {route.path}" in FOR_ADMINS
    elif (route.path, method) != ("/tickets", "POST"):
        data = answer.json()["data"]
        assert not data.get("items")
        assert "items" not in data or data["total"] == 0
        assert data.get("succeeded", 0) == 0


def test_permission_matrix_names_only_existing_endpoints() -> None:
    known = {param.id for param in endpoints()}
    assert FOR_STAFF | FOR_MANAGERS | FOR_ADMINS | FOR_SOME.keys() | BODIES.keys() <= known

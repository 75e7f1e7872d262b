"""Users, departments, roles and permissions, and oneself, as the Enterprise document would."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, As, Working
from tests.api.test_auth import bearer, login, refused, renewed, unsealed
from tests.cast import PASSWORD, Cast
from ticket_app.core.platform.actor import (
    AGENT_PERMISSIONS,
    DEFAULT_ROLE_PERMISSIONS,
    PERMISSION_DESCRIPTIONS,
    USER_PERMISSIONS,
)
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import person_table

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
USER_MODEL = {
    "id",
    "username",
    "email",
    "first_name",
    "last_name",
    "role",
    "department_id",
    "is_active",
    "last_login",
    "created_at",
    "preferences",
    "permissions",
}
NEW = {"username": "petra", "email": "petra@example.net", "first_name": "Petra"}


@pytest.fixture
def root(as_: As, working: Working, cast: Cast) -> TestClient:
    """A client of a super_admin, who was the manager."""
    with working(cast.admin) as uow:
        uow.connection.execute(
            person_table.update()
            .where(person_table.c.id == cast.manager.id)
            .values(role="super_admin")
        )
    return as_(cast.manager)


class TestUsers:
    def test_list_and_details_show_the_documented_user(self, agent: TestClient, cast: Cast) -> None:
        data = unsealed(agent.get("/users"))
        assert (data["total"], data["page"], data["size"], data["pages"]) == (6, 1, 20, 1)
        assert data["pagination"]["has_next"] is False
        assert [item["username"] for item in data["items"]] == [name for name, _ in cast]
        one = unsealed(agent.get(f"/users/{cast.owner.id}"))
        assert one == data["items"][0]
        assert one.keys() == USER_MODEL
        assert datetime.fromisoformat(one.pop("created_at")).tzinfo
        assert one == {
            "id": cast.owner.id,
            "username": "owner",
            "email": "owner@example.com",
            "first_name": "Olive",
            "last_name": "Ownby",
            "role": "user",
            "department_id": None,
            "is_active": True,
            "last_login": None,
            "preferences": {},
            "permissions": sorted(USER_PERMISSIONS),
        }

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"search": "agnes"}, ["agent"]),
            ({"search": "HALE agnes"}, ["agent"]),
            ({"search": "owner@example"}, ["owner"]),
            ({"search": "%"}, []),
            ({"search": "\x00"}, None),
            ({"role": "user"}, ["owner", "colleague", "stranger"]),
            ({"role": "agent", "search": "man"}, []),
            ({"is_active": "false"}, []),
            ({"department_id": "7"}, []),
            ({"page": "2", "size": "4"}, ["manager", "admin"]),
            ({"size": "1000"}, None),
        ],
    )
    def test_users_are_searched_and_filtered(
        self, agent: TestClient, asked: Any, found: Any
    ) -> None:
        items = unsealed(agent.get("/users", params=asked))["items"]
        if found is not None:
            assert [item["username"] for item in items] == found

    @only_sqlite
    @pytest.mark.parametrize(
        "asked", [{"role": "king"}, {"department_id": "0"}, {"is_active": "so"}, {"page": "0"}]
    )
    def test_wrong_user_filters_are_named(self, agent: TestClient, asked: Any) -> None:
        error = refused(agent.get("/users", params=asked), 400)
        assert error["details"]["field"] == next(iter(asked))

    def test_each_role_sees_the_people_it_may_see(
        self, owner: TestClient, nobody: TestClient, agent: TestClient, cast: Cast
    ) -> None:
        refused(nobody.get("/users"), 401)
        refused(nobody.get(f"/users/{cast.owner.id}"), 401)
        refused(owner.get("/users"), 403)
        assert unsealed(owner.get(f"/users/{cast.owner.id}"))["username"] == "owner"
        other = refused(owner.get(f"/users/{cast.agent.id}"), 404)
        missing = refused(owner.get("/users/999"), 404)
        assert other["message"] == missing["message"]
        refused(agent.get("/users/999"), 404)
        refused(agent.get("/users/abc"), 404)

    def test_preferences_are_ones_own(
        self, owner: TestClient, agent: TestClient, cast: Cast
    ) -> None:
        unsealed(owner.patch("/auth/me", json={"preferences": {"theme": "dark"}}))
        assert unsealed(owner.get(f"/users/{cast.owner.id}"))["preferences"] == {"theme": "dark"}
        assert unsealed(agent.get(f"/users/{cast.owner.id}"))["preferences"] == {}

    def test_added_user_signs_in_with_their_role(
        self, admin: TestClient, nobody: TestClient
    ) -> None:
        body = {**NEW, "last_name": "Kraus", "password": "a lamp at night", "role": "manager"}
        data = unsealed(admin.post("/users", json=body), 201)
        assert data.keys() == USER_MODEL
        assert (data["role"], data["is_active"]) == ("manager", True)
        assert data["permissions"] == sorted(DEFAULT_ROLE_PERMISSIONS[Role.MANAGER])
        payload = unsealed(login(nobody, "petra", "a lamp at night"))
        assert payload["user"]["permissions"] == data["permissions"]
        refused(admin.post("/users", json=body), 409)
        refused(admin.post("/users", json={**NEW, "username": "pétra"}), 409)

    @only_sqlite
    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({"username": ""}, 400),
            ({"email": "nothing"}, 400),
            ({"password": "short"}, 400),
            ({"role": "king"}, 400),
            ({"role": 1}, 400),
            ({"department_id": 99}, 400),
            ({"department_id": "1"}, 400),
            ({"permissions": ["fly"]}, 400),
            ({"permissions": "view_tickets"}, 400),
            ({"permissions": ["write_notes"]}, 400),
            ({"role": "admin"}, 403),
            ({"role": "super_admin"}, 403),
            ({"role": "agent", "permissions": [*AGENT_PERMISSIONS, "manage_admins"]}, 400),
            (
                {"permissions": [*AGENT_PERMISSIONS, "manage_people", "manage_admins"]},
                403,
            ),
        ],
    )
    def test_invalid_users_are_not_added(self, admin: TestClient, more: Any, status: int) -> None:
        refused(admin.post("/users", json={**NEW, **more}), status)
        assert unsealed(admin.get("/users", params={"search": "petra"}))["total"] == 0

    @only_sqlite
    def test_nobody_below_an_admin_adds_or_changes(
        self, owner: TestClient, agent: TestClient, nobody: TestClient, as_: As, cast: Cast
    ) -> None:
        for client in (owner, agent, as_(cast.manager)):
            refused(client.post("/users", json=NEW), 403)
        refused(nobody.post("/users", json=NEW), 401)
        for client in (agent, as_(cast.manager)):
            refused(client.patch(f"/users/{cast.owner.id}", json={"role": "agent"}), 403)
            refused(client.patch(f"/users/{cast.agent.id}", json={"role": "admin"}), 403)
        refused(owner.patch(f"/users/{cast.owner.id}", json={"role": "admin"}), 403)
        refused(owner.patch(f"/users/{cast.agent.id}", json={"is_active": False}), 404)

    def test_user_is_changed_field_by_field(self, admin: TestClient, cast: Cast) -> None:
        department = unsealed(admin.post("/departments", json={"name": "IT Department"}), 201)
        changes = {
            "first_name": "Olga",
            "last_name": "",
            "email": "olga@example.net",
            "role": "agent",
            "department_id": department["id"],
        }
        data = unsealed(admin.patch(f"/users/{cast.owner.id}", json=changes))
        assert {name: data[name] for name in changes} == changes
        assert data["permissions"] == sorted(AGENT_PERMISSIONS)
        found = unsealed(admin.get("/users", params={"department_id": department["id"]}))
        assert [item["id"] for item in found["items"]] == [cast.owner.id]
        data = unsealed(
            admin.patch(
                f"/users/{cast.owner.id}",
                json={"permissions": ["view_tickets"], "department_id": None},
            )
        )
        assert (data["permissions"], data["department_id"]) == (["view_tickets"], None)
        data = unsealed(admin.patch(f"/users/{cast.owner.id}", json={"permissions": None}))
        assert data["permissions"] == sorted(AGENT_PERMISSIONS)
        assert unsealed(admin.patch(f"/users/{cast.owner.id}", json={})) == data
        refused(admin.patch(f"/users/{cast.owner.id}", json={"email": "agent@example.com"}), 409)

    @only_sqlite
    @pytest.mark.parametrize(
        "changes",
        [
            {"role": None},
            {"is_active": None},
            {"is_active": "yes"},
            {"first_name": None},
            {"email": None},
            {"email": "x"},
            {"department_id": 99},
            {"permissions": ["fly"]},
        ],
    )
    def test_invalid_changes_of_a_user_are_named(
        self, admin: TestClient, cast: Cast, changes: Any
    ) -> None:
        error = refused(admin.patch(f"/users/{cast.owner.id}", json=changes), 400)
        assert error["details"]["field"].partition(".")[0] == next(iter(changes))

    @only_sqlite
    def test_nobody_changes_what_they_themselves_may(
        self, admin: TestClient, root: TestClient, cast: Cast
    ) -> None:
        for client, me in ((admin, cast.admin), (root, cast.manager)):
            for changes in (
                {"role": "super_admin"},
                {"role": "user"},
                {"is_active": False},
                {"permissions": ["view_tickets"]},
            ):
                refused(client.patch(f"/users/{me.id}", json=changes), 403)
            assert unsealed(client.patch(f"/users/{me.id}", json={"first_name": "Ann"}))
        refused(admin.patch(f"/users/{cast.manager.id}", json={"first_name": "Ann"}), 403)
        unsealed(root.patch(f"/users/{cast.admin.id}", json={"role": "manager"}))
        refused(admin.post("/users", json=NEW), 403)

    @only_sqlite
    def test_deactivated_user_loses_access_immediately(
        self, admin: TestClient, agent: TestClient, nobody: TestClient, cast: Cast
    ) -> None:
        tokens = unsealed(login(nobody, "agent"))
        data = unsealed(admin.patch(f"/users/{cast.agent.id}", json={"is_active": False}))
        assert data["is_active"] is False
        refused(agent.get("/auth/me"), 401)
        refused(nobody.get("/auth/me", headers=bearer(tokens["access_token"])), 401)
        refused(renewed(nobody, tokens["refresh_token"]), 401)
        refused(login(nobody, "agent"), 401)
        assert unsealed(admin.get("/users", params={"is_active": "false"}))["total"] == 1
        unsealed(admin.patch(f"/users/{cast.agent.id}", json={"is_active": True}))
        refused(renewed(nobody, tokens["refresh_token"]), 401)
        refused(agent.get("/auth/me"), 401)
        assert unsealed(login(nobody, "agent"))


class TestRoles:
    def test_role_permissions_are_listed_replaced_and_reset(
        self, admin: TestClient, agent: TestClient, owner: TestClient
    ) -> None:
        sets = unsealed(agent.get("/roles"))["items"]
        assert [one["role"] for one in sets] == list(Role)
        assert sets[1] == {
            "role": "agent",
            "permissions": list(AGENT_PERMISSIONS),
            "is_custom": False,
            "updated_at": None,
        }
        payload = unsealed(
            admin.put("/roles/agent/permissions", json={"permissions": [*USER_PERMISSIONS]})
        )
        assert (payload["permissions"], payload["is_custom"]) == (list(USER_PERMISSIONS), True)
        assert datetime.fromisoformat(payload["updated_at"]).tzinfo
        refused(agent.get("/roles"), 403)
        assert unsealed(agent.get("/auth/me"))["permissions"] == sorted(USER_PERMISSIONS)
        payload = unsealed(admin.delete("/roles/agent/permissions"))
        assert (payload["permissions"], payload["is_custom"]) == (list(AGENT_PERMISSIONS), False)
        assert unsealed(agent.get("/roles"))["items"] == sets
        refused(owner.get("/roles"), 403)

    def test_role_permissions_apply_to_every_dialect_at_once(
        self, admin: TestClient, agent: TestClient, owner: TestClient
    ) -> None:
        ticket = owner.post("/api/tickets", json=NEW_TICKET).json()["ticket"]
        assert agent.get("/api/v1/tickets/").json()["count"] == 1
        seeing = ["view_tickets", "view_all_tickets"]
        unsealed(admin.put("/roles/agent/permissions", json={"permissions": seeing}))
        path = f"/api/v1/tickets/{ticket['id']}/"
        assert agent.get(path).status_code == 200
        assert agent.patch(path, json={"status": "resolved"}).status_code == 403
        assert agent.post("/api/tickets", json=NEW_TICKET).status_code == 403
        unsealed(admin.put("/roles/agent/permissions", json={"permissions": ["view_tickets"]}))
        assert agent.get("/api/v1/tickets/").json()["count"] == 0
        assert agent.get(path).status_code == 404
        assert agent.get("/api/ticketing/tickets/statistics/").json()["total_tickets"] == 0
        unsealed(admin.put("/roles/user/permissions", json={"permissions": []}))
        assert owner.get("/api/tickets").json()["tickets"] == []
        assert owner.get(f"/api/tickets/{ticket['id']}").status_code == 404
        assert owner.get("/departments").status_code == 403

    @only_sqlite
    @pytest.mark.parametrize(
        ("role", "chosen", "status"),
        [
            ("king", ["view_tickets"], 404),
            ("agent", ["fly"], 400),
            ("agent", ["create_tickets"], 400),
            ("agent", "view_tickets", 400),
            ("agent", None, 400),
            ("agent", ["x"] * 101, 400),
            ("admin", ["view_tickets"], 403),
            ("agent", [*AGENT_PERMISSIONS, "manage_people", "manage_admins"], 403),
            ("super_admin", ["view_tickets"], 422),
        ],
    )
    def test_invalid_role_permissions_are_rejected(
        self, admin: TestClient, role: str, chosen: Any, status: int
    ) -> None:
        answer = admin.put(f"/roles/{role}/permissions", json={"permissions": chosen})
        payload = answer.json()
        assert (answer.status_code, payload["success"]) == (status, False)

    @only_sqlite
    def test_only_a_super_admin_changes_admins(self, admin: TestClient, root: TestClient) -> None:
        less = [name for name in DEFAULT_ROLE_PERMISSIONS[Role.ADMIN] if name != "manage_people"]
        assert unsealed(root.put("/roles/admin/permissions", json={"permissions": less}))
        refused(admin.post("/users", json=NEW), 403)
        assert root.delete("/roles/super_admin/permissions").status_code == 422

    @only_sqlite
    def test_nobody_below_an_admin_changes_sets(
        self, owner: TestClient, agent: TestClient, nobody: TestClient, as_: As, cast: Cast
    ) -> None:
        body = {"permissions": list(PERMISSION_DESCRIPTIONS)}
        for client in (owner, agent, as_(cast.manager)):
            refused(client.put("/roles/user/permissions", json=body), 403)
            refused(client.delete("/roles/user/permissions"), 403)
        refused(nobody.put("/roles/user/permissions", json=body), 401)

    @only_sqlite
    def test_permissions_are_listed_for_every_signed_in_user(
        self, owner: TestClient, nobody: TestClient
    ) -> None:
        items = unsealed(owner.get("/permissions"))["items"]
        assert {item["name"]: item["description"] for item in items} == PERMISSION_DESCRIPTIONS
        refused(nobody.get("/permissions"), 401)


class TestDepartments:
    def test_departments_are_created_listed_changed_and_deleted(
        self, admin: TestClient, owner: TestClient, cast: Cast
    ) -> None:
        made = unsealed(
            admin.post("/departments", json={"name": "IT", "manager_id": cast.manager.id}), 201
        )
        assert datetime.fromisoformat(made.pop("created_at")).tzinfo
        assert made == {
            "id": made["id"],
            "name": "IT",
            "manager_id": cast.manager.id,
            "manager": {
                "id": cast.manager.id,
                "username": "manager",
                "first_name": "Manny",
                "last_name": "Gere",
            },
        }
        seen = unsealed(owner.get("/departments"))
        assert seen["total"] == 1
        assert (seen["items"][0]["name"], seen["items"][0]["manager"]) == ("IT", None)
        assert seen["items"][0]["manager_id"] is None
        path = f"/departments/{made['id']}"
        changed = unsealed(admin.patch(path, json={"name": "Information", "manager_id": None}))
        assert (changed["name"], changed["manager"]) == ("Information", None)
        assert unsealed(admin.patch(path, json={})) == changed
        assert unsealed(admin.get(path)) == changed
        assert unsealed(admin.delete(path)) is None
        refused(admin.get(path), 404)
        refused(admin.delete(path), 404)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"name": ""}, 400),
            ({"name": "  "}, 400),
            ({"name": "x" * 121}, 400),
            ({"name": "a\x00"}, 400),
            ({"name": 5}, 400),
            ({}, 400),
            ({"name": "HR", "manager_id": 99}, 400),
            ({"name": "HR", "manager_id": 1}, 400),
            ({"name": "HR", "manager_id": "5"}, 400),
            ({"name": "it"}, 409),
        ],
    )
    def test_invalid_departments_are_rejected(
        self, admin: TestClient, body: Any, status: int
    ) -> None:
        unsealed(admin.post("/departments", json={"name": "IT"}), 201)
        refused(admin.post("/departments", json=body), status)
        assert unsealed(admin.get("/departments"))["total"] == 1

    def test_one_that_is_in_use_stays(
        self, admin: TestClient, agent: TestClient, cast: Cast
    ) -> None:
        made = unsealed(admin.post("/departments", json={"name": "IT"}), 201)
        unsealed(admin.patch(f"/users/{cast.owner.id}", json={"department_id": made["id"]}))
        answer = admin.delete(f"/departments/{made['id']}")
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "BUSINESS_RULE_VIOLATION"
        unsealed(admin.patch(f"/users/{cast.owner.id}", json={"department_id": None}))
        unsealed(admin.delete(f"/departments/{made['id']}"))

    @only_sqlite
    def test_only_admins_change_them(
        self, admin: TestClient, agent: TestClient, owner: TestClient, nobody: TestClient
    ) -> None:
        made = unsealed(admin.post("/departments", json={"name": "IT"}), 201)
        for client, status in ((agent, 403), (owner, 403), (nobody, 401)):
            refused(client.post("/departments", json={"name": "HR"}), status)
            refused(client.patch(f"/departments/{made['id']}", json={"name": "HR"}), status)
            refused(client.delete(f"/departments/{made['id']}"), status)
        refused(nobody.get("/departments"), 401)


class TestMe:
    def test_own_names_and_preferences_are_changed(self, owner: TestClient, cast: Cast) -> None:
        body = {"first_name": "Olga", "preferences": {"theme": "dark", "mail": ["daily"]}}
        answer = owner.patch("/auth/me", json=body)
        data = unsealed(answer)
        assert answer.headers["cache-control"] == "no-store"
        assert data.keys() == USER_MODEL
        assert (data["first_name"], data["last_name"]) == ("Olga", "Ownby")
        assert data["preferences"] == body["preferences"]
        assert unsealed(owner.get("/auth/me")) == data
        assert unsealed(owner.patch("/auth/me", json={})) == data

    @only_sqlite
    @pytest.mark.parametrize(
        "body",
        [
            {"first_name": "<script>"},
            {"first_name": None},
            {"preferences": None},
            {"preferences": [1]},
            {"preferences": {"a": "x" * 10_000}},
            {"new_password": "another kettle is on"},
            {"current_password": PASSWORD},
            {"current_password": "not mine", "new_password": "another kettle is on"},
            {"current_password": PASSWORD, "new_password": "short"},
        ],
    )
    def test_invalid_changes_of_the_own_profile_are_named(
        self, owner: TestClient, nobody: TestClient, body: Any
    ) -> None:
        error = refused(owner.patch("/auth/me", json=body), 400)
        assert error["details"]["field"] in {*body, "current_password", "new_password"}
        assert PASSWORD not in str(error)
        refused(nobody.patch("/auth/me", json=body), 401)

    @only_sqlite
    def test_nothing_else_can_be_changed(self, owner: TestClient, cast: Cast) -> None:
        before = unsealed(owner.get("/auth/me"))
        wishes = {
            "role": "admin",
            "is_active": False,
            "permissions": ["set_up"],
            "username": "root",
            "email": "x@example.com",
            "department_id": 1,
            "is_demo": True,
        }
        assert unsealed(owner.patch("/auth/me", json=wishes)) == before

    def test_changed_password_ends_every_other_session(self, nobody: TestClient) -> None:
        here, there = unsealed(login(nobody)), unsealed(login(nobody))
        body = {"current_password": PASSWORD, "new_password": "another kettle is on"}
        mine = bearer(here["access_token"])
        unsealed(nobody.patch("/auth/me", json=body, headers=mine))
        unsealed(nobody.get("/auth/me", headers=mine))
        refused(nobody.get("/auth/me", headers=bearer(there["access_token"])), 401)
        refused(login(nobody), 401)
        assert unsealed(login(nobody, password="another kettle is on"))
        assert unsealed(renewed(nobody, here["refresh_token"]))
        refused(renewed(nobody, there["refresh_token"]), 401)

"""Signing in as a program: login, refresh, register, logout, me, and others' tokens."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from jose import jwt
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.conftest import NEW_TICKET, As, Working
from tests.cast import PASSWORD, Cast
from tests.conftest import KEY
from ticket_app.core.people.api_tokens import create_api_token, revoke_api_token
from ticket_app.core.platform import action_limits
from ticket_app.settings import reload_settings
from ticket_app.tables import account_link_table, person_table

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODES = {
    400: "VALIDATION_ERROR",
    401: "AUTHENTICATION_REQUIRED",
    403: "PERMISSION_DENIED",
    404: "RESOURCE_NOT_FOUND",
    409: "DUPLICATE_RESOURCE",
    429: "RATE_LIMIT_EXCEEDED",
}
NEWCOMER = {
    "username": "nils",
    "email": "nils@example.net",
    "password": "a harbour in the fog",
    "first_name": "Nils",
    "last_name": "Holm",
}


def unsealed(answer: Any, status: int = 200) -> Any:
    """The `data` of a success, whose envelope is as documented."""
    assert answer.status_code == status, answer.text
    payload = answer.json()
    assert payload.keys() == {"success", "data", "message", "timestamp", "request_id"}
    assert payload["success"] is True
    assert payload["message"]
    assert payload["request_id"] == answer.headers["x-request-id"]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(payload["timestamp"])).seconds) < 60
    return payload["data"]


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The `error` of a refusal, whose envelope is as documented."""
    assert answer.status_code == status, answer.text
    payload = answer.json()
    assert payload.keys() == {"success", "error", "request_id"}
    assert payload["success"] is False
    assert payload["request_id"] == answer.headers["x-request-id"]
    error = payload["error"]
    assert error.keys() == {"code", "message", "details", "timestamp"}
    assert error["code"] == CODES[status]
    assert error["message"]
    assert isinstance(error["details"], dict)
    assert datetime.fromisoformat(error["timestamp"]).tzinfo is not None
    return error


def login(client: TestClient, username: str = "owner", password: str = PASSWORD) -> Any:
    return client.post("/auth/login", json={"username": username, "password": password})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def me(client: TestClient, token: str) -> Any:
    return client.get("/auth/me", headers=bearer(token))


def renewed(client: TestClient, token: str) -> Any:
    return client.post("/auth/refresh", headers=bearer(token))


class TestLogin:
    def test_login_returns_tokens_and_the_user(self, nobody: TestClient, cast: Cast) -> None:
        answer = login(nobody)
        data = unsealed(answer)
        assert answer.json()["message"] == "Login successful"
        assert answer.headers["cache-control"] == "no-store"
        access, refresh = data.pop("access_token"), data.pop("refresh_token")
        assert access != refresh
        assert data == {
            "token_type": "bearer",
            "expires_in": 3600,
            "user": {
                "id": cast.owner.id,
                "username": "owner",
                "email": "owner@example.com",
                "first_name": "Olive",
                "last_name": "Ownby",
                "role": "user",
                "permissions": sorted(cast.owner.permissions),
            },
        }
        assert {"view_tickets", "create_tickets", "comment_tickets"} <= set(
            data["user"]["permissions"]
        )
        claims = jwt.decode(access, KEY, algorithms=["HS256"])
        assert claims["exp"] - claims["iat"] == 3600
        assert claims["sub"] == str(cast.owner.uuid)
        answer = nobody.get("/api/tickets", headers=bearer(access))
        assert answer.status_code == 200

    @pytest.mark.parametrize("name", ["OWNER", "owner@example.com", "Owner@Example.com", " owner "])
    @only_sqlite
    def test_a_name_has_no_case_and_may_be_the_address(self, nobody: TestClient, name: str) -> None:
        assert unsealed(login(nobody, name))["user"]["username"] == "owner"

    @only_sqlite
    def test_wrong_password_and_unknown_username_get_the_same_answer(
        self, nobody: TestClient
    ) -> None:
        wrong = refused(login(nobody, password="not the kettle"), 401)
        unknown = refused(login(nobody, "nobody-here", "not the kettle"), 401)
        empty_tail = refused(login(nobody, password=PASSWORD + " "), 401)
        assert wrong["message"] == unknown["message"] == empty_tail["message"]

    @only_sqlite
    def test_inactive_user_cannot_sign_in(
        self, nobody: TestClient, working: Working, cast: Cast
    ) -> None:

        access = unsealed(login(nobody))["access_token"]
        with working(cast.admin) as uow:
            uow.connection.execute(
                person_table.update()
                .where(person_table.c.username == "owner")
                .values(is_active=False)
            )
        refused(login(nobody), 401)
        refused(me(nobody, access), 401)

    @only_sqlite
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"username": "owner"},
            {"password": PASSWORD},
            {"username": "", "password": ""},
            {"username": 1, "password": PASSWORD},
            {"username": "owner", "password": None},
            {"username": ["owner"], "password": PASSWORD},
            {"username": "x" * 10_000, "password": PASSWORD},
            {"username": "owner", "password": "x" * 100_000},
            [],
            "text",
        ],
    )
    def test_missing_credentials_are_named_without_the_password(
        self, nobody: TestClient, body: Any
    ) -> None:
        error = refused(nobody.post("/auth/login", json=body), 400)
        assert error["details"]["field"]
        assert error["details"]["reason"]
        assert PASSWORD not in json.dumps(error)

    @only_sqlite
    @pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"username=owner&password=x"])
    def test_malformed_json_is_rejected(self, nobody: TestClient, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        refused(nobody.post("/auth/login", content=body, headers=headers), 400)

    @pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
    def test_names_no_database_takes(self, nobody: TestClient, name: str) -> None:
        body = json.dumps({"username": name, "password": PASSWORD})
        headers = {"Content-Type": "application/json"}
        answer = nobody.post("/auth/login", content=body, headers=headers)
        assert answer.status_code in (400, 401)
        refused(answer, answer.status_code)

    @only_sqlite
    def test_guessing_is_slowed_down(self, nobody: TestClient) -> None:
        for _ in range(10):
            refused(login(nobody, password="a guess of mine"), 401)
        answer = login(nobody)
        refused(answer, 429)
        assert 0 < int(answer.headers["retry-after"]) <= 60
        assert login(nobody, "stranger").status_code == 200, "an address has a larger limit"

    @only_sqlite
    def test_guessing_through_many_addresses_is_slowed_down_too(self, nobody: TestClient) -> None:
        for n in range(10):
            action_limits.count_sign_in_attempt("owner", f"192.0.2.{n}")
        refused(login(nobody), 429)
        assert unsealed(login(nobody, "stranger"))


class TestRefresh:
    def test_refresh_token_gives_a_new_pair_of_tokens(self, nobody: TestClient) -> None:
        first = unsealed(login(nobody))
        answer = renewed(nobody, first["refresh_token"])
        second = unsealed(answer)
        assert second.keys() == first.keys()
        assert second["user"] == first["user"]
        assert second["refresh_token"] != first["refresh_token"]
        assert unsealed(me(nobody, second["access_token"]))["username"] == "owner"
        assert unsealed(renewed(nobody, second["refresh_token"]))

    def test_the_token_may_be_in_the_body(self, nobody: TestClient) -> None:
        token = unsealed(login(nobody))["refresh_token"]
        assert unsealed(nobody.post("/auth/refresh", json={"refresh_token": token}))

    def test_a_token_used_twice_ends_the_whole_sign_in(self, nobody: TestClient) -> None:
        first = unsealed(login(nobody))
        other = unsealed(login(nobody))
        second = unsealed(renewed(nobody, first["refresh_token"]))
        refused(renewed(nobody, first["refresh_token"]), 401)
        refused(renewed(nobody, second["refresh_token"]), 401)
        for token in (first["access_token"], second["access_token"]):
            refused(me(nobody, token), 401)
        assert unsealed(me(nobody, other["access_token"]))

    @only_sqlite
    def test_other_tokens_are_rejected_as_refresh_tokens(
        self, nobody: TestClient, owner: TestClient
    ) -> None:
        access = unsealed(login(nobody))["access_token"]
        api_token = owner.headers["authorization"].removeprefix("Bearer ")
        for token in ("rt_wrong", access, api_token, "x" * 5_000):
            refused(renewed(nobody, token), 401)
        for sent in ({}, {"json": {}}, {"json": {"refresh_token": 5}}, {"json": []}):
            answer = nobody.post("/auth/refresh", **sent)
            refused(answer, answer.status_code)
            assert answer.status_code in (400, 401)

    @only_sqlite
    def test_a_refresh_token_opens_nothing(self, nobody: TestClient) -> None:
        refresh = unsealed(login(nobody))["refresh_token"]
        refused(me(nobody, refresh), 401)
        assert nobody.get("/api/tickets", headers=bearer(refresh)).status_code == 401


class TestLogout:
    def test_logout_ends_this_session_only(self, nobody: TestClient) -> None:
        tokens, other = unsealed(login(nobody)), unsealed(login(nobody))
        answer = nobody.post("/auth/logout", headers=bearer(tokens["access_token"]))
        assert unsealed(answer) is None
        refused(me(nobody, tokens["access_token"]), 401)
        refused(renewed(nobody, tokens["refresh_token"]), 401)
        assert unsealed(me(nobody, other["access_token"]))

    def test_anonymous_request_cannot_sign_out(self, nobody: TestClient) -> None:
        refused(nobody.post("/auth/logout"), 401)


class TestRegister:
    def test_registered_user_is_signed_in_and_creates_tickets(self, nobody: TestClient) -> None:
        data = unsealed(nobody.post("/auth/register", json=NEWCOMER), 201)
        assert data["user"].pop("id")
        assert data["user"].pop("permissions")
        expected = {name: value for name, value in NEWCOMER.items() if name != "password"}
        assert data["user"] == {**expected, "role": "user"}
        assert unsealed(me(nobody, data["access_token"]))["username"] == "nils"
        assert unsealed(login(nobody, "nils", NEWCOMER["password"]))
        answer = nobody.post("/api/tickets", json=NEW_TICKET, headers=bearer(data["access_token"]))
        assert answer.status_code == 200

    @only_sqlite
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("username", ""),
            ("username", "x"),
            ("username", "two words"),
            ("username", "<b>nils</b>"),
            ("username", "12345"),
            ("username", "nils\u200b"),
            ("email", "nobody"),
            ("email", "a@b"),
            ("email", "a@b.c\r\nBcc: x@y.z"),
            ("password", "short"),
            ("password", "password123"),
            ("password", "aaaaaaaaaaaa"),
            ("password", "x y" * 100),
            ("password", "nils@example.net"),
            ("first_name", "https://spam.example"),
            ("last_name", "<script>"),
            ("last_name", "a\x00b"),
        ],
    )
    def test_a_wrong_field_is_named_and_not_repeated(
        self, nobody: TestClient, field: str, value: str
    ) -> None:
        error = refused(nobody.post("/auth/register", json={**NEWCOMER, field: value}), 400)
        assert error["details"]["field"] == field
        assert error["details"]["reason"]
        if field == "password":
            assert value not in json.dumps(error)

    @only_sqlite
    def test_every_wrong_field_is_named(self, nobody: TestClient) -> None:
        body = {**NEWCOMER, "email": "x", "password": "short"}
        error = refused(nobody.post("/auth/register", json=body), 400)
        assert [problem["field"] for problem in error["details"]["problems"]] == [
            "email",
            "password",
        ]

    @only_sqlite
    @pytest.mark.parametrize(
        "taken",
        [
            {"username": "owner"},
            {"username": "OWNER"},
            {"username": "0wner"},
            {"username": "оwner"},
            {"email": "owner@example.com"},
            {"email": "OWNER@EXAMPLE.COM"},
            {"first_name": "Agnes", "last_name": "Hale"},
        ],
    )
    def test_whose_name_is_taken_or_looks_like_anothers(
        self, nobody: TestClient, taken: dict[str, str]
    ) -> None:
        refused(nobody.post("/auth/register", json={**NEWCOMER, **taken}), 409)

    @only_sqlite
    def test_nobody_makes_themselves_an_admin(self, nobody: TestClient) -> None:
        requested = {"role": "admin", "permissions": ["set_up"], "is_active": True, "id": 1}
        data = unsealed(nobody.post("/auth/register", json={**NEWCOMER, **requested}), 201)
        assert data["user"]["role"] == "user"
        assert "set_up" not in data["user"]["permissions"]

    @only_sqlite
    def test_registration_can_be_closed(
        self, nobody: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TICKET_REGISTRATION", "false")
        reload_settings()
        refused(nobody.post("/auth/register", json=NEWCOMER), 403)

    @only_sqlite
    def test_many_accounts_from_one_address_are_slowed_down(self, nobody: TestClient) -> None:
        answers = [
            nobody.post(
                "/auth/register",
                json={**NEWCOMER, "username": f"n{n}{'z' * n}", "email": f"n{n}@example.net"},
            )
            for n in range(11)
        ]
        refused(answers[-1], 429)


class TestMe:
    def test_profile_shows_the_user_and_their_permissions(
        self, nobody: TestClient, cast: Cast
    ) -> None:
        access = unsealed(login(nobody))["access_token"]
        data = unsealed(me(nobody, access))
        assert datetime.fromisoformat(data.pop("created_at")).tzinfo is not None
        assert datetime.fromisoformat(data.pop("last_login")).tzinfo is not None
        assert data == {
            "id": cast.owner.id,
            "username": "owner",
            "email": "owner@example.com",
            "first_name": "Olive",
            "last_name": "Ownby",
            "role": "user",
            "permissions": sorted(cast.owner.permissions),
            "department_id": None,
            "is_active": True,
            "preferences": {},
        }

    @only_sqlite
    def test_everybody_is_who_they_are(self, as_: As, cast: Cast) -> None:
        for name, actor in cast:
            data = unsealed(as_(actor).get("/auth/me"))
            assert (data["username"], data["role"]) == (name, actor.role)

    @only_sqlite
    def test_nobody_is_nobody(self, nobody: TestClient) -> None:
        answer = nobody.get("/auth/me")
        refused(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


@only_sqlite
class TestAccessTokens:
    def claims(self, client: TestClient, **changed: Any) -> dict[str, Any]:
        token = unsealed(login(client))["access_token"]
        claims = {**jwt.get_unverified_claims(token), **changed}
        return {name: value for name, value in claims.items() if value is not None}

    @pytest.mark.parametrize(
        "changed",
        [
            {"exp": 1},
            {"exp": None},
            {"exp": "later"},
            {"typ": "refresh"},
            {"typ": None},
            {"sub": None},
            {"sub": "00000000-0000-4000-8000-000000000000"},
            {"sid": "x"},
            {"sid": 5},
            {"iss": "https://somebody.example"},
        ],
    )
    def test_claims_that_do_not_hold(self, nobody: TestClient, changed: dict[str, Any]) -> None:
        token = jwt.encode(self.claims(nobody, **changed), KEY, algorithm="HS256")
        answer = me(nobody, token)
        if "iss" in changed:
            assert answer.status_code in (200, 401)
        else:
            refused(answer, 401)

    def test_signatures_that_do_not_hold(self, nobody: TestClient) -> None:
        claims = self.claims(nobody)
        good = jwt.encode(claims, KEY, algorithm="HS256")
        head, body, signature = good.split(".")
        assert unsealed(me(nobody, good))
        bad = [
            jwt.encode(claims, "another key", algorithm="HS256"),
            jwt.encode(claims, KEY, algorithm="HS512"),
            f"{head}.{body}.",
            f"{head}.{body}.{signature[::-1]}",
            f"eyJhbGciOiJub25lIn0.{body}.",
            f"eyJhbGciOiJub25lIn0.{body}.{signature}",
        ]
        for token in bad:
            refused(me(nobody, token), 401)

    def test_one_persons_sign_in_is_not_anothers(self, nobody: TestClient, cast: Cast) -> None:
        token = jwt.encode(self.claims(nobody, sub=str(cast.admin.uuid)), KEY, algorithm="HS256")
        refused(me(nobody, token), 401)

    def test_a_role_in_the_token_gives_nothing(self, nobody: TestClient) -> None:
        token = jwt.encode(self.claims(nobody, role="admin"), KEY, algorithm="HS256")
        assert unsealed(me(nobody, token))["role"] == "user"


class TestApiTokens:
    def test_scopes_bound_what_a_token_may(
        self, nobody: TestClient, working: Working, cast: Cast
    ) -> None:

        with working(cast.owner) as uow:
            token, _ = create_api_token(uow, "reader", scopes=["view_tickets"])
        assert nobody.get("/api/tickets", headers=bearer(token)).status_code == 200
        answer = nobody.post("/api/tickets", json=NEW_TICKET, headers=bearer(token))
        assert answer.status_code == 403
        assert answer.json()["success"] is False

    def test_a_revoked_or_expired_token_is_none(
        self, nobody: TestClient, working: Working, cast: Cast
    ) -> None:
        from datetime import timedelta

        from ticket_app.core.platform.unit_of_work import utc_now

        with working(cast.owner) as uow:
            revoked, row = create_api_token(uow, "a")
            revoke_api_token(uow, row.uuid)
            soon = utc_now() + timedelta(seconds=30)
            expired, row = create_api_token(uow, "b", expires_at=soon)
            row.expires_at = utc_now() - timedelta(seconds=1)
        for token in (revoked, expired):
            assert nobody.get("/api/tickets", headers=bearer(token)).status_code == 401


ISSUER = {
    "issuer": "https://lyceum.example",
    "audience": "tickets",
    "secret": "what Lyceum and the desk share, and nobody else",
}


@pytest.fixture
def trusting(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that takes Lyceum's own tokens."""
    monkeypatch.setenv("TICKET_TRUSTED_ISSUERS", json.dumps([ISSUER]))
    reload_settings()


def foreign(key: str = ISSUER["secret"], **changed: Any) -> str:
    claims = {
        "iss": ISSUER["issuer"],
        "aud": ISSUER["audience"],
        "sub": "lyceum-4711",
        "email": "cleo@lyceum.example",
        "preferred_username": "cleo",
        "name": "Cleo Marsh",
        "exp": int(time.time()) + 600,
        **changed,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm="HS256")


@pytest.mark.usefixtures("trusting")
class TestTrustedIssuer:
    def test_token_of_a_trusted_issuer_creates_the_user_and_a_ticket(
        self, nobody: TestClient
    ) -> None:
        headers = bearer(foreign())
        created = nobody.post("/api/tickets", json=NEW_TICKET, headers=headers)
        assert created.status_code == 200
        ticket_id = created.json()["ticket"]["id"]
        assert UUID(ticket_id)
        listed = nobody.get("/api/tickets", headers=bearer(foreign(jti="another")))
        assert [ticket["id"] for ticket in listed.json()["tickets"]] == [ticket_id]
        whole = nobody.get(f"/api/tickets/{ticket_id}", headers=headers).json()["ticket"]
        assert whole["submitted_by"]["username"] == "cleo"
        assert whole["submitted_by"]["full_name"] == "Cleo Marsh"
        data = unsealed(nobody.get("/auth/me", headers=headers))
        assert (data["role"], data["email"]) == ("user", "cleo@lyceum.example")

    def test_a_first_upload_and_a_first_read_make_them_known_too(self, nobody: TestClient) -> None:
        assert nobody.get("/api/tickets", headers=bearer(foreign(sub="a"))).json() == {
            "success": True,
            "tickets": [],
            "pagination": {"limit": 50, "offset": 0, "has_more": False},
        }
        path = "/api/tickets/00000000-0000-4000-8000-000000000000/attachments"
        files = {"file": ("a.txt", b"a")}
        answer = nobody.post(path, files=files, headers=bearer(foreign(sub="b")))
        assert answer.status_code == 404

    @pytest.mark.parametrize(
        "changed",
        [
            {"exp": 1},
            {"exp": None},
            {"aud": "something else"},
            {"aud": None},
            {"iss": "https://another.example"},
            {"sub": None},
            {"sub": ""},
            {"nbf": 99_999_999_999},
            {"key": "a key that Lyceum does not have at all"},
            {"key": KEY},
        ],
    )
    @only_sqlite
    def test_what_does_not_hold_is_refused(
        self, nobody: TestClient, changed: dict[str, Any]
    ) -> None:
        answer = nobody.get("/api/tickets", headers=bearer(foreign(**changed)))
        assert answer.status_code == 401
        assert answer.json()["success"] is False

    def test_they_are_nobody_else(self, nobody: TestClient, owner: TestClient) -> None:
        ours = {"email": "owner@example.com", "preferred_username": "owner", "role": "admin"}
        headers = bearer(foreign(**ours))
        data = unsealed(nobody.get("/auth/me", headers=headers))
        assert data["username"] != "owner"
        assert data["email"] != "owner@example.com"
        assert data["role"] == "user"
        ticket = owner.post("/api/tickets", json=NEW_TICKET).json()["ticket"]
        assert nobody.get(f"/api/tickets/{ticket['id']}", headers=headers).status_code == 404


def test_registration_waits_for_the_verified_address_where_it_is_asked_for(
    nobody: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_MAIL_VERIFICATION", "true")
    reload_settings()
    data = unsealed(nobody.post("/auth/register", json=NEWCOMER), 201)
    assert (data["access_token"], data["refresh_token"], data["expires_in"]) == (None, None, None)
    assert data["user"]["email"] == "nils@example.net"
    error = refused(login(nobody, "nils", NEWCOMER["password"]), 403)
    assert "nils@example.net" in error["message"]
    assert login(nobody).status_code == 200


def test_verification_is_sent_again_to_who_knows_the_password(
    nobody: TestClient, cast: Cast, working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_MAIL_VERIFICATION", "true")
    reload_settings()
    unsealed(nobody.post("/auth/register", json=NEWCOMER), 201)
    credentials = {"username": "nils", "password": NEWCOMER["password"]}
    answer = nobody.post("/auth/verification", json=credentials)
    assert unsealed(answer, 202) is None
    assert answer.headers["Cache-Control"] == "no-store"
    with working(cast.admin) as uow:
        links = uow.connection.execute(
            select(account_link_table.c.address, account_link_table.c.expires_at > uow.now)
        ).all()
    assert sorted(links) == [("nils@example.net", False), ("nils@example.net", True)]
    refused(nobody.post("/auth/verification", json={**credentials, "password": "wrong"}), 401)
    verified = {"username": "owner", "password": PASSWORD}
    refused(nobody.post("/auth/verification", json=verified), 409)

"""Webhook Integration: admins subscribe, look, try and send again; nobody else learns a thing."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from tests.api.conftest import As, CreateTicket
from tests.cast import Cast
from tests.core.receiver import receiving
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.jobs import webhooks as jobs
from ticket_app.settings import reload_settings

DOCUMENTED: dict[str, Any] = {
    "url": "https://your-app.com/webhooks/tickets",
    "events": ["ticket.created", "ticket.updated"],
    "secret": "your_webhook_secret",
    "active": True,
}
FOREVER = {"since": "2020-01-01T00:00:00Z"}
CALLS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", "/webhooks", DOCUMENTED),
    ("GET", "/webhooks", None),
    ("GET", "/webhooks/1", None),
    ("PATCH", "/webhooks/1", {"active": True}),
    ("POST", "/webhooks/1/rotate-secret", None),
    ("POST", "/webhooks/1/test", None),
    ("GET", "/webhooks/1/deliveries", None),
    ("GET", "/webhooks/1/deliveries/1", None),
    ("POST", "/webhooks/1/deliveries/1/replay", None),
    ("POST", "/webhooks/1/replay", FOREVER),
    ("DELETE", "/webhooks/1", None),
]


def made(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post("/webhooks", json={**DOCUMENTED, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def problem(answer: Any) -> tuple[int, str, str]:
    payload = answer.json()["error"]
    return answer.status_code, payload["code"], payload["details"].get("field", "")


def deliver() -> None:
    for task in jobs.CHANGES.claim_tasks(1):
        task()
    while jobs.deliver_due():
        pass


def test_documented_subscription_is_created_and_listed(admin: TestClient, cast: Cast) -> None:
    answer = admin.post("/webhooks", json=DOCUMENTED)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["success"] is True
    assert body["message"] == "Webhook created successfully"
    webhook = body["data"]
    assert webhook["webhook_id"].startswith("wh_")
    assert webhook == {
        "id": 1,
        "webhook_id": webhook["webhook_id"],
        **DOCUMENTED,
        "owner": {"id": cast.admin.id, "username": "admin"},
        "failures": 0,
        "failing_since": None,
        "switched_off_reason": None,
        "old_secret_valid_until": None,
        "created_at": webhook["created_at"],
        "updated_at": webhook["created_at"],
    }
    shown = {name: value for name, value in webhook.items() if name != "secret"}
    for reference in ("1", webhook["webhook_id"]):
        assert admin.get(f"/webhooks/{reference}").json()["data"] == shown
    listed = admin.get("/webhooks").json()["data"]
    assert listed["items"] == [shown]
    assert listed["total"] == listed["pagination"]["total"] == 1


def test_a_secret_is_made_where_none_is_given_and_shown_once(
    admin: TestClient, database: Engine
) -> None:
    secret = made(admin, secret=None)["secret"]
    assert secret.startswith("whsec_")
    assert len(secret) == 50
    for path in ("/webhooks", "/webhooks/1", "/webhooks/1/deliveries"):
        assert secret not in admin.get(path).text
    assert secret not in admin.patch("/webhooks/1", json={"active": False}).text
    with database.connect() as connection:
        kept = connection.execute(text("SELECT encrypted_secret FROM webhook")).scalar_one()
    assert secret not in kept


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_only_admins_manage_subscriptions(
    method: str, path: str, body: Any, admin: TestClient, as_: As, cast: Cast
) -> None:
    made(admin)
    assert admin.post("/webhooks/1/test").status_code == 201
    assert as_(None).request(method, path, json=body).status_code == 401
    for who in (cast.owner, cast.stranger, cast.agent, cast.manager):
        answer = as_(who).request(method, path, json=body)
        assert problem(answer) == (403, "PERMISSION_DENIED", "")
        missing = as_(who).request(method, path.replace("/1", "/99"), json=body)
        assert missing.status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), [c for c in CALLS if "/1" in c[1]])
@pytest.mark.parametrize(
    "reference", ["99", "0", "-1", "x", "9" * 30, "wh_" + "0" * 32, "wh_1", "%00"]
)
def test_missing_subscriptions_are_not_found(
    method: str, path: str, body: Any, reference: str, admin: TestClient
) -> None:
    answer = admin.request(method, path.replace("/1", f"/{reference}", 1), json=body)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "http://2130706433/"}, "url"),
        ({"url": "http://[::ffff:10.0.0.1]/"}, "url"),
        ({"url": "https://name:word@example.com/"}, "url"),
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": "https://example.com/" + "x" * 2000}, "url"),
        ({"url": ""}, "url"),
        ({"url": 7}, "url"),
        ({"events": []}, "events"),
        ({"events": ["ticket.exploded"]}, "events"),
        ({"events": "ticket.created"}, "events"),
        ({"events": [1]}, "events.0"),
        ({"events": ["ticket.created"] * 99}, "events"),
        ({"secret": "short"}, "secret"),
        ({"secret": "whsec_short"}, "secret"),
        ({"secret": "x" * 300}, "secret"),
        ({"active": "yes"}, "active"),
    ],
)
def test_what_is_wrong_is_named(admin: TestClient, change: Any, field: str) -> None:
    answer = admin.post("/webhooks", json={**DOCUMENTED, **change})
    assert problem(answer) == (400, "VALIDATION_ERROR", field)
    assert admin.get("/webhooks").json()["data"]["total"] == 0


@pytest.mark.parametrize("missing", ["url", "events"])
def test_what_is_missing_is_named(admin: TestClient, missing: str) -> None:
    body = {name: value for name, value in DOCUMENTED.items() if name != missing}
    assert problem(admin.post("/webhooks", json=body)) == (400, "VALIDATION_ERROR", missing)


def test_subscription_is_changed_field_by_field(admin: TestClient) -> None:
    made(admin)
    changed = admin.patch("/webhooks/1", json={"events": ["comment.added", "ticket.created"]})
    assert changed.json()["data"]["events"] == ["ticket.created", "comment.added"]
    assert changed.json()["data"]["url"] == DOCUMENTED["url"]
    off = admin.patch("/webhooks/1", json={"active": False}).json()["data"]
    assert off["active"] is False
    wrong = admin.patch("/webhooks/1", json={"url": "http://10.0.0.1/"})
    assert problem(wrong) == (400, "VALIDATION_ERROR", "url")
    for call in ("/webhooks/1/test", "/webhooks/1/replay"):
        refused = admin.post(call, json=FOREVER)
        assert problem(refused)[:2] == (422, "BUSINESS_RULE_VIOLATION")


def test_deleted_subscription_is_not_found(admin: TestClient) -> None:
    made(admin)
    answer = admin.delete("/webhooks/1")
    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert admin.get("/webhooks/1").status_code == 404
    assert admin.delete("/webhooks/1").status_code == 404
    assert admin.get("/webhooks").json()["data"]["items"] == []


def test_a_hundred_are_enough(admin: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from ticket_app.core.webhooks import subscriptions as webhook_subscriptions

    monkeypatch.setattr(webhook_subscriptions, "MAX_WEBHOOKS", 1)
    made(admin)
    answer = admin.post("/webhooks", json=DOCUMENTED)
    assert problem(answer)[:2] == (422, "BUSINESS_RULE_VIOLATION")


def test_the_same_post_twice_makes_one_and_its_secret_is_kept_under_lock(
    admin: TestClient, database: Engine
) -> None:
    body = {**DOCUMENTED, "secret": None}
    first, second = (
        admin.post("/webhooks", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    secret = first.json()["data"]["secret"]
    assert admin.get("/webhooks").json()["data"]["total"] == 1
    with database.connect() as connection:
        kept = connection.execute(text("SELECT body FROM idempotent_response")).scalar_one()
    assert secret.encode() not in bytes(kept)


def test_a_secret_is_rotated(admin: TestClient) -> None:
    made(admin)
    own = admin.post("/webhooks/1/rotate-secret", json={"secret": "another good secret"})
    assert own.status_code == 200
    assert own.json()["data"]["secret"] == "another good secret"
    assert own.json()["data"]["old_secret_valid_until"] is not None
    new = admin.post("/webhooks/1/rotate-secret").json()["data"]["secret"]
    assert new.startswith("whsec_")
    wrong = admin.post("/webhooks/1/rotate-secret", json={"secret": "bad"})
    assert problem(wrong) == (400, "VALIDATION_ERROR", "secret")


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch, database: Engine) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
    reload_settings()


@pytest.mark.usefixtures("allowed")
def test_ticket_from_any_api_is_delivered_and_appears_in_the_log(
    admin: TestClient, create_ticket: CreateTicket
) -> None:
    with receiving() as receiver:
        webhook = made(admin, url=receiver.url, events=list(EVENT_NAMES))
        create_ticket(title="The lamp is dark")
        deliver()
        (got,) = receiver.got
    assert got.payload["event"] == "ticket.created"
    assert got.payload["webhook_id"] == webhook["webhook_id"]
    assert got.payload["data"]["ticket"]["title"] == "The lamp is dark"
    plain = hmac.new(b"your_webhook_secret", got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-webhook-signature"] == f"sha256={plain}"
    listed = admin.get("/webhooks/1/deliveries?state=delivered&event=ticket.created").json()["data"]
    (one,) = listed["items"]
    assert (one["state"], one["attempts"], one["response_status"]) == ("delivered", 1, 200)
    assert one["message_id"] == got.headers["webhook-id"]
    for reference in (one["id"], one["message_id"]):
        whole = admin.get(f"/webhooks/{webhook['webhook_id']}/deliveries/{reference}").json()[
            "data"
        ]
        assert whole["payload"] == got.payload
        assert whole["response_body"] == "taken"
        assert [tried["status"] for tried in whole["tries"]] == [200]
    assert admin.get("/webhooks/1/deliveries?state=failed").json()["data"]["items"] == []


@pytest.mark.usefixtures("allowed")
def test_a_test_message_goes_the_usual_way(admin: TestClient) -> None:
    with receiving() as receiver:
        made(admin, url=receiver.url)
        sent = admin.post("/webhooks/1/test")
        assert (sent.status_code, sent.json()["data"]["state"]) == (201, "pending")
        deliver()
        (got,) = receiver.got
    assert got.payload == sent.json()["data"]["payload"]
    assert got.payload["event"] == "ping"
    assert set(got.payload["data"]["ticket"]) >= {
        "id",
        "ticket_number",
        "title",
        "status",
        "created_by",
    }
    shown = admin.get(f"/webhooks/1/deliveries/{sent.json()['data']['id']}").json()["data"]
    assert shown["state"] == "delivered"


@pytest.mark.usefixtures("allowed")
def test_messages_are_sent_again(admin: TestClient) -> None:
    with receiving() as receiver:
        made(admin, url=receiver.url)
        sent = admin.post("/webhooks/1/test").json()["data"]
        early = admin.post(f"/webhooks/1/deliveries/{sent['id']}/replay")
        assert problem(early)[:2] == (422, "BUSINESS_RULE_VIOLATION")
        deliver()
        again = admin.post(f"/webhooks/1/deliveries/{sent['message_id']}/replay")
        assert again.json()["data"]["state"] == "pending"
        deliver()
        many = admin.post("/webhooks/1/replay", json={**FOREVER, "state": "delivered"})
        assert many.json()["data"] == {"replayed": 1, "has_more": False}
        deliver()
        assert {got.headers["webhook-id"] for got in receiver.got} == {sent["message_id"]}
        assert len(receiver.got) == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "since"),
        ({"since": "yesterday"}, "since"),
        ({"since": 5}, "since"),
        ({**FOREVER, "until": "2019-01-01T00:00:00Z"}, "until"),
        ({**FOREVER, "state": "pending"}, "state"),
        ({**FOREVER, "state": "lost"}, "state"),
    ],
)
def test_a_time_to_send_again_is_checked(admin: TestClient, body: Any, field: str) -> None:
    made(admin)
    answer = admin.post("/webhooks/1/replay", json=body)
    assert problem(answer) == (400, "VALIDATION_ERROR", field)


@pytest.mark.parametrize(
    ("query", "field"), [("state=lost", "state"), ("event=ping2", "event"), ("page=0", "page")]
)
def test_unknown_filters_are_named(admin: TestClient, query: str, field: str) -> None:
    made(admin)
    answer = admin.get(f"/webhooks/1/deliveries?{query}")
    assert problem(answer) == (400, "VALIDATION_ERROR", field)


def test_secrets_appear_neither_in_logs_nor_in_errors(
    admin: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    made(admin, secret="a very own secret")
    for body in ({**DOCUMENTED, "secret": "tiny"}, {**DOCUMENTED, "secret": "whsec_tooshort"}):
        assert body["secret"] not in admin.post("/webhooks", json=body).text
    output = capsys.readouterr()
    assert "a very own secret" not in output.out + output.err

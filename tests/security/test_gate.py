"""The gate around everything served: who may speak, what is closed, what every answer says."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from ticket_app.settings import Settings, reload_settings
from ticket_app.ui.security_middleware import SecurityMiddleware, hash_tab_token


async def answer(request: Request) -> JSONResponse:
    return JSONResponse({"path": request.url.path})


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(dict(websocket.query_params))
    await websocket.close()


INSIDE = Starlette(
    routes=[
        WebSocketRoute("/_event", socket),
        Route("/{path:path}", answer, methods=["GET", "POST"]),
    ]
)
OURS = "http://desk.test"
COOKIE = {"cookie": "desk_session=s3cret"}


def visitor(**options: Any) -> TestClient:
    return TestClient(SecurityMiddleware(INSIDE, **options), base_url=OURS)


def greeting(client: TestClient, origin: str | None, **headers: str) -> dict[str, str]:
    sent = {**headers, **({"origin": origin} if origin else {})}
    with client.websocket_connect("ws://desk.test/_event?token=tab&EIO=4", headers=sent) as opened:
        return opened.receive_json()


def test_a_socket_from_our_own_page_is_let_in() -> None:
    assert greeting(visitor(), OURS)["EIO"] == "4"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.test", "http://desk.test.evil.test", "http://desk.test:81", "null", None],
)
def test_a_socket_from_anywhere_else_is_refused(origin: str | None) -> None:
    with pytest.raises(WebSocketDisconnect):
        greeting(visitor(), origin)


def test_a_socket_elsewhere_than_at_its_address_is_refused() -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        visitor().websocket_connect("ws://desk.test/desk", headers={"origin": OURS}),
    ):
        pass


def test_the_public_address_and_the_own_host_are_let_in() -> None:
    client = visitor(public_url="https://help.test/desk")
    assert greeting(client, "https://HELP.test:443")
    assert greeting(client, OURS)


def test_a_page_over_https_may_ask_for_what_arrives_over_http_but_not_the_other_way() -> None:
    """A proxy that speaks https and was not named in `TICKET_TRUSTED_PROXIES`."""
    assert greeting(visitor(), "https://desk.test")
    secure = TestClient(SecurityMiddleware(INSIDE), base_url="https://desk.test")
    with (
        pytest.raises(WebSocketDisconnect),
        secure.websocket_connect("wss://desk.test/_event", headers={"origin": OURS}),
    ):
        pass


@pytest.mark.parametrize("origins", ["https://portal.test", "*"])
def test_an_origin_that_may_call_the_api_is_no_page_of_ours(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, origins: str
) -> None:
    monkeypatch.setenv("TICKET_CORS_ORIGINS", origins)
    reload_settings()
    portal = "https://portal.test"
    with pytest.raises(WebSocketDisconnect):
        greeting(visitor(), portal)
    for headers in (COOKIE, {}):
        sent = {**headers, "origin": portal}
        assert visitor().post("/session/login", headers=sent).status_code == 403
    assert visitor().post("/media", headers={**COOKIE, "origin": portal}).status_code == 403
    assert greeting(visitor(), OURS)
    assert visitor().post("/session/login", headers={"origin": OURS}).status_code == 200


def test_only_a_trusted_proxy_may_set_the_requested_host() -> None:
    forwarded = {"x-forwarded-host": "help.test", "x-forwarded-proto": "https"}
    with pytest.raises(WebSocketDisconnect):
        greeting(visitor(), "https://help.test", **forwarded)
    trusting = TestClient(
        SecurityMiddleware(INSIDE, trusted_proxies=["10.0.0.0/8"]),
        base_url=OURS,
        client=("10.1.2.3", 5),
    )
    for proto in ("https", "HTTPS", "wss"):
        assert greeting(trusting, "https://help.test", **(forwarded | {"x-forwarded-proto": proto}))


def test_the_name_of_a_tabs_state_depends_on_the_cookie_and_hides_both() -> None:
    mine = greeting(visitor(), OURS, **COOKIE)["token"]
    assert mine == hash_tab_token("tab", COOKIE["cookie"])
    assert mine != greeting(visitor(), OURS, cookie="desk_session=other")["token"]
    assert mine != greeting(visitor(), OURS)["token"]
    assert "tab" not in mine
    assert "s3cret" not in mine


@pytest.mark.parametrize(
    "path",
    ["/_upload", "/_upload/x", "/_all_routes", "/_health", "/ping", "/auth-codespace", "/_event"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_the_frameworks_own_endpoints_are_closed(path: str, method: str) -> None:
    assert visitor().request(method, path).status_code == 404


def test_a_change_from_another_site_in_a_signed_in_name_is_refused() -> None:
    client = visitor()
    for headers in (
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert client.post("/media", headers={**COOKIE, **headers}).status_code == 403
        assert client.post("/session/login", headers=headers).status_code == 403


def test_a_change_from_our_own_page_or_from_a_program_passes() -> None:
    client = visitor()
    assert client.post("/session/login", headers={"origin": OURS}).status_code == 200
    assert client.post("/media", headers={**COOKIE, "origin": OURS}).status_code == 200
    assert client.post("/media", headers={**COOKIE, "sec-fetch-site": "same-origin"}).is_success
    token = {"authorization": "Bearer x", "origin": "https://a-client.test"}
    assert client.post("/api/tickets", headers=token).status_code == 200


def test_every_answer_carries_the_safe_headers() -> None:
    headers = visitor().get("/anything").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    secure = visitor(public_url="https://help.test").get("/anything").headers
    assert "max-age" in secure["strict-transport-security"]


def test_a_policy_of_its_own_is_kept() -> None:
    async def framed(scope: Any, receive: Any, send: Any) -> None:
        own = [(b"Content-Security-Policy", b"default-src 'self'")]
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": b""})

    answer = TestClient(SecurityMiddleware(framed)).get("/docs")
    assert answer.headers.get_list("content-security-policy") == ["default-src 'self'"]


def test_broken_cookies_are_nobodys() -> None:
    assert hash_tab_token("tab", "desk_session=\x00; ;=;") == hash_tab_token("tab", None)


def test_the_gate_passes_on_the_lifespan() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    anyio.run(SecurityMiddleware(app), {"type": "lifespan"}, None, None)
    assert seen == ["lifespan"]

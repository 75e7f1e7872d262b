"""The whole app behind a real https proxy, configured as the documentation says."""

from __future__ import annotations

import json
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import nginx
from tests.browser.conftest import Product, free_port, product_with, served, sign_in
from tests.browser.test_portal import PASTE, create_ticket, known
from tests.cast import PASSWORD
from ticket_app.core.conversation import commenting
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import locking
from ticket_app.ui.pages.portal import texts

Visit = Callable[[], BrowserContext]


@pytest.fixture(scope="module")
def behind_https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product as it is run in production; the address is the proxy's."""
    folder = tmp_path_factory.mktemp("https")
    engine, variables = product_with(folder)
    port = free_port()
    variables |= {
        "TICKET_PUBLIC_URL": f"https://127.0.0.1:{port}",
        "TICKET_TRUSTED_PROXIES": "127.0.0.1",
    }
    with served(folder, **variables) as inner:
        upstream = int(inner.rpartition(":")[2])
        servers = nginx.documented()
        with nginx.https(folder / "nginx", servers, port=port, upstream=upstream) as address:
            yield Product(address, engine)
    engine.dispose()


@pytest.fixture
def visit_https(browser: Browser) -> Iterator[Visit]:
    """Makes separate visitors that accept the proxy's own certificate."""
    contexts: list[BrowserContext] = []

    def new() -> BrowserContext:
        context = browser.new_context(ignore_https_errors=True)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()


def problems_of(page: Page) -> list[str]:
    """Everything the page complains of from now on."""
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        "e => console.error('violated', e.violatedDirective, e.blockedURI))"
    )
    return problems


def test_a_ticket_is_created_answered_live_and_given_a_file_over_https(
    visit_https: Visit, behind_https: Product
) -> None:
    page = visit_https().new_page()
    problems = problems_of(page)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    sign_in(page, behind_https.address, "owner")
    cookie = next(c for c in page.context.cookies() if c["name"] == "desk_session")
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")

    page.goto(f"{behind_https.address}/portal/new")
    page.get_by_label("Title").fill("Created over https")
    page.get_by_label("Description").fill("The connection is encrypted.")
    page.evaluate(PASTE, "#description")
    expect(page.locator(".file .file-name")).to_have_text(re.compile(r"screenshot-.*\.png"))
    page.get_by_role("button", name=texts.NEW_TICKET_SUBMIT).click()
    expect(page.get_by_role("heading", name="Created over https")).to_be_visible()
    picture = page.locator(".message .file img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 40

    number = page.url.rpartition("/")[2].partition("?")[0]
    actor = known(behind_https, "agent")
    with open_unit_of_work(writes=True, actor=actor, bind=behind_https.engine) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, number), "Answered while you watch.")
    expect(page.get_by_role("log").get_by_text("Answered while you watch.")).to_be_visible()

    host = behind_https.address.removeprefix("https")
    assert sockets
    assert all(address.startswith(f"wss{host}/_event") for address in sockets)
    assert not [line for line in problems if "violated" in line or "WebSocket" in line]


def test_proxy_passes_on_what_the_installed_app_needs(
    visit_https: Visit, behind_https: Product
) -> None:
    request = visit_https().request  # without a session, as browsers ask for these files
    worker = request.get(f"{behind_https.address}/service-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in worker.headers["content-security-policy"]
    manifest = request.get(f"{behind_https.address}/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    for icon in manifest.json()["icons"]:
        answer = request.get(behind_https.address + icon["src"])
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    offline = request.get(f"{behind_https.address}/offline", max_redirects=0)
    assert offline.status == 200


def test_proxy_without_forwarding_headers_serves_pages_but_opens_no_demo_account(
    visit_https: Visit, tmp_path: Path
) -> None:
    engine, variables = product_with(tmp_path)
    variables |= {"TICKET_DEMO_PASSWORD": PASSWORD, "HOST": "127.0.0.1"}
    del variables["TICKET_DEMO"]
    with open_unit_of_work(writes=True, bind=engine) as uow:
        create_person(
            uow, username="dora", email="dora@desk.example", password=PASSWORD, is_demo=True
        )
    with served(tmp_path, **variables) as inner:
        upstream = int(inner.rpartition(":")[2])
        with nginx.https(
            tmp_path / "nginx", nginx.BARE, port=free_port(), upstream=upstream
        ) as address:
            number = create_ticket(Product(address, engine), title="Behind a plain proxy")
            page = visit_https().new_page()
            sign_in(page, address, "owner")
            cookie = next(c for c in page.context.cookies() if c["name"] == "desk_session")
            assert cookie["secure"]
            page.goto(f"{address}/portal/tickets/{number}")
            expect(page.get_by_role("heading", name="Behind a plain proxy")).to_be_visible()

            guest = visit_https().new_page()
            guest.goto(f"{inner}/login")
            guest.get_by_role("button", name="Sign in as dora").click()
            guest.wait_for_url(lambda url: "/login" not in url)
            # Cookies know no ports: the proxy passes on the one that was given on this machine.
            guest.goto(f"{address}/portal")
            guest.wait_for_url("**/login*")
            expect(guest.get_by_label("Password")).to_be_visible()
            expect(guest.get_by_role("region", name="Demo accounts")).to_have_count(0)
    engine.dispose()


def ask(url: str, body: Any = None, **headers: str) -> tuple[int, Message, dict[str, Any]]:
    """A JSON request and its answer."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data=data, headers={"Content-Type": "application/json", **fields}
    )
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(request, context=trusting) as answer:
            return answer.status, answer.headers, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.load(error)


def test_links_in_answers_lead_to_the_public_address(behind_https: Product) -> None:
    address = behind_https.address
    for n in range(3):
        create_ticket(behind_https, title=f"Number {n} of several")
    credentials = {"username": "owner", "password": PASSWORD}
    status, _, session = ask(f"{address}/auth/login", credentials)
    assert status == 200
    bearer = {"Authorization": f"Bearer {session['data']['access_token']}"}
    for path in ("/api/tickets/", "/api/v1/tickets/", "/api/ticketing/tickets/"):
        _, _, first = ask(f"{address}{path}?limit=1", **bearer)
        assert first["next"].startswith(f"{address}{path}?")
        _, _, second = ask(first["next"], **bearer)
        assert second["previous"].startswith(f"{address}{path}?")
        assert second["results"][0]["id"] != first["results"][0]["id"]
    _, headers, _ = ask(f"{address}/tickets?size=1", **bearer)
    assert f"<{address}/tickets?" in headers["Link"]
    assert headers["Strict-Transport-Security"]

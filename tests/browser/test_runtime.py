"""The runtime in a real browser: sessions, sockets, policy, live updates."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message

import pytest
from playwright.sync_api import BrowserContext, Page, expect

Visit = Callable[[], BrowserContext]


def sign_in(page: Page, proof: str, name: str) -> None:
    page.goto(f"{proof}/login")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#who")).to_have_text(name)


def ask(url: str, method: str = "GET") -> dict[str, int]:
    with urllib.request.urlopen(urllib.request.Request(url, method=method)) as answer:
        return json.load(answer)


def test_the_cookie_of_the_form_reaches_event_handlers(tab: Page, proof: str) -> None:
    sign_in(tab, proof, "ada")
    tab.get_by_role("button", name="Tap").click()
    expect(tab.locator("#note")).to_have_text("seen by ada")
    assert tab.evaluate("document.cookie") == ""
    cookie = next(c for c in tab.context.cookies() if c["name"] == "desk_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["value"] not in tab.content()


def test_no_frame_of_the_socket_carries_the_cookie(tab: Page, proof: str) -> None:
    frames: list[str] = []
    tab.on("websocket", lambda ws: ws.on("framereceived", lambda f: frames.append(str(f))))
    sign_in(tab, proof, "ada")
    tab.get_by_role("button", name="Tap").click()
    expect(tab.locator("#taps")).to_have_text("1")
    secret = next(c["value"] for c in tab.context.cookies() if c["name"] == "desk_session")
    assert frames
    assert not [frame for frame in frames if secret in frame]


def test_a_second_tab_and_a_reload_are_signed_in_too(visit: Visit, proof: str) -> None:
    context = visit()
    sign_in(first := context.new_page(), proof, "ada")
    second = context.new_page()
    second.goto(f"{proof}/")
    expect(second.locator("#who")).to_have_text("ada")
    first.reload()
    expect(first.locator("#who")).to_have_text("ada")


def test_the_tab_keeps_its_state_and_session_over_a_lost_connection(tab: Page, proof: str) -> None:
    sign_in(tab, proof, "ada")
    tab.get_by_role("button", name="Tap").click()
    expect(tab.locator("#taps")).to_have_text("1")
    with tab.expect_event("websocket"):
        tab.context.set_offline(True)
        tab.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
        tab.context.set_offline(False)
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.get_by_role("button", name="Tap").click()
    expect(tab.locator("#taps")).to_have_text("2")
    expect(tab.locator("#note")).to_have_text("seen by ada")


def test_navigation_keeps_the_session(tab: Page, proof: str) -> None:
    sign_in(tab, proof, "ada")
    tab.get_by_role("link", name="Bell").click()
    expect(tab.locator("#rings")).to_be_visible()
    tab.get_by_role("link", name="Home").click()
    expect(tab.locator("#who")).to_have_text("ada")
    tab.goto(f"{proof}/desk/tickets/BUG-7")
    expect(tab.locator("#ref")).to_have_text("BUG-7")
    expect(tab.locator("#who")).to_have_text("ada")


def test_signing_out_empties_the_other_open_tab_at_its_next_event(visit: Visit, proof: str) -> None:
    context = visit()
    sign_in(first := context.new_page(), proof, "ada")
    second = context.new_page()
    second.goto(f"{proof}/")
    expect(second.locator("#who")).to_have_text("ada")
    first.get_by_role("button", name="Sign out").click()
    first.wait_for_url("**/login")
    second.get_by_role("button", name="Tap").click()
    second.wait_for_url("**/login*")


def test_a_tab_token_is_worthless_without_its_cookie(visit: Visit, proof: str) -> None:
    sign_in(owner := visit().new_page(), proof, "ada")
    owner.get_by_role("button", name="Tap").click()
    expect(owner.locator("#note")).to_have_text("seen by ada")
    token = owner.evaluate("sessionStorage.getItem('token')")
    owner.close()
    thief = visit().new_page()
    thief.goto(f"{proof}/login")
    thief.evaluate("token => sessionStorage.setItem('token', token)", token)
    thief.goto(f"{proof}/")
    expect(thief.locator("#ready")).to_have_text("true")
    expect(thief.locator("#taps")).to_have_text("0")
    expect(thief.locator("#note")).to_have_text("")
    expect(thief.locator("#who")).to_have_text("nobody")


@pytest.mark.parametrize("path", ["/", "/login", "/portal", "/desk/tickets/BUG-1", "/nothing"])
def test_pages_run_under_their_policy_without_a_violation(tab: Page, proof: str, path: str) -> None:
    messages: list[str] = []
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    tab.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        "e => console.error('violated', e.violatedDirective, e.blockedURI))"
    )
    answer = tab.goto(f"{proof}{path}")
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    tab.wait_for_load_state("networkidle")
    broken = [line for line in messages if "violated" in line or "rror" in line]
    assert not [line for line in broken if "404" not in line]


def test_an_inline_script_from_elsewhere_does_not_run(tab: Page, proof: str) -> None:
    tab.goto(f"{proof}/login")
    ran = tab.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.broken = true";
            document.body.append(script);
            const image = document.createElement("div");
            image.innerHTML = "<img src=x onerror='window.broken = true'>";
            document.body.append(image);
            return new Promise(done => setTimeout(() => done(window.broken === true), 200));
        }"""
    )
    assert ran is False


def test_the_server_shows_a_toast_without_sending_code(tab: Page, proof: str) -> None:
    sign_in(tab, proof, "ada")
    tab.get_by_role("button", name="Show a message").click()
    expect(tab.get_by_text("Kept")).to_be_visible()


def test_an_open_page_shows_a_change_by_itself(visit: Visit, proof: str) -> None:
    pages = [visit().new_page() for _ in range(3)]
    for page in pages:
        page.goto(f"{proof}/portal")
    expect(pages[0].locator("#rings")).to_be_visible()
    rings = ask(f"{proof}/api/ring", "POST")["rings"]
    for page in pages:
        expect(page.locator("#rings")).to_have_text(str(rings))


def test_a_page_left_behind_is_woken_no_more(visit: Visit, proof: str) -> None:
    staying, leaving, closing = (visit().new_page() for _ in range(3))
    for page in (staying, leaving, closing):
        page.goto(f"{proof}/portal")
        expect(page.locator("#rings")).to_have_text(str(ask(f"{proof}/api/ring", "POST")["rings"]))
    leaving.get_by_role("link", name="Home").click()
    expect(leaving.locator("#who")).to_have_text("nobody")
    closing.close()
    until = time.monotonic() + 10
    while ask(f"{proof}/api/watches")["open"] > 1 and time.monotonic() < until:
        rings = ask(f"{proof}/api/ring", "POST")["rings"]
        expect(staying.locator("#rings")).to_have_text(str(rings))
    assert ask(f"{proof}/api/watches")["open"] == 1


def test_two_processes_share_a_tab_and_wake_all_pages(visit: Visit, proof_by_two: str) -> None:
    pages = [visit().new_page() for _ in range(6)]
    for page in pages:
        sign_in(page, proof_by_two, "ada")
        page.get_by_role("button", name="Tap").click()
        expect(page.locator("#taps")).to_have_text("1")
        page.reload()
        expect(page.locator("#taps")).to_have_text("1")
        page.get_by_role("link", name="Bell").click()
        expect(page.locator("#rings")).to_be_visible()
    rings = ask(f"{proof_by_two}/api/ring", "POST")["rings"]
    for page in pages:
        expect(page.locator("#rings")).to_have_text(str(rings))


def test_two_processes_end_a_session_in_every_tab(visit: Visit, proof_by_two: str) -> None:
    context = visit()
    sign_in(first := context.new_page(), proof_by_two, "ada")
    others = [context.new_page() for _ in range(3)]
    for other in others:
        other.goto(f"{proof_by_two}/")
        expect(other.locator("#who")).to_have_text("ada")
    first.get_by_role("button", name="Sign out").click()
    first.wait_for_url("**/login")
    for other in others:
        other.get_by_role("button", name="Tap").click()
        other.wait_for_url("**/login*")


def fetch(url: str, **headers: str) -> tuple[int, Message]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as rejection:
        return rejection.code, rejection.headers


def test_files_are_sent_compressed_and_kept_as_long_as_their_name_is_true(
    tab: Page, proof: str
) -> None:
    tab.goto(f"{proof}/login")
    scripts = tab.evaluate(
        "[...document.querySelectorAll('link[rel=modulepreload]')].map(l => l.href)"
    )
    for encoding, messages in (("br", "br"), ("gzip", "gzip"), ("gzip, br", "br")):
        _, headers = fetch(scripts[0], **{"accept-encoding": encoding})
        assert headers["content-encoding"] == messages
        assert headers["vary"].startswith("Accept-Encoding")
        assert "immutable" in headers["cache-control"]
    status, headers = fetch(f"{proof}/login")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert fetch(f"{proof}/login", **{"if-none-match": headers["etag"]})[0] == 304


def test_an_address_without_a_page_is_not_found(proof: str) -> None:
    assert fetch(f"{proof}/nothing")[0] == 404
    assert fetch(f"{proof}/desk/tickets/BUG-1")[0] == 200
    assert fetch(f"{proof}/assets/../../../rxconfig.py")[0] == 404


def test_no_other_origin_is_allowed_to_read(proof: str) -> None:
    _, headers = fetch(f"{proof}/api/watches", origin="https://evil.test")
    assert headers["access-control-allow-origin"] is None

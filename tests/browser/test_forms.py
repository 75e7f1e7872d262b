"""Forms say what becomes of what was typed: busy once, order of files, messages, titles."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.browser.conftest import Product, sign_in, window_title
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes
from ticket_app.ui.pages.portal import texts

Visit = Callable[[], BrowserContext]


def test_a_wrong_password_keeps_the_username(tab: Page, product: Product) -> None:
    tab.goto(f"{product.address}/login")
    tab.get_by_label("Username or email").fill("owner@example.com")
    tab.get_by_label("Password").fill("not the password")
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("alert").filter(has_text="password")).to_be_visible()
    expect(tab.get_by_label("Username or email")).to_have_value("owner@example.com")
    expect(tab.get_by_label("Password")).to_have_value("")
    expect(tab.get_by_label("Password")).to_be_focused()


def test_a_window_is_titled_by_what_is_open(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="A lamp with a title")
    page = visit().new_page()
    page.goto(f"{product.address}/login")
    expect(page).to_have_title("Sign in - Ticket")
    sign_in(page, product.address, "agent")
    titles = {
        routes.desk_ticket(number): f"{number} A lamp with a title",
        routes.DESK: "All open",
        routes.desk_view("mine"): "Mine",
        routes.DESK_INBOX: "Inbox",
        routes.DESK_NEW: "New ticket",
    }
    for path, title in titles.items():
        page.goto(product.address + path)
        expect(page).to_have_title(window_title(title))
    page.goto(product.address + routes.desk_view("all"))
    page.get_by_role("link", name="A lamp with a title").click()
    expect(page).to_have_title(window_title(f"{number} A lamp with a title"))
    page.go_back()
    expect(page).to_have_title(window_title("All tickets"))

    owner = visit().new_page()
    sign_in(owner, product.address, "owner")
    owner.goto(product.address + routes.PORTAL)
    expect(owner).to_have_title(window_title("My tickets"))
    owner.get_by_role("link", name="A lamp with a title").click()
    expect(owner).to_have_title(window_title(f"{number} A lamp with a title"))


def test_the_form_is_busy_until_the_ticket_is_created_and_files_keep_their_order(
    visit: Visit, product: Product
) -> None:
    held: list[str | bytes] = []
    is_slow = False
    server: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        server.append(socket.connect_to_server())
        socket.on_message(lambda text: held.append(text) if is_slow else server[-1].send(text))
        server[-1].on_message(socket.send)

    page = visit().new_page()
    page.route_web_socket(re.compile("_event"), through)
    sign_in(page, product.address, "owner")
    page.goto(product.address + routes.PORTAL_NEW)
    page.get_by_label("Title").fill("Twelve lamps")
    page.get_by_label("Description").fill("One after another.")
    names = [f"lamp-{number:02}.txt" for number in range(12, 0, -1)]
    page.get_by_label("Choose files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": b"x" * 9000} for name in names]
    )
    files = page.locator(".file .file-name")
    expect(page.locator(".file progress")).to_have_count(0)
    expect(files).to_have_text(names)
    expect(page.get_by_text("Draft saved")).to_be_visible()

    is_slow = True
    button = page.get_by_role("button", name=texts.NEW_TICKET_SUBMIT)
    button.click()
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("aria-busy", "true")
    page.locator("form.new-ticket-form").evaluate("form => form.requestSubmit()")
    is_slow = False
    sent = [text for text in held if ".submit" in str(text) and "new_ticket" in str(text)]
    assert len(sent) == 1
    for text in held:
        server[-1].send(text)
    expect(page.get_by_role("heading", name="Twelve lamps")).to_be_visible()
    expect(files).to_have_text(names)


def test_a_form_that_was_refused_can_be_sent_again(visit: Visit, product: Product) -> None:
    page = visit().new_page()
    sign_in(page, product.address, "owner")
    page.goto(product.address + routes.PORTAL_NEW)
    button = page.get_by_role("button", name=texts.NEW_TICKET_SUBMIT)
    button.click()
    expect(page.get_by_text("A title is required")).to_be_visible()
    expect(button).to_be_enabled()
    page.get_by_label("Title").fill("A lamp at the second try")
    page.get_by_label("Description").fill("It is dark.")
    button.click()
    expect(page.get_by_role("heading", name="A lamp at the second try")).to_be_visible()


def test_an_empty_reply_is_answered_at_the_composer(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="A lamp without words")
    for username, path, field, send in (
        ("agent", routes.desk_ticket(number), "Write a message", "Reply"),
        ("owner", routes.portal_ticket(number), "Write a reply", "Reply"),
    ):
        page = visit().new_page()
        sign_in(page, product.address, username)
        page.goto(product.address + path)
        composer = page.locator("form.composer")
        composer.get_by_role("button", name=send, exact=True).click()
        expect(
            composer.get_by_role("status").filter(has_text="Write a reply first")
        ).to_be_visible()
        expect(page.get_by_label(field)).to_be_focused()
        page.get_by_label(field).fill("Here it is")
        expect(composer.get_by_text("Write a reply first")).to_have_count(0)
        page.get_by_label(field).fill("")
        page.keyboard.press("Control+Enter")
        expect(composer.get_by_text("Write a reply first")).to_be_visible()


def test_click_while_offline_shows_that_it_will_be_done_later(
    visit: Visit, product: Product
) -> None:
    create_ticket(product, title="A lamp far away")
    page = visit().new_page()
    sign_in(page, product.address, "agent")
    page.goto(product.address + routes.desk_view("all"))
    expect(page.locator("[data-row]").first).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("menuitem", name="Priority").click()
    expect(page.get_by_text("This will be done when you are back online.")).to_be_visible()

"""What somebody with a problem does: come in, file it, see it, hear of an answer, write back."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Product, sign_in
from ticket_app.core.conversation import commenting
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Kind, Status
from ticket_app.core.tickets import locking, opening, status_changes
from ticket_app.core.tickets.changing import changing
from ticket_app.tables import person_table
from ticket_app.ui.pages.portal import texts

Visit = Callable[[], BrowserContext]

PASTE = """async (where) => {
  const canvas = new OffscreenCanvas(40, 30);
  const pen = canvas.getContext('2d');
  pen.fillStyle = 'teal'; pen.fillRect(0, 0, 40, 30);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  const data = new DataTransfer();
  data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
  const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
  document.querySelector(where).dispatchEvent(paste);
}"""


def known(product: Product, username: str) -> Actor:
    with open_unit_of_work(writes=False, bind=product.engine) as uow:
        row = uow.connection.execute(
            person_table.select().where(person_table.c.username == username)
        ).one()
        return build_actor_with_role_defaults(row)


def create_ticket(product: Product, **values: Any) -> str:
    draft = {"title": "The lamp flickers", "description": "Since noon."} | values
    with open_unit_of_work(writes=True, actor=known(product, "owner"), bind=product.engine) as uow:
        ticket = opening.open_ticket(uow, opening.TicketDraft(**draft))
        return f"{ticket.key_prefix}-{ticket.key_number}"


def test_somebody_new_files_a_bug_with_a_screenshot_and_writes_back(
    tab: Page, product: Product
) -> None:
    tab.goto(f"{product.address}/register")
    tab.get_by_label("Username").press_sequentially("agent")
    expect(tab.get_by_text("taken")).to_be_visible()
    tab.get_by_label("Username").fill("newcomer")
    expect(tab.get_by_text("Username is available")).to_be_visible()
    tab.get_by_label("Email").fill("owner@example.com")
    tab.get_by_label("Password").fill("a lamp in the hall")
    tab.get_by_role("button", name="Create account").click()
    expect(tab.get_by_text("already exists")).to_be_visible()
    expect(tab.get_by_label("Username")).to_have_value("newcomer")
    tab.get_by_label("Email").fill("newcomer@example.com")
    tab.get_by_label("Password").fill("a lamp in the hall")
    tab.get_by_role("button", name="Create account").click()
    expect(tab.get_by_role("heading", name="My tickets")).to_be_visible()

    tab.get_by_role("link", name=texts.TICKETS_EMPTY_NEW_TICKET).click()
    tab.get_by_label("Title").fill("The hall is dark")
    tab.get_by_label("Description").fill("Nothing **works** since `monday`.")
    tab.get_by_role("tab", name="Preview").click()
    expect(tab.locator(".editor-preview strong")).to_have_text("works")
    tab.get_by_role("tab", name="Write").click()
    tab.get_by_label("Steps to reproduce").fill("1. Come in\n2. Look")
    tab.evaluate(PASTE, "#description")
    expect(tab.locator(".file .file-name")).to_have_text(re.compile(r"screenshot-.*\.png"))
    expect(tab.get_by_text("Draft saved")).to_be_visible()
    tab.get_by_role("button", name=texts.NEW_TICKET_SUBMIT).click()

    expect(tab.get_by_text(re.compile(r"BUG-\d+ submitted"))).to_be_visible()
    expect(tab.get_by_role("heading", name="The hall is dark")).to_be_visible()
    expect(tab.locator(".message code")).to_have_text("monday")
    picture = tab.locator(".message .file img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 40
    tab.get_by_text("Details").click()
    expect(tab.get_by_text("Chrome")).to_be_visible()

    tab.get_by_label("Write a reply").fill("It is the *second* lamp.")
    tab.get_by_role("button", name="Reply", exact=True).click()
    expect(tab.locator(".message em")).to_have_text("second")
    expect(tab.get_by_label("Write a reply")).to_have_value("")
    tab.get_by_role("link", name="My tickets").first.click()
    expect(tab.get_by_text("It is the second lamp.")).to_be_visible()


def test_a_ticket_created_at_once_waits_for_its_file(tab: Page, product: Product) -> None:
    on_their_way: list[Route] = []
    sign_in(tab, product.address, "owner")
    tab.goto(f"{product.address}/portal/new")
    tab.route("**/session/files", lambda route: on_their_way.append(route))  # noqa: PLW0108
    tab.get_by_label("Title").fill("The lamp hums")
    tab.get_by_label("Description").fill("Since noon.")
    with tab.expect_request("**/session/files"):
        tab.evaluate(PASTE, "#description")
    expect(tab.locator(".file progress")).to_be_visible()
    tab.get_by_role("button", name=texts.NEW_TICKET_SUBMIT).click()
    expect(tab).to_have_url(f"{product.address}/portal/new")
    on_their_way[0].continue_()
    expect(tab.get_by_role("heading", name="The lamp hums")).to_be_visible()
    expect(tab.locator(".message .file img")).to_be_visible()


def test_a_draft_is_offered_again_on_another_device(visit: Visit, product: Product) -> None:
    sign_in(first := visit().new_page(), product.address, "colleague")
    first.goto(f"{product.address}/portal/new")
    first.get_by_role("radio", name="Feature request").check()
    first.get_by_label("Title").fill("A second lamp")
    first.get_by_role("combobox", name="Section").select_option("other")
    first.get_by_label("Other section").fill("The hall")
    first.get_by_label("Other section").blur()
    expect(first.get_by_text("Draft saved")).to_be_visible()
    first.close()

    sign_in(second := visit().new_page(), product.address, "colleague")
    second.goto(f"{product.address}/portal/new")
    expect(second.get_by_text("A second lamp")).to_be_visible()
    second.get_by_role("button", name="Continue").click()
    expect(second.get_by_label("Title")).to_have_value("A second lamp")
    expect(second.get_by_role("radio", name="Feature request")).to_be_checked()
    expect(second.get_by_label("Other section")).to_have_value("The hall")
    expect(second.get_by_label("Steps to reproduce")).to_be_hidden()
    second.get_by_role("button", name=texts.NEW_TICKET_SUBMIT).click()
    expect(second.get_by_text("A description is required")).to_be_visible()
    second.reload()
    second.get_by_role("button", name="Discard").click()
    expect(second.get_by_label("Title")).to_have_value("")


def test_an_answer_appears_by_itself_and_leaves_the_composer_alone(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product)
    sign_in(page := visit().new_page(), product.address, "owner")
    page.goto(f"{product.address}/portal/tickets/{number}")
    expect(page.get_by_text("We received your request")).to_be_visible()
    page.get_by_label("Write a reply").fill("I was about to say")
    with open_unit_of_work(writes=True, actor=known(product, "agent"), bind=product.engine) as uow:
        ticket = locking.lock_ticket(uow, number)
        commenting.add_comment(uow, ticket, "A fuse has blown.", internal=True)
        commenting.add_comment(uow, ticket, "It is **lit** again.")
        status_changes.change_status(uow, ticket, Status.RESOLVED)
    expect(page.get_by_role("log").get_by_text("lit")).to_be_visible()
    expect(page.get_by_text("This ticket is resolved")).to_be_visible()
    expect(page.get_by_text("A fuse has blown")).to_have_count(0)
    expect(page.get_by_label("Write a reply")).to_have_value("I was about to say")

    page.get_by_role("button", name="4 of 5").click()
    expect(page.get_by_text("Your rating")).to_be_visible()
    page.get_by_role("button", name="Reply and reopen").click()
    expect(page.get_by_text("We are looking at it again")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("I was about to say")).to_be_visible()


def test_late_reply_leads_to_the_new_ticket_it_opened(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="The porch lamp hums")
    with open_unit_of_work(writes=True, actor=known(product, "agent"), bind=product.engine) as uow:
        ticket = locking.lock_ticket(uow, number)
        status_changes.change_status(uow, ticket, Status.CLOSED)
        with changing(uow, ticket):
            ticket.resolved_at = uow.now - timedelta(days=15)
    sign_in(page := visit().new_page(), product.address, "owner")
    page.goto(f"{product.address}/portal/tickets/{number}")
    expect(page.get_by_text("This ticket is closed", exact=True)).to_be_visible()
    expect(
        page.get_by_text(
            "This ticket was finished more than 14 days ago. "
            "Your reply will open a new ticket linked to it."
        )
    ).to_be_visible()
    page.get_by_label("Write a reply").fill("It hums again")
    page.get_by_role("button", name="Reply in a new ticket").click()
    expect(page.get_by_text("We received your request")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("It hums again")).to_have_count(1)
    assert number not in page.url
    new = page.url.rpartition("/")[2]
    expect(page.get_by_text(f"Follow-up to {number}", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_text(f"This continues in {new}")).to_be_visible()


def test_a_stranger_s_ticket_and_none_look_alike(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="Nobody else's business")
    sign_in(page := visit().new_page(), product.address, "stranger")
    for reference in (number, "BUG-4711"):
        page.goto(f"{product.address}/portal/tickets/{reference}")
        expect(page.get_by_text("Ticket not found")).to_be_visible()
        assert "Nobody else's business" not in page.content()


def test_list_shows_a_new_reply_and_keeps_filters_in_its_address(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="The cellar is dark", kind=Kind.BUG)
    sign_in(page := visit().new_page(), product.address, "owner")
    page.goto(f"{product.address}/portal?kind=bug")
    card = page.locator(".ticket-card").filter(has_text="The cellar is dark")
    expect(card).to_be_visible()
    with open_unit_of_work(writes=True, actor=known(product, "agent"), bind=product.engine) as uow:
        ticket = locking.lock_ticket(uow, number)
        commenting.add_comment(uow, ticket, "Which switch did you use?")
        status_changes.change_status(uow, ticket, Status.PENDING_USER)
    expect(card.get_by_text("Which switch did you use?")).to_be_visible()
    expect(card.get_by_text("Needs your answer")).to_be_visible()
    page.get_by_role("searchbox").fill("no such words")
    expect(page.get_by_text("No tickets match these filters")).to_be_visible()
    assert "q=no+such+words" in page.url
    page.get_by_role("button", name="Clear filters").last.click()
    expect(card).to_be_visible()
    tabs = page.get_by_role("navigation", name="Status")
    tabs.get_by_role("link", name="Waiting for you").click()
    expect(tabs.get_by_role("link", name="Waiting for you")).to_have_attribute(
        "aria-current", "page"
    )
    expect(card).to_be_visible()


def test_what_is_typed_while_the_connection_is_away_is_sent_afterwards(
    visit: Visit, product: Product
) -> None:
    sign_in(page := visit().new_page(), product.address, "manager")
    page.goto(f"{product.address}/portal/new")
    page.get_by_label("Title").fill("Typed in the dark")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    with page.expect_event("websocket"):
        page.context.set_offline(True)
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
        page.get_by_label("Description").fill("Nobody listens.")
        page.context.set_offline(False)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_label("Description")).to_have_value("Nobody listens.")
    page.get_by_role("button", name=texts.NEW_TICKET_SUBMIT).dblclick()
    expect(page.get_by_role("heading", name="Typed in the dark")).to_be_visible()
    page.goto(f"{product.address}/portal")
    expect(page.locator(".ticket-card")).to_have_count(1)


def test_a_token_made_in_the_browser_opens_the_api(visit: Visit, product: Product) -> None:
    sign_in(page := visit().new_page(), product.address, "stranger")
    page.goto(f"{product.address}/portal/profile")
    page.get_by_label("Token name").fill("My script")
    page.get_by_role("button", name="Create token").click()
    token = page.locator(".secret-value").inner_text()

    def status() -> int:
        asked = urllib.request.Request(
            f"{product.address}/auth/me", headers={"Authorization": f"Bearer {token}"}
        )
        try:
            return urllib.request.urlopen(asked).status
        except urllib.error.HTTPError as error:
            return error.code

    assert status() == 200
    page.reload()
    expect(page.get_by_text("My script")).to_be_visible()
    expect(page.locator(".secret-value")).to_have_count(0)
    assert token not in page.content()
    page.get_by_role("button", name="Revoke My script").click()
    expect(page.get_by_text("Token revoked")).to_be_visible()
    assert status() == 401

"""Journeys of those who work tickets, in a real browser against the real product."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import Product, sign_in
from tests.browser.test_portal import create_ticket, known
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import ticket_lookup
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]


def enter(visit: Visit, product: Product, username: str) -> Page:
    """A visitor's tab, signed in."""
    sign_in(page := visit().new_page(), product.address, username)
    return page


def record_frames(page: Page) -> list[str]:
    """What the page's socket receives from now on."""
    frames: list[str] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda frame: frames.append(str(frame))))
    return frames


def sent_by(page: Page) -> list[str]:
    """What the page's socket sends from now on."""
    frames: list[str] = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda frame: frames.append(str(frame))))
    return frames


def test_an_agent_sees_a_ticket_come_in_answers_and_resolves_it(
    visit: Visit, product: Product
) -> None:
    agent, owner = enter(visit, product, "agent"), enter(visit, product, "owner")
    frames = record_frames(owner)
    agent.goto(f"{product.address}/desk")
    expect(agent.get_by_role("heading", name="All open")).to_be_visible()
    number = create_ticket(product, title="The lamp is dark", description="It stopped at noon.")
    owner.goto(f"{product.address}{routes.portal_ticket(number)}")
    expect(owner.get_by_text("It stopped at noon.")).to_be_visible()
    agent.get_by_role("link", name="The lamp is dark").click()
    expect(agent.get_by_text("It stopped at noon.")).to_be_visible()

    agent.keyboard.press("n")
    agent.get_by_label("Write a message").fill("Their fuse box is from 1970")
    agent.get_by_role("button", name="Add note").click()
    expect(agent.locator(".message.note")).to_contain_text("Their fuse box is from 1970")

    agent.locator("label", has_text="Reply").first.click()
    agent.get_by_label("Write a message").fill("Try the second switch")
    agent.keyboard.press("Control+Shift+Enter")
    expect(agent.locator(".message").filter(has_text="Try the second switch")).to_be_visible()
    expect(agent.locator(".ticket-header")).to_contain_text("Resolved")
    expect(agent.get_by_label("Write a message")).to_have_value("")

    expect(owner.get_by_text("Try the second switch")).to_be_visible()
    expect(owner.get_by_text("This ticket is resolved")).to_be_visible()
    assert "fuse box" not in owner.content()
    assert not [frame for frame in frames if "fuse box" in frame]


def test_a_draft_is_there_again_and_no_news_touches_it(visit: Visit, product: Product) -> None:
    agent, admin = enter(visit, product, "agent"), enter(visit, product, "admin")
    create_ticket(product, title="A draft of air")
    for page in (agent, admin):
        page.goto(f"{product.address}/desk/views/all?q=draft+of+air")
        page.get_by_role("link", name="A draft of air").click()
        expect(page.get_by_label("Write a message")).to_be_visible()
    agent.get_by_label("Write a message").fill("I was about to say")
    expect(agent.get_by_text("Draft saved")).to_be_visible()
    admin.get_by_role("button", name="Priority").click()
    admin.get_by_role("menuitem", name="Critical").click()
    expect(agent.get_by_text("Ticket updated by")).to_contain_text("Addie Minton")
    expect(agent.get_by_label("Write a message")).to_have_value("I was about to say")
    agent.reload()
    expect(agent.get_by_label("Write a message")).to_have_value("I was about to say")


def test_rows_are_worked_by_keys_and_undone(visit: Visit, product: Product) -> None:
    agent = enter(visit, product, "agent")
    for number in (1, 2, 3):
        create_ticket(product, title=f"Row number {number}")
    agent.goto(f"{product.address}/desk/views/unassigned?q=row+number")
    expect(agent.locator("[data-row] a")).to_have_count(3)
    agent.keyboard.press("j")
    agent.keyboard.press("x")
    agent.keyboard.press("j")
    agent.keyboard.press("x")
    expect(agent.get_by_role("toolbar", name="Selected tickets")).to_contain_text("2 selected")
    agent.keyboard.press("p")
    agent.get_by_role("dialog").get_by_role("button", name="Urgent").click()
    expect(agent.get_by_text("2 tickets set to Urgent priority")).to_be_visible()
    expect(agent.locator("[data-row]").get_by_text("Urgent")).to_have_count(2)
    agent.get_by_role("button", name="Undo").click()
    expect(agent.locator("[data-row]").get_by_text("Urgent")).to_have_count(0)


def test_filters_are_in_the_address_and_back_leads_back(visit: Visit, product: Product) -> None:
    agent = enter(visit, product, "agent")
    create_ticket(product, title="Filtered water")
    agent.goto(f"{product.address}/desk/views/all")
    agent.get_by_role("button", name="Status").first.click()
    agent.get_by_role("menuitem", name="New").click()
    expect(agent).to_have_url(f"{product.address}/desk/views/all?status=new")
    expect(agent.get_by_role("button", name="Status: New")).to_be_visible()
    agent.get_by_label("Search tickets").fill("no such words")
    expect(agent.get_by_text("No tickets match")).to_be_visible()
    agent.go_back()
    expect(agent).to_have_url(f"{product.address}/desk/views/all")
    expect(agent.get_by_role("link", name="Filtered water")).to_be_visible()


def test_requester_cannot_open_the_staff_pages(visit: Visit, product: Product) -> None:
    owner = enter(visit, product, "owner")
    frames = record_frames(owner)
    create_ticket(product, title="Somebody else's secret")
    owner.goto(f"{product.address}/desk/views/all")
    expect(owner).to_have_url(f"{product.address}/portal")
    assert not [frame for frame in frames if "secret" in frame]


def test_a_ticket_for_somebody_is_kept_while_it_is_written_and_created_once(
    visit: Visit, product: Product
) -> None:
    first = enter(visit, product, "agent")
    sent = sent_by(first)
    first.goto(f"{product.address}/desk/new")
    first.get_by_role("button", name="Requester").click()
    first.get_by_label("Name or email").fill("olive")
    first.get_by_role("dialog").get_by_role("button", name="Olive Ownby").click()
    expect(first.get_by_role("button", name="Company")).to_contain_text("Lanternworks")
    first.get_by_label("Title").fill("A lift that stops")
    first.get_by_label("Kind").select_option("incident")
    first.get_by_placeholder("Add a tag").fill("hall")
    first.keyboard.press("Enter")
    first.get_by_label("Assign to me").uncheck()
    expect(first.get_by_text("Draft saved")).to_be_visible()
    first.get_by_label("Assign to me").blur()
    until = time.monotonic() + 15
    while not any('"tags\\":\\"hall\\"' in frame for frame in sent) and time.monotonic() < until:
        first.wait_for_timeout(50)
    assert [frame for frame in sent if '"tags\\":\\"hall\\"' in frame], "the server has the tag"
    first.close()

    second = enter(visit, product, "agent")
    second.goto(f"{product.address}/portal/new")
    expect(second.get_by_label("Title")).to_have_value("")
    second.goto(f"{product.address}/desk/new")
    expect(second.get_by_text("A lift that stops")).to_be_visible()
    second.get_by_role("button", name="Continue").click()
    expect(second.get_by_label("Title")).to_have_value("A lift that stops")
    expect(second.get_by_role("button", name="Requester")).to_contain_text("Olive Ownby")
    expect(second.get_by_label("Kind")).to_have_value("incident")
    expect(second.get_by_role("listitem").filter(has_text="hall")).to_be_visible()
    expect(second.get_by_label("Assign to me")).not_to_be_checked()
    second.get_by_label("Description").fill("Between the second and the third floor")
    second.get_by_role("button", name="Create ticket").dblclick()
    expect(second.locator("h2", has_text="A lift that stops")).to_be_visible()
    second.goto(f"{product.address}/desk/views/all?q=a+lift+that+stops")
    expect(second.locator("[data-row] a")).to_have_count(1)


def test_a_due_date_is_typed_and_read_in_ones_own_time_zone(
    visit: Visit, product: Product, browser: Browser
) -> None:
    number = create_ticket(product, title="A lamp for the spring")

    def opened(zone: str) -> Page:
        context = browser.new_context(timezone_id=zone, locale="en-GB")
        sign_in(page := context.new_page(), product.address, "agent")
        page.goto(f"{product.address}{routes.desk_ticket(number)}")
        return page

    def due_of(page: Page) -> Locator:
        page.get_by_role("button", name="Due").click()
        page.get_by_role("menuitem", name="Choose a time").click()
        return page.get_by_role("dialog").get_by_label("Due")

    new_york = opened("America/New_York")
    field = due_of(new_york)
    expect(new_york.get_by_role("dialog")).to_contain_text("America/New York")
    # The clocks of New York go forward on 14 March 2027, those of Berlin two weeks later.
    field.fill("2027-03-15T09:30")
    new_york.get_by_role("button", name="Save").click()
    expect(new_york.locator(".event").last).to_contain_text("15 Mar 2027, 09:30")
    with open_unit_of_work(writes=False, actor=known(product, "agent"), bind=product.engine) as uow:
        assert ticket_lookup.read_ticket(uow, number).due_at == datetime(
            2027, 3, 15, 13, 30, tzinfo=UTC
        )

    berlin = opened("Europe/Berlin")
    expect(berlin.locator(".event").last).to_contain_text("15 Mar 2027, 14:30")
    expect(due_of(berlin)).to_have_value("2027-03-15T14:30")
    berlin.get_by_role("button", name="Save").click()
    expect(berlin.get_by_role("dialog")).to_have_count(0)
    with open_unit_of_work(writes=False, actor=known(product, "agent"), bind=product.engine) as uow:
        assert ticket_lookup.read_ticket(uow, number).due_at == datetime(
            2027, 3, 15, 13, 30, tzinfo=UTC
        )
    for page in (new_york, berlin):
        page.context.close()

"""The command palette in a browser, by keyboard only; on a phone by its button."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser.conftest import Product
from tests.browser.test_browsing import Visit, signed_in
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


def palette_of(page: Page) -> Locator:
    """Return the palette's field."""
    return page.get_by_role("combobox", name="Search and commands")


def open_palette(page: Page) -> Locator:
    page.keyboard.press("Control+k")
    field = palette_of(page)
    expect(field).to_be_focused()
    return field


def choose(page: Page, text: str, label: str) -> None:
    """Type a text and take the option with this label, once it is the selected one."""
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    selected = page.locator("[role=option][aria-selected=true]")
    wanted = page.get_by_role("option", name=label).first
    expect(wanted).to_be_visible()
    for _ in range(20):
        if label in selected.inner_text():
            break
        page.keyboard.press("ArrowDown")
    expect(selected).to_contain_text(label)
    page.keyboard.press("Enter")


def test_pages_tickets_and_people_are_found_by_keyboard(visit: Visit, product: Product) -> None:
    word = f"lantern{uuid4().hex[:8]}"
    number = create_ticket(product, title=f"The {word} flickers")
    page = signed_in(visit, product, "agent")
    page.goto(product.address + routes.desk_view("all"))
    search = page.get_by_label("Search tickets")
    search.focus()

    field = open_palette(page)
    expect(page.get_by_role("listbox", name="Results")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(search).to_be_focused()

    open_palette(page)
    choose(page, "unassi", "Unassigned")
    expect(page).to_have_url(product.address + routes.desk_view("unassigned"))

    open_palette(page)
    page.keyboard.type(word)
    expect(page.locator("[role=option] mark").first).to_be_visible()
    choose(page, word, number)
    expect(page).to_have_url(product.address + routes.desk_ticket(number))
    expect(page.locator("[data-shortcut=a]")).to_be_visible()

    open_palette(page)
    expect(page.get_by_role("group", name="Recent tickets")).to_contain_text(number)
    choose(page, "olive own", "Olive Ownby")
    expect(page).to_have_url(re.compile(r"/desk/views/all\?requester=owner"))
    expect(page.locator("[data-row]", has_text=word)).to_be_visible()


def test_actions_of_a_ticket_are_run_by_keyboard(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="A kettle that whistles")
    page = signed_in(visit, product, "agent")
    page.goto(product.address + routes.desk_ticket(number))
    assignee = page.locator("[data-shortcut=a]")
    expect(assignee).to_contain_text("Unassigned")

    open_palette(page)
    choose(page, "assign to me", "Assign to me")
    expect(assignee).to_contain_text("Agnes Hale")

    # An action with choices opens them, and they take the keys.
    open_palette(page)
    choose(page, "assignee", "Assignee")
    expect(palette_of(page)).to_have_count(0)
    expect(page.get_by_placeholder("Search people")).to_be_focused()
    page.keyboard.type("mann")
    expect(page.get_by_role("button", name="Manny Gere")).to_be_visible()
    page.keyboard.press("Enter")
    expect(assignee).to_contain_text("Manny Gere")


def test_operators_are_suggested_searched_for_and_explained(visit: Visit, product: Product) -> None:
    word = f"valve{uuid4().hex[:8]}"
    number = create_ticket(product, title=f"The {word} leaks")
    page = signed_in(visit, product, "agent")
    page.goto(product.address + routes.desk_view("all"))
    expect(page.locator("[data-row]", has_text=word)).to_be_visible()

    open_palette(page)
    page.keyboard.type(f"{word} -is:ov")
    expect(page.get_by_role("option", name=f"{word} -is:overdue", exact=True)).to_be_visible()
    choose(page, f"{word} assignee:none", number)
    expect(page).to_have_url(product.address + routes.desk_ticket(number))

    field = open_palette(page)
    page.keyboard.type("is:purple")
    expect(page.locator("#command-palette-hints")).to_contain_text("“is:purple” is unknown")
    expect(field).to_be_focused()
    choose(page, "is:purple", "Search all tickets for")
    expect(page).to_have_url(re.compile(r"/desk/views/all\?q=is:purple|q=is%3Apurple"))
    expect(page.get_by_role("heading", name="All tickets")).to_be_visible()
    expect(page.locator("#search-hints")).to_contain_text("“is:purple” is unknown")
    expect(page.get_by_text("No tickets match “is:purple”")).to_be_visible()


def test_phone_opens_the_palette_full_screen_by_its_button(
    visit: Callable[[], BrowserContext], product: Product
) -> None:
    number = create_ticket(product, title="A gate that squeaks")
    page = signed_in(visit, product, "owner")
    page.set_viewport_size(PHONE)
    page.goto(product.address + routes.PORTAL)
    expect(page.get_by_text("A gate that squeaks")).to_be_visible()
    page.get_by_role("button", name="Search and commands").click()
    expect(palette_of(page)).to_be_focused()
    assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, **PHONE}
    palette_of(page).fill("squeaks")
    page.get_by_role("option", name="A gate that squeaks").first.click()
    expect(page).to_have_url(re.compile(f"/portal/tickets/{number}"))
    page.get_by_role("button", name="Search and commands").click()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("button", name="Search and commands")).to_be_focused()

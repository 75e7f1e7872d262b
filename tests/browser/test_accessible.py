"""Pages that everybody can read and work: axe-core's findings, and work by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in, window_title
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes
from ticket_app.ui.pages.portal import texts

Visit = Callable[[], BrowserContext]
GRAVE = {"serious", "critical"}


def findings(page: Page) -> list[str]:
    """What hinders people on this page, as axe-core sees it."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{urlsplit(page.url).path}: {found['id']} at {node['target']}"
        for found in violations
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_grave_hinders_people_on_the_main_pages(
    visit: Visit, product: Product, theme: str
) -> None:
    number = create_ticket(product, title="The bell is silent", description="Since **noon**.")
    stranger, owner, agent = (visit().new_page() for _ in range(3))
    tabs = ((stranger, ""), (owner, "owner"), (agent, "agent"))
    for page, username in tabs:
        page.emulate_media(color_scheme=theme)
        if username:
            sign_in(page, product.address, username)
    shown = (
        (stranger, routes.LOGIN, "Sign in"),
        (stranger, routes.REGISTER, "Create account"),
        (stranger, "/nowhere", "Page not found"),
        (owner, routes.PORTAL, "The bell is silent"),
        (owner, routes.PORTAL_NEW, texts.NEW_TICKET_SUBMIT),
        (owner, routes.portal_ticket(number), "We received your request"),
        (owner, routes.PORTAL_PROFILE, "API tokens"),
        (agent, routes.DESK, "The bell is silent"),
        (agent, routes.DESK_NEW, "Assign to me"),
        (agent, routes.desk_ticket(number), "Since noon."),
    )
    found: list[str] = []
    for page, path, words in shown:
        page.goto(product.address + path)
        expect(page.get_by_text(words).first).to_be_visible()
        found += findings(page)
    assert found == []


def test_a_ticket_is_given_away_by_keys_alone(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="The gate squeaks", description="All day.")
    page = visit().new_page()
    sign_in(page, product.address, "agent")
    page.goto(product.address + routes.desk_ticket(number))
    expect(page.locator("h1")).to_have_text(f"{number} The gate squeaks")
    expect(page).to_have_title(window_title(f"{number} The gate squeaks"))
    for word in ("nobody of this name", "manager"):
        page.keyboard.press("a")
        expect(page.get_by_label("Search people")).to_be_focused()
        page.keyboard.type(word)
        page.keyboard.press("Enter")
        if word != "manager":
            expect(page.get_by_text("No matches")).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.get_by_label("Search people")).to_have_count(0)
    expect(page.get_by_label("Search people")).to_have_count(0)
    expect(page.get_by_role("button", name="Assignee")).to_be_focused()
    expect(page.get_by_role("button", name="Assignee")).not_to_contain_text("Unassigned")


def test_skipping_to_the_content_keeps_the_filters(visit: Visit, product: Product) -> None:
    create_ticket(product, title="The hinge is loose", description="It wobbles.")
    page = visit().new_page()
    sign_in(page, product.address, "agent")
    page.goto(product.address + routes.desk_view("all", q="hinge"))
    expect(page.get_by_role("link", name="The hinge is loose")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    assert page.url.endswith("?q=hinge")


def test_a_theme_chosen_on_one_device_is_on_the_next(visit: Visit, product: Product) -> None:
    first, second = visit().new_page(), visit().new_page()
    sign_in(first, product.address, "stranger")
    first.goto(product.address + routes.PORTAL_PROFILE)
    first.get_by_role("button", name="Dark").click()
    expect(first.locator("html.dark")).to_have_count(1)
    first.reload()
    expect(first.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    sign_in(second, product.address, "stranger")
    expect(second.locator("html.dark")).to_have_count(1)
    second.get_by_role("button", name="Theme").click()
    second.get_by_role("menuitem", name="Light").click()
    second.reload()
    expect(second.get_by_role("heading", name="My tickets")).to_be_visible()
    expect(second.locator("html.dark")).to_have_count(0)

"""Lists keep what a person is doing: search text, selection, place and focus, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in
from tests.browser.test_portal import filed
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]
THREE_KEYS_A_SECOND = 333


def signed_in(visit: Visit, product: Product, username: str) -> Page:
    page = visit().new_page()
    sign_in(page, product.address, username)
    return page


@pytest.mark.parametrize(
    ("username", "path", "label"),
    [
        ("agent", routes.DESK, "Search tickets"),
        ("agent", routes.desk_view("all"), "Search tickets"),
        ("owner", routes.PORTAL, "Search your tickets"),
        ("admin", routes.ADMIN_PEOPLE, "Search people"),
    ],
)
def test_a_search_field_keeps_its_letters_and_shows_the_filter_of_the_list(
    visit: Visit, product: Product, username: str, path: str, label: str
) -> None:
    filed(product, title="A scanner that hums")
    page = signed_in(visit, product, username)
    page.goto(product.address + path)
    field = page.get_by_label(label)
    field.click()
    page.keyboard.type("scan", delay=THREE_KEYS_A_SECOND)
    expect(page).to_have_url(f"{product.address}{path}?q=scan")
    page.keyboard.type("ner", delay=THREE_KEYS_A_SECOND)
    expect(field).to_have_value("scanner")
    expect(field).to_be_focused()
    expect(page).to_have_url(f"{product.address}{path}?q=scanner")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(field).to_have_value("scanner")


def test_a_search_field_follows_the_address_back_and_forth(visit: Visit, product: Product) -> None:
    word = uuid4().hex[:12]
    filed(product, title=f"Lamp {word}")
    filed(product, title="Some other lamp")
    page = signed_in(visit, product, "agent")
    page.goto(product.address + routes.desk_view("all"))
    field = page.get_by_label("Search tickets")
    field.fill(word)
    expect(page.locator("[data-row] a")).to_have_count(1)
    page.get_by_role("link", name=word).click()
    expect(page.get_by_label("Write here")).to_be_visible()
    page.go_back()
    expect(field).to_have_value(word)
    expect(page.locator("[data-row] a")).to_have_count(1)
    page.reload()
    expect(field).to_have_value(word)
    expect(page.locator("[data-row] a")).to_have_count(1)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(field).to_have_value("")
    page.go_back()
    expect(field).to_have_value(word)
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Mine").click()
    expect(field).to_have_value("")

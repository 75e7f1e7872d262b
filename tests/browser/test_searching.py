"""Searching the queue in a browser: beyond the view, and straight to a number."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.conftest import Product
from tests.browser.test_browsing import Visit, signed_in
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes


def test_a_search_names_what_is_elsewhere_and_opens_a_number(
    visit: Visit, product: Product
) -> None:
    word = f"東京{uuid4().hex[:8]}"
    number = create_ticket(product, title=f"Lamp {word}")
    page = signed_in(visit, product, "agent")
    page.goto(product.address + routes.desk_view("mine"))
    field = page.get_by_label("Search tickets")
    field.fill(word[1:])
    field.fill(word)
    expect(page.get_by_text("No matches in this view, 1 in all tickets")).to_be_visible()
    page.get_by_role("link", name="Search all tickets").click()
    expect(page.locator("[data-row] a")).to_have_count(1)
    expect(field).to_have_value(word)
    field.fill("no such words")
    expect(page.get_by_text("No tickets match “no such words”")).to_be_visible()
    field.fill(number.lower().replace("-", " "))
    field.press("Enter")
    expect(page).to_have_url(product.address + routes.desk_ticket(number))

"""Saved views, in a real browser against the real product."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Product
from tests.browser.test_desk import Visit, enter
from tests.browser.test_portal import create_ticket


def test_agent_saves_a_view_changes_it_and_takes_its_deletion_back(
    visit: Visit, product: Product
) -> None:
    title = "The lamp of the saved view"
    create_ticket(product, title=title, description="At noon.")
    agent = enter(visit, product, "agent")

    # Filters become a view, which is pinned in the sidebar with its count.
    agent.goto(f"{product.address}/desk/views/all?q=saved+view")
    expect(agent.get_by_text(title).first).to_be_visible()
    agent.get_by_role("button", name="Save view").click()
    dialog = agent.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Lamps")
    dialog.get_by_label("Icon").select_option("flame")
    dialog.get_by_role("button", name="Save view").click()
    heading = agent.get_by_role("heading", level=1)
    expect(heading).to_have_text("Lamps")
    expect(agent).to_have_url(re.compile(r"/desk/views/\d+$"))
    address = agent.url
    pinned = agent.get_by_role("list", name="Pinned views")
    expect(pinned.get_by_role("link", name=re.compile("Lamps"))).to_contain_text("1")
    expect(agent.get_by_text(title).first).to_be_visible()

    # A changed order can be saved, or reset.
    agent.get_by_role("button", name="Sort").click()
    agent.get_by_role("menuitem", name="Created").click()
    expect(agent).to_have_url(re.compile("f=1"))
    agent.get_by_role("button", name="Reset").click()
    expect(agent).to_have_url(address)
    agent.get_by_role("button", name="Sort").click()
    agent.get_by_role("menuitem", name="Created").click()
    agent.get_by_role("button", name="Save changes").click()
    expect(agent).to_have_url(address)
    expect(agent.get_by_role("button", name="Reset")).to_have_count(0)

    # It is deleted, and an undo brings it back.
    menu = agent.get_by_role("button", name="Actions of this view")
    menu.click()
    agent.get_by_role("menuitem", name="Delete view").click()
    expect(heading).to_have_text("All open")
    expect(pinned).to_have_count(0)
    agent.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(agent).to_have_url(address)
    expect(heading).to_have_text("Lamps")

    # Others see the page of a missing view.
    menu.click()
    agent.get_by_role("menuitem", name="Delete view").click()
    expect(heading).to_have_text("All open")
    agent.goto(address)
    expect(agent.get_by_text("This view does not exist")).to_be_visible()

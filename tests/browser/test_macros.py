"""Saved replies and macros, in a real browser against the real product."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Product
from tests.browser.test_desk import Visit, enter
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes


def test_agent_saves_a_reply_inserts_it_and_undoes_a_macro_at_once(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="The lamp whistles", description="At noon.")
    agent = enter(visit, product, "agent")
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    text = agent.get_by_label("Write a message")

    # The text of the composer becomes a saved reply.
    text.fill("Hello {{requester.first_name}}, {{ticket.number}} is due {{ticket.due}}.")
    agent.get_by_role("button", name="Save as a saved reply").click()
    dialog = agent.get_by_role("dialog")
    expect(dialog.get_by_label("Text")).to_have_value(re.compile("ticket.number"))
    dialog.get_by_label("Title").fill("When it is due")
    dialog.get_by_role("button", name="Add saved reply").click()
    expect(dialog).to_have_count(0)

    # A / offers it with the ticket's values, and Enter inserts it.
    text.fill("")
    text.press_sequentially("/due")
    expect(agent.locator(".suggestion-preview")).to_contain_text(f"Hello Olive, {number} is due")
    text.press("Enter")
    expect(text).to_have_value(f"Hello Olive, {number} is due {{{{ticket.due}}}}.")

    # A variable without a value blocks sending, and is named.
    expect(agent.locator(".composer-warning")).to_contain_text("{{ticket.due}}")
    agent.get_by_role("button", name="Reply", exact=True).click()
    expect(agent.locator("#toasts")).to_contain_text("{{ticket.due}} has no value on this ticket")
    text.fill("")
    expect(agent.locator(".composer-warning")).to_be_empty()

    # A macro by m and its key, undone as a whole.
    agent.goto(f"{product.address}{routes.MY_MACROS}")
    agent.get_by_role("button", name="Add macro").first.click()
    dialog.get_by_label("Name").fill("Solved")
    dialog.get_by_label("Set status").select_option("resolved")
    dialog.get_by_label("Internal note").fill("Solved by {{agent.first_name}}")
    dialog.get_by_label("Shortcut key").fill("1")
    dialog.get_by_role("button", name="Add macro").click()
    expect(agent.get_by_text("m 1")).to_be_visible()
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    expect(agent.get_by_role("button", name="Macros")).to_be_visible()
    agent.locator(".ticket-header").first.click()
    agent.keyboard.press("m")
    expect(agent.get_by_role("menuitem", name="Solved")).to_be_visible()
    agent.keyboard.press("1")
    toast = agent.locator("#toasts")
    expect(toast).to_contain_text(f"Macro “Solved” applied to {number}")
    expect(agent.get_by_text("Solved by Agnes")).to_be_visible()
    expect(agent.get_by_role("menu")).to_have_count(0)
    agent.keyboard.press("z")
    expect(toast).to_contain_text("undone")
    expect(agent.locator(".message.note")).to_have_count(0)

    # Nothing is left behind for other tests.
    for path in (routes.MY_MACROS, routes.MY_SAVED_REPLIES):
        agent.goto(f"{product.address}{path}")
        agent.get_by_role("button", name=re.compile("^More actions")).first.click()
        agent.get_by_role("menuitem", name="Delete").click()
        agent.get_by_role("alertdialog").get_by_role("button", name=re.compile("^Delete")).click()
        expect(agent.locator(".settings-row")).to_have_count(0)

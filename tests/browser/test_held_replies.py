"""Undo send and scheduled replies, in a real browser against the real product."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Product
from tests.browser.test_desk import Visit, enter
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes


def test_agent_takes_a_reply_back_sends_it_again_and_schedules_another(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="The lamp hums", description="All night.")
    agent, owner = enter(visit, product, "manager"), enter(visit, product, "owner")
    agent.goto(f"{product.address}{routes.PORTAL_PROFILE}")
    agent.get_by_label("Undo send").select_option("30")
    expect(agent.get_by_label("Undo send")).to_have_value("30")
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    owner.goto(f"{product.address}{routes.portal_ticket(number)}")
    expect(owner.get_by_text("All night.")).to_be_visible()
    text = agent.get_by_label("Write a message")
    held = agent.locator(".message.held")

    # Undo with z: the text and the status are back in the composer.
    text.fill("Change the bulb")
    agent.keyboard.press("Control+Shift+Enter")
    expect(held).to_contain_text("Change the bulb")
    expect(held).to_contain_text("Sending in ")
    expect(agent.locator("#toasts")).to_contain_text("Undo (z)")
    expect(text).to_have_value("")
    agent.locator(".ticket-header").first.click()
    agent.keyboard.press("z")
    expect(text).to_have_value("Change the bulb")
    expect(agent.locator(".pending-status")).to_contain_text("Resolved")
    expect(held).to_have_count(0)
    assert "Change the bulb" not in owner.content()

    # Sent again, it survives leaving the page, and arrives in the portal.
    text.fill("Change the bulb today")
    agent.get_by_role("button", name="Reply", exact=True).click()
    expect(held).to_contain_text("Change the bulb today")
    agent.goto(f"{product.address}/desk")
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    held.get_by_role("button", name="Send now").click()
    expect(held).to_have_count(0)
    expect(owner.get_by_text("Change the bulb today")).to_be_visible()
    expect(owner.get_by_text("This ticket is resolved")).to_be_visible()

    # Scheduled, then cancelled: the text is back, and the customer never saw it.
    text.fill("How is the lamp?")
    agent.get_by_role("button", name="Reply and change the status").click()
    agent.get_by_role("menuitem", name="Tomorrow").click()
    expect(held).to_contain_text("Scheduled for")
    expect(text).to_have_value("")
    held.get_by_role("button", name="Cancel").click()
    expect(held).to_have_count(0)
    expect(text).to_have_value("How is the lamp?")
    assert "How is the lamp?" not in owner.content()


def test_held_reply_is_sent_when_its_seconds_are_over(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="The lamp smells", description="Of ozone.")
    agent, owner = enter(visit, product, "agent"), enter(visit, product, "owner")
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    owner.goto(f"{product.address}{routes.portal_ticket(number)}")
    expect(owner.get_by_text("Of ozone.")).to_be_visible()
    agent.get_by_label("Write a message").fill("Switch it off")
    agent.get_by_role("button", name="Reply", exact=True).click()
    expect(agent.locator(".message.held")).to_contain_text("Switch it off")
    agent.context.close()
    expect(owner.get_by_text("Switch it off")).to_be_visible()

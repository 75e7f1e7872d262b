"""Two agents on one ticket: each sees the other, and neither talks over the other."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Product
from tests.browser.test_desk import Visit, enter, record_frames
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes


def test_two_agents_see_each_other_and_a_newer_answer_is_shown_before_sending(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="The lamp blinks", description="In Morse code.")
    address = f"{product.address}{routes.desk_ticket(number)}"
    agent, manager = enter(visit, product, "agent"), enter(visit, product, "manager")
    admin, owner = enter(visit, product, "admin"), enter(visit, product, "owner")
    frames = record_frames(owner)
    owner.goto(f"{product.address}{routes.portal_ticket(number)}")
    admin.goto(f"{product.address}/desk/views/all?q=lamp+blinks")
    expect(owner.get_by_text("In Morse code.")).to_be_visible()

    # Both are shown to each other, and in the list to a third person.
    agent.goto(address)
    manager.goto(address)
    people = agent.get_by_role("group", name="People on this ticket")
    expect(people.get_by_role("img", name="Manny Gere is viewing")).to_be_visible()
    expect(manager.get_by_role("img", name="Agnes Hale is viewing")).to_be_visible()
    in_row = admin.locator(".row").filter(has_text="The lamp blinks").locator(".row-presence")
    expect(in_row.get_by_role("img")).to_have_count(2)

    # Writing is shown at once, by what is written, also in the list; the composer stays as it is.
    text, answer = agent.get_by_label("Write a message"), manager.get_by_label("Write a message")
    text.fill("Switch it off")
    answer.fill("Change the bulb")
    expect(agent.locator(".typing-notice")).to_have_text("Manny Gere is writing a reply")
    expect(people.locator(".presence")).to_have_attribute("data-level", "editing")
    expect(in_row.get_by_role("img", name="Manny Gere is writing a reply")).to_be_visible()
    manager.locator("label", has_text="Internal note").click()
    answer.press_sequentially(" now")
    expect(agent.locator(".typing-notice")).to_have_text("Manny Gere is writing an internal note")
    manager.locator("label", has_text="Reply").first.click()

    # The manager is first. The agent is shown that answer, goes on editing, and sends anyway.
    manager.get_by_role("button", name="Reply", exact=True).click()
    expect(answer).to_have_value("")
    expect(agent.locator(".typing-notice")).to_have_text("")
    agent.get_by_role("button", name="Reply", exact=True).click()
    dialog = agent.get_by_role("dialog", name="Manny Gere replied")
    expect(dialog).to_contain_text("Change the bulb now")
    expect(dialog).to_contain_text(number)
    dialog.get_by_role("button", name="Keep editing").click()
    expect(text).to_have_value("Switch it off")
    text.fill("And switch it off")
    agent.get_by_role("button", name="Reply", exact=True).click()
    dialog.get_by_role("button", name="Send anyway").click()
    expect(agent.locator(".thread .message").filter(has_text="And switch it off")).to_be_visible()
    expect(agent.locator(".thread .message").filter(has_text="Change the bulb now")).to_be_visible()

    # A tab that is closed, or shows something else, is gone; requesters never learned of any.
    manager.goto(f"{product.address}/desk")
    expect(people.get_by_role("img")).to_have_count(0)
    expect(in_row.get_by_role("img")).to_have_count(1)
    agent.close()
    expect(in_row).to_have_count(0)
    expect(owner.get_by_text("And switch it off")).to_be_visible()
    assert not [frame for frame in frames if "is viewing" in frame or "is writing" in frame]


def test_resolving_shows_first_what_the_requester_has_just_answered(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="The lamp glows", description="Blue.")
    agent, owner = enter(visit, product, "agent"), enter(visit, product, "owner")
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    owner.goto(f"{product.address}{routes.portal_ticket(number)}")
    expect(agent.get_by_text("Blue.")).to_be_visible()
    owner.get_by_role("textbox").last.fill("Now it is green")
    owner.keyboard.press("Control+Enter")
    expect(agent.locator(".thread .message").filter(has_text="Now it is green")).to_be_visible()
    agent.locator(".ticket-header").first.click()
    agent.keyboard.press("e")
    dialog = agent.get_by_role("dialog", name="Olive Ownby replied")
    expect(dialog).to_contain_text("Now it is green")
    dialog.get_by_role("button", name="Go back").click()
    expect(dialog).to_have_count(0)
    expect(agent.locator(".ticket-header").first).not_to_contain_text("Resolved")
    agent.keyboard.press("e")
    dialog.get_by_role("button", name="Resolve anyway").click()
    expect(agent.locator("#toasts")).to_contain_text(f"{number} resolved")


def test_first_key_of_a_reply_assigns_an_unassigned_ticket_if_one_chose_so(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="The lamp warms", description="The room.")
    agent = enter(visit, product, "agent")
    agent.goto(f"{product.address}{routes.PORTAL_PROFILE}")
    choice = agent.get_by_label("Assign tickets to me when I begin to reply")
    expect(choice).not_to_be_checked()
    choice.click()
    expect(choice).to_be_checked()
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    assignee = agent.get_by_role("button", name="Assignee", exact=True)
    expect(assignee).to_contain_text("Unassigned")
    text = agent.get_by_label("Write a message")
    text.press_sequentially("Yes")
    expect(agent.locator("#toasts")).to_contain_text(f"{number} assigned to you")
    expect(assignee).to_contain_text("Agnes Hale")
    expect(text).to_have_value("Yes")
    agent.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(assignee).to_contain_text("Unassigned")
    text.press_sequentially(", please")
    expect(agent.get_by_text("Draft saved")).to_be_visible()
    expect(assignee).to_contain_text("Unassigned")
    text.fill("")
    expect(agent.get_by_text("Draft saved")).to_have_count(0)
    agent.goto(f"{product.address}{routes.PORTAL_PROFILE}")
    choice.click()
    expect(choice).not_to_be_checked()

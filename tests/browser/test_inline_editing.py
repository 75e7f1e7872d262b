"""What people change in its place: time entries, comments, files, and their own ticket."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in
from tests.browser.test_portal import create_ticket
from tests.core import samples
from ticket_app.ui.pages.desk import texts as desk_texts
from ticket_app.ui.pages.inline_editing import texts
from ticket_app.ui.pages.portal import texts as portal_texts

Visit = Callable[[], BrowserContext]


def opened(visit: Visit, product: Product, username: str, path: str) -> Page:
    page = visit().new_page()
    sign_in(page, product.address, username)
    page.goto(product.address + path)
    return page


def test_time_is_logged_changed_and_deleted(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="The lamp hums")
    page = opened(visit, product, "agent", f"/desk/tickets/{number}")
    page.get_by_role("button", name=desk_texts.TIME_LOG_ADD).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(desk_texts.TIME_LOG_DURATION).fill("soon")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text(desk_texts.TIME_LOG_INVALID)).to_be_visible()
    dialog.get_by_label(desk_texts.TIME_LOG_DURATION).fill("1h 30m")
    dialog.get_by_label(desk_texts.TIME_LOG_NOTE).fill("Changed the fuse")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    entry = page.locator(".time-entry")
    expect(entry).to_contain_text("1 h 30 min")
    expect(entry).to_contain_text("Changed the fuse")
    expect(page.get_by_role("button", name="Actual hours")).to_contain_text("1.5 h")
    entry.get_by_role("button").click()
    dialog.get_by_label(desk_texts.TIME_LOG_DURATION).fill("45")
    dialog.get_by_role("button", name="Save").click()
    expect(entry).to_contain_text("45 min")
    entry.get_by_role("button").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(entry).to_have_count(0)
    expect(page.get_by_text(desk_texts.TIME_LOG_EMPTY)).to_be_visible()


def test_comments_and_files_are_edited_in_their_place(
    visit: Visit, product: Product, tmp_path: Path
) -> None:
    number = create_ticket(product, title="The lamp buzzes")
    picture = tmp_path / "lamp.png"
    picture.write_bytes(samples.png())
    page = opened(visit, product, "owner", f"/portal/tickets/{number}")
    page.get_by_label("Write a reply").fill("It is purple")
    page.locator("input[type=file]").first.set_input_files(picture)
    expect(page.locator(".file .file-name")).to_have_text("lamp.png")
    page.get_by_role("button", name="Reply", exact=True).click()
    message = page.locator(".message", has_text="It is purple")
    expect(message.locator(".file .file-name")).to_have_text("lamp.png")

    message.get_by_role("button", name=texts.EDIT_COMMENT).click()
    page.get_by_label(texts.COMMENT_TEXT).fill("It is **green**")
    page.get_by_role("button", name=texts.SAVE).click()
    message = page.locator(".message", has_text="It is green")
    expect(message.locator("strong", has_text="green")).to_be_visible()
    message.get_by_role("button", name=texts.SHOW_HISTORY).click()
    expect(message.get_by_role("region", name=texts.HISTORY)).to_contain_text("It is purple")

    message.get_by_role("button", name=texts.EDIT_FILE).click()
    page.get_by_label(texts.FILE_NAME).fill("hall.png")
    page.get_by_label(texts.FILE_DESCRIPTION, exact=True).fill("The lamp in the hall")
    page.get_by_role("button", name=texts.SAVE).click()
    expect(message.locator(".file")).to_contain_text("The lamp in the hall")
    expect(message.locator(".file .file-name")).to_have_text("hall.png")
    message.get_by_role("button", name=texts.REMOVE_FILE).click()
    message.get_by_role("button", name=texts.REMOVE, exact=True).click()
    expect(message.locator(".file")).to_have_count(0)
    message.get_by_role("button", name=texts.DELETE_COMMENT).click()
    message.get_by_role("button", name=texts.DELETE, exact=True).click()
    expect(message).to_have_count(0)


def test_requester_edits_their_ticket_while_the_agent_reads_it(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="The lamp glows")
    agent = opened(visit, product, "agent", f"/desk/tickets/{number}")
    expect(agent.get_by_role("button", name="Priority")).to_contain_text("Medium")
    page = opened(visit, product, "owner", f"/portal/tickets/{number}")
    page.get_by_role("button", name=portal_texts.TICKET_EDIT).click()
    page.get_by_role("textbox", name="Description").fill("Since **ten**.")
    page.get_by_role("button", name=texts.SAVE).click()
    expect(page.locator(".message strong", has_text="ten")).to_be_visible()
    expect(page.locator(".message").first).to_contain_text(texts.EDITED)
    expect(agent.locator(".message strong", has_text="ten")).to_be_visible()

    page.get_by_text(portal_texts.TICKET_DETAILS, exact=True).click()
    priority = page.get_by_role("button", name="Priority")
    priority.click()
    page.get_by_role("menuitem", name="Urgent").click()
    expect(priority).to_contain_text("Urgent")
    expect(agent.get_by_role("button", name="Priority")).to_contain_text("Urgent")
    toast = page.locator(".toast", has_text=re.compile(f"{number}: priority set to Urgent"))
    toast.get_by_role("button", name="Undo").click()
    expect(priority).to_contain_text("Medium")
    expect(agent.get_by_role("button", name="Priority")).to_contain_text("Medium")

    agent.keyboard.press("e")
    expect(page.get_by_role("button", name=portal_texts.TICKET_EDIT)).to_have_count(0)
    expect(priority).to_have_count(0)

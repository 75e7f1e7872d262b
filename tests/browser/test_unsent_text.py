"""Unsent text outlives an ended session, a broken connection and a closed tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select, text

from tests.browser.conftest import Product, sign_in
from tests.browser.test_actions import WAITING, states, to_decide
from tests.cast import PASSWORD, gathered
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.timeline import drafts
from ticket_app.tables import draft_table, person_table
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]
WORDS = "The lamp in room 7 flickers when the lift moves."


@pytest.fixture
def ticket(product: Product) -> str:
    """The path of a new ticket's number."""
    with product.engine.connect() as connection:
        owner = gathered(connection).owner
    with open_unit_of_work(writes=True, actor=owner, bind=product.engine) as uow:
        created = open_ticket(uow, TicketDraft("Lamp", "Dark"))
        return f"{created.key_prefix}-{created.key_number}"


def end_sessions(product: Product) -> None:
    with product.engine.begin() as connection:
        connection.execute(text("DELETE FROM refresh_token"))
        connection.execute(text("DELETE FROM sign_in"))


def kept_here(page: Page) -> list[str]:
    return page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('desk.unsent.'))"
    )


def test_text_typed_after_the_session_ended_is_there_after_signing_in_over_the_page(
    tab: Page, product: Product, ticket: str
) -> None:
    sign_in(tab, product.address, "agent")
    tab.goto(f"{product.address}/desk/tickets/{ticket}")
    field = tab.locator(".composer textarea")
    field.click()
    end_sessions(product)
    field.press_sequentially(WORDS)
    dialog = tab.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Password")).to_be_focused()
    box, size = dialog.bounding_box(), tab.viewport_size
    assert box is not None
    assert size is not None
    assert abs(box["x"] + box["width"] / 2 - size["width"] / 2) < 2
    assert abs(box["y"] + box["height"] / 2 - size["height"] / 2) < 2
    expect(tab).to_have_url(f"{product.address}/desk/tickets/{ticket}")
    assert len(kept_here(tab)) == 1
    dialog.get_by_label("Password").fill("not the password")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    expect(field).to_have_value(WORDS)
    expect(tab.locator(".composer .on-server")).to_be_visible()
    field.press("Control+Enter")
    expect(tab.locator(".messages, .ticket-scroll").get_by_text(WORDS)).to_be_visible()
    expect(field).to_have_value("")
    assert kept_here(tab) == []


def test_text_typed_offline_outlives_the_tab_and_is_cleared_at_sign_out(
    visit: Visit, product: Product, ticket: str
) -> None:
    context = visit()
    tab = context.new_page()
    sign_in(tab, product.address, "owner")
    tab.goto(f"{product.address}/portal/tickets/{ticket}")
    field = tab.locator(".composer textarea")
    field.click()
    context.set_offline(True)
    field.press_sequentially(WORDS)
    expect(
        tab.get_by_text("You are offline. What you write is saved on this device.")
    ).to_be_visible()
    expect(tab.locator(".composer .on-device")).to_be_visible()
    expect(tab.locator(".composer .on-server")).to_be_hidden()
    expect(tab.get_by_text("Cannot connect to server")).to_have_count(0)
    tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.goto(f"{product.address}/portal/tickets/{ticket}")
    field = tab.locator(".composer textarea")
    expect(field).to_have_value(WORDS)
    expect(tab.locator(".composer .on-server")).to_be_visible()
    field.press_sequentially(" Again.")
    tab.evaluate("document.querySelector(\"form[action='/session/logout'] button\").click()")
    tab.wait_for_url(re.compile("/login"))
    assert kept_here(tab) == []


def test_another_account_on_the_same_device_does_not_see_it(
    visit: Visit, product: Product, ticket: str
) -> None:
    context = visit()
    tab = context.new_page()
    sign_in(tab, product.address, "agent")
    tab.goto(f"{product.address}/desk/tickets/{ticket}")
    tab.locator(".composer textarea").click()
    context.set_offline(True)
    tab.locator(".composer textarea").press_sequentially(WORDS)
    expect(tab.locator(".composer .on-device")).to_be_visible()
    tab.close()
    context.set_offline(False)
    context.clear_cookies()
    tab = context.new_page()
    sign_in(tab, product.address, "manager")
    tab.goto(f"{product.address}/desk/tickets/{ticket}")
    expect(tab.locator(".composer textarea")).to_have_value("")
    assert len(kept_here(tab)) == 1


def test_a_new_ticket_typed_offline_is_there_after_the_tab_was_closed(
    visit: Visit, product: Product
) -> None:
    context = visit()
    tab = context.new_page()
    sign_in(tab, product.address, "colleague")
    tab.goto(f"{product.address}/portal/new")
    title = tab.get_by_label("Title")
    title.click()
    context.set_offline(True)
    title.press_sequentially("Lamp offline")
    expect(tab.locator(".form-footer .on-device")).to_be_visible()
    tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.goto(f"{product.address}/portal/new")
    expect(tab.get_by_label("Title")).to_have_value("Lamp offline")
    expect(tab.locator(".form-footer .on-server")).to_be_visible()
    with product.engine.connect() as connection:
        content = (
            connection.execute(
                draft_table.select().where(
                    draft_table.c.place == drafts.NEW_TICKET_PLACE,
                    draft_table.c.person_id
                    == select(person_table.c.id)
                    .where(person_table.c.username == "colleague")
                    .scalar_subquery(),
                )
            )
            .one()
            .content
        )
    assert content["title"] == "Lamp offline"


def test_content_pasted_from_a_spreadsheet_is_inserted_as_text(
    tab: Page, product: Product, ticket: str, tmp_path: Path
) -> None:
    sign_in(tab, product.address, "agent")
    tab.goto(f"{product.address}/desk/tickets/{ticket}")
    field = tab.locator(".composer textarea")
    field.click()
    paste = """([field, text]) => {
        const data = new DataTransfer();
        if (text) data.setData("text/plain", text);
        data.items.add(new File(["\\x89PNG"], "image.png", { type: "image/png" }));
        const how = { clipboardData: data, bubbles: true, cancelable: true };
        const event = new ClipboardEvent("paste", how);
        field.dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    assert tab.evaluate(paste, [field.element_handle(), "a\t1\nb\t2"]) is False
    expect(tab.locator(".composer [data-upload-list] .file")).to_have_count(0)
    assert tab.evaluate(paste, [field.element_handle(), ""]) is True
    expect(tab.locator(".composer .file")).to_have_count(1)


def test_reply_sent_offline_shows_a_notice_and_arrives_when_the_connection_returns(
    visit: Visit, product: Product, ticket: str
) -> None:
    context = visit()
    tab = context.new_page()
    tab.set_viewport_size({"width": 390, "height": 844})
    sign_in(tab, product.address, "owner")
    tab.goto(f"{product.address}/portal/tickets/{ticket}")
    field = tab.locator(".composer textarea")
    field.click()
    context.set_offline(True)
    field.press_sequentially(WORDS)
    field.press("Control+Enter")
    expect(tab.locator(".composer .queued")).to_have_text("Will be sent when you are back online")
    expect(tab.locator(".composer .queued")).to_be_visible()
    expect(tab.locator(".composer .on-device")).to_be_hidden()
    expect(tab.locator(".toast")).to_have_count(0)
    bar = tab.locator(".portal-header").bounding_box()
    banner = tab.locator(".offline-banner:visible").bounding_box()
    assert bar is not None
    assert banner is not None
    assert banner["y"] >= bar["y"] + bar["height"] - 1
    context.set_offline(False)
    expect(tab.locator(".portal-main").get_by_text(WORDS).first).to_be_visible(timeout=30_000)
    expect(field).to_have_value("")
    expect(tab.locator(".composer .queued")).to_be_hidden()
    assert kept_here(tab) == []


def test_a_remark_on_an_approval_outlives_an_ended_session_and_goes_when_sent_or_cancelled(
    tab: Page, product: Product
) -> None:
    number = to_decide(product, "A new ladder")
    sign_in(tab, product.address, "manager")
    tab.goto(f"{product.address}{routes.DESK_APPROVALS}")
    row = tab.get_by_role("listitem").filter(has_text="A new ladder")
    dialog = tab.get_by_role("dialog", name=f"{number}")

    def ask(action: str, label: str, *, kept: str) -> Locator:
        row.get_by_role("button", name=action).click()
        field = dialog.get_by_label(label)
        expect(field).to_have_value(kept)
        return field

    field = ask("Approve", "Comment (optional)", kept="")
    end_sessions(product)
    field.press_sequentially(WORDS)
    dialog.get_by_label("Conditions").fill("Two metres at most")
    expect(dialog.locator(".on-device")).to_be_visible()
    assert len(kept_here(tab)) == 1
    dialog.get_by_role("button", name="Approve").click()
    again = tab.get_by_role("dialog", name="Your session has ended")
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    assert states(product, number) == WAITING

    field = ask("Reject", "Reason", kept="")
    field.fill("Too high")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    ask("Reject", "Reason", kept="")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)

    ask("Approve", "Comment (optional)", kept=WORDS)
    expect(dialog.get_by_label("Conditions")).to_have_value("Two metres at most")
    dialog.get_by_role("button", name="Approve").click()
    expect(tab.get_by_text(f"{number}: approved")).to_be_visible()
    assert states(product, number)[1] == "approved"
    assert kept_here(tab) == []

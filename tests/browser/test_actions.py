"""What is decided and changed in the web app lands on the ticket that the person sees."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Product
from tests.browser.test_desk import enter
from tests.browser.test_portal import create_ticket, known
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import locking, status_changes, ticket_lookup
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]


def to_decide(product: Product, title: str) -> str:
    """A ticket that waits for the manager's decision; its number."""
    number = create_ticket(product, title=title)
    manager = known(product, "manager")
    with open_unit_of_work(writes=True, actor=known(product, "agent"), bind=product.engine) as uow:
        approval_requests.request_approval(
            uow, locking.lock_ticket(uow, number), approver_ids=[manager.id]
        )
    return number


def states(product: Product, number: str) -> tuple[str, str]:
    """The status of a ticket, and how its latest approval stands."""
    with open_unit_of_work(writes=False, actor=known(product, "admin"), bind=product.engine) as uow:
        row = ticket_lookup.read_ticket(uow, number)
        payload = approval_listing.list_ticket_requests(uow, row.id)
        return row.status, payload[0]["state"] if payload else ""


def status(product: Product, number: str) -> str:
    return states(product, number)[0]


WAITING = ("pending_approval", "pending")


def test_an_open_decision_closes_with_its_page_and_decides_nothing(
    visit: Visit, product: Product
) -> None:
    first, second = to_decide(product, "A new winch"), to_decide(product, "A new crane")
    manager = enter(visit, product, "manager")
    dialog = manager.get_by_role("dialog")

    def ask() -> None:
        row = manager.get_by_role("listitem").filter(has_text="A new winch")
        row.get_by_role("button", name="Approve").click()
        expect(dialog).to_contain_text(f"Approve {first}")
        expect(dialog).to_contain_text("A new winch")

    manager.goto(f"{product.address}{routes.desk_ticket(second)}")
    expect(manager.locator(".ticket-header")).to_contain_text(second)
    manager.get_by_role("link", name="Approvals").first.click()
    ask()
    manager.go_back()
    expect(manager.locator(".ticket-header")).to_contain_text(second)
    expect(dialog).to_have_count(0)
    manager.go_forward()
    expect(manager.get_by_text("A new winch")).to_be_visible()
    expect(dialog).to_have_count(0)

    manager.goto(f"{product.address}{routes.desk_ticket(first)}")
    expect(manager.locator(".ticket-header")).to_contain_text(first)
    manager.goto(f"{product.address}{routes.desk_ticket(second)}")
    manager.get_by_role("button", name="Approve", exact=True).click()
    expect(dialog).to_contain_text(f"Approve {second}")
    manager.go_back()
    expect(manager.locator(".ticket-header")).to_contain_text(first)
    expect(dialog).to_have_count(0)
    assert states(product, first) == states(product, second) == WAITING

    manager.get_by_role("button", name="Approve", exact=True).click()
    expect(dialog).to_contain_text(f"Approve {first}")
    with open_unit_of_work(writes=True, actor=known(product, "owner"), bind=product.engine) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, first), "Make it two winches.")
    dialog.get_by_label("Comment (optional)").fill("Within the budget")
    dialog.get_by_role("button", name="Approve").click()
    expect(dialog).to_contain_text(f"{first} has changed since you last saw it")
    assert states(product, first) == WAITING
    expect(dialog.get_by_label("Comment (optional)")).to_have_value("Within the budget")
    dialog.get_by_role("button", name="Approve").click()
    expect(manager.get_by_text(f"{first}: approved")).to_be_visible()
    assert states(product, first)[1] == "approved"
    assert states(product, second) == WAITING


MENUS = (
    ("Status", "menuitem"),
    ("Priority", "menuitem"),
    ("Assignee", "button"),
    ("Kind", "menuitem"),
    ("Due date", "menuitem"),
    ("Company", "button"),
)


def test_menus_and_dialogs_of_a_ticket_name_it_and_close_with_it(
    visit: Visit, product: Product
) -> None:
    first, second = (
        create_ticket(product, title="A stuck valve"),
        create_ticket(product, title="A loose bolt"),
    )
    agent = enter(visit, product, "agent")
    agent.goto(f"{product.address}/desk/views/all?q=a+stuck+valve")
    agent.get_by_role("link", name="A stuck valve").click()
    expect(agent.locator(".ticket-header")).to_contain_text(first)
    agent.goto(f"{product.address}/desk/views/all?q=a+loose+bolt")
    agent.get_by_role("link", name="A loose bolt").click()
    expect(agent.locator(".ticket-header")).to_contain_text(second)
    for label, _ in MENUS:
        agent.get_by_role("button", name=label, exact=True).click()
        menu = agent.locator(".menu-title", has_text=f"{label} of {second}")
        expect(menu).to_be_visible()
        agent.go_back()
        expect(menu).to_have_count(0)
        expect(agent.get_by_role("link", name="A loose bolt")).to_be_visible()
        agent.go_forward()
        expect(agent.locator(".ticket-header")).to_contain_text(second)
        expect(menu).to_have_count(0)
    for item, title in (
        ("Edit title", f"Title of {second}"),
        ("Merge into", f"Merge {second}"),
        ("Request approval", f"Request approval for {second}"),
    ):
        agent.get_by_role("button", name="More", exact=True).click()
        agent.get_by_role("menuitem", name=item).click()
        dialog = agent.get_by_role("dialog")
        expect(dialog).to_contain_text(title)
        agent.go_back()
        expect(agent.get_by_role("link", name="A loose bolt")).to_be_visible()
        expect(dialog).to_have_count(0)
        agent.go_forward()
        expect(agent.locator(".ticket-header")).to_contain_text(second)
        expect(dialog).to_have_count(0)
    assert status(product, first) == status(product, second) == "new"


def test_a_dialog_of_the_list_names_its_ticket_and_closes_with_the_list(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="A bent mast")
    agent = enter(visit, product, "agent")
    agent.goto(f"{product.address}/desk/views/mine")
    expect(agent.get_by_role("heading", name="Mine")).to_be_visible()
    agent.get_by_role("link", name="Unassigned").first.click()
    expect(agent.get_by_role("link", name="A bent mast")).to_be_visible()
    row = agent.locator("[data-row]").filter(has_text="A bent mast")
    row.get_by_role("link", name="A bent mast").focus()
    agent.keyboard.press("s")
    dialog = agent.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Status of {number}")
    agent.go_back()
    expect(agent.get_by_role("heading", name="Mine")).to_be_visible()
    expect(dialog).to_have_count(0)
    assert status(product, number) == "new"


def test_e_resolves_with_a_toast_on_the_next_page_whose_undo_works(
    visit: Visit, product: Product
) -> None:
    create_ticket(product, title="A dull lens one")
    number = create_ticket(product, title="A dull lens two")
    agent = enter(visit, product, "agent")
    agent.goto(f"{product.address}/desk/views/unassigned?q=dull+lens")
    agent.get_by_role("link", name="A dull lens two").click()
    expect(agent.locator(".ticket-header")).to_contain_text(number)
    agent.keyboard.press("e")
    toast = agent.locator(".toast").filter(has_text=f"{number} resolved")
    expect(toast).to_contain_text("No one has replied to the requester.")
    expect(agent.locator(".ticket-header")).to_contain_text("A dull lens one")
    assert status(product, number) == "resolved"
    toast.get_by_role("button", name="Undo").click()
    expect(agent.get_by_text(f"Change to {number} undone")).to_be_visible()
    assert status(product, number) == "new"

    agent.keyboard.press("e")
    expect(agent.get_by_text(re.compile("resolved"))).to_be_visible()
    expect(agent).to_have_url(re.compile("/desk/views/unassigned"))
    agent.keyboard.press("z")
    expect(agent.get_by_text(re.compile("Change to .* undone")).last).to_be_visible()
    expect(agent.get_by_role("link", name="A dull lens one")).to_be_visible()


def test_each_toast_undoes_its_own_change(visit: Visit, product: Product) -> None:
    number = create_ticket(product, title="A cold boiler")
    agent = enter(visit, product, "agent")
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    agent.get_by_role("button", name="Priority", exact=True).click()
    agent.get_by_role("menuitem", name="Urgent").click()
    priority = agent.locator(".toast").filter(has_text=f"{number} set to Urgent priority")
    expect(priority).to_be_visible()
    agent.get_by_role("button", name="Severity", exact=True).click()
    agent.get_by_role("menuitem", name="Major").click()
    severity = agent.locator(".toast").filter(has_text=f"{number} set to severity Major")
    expect(severity).to_be_visible()
    priority.hover()
    priority.get_by_role("button", name="Undo").click()
    properties = agent.locator(".properties").first
    expect(properties).to_contain_text("Medium")
    expect(properties).to_contain_text("Major")


def test_show_changes_keeps_the_conversation_and_new_replies_in_sight(
    visit: Visit, product: Product
) -> None:
    number = create_ticket(product, title="A wet cellar", description="Knee-deep by now.")
    agent = enter(visit, product, "agent")
    agent.goto(f"{product.address}{routes.desk_ticket(number)}")
    expect(agent.get_by_text("Knee-deep by now.")).to_be_visible()
    with open_unit_of_work(
        writes=True, actor=known(product, "manager"), bind=product.engine
    ) as uow:
        ticket = locking.lock_ticket(uow, number)
        status_changes.change_status(uow, ticket, Status.IN_PROGRESS)
        commenting.add_comment(uow, ticket, "The pump is on its way.")
    agent.get_by_role("button", name="Show changes").click()
    new = agent.locator('.event[data-new="true"]')
    expect(new).to_contain_text("In progress")
    expect(agent.get_by_text("Knee-deep by now.")).to_be_visible()
    expect(agent.get_by_text("The pump is on its way.")).to_be_visible()
    agent.get_by_label("Write a message").fill("I hold the hose.")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".message").filter(has_text="I hold the hose.")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "button", "title"),
    [
        (routes.ADMIN_APPROVALS, "Add policy", "Add approval policy"),
        (routes.ADMIN_PEOPLE, "owner", "Edit “owner”"),
        (routes.ADMIN_ROLES, "Edit permissions of the Agent role", "Permissions of the Agent role"),
        (routes.ADMIN_WEBHOOKS, "Add webhook", "Add webhook"),
    ],
)
def test_dialogs_of_the_settings_close_with_their_page(
    visit: Visit, product: Product, address: str, button: str, title: str
) -> None:
    admin = enter(visit, product, "admin")
    admin.goto(f"{product.address}/desk/views/all")
    expect(admin.get_by_role("heading", name="All tickets")).to_be_visible()
    admin.goto(f"{product.address}{address}")
    if button == "owner":
        admin.get_by_role("button", name="Olive Ownby").click()
    else:
        admin.get_by_role("button", name=button).first.click()
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text(title)
    admin.go_back()
    expect(dialog).to_have_count(0)
    admin.go_forward()
    expect(admin.get_by_role("heading").first).to_be_visible()
    expect(dialog).to_have_count(0)

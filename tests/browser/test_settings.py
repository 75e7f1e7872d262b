"""Administrators set up templates and teams, and people who create tickets pick a template."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Product, sign_in
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]


def test_a_template_is_added_and_fills_in_the_form(visit: Visit, product: Product) -> None:
    admin = visit().new_page()
    sign_in(admin, product.address, "admin")
    admin.goto(product.address + routes.ADMIN_TEMPLATES)
    admin.get_by_role("button", name="Add template").first.click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_role("button", name="Add template").click()
    expect(dialog.get_by_role("alert").filter(has_text="Name")).to_be_visible()
    dialog.get_by_label("Name").fill("Locked out")
    dialog.get_by_label("Title").fill("Reset a password")
    dialog.get_by_label("Priority").select_option("high")
    dialog.get_by_role("button", name="Add template").click()
    expect(dialog).to_be_hidden()
    expect(admin.get_by_role("button", name="Locked out", exact=True)).to_be_visible()

    owner = visit().new_page()
    sign_in(owner, product.address, "owner")
    owner.goto(product.address + routes.PORTAL_NEW)
    owner.get_by_label("Description").fill("I cannot sign in")
    # As when the choice is clicked: the field loses the focus, and its text is sent.
    owner.get_by_label("Template").focus()
    owner.get_by_label("Template").select_option(label="Locked out")
    expect(owner.get_by_label("Title")).to_have_value("Reset a password")
    expect(owner.get_by_label("Description")).to_have_value("I cannot sign in")

    admin.get_by_role("switch", name="Deactivate Locked out").click()
    expect(admin.get_by_role("switch", name="Activate Locked out")).to_be_visible()
    owner.goto(product.address + routes.PORTAL_NEW)
    expect(owner.get_by_text("You have a draft from", exact=False)).to_be_visible()
    owner.get_by_role("button", name="Discard").click()
    expect(owner.get_by_label("Title")).to_have_value("")
    expect(owner.get_by_label("Template")).to_be_hidden()


def test_a_team_with_people_is_not_deleted(visit: Visit, product: Product) -> None:
    admin = visit().new_page()
    sign_in(admin, product.address, "admin")
    admin.goto(product.address + routes.ADMIN_TEAMS)
    admin.get_by_role("button", name="Add team").first.click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Night shift")
    dialog.get_by_role("button", name="Choose").click()
    admin.get_by_role("button", name="Agnes Hale", exact=True).click()
    expect(dialog.get_by_role("button", name="Remove")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_have_value("Night shift")
    dialog.get_by_role("button", name="Add team").click()
    expect(admin.get_by_text("1 person")).to_be_visible()
    admin.get_by_role("button", name="More actions for Night shift").click()
    admin.get_by_role("menuitem", name="Delete").click()
    confirmation = admin.get_by_role("alertdialog")
    confirmation.get_by_role("button", name="Delete team").click()
    expect(confirmation.get_by_role("alert")).to_contain_text("used by 1 person")

"""An administrator finds in the audit log who changed a setting, and takes it along as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Product, sign_in
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]


def test_a_change_is_found_filtered_and_exported(visit: Visit, product: Product) -> None:
    admin = visit().new_page()
    sign_in(admin, product.address, "admin")
    admin.goto(product.address + routes.ADMIN_TEAMS)
    admin.get_by_role("button", name="Add team").first.click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Audited team")
    dialog.get_by_role("button", name="Add team").click()
    expect(dialog).to_be_hidden()

    admin.get_by_role("link", name="Audit log").click()
    admin.wait_for_url("**" + routes.ADMIN_AUDIT)
    entry = admin.get_by_role("listitem").filter(has_text="Audited team")
    expect(entry).to_contain_text("Created")
    expect(entry).to_contain_text("Addie Minton")
    expect(entry).to_contain_text("Web app")

    admin.get_by_label("Search the audit log").fill("audited")
    expect(admin.get_by_role("listitem").filter(has_text="Signed in")).to_have_count(0)
    expect(entry).to_be_visible()
    assert "q=audited" in admin.url

    admin.get_by_role("button", name="Export").click()
    with admin.expect_download() as downloading:
        admin.get_by_role("menuitem", name="CSV").click()
    content = Path(downloading.value.path()).read_text("utf-8-sig")
    assert content.startswith("id,at,actor,")
    assert "Audited team" in content

    admin.get_by_role("link", name="Clear filters").click()
    expect(admin.get_by_role("listitem").filter(has_text="Exported")).to_be_visible()

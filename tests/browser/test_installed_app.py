"""The installed web app: its worker, the offline page, and the number of unread notifications."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in
from tests.browser.test_portal import create_ticket, known
from tests.cast import PASSWORD
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import locking
from ticket_app.ui.installed_app import texts as offline_texts

Visit = Callable[[], BrowserContext]

RECORD_BADGE = """
const shown = () => JSON.parse(localStorage.getItem("test.badge") ?? "[]");
const record = (count) => {
  localStorage.setItem("test.badge", JSON.stringify([...shown(), count]));
  return Promise.resolve();
};
for (const [name, value] of [["setAppBadge", record], ["clearAppBadge", () => record(0)]]) {
  Object.defineProperty(Navigator.prototype, name, { value, configurable: true });
}
"""
LAST_SHOWN = "(count) => JSON.parse(localStorage.getItem('test.badge')).at(-1) === count"
SHOWN_BELOW = (
    "([from, count]) => JSON.parse(localStorage.getItem('test.badge')).slice(from)"
    ".some((shown) => shown < count)"
)
CACHED = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    paths.push(...requests.map((request) => new URL(request.url).pathname));
  }
  return paths;
}"""
IS_CONTROLLED = "() => navigator.serviceWorker.controller !== null"


def answer(product: Product, key: str, text: str) -> None:
    """Answer a ticket as the agent."""
    actor = known(product, "agent")
    with open_unit_of_work(writes=True, actor=actor, bind=product.engine) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, key), text)


def shown_counts(page: Page) -> list[int]:
    """Return the numbers that the icon of the app has shown, one after the other."""
    return json.loads(page.evaluate("localStorage.getItem('test.badge') ?? '[]'"))


def test_offline_page_is_shown_and_the_page_opens_again_with_what_was_written(
    visit: Visit, product: Product
) -> None:
    context = visit()
    page = context.new_page()
    sign_in(page, product.address, "stranger")
    page.goto(f"{product.address}/portal/new")
    page.wait_for_function(IS_CONTROLLED)
    page.get_by_label("Title").fill("Written on the train")
    page.get_by_label("Description").fill("The tunnel is coming.")

    context.set_offline(offline=True)
    page.reload()
    expect(page.get_by_role("heading", name=offline_texts.OFFLINE_TITLE)).to_be_visible()
    expect(page.get_by_text(offline_texts.UNSENT_TEXT)).to_be_visible()
    assert page.title() == offline_texts.OFFLINE_TITLE
    page.get_by_role("button", name=offline_texts.TRY_AGAIN).click()
    expect(page.get_by_role("button", name=offline_texts.TRY_AGAIN)).to_be_visible()

    context.set_offline(offline=False)  # the page opens by itself
    expect(page.get_by_label("Title")).to_have_value("Written on the train")
    expect(page.get_by_label("Description")).to_have_value("The tunnel is coming.")


def test_only_files_that_never_change_and_the_offline_page_are_cached(
    visit: Visit, product: Product
) -> None:
    page = visit().new_page()
    key = create_ticket(product, title="Kept out of caches")
    sign_in(page, product.address, "owner")
    page.wait_for_function(IS_CONTROLLED)
    page.goto(f"{product.address}/portal/tickets/{key}")
    expect(page.get_by_role("heading", name="Kept out of caches")).to_be_visible()
    assert page.evaluate("fetch('/api/tickets/').then((response) => response.status)") in (200, 401)
    cached = page.evaluate(CACHED)
    assert "/offline" in cached
    assert any(path.startswith("/assets/") for path in cached)
    assert [path for path in cached if path != "/offline" and "/assets/" not in path] == []


def test_a_worker_of_an_earlier_build_is_replaced_and_its_files_are_deleted(
    visit: Visit, product: Product
) -> None:
    context = visit()
    page = context.new_page()
    worker = page.request.get(f"{product.address}/service-worker.js").text()
    build = next(
        word for word in worker.replace('"', "`").split("`") if len(word) == 16 and word.isalnum()
    )
    earlier = worker.replace(build, "0123456789abcdef")
    context.route(
        "**/service-worker.js",
        lambda route: route.fulfill(body=earlier, content_type="text/javascript"),
    )
    page.goto(f"{product.address}/login")
    page.wait_for_function(IS_CONTROLLED)
    assert page.evaluate("caches.keys()") == ["help-desk-0123456789abcdef"]
    context.unroute("**/service-worker.js")
    page.reload()
    page.wait_for_function(
        "async (name) => JSON.stringify(await caches.keys()) === JSON.stringify([name])",
        arg=f"help-desk-{build}",
    )
    page.reload()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_the_number_of_unread_notifications_is_in_the_title_and_on_the_icon_until_sign_out(
    visit: Visit, product: Product
) -> None:
    context = visit()
    context.add_init_script(RECORD_BADGE)
    page = context.new_page()
    key = create_ticket(product, title="Watched from the title")
    page.goto(f"{product.address}/login")
    expect(page).to_have_title("Sign in - Ticket")
    sign_in(page, product.address, "owner")
    expect(page.get_by_role("heading", name="My tickets")).to_be_visible()
    expect(page.get_by_role("link", name="Notifications")).to_be_visible()
    before = shown_counts(page)[-1]

    answer(product, key, "@owner Look at the title.")
    page.wait_for_function(LAST_SHOWN.replace("===", ">"), arg=before)
    expect(page).to_have_title(re.compile(r"^\(\d+\) My tickets - Ticket$"))
    counted = re.match(r"\((\d+)\)", page.title())
    assert counted
    page.wait_for_function(LAST_SHOWN, arg=int(counted[1]))
    shown = shown_counts(page)

    page.goto(f"{product.address}/portal/tickets/{key}")
    expect(page.get_by_role("log").get_by_text("Look at the title.")).to_be_visible()
    page.wait_for_function(SHOWN_BELOW, arg=[len(shown), int(counted[1])])
    before = shown_counts(page)[-1]

    answer(product, create_ticket(product, title="Another one"), "@owner Look again.")
    page.wait_for_function(LAST_SHOWN.replace("===", ">"), arg=before)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/login**")
    expect(page).to_have_title("Sign in - Ticket")
    assert shown_counts(page)[-1] == 0


def test_the_account_menu_installs_the_app_where_the_browser_offers_it(
    visit: Visit, product: Product
) -> None:
    page = visit().new_page()
    sign_in(page, product.address, "agent")
    page.get_by_role("button", name="Your account").click()
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Install app")).to_have_count(0)
    page.keyboard.press("Escape")
    page.evaluate(
        """() => {
          const offer = new Event("beforeinstallprompt", { cancelable: true });
          offer.prompt = async () => { window.asked = true; };
          dispatchEvent(offer);
        }"""
    )
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitem", name="Install app").click()
    assert page.evaluate("window.asked")


@pytest.mark.parametrize(
    ("username", "shortcut", "path"),
    [
        ("agent", "new-ticket", "/desk/new"),
        ("agent", "my-tickets", "/desk/views/mine"),
        ("owner", "inbox", "/portal/inbox"),
    ],
)
def test_a_shortcut_opens_the_page_of_the_persons_role_after_signing_in(
    tab: Page, product: Product, username: str, shortcut: str, path: str
) -> None:
    tab.goto(f"{product.address}/?open={shortcut}")
    expect(tab.locator("input[name=next]").first).to_have_value(re.compile("open="))
    tab.get_by_label("Username or email").fill(username)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url(f"{product.address}{path}")


def test_chromium_finds_the_app_installable(visit: Visit, product: Product) -> None:
    page = visit().new_page()
    page.goto(f"{product.address}/login")
    page.wait_for_function(IS_CONTROLLED)
    devtools = page.context.new_cdp_session(page)
    manifest: dict[str, Any] = devtools.send("Page.getAppManifest")
    assert manifest["url"] == f"{product.address}/manifest.webmanifest"
    assert manifest["errors"] == []
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []

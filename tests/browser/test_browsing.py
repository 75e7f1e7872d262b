"""Lists keep what a person is doing: search text, selection, place and focus, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in
from tests.browser.test_portal import create_ticket
from ticket_app.ui import routes
from ticket_app.ui.pages.portal import texts

Visit = Callable[[], BrowserContext]
THREE_KEYS_A_SECOND = 333


def signed_in(visit: Visit, product: Product, username: str) -> Page:
    page = visit().new_page()
    sign_in(page, product.address, username)
    return page


@pytest.mark.parametrize(
    ("username", "path", "label"),
    [
        ("agent", routes.DESK, "Search tickets"),
        ("agent", routes.desk_view("all"), "Search tickets"),
        ("owner", routes.PORTAL, "Search your tickets"),
        ("admin", routes.ADMIN_PEOPLE, "Search people"),
    ],
)
def test_a_search_field_keeps_its_letters_and_shows_the_filter_of_the_list(
    visit: Visit, product: Product, username: str, path: str, label: str
) -> None:
    create_ticket(product, title="A scanner that hums")
    page = signed_in(visit, product, username)
    page.goto(product.address + path)
    field = page.get_by_label(label)
    field.click()
    page.keyboard.type("scan", delay=THREE_KEYS_A_SECOND)
    expect(page).to_have_url(f"{product.address}{path}?q=scan")
    page.keyboard.type("ner", delay=THREE_KEYS_A_SECOND)
    expect(field).to_have_value("scanner")
    expect(field).to_be_focused()
    expect(page).to_have_url(f"{product.address}{path}?q=scanner")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(field).to_have_value("scanner")


def test_a_search_field_follows_the_address_back_and_forth(visit: Visit, product: Product) -> None:
    word = uuid4().hex[:12]
    create_ticket(product, title=f"Lamp {word}")
    create_ticket(product, title="Some other lamp")
    page = signed_in(visit, product, "agent")
    page.goto(product.address + routes.desk_view("all"))
    field = page.get_by_label("Search tickets")
    field.fill(word)
    expect(page.locator("[data-row] a")).to_have_count(1)
    page.get_by_role("link", name=word).click()
    expect(page.get_by_label("Write a message")).to_be_visible()
    page.go_back()
    expect(field).to_have_value(word)
    expect(page.locator("[data-row] a")).to_have_count(1)
    page.reload()
    expect(field).to_have_value(word)
    expect(page.locator("[data-row] a")).to_have_count(1)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(field).to_have_value("")
    page.go_back()
    expect(field).to_have_value(word)
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Mine").click()
    expect(field).to_have_value("")


def test_days_of_a_filter_are_typed_digit_by_digit(visit: Visit, product: Product) -> None:
    create_ticket(product, title="A lamp with a date")
    page = signed_in(visit, product, "owner")
    page.goto(f"{product.address}{routes.PORTAL}?created=2026-01-05..")
    first, last = page.get_by_label(texts.TICKETS_CREATED_FROM), page.get_by_label("to", exact=True)
    expect(first).to_have_value("2026-01-05")
    last.focus()
    page.keyboard.type("12312031", delay=200)
    expect(last).to_have_value("2031-12-31")
    expect(page).to_have_url(f"{product.address}{routes.PORTAL}?created=2026-01-05..2031-12-31")
    expect(last).to_be_focused()
    page.go_back()
    page.go_forward()
    expect(last).to_have_value("2031-12-31")


def create_many(product: Product, count: int) -> str:
    """File tickets that share a word; the word."""
    word = uuid4().hex[:12]
    for number in range(count):
        create_ticket(product, title=f"Lamp {word} number {number:02}")
    return word


PLACE = "() => Math.round(document.getElementById('main').scrollTop)"


def test_coming_back_from_a_ticket_finds_the_place_in_the_list(
    visit: Visit, product: Product
) -> None:
    word = create_many(product, 40)
    page = signed_in(visit, product, "agent")
    page.set_viewport_size({"width": 1200, "height": 600})
    page.goto(f"{product.address}{routes.DESK}?q={word}")
    expect(page.locator("[data-row]")).to_have_count(40)
    focused = page.locator("[data-row] a:focus")
    ways: dict[str, Callable[[], object]] = {
        "Back": page.go_back,
        "u": lambda: page.keyboard.press("u"),
        "Escape": lambda: page.keyboard.press("Escape"),
        "link": lambda: page.get_by_role("link", name="Back to the list").click(),
    }
    for number, back in enumerate(ways.values()):
        row = page.locator("[data-row] a").nth(30 + number)
        row.scroll_into_view_if_needed()
        before = page.evaluate(PLACE)
        assert before > 100
        href = row.get_attribute("href") or ""
        row.click()
        expect(page.get_by_label("Write a message")).to_be_visible()
        back()
        expect(page.get_by_label("Search tickets")).to_have_value(word)
        expect(focused).to_have_attribute("href", href)
        page.wait_for_function(f"top => ({PLACE})() === top", arg=before)
    last = focused.get_attribute("href") or ""
    page.keyboard.press("k")
    expect(focused).not_to_have_attribute("href", last)


def press(page: Page, key: str, code: str) -> None:
    """A key as a keyboard layout of another script reports it."""
    page.evaluate(
        """([key, code]) => (document.activeElement ?? document.body).dispatchEvent(
            new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }))""",
        [key, code],
    )


LAYOUTS = {
    "Russian": (("о", "KeyJ"), ("ч", "KeyX"), ("ы", "KeyS")),
    "Greek": (("ξ", "KeyJ"), ("χ", "KeyX"), ("σ", "KeyS")),
    "Hebrew": (("ח", "KeyJ"), ("ס", "KeyX"), ("ד", "KeyS")),
    "Arabic": (("ت", "KeyJ"), ("ء", "KeyX"), ("س", "KeyS")),
    "Dvorak": (("j", "KeyC"), ("x", "KeyB"), ("s", "Semicolon")),
    "caps lock": (("J", "KeyJ"), ("X", "KeyX"), ("S", "KeyS")),
}


def test_shortcuts_work_in_every_keyboard_layout(visit: Visit, product: Product) -> None:
    word = create_many(product, 2)
    page = signed_in(visit, product, "agent")
    bar = page.get_by_role("toolbar", name="Selected tickets")
    page.goto(f"{product.address}{routes.desk_view('all')}?q={word}")
    expect(page.locator("[data-row]")).to_have_count(2)
    for down, mark, status in LAYOUTS.values():
        press(page, *down)
        expect(page.locator("[data-row] a:focus")).to_have_count(1)
        press(page, *mark)
        expect(bar).to_contain_text("1 selected")
        press(page, *status)
        expect(page.get_by_role("dialog")).to_contain_text("Status of")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        bar.get_by_role("button", name="Clear selection").click()
        expect(bar).to_have_count(0)


def test_keys_that_only_compose_a_character_are_no_shortcuts(
    visit: Visit, product: Product
) -> None:
    create_ticket(product, title="A lamp that composes")
    page = signed_in(visit, product, "agent")
    page.goto(f"{product.address}{routes.desk_view('all')}")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.evaluate(
        """() => {
            const send = (given) => document.body.dispatchEvent(
                new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...given }));
            send({ key: "c", code: "KeyC", isComposing: true });
            send({ key: "Process", code: "KeyC", keyCode: 229 });
            send({ key: "Dead", code: "BracketLeft" });
            send({ key: "c", code: "KeyC", modifierAltGraph: true, ctrlKey: true, altKey: true });
            send({ key: "c", code: "KeyC", ctrlKey: true });
            send({ key: "ö", code: "KeyC" });
        }"""
    )
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keyboard shortcuts")
    assert page.url == f"{product.address}{routes.desk_view('all')}"


def test_shift_and_arrows_extend_the_selection_without_limit(
    visit: Visit, product: Product
) -> None:
    word = create_many(product, 6)
    page = signed_in(visit, product, "agent")
    page.goto(f"{product.address}{routes.desk_view('all')}?q={word}")
    expect(page.locator("[data-row]")).to_have_count(6)
    bar = page.get_by_role("toolbar", name="Selected tickets")
    page.keyboard.press("j")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    expect(bar).to_contain_text("5 selected")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(bar).to_contain_text("3 selected")
    expect(page.locator("[data-row-checkbox]:checked")).to_have_count(3)


def test_arabic_text_is_laid_out_from_right_to_left(visit: Visit, product: Product) -> None:
    title = "المصباح لا يعمل"
    number = create_ticket(
        product, title=title, description="انطفأ المصباح عند الظهر.\n\nIn English."
    )
    page = signed_in(visit, product, "agent")
    direction = "el => getComputedStyle(el).direction"
    page.goto(f"{product.address}{routes.desk_view('all')}?q=المصباح")
    row = page.get_by_role("link", name=title)
    expect(row).to_be_visible()
    assert row.evaluate(direction) == "rtl"
    assert page.get_by_label("Search tickets").evaluate(direction) == "rtl"
    page.goto(product.address + routes.desk_ticket(number))
    assert page.locator("h2", has_text=title).evaluate(direction) == "rtl"
    assert page.locator(".message .prose").first.evaluate(direction) == "rtl"
    composer = page.get_by_label("Write a message")
    composer.fill("سنرسل مصباحا")
    assert composer.evaluate(direction) == "rtl"
    composer.fill("We send a lamp")
    assert composer.evaluate(direction) == "ltr"


def test_all_tickets_of_a_view_are_selected_changed_and_undone_at_once(
    visit: Visit, product: Product
) -> None:
    word = create_many(product, 54)
    page = signed_in(visit, product, "agent")
    page.goto(f"{product.address}{routes.desk_view('all')}?q={word}")
    expect(page.locator("[data-row]")).to_have_count(50)
    page.keyboard.press("j")
    page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="Selected tickets")
    bar.get_by_role("button", name="Select page").click()
    expect(bar).to_contain_text("All 50 on this page selected")
    bar.get_by_role("button", name="Select all 54 in this view").click()
    expect(bar).to_contain_text("All 54 in this view selected")
    page.keyboard.press("p")
    page.get_by_role("dialog").get_by_role("button", name="Urgent").click()
    expect(page.get_by_text(re.compile("^54 tickets"))).to_be_visible()
    expect(page.locator("[data-row]").get_by_text("Urgent")).to_have_count(54)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-row]").get_by_text("Urgent")).to_have_count(0)

"""Plain texts are shown as written, Markdown is rendered, and neither is wider than a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product
from tests.browser.test_desk import enter
from tests.browser.test_portal import create_ticket, known
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import locking
from ticket_app.ui import routes

PLAIN = (
    "\\\\fs01\\share\\_archive_\\*.log, 5*4*3 and __main__ <b>\n"
    "Traceback (most recent call last):\n"
    '  File "/srv/a_long_path/to/a_module_with_a_long_name.py", line 128, in save_everything\n'
    "KeyError: 1\n"
    "\n"
    "The prices:\n"
    f"Item{' ' * 30}Quantity{' ' * 30}Price\n"
    f"Lamp{' ' * 30}       2{' ' * 30}   12\n"
    f"https://example.com/{'a' * 300} or jane@example.com\n"
    f"{'x' * 400}\n"
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645"
)
MARKDOWN = "**bold**, 5*4*3\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
SELECTED = """(text) => {
    getSelection().selectAllChildren(text);
    return getSelection().toString();
}"""
STARTS_AT_RIGHT = """([text, lengthOfLine]) => {
    const range = document.createRange();
    range.selectNodeContents(text.lastChild);
    range.setStart(text.lastChild, text.lastChild.length - lengthOfLine);
    range.setEnd(text.lastChild, text.lastChild.length - lengthOfLine + 5);
    return text.getBoundingClientRect().right - range.getBoundingClientRect().right;
}"""


def check_plain_text(page: Page) -> None:
    """Check a plain text on a page of a phone's width."""
    text = page.locator(".plain-text")
    expect(text).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert text.evaluate("(text) => text.scrollWidth <= text.clientWidth")
    assert text.text_content() == PLAIN
    assert text.evaluate(SELECTED).strip() == PLAIN
    columns = text.locator(".plain-columns")
    assert columns.evaluate("(code) => code.scrollWidth > code.clientWidth")
    assert columns.evaluate("(code) => code.clientHeight / 2 < 30"), "two lines, not wrapped"
    code = text.locator(".plain-code").first
    assert "mono" in code.evaluate("(code) => getComputedStyle(code).fontFamily").lower()
    assert text.get_by_role("link", name="jane@example.com").get_attribute("href") == (
        "mailto:jane@example.com"
    )
    arabic = PLAIN.splitlines()[-1]
    gap = page.evaluate(STARTS_AT_RIGHT, [text.element_handle(), len(arabic)])
    assert abs(gap) < 2, "Arabic starts at the right"


def test_texts_are_shown_in_their_format_and_fit_on_a_phone(
    visit: Callable[[], BrowserContext], product: Product
) -> None:
    number = create_ticket(product, description=PLAIN, text_format=TextFormat.PLAIN)
    with open_unit_of_work(writes=True, actor=known(product, "owner"), bind=product.engine) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, number), MARKDOWN)
    for who, address in (
        ("agent", routes.desk_ticket(number)),
        ("owner", routes.portal_ticket(number)),
    ):
        page = enter(visit, product, who)
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{product.address}{address}")
        check_plain_text(page)
        markdown = page.locator(".prose", has=page.locator("strong", has_text="bold"))
        expect(markdown).to_contain_text("bold, 5*4*3")
        expect(markdown.locator("pre")).to_have_text("code")
        expect(markdown.get_by_role("cell", name="2")).to_be_visible()

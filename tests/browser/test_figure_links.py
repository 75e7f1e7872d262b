"""Figures lead to the tickets they count, and days are the person's own, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in
from tests.browser.test_portal import create_ticket, known
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import assigning, locking, opening, status_changes
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]
COUNT = re.compile(r"\d+")
SHOWN = re.compile(r"^[\d,]+–[\d,]+ of [\d,]+\+?$")


def changed(product: Product, number: str, status: Status) -> None:
    """Put a ticket into a status, as the agent who takes it."""
    agent = known(product, "agent")
    with open_unit_of_work(writes=True, actor=agent, bind=product.engine) as uow:
        ticket = locking.lock_ticket(uow, number)
        assigning.assign(uow, ticket, agent.id)
        status_changes.change_status(uow, ticket, status)


def expect_listed(page: Page, count: int) -> None:
    """Wait until the open list says that it has so many tickets; the last one shows until then."""
    shown = page.get_by_role("status").filter(has_text=SHOWN)
    expect(shown).to_have_text(re.compile(rf" of {count:,}\+?$"))


def test_every_figure_opens_the_tickets_it_counts(visit: Visit, product: Product) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    create_ticket(product)
    create_ticket(product, due_at=past)
    changed(product, create_ticket(product, due_at=past), Status.PENDING_USER)
    changed(product, create_ticket(product), Status.RESOLVED)
    sign_in(page := visit().new_page(), product.address, "manager")
    page.goto(product.address + routes.DESK_ANALYTICS)
    numbers = page.get_by_role("group", name="Metrics")
    row = page.get_by_role("row").filter(has_text="Agnes Hale")
    expect(row).to_be_visible()
    figures: list[tuple[str | None, str, int]] = []
    for card in numbers.locator(".metric-card").all():
        name = card.locator(".metric-link").inner_text()
        value = card.locator("strong").inner_text().replace(",", "")
        if value.isdigit():
            figures.append((card.locator(".metric-link").get_attribute("href"), name, int(value)))
        for part in card.locator(".metric-breakdown").all():
            text = part.inner_text()
            count = int(text.split()[0].replace(",", ""))
            figures.append((part.get_attribute("href"), text, count))
    counted = [*row.locator(".count-link").all(), *page.locator(".chart-footer a").all()]
    for link in counted:
        text = link.inner_text()
        words = [text] if "count-link" in (link.get_attribute("class") or "") else text.split()
        numbers_in = [int(word) for word in words if COUNT.fullmatch(word)]
        if numbers_in:
            figures.append((link.get_attribute("href"), text, numbers_in[-1]))
    assert {name for _, name, _ in figures} >= {"Created", "Resolved", "Open now"}
    rail = page.get_by_role("navigation", name="Views").get_by_role("link", name="Overdue")
    overdue = next(count for _, name, count in figures if name.endswith(" overdue"))
    expect(rail).to_contain_text(str(overdue))
    for href, _, count in dict.fromkeys(figures):
        if count:
            page.goto(f"{product.address}{href}")
            expect_listed(page, count)


def test_the_days_of_a_filter_are_those_of_the_browser(browser: Browser, product: Product) -> None:
    title = f"Lamp {uuid4().hex[:12]}"
    late = datetime.now(UTC).replace(hour=23, minute=30) - timedelta(days=2)
    with open_unit_of_work(
        writes=True, actor=known(product, "owner"), clock=lambda: late, bind=product.engine
    ) as uow:
        opening.open_ticket(uow, TicketDraft(title, "Since noon."))
    for zone, days_later in (("Pacific/Kiritimati", 1), ("Pacific/Pago_Pago", 0)):
        context = browser.new_context(timezone_id=zone)
        sign_in(page := context.new_page(), product.address, "agent")
        for offset, count in ((days_later, 1), (1 - days_later, 0)):
            day = f"{late + timedelta(days=offset):%Y-%m-%d}"
            address = routes.desk_view("all", q=title, since=day, until=day)
            page.goto(product.address + address)
            expect(page.get_by_text(day)).to_be_visible()
            expect(page.locator("[data-row] a")).to_have_count(count)
        context.close()

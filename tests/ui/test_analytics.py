"""The analytics page says what the core's reports say, in words that are true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import Cast, Clock, UowFor
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.vocabulary import Category, Status
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.ui.durations import format_average
from ticket_app.ui.pages.analytics import charts, texts
from ticket_app.ui.pages.analytics.rows import load_analytics
from ticket_app.ui.pages.analytics.state import _escape_formula


def file(uow_for: UowFor, cast: Cast, category: Category = Category.BILLING) -> int:
    with uow_for(cast.owner) as uow:
        draft = TicketDraft(title="A lamp", description="Dark.", category=category)
        return open_ticket(uow, draft).id or 0


def test_page_shows_the_figures_of_the_reports(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    ids = [file(uow_for, cast) for _ in range(3)]
    file(uow_for, cast, Category.TECHNICAL)
    clock.forward(hours=6)
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ids[0]), Status.RESOLVED)
    with uow_for(cast.manager, writes=False) as uow:
        page = load_analytics(uow, "7d", "")
    assert page.has_data
    assert {one.name: one.value for one in page.metrics} == {
        texts.CREATED: "4",
        "Resolved": "1",
        "Resolution time": "6.0 h",
        "SLA met": "–",
        "Satisfaction": "–",
        "Open now": "3",
    }
    assert page.flow.title == texts.title_more_created(3, texts.PERIOD_7_DAYS)
    assert page.categories.title == "Billing is the top category with 3 of 4"
    assert page.csv_tables["categories"][1:] == [["Billing", "3"], ["Technical", "1"]]
    assert sum(int(row[1]) for row in page.csv_tables["flow"][1:]) == 4
    assert list(page.flow_figure.data[0].y)[-1] == 4


def test_people_without_reports_cannot_open_the_page(uow_for: UowFor, cast: Cast) -> None:
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow, pytest.raises(Forbidden):
            load_analytics(uow, "7d", "")


def test_analytics_without_tickets_shows_an_empty_state(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.manager, writes=False) as uow:
        page = load_analytics(uow, "a century", "99")
    assert not page.has_data
    assert (page.period, page.department) == ("30d", "")
    assert page.flow.title == "No tickets in the last 30 days"


def test_many_days_are_drawn_by_week() -> None:
    days = [date(2026, 1, 5) + timedelta(days=n) for n in range(140)]
    drawn = charts.created_and_resolved_chart(days, [1] * 140, [0] * 140)
    assert len(drawn.data[0].x) == 20
    assert set(drawn.data[0].y) == {7}


@pytest.mark.parametrize(
    ("hours", "text"),
    [(None, "–"), (0.001, "1 min"), (0.75, "45 min"), (5.25, "5.2 h"), (72.0, "3.0 days")],
)
def test_durations_are_shown_in_readable_units(hours: float | None, text: str) -> None:
    assert format_average(hours) == text


def test_no_name_becomes_a_formula_in_a_download() -> None:
    assert _escape_formula("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _escape_formula("Kim Tanaka") == "Kim Tanaka"

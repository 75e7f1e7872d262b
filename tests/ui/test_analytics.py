"""The analytics page says what the core's reports say, in words that are true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import Cast, Clock, DeskFor
from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.vocabulary import Category, Status
from ticket_app.core.tickets.tickets import TicketDraft, change_status, hold, open_ticket
from ticket_app.ui.pages.analytics import figures
from ticket_app.ui.pages.analytics.state import _safe
from ticket_app.ui.pages.analytics.told import duration, told


def file(desk_for: DeskFor, cast: Cast, category: Category = Category.BILLING) -> int:
    with desk_for(cast.owner) as desk:
        draft = TicketDraft(title="A lamp", description="Dark.", category=category)
        return open_ticket(desk, draft).id or 0


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    ids = [file(desk_for, cast) for _ in range(3)]
    file(desk_for, cast, Category.TECHNICAL)
    clock.forward(hours=6)
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ids[0]), Status.RESOLVED)
    with desk_for(cast.manager, writes=False) as desk:
        page = told(desk, "7d", "")
    assert page.any
    assert {one.name: one.value for one in page.numbers} == {
        "Filed": "4",
        "Resolved": "1",
        "Time to resolve": "6.0 h",
        "SLA met": "–",
        "Satisfaction": "–",
        "Open now": "3",
    }
    assert page.flow.title == "3 more came in than were resolved within the last 7 days"
    assert page.categories.title == "Billing leads with 3 of 4"
    assert page.sheets["categories"][1:] == [["Billing", "3"], ["Technical", "1"]]
    assert sum(int(row[1]) for row in page.sheets["flow"][1:]) == 4
    assert list(page.flow_figure.data[0].y)[-1] == 4


def test_it_is_for_those_who_may_read_reports(desk_for: DeskFor, cast: Cast) -> None:
    for actor in (cast.agent, cast.owner):
        with desk_for(actor, writes=False) as desk, pytest.raises(Forbidden):
            told(desk, "7d", "")


def test_an_empty_desk_says_so(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.manager, writes=False) as desk:
        page = told(desk, "a century", "99")
    assert not page.any
    assert (page.period, page.department) == ("30d", "")
    assert page.flow.title == "Nothing came in within the last 30 days"


def test_many_days_are_drawn_by_week() -> None:
    days = [date(2026, 1, 5) + timedelta(days=n) for n in range(140)]
    drawn = figures.flow(days, [1] * 140, [0] * 140)
    assert len(drawn.data[0].x) == 20
    assert set(drawn.data[0].y) == {7}


@pytest.mark.parametrize(
    ("hours", "said"),
    [(None, "–"), (0.001, "1 min"), (0.75, "45 min"), (5.25, "5.2 h"), (72.0, "3.0 days")],
)
def test_times_are_told_as_one_reads_them(hours: float | None, said: str) -> None:
    assert duration(hours) == said


def test_no_name_becomes_a_formula_in_a_download() -> None:
    assert _safe("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _safe("Kim Tanaka") == "Kim Tanaka"

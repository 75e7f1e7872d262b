"""A row of the queue shows the SLA target that is due next."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cast import MORNING
from ticket_app.ui.rows import next_clock, sla_clocks


def ticket(**values: Any) -> Any:
    usual = {
        "status_group": "open",
        "created_at": MORNING,
        "updated_at": MORNING,
        "resolved_at": None,
        "due_at": None,
        "respond_by": None,
        "resolve_by": None,
        "response_seconds_left": None,
        "resolution_seconds_left": None,
        "sla_paused_at": None,
        "first_response_at": None,
        "first_response_breached_at": None,
        "sla_breached_at": None,
    }
    return SimpleNamespace(**usual | values)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "goal", "state"),
    [
        ({}, "", "running"),
        ({"due_at": MORNING + HOUR}, "Due", "running"),
        (
            {"respond_by": MORNING + HOUR, "resolve_by": MORNING + 8 * HOUR},
            "First reply",
            "running",
        ),
        (
            {
                "respond_by": MORNING + HOUR,
                "resolve_by": MORNING + 8 * HOUR,
                "first_response_at": MORNING,
            },
            "Resolution",
            "running",
        ),
        (
            {"due_at": MORNING + 2 * HOUR, "resolve_by": MORNING + 8 * HOUR},
            "Due",
            "running",
        ),
        ({"resolve_by": MORNING - HOUR, "sla_breached_at": MORNING}, "Resolution", "breached"),
        (
            {
                "resolve_by": MORNING + HOUR,
                "sla_paused_at": MORNING,
                "resolution_seconds_left": 60,
                "status_group": "waiting",
            },
            "Resolution",
            "paused",
        ),
        (
            {"resolve_by": MORNING + HOUR, "status_group": "done", "resolved_at": MORNING},
            "Resolution",
            "met",
        ),
    ],
)
def test_next_due_target_is_shown(values: dict[str, Any], goal: str, state: str) -> None:
    shown = next_clock(ticket(**values), MORNING)
    assert (shown.goal, shown.state) == (goal, state)


def test_a_first_reply_that_nobody_wrote_is_not_applicable_once_the_ticket_is_done() -> None:
    done = ticket(
        respond_by=MORNING + HOUR,
        resolve_by=MORNING + 8 * HOUR,
        status_group="done",
        resolved_at=MORNING,
        sla_paused_at=MORNING,
    )
    response, resolution = sla_clocks(done, MORNING)
    assert (response.goal, response.state) == ("First reply", "not_applicable")
    assert resolution.state == "met"


def test_a_due_date_goes_on_while_the_ticket_waits() -> None:
    waiting = ticket(due_at=MORNING - HOUR, status_group="waiting")
    assert (next_clock(waiting, MORNING).goal, next_clock(waiting, MORNING).state) == (
        "Due",
        "running",
    )


def test_a_late_first_reply_stays_visible_on_the_ticket() -> None:
    late = ticket(
        respond_by=MORNING - HOUR, first_response_at=MORNING, first_response_breached_at=MORNING
    )
    assert sla_clocks(late, MORNING)[0].state == "breached"
    assert next_clock(late, MORNING).due == ""

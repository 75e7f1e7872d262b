"""Moments as people write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.natural_dates import parse_moment, suggest_moments

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 15, 20, tzinfo=BERLIN)
"""A Monday."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow 9", "2026-12-01 09:00"),
        ("tomorrow", "2026-12-01 09:00"),
        ("Tomorrow at 14", "2026-12-01 14:00"),
        ("tomorrow 9am", "2026-12-01 09:00"),
        ("mon", "2026-12-07 09:00"),
        ("monday 8", "2026-12-07 08:00"),
        ("friday 14:30", "2026-12-04 14:30"),
        ("3h", "2026-11-30 18:20"),
        ("in 3 hours", "2026-11-30 18:20"),
        ("in 2 days", "2026-12-02 09:00"),
        ("next week", "2026-12-07 09:00"),
        ("1 week", "2026-12-07 09:00"),
        ("in a month", "2026-12-30 09:00"),
        ("5 dec", "2026-12-05 09:00"),
        ("5 dec 14:30", "2026-12-05 14:30"),
        ("2026-12-24", "2026-12-24 09:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("9am", "2026-12-01 09:00"),
        ("18:00", "2026-11-30 18:00"),
    ],
)
def test_moment_is_read_in_the_zone_of_the_person(text: str, expected: str) -> None:
    moment = parse_moment("until", text, now=NOW, zone=BERLIN)
    assert moment.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M") == expected
    assert moment.tzinfo is not None


@pytest.mark.parametrize(
    "text", ["", " ", "asdf", "12", "30 nov 14:00", "yesterday", "2026-13-45", "x" * 61]
)
def test_text_that_names_no_future_moment_is_rejected(text: str) -> None:
    with pytest.raises(Invalid):
        parse_moment("until", text, now=NOW, zone=BERLIN)


@given(st.text(max_size=80))
def test_any_text_is_a_future_moment_or_rejected(text: str) -> None:
    try:
        moment = parse_moment("until", text, now=NOW, zone=BERLIN)
    except Invalid:
        return
    assert moment > NOW


def test_suggestions_are_in_order_and_in_the_future() -> None:
    moments = suggest_moments(NOW, BERLIN)
    assert [label for label, _ in moments] == [
        "Later today",
        "Tomorrow",
        "In 3 days",
        "Next week",
        "In a month",
    ]
    assert [at for _, at in moments] == sorted(at for _, at in moments)
    assert all(at > NOW for _, at in moments)
    evening = NOW.replace(hour=22)
    assert next(label for label, _ in suggest_moments(evening, BERLIN)) == "Tomorrow"

"""An identical send within two seconds is a double click; anything later is a message."""

from __future__ import annotations

import pytest

from ticket_app.ui import double_click
from ticket_app.ui.double_click import LastSubmission


@pytest.mark.parametrize(
    ("later", "what", "repeated"),
    [
        (0.0, ("7", "reply", "Thanks"), True),
        (1.9, ("7", "reply", "Thanks"), True),
        (2.0, ("7", "reply", "Thanks"), False),
        (60.0, ("7", "reply", "Thanks"), False),
        (0.5, ("7", "reply", "Thanks!"), False),
        (0.5, ("7", "note", "Thanks"), False),
        (0.5, ("8", "reply", "Thanks"), False),
    ],
)
def test_only_the_same_send_within_two_seconds_is_a_double_click(
    monkeypatch: pytest.MonkeyPatch, later: float, what: tuple[str, ...], repeated: bool
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(double_click.time, "time", lambda: now[0])
    sent = LastSubmission.sent_now("7", "reply", "Thanks")
    now[0] += later
    assert sent.is_double_click(*what) == repeated


def test_nothing_was_sent_at_first() -> None:
    assert not LastSubmission().is_double_click("7", "reply", "Thanks")

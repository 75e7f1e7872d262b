"""Errors in browsers reach the server's log, limited and without content."""

from __future__ import annotations

from typing import Any

import pytest
import reflex as rx

from ticket_app.ui import frontend_errors
from ticket_app.ui.frontend_errors import MinuteLimit, log_frontend_error

CHROME = """TypeError: Cannot read "my secret" of undefined
TypeError: Cannot read "my secret" of undefined
    at openTicket (https://desk.example/assets/queue-1a2b.js?v=3:12:34)
    at https://desk.example/assets/react-9f.js:1:2
    at async Object.run (http://127.0.0.1:8000/assets/app.js:5:6)"""
FIREFOX = """ReferenceError: secret is not defined
openTicket@https://desk.example/assets/queue-1a2b.js:12:34
@https://desk.example/assets/react-9f.js:1:2"""


@pytest.mark.parametrize(
    ("report", "error_type", "places"),
    [
        (
            CHROME,
            "TypeError",
            [
                "openTicket /assets/queue-1a2b.js:12:34",
                "/assets/react-9f.js:1:2",
                "Object.run /assets/app.js:5:6",
            ],
        ),
        (FIREFOX, "ReferenceError", ["openTicket /assets/queue-1a2b.js:12:34"]),
        ("[SID: abc] unhandled_rejection: my secret", "unhandled_rejection", []),
        (r"\[SID: abc] state_update: my secret", "state_update", []),
        ("my secret text", "unknown", []),
        ("undefined: undefined\nundefined", "undefined", []),
    ],
)
def test_error_is_logged_by_type_and_place_without_its_message(
    own_settings: object, written: Any, report: str, error_type: str, places: list[str]
) -> None:
    log_frontend_error(Exception(report))
    (line,) = written()
    assert (line["event"], line["level"], line["type"]) == (
        "frontend_error",
        "warning",
        error_type,
    )
    assert line["places"][: len(places)] == places
    assert "secret" not in str(line)


def test_errors_are_limited_and_the_others_counted(
    own_settings: object, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(frontend_errors.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(frontend_errors, "_limit", MinuteLimit(3))
    for _ in range(10):
        log_frontend_error(Exception("TypeError: x"))
    assert len(written()) == 3
    clock[0] = 61.0
    log_frontend_error(Exception("TypeError: x"))
    skipped, error = written()[3:]
    assert (skipped["event"], skipped["count"]) == ("frontend_errors_skipped", 7)
    assert error["event"] == "frontend_error"


def test_the_app_logs_errors_that_reflex_reports() -> None:
    import ticket_app.ticket_app as product

    assert isinstance(product.app, rx.App)
    assert product.app.frontend_exception_handler is log_frontend_error

"""The words of the Enterprise document's payloads stand in its dialect, not in the core."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ticket_app import core
from ticket_app.core.webhooks import payload_format
from ticket_app.core.webhooks.payload_format import get_payload_format

CORE = Path(core.__file__).parent
PAYLOAD_WORDS = {
    "assigned_to",
    "assigned_to_id",
    "created_by",
    "customer_satisfaction_rating",
    "due_date",
    "new_status",
    "old_status",
    "previously_assigned_to",
    "sla_breach_time",
    "ticket_number",
    "ticket_type",
    "virus_scan_status",
    "webhook_id",
}
COLUMNS_OF_THE_CORE = {"webhook_id"}
"""Words that are columns of our own tables as well; they may stand in queries."""
MODULES_OF_OTHER_SYSTEMS_WORDS = {"imports/parsing.py"}
"""An import reads the column names that other systems export."""


def test_core_has_no_payload_words() -> None:
    found = {
        (str(path.relative_to(CORE)), node.value)
        for path in CORE.rglob("*.py")
        if str(path.relative_to(CORE)) not in MODULES_OF_OTHER_SYSTEMS_WORDS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in PAYLOAD_WORDS - COLUMNS_OF_THE_CORE
    }
    assert not found


def test_events_need_an_installed_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload_format, "_installed", [])
    with pytest.raises(RuntimeError, match="Install a payload format"):
        get_payload_format()

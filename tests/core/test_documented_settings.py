"""Whoever runs the desk finds every setting in one table."""

from __future__ import annotations

import re
from pathlib import Path

from ticket_app.settings import Settings

TABLE = Path(__file__).parents[2] / "docs" / "operations" / "README.md"


def documented() -> set[str]:
    rows = [line for line in TABLE.read_text().splitlines() if line.startswith("| `")]
    columns = [row.split("|")[1] for row in rows]
    return {name for column in columns for name in re.findall(r"`(TICKET_[A-Z_]+)`", column)}


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert documented() == {f"TICKET_{name.upper()}" for name in Settings.model_fields}

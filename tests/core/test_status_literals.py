"""Statuses and status groups are named where their rules are defined, and nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ticket_app
from ticket_app.core.platform.vocabulary import Status, StatusGroup

PACKAGE = Path(ticket_app.__file__).parent
WORDS = {*map(str, Status), *map(str, StatusGroup)}
ENUMS = {"Status", "StatusGroup"}
CATALOGUES = {"vocabulary", "texts", "delivery_texts"}
"""Modules of words: the vocabulary of a dialect, the interface texts of an area."""
MODULES = [
    path
    for folder in ("ui/pages", "api/dialects")
    for path in sorted((PACKAGE / folder).rglob("*.py"))
    if path.stem not in CATALOGUES
]

DEFINITIONS = {
    "core/platform/vocabulary.py": "the statuses and their groups",
    "core/platform/ticket_status.py": "open, waiting, done, overdue",
    "core/tickets/transitions.py": "which status may follow which one, and what actions set",
    "core/tickets/views.py": "the views of the queue and of requesters",
    "core/tickets/search_filters.py": "the values of the search operator `is:`",
    "core/tickets/status_for_requester.py": "what requesters see of each status",
    "core/webhooks/event_messages.py": "the example ticket of a test message",
    "core/conversation/recipients.py": "the changes of status that people are notified of",
}
"""The modules of the core that name statuses, and what they define."""


def find_literals(source: str) -> list[str]:
    """Return the statuses and groups that a module names, as strings or members of the enums."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in WORDS:
            found.append(f"{node.lineno}: {node.value}")
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ENUMS
            and node.attr in {member.name for member in (*Status, *StatusGroup)}
        ):
            found.append(f"{node.lineno}: {node.value.id}.{node.attr}")
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("if row.status == 'closed': pass", ["1: closed"]),
        ("group = StatusGroup.DONE", ["1: StatusGroup.DONE"]),
        ("choices = tuple(Status)", []),
    ],
)
def test_literals_are_found(source: str, found: list[str]) -> None:
    assert find_literals(source) == found


def test_pages_and_dialects_name_no_status() -> None:
    assert len(MODULES) > 100
    named = {
        str(path.relative_to(PACKAGE)): literals
        for path in MODULES
        if (literals := find_literals(path.read_text(encoding="utf-8")))
    }
    assert not named


def test_the_core_names_statuses_only_where_it_defines_their_rules() -> None:
    named = {
        name
        for path in sorted((PACKAGE / "core").rglob("*.py"))
        if any("Status" in literal for literal in find_literals(path.read_text(encoding="utf-8")))
        for name in [path.relative_to(PACKAGE).as_posix()]
    }
    assert named == DEFINITIONS.keys()

"""Pages and widgets take every text that people read from a catalogue (`texts.py`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ticket_app.settings import PROJECT_ROOT

UI = PROJECT_ROOT / "ticket_app" / "ui"
MODULES = [
    path
    for area in ("pages", "widgets")
    for path in sorted((UI / area).rglob("*.py"))
    if not path.name.endswith("texts.py")
]
READABLE = re.compile(r"[A-Za-z]{3,},? [a-z]{2,}|^(?!Ctrl\+|Shift\+)[A-Z][a-z]+\b")
CLASSES = re.compile(r"\b(?:text|tone|size)-")
NOT_SHOWN = frozenset({"class_name", "type", "style", "d", "view_box", "hover_mode"})
"""Keyword arguments that hold names of classes and shapes."""
NOT_TEXTS = frozenset(
    {
        *(
            "Approval",
            "Ctrl",
            "Ctrl Enter",
            "Ctrl K",
            "Shift A",
            "Shift C",
            "Shift T T",
            "Ctrl Shift Enter",
            "Enter",
            "Esc",
            "Escape",
            "Form",
            "View",
        ),
        *("Space", "Inter, system-ui, sans-serif", "x unified"),
        *("Username ", "This username", "Email ", "An account with this email", "Password "),
        *("First name ", "This name", "Last name ", " full-width large"),
        'const addressShown = useLocation().pathname.replace(/\\/+$/, "") || "/"',
    }
)
"""Keys of the keyboard, beginnings of errors of the core, type variables, fonts and code."""
CALLS_WITHOUT_TEXTS = frozenset({"require", "ValueError", "TypeError", "TypeVar"})
"""Calls whose strings describe a permission or a mistake of the programmer."""


def read_literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and text of each string literal that may be shown."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Compare() | ast.Subscript():
                continue
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if (
                name in CALLS_WITHOUT_TEXTS
            ):
                continue
            case ast.keyword(arg=name) if name in NOT_SHOWN:
                continue
            case ast.JoinedStr(values=values):
                parts = [part.value for part in values if isinstance(part, ast.Constant)]
                yield node.lineno, "{}".join(map(str, parts))
                continue
            case ast.Constant(value=str(text)):
                yield node.lineno, text
            case _:
                waiting += ast.iter_child_nodes(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(UI).as_posix())
def test_texts_are_in_a_catalogue(path: Path) -> None:
    found = [
        f"{path.name}:{line}: {text}"
        for line, text in read_literals(ast.parse(path.read_text(encoding="utf-8")))
        if READABLE.search(text) and text not in NOT_TEXTS and not CLASSES.search(text)
    ]
    assert found == []


def test_text_outside_a_catalogue_is_found() -> None:
    tree = ast.parse('"""A docstring."""\nrx.el.p("No tickets yet", class_name="text muted")')
    assert list(read_literals(tree)) == [(2, "No tickets yet")]

"""The style sheet and the code agree: what one of them names, the other one uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from ticket_app.ui import theme
from ticket_app.ui.widgets.buttons import ButtonVariant

ROOT = Path(__file__).parents[2]
CSS_FILES = [(ROOT / f"assets{path}").read_text() for path in theme.STYLESHEETS]
CSS = re.sub(r"/\*.*?\*/", "", "\n".join(CSS_FILES), flags=re.DOTALL)
SELECTORS = re.sub(r"\{[^{}]*\}", "{}", CSS)
STYLED = set(re.findall(r"\.([a-zA-Z][\w-]*)", SELECTORS))
PYTHON = sorted((ROOT / "ticket_app/ui").rglob("*.py"))
SCRIPTS = [
    ROOT / "assets/js/before_paint.js",
    *(
        path
        for path in sorted((ROOT / "ticket_app/ui/components").rglob("*.ts*"))
        if "node_modules" not in path.parts and ".test." not in path.name
    ),
]
CODE = "\n".join(path.read_text() for path in [*PYTHON, *SCRIPTS])

LIBRARY_CLASSES = re.compile(r"rt-\w+|radix-themes|dark")
"""Classes that Radix and Reflex set."""
LIBRARY_ATTRIBUTES = {"data-state", "data-highlighted"}
"""Attributes that Radix sets."""
LIBRARY_PROPERTIES = re.compile(
    r"--(default|heading|code)-font-family|--font-weight-bold|--cursor-button"
)
"""Properties by which a theme of Radix is adjusted."""
LIBRARY_COLOURS = re.compile(r"--(\w+-a?\d+|accent-contrast|color-[\w-]+)")
"""Properties that a theme of Radix defines."""


def class_names() -> Iterator[str]:
    """Every class that the code sets. One that ends with a hyphen goes on with a variable."""
    yield from get_args(ButtonVariant)
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.keyword(arg="class_name") | ast.Assign() | ast.AnnAssign():
                    if node.value is not None and sets_classes(node):
                        yield from " ".join(literals(node.value)).split()
                case _:
                    continue
    for path in SCRIPTS:
        for names in re.findall(r'className="([^"]*)"', path.read_text()):
            yield from names.split()


def sets_classes(node: ast.keyword | ast.Assign | ast.AnnAssign) -> bool:
    match node:
        case ast.keyword():
            return True
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return (
                re.search(r"class_name|classes|_TONES", ast.unparse(target), re.IGNORECASE)
                is not None
            )
        case _:
            return False


def literals(value: ast.AST) -> Iterator[str]:
    """The strings of an expression, without those that it compares and the keys of dictionaries."""
    if isinstance(value, ast.Compare):
        return
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    children = value.values if isinstance(value, ast.Dict) else ast.iter_child_nodes(value)
    for child in children:
        yield from literals(child)


def test_every_style_sheet_is_part_of_the_cascade() -> None:
    files = {f"/styles/{path.name}" for path in (ROOT / "assets/styles").iterdir()}
    assert files == {*theme.STYLESHEETS}


def test_every_class_of_the_style_sheet_is_used() -> None:
    rendered = (ROOT / "ticket_app/core/platform/plain_text.py").read_text()
    used = {*class_names(), *re.findall(r"[\w-]+", rendered)}
    beginnings = tuple(name for name in used if name.endswith("-"))
    unused = {name for name in STYLED - used if not name.startswith(beginnings)}
    assert {name for name in unused if not LIBRARY_CLASSES.fullmatch(name)} == set()


def test_every_class_that_the_code_sets_has_a_style() -> None:
    unstyled = {*class_names()} - STYLED - {"plain"}
    assert {name for name in unstyled if not name.endswith("-")} == set()
    for beginning in {name for name in unstyled if name.endswith("-")}:
        assert any(name.startswith(beginning) for name in STYLED), beginning


def test_every_attribute_of_the_style_sheet_is_set() -> None:
    set_in_python = {
        f"data-{name.replace('_', '-')}" for name in re.findall(r"\bdata_(\w+)=", CODE)
    }
    set_in_markup = set(re.findall(r"\b(data-[\w-]+)=", CODE))
    names = re.findall(r"\bdataset\.(\w+) = ", CODE)
    for words in re.findall(r"^type RootPreference = (.+);", CODE, re.MULTILINE):
        names += re.findall(r"\w+", words)
    used = set(re.findall(r"\[(data-[\w-]+)", SELECTORS))
    known = set_in_python | set_in_markup | {f"data-{name}" for name in names} | LIBRARY_ATTRIBUTES
    assert used - known == set()


def test_every_property_is_defined_and_used() -> None:
    defined = set(re.findall(r"(--[\w-]+)\s*:", CSS))
    used = set(re.findall(r"var\((--[\w-]+)", CSS))
    assert {name for name in defined - used if not LIBRARY_PROPERTIES.fullmatch(name)} == set()
    assert {name for name in used - defined if not LIBRARY_COLOURS.fullmatch(name)} == set()
    assert set(re.findall(r'setProperty\("(--[\w-]+)"', CODE)) <= used


def test_every_animation_is_defined_and_used() -> None:
    used = set(re.findall(r"animation: ([a-z-]+)", CSS)) - {"none"}
    assert used == set(re.findall(r"@keyframes ([\w-]+)", CSS))


@pytest.mark.parametrize("column", re.findall(r'\[data-column="(\w+)"\]', SELECTORS))
def test_every_column_with_a_place_has_a_button(column: str) -> None:
    queue = ROOT / "ticket_app/ui/pages/desk/queue"
    code = "\n".join(path.read_text() for path in queue.rglob("*.py"))
    assert f'_column_sort("{column}"' in code

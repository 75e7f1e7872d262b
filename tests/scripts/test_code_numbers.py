"""The limits of the code's shape that `make check` holds."""

from __future__ import annotations

import ast
from pathlib import Path

import grimp
import pytest

from scripts import code_numbers

ROOT = Path(__file__).resolve().parents[2]


def write(root: Path, files: dict[str, str]) -> Path:
    """Write the files of a package `ticket_app` below `root`."""
    for name, text in files.items():
        path = root / "ticket_app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in (path.parent, root / "ticket_app"):
            (folder / "__init__.py").touch()
        path.write_text(text)
    return root


def empty_graph(_name: str, cache_dir: None = None) -> grimp.ImportGraph:
    """Return a graph without modules, as the package in question is not installed."""
    return grimp.ImportGraph()


def test_code_keeps_every_limit() -> None:
    assert list(code_numbers.problems(ROOT)) == []


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"a.py": "def f(x: Any) -> dict[str, Any]: ...\n" * 51},
            "102 annotations name Any; at most 100 may",
        ),
        (
            {"a.py": "x = 1  # type: ignore\ny = 2  # pyright: ignore[reportX]\n" * 6},
            "12 comments ignore a type error; at most 10 may",
        ),
        (
            {"core/a.py": "def f():\n    import json\n"},
            "ticket_app/core/a.py imports inside a function",
        ),
        (
            {"ui/a.py": "x = 1\n" * 401},
            "ticket_app/ui/a.py (401 lines) is longer than 400 lines: split it by its jobs",
        ),
    ],
)
def test_exceeded_limit_is_reported(
    files: dict[str, str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grimp, "build_graph", empty_graph)
    assert list(code_numbers.problems(write(tmp_path, files))) == [problem]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "def f(x: Any) -> Any: ...\n" * 50},
        {"a.py": "x = 1  # type: ignore\n" * 10},
        {"api/a.py": "def f():\n    import json\n"},
        {"ui/texts.py": "X = 1\n" * 401, "a.py": "x = 1\n" * 400},
    ],
)
def test_code_within_the_limits_is_accepted(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grimp, "build_graph", empty_graph)
    assert list(code_numbers.problems(write(tmp_path, files))) == []


def test_import_cycle_is_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")):
        graph.add_import(importer=f"app.core.{importer}", imported=f"app.core.{imported}")
    assert code_numbers.import_cycles(graph, "app.core") == [
        ["app.core.a", "app.core.b", "app.core.c"]
    ]


def test_any_is_counted_once_for_each_annotation() -> None:
    tree = ast.parse("def f(a: dict[Any, Any], b: int) -> Any: ...\nx: Any = 1\n")
    assert code_numbers.count_any_annotations(tree) == 3

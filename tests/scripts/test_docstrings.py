"""What `make check` finds in docstrings and comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import docstrings

ROOT = Path(__file__).resolve().parents[2]


def write(path: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_docstrings_of_the_code_name_what_exists() -> None:
    assert list(docstrings.problems(ROOT)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('def f(page_size):\n    """Use `page_size`."""\n', []),
        ('def f(page_size):\n    """Use `part_size`."""\n', ["part_size"]),
        ('def f(page_size):\n    """Use `paging.part_size()`."""\n', ["paging.part_size"]),
        ("page_size = 1  # see `part_size`\n", ["part_size"]),
        ('page_size = 1\n"""Less than `MAX_LINES`."""\n', ["MAX_LINES"]),
        ('x = "new_title"\n"""The parameter `new_title`, and `TICKET_PAGE_SIZE`."""\n', []),
        ('def f():\n    """A word such as `pages`, and text such as `a-b_c`."""\n', []),
    ],
)
def test_docstring_that_names_nothing_in_the_code_is_found(
    tmp_path: Path, text: str, names: list[str]
) -> None:
    path = write(tmp_path / "ticket_app" / "core" / "a.py", text)
    write(tmp_path / "ticket_app" / "settings" / "variables.py", "page_size = 1\n")
    found = docstrings.unknown_names(path, docstrings.known_words(tmp_path))
    assert [problem for _, problem in found] == [
        f"`{name}` occurs nowhere in the code" for name in names
    ]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ('def f():\n    """Do it."""\n    raise NotFound("x")\n', ["NotFound"]),
        ('def f():\n    """Do it. Raises `NotFound`."""\n    raise NotFound\n', []),
        ('def f():\n    """Do it."""\n    uow.actor.require("a", "b")\n', ["Forbidden"]),
        (
            'class A:\n    def f(self):\n        """Do it."""\n        raise NotFound\n',
            ["NotFound"],
        ),
        ('def _f():\n    """Do it."""\n    raise NotFound\n', []),
        ('def f():\n    """Do it."""\n    def g():\n        raise NotFound\n', []),
        ('def f():\n    """Do it."""\n    raise TypeError\n', []),
    ],
)
def test_public_function_names_the_errors_that_it_raises(
    tmp_path: Path, text: str, errors: list[str]
) -> None:
    path = write(tmp_path / "a.py", text)
    found = docstrings.unnamed_errors(path, frozenset({"NotFound", "Forbidden"}))
    assert [problem for _, problem in found] == [
        f"f raises `{name}`: name it in the docstring" for name in errors
    ]


def test_exported_function_and_public_method_need_a_comment(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.ts",
        "/** Tickets. */\n"
        "export class Tickets {\n"
        "  constructor(id: number) {}\n"
        "  #own(): void {\n  }\n"
        "  /** Return one. */\n"
        "  get(id: number): Ticket {\n"
        "    return load(id);\n"
        "  }\n"
        "  async list(filters: Filters = {}): Promise<Ticket[]> {\n  }\n"
        "}\n"
        "export function open(id: number): void {\n}\n",
    )
    assert [number for number, _ in docstrings.uncommented_exports(path)] == [10, 13]

"""The guides for contributors name files, commands and folders that exist."""

from __future__ import annotations

import re
from functools import cache

import pytest

from ticket_app.settings import PROJECT_ROOT

GUIDES = ("CONTRIBUTING.md", "SECURITY.md", "README.md")
TOP_LEVEL = ("alembic", "assets", "docs", "scripts", "sdk", "tests", "ticket_app")
PLACEHOLDERS = ("<", "test_x.py", "*")
PAGES = (
    *GUIDES,
    *sorted(str(path.relative_to(PROJECT_ROOT)) for path in (PROJECT_ROOT / "docs").rglob("*.md")),
)
SOURCE_FILE = re.compile(r"[\w./-]+/[\w.-]+\.(?:py|tsx?|js|css|yaml)\b")


def code(guide: str) -> list[str]:
    text = (PROJECT_ROOT / guide).read_text(encoding="utf-8")
    return re.findall(
        r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    )


@cache
def source_files() -> list[str]:
    """Return the paths of the source files, relative to the project."""
    return [
        str(path.relative_to(PROJECT_ROOT))
        for folder in (*TOP_LEVEL, "benchmarks")
        for path in (PROJECT_ROOT / folder).rglob("*.*")
        if SOURCE_FILE.fullmatch(str(path)) and "node_modules" not in path.parts
    ]


@cache
def defined_tests() -> set[str]:
    """Return the names of all tests, and of their files."""
    return {
        name
        for path in (PROJECT_ROOT / "tests").rglob("test_*.py")
        for name in (path.stem, *re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8")))
    }


@pytest.mark.parametrize("guide", GUIDES)
def test_paths_in_a_guide_exist(guide: str) -> None:
    named = [
        name.split(":")[0]
        for name in code(guide)
        if re.match(rf"({'|'.join(TOP_LEVEL)})/\S+$", name)
        and not any(placeholder in name for placeholder in PLACEHOLDERS)
    ]
    assert [name for name in named if not (PROJECT_ROOT / name).exists()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_links_of_a_guide_lead_to_files(guide: str) -> None:
    text = (PROJECT_ROOT / guide).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [
        target for target in targets if not (PROJECT_ROOT / guide).parent.joinpath(target).exists()
    ] == []


def test_targets_in_the_guide_exist() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = (PROJECT_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", text, re.MULTILINE))
    assert {first or second for first, second in named} <= targets


@pytest.mark.parametrize("page", PAGES)
def test_source_files_named_on_a_page_exist(page: str) -> None:
    named = {
        found[0]
        for name in code(page)
        if not any(placeholder in name for placeholder in PLACEHOLDERS)
        for found in [SOURCE_FILE.match(name)]
        if found
    }
    existing = {f"/{path}" for path in source_files()}
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in existing)] == []


@pytest.mark.parametrize("page", PAGES)
def test_tests_named_on_a_page_exist(page: str) -> None:
    named = {
        test
        for name in code(page)
        for test in re.findall(r"\btest(?:_[a-z0-9]+){3,}\b(?!\.)", name)
    }
    assert sorted(named - defined_tests()) == []


def test_the_map_lists_every_package_of_the_core() -> None:
    packages = {
        path.parent.name for path in (PROJECT_ROOT / "ticket_app/core").glob("*/__init__.py")
    }
    assert packages
    assert {name.rstrip("/") for name in code("CONTRIBUTING.md")} >= packages


def test_every_target_is_explained_in_the_help() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert set(phony[1].split()) == explained

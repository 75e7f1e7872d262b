"""The guides for contributors name files, commands and folders that exist."""

from __future__ import annotations

import re

import pytest

from ticket_app.settings import PROJECT_ROOT

GUIDES = ("CONTRIBUTING.md", "SECURITY.md", "README.md")
TOP_LEVEL = ("alembic", "assets", "docs", "scripts", "sdk", "tests", "ticket_app")
PLACEHOLDERS = ("<", "test_x.py", "*")


def code(guide: str) -> list[str]:
    text = (PROJECT_ROOT / guide).read_text(encoding="utf-8")
    return re.findall(
        r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    )


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

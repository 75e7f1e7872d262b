"""The components of the web app: their own tests, run by Node, and what their wrappers declare."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ticket_app.ui.components import nearest_frames

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "ticket_app/ui/components"
FOLDERS = sorted(path.parent.name for path in COMPONENTS.glob("*/__init__.py"))
IMPORTED = re.compile(r'from "(\.\.?/[\w./]+)"')


def test_components_compile_and_their_tests_pass() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/components.py", "test"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"pass (\d+)", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 70


@pytest.mark.parametrize("name", FOLDERS)
def test_every_file_that_a_component_imports_is_bundled(name: str) -> None:
    importlib.import_module(f"ticket_app.ui.components.{name}")
    bundled = ROOT / "assets/external/ticket_app/ui/components"
    waiting, seen = list((bundled / name).iterdir()), set()
    assert waiting
    while waiting:
        path = waiting.pop()
        for imported in IMPORTED.findall((COMPONENTS / path.relative_to(bundled)).read_text()):
            target = Path(path.parent, imported)
            assert target.exists(), f"{path.name} imports {imported}, which is not bundled"
            if target not in seen:
                seen.add(target)
                waiting.append(target)


def test_nearest_frames_are_those_that_inspect_finds() -> None:
    found = [(frame.frame, frame.filename) for frame in nearest_frames()]
    expected = [(frame.frame, frame.filename) for frame in inspect.stack()[:2]]
    assert found == expected

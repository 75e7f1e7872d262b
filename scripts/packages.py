"""Build the SDKs that package managers install: wheels and source distributions, and npm tarballs.

Run it with the folder to write to (`make packages` writes to dist/).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = shutil.ignore_patterns("node_modules", "dist", "build", "*.egg-info", "__pycache__")


def build(target: Path) -> list[Path]:
    """Write the package of each SDK to a folder and return the files."""
    target.mkdir(parents=True, exist_ok=True)
    before = set(target.iterdir())
    with tempfile.TemporaryDirectory() as folder:
        # In a copy, so that neither old nor new files of a build are in the checkout.
        sources = shutil.copytree(ROOT / "sdk", Path(folder) / "sdk", ignore=BUILT)
        for source in sorted(sources.iterdir()):
            if (source / "pyproject.toml").exists():
                _run(source, sys.executable, "-m", "build", "--quiet", "--outdir", str(target))
            elif (source / "package.json").exists():
                _run(source, "npm", "pack", "--silent", "--pack-destination", str(target))
    return sorted(set(target.iterdir()) - before)


def _run(folder: Path, *command: str) -> None:
    """Run a program in a folder; exit with its output if it fails."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}")


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    for file in build(folder):
        print(file.name)

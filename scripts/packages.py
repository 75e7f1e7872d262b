"""Build the SDKs that package managers install: wheels and source distributions, and npm tarballs.

Run it with the folder to write to (`make packages` writes to dist/).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from scripts.node_package import ROOT, run

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
                run(source, sys.executable, "-m", "build", "--quiet", "--outdir", str(target))
            elif (source / "package.json").exists():
                run(source, "npm", "pack", "--silent", "--pack-destination", str(target))
    return sorted(set(target.iterdir()) - before)


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    for file in build(folder):
        print(file.name)

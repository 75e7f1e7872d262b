"""A TypeScript package: its sources are copied into var/, where npm installs what it needs.

What is installed is what the lock file names: fetched the first time, kept after that. The compiler
runs again only when a source has changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(folder: Path, *command: str) -> str:
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
    return done.stdout


@dataclass(frozen=True)
class NodePackage:
    """`files` are its configuration, in the folder `source`."""

    name: str
    source: Path
    code: Path
    """The folder that becomes src/ in the package."""
    files: Sequence[str]

    @property
    def folder(self) -> Path:
        """Where it is compiled."""
        return ROOT / "var" / self.name

    def run(self, *command: str) -> str:
        """Run a program of ours in the package; leave with its output if it fails."""
        return run(self.folder, *command)

    def compile(self) -> None:
        """Compile the sources, unless they are what was compiled. One process at a time does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (ROOT / "var" / f"{self.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._compile()

    def _code(self) -> list[Path]:
        """Return the sources; linked folders are part of them."""
        return sorted(
            Path(folder, name)
            for folder, _, names in os.walk(self.code, followlinks=True)
            for name in names
            if name.endswith((".ts", ".tsx"))
        )

    def _compile(self) -> None:
        mark = self.folder / "compiled-from"
        current = _fingerprint([*(self.source / name for name in self.files), *self._code()])
        if _is_marked(mark, current):
            return
        mark.unlink(missing_ok=True)
        for name in ("src", "dist"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for path in self._code():
            copy = self.folder / "src" / path.relative_to(self.code)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        for name in self.files:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.source / name, self.folder / name)
        self._install()
        self.run("node", "node_modules/typescript/bin/tsc")
        mark.write_text(current)

    def _install(self) -> None:
        mark = self.folder / "node_modules/.installed-from"
        current = _fingerprint([self.source / "package-lock.json"])
        if not _is_marked(mark, current):
            self.run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            mark.write_text(current)


def _fingerprint(paths: list[Path]) -> str:
    content = b"".join(f"{path.name} ".encode() + path.read_bytes() for path in paths)
    return hashlib.sha256(content).hexdigest()


def _is_marked(mark: Path, current: str) -> bool:
    return mark.exists() and mark.read_text() == current

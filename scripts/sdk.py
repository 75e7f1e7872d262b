"""Compiles the JavaScript SDK (sdk/javascript) into var/sdk, a package as its users get it.

The compiler is the one its lock file names: fetched the first time, kept after that. Whatever the
compiler objects to makes this fail, so it is the SDK's type check as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "sdk/javascript"
PACKAGE = ROOT / "var/sdk"
FILES = ("package.json", "package-lock.json", "tsconfig.json", "README.md")


def run(*command: str) -> None:
    """Run a program of ours in the package; its words are shown only if it fails."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        command,
        cwd=PACKAGE,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout)


def sources() -> list[Path]:
    """What the package is made of."""
    return [*(SOURCE / name for name in FILES), *sorted((SOURCE / "src").glob("*.ts"))]


def fingerprint(paths: list[Path]) -> str:
    """Names and contents as one hash."""
    told = b"".join(f"{path.name} ".encode() + path.read_bytes() for path in paths)
    return hashlib.sha256(told).hexdigest()


def is_marked(mark: Path, wanted: str) -> bool:
    """Whether what the mark stands for was done for just this."""
    return mark.exists() and mark.read_text() == wanted


def fetch_compiler() -> None:
    """Install what the lock file names, unless that is what is there."""
    mark = PACKAGE / "node_modules/.fetched"
    wanted = fingerprint([SOURCE / "package-lock.json"])
    if not is_marked(mark, wanted):
        run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        mark.write_text(wanted)


def compile_package() -> None:
    """Compile the sources, unless they are what was compiled."""
    mark = PACKAGE / "compiled"
    wanted = fingerprint(sources())
    if is_marked(mark, wanted):
        return
    mark.unlink(missing_ok=True)
    for name in ("src", "dist"):
        shutil.rmtree(PACKAGE / name, ignore_errors=True)
    shutil.copytree(SOURCE / "src", PACKAGE / "src")
    for name in FILES:
        shutil.copy(SOURCE / name, PACKAGE / name)
    fetch_compiler()
    run("node", "node_modules/typescript/bin/tsc")
    mark.write_text(wanted)


if __name__ == "__main__":
    PACKAGE.mkdir(parents=True, exist_ok=True)
    with (PACKAGE.parent / "sdk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        compile_package()
    print("The JavaScript SDK compiles.")

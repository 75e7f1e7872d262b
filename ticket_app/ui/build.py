"""Build the production frontend with the installed Node, if its sources have changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ticket_app.settings import PROJECT_ROOT, settings

SOURCE_PATHS: Final = (
    "ticket_app/ui",
    "ticket_app/ticket_app.py",
    "ticket_app/core/platform/vocabulary.py",
    "assets",
    "rxconfig.py",
    "requirements.txt",
)
LOCK_FILES: Final = ("reflex.lock",)
"""Files that a build reads, and writes if a component needs another package."""
IGNORED_FOLDERS: Final = frozenset({"__pycache__", "external", "testing"})
"""Folders that are not part of the frontend."""


class BuildFailed(RuntimeError):
    """The frontend could not be built; the message is the output of the build."""


def web_dir() -> Path:
    """Return the folder that Reflex compiles to."""
    return Path(os.environ.get("REFLEX_WEB_WORKDIR") or settings().var / "web").resolve()


def built_files_dir() -> Path:
    """Return the folder of the built pages, scripts and styles."""
    return web_dir() / "build" / "client"


def build_environment(mode: str = "prod") -> dict[str, str]:
    """Return the environment of Reflex: files under var/, our Node, no bun, no telemetry."""
    bin_dir = Path(sys.executable).parent
    return {
        # A tab whose connection is lost without a word is noticed within 30 seconds.
        "REFLEX_SOCKET_INTERVAL": "10",
        "REFLEX_SOCKET_TIMEOUT": "20",
        **os.environ,
        "PATH": f"{bin_dir}{os.pathsep}{os.environ.get('PATH', '')}",
        "REFLEX_WEB_WORKDIR": str(web_dir()),
        "REFLEX_STATES_WORKDIR": str(settings().var / "states"),
        "REFLEX_UPLOADED_FILES_DIR": str(settings().var / "unused"),
        "REFLEX_DIR": str(settings().var / "reflex"),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": mode,
    }


def fingerprint(names: Sequence[str] = SOURCE_PATHS) -> str:
    """Return a hash of everything the frontend depends on."""
    digest = hashlib.sha256()
    for path in _sources(names):
        digest.update(f"{path.relative_to(PROJECT_ROOT)}\n{path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(names: Sequence[str] = SOURCE_PATHS) -> Iterator[Path]:
    for name in names:
        base = PROJECT_ROOT / name
        paths = sorted(base.rglob("*")) if base.is_dir() else [base]
        yield from (p for p in paths if p.is_file() and not _is_ignored(p))


def _is_ignored(path: Path) -> bool:
    return bool(IGNORED_FOLDERS & set(path.parts)) or ".test." in path.name


def build(*, force: bool = False) -> bool:
    """Build the frontend if its sources have changed since the last build, or if `force` is set.

    Returns whether it was built. Raises `BuildFailed`.
    """
    web = web_dir()
    web.parent.mkdir(parents=True, exist_ok=True)
    with (web.parent / f"{web.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp_file, sources = web / "fingerprint", fingerprint()
        current = f"{sources} {fingerprint(LOCK_FILES)}"
        if (
            not force
            and stamp_file.exists()
            and stamp_file.read_text() == current
            and built_files_dir().is_dir()
        ):
            return False
        print("Building the frontend (about half a minute the first time) ...", flush=True)
        stamp_file.unlink(missing_ok=True)
        _run([sys.executable, "-m", "ticket_app.ui.build"])
        # Sources that changed during the build are not in it: the next start builds again.
        stamp_file.write_text(f"{sources} {fingerprint(LOCK_FILES)}")
    return True


def _run(command: list[str]) -> None:
    result = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=build_environment(),
        text=True,
        capture_output=True,
        check=False,
    )
    if result.returncode != 0:
        raise BuildFailed(f"{result.stdout}\n{result.stderr}".strip())


def export_frontend() -> None:
    """Compile and bundle, in a process of its own with `build_environment()`."""
    from reflex.utils.export import export as reflex_export

    prepare_web_dir()
    reflex_export(zipping=False, frontend=True, backend=False)


def prepare_web_dir() -> None:
    """Create the folder that Reflex compiles to.

    Reflex's own `init` is not called because it rewrites files of the project.
    """
    if "NPM_CONFIG_REGISTRY" not in os.environ and (npm := shutil.which("npm")):
        # Without a registry Reflex measures several of them.
        asked = [npm, "config", "get", "registry"]
        os.environ["NPM_CONFIG_REGISTRY"] = subprocess.check_output(
            asked, text=True, stderr=subprocess.DEVNULL
        ).strip()
    from reflex.utils import frontend_skeleton, prerequisites

    prerequisites.initialize_reflex_user_directory()
    if prerequisites.needs_reinit():
        frontend_skeleton.initialize_web_directory()


if __name__ == "__main__":
    export_frontend()

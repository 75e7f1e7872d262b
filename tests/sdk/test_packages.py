"""The SDKs can be installed with one command, and `make packages` builds what can be published."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from scripts import packages
from tests.api.serving import ROOT
from tests.sdk.node import NODE, run

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
IMPORT = (
    "import('@company/ticket-system-sdk').then((sdk) => console.log(typeof sdk.TicketSystemAPI))"
)


def copy_sdk(name: str, folder: Path) -> Path:
    """Copy an SDK as it is in a fresh checkout."""
    return Path(shutil.copytree(ROOT / "sdk" / name, folder / name, ignore=packages.BUILT))


def ignored_files() -> str:
    """Return the files of the SDKs that git ignores."""
    command = ["git", "status", "--porcelain", "--ignored", "sdk"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_pip_installs_the_python_sdk_from_its_folder(tmp_path: Path) -> None:
    source = copy_sdk("python", tmp_path)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", "installed"]
    run([*pip, str(source)], tmp_path)
    code = "import ticket_system_sdk as sdk; print(sdk.__file__, sdk.TicketSystemClient.__name__)"
    printed = run([sys.executable, "-c", code], tmp_path, PYTHONPATH=str(tmp_path / "installed"))
    assert printed.startswith(str(tmp_path / "installed"))


def test_npm_installs_the_javascript_sdk_from_its_folder(tmp_path: Path) -> None:
    source = copy_sdk("javascript", tmp_path)
    project = tmp_path / "project"
    project.mkdir()
    (project / "package.json").write_text('{"private": true, "type": "module"}')
    run(["npm", "install", "--no-audit", "--no-fund", str(source)], project, PATH=PATH)
    assert run([str(NODE), "-e", IMPORT], project) == "function\n"
    assert (source / "dist" / "index.d.ts").exists()


def test_packages_contain_the_library_and_nothing_else(tmp_path: Path) -> None:
    before = ignored_files()
    names = [path.name for path in packages.build(tmp_path)]
    wheel = next(tmp_path.glob("ticket_system_sdk-*.whl"))
    assert "ticket_system_sdk/py.typed" in zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("ticket_system_sdk-") and name.endswith(".tar.gz") for name in names)
    assert any(name.startswith("company-ticket-system-react-") for name in names)
    tarball = next(tmp_path.glob("company-ticket-system-sdk-*.tgz"))
    with tarfile.open(tarball) as archive:
        files = archive.getnames()
    assert {"package/dist/index.js", "package/dist/index.d.ts", "package/README.md"} <= {*files}
    assert not any("/src/" in name or "/node_modules/" in name for name in files)
    assert ignored_files() == before, "nothing is built in the checkout"

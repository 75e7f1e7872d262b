"""The React components: their tests with both versions of React, their size, and the package."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.serving import ROOT
from tests.contracts import document
from tests.sdk.node import NODE, run
from tests.sdk.test_packages import PATH, copy_sdk

HERE = Path(__file__).parent / "react"
PACKAGE = ROOT / "var" / "react"
MAX_BYTES = 40 * 1024

pytestmark = pytest.mark.xdist_group("react")


@pytest.fixture(scope="module")
def compiled() -> dict[str, int]:
    """Compile the package; returns its compressed sizes in bytes."""
    command = [sys.executable, "scripts/react_sdk.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_all_components_and_styles_are_under_the_limit(compiled: dict[str, int]) -> None:
    assert compiled["everything"] + compiled["styles"] < MAX_BYTES


def test_a_bundle_contains_only_the_components_it_uses(compiled: dict[str, int]) -> None:
    assert compiled["widget"] < compiled["everything"] / 3


@pytest.mark.parametrize("version", ["18", "19"])
def test_components_work_with_react(version: str, compiled: dict[str, int], tmp_path: Path) -> None:
    for path in HERE.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "node_modules").symlink_to(PACKAGE / "node_modules")
    bundle = [
        str(PACKAGE / "node_modules/.bin/esbuild"),
        "components.test.tsx",
        "--bundle",
        "--platform=node",
        "--format=cjs",
        "--jsx=automatic",
        "--external:happy-dom",
        "--log-level=warning",
        f"--alias:react=react-{version}",
        f"--alias:react-dom=react-dom-{version}",
        f"--alias:@company/ticket-system-react={PACKAGE / 'dist/index.js'}",
        "--outfile=components.test.cjs",
    ]
    run(bundle, tmp_path)
    # React keeps a message channel open, so that the process would not end by itself.
    tests = [str(NODE), "--test", "--test-force-exit", "--test-reporter=tap", "components.test.cjs"]
    output = run(tests, tmp_path, TZ="Europe/Berlin")
    assert "\n# fail 0\n" in output
    assert "\n# pass 0\n" not in output


def test_readme_example_type_checks(compiled: dict[str, int], tmp_path: Path) -> None:
    readme = document.parse((ROOT / "sdk/react/README.md").read_text())
    (tmp_path / "readme.tsx").write_text(readme.section("Use").block("tsx"))
    (tmp_path / "node_modules").symlink_to(PACKAGE / "example/node_modules")
    compiler = [
        str(NODE),
        "node_modules/typescript/bin/tsc",
        "--strict",
        "--noImplicitAny",
        "false",
    ]
    options = ["--noEmit", "--jsx", "react-jsx", "--preserveSymlinks", "--skipLibCheck"]
    modules = ["--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"]
    run([*compiler, *options, *modules, "readme.tsx"], tmp_path)


RENDER = """
import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { TicketProvider, TicketDashboardWidget } from '@company/ticket-system-react';
const props = { baseURL: 'https://desk.example', accessToken: 'x' };
console.log(renderToString(h(TicketProvider, props, h(TicketDashboardWidget))));
"""


def test_npm_installs_the_package_from_its_folder_and_it_shares_the_apps_react(
    tmp_path: Path,
) -> None:
    source = copy_sdk("react", tmp_path)
    project = tmp_path / "project"
    project.mkdir()
    (project / "package.json").write_text('{"private": true, "type": "module"}')
    install = ["npm", "install", "--no-audit", "--no-fund"]
    run([*install, "react@19.3.1", "react-dom@19.3.1", str(source)], project, PATH=PATH)
    (project / "render.mjs").write_text(RENDER)
    assert 'class="tk-root"' in run([str(NODE), "render.mjs"], project)
    run([*install, "--install-links", str(source)], project, PATH=PATH)
    assert not (project / "node_modules/@company/ticket-system-react").is_symlink()
    assert 'class="tk-root"' in run([str(NODE), "render.mjs"], project)
    installed = project / "node_modules/@company/ticket-system-react"
    assert {path.name for path in installed.iterdir()} == {
        "README.md",
        "dist",
        "package.json",
        "styles.css",
        "styles.css.d.ts",
    }
    assert (installed / "dist/client/index.d.ts").exists()

"""The tests of the compiled JavaScript package (*.test.mjs) pass in Node.js."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.api.serving import Served
from tests.sdk.node import NODE, run

pytestmark = pytest.mark.xdist_group("served")

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_javascript_tests_pass(name: str, server: Served, worker: None, package: Path) -> None:
    shutil.copy(HERE / name, package / name)
    people = {who.upper(): token for who, token in server.tokens.items()}
    command = [str(NODE), "--test", "--test-reporter=tap", name]
    output = run(command, package, ADDRESS=server.address, **people)
    assert "\n# fail 0\n" in output
    assert "\n# pass 0\n" not in output

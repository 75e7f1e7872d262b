"""The JavaScript package: compiled, imported by its name, and tried by the tests beside this."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.api.serving import Served
from tests.sdk.node import NODE, run

pytestmark = pytest.mark.xdist_group("served")

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_its_own_tests_pass(name: str, uow: Served, worker: None, package: Path) -> None:
    shutil.copy(HERE / name, package / name)
    people = {who.upper(): token for who, token in uow.tokens.items()}
    command = [str(NODE), "--test", "--test-reporter=tap", name]
    told = run(command, package, ADDRESS=uow.address, **people)
    assert "\n# fail 0\n" in told
    assert "\n# pass 0\n" not in told

"""The programs in PHP and Java that use the SDKs of these languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.serving import ROOT
from tests.sdk.node import run

HERE = Path(__file__).parent
JAVA_SDK = ROOT / "sdk/java/src/main/java"
JAVAC = ("javac", "-Xlint:all,-serial,-processing", "-Werror", "-encoding", "UTF-8")

Program = Callable[[str], list[str]]
"""Returns the command that runs a program by its name: `driver` or `client`."""


def require(*tools: str) -> None:
    """Fail if a tool is missing; `.ci/run` installs them."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.fail(f"{', '.join(missing)} not found: the tests of the SDKs need PHP and a JDK")


def php(name: str) -> list[str]:
    """Return the command that runs a PHP program of the tests."""
    require("php")
    return ["php", str(HERE / "php" / f"{name}.php")]


def compile_java(folder: Path) -> Program:
    """Compile the Java SDK and the programs of the tests."""
    require("javac", "java")
    sources = [*JAVA_SDK.rglob("*.java"), *(HERE / "java").glob("*.java")]
    run([*JAVAC, "-d", str(folder), *map(str, sources)], folder)
    return lambda name: ["java", "-cp", str(folder), name.capitalize()]

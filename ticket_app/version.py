"""The version of the product, as `pyproject.toml` states it."""

import tomllib
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parent.parent / "pyproject.toml"


def _read() -> str:
    return tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]


VERSION: Final = _read()

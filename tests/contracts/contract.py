"""Reads a contract (facts of one document) and says where a JSON value differs from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or "T" not in value:
        return False
    return datetime.fromisoformat(value).tzinfo is not None


SCALARS = {
    "text": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "boolean": lambda value: type(value) is bool,
    "facts": lambda value: isinstance(value, dict),
    "uuid": lambda value: isinstance(value, str) and str(UUID(value)) == value,
    "key": lambda value: re.fullmatch(r"[A-Z]{2,3}-[1-9]\d*", value) is not None,
    "stored_name": lambda value: re.fullmatch(r"\d{10}_[a-z0-9]{6,}\.[a-z0-9]+", value) is not None,
    "time": _is_time,
}
EXAMPLE_PATTERNS = {"uuid": r"(\w+-)?uuid(-here|-\d)?"}
"""What stands for a value in a document's examples."""


@dataclass(frozen=True)
class Contract:
    """The facts of one document."""

    facts: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    def endpoint(self, name: str) -> dict[str, Any]:
        """The endpoint of that name."""
        every = [*self["endpoints"], *self["elsewhere"]]
        return next(endpoint for endpoint in every if endpoint["name"] == name)

    def words(self, name: str) -> list[str]:
        """A list of words."""
        return self["words"][name]

    def answer_differs(self, name: str, answer: Any, *, is_example: bool = False) -> list[str]:
        """Where an answer of an endpoint differs from the contract; an example has no additions."""
        wanted = self.endpoint(name)["answer"]
        if not isinstance(answer, dict):
            return ["the answer is no object"]
        problems = _keys_differ("answer", answer, list(wanted))
        for key in wanted.keys() & answer.keys():
            if key == "success":
                problems += [] if answer[key] is wanted[key] else ["success is wrong"]
            elif key == "message":
                ticket_key = answer.get("ticket", {}).get("ticket_key", "")
                if answer[key] != wanted[key].replace("{ticket_key}", ticket_key):
                    problems.append(f"message is {answer[key]!r}")
            else:
                problems += self.differs(key, answer[key], wanted[key], is_example=is_example)
        return problems

    def failure_differs(self, answer: Any) -> list[str]:
        """Where an error answer differs from the contract."""
        problems = self.differs("failure", answer, "shape failure")
        return problems + ([] if answer.get("success") is False else ["success is not false"])

    def differs(self, at: str, value: Any, kind: str, *, is_example: bool = False) -> list[str]:
        """Where a value differs from a type of the contract."""
        if value is None:
            return [] if kind.endswith(" or null") else [f"{at} is null"]
        kind = kind.removesuffix(" or null")
        if kind.startswith("list of "):
            if not isinstance(value, list):
                return [f"{at} is no list"]
            inner = kind.removeprefix("list of ")
            return [
                problem
                for n, item in enumerate(value)
                for problem in self.differs(f"{at}[{n}]", item, inner, is_example=is_example)
            ]
        if kind.startswith("shape "):
            return self._shape_differs(at, value, kind.removeprefix("shape "), is_example)
        if kind.startswith("word "):
            allowed = self.words(kind.removeprefix("word "))
            return [] if value in allowed else [f"{at} is {value!r}, not one of {allowed}"]
        if (
            is_example
            and kind in EXAMPLE_PATTERNS
            and re.fullmatch(EXAMPLE_PATTERNS[kind], str(value))
        ):
            return []
        try:
            fits = SCALARS[kind](value)
        except (ValueError, TypeError, AttributeError):
            fits = False
        return [] if fits else [f"{at} is {value!r}, which is no {kind}"]

    def _shape_differs(self, at: str, value: Any, name: str, is_example: bool) -> list[str]:
        if not isinstance(value, dict):
            return [f"{at} is no object"]
        shape = self["shapes"][name]
        wanted = {**shape["fields"], **({} if is_example else shape.get("adds", {}))}
        sometimes = {key: kind for key, kind in shape.get("sometimes", {}).items() if key in value}
        wanted |= sometimes
        problems = _keys_differ(at, value, list(wanted))
        for key in wanted.keys() & value.keys():
            problems += self.differs(f"{at}.{key}", value[key], wanted[key], is_example=is_example)
        return problems


def _keys_differ(at: str, value: dict[str, Any], wanted: list[str]) -> list[str]:
    missing = [f"{at} lacks {key}" for key in wanted if key not in value]
    return missing + [f"{at} has {key} too" for key in value if key not in wanted]


def read(name: str) -> Contract:
    """The contract of a dialect, `tests/contracts/<name>.yaml`."""
    path = Path(__file__).with_name(f"{name}.yaml")
    return Contract(yaml.safe_load(path.read_text(encoding="utf-8")))

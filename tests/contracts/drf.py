"""Reads the contracts of documents in the manner of Django REST framework: pages, counts, paths."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.contracts.contract import Contract

FORMS = {
    "number": lambda value: type(value) in (int, float),
    "day_key": lambda value: re.fullmatch(r"T-\d{8}-\d{4,}", value) is not None,
    "serial": lambda value: re.fullmatch(r"TKT-\d{6,}", value) is not None,
    "media": lambda value: (
        re.fullmatch(r"/media/tickets/attachments/\d{4}/\d\d/[\w.-]+", value) is not None
    ),
}
NAMES = ("kubebro", "bmasia", "ticketing")


class DrfContract(Contract):
    """The facts of one such document."""

    def answer_differs(self, name: str, answer: Any, *, is_example: bool = False) -> list[str]:
        """Where an answer of an endpoint differs from the contract."""
        return self.differs(name, answer, self.endpoint(name)["answer"], is_example=is_example)

    def differs(self, at: str, value: Any, kind: str, *, is_example: bool = False) -> list[str]:
        """Where a value differs from a type of the contract."""
        bare = kind.removesuffix(" or null")
        if value is None or (bare not in FORMS and not bare.startswith(("page ", "counts "))):
            return super().differs(at, value, kind, is_example=is_example)
        if bare in FORMS:
            fits = isinstance(value, int | float | str) and FORMS[bare](value)
            return [] if fits else [f"{at} is {value!r}, which is no {bare}"]
        wanted = bare.partition(" ")[2]
        if bare.startswith("counts "):
            fits = set(value) == set(self.words(wanted)) and all(
                type(count) is int for count in value.values()
            )
            return [] if fits else [f"{at} counts {value!r}"]
        if list(value) != ["count", "next", "previous", "results"]:
            return [f"{at} is no page: {list(value)}"]
        return super().differs(f"{at}.results", value["results"], f"list of shape {wanted}")


def read(name: str) -> DrfContract:
    """The contract of a dialect; a shape may be `like` another one `without` some fields."""
    path = Path(__file__).with_name(f"{name}.yaml")
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    for shape in facts["shapes"].values():
        if "like" in shape:
            other = facts["shapes"][shape["like"]]
            for part in ("fields", "adds"):
                shape[part] = {
                    field: kind
                    for field, kind in other.get(part, {}).items()
                    if field not in shape["without"]
                }
    return DrfContract(facts)

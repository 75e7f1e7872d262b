"""Reads the contract of the Enterprise document: envelopes, pages in both shapes, and numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.contracts.contract import Contract

FORMS = {
    "number": lambda value: type(value) in (int, float),
    "number_of_day": lambda value: re.fullmatch(r"TKT-\d{8}-\d{3,}", value) is not None,
    "url": lambda value: re.fullmatch(r"https?://\S+", value) is not None,
    "anything": lambda _value: True,
    "list": lambda value: isinstance(value, dict) and isinstance(value["items"], list),
}
INLINE = ("total", "page", "size", "pages")


class EnterpriseContract(Contract):
    """The facts of this document."""

    def answer_differs(self, name: str, answer: Any, *, is_example: bool = False) -> list[str]:
        """Where the `data` of an endpoint's answer differs from the contract."""
        endpoint = self.endpoint(name)
        if is_example and "example" in endpoint:
            return self.differs("data", answer, f"shape {endpoint['example']}", is_example=True)
        return self.differs("data", answer, endpoint["answer"], is_example=is_example)

    def differs(self, at: str, value: Any, kind: str, *, is_example: bool = False) -> list[str]:
        """Where a value differs from a type of the contract."""
        bare = kind.removesuffix(" or null")
        if bare == "nothing":
            return [] if value is None else [f"{at} is {value!r}"]
        if bare == "list" or bare.startswith("page "):
            return self._page_differs(at, value, bare.partition(" ")[2], is_example)
        if value is None or bare not in FORMS:
            if bare == "anything":
                return []
            return super().differs(at, value, kind, is_example=is_example)
        try:
            fits = FORMS[bare](value)
        except TypeError:
            fits = False
        return [] if fits else [f"{at} is {value!r}, which is no {bare}"]

    def _page_differs(self, at: str, value: Any, shape: str, is_example: bool) -> list[str]:
        fields = [*value] if isinstance(value, dict) else []
        wanted = ["items", *INLINE] if is_example else ["items", *INLINE, "pagination"]
        if fields != wanted:
            return [f"{at} is no page: {fields}"]
        problems = [
            problem
            for name in INLINE
            for problem in self.differs(f"{at}.{name}", value[name], "integer")
        ]
        if not is_example:
            fields = value["pagination"]
            problems += self.differs(f"{at}.pagination", fields, "shape pagination")
            problems += [
                f"{at}.{name} is told twice" for name in INLINE if fields[name] != value[name]
            ]
        kind = (
            f"shape {'line' if is_example and shape == 'ticket' else shape}" if shape else "facts"
        )
        items = self.differs(
            f"{at}.items", value["items"], f"list of {kind}", is_example=is_example
        )
        return problems + items


def read() -> EnterpriseContract:
    """The contract; a shape may be `like` another one `without` some fields."""
    path = Path(__file__).with_name("enterprise.yaml")
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    facts["elsewhere"] = []
    for shape in facts["shapes"].values():
        if "like" in shape:
            other = facts["shapes"][shape["like"]]["fields"]
            kept = {name: kind for name, kind in other.items() if name not in shape["without"]}
            shape["fields"] = {**kept, **shape["fields"]}
    return EnterpriseContract(facts)

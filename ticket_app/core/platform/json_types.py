"""Types of JSON values that are stored or passed on as they are."""

from __future__ import annotations

from typing import TypeAlias, Union

JsonValue: TypeAlias = Union[  # noqa: UP007 - a recursive alias needs the quoted form
    str, int, float, bool, list["JsonValue"], dict[str, "JsonValue"], None
]
JsonObject: TypeAlias = dict[str, JsonValue]

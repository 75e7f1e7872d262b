"""Which known name an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST_PREFIX = 4
"""Letters that the beginning of a known name has at least, to be taken for it."""


def suggestion(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that the unknown `name` was probably meant to be, or None.

    That is one which differs by one letter added, left out or replaced, or by two neighbours
    swapped (`stauts`); or one that `name` is the beginning of, from four letters on (`stat`).
    Spelling mistakes come before beginnings, short names before long ones.
    """
    candidates = sorted(set(known), key=lambda candidate: (len(candidate), candidate))
    for candidate in candidates:
        if _is_one_edit_away(name, candidate):
            return candidate
    if len(name) >= SHORTEST_PREFIX:
        return next((one for one in candidates if one.startswith(name) and one != name), None)
    return None


def _is_one_edit_away(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    if len(one) < len(other):
        return rest == other_rest[1:]
    is_replaced = rest[1:] == other_rest[1:]
    is_swapped = rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
    return is_replaced or is_swapped

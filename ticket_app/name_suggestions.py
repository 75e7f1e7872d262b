"""Suggest a known name for a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

MIN_PREFIX_LENGTH = 4
"""The minimum length of a prefix for which a longer name is suggested."""


def suggest_name(name: str, known_names: Iterable[str]) -> str | None:
    """Return the known name that was probably meant by `name`, or None.

    It differs by one letter that is added, missing or replaced, or by two swapped letters
    (`stauts`), or `name` is a prefix of it with four letters or more (`stat`). Misspellings come
    before prefixes, short names before long ones.
    """
    candidates = sorted(set(known_names), key=lambda candidate: (len(candidate), candidate))
    for candidate in candidates:
        if OSA.distance(name, candidate, score_cutoff=1) == 1:
            return candidate
    if len(name) >= MIN_PREFIX_LENGTH:
        return next(
            (
                candidate_name
                for candidate_name in candidates
                if candidate_name.startswith(name) and candidate_name != name
            ),
            None,
        )
    return None

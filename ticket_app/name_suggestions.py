"""Which known name an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

MIN_PREFIX_LENGTH = 4
"""Letters that the beginning of a known name has at least, to be taken for it."""


def suggest_name(name: str, known_names: Iterable[str]) -> str | None:
    """Return the known name that the unknown `name` was probably meant to be, or None.

    That is one which differs by one letter added, left out or replaced, or by two neighbours
    swapped (`stauts`); or one that `name` is the beginning of, from four letters on (`stat`).
    Spelling mistakes come before beginnings, short names before long ones.
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

"""A dialect's words for the core's words, checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from ticket_app.core.platform.errors import NULL, Invalid, not_a_choice
from ticket_app.core.platform.vocabulary import Status

Word = TypeVar("Word", bound=StrEnum)


class Vocabulary(Generic[Word]):
    """What a dialect says for each word of the core, and what it hears.

    `says` is total over the enum; `hears` is exactly the document's list; a word that is heard is
    said again as it was written. Raises `ValueError` when made otherwise.
    """

    def __init__(
        self, field: str, core: type[Word], *, says: Mapping[Word, str], hears: Mapping[str, Word]
    ) -> None:
        self.field = field
        missing = set(core) - says.keys()
        if missing:
            raise ValueError(f"{field}: no word for {sorted(missing)}")
        for word, meaning in hears.items():
            if says[meaning] != word:
                raise ValueError(f"{field}: {word!r} would be read back as {says[meaning]!r}")
        unheard = set(says.values()) - hears.keys()
        if unheard:
            raise ValueError(f"{field}: {sorted(unheard)} are said but not heard")
        self.says = dict(says)
        self.hears = dict(hears)
        self._covers = {
            word: frozenset(meaning for meaning, said in says.items() if said == word)
            for word in hears
        }
        self._said = {str(meaning): said for meaning, said in says.items()}

    def say(self, word: str) -> str:
        """The dialect's word for one of the core's (as kept in a column)."""
        return self._said[word]

    def hear(self, word: str | None, field: str | None = None) -> Word:
        """What a word of the document means. Raises `Invalid` for any other."""
        if word is None:
            raise Invalid(field or self.field, NULL)
        try:
            return self.hears[word]
        except (KeyError, TypeError):
            raise Invalid(field or self.field, not_a_choice(self.hears, word), word) from None

    def hear_over(self, current: str, word: str | None) -> Word:
        """Return what a word means for a field that has a value: that value if it reads the same.

        A new ticket is opened by `open`, although it read `open` before.
        """
        meant = self.hear(word)
        if current == Status.NEW or self.say(current) != word:
            return meant
        return type(meant)(current)

    @property
    def alike(self) -> list[frozenset[str]]:
        """The words of the core that one word is said for."""
        return [frozenset(map(str, few)) for few in self._covers.values() if len(few) > 1]

    def tally(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Counts by the core's words as counts by the document's, every one of them named."""
        told = dict.fromkeys(self.hears, 0)
        for word, count in counts.items():
            told[self.say(word)] += count
        return told

    def covers(self, word: str, field: str | None = None) -> frozenset[Word]:
        """Every word of the core that is said as this one. Raises `Invalid`."""
        self.hear(word, field)
        return self._covers[word]

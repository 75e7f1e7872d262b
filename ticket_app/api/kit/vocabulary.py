"""A dialect's words for the core's words, checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from ticket_app.core.platform.errors import NULL, Invalid, invalid_choice
from ticket_app.core.platform.vocabulary import Status

Value = TypeVar("Value", bound=StrEnum)


class Vocabulary(Generic[Value]):
    """What a dialect says for each word of the core, and what it hears.

    `says` is total over the enum; `hears` is exactly the document's list; a word that is heard is
    said again as it was written. Raises `ValueError` when made otherwise.
    """

    def __init__(
        self,
        field: str,
        enum: type[Value],
        *,
        word_by_value: Mapping[Value, str],
        value_by_word: Mapping[str, Value],
    ) -> None:
        self.field = field
        missing = set(enum) - word_by_value.keys()
        if missing:
            raise ValueError(f"{field}: no word for {sorted(missing)}")
        for word, value in value_by_word.items():
            if word_by_value[value] != word:
                raise ValueError(
                    f"{field}: {word!r} would be read back as {word_by_value[value]!r}"
                )
        undocumented = set(word_by_value.values()) - value_by_word.keys()
        if undocumented:
            raise ValueError(f"{field}: {sorted(undocumented)} are said but not heard")
        self.word_by_value = dict(word_by_value)
        self.value_by_word = dict(value_by_word)
        self._values_by_word = {
            word: frozenset(
                value for value, formatted in word_by_value.items() if formatted == word
            )
            for word in value_by_word
        }
        self._word_by_text = {str(value): formatted for value, formatted in word_by_value.items()}

    def format(self, value: str) -> str:
        """The dialect's word for one of the core's (as kept in a column)."""
        return self._word_by_text[value]

    def parse(self, word: str | None, field: str | None = None) -> Value:
        """What a word of the document means. Raises `Invalid` for any other."""
        if word is None:
            raise Invalid(field or self.field, NULL)
        try:
            return self.value_by_word[word]
        except (KeyError, TypeError):
            raise Invalid(
                field or self.field, invalid_choice(self.value_by_word, word), word
            ) from None

    def parse_change(self, current: str, word: str | None) -> Value:
        """Return what a word means for a field that has a value: that value if it reads the same.

        A new ticket is opened by `open`, although it read `open` before.
        """
        value = self.parse(word)
        if current == Status.NEW or self.format(current) != word:
            return value
        return type(value)(current)

    @property
    def ambiguous_values(self) -> list[frozenset[str]]:
        """The words of the core that one word is said for."""
        return [
            frozenset(map(str, values))
            for values in self._values_by_word.values()
            if len(values) > 1
        ]

    def format_counts(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Counts by the core's words as counts by the document's, every one of them named."""
        counts_by_word = dict.fromkeys(self.value_by_word, 0)
        for word, count in counts.items():
            counts_by_word[self.format(word)] += count
        return counts_by_word

    def expand(self, word: str, field: str | None = None) -> frozenset[Value]:
        """Every word of the core that is said as this one. Raises `Invalid`."""
        self.parse(word, field)
        return self._values_by_word[word]

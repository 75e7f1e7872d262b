"""Map the core's values to a dialect's words and back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from ticket_app.core.platform.errors import NULL, Invalid, invalid_choice
from ticket_app.core.tickets.transitions import INITIAL_STATUS

Value = TypeVar("Value", bound=StrEnum)


class Vocabulary(Generic[Value]):
    """A dialect's words for the values of a core enum.

    `word_by_value` covers the whole enum; `value_by_word` lists exactly the document's words; every
    word parses to a value that is formatted as the same word. Raises `ValueError` if a mapping
    violates this.
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
        """Return the dialect's word for a value of the core."""
        return self._word_by_text[value]

    def parse(self, word: str | None, field: str | None = None) -> Value:
        """Return the value of a word. Raises `Invalid` for an unknown word."""
        if word is None:
            raise Invalid(field or self.field, NULL)
        try:
            return self.value_by_word[word]
        except (KeyError, TypeError):
            raise Invalid(
                field or self.field, invalid_choice(self.value_by_word, word), word
            ) from None

    def parse_change(self, current: str, word: str | None) -> Value:
        """Return the value of a word for a field that has a value: the current one if its word is
        the same.

        The exception is a new ticket: `open` opens it, although it was shown as `open` before.
        """
        value = self.parse(word)
        if current == INITIAL_STATUS or self.format(current) != word:
            return value
        return type(value)(current)

    @property
    def ambiguous_values(self) -> list[frozenset[str]]:
        """Return the sets of core values that share a word."""
        return [
            frozenset(map(str, values))
            for values in self._values_by_word.values()
            if len(values) > 1
        ]

    def format_counts(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return counts by core value as counts by word, including words with a count of zero."""
        counts_by_word = dict.fromkeys(self.value_by_word, 0)
        for word, count in counts.items():
            counts_by_word[self.format(word)] += count
        return counts_by_word

    def expand(self, word: str, field: str | None = None) -> frozenset[Value]:
        """Return all core values that are shown as this word. Raises `Invalid`."""
        self.parse(word, field)
        return self._values_by_word[word]

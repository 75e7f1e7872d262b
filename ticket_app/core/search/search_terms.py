"""Turn text into search terms, in the same way for indexed texts and for queries.

Both databases get lower-case words separated by spaces, so that their tokenizers cannot differ.
Text in scripts without spaces becomes overlapping pairs of characters, which find every part of a
text. Of a hyphenated word, the parts and the joined word are terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

MAX_WORD_LENGTH = 100
"""Characters of a word that are indexed; PostgreSQL rejects words of more than 2 KB."""
MAX_JOINED_PARTS = 4
"""Hyphenated words of more parts than this are indexed as their parts only."""
MAX_PHRASE_LENGTH = 40
"""Characters of a phrase without spaces that a query looks for."""

MAX_PHRASE_QUERY_LENGTH = 1_000
"""Characters of a query that are compared as one phrase."""

_UNSPACED_SCRIPTS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u1950-\u19df\u1a20-\u1aaf\ua980-\ua9df"  # Tai, Javanese
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Korean, where particles follow without a space
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c"  # Chinese, Japanese
    "\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ua000-\ua4cf"
    "\U0001b000-\U0001b16f\U00020000-\U0003fffd"
)
_PIECE_PATTERN = re.compile(f"[{_UNSPACED_SCRIPTS}]+|[^{_UNSPACED_SCRIPTS}]+")
_UNSPACED_PATTERN = re.compile(f"[{_UNSPACED_SCRIPTS}]")
# Normalising would reorder the marks of these scripts, so that a part of a text could differ from
# the same part inside the whole text.
_KEEP_MARK_ORDER_PATTERN = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff\u19e0-\u19ff"
    "\u1950-\u19df\u1a20-\u1aaf\ua980-\ua9df]+)"
)
_ASCII_SEPARATOR_PATTERN = re.compile(r"[^a-z0-9-]+")
_SEPARATOR, _HYPHEN, _REMOVED = " ", "-", ""
_NUL = "\x00"
"""Stored texts never contain it, or half of a character (Cs), so both are removed from queries."""

_REMOVED_MARK_RANGES = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),
    (0x064B, 0x0655),  # Arabic vowel signs and hamza
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x180B, 0x180F),
    (0xFE00, 0xFE0F),  # variation selectors
    (0xE0100, 0xE01EF),
)
"""Marks that are removed from Latin, Greek, Cyrillic, Hebrew and Arabic words."""
_TATWEEL = "\u0640"
"""Stretches an Arabic word without changing its meaning."""
_LETTER_REPLACEMENTS = {
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ȷ": "j",
    "ð": "d",
    "þ": "th",
    "ŋ": "n",
    "ĸ": "k",
    "ſ": "s",
    "ß": "ss",
    "ǝ": "e",
    "ə": "e",
}
_LETTER_WITH_MARK_PATTERN = re.compile(r"((?:LATIN|GREEK|CYRILLIC) SMALL LETTER .+?) WITH .+")


class _BaseLetterTable(dict[int, str]):
    """Maps each letter to its base letter, without marks and strokes; computed at first use."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = self._base_letter(code)
        return letter

    @staticmethod
    def _base_letter(code: int) -> str:
        letter = chr(code)
        if letter == _TATWEEL or (
            unicodedata.category(letter)[0] == "M"
            and any(first <= code <= last for first, last in _REMOVED_MARK_RANGES)
        ):
            return _REMOVED
        if letter in _LETTER_REPLACEMENTS:
            return _LETTER_REPLACEMENTS[letter]
        match = _LETTER_WITH_MARK_PATTERN.fullmatch(unicodedata.name(letter, ""))
        if match is None:
            return letter
        try:
            base = unicodedata.lookup(match.group(1))
        except KeyError:
            return letter
        return _LETTER_REPLACEMENTS.get(base, base)


class _CompatibilityTable(dict[int, str]):
    """Maps each character to its usual form: full-width letters to ASCII, and all to lower case."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = form = unicodedata.normalize("NFKC", letter).casefold()
        return form


class _WordCharacterTable(dict[int, str]):
    """Maps each character to itself in a word, to a hyphen, to a separator, or to nothing."""

    def __missing__(self, code: int) -> str:
        self[code] = part = self._word_character(chr(code))
        return part

    @staticmethod
    def _word_character(letter: str) -> str:
        kind = unicodedata.category(letter)
        if letter in "-\u05be\u2010\u2011\u2012\u2013":
            return _HYPHEN
        if kind == "Nd" and not _UNSPACED_PATTERN.match(letter):
            return str(unicodedata.digit(letter))
        if letter in "\u3099\u309a":
            # The voicing mark of a kana at the start of a text that was cut there.
            return _REMOVED
        if kind[0] in "LNM":
            return letter
        return _REMOVED if kind in ("Cf", "Cs") or letter == _NUL else _SEPARATOR


class _IndexCharacterTable(dict[int, str]):
    """Maps each character to its form in the index.

    Letters that are old enough for every tokenizer stay as they are. Vowel signs, digits of other
    scripts and newer letters, at which one of the databases would split a word, become six ASCII
    letters.
    """

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        is_known_letter = unicodedata.ucd_3_2_0.category(letter) in ("Ll", "Lo", "Lu", "Lt")
        letter_code = "".join(chr(ord("a") + (code >> shift & 15)) for shift in (16, 12, 8, 4, 0))
        self[code] = index_form = letter if is_known_letter or code < 128 else f"q{letter_code}"
        return index_form


_BASE_LETTERS, _COMPATIBILITY_FORMS, _WORD_CHARACTERS, _INDEX_CHARACTERS = (
    _BaseLetterTable(),
    _CompatibilityTable(),
    _WordCharacterTable(),
    _IndexCharacterTable(),
)


def _normalize(text: str) -> str:
    """Return the text in lower case, with one form of each letter, spaces and hyphens only."""
    if text.isascii():
        return _ASCII_SEPARATOR_PATTERN.sub(_SEPARATOR, text.lower().replace(_NUL, _REMOVED))
    parts = _KEEP_MARK_ORDER_PATTERN.split(text)
    parts[::2] = [_strip_marks(part) if part else part for part in parts[::2]]
    parts[1::2] = [part.translate(_COMPATIBILITY_FORMS) for part in parts[1::2]]
    return "".join(parts).translate(_WORD_CHARACTERS)


def _strip_marks(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_BASE_LETTERS)
    return unicodedata.normalize("NFC", folded)


def _character_pairs(text: str) -> list[str]:
    return [first + second for first, second in pairwise(text)]


def _joined_parts(parts: Sequence[str]) -> Iterator[str]:
    """Yield neighbouring parts of a hyphenated word joined: `wifi` for `wi-fi`."""
    for size in range(2, len(parts) + 1):
        for start in range(len(parts) - size + 1):
            yield "".join(parts[start : start + size])[:MAX_WORD_LENGTH]


def _split_chunks(text: str) -> Iterator[tuple[str, ...]]:
    """Yield each word as a tuple of its hyphenated parts, and each run of an unspaced script."""
    for chunk in _normalize(text).split():
        if chunk.isascii() and _HYPHEN not in chunk:
            yield (chunk,)
            continue
        for piece in _PIECE_PATTERN.findall(chunk):
            if _UNSPACED_PATTERN.match(piece):
                yield (piece,)
                continue
            parts = [part for part in piece.split(_HYPHEN) if part]
            if len(parts) <= MAX_JOINED_PARTS and "--" not in piece:
                yield from [tuple(parts)] if parts else ()
            else:
                yield from ((part,) for part in parts)


def _chunk_terms(chunk: tuple[str, ...]) -> list[str]:
    first = chunk[0]
    if not first.isascii() and _UNSPACED_PATTERN.match(first):
        # The last character is a term of its own, so that every character begins a term.
        return [*_character_pairs(first), first[-1]]
    parts = [part[:MAX_WORD_LENGTH] for part in chunk]
    return parts if len(chunk) == 1 else [*parts, *_joined_parts(chunk)]


def extract_terms(text: str) -> list[str]:
    """Return the terms of a text, before they are encoded for the index."""
    return [term for chunk in _split_chunks(text) for term in _chunk_terms(chunk)]


def _encode_for_index(term: str) -> str:
    return term if term.isascii() else term.translate(_INDEX_CHARACTERS)


def fold(text: str) -> str:
    """Return the terms of a text as they are indexed, separated by spaces."""
    return _encode_for_index(" ".join(extract_terms(text)))


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of a query: one of `alternatives` must match, which means all terms in it.

    A term with spaces is a phrase: words or character pairs that follow one another. Where
    `prefix_flags` is true, the last term of the alternative may be the beginning of a word.
    """

    alternatives: tuple[tuple[str, ...], ...]
    prefix_flags: tuple[bool, ...]

    @property
    def term_counts(self) -> tuple[int, ...]:
        """How many terms each alternative has."""
        return tuple(map(len, self.alternatives))


def _hyphenation_alternatives(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the ways to write a hyphenated word: `wi-fi` is `wi` and `fi`, or `wifi`."""
    for size in range(1, len(parts) + 1):
        head = "".join(parts[:size])[:MAX_WORD_LENGTH]
        if size == len(parts):
            yield (head,)
        else:
            yield from ((head, *rest) for rest in _hyphenation_alternatives(parts[size:]))


@lru_cache(maxsize=512)
def parse_query_terms(query: str, max_terms: int) -> tuple[QueryTerm, ...]:
    """Return the terms of a query, at most `max_terms`; punctuation separates words.

    The last word may be the beginning of a word, and so may a single character of a script without
    spaces.
    """
    chunks = list(_split_chunks(query))[:max_terms]
    query_terms: list[QueryTerm] = []
    for n, chunk in enumerate(chunks):
        first = chunk[0]
        if _UNSPACED_PATTERN.match(first):
            phrase = " ".join(_character_pairs(first[:MAX_PHRASE_LENGTH])) or first
            query_terms.append(QueryTerm(((_encode_for_index(phrase),),), (len(first) == 1,)))
            continue
        alternatives = tuple(_hyphenation_alternatives(chunk))
        is_last = n == len(chunks) - 1
        prefix_flags = tuple(is_last and len(alternative[-1]) > 1 for alternative in alternatives)
        query_terms.append(
            QueryTerm(
                tuple(tuple(map(_encode_for_index, alternative)) for alternative in alternatives),
                prefix_flags,
            )
        )
    return tuple(query_terms)


def build_phrase(query: str) -> str:
    """Return the terms of a query as one phrase, as a text would contain them."""
    chunks = list(_split_chunks(query[:MAX_PHRASE_QUERY_LENGTH]))
    if not chunks:
        return ""
    phrase_terms = (
        ["".join(chunks[0])[:MAX_WORD_LENGTH]] if len(chunks[0]) > 1 else _chunk_terms(chunks[0])
    )
    for chunk in chunks[1:]:
        phrase_terms += _chunk_terms(chunk)
    if len(chunks[-1][0]) > 1 and _UNSPACED_PATTERN.match(chunks[-1][0]):
        phrase_terms.pop()
    return _encode_for_index(" ".join(phrase_terms))


@lru_cache(maxsize=512)
def parse_phrase(phrase: str) -> QueryTerm | None:
    """Return a term for whole words that must follow one another; None if there are no words."""
    term = build_phrase(phrase)
    return QueryTerm(((term,),), (False,)) if term else None


def is_phrase(term: str) -> bool:
    """Return whether a term is several words or character pairs that must follow one another."""
    return " " in term

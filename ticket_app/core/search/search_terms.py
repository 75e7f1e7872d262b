"""Turns text into search terms: the same function for what is indexed and what is searched for.

Both databases get plain lower-case words divided by blanks, so that their own tokenizers have
nothing left to decide. Scripts that are written without blanks become overlapping pairs of
characters, which find every part of a text; hyphenated words are kept in parts and joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

LONGEST_WORD = 100
"""Characters of a word that count; PostgreSQL takes no word of more than 2 KB."""
MOST_PARTS = 4
"""Hyphenated words of up to so many parts are kept joined, too."""
LONGEST_RUN = 40
"""Characters of a run without blanks that a query looks for."""

LONGEST_QUERY = 1_000
"""Characters of a query that are compared as a whole."""

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u1950-\u19df\u1a20-\u1aaf\ua980-\ua9df"  # Tai, Javanese
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Korean, where particles follow without a blank
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c"  # Chinese, Japanese
    "\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ua000-\ua4cf"
    "\U0001b000-\U0001b16f\U00020000-\U0003fffd"
)
_PIECES = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
# Normalising would put the marks of these scripts into another order than they are typed in, and
# a part of a text could differ from the same part within it.
_AS_TYPED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff\u19e0-\u19ff"
    "\u1950-\u19df\u1a20-\u1aaf\ua980-\ua9df]+)"
)
_ASCII_SIGNS = re.compile(r"[^a-z0-9-]+")
_SIGN, _HYPHEN, _NOTHING = " ", "-", ""

_MARKS_OF_ALPHABETS = (
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
"""Marks that are left out of Latin, Greek, Cyrillic, Hebrew and Arabic words."""
_TATWEEL = "\u0640"
"""Stretches an Arabic word, and means nothing."""
_OTHER_LETTERS = {
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
_WITH = re.compile(r"((?:LATIN|GREEK|CYRILLIC) SMALL LETTER .+?) WITH .+")


class _Letters(dict[int, str]):
    """Letters without their marks and strokes; looked up once for each character."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = self._letter(code)
        return letter

    @staticmethod
    def _letter(code: int) -> str:
        letter = chr(code)
        if letter == _TATWEEL or (
            unicodedata.category(letter)[0] == "M"
            and any(first <= code <= last for first, last in _MARKS_OF_ALPHABETS)
        ):
            return _NOTHING
        if letter in _OTHER_LETTERS:
            return _OTHER_LETTERS[letter]
        match = _WITH.fullmatch(unicodedata.name(letter, ""))
        if match is None:
            return letter
        try:
            base = unicodedata.lookup(match.group(1))
        except KeyError:
            return letter
        return _OTHER_LETTERS.get(base, base)


class _Compatible(dict[int, str]):
    """Each character by itself in its usual form: full-width as ASCII, and in lower case."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = form = unicodedata.normalize("NFKC", letter).casefold()
        return form


class _Words(dict[int, str]):
    """What a character is to words: part of one, a hyphen, a divider, or nothing at all."""

    def __missing__(self, code: int) -> str:
        self[code] = part = self._part(chr(code))
        return part

    @staticmethod
    def _part(letter: str) -> str:
        kind = unicodedata.category(letter)
        if letter in "-\u05be\u2010\u2011\u2012\u2013":
            return _HYPHEN
        if kind == "Nd" and not _IS_UNSPACED.match(letter):
            return str(unicodedata.digit(letter))
        if letter in "\u3099\u309a":
            # The voicing of a kana that was left out of a part.
            return _NOTHING
        if kind[0] in "LNM":
            return letter
        return _NOTHING if kind == "Cf" else _SIGN


class _Kept(dict[int, str]):
    """How a character is written into the index.

    Letters that every tokenizer has known for long stay as they are. Vowel signs, digits of other
    scripts and new letters, at which one database or the other would divide a word, are written as
    six letters.
    """

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        known = unicodedata.ucd_3_2_0.category(letter) in ("Ll", "Lo", "Lu", "Lt")
        written = "".join(chr(ord("a") + (code >> shift & 15)) for shift in (16, 12, 8, 4, 0))
        self[code] = kept = letter if known or code < 128 else f"q{written}"
        return kept


_LETTERS, _COMPATIBLE, _WORDS, _KEPT = _Letters(), _Compatible(), _Words(), _Kept()


def _normalised(text: str) -> str:
    """The text in lower case, in one form of each letter, with blanks and hyphens for signs."""
    if text.isascii():
        return _ASCII_SIGNS.sub(_SIGN, text.lower())
    parts = _AS_TYPED.split(text)
    parts[::2] = [_plain_letters(part) if part else part for part in parts[::2]]
    parts[1::2] = [part.translate(_COMPATIBLE) for part in parts[1::2]]
    return "".join(parts).translate(_WORDS)


def _plain_letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", folded)


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def _joined(parts: Sequence[str]) -> Iterator[str]:
    """Neighbours of a hyphenated word as one word: the two of `wi-fi`, any of a longer one."""
    for size in range(2, len(parts) + 1):
        for start in range(len(parts) - size + 1):
            yield "".join(parts[start : start + size])[:LONGEST_WORD]


def _chunks(text: str) -> Iterator[tuple[str, ...]]:
    """Words and runs of a text; more than one together for the parts of a hyphenated word."""
    for chunk in _normalised(text).split():
        if chunk.isascii() and _HYPHEN not in chunk:
            yield (chunk,)
            continue
        for piece in _PIECES.findall(chunk):
            if _IS_UNSPACED.match(piece):
                yield (piece,)
                continue
            parts = [part for part in piece.split(_HYPHEN) if part]
            if len(parts) <= MOST_PARTS and "--" not in piece:
                yield from [tuple(parts)] if parts else ()
            else:
                yield from ((part,) for part in parts)


def _terms(chunk: tuple[str, ...]) -> list[str]:
    first = chunk[0]
    if not first.isascii() and _IS_UNSPACED.match(first):
        # The last character is a term of its own, so that each begins one.
        return [*_pairs(first), first[-1]]
    parts = [part[:LONGEST_WORD] for part in chunk]
    return parts if len(chunk) == 1 else [*parts, *_joined(chunk)]


def terms(text: str) -> list[str]:
    """The terms of a text, readable."""
    return [term for chunk in _chunks(text) for term in _terms(chunk)]


def _kept(term: str) -> str:
    return term if term.isascii() else term.translate(_KEPT)


def fold(text: str) -> str:
    """The terms of a text as they are indexed, divided by blanks."""
    return _kept(" ".join(terms(text)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing a query asks for: any of `ways`, each a number of terms that must all be there.

    A term with blanks in it is a run of pairs that follow one another. Where `begins` says so, the
    last term of a way is the beginning of one.
    """

    ways: tuple[tuple[str, ...], ...]
    begins: tuple[bool, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many terms each way has."""
        return tuple(map(len, self.ways))


def _ways(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The ways to write a hyphenated word: `wi-fi` is `wi` and `fi`, or `wifi`."""
    for size in range(1, len(parts) + 1):
        head = "".join(parts[:size])[:LONGEST_WORD]
        if size == len(parts):
            yield (head,)
        else:
            yield from ((head, *rest) for rest in _ways(parts[size:]))


@lru_cache(maxsize=512)
def wanted(query: str, most: int) -> tuple[Wanted, ...]:
    """What a query asks for, at most so many things; all signs in it are dividers.

    The last word is also the beginning of one, and so is a single character of a script without
    blanks.
    """
    chunks = list(_chunks(query))[:most]
    asked: list[Wanted] = []
    for n, chunk in enumerate(chunks):
        first = chunk[0]
        if _IS_UNSPACED.match(first):
            run = " ".join(_pairs(first[:LONGEST_RUN])) or first
            asked.append(Wanted(((_kept(run),),), (len(first) == 1,)))
            continue
        ways = tuple(_ways(chunk))
        is_last = n == len(chunks) - 1
        begins = tuple(is_last and len(way[-1]) > 1 for way in ways)
        asked.append(Wanted(tuple(tuple(map(_kept, way)) for way in ways), begins))
    return tuple(asked)


def together(query: str) -> str:
    """The terms of a query as they follow one another in a text that goes on behind it."""
    chunks = list(_chunks(query[:LONGEST_QUERY]))
    if not chunks:
        return ""
    found = ["".join(chunks[0])[:LONGEST_WORD]] if len(chunks[0]) > 1 else _terms(chunks[0])
    for chunk in chunks[1:]:
        found += _terms(chunk)
    if len(chunks[-1][0]) > 1 and _IS_UNSPACED.match(chunks[-1][0]):
        found.pop()
    return _kept(" ".join(found))


def is_run(term: str) -> bool:
    """Whether a term is a run of several pairs, which have to follow one another."""
    return " " in term

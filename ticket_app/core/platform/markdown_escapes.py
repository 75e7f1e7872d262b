"""Read stars, underscores and backslashes as Markdown formatting only where it is meant.

People write `\\\\server\\share`, `5*4*3`, `__main__` and `*.log` among formatted text. CommonMark
would remove some of these characters. Here they are text:

- a backslash before a letter or another backslash; in a path, every character after a backslash;
- stars and underscores inside a word, or beside punctuation with which no formatted word
  begins or ends;
- two underscores around a name without spaces.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_DRIVE = re.compile(r"[(\[{\"'*_]{0,4}[A-Za-z]:\\")
_SEPARATOR = re.compile(r"\\(?:[^\W_]|\\)")
"""A backslash before a letter, a digit or another backslash: the word around it is a path."""
MAX_WORD_LENGTH = 2_000
"""Characters on each side that are searched for the ends of a word."""
MAX_NAME_LENGTH = 100
_WORD = "word around a backslash"
_NAME_AHEAD = re.compile(rf"_{{2,}}[^\W_](?:\w{{0,{MAX_NAME_LENGTH}}}[^\W_])?_{{2,}}(?!\w)")
_NAME_BEHIND = re.compile(rf"(?<!\w)_{{2,}}[^\W_](?:\w{{0,{MAX_NAME_LENGTH}}}[^\W_])?$")
_SPACE = re.compile(r"\s")
_MARKUP = re.compile(r"[!-&(-+./:-@\[-`{-~]|(?<![^\W_])-|-(?![^\W_])")
"""Punctuation that Markdown lets escape, without what is never markup: an apostrophe, a comma,
and a hyphen inside a word.
"""

EMPHASIS_MARKS = frozenset("*_~")
SENTENCE_PUNCTUATION = frozenset(".,;:!?…。、，！？：；")
QUOTATION_MARKS = frozenset("\"'“”‘’«»")
ALLOWED_FIRST_CHARACTERS = {
    1: frozenset("`[@") | EMPHASIS_MARKS | QUOTATION_MARKS,
    2: frozenset("`[(@$#-+<&=\\!{") | EMPHASIS_MARKS | QUOTATION_MARKS,
}
ALLOWED_LAST_CHARACTERS = {
    1: frozenset("`)].!?%") | EMPHASIS_MARKS | QUOTATION_MARKS,
    2: frozenset("`)].,;:!?%>}+\\") | EMPHASIS_MARKS | QUOTATION_MARKS,
}
"""ASCII characters that a formatted text may begin and end with, by the length of its marks (2 is
two or more); letters, digits and what is not ASCII always may.
"""
ALLOWED_BEFORE = {
    1: frozenset("[") | EMPHASIS_MARKS,
    2: frozenset("([{-–—") | EMPHASIS_MARKS | QUOTATION_MARKS,
}
ALLOWED_AFTER = {
    1: EMPHASIS_MARKS | SENTENCE_PUNCTUATION,
    2: frozenset(")]}-–—") | EMPHASIS_MARKS | SENTENCE_PUNCTUATION | QUOTATION_MARKS,
}
"""Characters that may come before and after a formatted text, besides white space."""


def escape(text: str) -> str:
    """Return a line as Markdown that shows it as it is, for titles and names in other texts."""
    return _MARKUP.sub(_escape_one, text)


def _escape_one(sign: re.Match[str]) -> str:
    # Two backslashes would make the word a path, in which no backslash escapes.
    return "&#92;" if sign[0] == "\\" else f"\\{sign[0]}"


def install(parser: MarkdownIt) -> None:
    """Add these rules to a parser."""
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.before("escape", "path", _path)


def _path(state: StateInline, silent: bool) -> bool:
    """Read a backslash that is text, with the character after it."""
    if state.src[state.pos] != "\\":
        return False
    following = state.src[state.pos + 1 : state.pos + 2]
    is_text = following == "\\" or following.isalnum() or _is_in_path(state)
    if not is_text:
        return False
    taken = "\\" + following if following in ("\\", "*", "_") else "\\"
    if not silent:
        state.pending += taken
    state.pos += len(taken)
    return True


def _is_in_path(state: StateInline) -> bool:
    source, start, end, is_path = state.env.get(_WORD, ("", 0, 0, False))
    if source is state.src and start <= state.pos < end:
        return is_path
    start = state.pos
    earliest = max(0, state.pos - MAX_WORD_LENGTH)
    while start > earliest and not state.src[start - 1].isspace():
        start -= 1
    latest = min(len(state.src), state.pos + MAX_WORD_LENGTH)
    space = _SPACE.search(state.src, state.pos, latest)
    end = space.start() if space else latest
    word = state.src[start:end]
    is_path = bool(_DRIVE.match(word) or _SEPARATOR.search(word))
    state.env[_WORD] = (state.src, start, end, is_path)
    return is_path


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Read stars or underscores at the current position as formatting or as text."""
    marker = state.src[state.pos]
    if silent or marker not in ("*", "_"):
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    length = end - state.pos
    opens, closes = _roles(state, marker, length, end)
    for _ in range(length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=length,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos = end
    return True


def _roles(state: StateInline, marker: str, length: int, end: int) -> tuple[bool, bool]:
    """Return whether a run of one mark may open and close a formatted text."""
    before = state.src[state.pos - 1] if state.pos > 0 else " "
    after = state.src[end] if end < state.posMax else " "
    size = min(length, 2)
    behind = EMPHASIS_MARKS if marker == "_" and size == 1 else ALLOWED_AFTER[size]
    opens = _may_border(after, ALLOWED_FIRST_CHARACTERS[size]) and _may_be_beside(
        before, ALLOWED_BEFORE[size] if after.isalnum() else ALLOWED_BEFORE[1]
    )
    closes = _may_border(before, ALLOWED_LAST_CHARACTERS[size]) and _may_be_beside(
        after, behind if before.isalnum() else behind & ALLOWED_AFTER[1]
    )
    if marker == "_" and size > 1:
        opens = opens and not _NAME_AHEAD.match(state.src, state.pos)
        earlier = state.src[max(0, state.pos - MAX_NAME_LENGTH - 10) : state.pos]
        closes = closes and not _NAME_BEHIND.search(earlier)
    return opens, closes


def _may_border(sign: str, allowed: frozenset[str]) -> bool:
    """Return whether a formatted text may begin or end with a character."""
    return sign.isalnum() or sign in allowed or (not sign.isascii() and not sign.isspace())


def _may_be_beside(sign: str, allowed: frozenset[str]) -> bool:
    """Return whether a mark with this character on its other side is outside of a word."""
    return sign.isspace() or sign in allowed or _is_written_without_spaces(sign)


def _is_written_without_spaces(sign: str) -> bool:
    """Return whether a character is of a script without spaces between words (Chinese, Thai)."""
    return sign.isalnum() and (
        "\u0e00" <= sign <= "\u0eff" or "\u1000" <= sign <= "\u109f" or "\u2e80" <= sign <= "\uabff"
    )

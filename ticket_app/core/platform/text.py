"""What may be written into a field; kept as written, refused with a clear reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from ticket_app.core.platform.errors import BLANK, NULL, Invalid, Reason, too_long, too_many

LONGEST_TITLE = 500
LONGEST_TEXT = 50_000
LONGEST_TAG = 60
MOST_TAGS = 20
LARGEST_ENVIRONMENT = 16 * 1024
DEEPEST_ENVIRONMENT = 6


NO_NUL = Reason("must not contain a NUL character", "null_characters")
LONE_SURROGATE = Reason("must not contain half of a character (a lone surrogate)", "surrogate")
_BREAKS = dict.fromkeys([*range(1, 32), *range(127, 160)], " ")


def _keepable(field: str, value: str) -> str:
    if "\x00" in value:
        raise Invalid(field, NO_NUL)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid(field, LONE_SURROGATE) from None
    return value


def _shows(text: str) -> bool:
    """Whether there is anything to be seen: white space and zero-width characters are not."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)


def required_line(field: str, value: str | None, most: int = LONGEST_TITLE) -> str:
    """One line that must be there. Raises `Invalid` if it is empty or too long."""
    line = optional_line(field, value, most)
    if not line or not _shows(line):
        raise Invalid(field, NULL if value is None else BLANK)
    return line


def optional_line(field: str, value: str | None, most: int) -> str | None:
    """One line or nothing; white space around it and breaks in it are not part of it.

    Control characters count as breaks: what is shown in one line moves no terminal's cursor.
    """
    if value is None:
        return None
    line = " ".join(_keepable(field, value).translate(_BREAKS).split())
    if len(line) > most:
        raise Invalid(field, too_long(most))
    return line or None


def required_text(field: str, value: str | None, most: int = LONGEST_TEXT) -> str:
    """A text that must be there, kept to the letter. Raises `Invalid` if empty or too long."""
    text = optional_text(field, value, most)
    if not text or not _shows(text):
        raise Invalid(field, NULL if value is None else BLANK)
    return text


def optional_text(field: str, value: str | None, most: int = LONGEST_TEXT) -> str | None:
    """A text or nothing, kept to the letter."""
    if value is None:
        return None
    if len(value) > most:
        raise Invalid(field, too_long(most))
    return _keepable(field, value)


def split_tags(joined: str | None, present: Sequence[str] = ()) -> list[str]:
    """Return the tags of a comma-separated text.

    Tags that a ticket has from before commas were refused in them (`present`) stay whole.
    """
    with_comma = sorted((tag for tag in present if "," in tag), key=len, reverse=True)
    whole = "|".join(re.escape(tag) for tag in with_comma)
    one = rf"(?:\s*(?:{whole})\s*(?=,|$))|[^,]+" if whole else "[^,]+"
    return [tag for tag in re.findall(one, joined or "", re.IGNORECASE) if tag.strip()]


def tag_list(field: str, values: Iterable[str], present: Sequence[str] = ()) -> list[str]:
    """Return tags as written, each once whatever its case.

    Raises `Invalid` for one with a comma, as some documents separate tags by commas; those that a
    ticket has from before (`present`) may stay.
    """
    tags: dict[str, str] = {}
    kept = {tag.casefold() for tag in present}
    for value in values:
        tag = optional_line(field, value, LONGEST_TAG)
        if tag and "," in tag and tag.casefold() not in kept:
            raise Invalid(field, f'must not contain a comma within a tag ("{tag}")', tag)
        if tag and len(tag.casefold()) > LONGEST_TAG:
            raise Invalid(field, too_long(LONGEST_TAG))
        if tag:
            tags.setdefault(tag.casefold(), tag)
    if len(tags) > MOST_TAGS:
        raise Invalid(field, too_many(MOST_TAGS, "tags"))
    return list(tags.values())


def as_json(field: str, value: Any, most: int) -> bytes:
    """A value as the JSON that both databases take. Raises `Invalid`."""
    try:
        written = orjson.dumps(value)
    except (TypeError, ValueError):
        raise Invalid(field, "must be a JSON object") from None
    if len(written) > most:
        raise Invalid(field, f"must have at most {most:,} bytes")
    if b"\\u0000" in written.replace(b"\\\\", b""):
        raise Invalid(field, NO_NUL)
    if orjson.loads(written) != value:
        raise Invalid(field, "must hold nothing but JSON, without NaN or infinity")
    return written


def environment_facts(field: str, value: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a client tells of its surroundings: a JSON object of bounded size and depth."""
    if value is None:
        return None
    as_json(field, value, LARGEST_ENVIRONMENT)
    if _depth(value) > DEEPEST_ENVIRONMENT:
        raise Invalid(field, f"must be nested at most {DEEPEST_ENVIRONMENT} levels deep")
    return value


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def beginning_with(typed: str) -> str:
    """A LIKE pattern (escape: backslash) for folded names that begin as typed."""
    folded = " ".join(typed.split()).casefold()[:100]
    for sign in "\\%_":
        folded = folded.replace(sign, f"\\{sign}")
    return f"{folded}%"

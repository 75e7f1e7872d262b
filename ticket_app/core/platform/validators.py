"""Validate texts, tags and JSON values of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar, cast

import orjson

from ticket_app.core.platform.errors import BLANK, NULL, Invalid, Reason, too_long, too_many

Document = TypeVar("Document", bound=Mapping[str, object])
"""A JSON object."""

MAX_TITLE_LENGTH = 500
MAX_TEXT_LENGTH = 50_000
MAX_TAG_LENGTH = 60
MAX_TAGS = 20
MAX_ENVIRONMENT_BYTES = 16 * 1024
MAX_ENVIRONMENT_DEPTH = 6


NUL_CHARACTER = Reason("must not contain a NUL character", "null_characters")
LONE_SURROGATE = Reason("must not contain half of a character (a lone surrogate)", "surrogate")
_CONTROL_CHARACTERS_TO_SPACE = dict.fromkeys([*range(1, 32), *range(127, 160)], " ")


def _ensure_storable(field: str, value: str) -> str:
    if "\x00" in value:
        raise Invalid(field, NUL_CHARACTER)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid(field, LONE_SURROGATE) from None
    return value


def _has_visible_characters(text: str) -> bool:
    """Return whether a text has more than white space and zero-width characters."""
    return any(character.isprintable() and not character.isspace() for character in text)


def required_line(field: str, value: str | None, max_length: int = MAX_TITLE_LENGTH) -> str:
    """Return a required line. Raises `Invalid` if empty or longer than `max_length` characters."""
    line = optional_line(field, value, max_length)
    if not line or not _has_visible_characters(line):
        raise Invalid(field, NULL if value is None else BLANK)
    return line


def optional_line(field: str, value: str | None, max_length: int) -> str | None:
    """Return a line with its white space collapsed, or None if it is empty.

    Control characters count as white space, because they could move the cursor of a terminal.
    Raises `Invalid` if it is longer than `max_length` characters.
    """
    if value is None:
        return None
    line = " ".join(_ensure_storable(field, value).translate(_CONTROL_CHARACTERS_TO_SPACE).split())
    if len(line) > max_length:
        raise Invalid(field, too_long(max_length))
    return line or None


def required_text(field: str, value: str | None, max_length: int = MAX_TEXT_LENGTH) -> str:
    """Return a required text unchanged. Raises `Invalid` if it is empty or over `max_length`."""
    text = optional_text(field, value, max_length)
    if not text or not _has_visible_characters(text):
        raise Invalid(field, NULL if value is None else BLANK)
    return text


def optional_text(field: str, value: str | None, max_length: int = MAX_TEXT_LENGTH) -> str | None:
    """Return a text unchanged, or None. Raises `Invalid` if it has over `max_length` characters."""
    if value is None:
        return None
    if len(value) > max_length:
        raise Invalid(field, too_long(max_length))
    return _ensure_storable(field, value)


def split_tags(joined: str | None, tags_allowed_with_comma: Sequence[str] = ()) -> list[str]:
    """Return the tags of a comma-separated text.

    `tags_allowed_with_comma`, from a time when tags could contain commas, are not split.
    """
    tags_with_comma = sorted(
        (tag for tag in tags_allowed_with_comma if "," in tag), key=len, reverse=True
    )
    tags_with_comma_pattern = "|".join(re.escape(tag) for tag in tags_with_comma)
    tag_pattern = (
        rf"(?:\s*(?:{tags_with_comma_pattern})\s*(?=,|$))|[^,]+"
        if tags_with_comma_pattern
        else "[^,]+"
    )
    return [tag for tag in re.findall(tag_pattern, joined or "", re.IGNORECASE) if tag.strip()]


def validate_tags(
    field: str, values: Iterable[str], tags_allowed_with_comma: Sequence[str] = ()
) -> list[str]:
    """Return tags as written, each once whatever its case.

    Raises `Invalid` for a new tag with a comma, because some documents separate tags by commas;
    `tags_allowed_with_comma` are those of an older ticket, which may stay.
    """
    tags: dict[str, str] = {}
    folded_with_comma = {tag.casefold() for tag in tags_allowed_with_comma}
    for value in values:
        tag = optional_line(field, value, MAX_TAG_LENGTH)
        if tag and "," in tag and tag.casefold() not in folded_with_comma:
            raise Invalid(field, f'must not contain a comma within a tag ("{tag}")', tag)
        if tag and len(tag.casefold()) > MAX_TAG_LENGTH:
            raise Invalid(field, too_long(MAX_TAG_LENGTH))
        if tag:
            tags.setdefault(tag.casefold(), tag)
    if len(tags) > MAX_TAGS:
        raise Invalid(field, too_many(MAX_TAGS, "tags"))
    return list(tags.values())


def validate_json(field: str, value: object, max_bytes: int) -> bytes:
    """Return a value as JSON of up to `max_bytes` that both databases accept. Raises `Invalid`."""
    try:
        encoded = orjson.dumps(value)
    except (TypeError, ValueError):
        raise Invalid(field, "must be a JSON object") from None
    if len(encoded) > max_bytes:
        raise Invalid(field, f"must have at most {max_bytes:,} bytes")
    if b"\\u0000" in encoded.replace(b"\\\\", b""):
        raise Invalid(field, NUL_CHARACTER)
    if orjson.loads(encoded) != value:
        raise Invalid(field, "must contain only JSON values, without NaN or infinity")
    return encoded


def validate_environment(field: str, value: Document | None) -> Document | None:
    """Return a client's description of its environment. Raises `Invalid` if too large or deep."""
    if value is None:
        return None
    validate_json(field, value, MAX_ENVIRONMENT_BYTES)
    if _nesting_depth(value) > MAX_ENVIRONMENT_DEPTH:
        raise Invalid(field, f"must be nested at most {MAX_ENVIRONMENT_DEPTH} levels deep")
    return value


def _nesting_depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_nesting_depth, cast("dict[str, object]", value).values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_nesting_depth, cast("list[object]", value)), default=0)
    return 0


def like_prefix_pattern(prefix: str) -> str:
    """Return a LIKE pattern (escape: backslash) for folded names with a prefix."""
    folded = " ".join(prefix.split()).casefold()[:100]
    for special_character in "\\%_":
        folded = folded.replace(special_character, f"\\{special_character}")
    return f"{folded}%"


def validate_each(
    changes: Mapping[str, object], validate: Callable[[str, object], object]
) -> dict[str, object]:
    """Return the valid value of each field. Raises one `Invalid` for all invalid fields."""
    values: dict[str, object] = {}
    problems: list[tuple[str, str]] = []
    for field, value in changes.items():
        try:
            values[field] = validate(field, value)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.from_problems(problems)
    return values

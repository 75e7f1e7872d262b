"""Validate usernames, names and email addresses, and detect names that look alike."""

from __future__ import annotations

import re
import unicodedata

from ticket_app.core.platform import validators
from ticket_app.core.platform.email_addresses import MAX_EMAIL_LENGTH, is_email_address
from ticket_app.core.platform.errors import Invalid, Reason

_USERNAME_PATTERN = re.compile(r"[\w.@+-]{2,150}")
INVALID_EMAIL = Reason("must be a valid email address", "email")
_LOOKALIKE_CHARACTERS = str.maketrans(
    "аеорсухіјѕԁһԛԝмтквнзοαερικντυχβηζ01|$@!35iӏ",
    "aeopcyxljsdhqwmtkbh3oaeplkvtuxbnzollsalesll",
)


def confusable_skeleton(name: str) -> str:
    """Reduce a name to its visual shape: names with the same skeleton are easily confused."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    base_characters = "".join(
        character for character in decomposed if not unicodedata.combining(character)
    )
    return (
        re.sub(r"[\W_]+", "", base_characters.translate(_LOOKALIKE_CHARACTERS))
        .replace("rn", "m")
        .replace("vv", "w")
    )


def validate_name(field: str, value: str, max_length: int = 150) -> str:
    """Return a visible name without markup or links, of at most `max_length` characters.

    Raises `Invalid`.
    """
    name = validators.optional_line(field, value, max_length) or ""
    if re.search(r"[<>{}\[\]\\`|^]|https?:|www\.", name, re.IGNORECASE):
        raise Invalid(field, "must be a name, without markup or links")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") for character in name):
        raise Invalid(field, "must not contain invisible characters")
    return name


def validate_username(field: str, value: str) -> str:
    """Return a username that is allowed for a new person. Raises `Invalid`."""
    name = validate_name(field, value, 150)
    if (
        not _USERNAME_PATTERN.fullmatch(name)
        or max(len(name.casefold()), len(confusable_skeleton(name))) > 150
    ):
        raise Invalid(field, "must have 2 to 150 letters, digits or the characters . _ @ + -")
    if name.isdigit():
        raise Invalid(field, "must not be a number")
    return name


def validate_email(field: str, value: str) -> str:
    """Return a valid email address. Raises `Invalid`."""
    address = validators.required_line(field, value, MAX_EMAIL_LENGTH)
    if not is_email_address(address):
        raise Invalid(field, INVALID_EMAIL)
    return address

"""Password rules: length, and resistance to guessing as rated by zxcvbn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Lock

from zxcvbn import zxcvbn

from ticket_app.core.platform import secrets, validators
from ticket_app.core.platform.errors import Invalid, Reason, too_long, too_short

MIN_LENGTH = 10
RATED_CHARACTERS = 24
"""Only the beginning of a longer password is rated: zxcvbn can take nine seconds for 72 characters.
"""
MINIMUM_SCORE = 2
"""A lower zxcvbn score means fewer than a million guesses."""
OBVIOUS_WORDS = ["helpdesk", "support", "correcthorse"]
_RATING_LOCK = Lock()
"""zxcvbn stores `user_inputs` in a module variable, so only one thread may call it at a time."""
_WORD_AND_YEAR = re.compile(r"(?:welcome|spring|summer|autumn|fall|winter)\W?(?:19|20)\d\d\W?")


def validate_password(field: str, password: str, *, names: Sequence[str] = ()) -> str:
    """Return the password if it is acceptable; `names` are the names and addresses of its owner.

    Raises `Invalid` with the reason.
    """
    if len(password) < MIN_LENGTH:
        raise Invalid(field, too_short(MIN_LENGTH))
    if len(password) > secrets.MAX_PASSWORD_LENGTH:
        raise Invalid(field, too_long(secrets.MAX_PASSWORD_LENGTH))
    folded = password.casefold()
    if any(len(name) > 3 and folded == name.casefold() for name in names):
        raise Invalid(field, "must not be your name or email address")
    if _is_common(folded, names):
        raise Invalid(field, Reason("is too common", "common_password"))
    validators.optional_text(field, password)
    return password


def _is_common(folded: str, names: Sequence[str]) -> bool:
    if _WORD_AND_YEAR.fullmatch(folded):
        return True
    words = [*OBVIOUS_WORDS, *(name.casefold()[:RATED_CHARACTERS] for name in names if name)]
    with _RATING_LOCK:
        rating = zxcvbn(folded[:RATED_CHARACTERS], user_inputs=words)
    return rating["score"] < MINIMUM_SCORE

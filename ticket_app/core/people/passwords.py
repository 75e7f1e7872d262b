"""Which passwords may be used: long enough, and none that is guessed first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Lock

from zxcvbn import zxcvbn

from ticket_app.core.platform import secrets, validators
from ticket_app.core.platform.errors import Invalid, Reason, too_long, too_short

MIN_LENGTH = 10
RATED_CHARACTERS = 24
"""Of a longer password only the beginning is rated: 72 characters can take zxcvbn nine seconds."""
MINIMUM_SCORE = 2
"""zxcvbn: a lower score means fewer than a million guesses."""
OBVIOUS_HERE = ["helpdesk", "support", "correcthorse"]
_ONE_RATING = Lock()
"""zxcvbn keeps the owner's names in a variable of its module."""
_WORD_AND_YEAR = re.compile(r"(?:welcome|spring|summer|autumn|fall|winter)\W?(?:19|20)\d\d\W?")


def validate_password(field: str, password: str, *, names: Sequence[str] = ()) -> str:
    """Return a password that may be used; `names` are those of its owner.

    Raises `Invalid` with the reason if it may not be used.
    """
    if len(password) < MIN_LENGTH:
        raise Invalid(field, too_short(MIN_LENGTH))
    if len(password) > secrets.MAX_PASSWORD_LENGTH:
        raise Invalid(field, too_long(secrets.MAX_PASSWORD_LENGTH))
    folded = password.casefold()
    if any(len(name) > 3 and folded == name.casefold() for name in names):
        raise Invalid(field, "must not be your name")
    if _is_common(folded, names):
        raise Invalid(field, Reason("is too common", "common_password"))
    validators.optional_text(field, password)
    return password


def _is_common(folded: str, names: Sequence[str]) -> bool:
    if _WORD_AND_YEAR.fullmatch(folded):
        return True
    words = [*OBVIOUS_HERE, *(name.casefold()[:RATED_CHARACTERS] for name in names if name)]
    with _ONE_RATING:
        rating = zxcvbn(folded[:RATED_CHARACTERS], user_inputs=words)
    return rating["score"] < MINIMUM_SCORE

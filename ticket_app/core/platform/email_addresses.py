"""Check the syntax of email addresses, without looking up their domain."""

from __future__ import annotations

import email_validator
from email_validator import EmailNotValidError, validate_email

MAX_EMAIL_LENGTH = 254

email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()  # companies use .local, examples .invalid


def is_email_address(address: str) -> bool:
    """Return whether a text is a valid email address that fits the column, also in lower case."""
    if max(len(address), len(address.casefold())) > MAX_EMAIL_LENGTH:
        return False
    try:
        validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True

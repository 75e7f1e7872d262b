"""Signatures in addresses and Message-IDs, which show that the help desk has written them."""

from __future__ import annotations

from enum import Enum, auto

from ticket_app.core.platform import secrets

SIGNATURE_LENGTH = 16
"""Characters of a signature, of 4 bits each."""


class Unrecognised(Enum):
    """Why an address or a Message-ID names no ticket."""

    NOT_OURS = auto()
    WRONG_SIGNATURE = auto()


def sign(purpose: str, text: str) -> str:
    """Return the signature of a text for a purpose."""
    return secrets.sign_text(purpose, text)[:SIGNATURE_LENGTH]


def is_genuine(signature: str, purpose: str, text: str) -> bool:
    """Return whether a signature, in any case, is that of the text for the purpose."""
    return secrets.is_equal(signature.casefold(), sign(purpose, text))

"""The interface texts of invitations."""

from __future__ import annotations

from typing import Final

INVITE: Final = "Invite people"
TITLE: Final = "Invite people"
HINT: Final = "They get an email, and choose their own name and password."
ADDRESSES: Final = "Email addresses"
ADDRESSES_EXAMPLE: Final = "name@example.com, other@example.com"
ADDRESSES_HINT: Final = "Separate them by commas, spaces or lines. At most 50 at once."
ROLE: Final = "Role"
TEAM: Final = "Team"
NO_TEAM: Final = "No team"
SEND: Final = "Send invitations"
INVITED: Final = "Invited"
EXPIRED: Final = "Expired"
RESEND: Final = "Send the invitation again"
REVOKE: Final = "Revoke invitation"
RESENT: Final = "Invitation sent again"
REVOKED: Final = "Invitation revoked"


def invited(number: int) -> str:
    return "1 person invited" if number == 1 else f"{number} people invited"


def rejected(address: str, problem: str) -> str:
    return f"{address} {problem}"


def invitation_of(address: object) -> str:
    return f"Invitation of {address}"

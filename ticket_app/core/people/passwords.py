"""Which passwords may be used: long enough, and none that is guessed first."""

from __future__ import annotations

from collections.abc import Sequence

from ticket_app.core.platform import secrets, text
from ticket_app.core.platform.errors import Invalid, Reason, too_long, too_short

SHORTEST = 10
COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "9876543210",
        "0987654321",
        "1234567891",
        "12345678910",
        "123456789a",
        "a123456789",
        "1111111111",
        "0000000000",
        "1212121212",
        "1122334455",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "qwerty1234",
        "qwerty12345",
        "qwerty123456",
        "asdfghjkl1",
        "asdfghjkl;",
        "zxcvbnm123",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "passw0rd123",
        "p@ssw0rd123",
        "p@ssword123",
        "mypassword",
        "mypassword1",
        "iloveyou12",
        "iloveyou123",
        "iloveyou1234",
        "letmein123",
        "letmein1234",
        "welcome123",
        "welcome1234",
        "welcome2023",
        "welcome2024",
        "welcome2025",
        "welcome2026",
        "changeme123",
        "changeme1234",
        "admin12345",
        "admin123456",
        "administrator",
        "administrator1",
        "superman123",
        "football123",
        "baseball123",
        "basketball",
        "liverpool1",
        "manchester",
        "princess123",
        "sunshine123",
        "dragon12345",
        "monkey12345",
        "starwars123",
        "michael123",
        "jennifer12",
        "charlie123",
        "trustno1234",
        "abcdefghij",
        "abcd123456",
        "abc123456789",
        "abcdef1234",
        "aaaaaaaaaa",
        "qazwsxedcr",
        "qazwsxedc1",
        "q1w2e3r4t5",
        "zaq12wsxcde",
        "helpdesk123",
        "support123",
        "helpdesk1234",
        "secret12345",
        "testtest123",
        "test123456",
        "testing123",
        "guest12345",
        "default123",
        "computer123",
        "internet123",
        "whatever123",
        "summer2023!",
        "summer2024!",
        "summer2025!",
        "summer2026!",
        "winter2023!",
        "winter2024!",
        "winter2025!",
        "winter2026!",
        "spring2026!",
        "autumn2026!",
        "correcthorse",
    }
)


def check_password(field: str, password: str, *, names: Sequence[str] = ()) -> str:
    """A password that may be used. Raises `Invalid` with the reason if it may not."""
    if len(password) < SHORTEST:
        raise Invalid(field, too_short(SHORTEST))
    if len(password) > secrets.LONGEST_PASSWORD:
        raise Invalid(field, too_long(secrets.LONGEST_PASSWORD))
    folded = password.casefold()
    if folded in COMMON or len(set(folded)) < 3:
        raise Invalid(field, Reason("is too common", "common_password"))
    if any(len(name) > 3 and folded == name.casefold() for name in names):
        raise Invalid(field, "must not be your name")
    text.optional_text(field, password)
    return password

"""Common passwords are rejected quickly."""

from __future__ import annotations

import random
import time

import pytest

from ticket_app.core.people.passwords import validate_password
from ticket_app.core.platform.errors import Invalid


@pytest.mark.parametrize(
    "password",
    [
        *("1234567890", "1q2w3e4r5t", "qwertyuiop", "asdfghjkl;", "p@ssw0rd123", "iloveyou1234"),
        *(
            "welcome2024",
            "Summer2026!",
            "winter-2025",
            "administrator1",
            "basketball",
            "abcdefghij",
        ),
        *("qazwsxedcr", "zaq12wsxcde", "helpdesk1234", "support123", "correcthorse", "trustno1234"),
        *("password" * 30, "1212121212" * 20, "Nora.Meier1"),
    ],
)
def test_a_common_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="too common"):
        validate_password("password", password, names=["nora.meier", "nora@example.org"])


@pytest.mark.parametrize(
    "password",
    ["kettle kettle", "SecurePass123!", "xk3j9fq2lz", "blue-tomato-7", "пароль чайник 7"],
)
def test_an_uncommon_password_may_be_used(password: str) -> None:
    assert validate_password("password", password, names=["nora"]) == password


def test_no_password_takes_long_to_check() -> None:
    letters = random.Random(3)
    started = time.process_time()
    for _ in range(5):
        validate_password("password", "".join(letters.choices("4@8({[<3691!i|l0$57+2%z", k=256)))
    assert time.process_time() - started < 5

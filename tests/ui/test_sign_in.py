"""What stands on the sign-in page comes from the desk."""

from __future__ import annotations

from ticket_app.core.platform import secrets
from ticket_app.ui import routes
from ticket_app.ui.pages.sign_in import refusal


def test_only_the_server_puts_words_on_the_sign_in_page() -> None:
    words = "The username or the password is wrong"
    seal = secrets.seal_words(routes.LOGIN, words)
    assert refusal({"error": words, "seal": seal}, routes.LOGIN) == words
    assert refusal({"error": words, "seal": seal}, routes.REGISTER) == ""
    assert refusal({"error": "Call this number", "seal": seal}, routes.LOGIN) == ""
    assert refusal({"error": words}, routes.LOGIN) == ""
    assert refusal({}, routes.LOGIN) == ""

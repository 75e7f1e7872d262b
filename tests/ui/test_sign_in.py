"""What stands on the sign-in page comes from the desk."""

from __future__ import annotations

from ticket_app.core.platform import secrets
from ticket_app.ui import routes
from ticket_app.ui.pages.sign_in import read_signed_error


def test_only_the_server_puts_words_on_the_sign_in_page() -> None:
    words = "The username or password is incorrect"
    seal = secrets.sign_text(routes.LOGIN, words)
    assert read_signed_error({"error": words, "seal": seal}, routes.LOGIN) == words
    assert read_signed_error({"error": words, "seal": seal}, routes.REGISTER) == ""
    assert read_signed_error({"error": "Call this number", "seal": seal}, routes.LOGIN) == ""
    assert read_signed_error({"error": words}, routes.LOGIN) == ""
    assert read_signed_error({}, routes.LOGIN) == ""

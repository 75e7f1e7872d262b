"""Commands to an open page that need the error handling of the app.

`rx.toast`, `rx.call_script` and `rx.run_script` send source text. The page rejects them when an
event handler returns them; as a component's own trigger they work.
"""

from __future__ import annotations

from reflex.event import EventSpec

from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import Unavailable
from ticket_app.core.platform.logs import log
from ticket_app.ui import texts
from ticket_app.ui.components.page_commands import command
from ticket_app.ui.widgets import toast


def load_document(path: str) -> EventSpec:
    """Load `path` as a new document, with a new socket and the current cookies."""
    return command(go=path)


def ask_to_sign_in_again() -> EventSpec:
    """Ask for the password in a dialog because the session has ended; unsent text is kept.

    A page on which nothing was entered yet goes to the sign-in page instead.
    """
    return command(signInAgain=True)


def handle_event_error(exception: Exception) -> EventSpec:
    """Log the error of an event handler and return the message for the person."""
    unavailable = to_unavailable_error(exception)
    if isinstance(exception, Unavailable):
        unavailable = exception
    if unavailable is not None:
        log().warning("event_failed", reason=str(exception), channel="web")
        return toast(unavailable.message, tone="red")
    log().error("event_failed", channel="web", exc_info=exception)
    return toast(texts.UNEXPECTED_ERROR, tone="red")

"""What the server may ask an open page to do, besides what the widgets offer.

`rx.toast`, `rx.call_script` and `rx.run_script` send source text and are refused by the page when
an event handler returns them; as a component's own trigger they work.
"""

from __future__ import annotations

import logging

from reflex.event import EventSpec

from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import Unavailable
from ticket_app.ui.components.page_commands import command
from ticket_app.ui.widgets import toast

logger = logging.getLogger(__name__)


def load_document(path: str) -> EventSpec:
    """Load `path` of this desk as a new document, with a new socket and today's cookies."""
    return command(go=path)


def ask_to_sign_in_again() -> EventSpec:
    """Ask for the password over the page, as its session has ended; nothing typed there is lost.

    A page on which nobody has done anything yet goes to the sign-in page instead.
    """
    return command(signInAgain=True)


def handle_event_error(exception: Exception) -> EventSpec:
    """Return what a person sees when an event handler failed; the log has the rest."""
    unavailable = to_unavailable_error(exception)
    if isinstance(exception, Unavailable):
        unavailable = exception
    if unavailable is not None:
        logger.warning("an event handler could not run: %s", exception)
        return toast(unavailable.message, tone="red")
    logger.error("an event handler broke", exc_info=exception)
    return toast(
        "Something went wrong on our side. Nothing was changed; please try again.", tone="red"
    )

"""What the server may ask an open page to do: a function by name with JSON arguments, no source.

The page's half is in `ui/bundle.py`. `rx.toast`, `rx.call_script` and `rx.run_script` send source
text and are refused by the page when an event handler returns them; as a component's own trigger
they work.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Literal

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.platform.availability import unavailable_from
from ticket_app.core.platform.errors import Unavailable

logger = logging.getLogger(__name__)

Tone = Literal["success", "info", "warning", "error"]


def page_call(name: str, *args: Any) -> EventSpec:
    """Call a function of `ui/bundle.py` in the page; return it from an event handler."""
    return rx.call_script(json.dumps([name, *args]))


def toast(text: str, tone: Tone = "info", **options: Any) -> EventSpec:
    """Show a passing message; `options` are sonner's (`description`, `duration`, `id`)."""
    return page_call("toast", tone, text, options)


def go(path: str) -> EventSpec:
    """Load `path` of this desk as a new document, with a new socket and today's cookies."""
    return page_call("go", path)


def sign_in_again() -> EventSpec:
    """Ask for the password over the page, as its session has ended; nothing typed there is lost.

    A page on which nobody has done anything yet goes to the sign-in page instead.
    """
    return page_call("signInAgain")


def apologise(exception: Exception) -> EventSpec:
    """Return what a person sees when an event handler failed; the log has the rest."""
    unavailable = unavailable_from(exception)
    if isinstance(exception, Unavailable):
        unavailable = exception
    if unavailable is not None:
        logger.warning("an event handler could not run: %s", exception)
        return toast(unavailable.message, "error")
    logger.error("an event handler broke", exc_info=exception)
    return toast(
        "Something went wrong on our side. Nothing was changed; please try again.", "error"
    )

"""Feedback for clicks while the server cannot be reached."""

from typing import Final

import reflex as rx

from ticket_app.ui.components import draft_form as draft_form
from ticket_app.ui.components import failure_reports as failure_reports
from ticket_app.ui.components import network_status as network_status
from ticket_app.ui.components import page_commands as page_commands
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)


class OfflineFeedback(rx.Component):
    """Says that a click made while offline will be sent later; once on each page."""

    library = SOURCE.importable_path
    tag = "OfflineFeedback"

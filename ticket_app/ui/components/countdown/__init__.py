"""Seconds that count down: "Sending in 8 s"."""

from typing import Final

import reflex as rx

from ticket_app.ui.components import relative_time as relative_time
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("seconds.ts", shared=True)


class SendingIn(rx.Component):
    """How long a reply is still held; `at` is the ISO time in UTC when it is sent."""

    library = SOURCE.importable_path
    tag = "SendingIn"

    at: rx.Var[str]

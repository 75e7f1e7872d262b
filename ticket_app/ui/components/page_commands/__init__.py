"""Commands from the server to an open page, sent as data; and the toasts that it shows."""

import json
from typing import Final

import reflex as rx
from reflex.event import EventSpec

from ticket_app.ui.components import countdown as countdown
from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import draft_form as draft_form
from ticket_app.ui.components import failure_reports as failure_reports
from ticket_app.ui.components import layout_panels as layout_panels
from ticket_app.ui.components import sign_in_again as sign_in_again
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("commands.ts", "settled.ts", "toasts.ts"):
    rx.asset(_name, shared=True)

ID: Final = "page-commands"
"""The id under which Reflex sets its value."""


class PageCommands(rx.Component):
    """Runs the commands that are set as its value by `rx.set_value`; once in the app."""

    library = SOURCE.importable_path
    tag = "PageCommands"


def command(**words: object) -> EventSpec:
    """Return an event that sends a command to the page; `commands.ts` defines the commands.

    Setting a value needs no `eval` in the browser, unlike `rx.toast` and `rx.call_script`.
    """
    return rx.set_value(ID, json.dumps(words))

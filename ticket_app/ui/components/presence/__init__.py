"""Reports what a person does on the page of a ticket."""

from typing import Final

import reflex as rx

from ticket_app.ui.components import dom as dom

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("activity.ts", shared=True)


def _activity_spec(
    ticket_id: rx.Var[int], activity: rx.Var[str]
) -> tuple[rx.Var[int], rx.Var[str]]:
    return ticket_id, activity


class PresenceReporter(rx.Component):
    """Reports to `on_activity` the id of the ticket and `away`, `viewing`, `editing`, `note` or
    `reply`, whenever it changes and at each new `visit`; draws nothing.
    """

    library = SOURCE.importable_path
    tag = "PresenceReporter"

    ticket_id: rx.Var[int]

    visit: rx.Var[int]

    on_activity: rx.EventHandler[_activity_spec]

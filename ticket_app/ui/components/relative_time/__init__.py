"""Times that the browser keeps up to date: "3h ago", due times that count down."""

from typing import Final, Literal

import reflex as rx

from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("clock.ts", shared=True)
rx.asset("format.ts", shared=True)

TimeFormat = Literal["relative", "short", "exact", "clock"]


class RelativeTime(rx.Component):
    """A `<time>`. `at` is an ISO time in UTC; the exact time is the tooltip."""

    library = SOURCE.importable_path
    tag = "RelativeTime"

    at: rx.Var[str]

    format: rx.Var[TimeFormat]


class DueTime(rx.Component):
    """Time left until `due`, coloured by how much of the time since `since` is left.

    `state` is running, paused, met, breached or not_applicable. `goal` ("First reply") leads the
    tooltip. An empty `due` shows nothing.
    """

    library = SOURCE.importable_path
    tag = "DueTime"

    due: rx.Var[str]

    since: rx.Var[str]

    state: rx.Var[str]

    goal: rx.Var[str]


class ServerClock(rx.Component):
    """Sends the server's time to the browser, to correct a wrong clock."""

    library = SOURCE.importable_path
    tag = "ServerClock"

    now: rx.Var[str]

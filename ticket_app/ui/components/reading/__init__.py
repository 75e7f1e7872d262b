"""Notices that the person sees what is unread on a page."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("component.tsx", shared=True)


class ReadWhenVisible(rx.Component):
    """Reports that the page is being read while something on it is unread; draws nothing.

    `unread` is the number of unread notifications about what the page shows. `on_read` receives
    whether the page was in the background when they arrived.
    """

    library = SOURCE.importable_path
    tag = "ReadWhenVisible"

    unread: rx.Var[int]

    on_read: rx.EventHandler[rx.event.passthrough_event_spec(bool)]

"""Notifications of the browser: while a tab is open, and of the installed app."""

from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("alerts.ts", "push_subscription.ts"):
    rx.asset(_name, shared=True)


@dataclass(frozen=True)
class Alert:
    """What a browser shows about a notification; one with the same `tag` replaces it."""

    id: int
    title: str
    body: str
    url: str
    tag: str


class BrowserNotifications(rx.Component):
    """Shows each of `alerts` once, in whichever tab; draws nothing.

    Nothing is shown without the permission of the person, nor about the page they look at.
    """

    library = SOURCE.importable_path
    tag = "BrowserNotifications"

    alerts: rx.Var[list[Alert]]


class BrowserNotificationSettings(rx.Component):
    """Asks for permission, sends a test, and turns notifications without a tab on and off."""

    library = SOURCE.importable_path
    tag = "BrowserNotificationSettings"

"""The web app as an app of the device: service worker, number on its icon, installing."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("badge.ts", "install_prompt.ts"):
    rx.asset(_name, shared=True)


class InstalledApp(rx.Component):
    """Registers the service worker and shows `unread` on the app's icon; once on each page.

    A negative `unread` means that the number is not known, and leaves the icon as it is.
    """

    library = SOURCE.importable_path
    tag = "InstalledApp"

    unread: rx.Var[int]


class UnreadCount(rx.Component):
    """Shows `unread` on the app's icon; 0 removes the number."""

    library = SOURCE.importable_path
    tag = "UnreadCount"

    unread: rx.Var[int]


class InstallItem(rx.Component):
    """An item of a menu that installs the app, shown while the browser offers it."""

    library = SOURCE.importable_path
    tag = "InstallItem"

"""The open dialog of a tab: at most one, on the page where it was opened, about a named object.

Every dialog is made by this module, so that none can stay open on another page or decide about an
object that the person does not see:

- A handler opens it with `open_dialog`, which stores the page's path and what is shown.
- It shows while the path is the same. The browser hides it as soon as the path changes, and every
  page closes it when it loads (`OpenDialog.close` comes first in each `on_load`).
- The event that decides sends `OpenDialog.fingerprint`, and its handler begins with
  `ensure_dialog_is_current`, which rejects a click in a dialog that is no longer open.
- The handler then compares the object with what was seen, in the transaction of the change
  (`core.tickets.locking.ensure_version`, or `ensure_unchanged` for objects without a version).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

import reflex as rx

from ticket_app.core.platform.errors import NotFound, VersionConflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, texts
from ticket_app.ui.components.dialog_focus import DialogFocus
from ticket_app.ui.widgets.overlays import CURRENT_PATH

Row = TypeVar("Row")
Key = TypeVar("Key")


class OpenDialog(rx.State):
    """The open dialog, the page on which it was opened, and what it shows."""

    name: str = ""
    path: str = ""
    fingerprint: str = ""

    def _close(self) -> None:
        self.name = self.path = self.fingerprint = ""

    @bridge.event
    def close(self) -> None:
        """Close the dialog; every page does so when it loads."""
        self._close()

    @bridge.event
    def dismiss(self, is_open: bool) -> None:
        """Handle that the person closed the dialog without deciding."""
        if not is_open:
            self._close()


def _current_path(page: rx.State) -> str:
    return page.router.url.path.rstrip("/") or "/"


async def open_dialog(page: rx.State, name: str, *subject: object) -> None:
    """Open a dialog on the page of the event.

    `subject` identifies what is decided about: ids and versions.
    """
    dialog = await page.get_state(OpenDialog)
    dialog.name, dialog.path = name, _current_path(page)
    dialog.fingerprint = hashlib.sha256(repr((name, *subject)).encode()).hexdigest()[:32]


async def close_dialog(page: rx.State) -> None:
    """Close the open dialog."""
    (await page.get_state(OpenDialog))._close()  # noqa: SLF001 - this module is its only caller


async def is_dialog_open(page: rx.State, name: str) -> bool:
    """Return whether this dialog is open."""
    return (await page.get_state(OpenDialog)).name == name


async def ensure_dialog_is_current(page: rx.State, name: str, fingerprint: str) -> None:
    """Ensure that the decision was made in the open dialog. Raises `VersionConflict`."""
    dialog = await page.get_state(OpenDialog)
    if (dialog.name, dialog.fingerprint, dialog.path) != (name, fingerprint, _current_path(page)):
        raise VersionConflict(texts.DIALOG_NO_LONGER_OPEN)


def ensure_unchanged(
    uow: UnitOfWork, load: Callable[[UnitOfWork, Key], Row], key: Key, expected: Row, label: str
) -> None:
    """Raise `VersionConflict` unless an object is as it was when its dialog opened.

    For objects without a version; call it in the transaction of the change. `label` names the
    object: "The policy “Purchases”".
    """
    try:
        is_same = load(uow, key) == expected
    except NotFound:
        raise VersionConflict(texts.object_was_deleted(label)) from None
    if not is_same:
        raise VersionConflict(texts.object_has_changed(label))


def dialog_root(name: str, *children: rx.Component) -> rx.Component:
    """Return a dialog, shown on the page where it was opened."""
    is_open = _is_shown(name)
    return rx.dialog.root(
        *children,
        DialogFocus.create(is_open=is_open),
        open=is_open,
        on_open_change=OpenDialog.dismiss,
        key=CURRENT_PATH,
    )


def alert_root(name: str, *children: rx.Component) -> rx.Component:
    """Return a confirmation before something that cannot be undone."""
    is_open = _is_shown(name)
    return rx.alert_dialog.root(
        *children,
        DialogFocus.create(is_open=is_open),
        open=is_open,
        on_open_change=OpenDialog.dismiss,
        key=CURRENT_PATH,
    )


def _is_shown(name: str) -> rx.Var[bool]:
    return rx.Var.create(OpenDialog.name == name) & (OpenDialog.path == CURRENT_PATH)

"""What the dialogs of the settings pages do alike: save, ask before deleting, and delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import reflex as rx

from ticket_app.core.platform.errors import DomainError, Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    close_dialog,
    ensure_unchanged,
    open_dialog,
)

NEW: Final = -1
"""The id of an object that the dialog adds."""

Form = TypeVar("Form")
Key = TypeVar("Key", int, str)


class SettingsDialog(rx.State, mixin=True):
    """The object in the open dialog and its errors; `editing` is its id, or `NEW`."""

    editing: int = 0
    name: str = ""
    errors: dict[str, str] = {}
    delete_error: str = ""


@dataclass(frozen=True)
class SettingsObject(Generic[Key, Form]):
    """How one kind of object is loaded, named, added and changed.

    `load` returns the values of the dialog; a change is rejected if they differ from those that the
    dialog opened with. `saved_detail` is the second line of the message after saving.
    """

    load: Callable[[UnitOfWork, Key], Form]
    subject: Callable[[Form], str]
    create: Callable[[UnitOfWork, dict[str, object]], object]
    update: Callable[[UnitOfWork, Key, dict[str, object]], object]
    added_text: Callable[[object], str]
    changed_text: Callable[[object], str]
    saved_detail: str = ""

    def change(self, uow: UnitOfWork, key: Key, original: Form, values: dict[str, object]) -> None:
        """Update the object unless it has changed since the dialog opened."""
        self.ensure_unchanged(uow, key, original)
        self.update(uow, key, values)

    def ensure_unchanged(self, uow: UnitOfWork, key: Key, original: Form) -> None:
        """Raise `VersionConflict` if the object has changed since the dialog opened."""
        ensure_unchanged(uow, self.load, key, original, self.subject(original))


@dataclass(frozen=True, kw_only=True)
class DeletableObject(SettingsObject[Key, Form]):
    """A kind of object that a dialog can also delete."""

    delete: Callable[[UnitOfWork, Key], object]
    deleted_text: Callable[[object], str]

    def remove(self, uow: UnitOfWork, key: Key, original: Form) -> None:
        """Delete the object unless it has changed since the dialog opened."""
        self.ensure_unchanged(uow, key, original)
        self.delete(uow, key)


async def try_write(
    page: rx.State, use_case: Callable[..., object], *args: object
) -> DomainError | None:
    """Run the use case; return the error that the dialog should show. Raises `Unauthenticated`."""
    try:
        await bridge.write(page, use_case, *args)
    except Unauthenticated:
        raise
    except DomainError as error:
        return error
    return None


@dataclass(frozen=True)
class SaveResult:
    """What came of saving: the error for the dialog, or the message and what `create` returned."""

    error: DomainError | None = None
    message: bridge.Events = None
    created: object = None


async def save_from_dialog(
    page: rx.State,
    kind: SettingsObject[Key, Form],
    key: Key | None,
    original: Form,
    parse: Callable[[], dict[str, object]],
    *,
    name: str,
) -> SaveResult:
    """Add the object in the dialog (without a key) or change it, and close the dialog.

    `parse` returns the values of the form, or raises `Invalid`; `name` is for the message. The
    handler has called `ensure_dialog_is_current`.
    """
    created = None
    try:
        values = parse()
        if key is None:
            created = await bridge.write(page, kind.create, values)
        else:
            await bridge.write(page, kind.change, key, original, values)
    except Unauthenticated:
        raise
    except DomainError as error:
        return SaveResult(error)
    text = (kind.added_text if key is None else kind.changed_text)(name)
    await close_dialog(page)
    return SaveResult(
        message=w.toast(text, tone="green", detail=kind.saved_detail), created=created
    )


async def open_delete_dialog(
    page: rx.State, dialog: str, kind: DeletableObject[int, Form], object_id: int
) -> Form:
    """Open the confirmation dialog; return the object's current values."""
    original = await bridge.read(page, kind.load, object_id)
    await open_dialog(page, dialog, object_id, original)
    return original


async def delete_from_dialog(
    page: SettingsDialog, kind: DeletableObject[int, Form], original: Form
) -> bridge.Events:
    """Delete the object in the dialog, or show why that is not possible.

    The handler has called `ensure_dialog_is_current`.
    """
    error = await try_write(page, kind.remove, page.editing, original)
    if error:
        page.delete_error = error.message
        return None
    await close_dialog(page)
    return w.toast(kind.deleted_text(page.name))

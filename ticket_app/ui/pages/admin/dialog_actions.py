"""What the dialogs of the settings pages do alike: save, ask before deleting, and delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import reflex as rx

from ticket_app.core.platform.errors import DomainError, Invalid, Unauthenticated
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


class SettingsDialog(rx.State, mixin=True):
    """The object in the open dialog and its errors; `editing` is its id, or `NEW`."""

    editing: int = 0
    name: str = ""
    errors: dict[str, str] = {}
    delete_error: str = ""


@dataclass(frozen=True)
class SettingsObject(Generic[Form]):
    """How one kind of object is loaded, named, added, changed and deleted.

    `load` returns the values of the dialog; a change is rejected if they differ from those that the
    dialog opened with.
    """

    load: Callable[[UnitOfWork, int], Form]
    subject: Callable[[Form], str]
    create: Callable[[UnitOfWork, dict[str, object]], object]
    update: Callable[[UnitOfWork, int, dict[str, object]], object]
    delete: Callable[[UnitOfWork, int], object]
    added_text: Callable[[object], str]
    changed_text: Callable[[object], str]
    deleted_text: Callable[[object], str]
    saved_detail: str

    def change(
        self, uow: UnitOfWork, object_id: int, original: Form, values: dict[str, object]
    ) -> None:
        """Update the object unless it has changed since the dialog opened."""
        ensure_unchanged(uow, self.load, object_id, original, self.subject(original))
        self.update(uow, object_id, values)

    def remove(self, uow: UnitOfWork, object_id: int, original: Form) -> None:
        """Delete the object unless it has changed since the dialog opened."""
        ensure_unchanged(uow, self.load, object_id, original, self.subject(original))
        self.delete(uow, object_id)


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


async def save_from_dialog(
    page: SettingsDialog,
    kind: SettingsObject[Form],
    parse: Callable[[Mapping[str, object]], dict[str, object]],
    form: Mapping[str, object],
    original: Form,
) -> tuple[DomainError | None, bridge.Events]:
    """Add or change the object in the dialog and close it.

    Returns the error that the dialog should show, or the message to show instead. The handler has
    called `ensure_dialog_is_current`.
    """
    try:
        values = parse(form)
    except Invalid as error:
        return error, None
    is_new = page.editing == NEW
    error = (
        await try_write(page, kind.create, values)
        if is_new
        else await try_write(page, kind.change, page.editing, original, values)
    )
    if error:
        return error, None
    message = (kind.added_text if is_new else kind.changed_text)(values["name"])
    await close_dialog(page)
    return None, w.toast(message, tone="green", detail=kind.saved_detail)


async def open_delete_dialog(
    page: rx.State, dialog: str, kind: SettingsObject[Form], object_id: int
) -> Form:
    """Open the confirmation dialog; return the object's current values."""
    original = await bridge.read(page, kind.load, object_id)
    await open_dialog(page, dialog, object_id, original)
    return original


async def delete_from_dialog(
    page: SettingsDialog, kind: SettingsObject[Form], original: Form
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

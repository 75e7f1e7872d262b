"""The states of a page with a list of objects: the list, and the dialog."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar
from urllib.parse import urlencode

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.paging import PageRequest
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin import texts as admin_texts
from ticket_app.ui.pages.admin.dialog_actions import (
    NEW,
    DeletableObject,
    SettingsDialog,
    delete_from_dialog,
    open_delete_dialog,
    save_from_dialog,
)
from ticket_app.ui.pages.admin.records import texts
from ticket_app.ui.pages.admin.records.kinds import (
    MAX_CHOSEN,
    PAGE_SIZE,
    RecordForm,
    RecordKind,
    RecordRow,
)
from ticket_app.ui.pages.desk.lookup import LookupOption
from ticket_app.ui.rows import is_id


class RecordList(rx.State, mixin=True):
    """One page of the objects; the search is in the address."""

    rows: list[RecordRow] = []
    page: int = 1
    range_text: str = ""
    has_more: bool = False
    is_searching: bool = False
    is_loaded: bool = False
    denied_reason: str = ""

    _search: str = ""
    _kind: ClassVar[RecordKind]

    @bridge.event
    async def load(self) -> None:
        """Load the objects that the address asks for."""
        await self._load_from_address()

    async def _load_from_address(self) -> None:
        params = self.router.url.query_parameters
        self._search = params.get("q", "")[:200]
        self.is_searching = bool(self._search.strip())
        page = params.get("page", "")
        self.page = int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1
        self.denied_reason = ""
        try:
            await self._load_rows()
        except Forbidden as error:
            self.rows, self.denied_reason = [], error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        first = (self.page - 1) * PAGE_SIZE
        self.rows, total = await bridge.read(
            self, self._kind.list_rows, self._search, PageRequest(PAGE_SIZE, offset=first)
        )
        last = first + len(self.rows)
        self.range_text = admin_texts.people_range(first + 1, last, total) if self.rows else ""
        self.has_more = last < total

    @bridge.event
    async def refresh(self) -> None:
        """Reload the list after a change."""
        await self._load_rows()

    @bridge.event
    def turn_page(self, step: int) -> bridge.Events:
        """Go to the previous or next page."""
        page = self.page + (1 if step > 0 else -1)
        params = {"q": self._search, "page": str(page) if page > 1 else ""}
        chosen = urlencode({name: value for name, value in params.items() if value})
        return rx.redirect(f"{self._kind.path}?{chosen}" if chosen else self._kind.path)


class RecordDialog(SettingsDialog, mixin=True):
    """The object in the open dialog, and its errors."""

    form: RecordForm = RecordForm()
    options: dict[str, list[tuple[str, str]]] = {}

    _original: RecordForm = RecordForm()
    _kind: ClassVar[RecordKind]

    def _object(self) -> DeletableObject[int, RecordForm]:
        kind = self._kind
        return DeletableObject(
            load=kind.load,
            subject=kind.subject,
            create=kind.create,
            update=kind.update,
            delete=kind.delete,
            added_text=lambda name: texts.added(kind.noun, name),
            changed_text=lambda name: texts.changed(kind.noun, name),
            deleted_text=lambda name: texts.deleted(kind.noun, name),
            saved_detail=kind.saved_detail,
        )

    async def _load_options(self) -> None:
        load_options = self._kind.load_options
        self.options = await bridge.read(self, load_options) if load_options else {}

    @bridge.event
    async def add(self) -> None:
        """Open the dialog for a new object."""
        await self._open_new(self._kind.empty_form())

    async def _open_new(self, form: RecordForm) -> None:
        """Open the dialog for a new object with the values of `form`."""
        await self._load_options()
        self.form = self._original = form
        self.editing, self.errors = NEW, {}
        await open_dialog(self, self._kind.edit_dialog, NEW)

    @bridge.event
    async def edit(self, record_id: int) -> None:
        """Open the dialog with the object's current values."""
        await self._load_options()
        self.form = self._original = await bridge.read(self, self._kind.load, record_id)
        self.name = self._original.name
        self.editing, self.errors = record_id, {}
        await open_dialog(self, self._kind.edit_dialog, record_id, self._original)

    @bridge.event
    def toggle_choice(self, field_name: str, value: str, label: str) -> None:
        """Choose an object for a field, or take it away again."""
        found = self._kind.field_named(field_name)
        if found is None or found.type not in ("lookup", "lookups") or not is_id(value):
            return
        chosen = self.form.chosen.get(field_name, [])
        others = [one for one in chosen if one.value != value]
        if len(others) == len(chosen):
            added = LookupOption(value, label[:300])
            others = [added] if found.type == "lookup" else [*others, added][:MAX_CHOSEN]
        self.form = replace(self.form, chosen={**self.form.chosen, field_name: others})

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Create or update the object; errors appear at their fields."""
        edit_dialog = self._kind.edit_dialog
        await ensure_dialog_is_current(self, edit_dialog, seen)
        saved = await save_from_dialog(
            self,
            self._object(),
            None if self.editing == NEW else self.editing,
            self._original,
            lambda: self._kind.parse(form, self.form.chosen),
            name=str(form.get("name", "")).strip(),
        )
        if saved.error:
            self.errors = fields.field_errors(saved.error, self._kind.error_labels)
            return w.focus_on(next(iter(self.errors), ""))
        return saved.message

    @bridge.event
    async def confirm_delete(self, record_id: int) -> None:
        """Open the confirmation dialog."""
        self._original = await open_delete_dialog(
            self, self._kind.delete_dialog, self._object(), record_id
        )
        self.editing, self.name, self.delete_error = record_id, self._original.name, ""

    @bridge.event
    async def delete(self, seen: str) -> bridge.Events:
        """Delete the object, unless it is in use."""
        delete_dialog = self._kind.delete_dialog
        await ensure_dialog_is_current(self, delete_dialog, seen)
        return await delete_from_dialog(self, self._object(), self._original)


class SwitchableRecordDialog(RecordDialog, mixin=True):
    """A dialog for objects that can be inactive; a switch in their row changes that."""

    @bridge.event
    async def toggle_active(self, record_id: int, is_active: bool) -> bridge.Events:
        """Activate or deactivate an object."""
        set_active = self._kind.set_active
        if set_active is None:
            return None
        await bridge.write(self, set_active, record_id, bool(is_active))
        noun = self._kind.noun
        return w.toast(texts.activated(noun) if is_active else texts.deactivated(noun))

"""What people do with saved views: save, change, share, pin, duplicate and delete them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.platform import sharing
from ticket_app.core.platform.errors import DomainError, NotFound, Unauthenticated
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import saved_views
from ticket_app.core.tickets.saved_views import SavedViewRow
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import close_dialog, ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.pages.desk.queue.saved_view import OpenView, parse_seen
from ticket_app.ui.pages.desk.queue.state import Queue, filters_of
from ticket_app.ui.pages.desk.queue.view_conditions import make_conditions
from ticket_app.ui.pages.desk.queue.views import DEFAULT_VIEW
from ticket_app.ui.pages.desk.saved_views import texts
from ticket_app.ui.pages.desk.sidebar import Sidebar
from ticket_app.ui.pages.undo import remember_deleted_view

VIEW_DIALOG: Final = "saved-view"


def offered_scopes(uow: UnitOfWork, present: str = "") -> list[tuple[str, str]]:
    """Return with whom the actor may share a view; the present scope is always among them."""
    scopes = [
        scope
        for scope in sharing.offered_scopes(uow.actor)
        if scope != Scope.TEAM or uow.actor.team_id is not None or present == scope
    ]
    return [(str(scope), texts.SCOPE_LABELS[scope]) for scope in scopes]


def _load_form(
    uow: UnitOfWork, filters: QueueFilters, scope: str
) -> tuple[list[tuple[str, str]], list[str]]:
    return offered_scopes(uow, scope), make_conditions(uow, filters)[1]


def _list_fields(uow: UnitOfWork, filters: QueueFilters) -> dict[str, object]:
    """Return what a view keeps of a list."""
    return {
        "conditions": make_conditions(uow, filters)[0].to_json(),
        "search": filters.search,
        "sort": filters.sort if filters.sort != "relevance" else "updated",
        "descending": filters.descending,
    }


def save_new_view(uow: UnitOfWork, filters: QueueFilters, form: Mapping[str, str]) -> SavedViewRow:
    """Create a view of a list. Raises as `saved_views.create_view`."""
    row = saved_views.create_view(
        uow, form["name"], scope=form["scope"], icon=form["icon"], **_list_fields(uow, filters)
    )
    if not form["pinned"]:
        saved_views.unpin_view(uow, row.id)
    return row


def save_filters(
    uow: UnitOfWork, view_id: int, filters: QueueFilters, seen_at: datetime
) -> SavedViewRow:
    """Store the filters of a list in its view. Raises as `saved_views.update_view`."""
    return saved_views.update_view(uow, view_id, _list_fields(uow, filters), seen_at=seen_at)


def change_view(uow: UnitOfWork, shown: OpenView, form: Mapping[str, str]) -> SavedViewRow:
    """Change name, icon and sharing of a view. Raises as `saved_views.update_view`."""
    changes = {"name": form["name"], "icon": form["icon"]}
    if form["scope"] != shown.scope:
        changes["scope"] = form["scope"]
    row = saved_views.update_view(uow, shown.id, changes, seen_at=parse_seen(shown.seen))
    _set_pinned(uow, row.id, bool(form["pinned"]))
    return row


def _set_pinned(uow: UnitOfWork, view_id: int, is_pinned: bool) -> None:
    (saved_views.pin_view if is_pinned else saved_views.unpin_view)(uow, view_id)


class SavedViews(rx.State):
    """The dialog of a view, and the actions of the one that is shown."""

    title: str = ""
    form: OpenView = OpenView()
    scopes: list[tuple[str, str]] = []
    left_out: str = ""
    errors: dict[str, str] = {}

    _filters: QueueFilters = QueueFilters()

    async def _open(self, form: OpenView, title: str) -> None:
        self._filters = filters_of(await self.get_state(Queue))
        self.scopes, left_out = await bridge.read(self, _load_form, self._filters, form.scope)
        self.left_out = texts.left_out(left_out) if left_out and not form.id else ""
        self.form, self.title, self.errors = form, title, {}
        await open_dialog(self, VIEW_DIALOG, form.id, form.seen, self._filters)

    @bridge.event
    async def add(self) -> None:
        """Open the dialog for a new view of the list."""
        queue = await self.get_state(Queue)
        await self._open(OpenView(is_pinned=True), texts.new_title(queue.heading))

    @bridge.event
    async def edit(self) -> None:
        """Open the dialog of the view that is shown."""
        shown = (await self.get_state(Queue)).saved
        await self._open(shown, texts.edit_title(shown.name))

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Save the view of the open dialog."""
        await ensure_dialog_is_current(self, VIEW_DIALOG, seen)
        values = {name: str(form.get(name, "")) for name in ("name", "icon", "scope", "pinned")}
        try:
            if self.form.id:
                row = await bridge.write(self, change_view, self.form, values)
            else:
                row = await bridge.write(self, save_new_view, self._filters, values)
        except Unauthenticated:
            raise
        except DomainError as error:
            self.errors = fields.field_errors(error, {"name": texts.NAME, "scope": texts.SCOPE})
            return None
        await close_dialog(self)
        if self.form.id:
            return _show_again(texts.saved(row.name))
        return [w.toast(texts.saved(row.name), tone="green"), rx.redirect(_href(row.id))]

    @bridge.event
    async def save_changes(self, view_id: int, seen_at: str) -> bridge.Events:
        """Store the filters of the list in its view."""
        queue = await self.get_state(Queue)
        filters = filters_of(queue)
        if filters.view_id != view_id or not seen_at:
            raise NotFound("View")
        row = await bridge.write(self, save_filters, view_id, filters, parse_seen(seen_at))
        return [w.toast(texts.saved(row.name), tone="green"), rx.redirect(_href(row.id))]

    @bridge.event
    async def duplicate(self, view_id: int, name: str) -> bridge.Events:
        """Copy a view for oneself and open the copy."""
        row = await bridge.write(self, saved_views.duplicate_view, view_id, texts.copy_name(name))
        return [w.toast(texts.saved(row.name), tone="green"), rx.redirect(_href(row.id))]

    @bridge.event
    async def delete(self, view_id: int, name: str) -> bridge.Events:
        """Delete a view; its toast takes it back."""
        await bridge.write(self, saved_views.delete_view, view_id)
        undo = await remember_deleted_view(self, view_id)
        return [
            w.toast(texts.deleted(name), undo_button_id=undo),
            rx.redirect(routes.desk_view(DEFAULT_VIEW)),
        ]

    @bridge.event
    async def pin(self, view_id: int, is_pinned: bool) -> bridge.Events:
        """Pin a view to the sidebar, or remove it."""
        await bridge.write(self, _set_pinned, view_id, is_pinned)
        return [Queue.load, Sidebar.load]

    @bridge.event
    async def make_default(self, view_id: int, name: str) -> bridge.Events:
        """Let the queue open with a view; 0 for the standard one."""
        await bridge.write(self, saved_views.set_default_view, view_id or None)
        return _show_again(texts.opens_first(name) if view_id else texts.OPENS_STANDARD)


def _href(view_id: int) -> str:
    return routes.desk_view(str(view_id))


def _show_again(message: str) -> list[EventSpec]:
    return [w.toast(message, tone="green"), Queue.load(), Sidebar.load()]

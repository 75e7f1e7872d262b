"""The state of the audit log page; search, filters and the page are in the address."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.ui import bridge, page_calls, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.audit.rows import (
    CHANNEL_LABELS,
    FIELD_LABELS,
    FILTER_NAMES,
    KIND_LABELS,
    AuditLogRow,
    load_page,
)

MAX_CURSOR_LENGTH = 300
MAX_FILTER_LENGTH = 200


class AuditLog(rx.State):
    """One page of the audit log."""

    rows: list[AuditLogRow] = []
    person: str = ""
    kind: str = ""
    field: str = ""
    channel: str = ""
    has_filters: bool = False
    is_later_page: bool = False
    next_cursor: str = ""
    is_loaded: bool = False
    denied_reason: str = ""

    _filters: dict[str, str] = {}
    _export_href: str = ""

    @bridge.event
    async def load(self) -> bridge.Events:
        """Load the entries that the address asks for."""
        params = self.router.url.query_parameters
        self._filters = {
            name: str(params.get(name, ""))[:MAX_FILTER_LENGTH] for name in FILTER_NAMES
        }
        self.kind = KIND_LABELS.get(self._filters["kind"], "")
        self.field = FIELD_LABELS.get(self._filters["field"], "")
        self.channel = CHANNEL_LABELS.get(self._filters["channel"], "")
        self.has_filters = any(self._filters.values())
        cursor = str(params.get("after", ""))[:MAX_CURSOR_LENGTH]
        self.is_later_page = cursor != ""
        self.denied_reason, problem = "", None
        try:
            found = await bridge.read(self, load_page, self._filters, cursor)
        except Forbidden as error:
            self.rows, self.next_cursor, self.denied_reason = [], "", error.message
        except Invalid as error:
            self.rows, self.next_cursor, self.person = [], "", ""
            problem = w.toast(error.message, tone="red")
        else:
            self.rows, self.next_cursor = found.rows, found.next_cursor
            self.person, self._export_href = found.person, found.export_href
        self.is_loaded = True
        return problem

    def _href(self, **changes: str) -> str:
        return routes.admin_audit(**{**self._filters, **changes})

    @bridge.event
    def filter_by(self, name: str, value: str) -> bridge.Events:
        """Set one filter, from the newest entries on."""
        if name in FILTER_NAMES:
            return rx.redirect(self._href(**{name: value[:MAX_FILTER_LENGTH]}))
        return None

    @bridge.event
    def show_older(self) -> bridge.Events:
        """Go to the next page."""
        return rx.redirect(self._href(after=self.next_cursor))

    @bridge.event
    def show_newest(self) -> bridge.Events:
        """Go to the first page."""
        return rx.redirect(self._href())

    @bridge.event
    def export(self, file_format: str) -> bridge.Events:
        """Download everything that the filters match."""
        if file_format in ("csv", "jsonl") and self._export_href:
            return page_calls.load_document(self._export_href + file_format)
        return None

"""Merging tickets: the dialog, the merged notice and the list of merged tickets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final

import reflex as rx

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import (
    DomainError,
    Invalid,
    NotFound,
    Unauthenticated,
    VersionConflict,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import linked_tickets, locking, merging, ticket_lookup, undo
from ticket_app.core.tickets.undo import UndoStep
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    dialog_root,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.ticket.composer_state import TicketComposer, has_unsent_text
from ticket_app.ui.pages.desk.ticket.rows import RelatedTicket, related_ticket
from ticket_app.ui.pages.undo import remember_for_undo
from ticket_app.ui.widgets.vars import Flag

MERGE_DIALOG: Final = "merge"


@dataclass(frozen=True)
class MergeStatus:
    """What a ticket was merged into (at most one ticket), and what was merged into it."""

    ticket_id: int = 0
    number: str = ""
    title: str = ""
    version: int = 0
    is_merged: bool = False
    merged_into: list[RelatedTicket] = field(default_factory=list)
    sources: list[RelatedTicket] = field(default_factory=list)
    can_undo: bool = False


def load_merge_status(uow: UnitOfWork, reference: str | int) -> MergeStatus:
    """Return the merge status of a ticket. Raises `NotFound`."""
    uow.actor.require("work_tickets", "work on tickets")
    row = ticket_lookup.read_ticket(uow, reference)
    is_merged = row.merged_into_id is not None
    target = linked_tickets.find_visible_merge_target(uow, row.id) if is_merged else None
    return MergeStatus(
        ticket_id=row.id,
        number=ticket_numbers.format_key(row),
        title=row.title,
        version=row.version,
        is_merged=is_merged,
        merged_into=[related_ticket(target)] if target else [],
        sources=[
            related_ticket(source) for source in linked_tickets.list_merge_sources(uow, row.id)
        ],
        can_undo=is_merged and merging.can_unmerge(uow, row.id),
    )


def _merge(uow: UnitOfWork, ticket_id: int, version: int, into: str) -> tuple[str, UndoStep | None]:
    source = locking.lock_ticket(uow, ticket_id)
    locking.ensure_version(uow, source, version, source.assignee_id)
    before = undo.take_snapshot(uow, source)
    number = ticket_numbers.format_key(merging.merge(uow, ticket_id, into))
    return number, undo.build_step(uow, source, before)


def _unmerge(uow: UnitOfWork, ticket_id: int) -> None:
    merging.unmerge(uow, ticket_id)


class TicketMerge(rx.State):
    """The merge status of the open ticket, and the merge dialog."""

    status: MergeStatus = MergeStatus()
    hides_composer: bool = False
    error: str = ""
    is_busy: bool = False

    @bridge.event
    async def load(self) -> None:
        """Load the status and watch the ticket."""
        reference = routes.ticket_reference(self.router.url.path)
        self.error, self.is_busy = "", False
        try:
            self.status = await bridge.read(self, load_merge_status, reference)
        except NotFound:
            self.status = MergeStatus()
            return
        self.hides_composer = self.status.is_merged
        live.watch(self, TicketMerge.refresh, {change_feed.staff_topic(self.status.ticket_id)})

    @bridge.event
    async def refresh(self) -> None:
        """Load the status again without hiding a reply in progress."""
        try:
            self.status = await bridge.read(self, load_merge_status, self.status.ticket_id)
        except NotFound:
            return
        self.hides_composer = self.hides_composer and self.status.is_merged

    @bridge.event
    async def open_merge_dialog(self) -> None:
        """Open the dialog with the current ticket."""
        self.status, self.error = (
            await bridge.read(self, load_merge_status, self.status.ticket_id),
            "",
        )
        await open_dialog(self, MERGE_DIALOG, self.status.ticket_id, self.status.version)

    @bridge.submission
    async def merge(self, seen: str, form: bridge.FormData) -> AsyncIterator[bridge.Events]:
        """Merge into the ticket that was entered; show an error at the field."""
        await ensure_dialog_is_current(self, MERGE_DIALOG, seen)
        status = self.status
        self.is_busy, self.error = True, ""
        yield
        try:
            into = str(form.get("into", "")).strip()
            key, step = await bridge.write(self, _merge, status.ticket_id, status.version, into)
        except Unauthenticated:
            raise
        except Invalid as error:
            self.error = texts.ticket_edit_invalid(error.reason)
            return
        except DomainError as error:
            self.error = f"{error.message.removesuffix('.')}."
            if isinstance(error, VersionConflict):
                await self._reopen_dialog()
            return
        finally:
            self.is_busy = False
        await close_dialog(self)
        self.status = await bridge.read(self, load_merge_status, self.status.ticket_id)
        self.hides_composer = not has_unsent_text(await self.get_state(TicketComposer))
        undo_id = await remember_for_undo(self, [step] if step else [])
        yield w.toast(texts.ticket_merged(status.number, key), tone="green", undo_button_id=undo_id)

    async def _reopen_dialog(self) -> None:
        """Keep the dialog open with the current ticket."""
        self.status = await bridge.read(self, load_merge_status, self.status.ticket_id)
        await open_dialog(self, MERGE_DIALOG, self.status.ticket_id, self.status.version)

    @bridge.event
    async def undo(self, ticket_id: int) -> bridge.Events:
        """Undo the merge of the ticket on the page."""
        if ticket_id != self.status.ticket_id:
            raise VersionConflict(texts.DESK_ERROR_OTHER_TICKET_OPEN)
        await bridge.write(self, _unmerge, ticket_id)
        self.status = await bridge.read(self, load_merge_status, self.status.ticket_id)
        self.hides_composer = False
        return w.toast(f"{self.status.number} unmerged", tone="green")


def merged_notice(ticket_id: rx.Var[int]) -> rx.Component:
    """Return the notice on a merged ticket, with a link to the target and Undo."""
    status = TicketMerge.status

    def notice(other: rx.Var[RelatedTicket]) -> rx.Component:
        return w.callout(
            rx.fragment(texts.TICKET_MERGE_NOTICE_TITLE, other.number),
            rx.fragment(other.title, texts.TICKET_MERGE_NOTICE_TEXT),
            tone="blue",
            action=rx.fragment(
                rx.cond(
                    status.can_undo,
                    w.button(
                        texts.DESK_UNDO,
                        variant="quiet",
                        on_click=TicketMerge.undo(status.ticket_id),
                    ),
                ),
                w.button_link(
                    rx.fragment(texts.TICKET_MERGE_OPEN_TARGET, other.number), to=other.href
                ),
            ),
        )

    return rx.cond(
        status.is_merged & (status.ticket_id == ticket_id),
        rx.cond(
            status.merged_into.length() > 0,
            rx.foreach(status.merged_into, notice),
            w.callout(
                texts.TICKET_MERGE_TRASHED_TITLE,
                texts.TICKET_MERGE_TRASHED_TEXT,
                tone="amber",
                action=rx.cond(
                    status.can_undo,
                    w.button(
                        texts.DESK_UNDO,
                        variant="quiet",
                        on_click=TicketMerge.undo(status.ticket_id),
                    ),
                ),
            ),
        ),
    )


def merge_menu_item(disabled: Flag) -> rx.Component:
    """Return the menu item that opens the dialog."""
    return rx.dropdown_menu.item(
        rx.icon("merge", size=14),
        texts.TICKET_MERGE_MENU_ITEM,
        on_select=TicketMerge.open_merge_dialog,
        disabled=disabled,
    )


def merged_tickets(
    ticket_id: rx.Var[int],
    render: Callable[[rx.Var[RelatedTicket]], rx.Component],
) -> rx.Component:
    """Return the tickets merged into this one, each rendered by `render`."""
    return rx.cond(
        (TicketMerge.status.sources.length() > 0) & (TicketMerge.status.ticket_id == ticket_id),
        rx.el.section(
            rx.el.h3(texts.TICKET_MERGE_SOURCES),
            rx.foreach(TicketMerge.status.sources, render),
            class_name="side-section",
        ),
    )


def merge_dialog() -> rx.Component:
    """Return the dialog that asks for the target."""
    return (
        dialog_root(
            MERGE_DIALOG,
            rx.dialog.content(
                rx.dialog.title(
                    rx.fragment(texts.TICKET_MERGE_DIALOG_TITLE, TicketMerge.status.number),
                    size="3",
                ),
                rx.el.p(TicketMerge.status.title, class_name="dialog-subject", dir="auto"),
                rx.dialog.description(
                    texts.TICKET_MERGE_DIALOG_TEXT,
                    class_name="text-muted",
                    size="1",
                ),
                rx.el.form(
                    w.text_input(
                        "into",
                        placeholder="BUG-15",
                        aria_label=texts.TICKET_MERGE_TARGET_LABEL,
                        auto_complete="off",
                    ),
                    rx.el.p(TicketMerge.error, class_name="field-error", role="alert"),
                    rx.el.div(
                        rx.dialog.close(w.button(texts.DESK_CANCEL)),
                        w.button(
                            texts.TICKET_MERGE_SUBMIT,
                            variant="primary",
                            submit=True,
                            disabled=TicketMerge.is_busy,
                        ),
                        class_name="align-end",
                    ),
                    on_submit=TicketMerge.merge(OpenDialog.fingerprint),
                    class_name="compact-form",
                ),
                max_width="480px",
            ),
        ),
    )

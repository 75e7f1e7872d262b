"""On a ticket: merging it into another one, and what it was merged with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import reflex as rx

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import DeskError, Invalid, NotFound, Stale, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import merging, ticket_list, tickets, undo
from ticket_app.core.tickets.undo import Step
from ticket_app.ui import bridge, live, tail
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, dialog_root, open_dialog
from ticket_app.ui.pages.desk.ticket_rows import Related, related
from ticket_app.ui.pages.desk.ticket_state import TicketPage
from ticket_app.ui.pages.desk.undoing import undoable

MERGE: Final = "merge"


@dataclass(frozen=True)
class Together:
    """What a ticket was merged into (nothing, or that one ticket), and what was merged into it."""

    ticket_id: int = 0
    number: str = ""
    title: str = ""
    version: int = 0
    is_merged: bool = False
    into: list[Related] = field(default_factory=list)
    sources: list[Related] = field(default_factory=list)
    may_undo: bool = False


def together(desk: Desk, reference: str | int) -> Together:
    """How a ticket stands to others it was merged with. Raises `NotFound`."""
    desk.actor.must("work_tickets", "work on the desk")
    row = ticket_list.read(desk, reference)
    is_merged = row.merged_into_id is not None
    end = merging.goes_on_in(desk, row.id) if is_merged else None
    return Together(
        ticket_id=row.id,
        number=ticket_numbers.key(row),
        title=row.title,
        version=row.version,
        is_merged=is_merged,
        into=[related(end)] if end else [],
        sources=[related(source) for source in merging.sources_of(desk, row.id)],
        may_undo=is_merged and merging.may_undo(desk, row.id),
    )


def _merge(desk: Desk, ticket_id: int, version: int, into: str) -> tuple[str, Step | None]:
    source = tickets.hold(desk, ticket_id)
    tickets.expect_seen(desk, source, version, source.assignee_id)
    before = undo.snapshot(desk, source)
    number = ticket_numbers.key(merging.merge(desk, ticket_id, into))
    return number, undo.step(source, before)


def _unmerge(desk: Desk, ticket_id: int) -> None:
    merging.unmerge(desk, ticket_id)


class Merging(rx.State):
    """What the open ticket was merged with, and the dialog that asks for another one."""

    case: Together = Together()
    is_closed: bool = False
    error: str = ""
    busy: bool = False

    @bridge.event
    async def load(self) -> None:
        """Look, and be woken by what happens to the ticket."""
        reference = self.router.url.path.rstrip("/").rpartition("/tickets/")[2]
        self.error, self.busy = "", False
        try:
            self.case = await bridge.read(self, together, reference)
        except NotFound:
            self.case = Together()
            return
        self.is_closed = self.case.is_merged
        live.watch(self, Merging.refresh, {tail.staff_topic(self.case.ticket_id)})

    @bridge.event
    async def refresh(self) -> None:
        """Look again; what is being written on the ticket stays where it is."""
        try:
            self.case = await bridge.read(self, together, self.case.ticket_id)
        except NotFound:
            return
        self.is_closed = self.is_closed and self.case.is_merged

    @bridge.event
    async def ask(self) -> None:
        """Open the dialog for the ticket as it is now."""
        self.case, self.error = await bridge.read(self, together, self.case.ticket_id), ""
        await open_dialog(self, MERGE, self.case.ticket_id, self.case.version)

    @bridge.submission
    async def merge(self, seen: str, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Merge into the ticket that was named; what is wrong with it is said at the field."""
        await confirm(self, MERGE, seen)
        case = self.case
        self.busy, self.error = True, ""
        yield
        try:
            into = str(form.get("into", "")).strip()
            key, step = await bridge.write(self, _merge, case.ticket_id, case.version, into)
        except Unauthenticated:
            raise
        except Invalid as wrong:
            self.error = f"This {wrong.reason}."
            return
        except DeskError as refused:
            self.error = f"{refused.message.removesuffix('.')}."
            if isinstance(refused, Stale):
                await self._ask_again()
            return
        finally:
            self.busy = False
        await close_dialog(self)
        self.case = await bridge.read(self, together, self.case.ticket_id)
        page = await self.get_state(TicketPage)
        self.is_closed = not page._text  # noqa: SLF001 - nothing that every page could read
        undo_id = await undoable(self, [step] if step else [])
        yield w.toast(f"{case.number} merged into {key}", tone="green", undo=undo_id)

    async def _ask_again(self) -> None:
        """Keep the dialog open, about the ticket as it is by now."""
        self.case = await bridge.read(self, together, self.case.ticket_id)
        await open_dialog(self, MERGE, self.case.ticket_id, self.case.version)

    @bridge.event
    async def undo(self, ticket_id: int) -> Any:
        """Undo the merge of the ticket that the page shows."""
        if ticket_id != self.case.ticket_id:
            raise Stale("Another ticket is open here now. Nothing was changed.")
        await bridge.write(self, _unmerge, ticket_id)
        self.case = await bridge.read(self, together, self.case.ticket_id)
        self.is_closed = False
        return w.toast(f"{self.case.number} is on its own again", tone="green")


def merged_notice(ticket_id: Any) -> rx.Component:
    """On a ticket that was merged: where it goes on, and the way back."""
    case = Merging.case

    def told(other: Any) -> rx.Component:
        return w.callout(
            rx.fragment("Merged into ", other.number),
            rx.fragment(other.title, ". What is said goes on there."),
            tone="blue",
            action=rx.fragment(
                rx.cond(
                    case.may_undo,
                    w.button("Undo", look="quiet", on_click=Merging.undo(case.ticket_id)),
                ),
                w.button_link(rx.fragment("Open ", other.number), to=other.href),
            ),
        )

    return rx.cond(
        case.is_merged & (case.ticket_id == ticket_id),
        rx.cond(
            case.into.length() > 0,
            rx.foreach(case.into, told),
            w.callout(
                "Merged into a ticket that lies in the trash",
                "What was said here lies there with it.",
                tone="amber",
                action=rx.cond(
                    case.may_undo,
                    w.button("Undo", look="quiet", on_click=Merging.undo(case.ticket_id)),
                ),
            ),
        ),
    )


def merge_item(disabled: Any) -> rx.Component:
    """The entry of the ticket's menu."""
    return rx.dropdown_menu.item(
        rx.icon("merge", size=14),
        "Merge into…",
        on_select=Merging.ask,
        disabled=disabled,
    )


def merged_kin(ticket_id: Any, line: Any) -> rx.Component:
    """Beside a ticket: those that were merged into it, each as `line` shows it."""
    return rx.cond(
        (Merging.case.sources.length() > 0) & (Merging.case.ticket_id == ticket_id),
        rx.el.section(
            rx.el.h3("Merged into this"),
            rx.foreach(Merging.case.sources, line),
            class_name="side-block",
        ),
    )


def merge_dialog() -> rx.Component:
    """Ask for the ticket that goes on."""
    return (
        dialog_root(
            MERGE,
            rx.dialog.content(
                rx.dialog.title(rx.fragment("Merge ", Merging.case.number), size="3"),
                rx.el.p(Merging.case.title, class_name="dialog-about", dir="auto"),
                rx.dialog.description(
                    "Its replies, notes, files and tags move to the ticket you name, and it is "
                    "closed. Both must be of the same requester.",
                    class_name="soft",
                    size="1",
                ),
                rx.el.form(
                    w.text_input(
                        "into",
                        placeholder="BUG-15",
                        aria_label="Number of the ticket that goes on",
                        auto_complete="off",
                    ),
                    rx.el.p(Merging.error, class_name="field-error", role="alert"),
                    rx.el.div(
                        rx.dialog.close(w.button("Cancel")),
                        w.button("Merge", look="primary", submit=True, disabled=Merging.busy),
                        class_name="end",
                    ),
                    on_submit=Merging.merge(OpenDialog.seen),
                    class_name="small-form",
                ),
                max_width="480px",
            ),
        ),
    )

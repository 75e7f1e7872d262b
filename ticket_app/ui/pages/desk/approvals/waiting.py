"""What waits for one's decision: a list, decided one by one or several at once."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.ui import bridge, live, tail
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk.approvals.deciding import Deciding, deciding_dialog
from ticket_app.ui.pages.desk.approvals.rows import WaitingRow, waiting_rows
from ticket_app.ui.pages.desk.frame import APPROVALS, Rail, desk_page


def _look(desk: Desk) -> tuple[int, list[WaitingRow]]:
    return desk.actor.id, waiting_rows(desk)


class Approvals(rx.State):
    """The requests that wait for whoever is at this tab."""

    rows: list[WaitingRow] = []
    marked: list[int] = []
    ready: bool = False

    @bridge.event
    async def load(self) -> None:
        """Show what waits, and be woken by what is asked and decided."""
        self.marked = []
        me = await self._fill()
        live.watch(self, Approvals.refresh, {tail.QUEUE, tail.person_topic(me)})

    async def _fill(self) -> int:
        me, self.rows = await bridge.read(self, _look)
        here = {row.id for row in self.rows}
        self.marked = [one for one in self.marked if one in here]
        self.ready = True
        return me

    @bridge.event
    async def refresh(self) -> Any:
        """Show what waits now."""
        await self._fill()
        return Rail.load

    @bridge.event
    def mark(self, request_id: int) -> None:
        """Take a request into the selection, or out of it."""
        if request_id in self.marked:
            self.marked = [one for one in self.marked if one != request_id]
        elif any(row.id == request_id for row in self.rows):
            self.marked = [*self.marked, request_id]

    @bridge.event
    def clear(self) -> None:
        """Select nothing."""
        self.marked = []


def _decide(action: ApprovalAction, label: str, ids: Any, **look: Any) -> rx.Component:
    return w.button(label, on_click=Deciding.begin(action.value, ids), **look)


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.input(
            type="checkbox",
            checked=Approvals.marked.contains(row.id),
            on_change=Approvals.mark(row.id).stop_propagation,
            aria_label="Select " + row.number,
            class_name="tick",
        ),
        rx.el.div(
            rx.el.div(
                w.priority_sign(row.priority),
                w.link(
                    rx.el.span(row.number, class_name="key"),
                    " ",
                    w.user_text(row.title),
                    to=row.href,
                    class_name="cut waiting-title",
                ),
                class_name="waiting-line",
            ),
            rx.cond(
                row.reason != "", rx.el.p(row.reason, class_name="soft waiting-reason", dir="auto")
            ),
            rx.el.div(
                w.person(row.asker_initials, row.asker, row.asker_color),
                rx.el.span("asked ", w.time_ago(row.at)),
                rx.cond(row.step != "", rx.el.span(row.step)),
                rx.cond(row.due != "", w.sla_chip(row.due, "running", row.at, "Decide")),
                class_name="soft waiting-facts",
            ),
            class_name="waiting-main",
        ),
        rx.el.div(
            _decide(ApprovalAction.APPROVE, "Approve", [row.id], icon="check"),
            _decide(ApprovalAction.REJECT, "Reject", [row.id], icon="x"),
            w.menu_root(
                rx.dropdown_menu.trigger(w.icon_button("ellipsis", "More for " + row.number)),
                rx.dropdown_menu.content(
                    w.menu_title(row.number),
                    rx.dropdown_menu.item(
                        "Ask the requester…",
                        on_select=Deciding.begin(ApprovalAction.REQUEST_INFO.value, [row.id]),
                    ),
                    rx.dropdown_menu.item(
                        "Delegate…",
                        on_select=Deciding.begin(ApprovalAction.DELEGATE.value, [row.id]),
                    ),
                    size="1",
                    align="end",
                ),
            ),
            class_name="waiting-do",
        ),
        class_name="waiting",
        data_marked=rx.cond(Approvals.marked.contains(row.id), "true", "false"),
        key=row.id,
    )


def approvals_page() -> rx.Component:
    """The page."""
    some = Approvals.marked.length() > 0
    return desk_page(
        w.desk_header("Approvals"),
        rx.cond(
            Approvals.ready,
            rx.cond(
                Approvals.rows.length() > 0,
                rx.fragment(
                    rx.el.ul(rx.foreach(Approvals.rows, _row), class_name="plain"),
                    rx.cond(
                        some,
                        w.bulk_bar(
                            Approvals.marked.length().to_string() + " selected",
                            _decide(
                                ApprovalAction.APPROVE, "Approve", Approvals.marked, icon="check"
                            ),
                            _decide(ApprovalAction.REJECT, "Reject", Approvals.marked, icon="x"),
                            w.icon_button("x", "Clear the selection", on_click=Approvals.clear),
                        ),
                    ),
                ),
                w.empty_state(
                    "stamp",
                    "No approvals are waiting for you",
                    "When somebody asks for your approval, it shows here.",
                ),
            ),
            w.queue_skeleton(6),
        ),
        deciding_dialog(),
        here=APPROVALS,
    )

"""The approval requests that wait for the signed-in person, decided one by one or in bulk."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.ui import bridge, change_feed, live
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.decision_dialog import DecisionDialog, decision_dialog
from ticket_app.ui.pages.desk.approvals.rows import WaitingRow, waiting_rows
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.pages.desk.sidebar import APPROVALS, Sidebar


def _load_waiting(uow: UnitOfWork) -> tuple[int, list[WaitingRow]]:
    return uow.actor.id, waiting_rows(uow)


class WaitingApprovals(rx.State):
    """The approval requests that wait for the signed-in person."""

    rows: list[WaitingRow] = []
    selected_ids: list[int] = []
    is_loaded: bool = False

    @bridge.event
    async def load(self) -> None:
        """Load the list and watch for requests and decisions."""
        self.selected_ids = []
        me = await self._load_rows()
        live.watch(
            self, WaitingApprovals.refresh, {change_feed.QUEUE_TOPIC, change_feed.person_topic(me)}
        )

    async def _load_rows(self) -> int:
        me, self.rows = await bridge.read(self, _load_waiting)
        shown_ids = {row.id for row in self.rows}
        self.selected_ids = [one for one in self.selected_ids if one in shown_ids]
        self.is_loaded = True
        return me

    @bridge.event
    async def refresh(self) -> bridge.Events:
        """Load the list again."""
        await self._load_rows()
        return Sidebar.load

    @bridge.event
    def toggle_selection(self, request_id: int) -> None:
        """Add a request to the selection, or remove it."""
        if request_id in self.selected_ids:
            self.selected_ids = [one for one in self.selected_ids if one != request_id]
        elif any(row.id == request_id for row in self.rows):
            self.selected_ids = [*self.selected_ids, request_id]

    @bridge.event
    def clear_selection(self) -> None:
        """Clear the selection."""
        self.selected_ids = []


def _decision_button(
    action: ApprovalAction, label: str, ids: list[rx.Var[int]] | rx.Var[list[int]], **props: object
) -> rx.Component:
    return w.button(label, on_click=DecisionDialog.open_for(action.value, ids), **props)


def _request_item(row: rx.Var[WaitingRow]) -> rx.Component:
    return rx.el.li(
        rx.el.input(
            type="checkbox",
            checked=WaitingApprovals.selected_ids.contains(row.id),
            on_change=WaitingApprovals.toggle_selection(row.id).stop_propagation,
            aria_label=texts.APPROVALS_SELECT + row.number,
            class_name="pending-approval-checkbox",
        ),
        rx.el.div(
            rx.el.div(
                w.priority_icon_with_label(row.priority),
                w.link(
                    rx.el.span(row.number, class_name="ticket-key"),
                    " ",
                    w.user_text(row.title),
                    to=row.href,
                    class_name="truncate pending-approval-title",
                ),
                class_name="pending-approval-heading",
            ),
            rx.cond(
                row.reason != "",
                rx.el.p(row.reason, class_name="text-muted pending-approval-reason", dir="auto"),
            ),
            rx.el.div(
                w.person_name(row.requested_by_initials, row.requested_by, row.requested_by_color),
                rx.el.span(texts.APPROVALS_REQUESTED_AT, w.time_ago(row.at)),
                rx.cond(row.step != "", rx.el.span(row.step)),
                rx.cond(row.due != "", w.sla_chip(row.due, "running", row.at, texts.APPROVAL_DUE)),
                class_name="text-muted pending-approval-details",
            ),
            class_name="pending-approval-main",
        ),
        rx.el.div(
            _decision_button(
                ApprovalAction.APPROVE, texts.APPROVAL_APPROVE, [row.id], icon="check"
            ),
            _decision_button(ApprovalAction.REJECT, texts.APPROVAL_REJECT, [row.id], icon="x"),
            w.menu_root(
                rx.dropdown_menu.trigger(
                    w.icon_button("ellipsis", texts.APPROVALS_MORE_ACTIONS + row.number)
                ),
                rx.dropdown_menu.content(
                    w.menu_title(row.number),
                    rx.dropdown_menu.item(
                        texts.APPROVALS_ASK,
                        on_select=DecisionDialog.open_for(
                            ApprovalAction.REQUEST_INFO.value, [row.id]
                        ),
                    ),
                    rx.dropdown_menu.item(
                        texts.APPROVALS_DELEGATE,
                        on_select=DecisionDialog.open_for(ApprovalAction.DELEGATE.value, [row.id]),
                    ),
                    size="1",
                    align="end",
                ),
            ),
            class_name="pending-approval-actions",
        ),
        class_name="pending-approval",
        data_selected=rx.cond(WaitingApprovals.selected_ids.contains(row.id), "true", "false"),
        key=row.id,
    )


def approvals_page() -> rx.Component:
    """Return the page."""
    has_selection = WaitingApprovals.selected_ids.length() > 0
    return desk_page(
        w.desk_header(texts.LAYOUT_APPROVALS),
        rx.cond(
            WaitingApprovals.is_loaded,
            rx.cond(
                WaitingApprovals.rows.length() > 0,
                rx.fragment(
                    rx.el.ul(
                        rx.foreach(WaitingApprovals.rows, _request_item), class_name="list-unstyled"
                    ),
                    rx.cond(
                        has_selection,
                        w.bulk_bar(
                            WaitingApprovals.selected_ids.length().to_string()
                            + texts.APPROVALS_SELECTED,
                            _decision_button(
                                ApprovalAction.APPROVE,
                                texts.APPROVAL_APPROVE,
                                WaitingApprovals.selected_ids,
                                icon="check",
                            ),
                            _decision_button(
                                ApprovalAction.REJECT,
                                texts.APPROVAL_REJECT,
                                WaitingApprovals.selected_ids,
                                icon="x",
                            ),
                            w.icon_button(
                                "x",
                                texts.QUEUE_CLEAR_SELECTION,
                                on_click=WaitingApprovals.clear_selection,
                            ),
                        ),
                    ),
                ),
                w.empty_state(
                    "stamp",
                    texts.APPROVALS_EMPTY_TITLE,
                    texts.APPROVALS_EMPTY_TEXT,
                ),
            ),
            w.queue_skeleton(6),
        ),
        decision_dialog(),
        current_page=APPROVALS,
    )

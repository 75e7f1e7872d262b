"""The list of approval policies, each described in sentences."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import list_items, texts
from ticket_app.ui.pages.admin.approvals.edit_dialog import policy_dialogs
from ticket_app.ui.pages.admin.approvals.edit_state import PolicyDialog
from ticket_app.ui.pages.admin.approvals.rows import PolicyRow, policy_rows
from ticket_app.ui.pages.admin.layout import settings_page


class ApprovalPolicies(rx.State):
    """All approval policies."""

    rows: list[PolicyRow] = []
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        self.rows, self.denied_reason = [], ""
        try:
            self.rows = await bridge.read(self, policy_rows)
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    @bridge.event
    async def refresh(self) -> None:
        """Reload the list after a change."""
        self.rows = await bridge.read(self, policy_rows)


def _policy_item(row: rx.Var[PolicyRow]) -> rx.Component:
    return rx.el.li(
        list_items.active_switch(
            row.name,
            row.is_active,
            lambda on: [PolicyDialog.toggle_active(row.id, on), ApprovalPolicies.refresh],
        ),
        rx.el.div(
            list_items.name_button(row.name, PolicyDialog.edit(row.id)),
            rx.el.p(row.conditions, class_name="text-muted"),
            rx.el.ol(
                rx.foreach(row.steps, lambda step: rx.el.li(step)),  # noqa: PLW0108
                class_name=rx.cond(
                    row.steps.length() > 1, "policy-steps", "policy-steps list-unstyled"
                ),
            ),
            rx.cond(
                row.allows_own,
                rx.el.p(texts.APPROVALS_ALLOWS_OWN, class_name="text-muted text-small"),
            ),
            class_name="settings-row-main",
        ),
        rx.el.div(
            rx.el.span(
                texts.order_number(row.rank), class_name="text-muted text-small tabular-numbers"
            ),
            class_name="settings-row-end",
        ),
        list_items.row_menu(
            row.name,
            label=texts.more_actions(row.name),
            on_edit=PolicyDialog.edit(row.id),
            on_delete=PolicyDialog.confirm_delete(row.id),
        ),
        class_name="settings-row align-top",
        data_inactive=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def approval_policies_page() -> rx.Component:
    add = w.button(texts.APPROVALS_ADD, variant="primary", icon="plus", on_click=PolicyDialog.add)
    return settings_page(
        routes.ADMIN_APPROVALS,
        rx.cond(
            ApprovalPolicies.rows,
            rx.fragment(
                rx.el.p(
                    texts.APPROVALS_LEAD,
                    class_name="text-muted settings-intro",
                ),
                rx.el.ul(
                    rx.foreach(ApprovalPolicies.rows, _policy_item),
                    class_name="list-unstyled settings-list",
                ),
            ),
            w.empty_state(
                "stamp",
                texts.APPROVALS_EMPTY_TITLE,
                texts.APPROVALS_EMPTY_HINT,
                w.button(texts.APPROVALS_ADD, icon="plus", on_click=PolicyDialog.add),
            ),
        ),
        policy_dialogs(ApprovalPolicies.refresh),
        ready=ApprovalPolicies.is_loaded,
        denied_reason=ApprovalPolicies.denied_reason,
        tools=(add,),
    )

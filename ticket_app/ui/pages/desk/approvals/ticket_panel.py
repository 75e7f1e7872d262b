"""The approval panel of a ticket: the request, its approvers and the buttons to decide."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.vocabulary import ApprovalAction, ApprovalState
from ticket_app.ui import bridge, change_feed, live, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.decision_dialog import REQUEST, DecisionDialog
from ticket_app.ui.pages.desk.approvals.rows import (
    ApprovalStatus,
    ApproverRow,
    StepRow,
    load_approval_status,
)
from ticket_app.ui.pages.desk.sidebar import Sidebar
from ticket_app.ui.widgets.buttons import ButtonVariant

STATE_LOOKS = {
    str(ApprovalState.WAITING): ("circle-dashed", texts.APPROVAL_STATE_WAITING),
    str(ApprovalState.PENDING): ("clock", texts.APPROVAL_STATE_PENDING),
    str(ApprovalState.INFO_REQUESTED): (
        "message-circle-question",
        texts.APPROVAL_STATE_INFO_REQUESTED,
    ),
    str(ApprovalState.APPROVED): ("circle-check", texts.APPROVAL_STATE_APPROVED),
    str(ApprovalState.REJECTED): ("circle-x", texts.APPROVAL_STATE_REJECTED),
    str(ApprovalState.DELEGATED): ("corner-down-right", texts.APPROVAL_STATE_DELEGATED),
    str(ApprovalState.CANCELLED): ("circle-slash", texts.APPROVAL_STATE_CANCELLED),
}


class TicketApproval(rx.State):
    """The pending approval of the open ticket."""

    approval: ApprovalStatus = ApprovalStatus()

    @bridge.event
    async def load(self) -> None:
        """Load the approval and watch the ticket."""
        reference = routes.ticket_reference(self.router.url.path)
        self.approval = await bridge.read(self, load_approval_status, reference)
        if self.approval.ticket_id:
            topic = change_feed.staff_topic(self.approval.ticket_id)
            live.watch(self, TicketApproval.refresh, {topic})

    @bridge.event
    async def refresh(self) -> bridge.Events:
        """Load the approval again."""
        before = self.approval
        self.approval = await bridge.read(self, load_approval_status, str(self.approval.ticket_id))
        return Sidebar.load if before != self.approval else None

    @bridge.event
    def request(self) -> bridge.Events:
        """Open the dialog that requests approval of this ticket."""
        return DecisionDialog.open_for(REQUEST, [self.approval.ticket_id])


def _state_icon(state: rx.Var[str]) -> rx.Component:
    return rx.match(
        state,
        *(
            (word, rx.icon(icon, size=14, stroke_width=1.75, aria_hidden="true"))
            for word, (icon, _) in STATE_LOOKS.items()
        ),
        rx.icon("circle", size=14),
    )


def _state_label(state: rx.Var[str]) -> rx.Component:
    return rx.match(state, *((word, label) for word, (_, label) in STATE_LOOKS.items()), "")


def _approver_item(ask: rx.Var[ApproverRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(_state_icon(ask.state), class_name="approver-icon", data_state=ask.state),
        w.person_name(ask.initials, ask.name, ask.color),
        rx.el.span(_state_label(ask.state), class_name="text-muted"),
        rx.cond(
            ask.delegated_by != "",
            rx.el.span("for ", w.user_text(ask.delegated_by), class_name="text-muted truncate"),
        ),
        rx.cond(
            ask.comment != "",
            rx.el.span(ask.comment, class_name="approver-comment text-muted", dir="auto"),
        ),
        class_name="approver",
    )


def _step_item(step: rx.Var[StepRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(step.name, dir="auto"),
            rx.cond(step.quorum_text != "", rx.el.span(step.quorum_text, class_name="text-muted")),
            rx.cond(
                (step.due != "") & (step.state == "pending"),
                w.sla_chip(step.due, "running", "", texts.APPROVAL_DUE),
            ),
            rx.cond(
                step.state == str(ApprovalState.WAITING),
                rx.el.span(texts.APPROVAL_NEXT_STEP, class_name="text-muted"),
            ),
            class_name="approval-step-header",
        ),
        rx.cond(
            step.approvers.length() > 0,
            rx.el.ul(rx.foreach(step.approvers, _approver_item), class_name="list-unstyled"),
        ),
        class_name="approval-step",
        data_state=step.state,
    )


def _decision_button(
    action: ApprovalAction, label: str, variant: ButtonVariant, icon: str
) -> rx.Component:
    return w.button(
        label,
        variant=variant,
        icon=icon,
        on_click=DecisionDialog.open_for(action.value, [TicketApproval.approval.id]),
    )


def approval_panel() -> rx.Component:
    """Return the panel, which is empty if no approval is pending."""
    approval = TicketApproval.approval
    return rx.cond(
        approval.id > 0,
        rx.el.section(
            rx.el.header(
                rx.icon("stamp", size=16, stroke_width=1.75, aria_hidden="true"),
                rx.el.h2(
                    rx.cond(
                        approval.is_my_decision, texts.APPROVAL_NEEDS_YOURS, texts.APPROVAL_WAITING
                    )
                ),
                rx.el.span(
                    w.user_text(approval.title),
                    texts.APPROVAL_REQUESTED_BY,
                    w.user_text(approval.requested_by),
                    " ",
                    w.time_ago(approval.at),
                    class_name="text-muted",
                ),
            ),
            rx.cond(
                approval.reason != "",
                rx.el.p(approval.reason, class_name="approval-reason", dir="auto"),
            ),
            rx.cond(
                approval.question != "",
                rx.el.p(
                    rx.el.b(texts.APPROVAL_QUESTION),
                    w.user_text(approval.question),
                    class_name="info-box",
                ),
            ),
            rx.el.ol(
                rx.foreach(approval.steps, _step_item), class_name="list-unstyled approval-steps"
            ),
            rx.cond(
                approval.is_my_decision | approval.can_cancel,
                rx.el.div(
                    rx.cond(
                        approval.is_my_decision,
                        rx.fragment(
                            _decision_button(
                                ApprovalAction.APPROVE, texts.APPROVAL_APPROVE, "primary", "check"
                            ),
                            _decision_button(
                                ApprovalAction.REJECT, texts.APPROVAL_REJECT, "plain", "x"
                            ),
                            _decision_button(
                                ApprovalAction.REQUEST_INFO,
                                texts.APPROVAL_ASK,
                                "plain",
                                "message-circle-question",
                            ),
                            _decision_button(
                                ApprovalAction.DELEGATE,
                                texts.APPROVAL_DELEGATE,
                                "plain",
                                "corner-down-right",
                            ),
                        ),
                    ),
                    rx.cond(
                        approval.can_cancel,
                        w.button(
                            texts.APPROVAL_WITHDRAW,
                            variant="quiet",
                            on_click=DecisionDialog.withdraw(approval.id),
                        ),
                    ),
                    class_name="approval-actions",
                ),
            ),
            class_name="approval-panel",
            aria_label=texts.APPROVAL_TITLE,
        ),
    )

"""On a ticket that waits for approval: what is asked, of whom, and the buttons to decide."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.ui import bridge, live, tail
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk.approvals.deciding import REQUEST, Deciding
from ticket_app.ui.pages.desk.approvals.rows import Standing, standing
from ticket_app.ui.pages.desk.frame import Rail

STATES = {
    "waiting": ("circle-dashed", "Not yet"),
    "pending": ("clock", "Waiting"),
    "info_requested": ("message-circle-question", "Asked back"),
    "approved": ("circle-check", "Approved"),
    "rejected": ("circle-x", "Rejected"),
    "delegated": ("corner-down-right", "Delegated"),
    "cancelled": ("circle-slash", "Not needed"),
}


class TicketApproval(rx.State):
    """How the approval of the open ticket stands."""

    case: Standing = Standing()

    @bridge.event
    async def load(self) -> None:
        """Look, and be woken by what happens to the ticket."""
        reference = self.router.url.path.rstrip("/").rpartition("/tickets/")[2]
        self.case = await bridge.read(self, standing, reference)
        if self.case.ticket_id:
            topic = tail.staff_topic(self.case.ticket_id)
            live.watch(self, TicketApproval.refresh, {topic})

    @bridge.event
    async def refresh(self) -> Any:
        """Look again; a decision changes what waits for whom."""
        before = self.case
        self.case = await bridge.read(self, standing, str(self.case.ticket_id))
        return Rail.load if before != self.case else None

    @bridge.event
    def request(self) -> Any:
        """Ask for approval of this ticket."""
        return Deciding.begin(REQUEST, [self.case.ticket_id])


def _sign(state: Any) -> rx.Component:
    return rx.match(
        state,
        *(
            (word, rx.icon(icon, size=14, stroke_width=1.75, aria_hidden="true"))
            for word, (icon, _) in STATES.items()
        ),
        rx.icon("circle", size=14),
    )


def _word(state: Any) -> rx.Component:
    return rx.match(state, *((word, said) for word, (_, said) in STATES.items()), "")


def _ask(ask: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(_sign(ask.state), class_name="ask-sign", data_state=ask.state),
        w.person(ask.initials, ask.name, ask.color),
        rx.el.span(_word(ask.state), class_name="soft"),
        rx.cond(
            ask.delegated_by != "",
            rx.el.span("for ", w.user_text(ask.delegated_by), class_name="soft cut"),
        ),
        rx.cond(ask.said != "", rx.el.span(ask.said, class_name="ask-said soft", dir="auto")),
        class_name="ask",
    )


def _step(step: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(step.name, dir="auto"),
            rx.cond(step.needs != "", rx.el.span(step.needs, class_name="soft")),
            rx.cond(
                (step.due != "") & (step.state == "pending"),
                w.sla_chip(step.due, "running", "", "Decide"),
            ),
            rx.cond(step.state == "waiting", rx.el.span("after that", class_name="soft")),
            class_name="step-head",
        ),
        rx.cond(step.asks.length() > 0, rx.el.ul(rx.foreach(step.asks, _ask), class_name="plain")),
        class_name="approval-step",
        data_state=step.state,
    )


def _decide(action: ApprovalAction, label: str, look: str, icon: str) -> rx.Component:
    return w.button(
        label,
        look=look,  # type: ignore[arg-type]
        icon=icon,
        on_click=Deciding.begin(action.value, [TicketApproval.case.id]),
    )


def approval_panel() -> rx.Component:
    """The panel; nothing where no approval is under way."""
    case = TicketApproval.case
    return rx.cond(
        case.id > 0,
        rx.el.section(
            rx.el.header(
                rx.icon("stamp", size=16, stroke_width=1.75, aria_hidden="true"),
                rx.el.h2(rx.cond(case.is_mine, "Your decision is asked for", "Waits for approval")),
                rx.el.span(
                    w.user_text(case.title),
                    ", asked for by ",
                    w.user_text(case.asker),
                    " ",
                    w.time_ago(case.at),
                    class_name="soft",
                ),
            ),
            rx.cond(
                case.reason != "", rx.el.p(case.reason, class_name="approval-reason", dir="auto")
            ),
            rx.cond(
                case.question != "",
                rx.el.p(
                    rx.el.b("The requester was asked: "),
                    w.user_text(case.question),
                    class_name="told",
                ),
            ),
            rx.el.ol(rx.foreach(case.steps, _step), class_name="plain approval-steps"),
            rx.cond(
                case.is_mine | case.may_cancel,
                rx.el.div(
                    rx.cond(
                        case.is_mine,
                        rx.fragment(
                            _decide(ApprovalAction.APPROVE, "Approve", "primary", "check"),
                            _decide(ApprovalAction.REJECT, "Reject", "plain", "x"),
                            _decide(
                                ApprovalAction.REQUEST_INFO,
                                "Ask",
                                "plain",
                                "message-circle-question",
                            ),
                            _decide(
                                ApprovalAction.DELEGATE, "Delegate", "plain", "corner-down-right"
                            ),
                        ),
                    ),
                    rx.cond(
                        case.may_cancel,
                        w.button("Take back", look="quiet", on_click=Deciding.cancel(case.id)),
                    ),
                    class_name="approval-do",
                ),
            ),
            class_name="approval-panel",
            aria_label="Approval",
        ),
    )

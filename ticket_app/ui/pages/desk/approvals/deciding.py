"""Deciding: the dialog that asks for words, whoever's approvals it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from ticket_app.core import approval_decisions, approvals, tickets
from ticket_app.core.desk import Desk
from ticket_app.core.errors import Invalid
from ticket_app.core.words import ApprovalAction
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk.finder import Entry, found_list

REQUEST: Final = "request"


@dataclass(frozen=True)
class Asked:
    """A dialog's words: its title, what it explains, its button, and how its field is called."""

    title: str
    hint: str
    button: str
    words: str
    must: bool
    done: str


DIALOGS: Final[dict[str, Asked]] = {
    ApprovalAction.APPROVE: Asked(
        "Approve",
        "What you remark stays among staff; the requester reads the conditions.",
        "Approve",
        "Remark",
        False,
        "Approved",
    ),
    ApprovalAction.REJECT: Asked(
        "Reject",
        "The requester reads why. The ticket is closed as not planned.",
        "Reject",
        "Why",
        True,
        "Rejected",
    ),
    ApprovalAction.REQUEST_INFO: Asked(
        "Ask the requester",
        "They read your question on the ticket; their answer brings it back to you.",
        "Ask",
        "What do you need to know?",
        True,
        "Asked; their answer brings it back to you",
    ),
    ApprovalAction.DELEGATE: Asked(
        "Delegate",
        "Somebody else decides in your place.",
        "Delegate",
        "A word to them",
        False,
        "Delegated",
    ),
    REQUEST: Asked(
        "Request approval",
        "The ticket waits until it is decided. Without a name, the policy that fits decides who is "
        "asked, or else the manager of its department.",
        "Request approval",
        "Why it is needed",
        False,
        "Approval requested",
    ),
}


def _act(desk: Desk, ids: list[int], action: str, words: str, more: dict[str, Any]) -> list[str]:
    """Decide; the refusals, each in a sentence."""
    results = approval_decisions.act_on_many(
        desk, ids, ApprovalAction(action), comments=words or None, **more
    )
    return [result.error.message for result in results if result.error]


def _request(desk: Desk, ticket_id: int, words: str, person_id: int | None) -> None:
    approvals.request(
        desk,
        tickets.hold(desk, ticket_id),
        reason=words or None,
        approver_ids=[person_id] if person_id else (),
    )


def _cancel(desk: Desk, request_id: int) -> None:
    approval_decisions.cancel(desk, request_id)


class Deciding(rx.State):
    """What is about to be decided, and on which approvals (or which ticket)."""

    action: str = ""
    title: str = ""
    hint: str = ""
    button: str = ""
    words: str = ""
    error: str = ""
    person: Entry = Entry("", "")

    _ids: list[int] = []

    @bridge.event
    def begin(self, action: str, ids: list[int]) -> None:
        """Open the dialog for an action on approvals, or for a request on a ticket."""
        asked = DIALOGS.get(action)
        if asked is None or not ids:
            return
        self.action, self._ids = action, [int(one) for one in ids][:100]
        many = f" {len(self._ids)} tickets" if len(self._ids) > 1 else ""
        self.title, self.hint = asked.title + many, asked.hint
        self.button, self.words = asked.button, asked.words
        self.error, self.person = "", Entry("", "")

    @bridge.event
    def stop(self, is_open: bool) -> None:
        """Close the dialog without a decision."""
        if not is_open:
            self.action = ""

    @bridge.event
    def choose(self, person_id: str, name: str) -> None:
        """Whom to delegate to, or to ask."""
        self.person = Entry(person_id if person_id.isdigit() else "", name)

    @bridge.submission
    async def decide(self, form: dict[str, Any]) -> Any:
        """Do it; what is wrong is said in the dialog, which stays open."""
        asked = DIALOGS.get(self.action)
        if asked is None:
            return None
        words = str(form.get("words", "")).strip()
        person_id = int(self.person.value) if self.person.value else None
        if asked.must and not words:
            self.error = "Write a word first"
            return None
        if self.action == ApprovalAction.DELEGATE and person_id is None:
            self.error = "Choose whom to delegate to"
            return None
        try:
            refused = await self._do(words, form, person_id)
        except Invalid as wrong:
            self.error = wrong.message
            return None
        self.action = ""
        done = len(self._ids) - len(refused)
        toasts = [w.toast(why, tone="red") for why in dict.fromkeys(refused)]
        if done and not toasts:
            many = f"{done} tickets: " if done > 1 else ""
            return [w.toast(f"{many}{asked.done}", tone="green")]
        return toasts

    async def _do(self, words: str, form: dict[str, Any], person_id: int | None) -> list[str]:
        if self.action == REQUEST:
            await bridge.write(self, _request, self._ids[0], words, person_id)
            return []
        more: dict[str, Any] = {}
        if self.action == ApprovalAction.APPROVE:
            lines = str(form.get("conditions", "")).splitlines()
            more["conditions"] = [line.strip() for line in lines if line.strip()]
        if self.action == ApprovalAction.DELEGATE:
            more["delegate_to_id"] = person_id
        return await bridge.write(self, _act, self._ids, self.action, words, more)

    @bridge.event
    async def cancel(self, request_id: int) -> Any:
        """Take a request back."""
        await bridge.write(self, _cancel, request_id)
        return w.toast("The request was taken back")


def _person() -> rx.Component:
    label = rx.cond(
        Deciding.action == REQUEST, "Who is asked (optional)", "Who decides in your place"
    )
    return rx.el.div(
        rx.el.span(label, class_name="field-label"),
        rx.cond(
            Deciding.person.value != "",
            rx.el.div(
                rx.el.span(Deciding.person.label, dir="auto"),
                w.button("Change", on_click=Deciding.choose("", "")),
                class_name="chosen",
            ),
            found_list(
                "staff",
                "Find somebody",
                lambda entry: Deciding.choose(entry.value, entry.label),
                closes=False,
            ),
        ),
    )


def deciding_dialog() -> rx.Component:
    """The dialog; once on each page that decides."""
    wants_person = (Deciding.action == ApprovalAction.DELEGATE.value) | (Deciding.action == REQUEST)
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(Deciding.title, size="3", dir="auto"),
            rx.dialog.description(Deciding.hint, class_name="soft", size="1"),
            rx.el.form(
                rx.cond(wants_person, _person()),
                rx.el.label(Deciding.words, w.text_area("words", rows=4, auto_focus=True)),
                rx.cond(
                    Deciding.action == ApprovalAction.APPROVE.value,
                    rx.el.label(
                        "Conditions, one a line (optional)", w.text_area("conditions", rows=2)
                    ),
                ),
                rx.el.p(Deciding.error, class_name="field-error", role="alert"),
                rx.el.div(
                    rx.dialog.close(w.button("Cancel")),
                    w.button(Deciding.button, look="primary", submit=True),
                    class_name="end",
                ),
                on_submit=Deciding.decide,
                class_name="small-form",
            ),
            max_width="480px",
        ),
        open=Deciding.action != "",
        on_open_change=Deciding.stop,
    )

"""Deciding: the dialog that asks for words, whoever's approvals it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Invalid, Stale
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets import ticket_list, tickets
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import DraftForm
from ticket_app.ui.dialogs import OpenDialog, close_dialog, confirm, dialog_root, open_dialog
from ticket_app.ui.pages.desk import work
from ticket_app.ui.pages.desk.finder import Entry, found_list

REQUEST: Final = "request"
DECIDE: Final = "decide"
MOST: Final = 100
"""How many requests are decided at once."""


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
        "Only staff can see the remark. The requester sees the conditions.",
        "Approve",
        "Remark (optional)",
        False,
        "approved",
    ),
    ApprovalAction.REJECT: Asked(
        "Reject",
        "The requester sees the reason. The ticket is closed as won't fix.",
        "Reject",
        "Reason",
        True,
        "rejected",
    ),
    ApprovalAction.REQUEST_INFO: Asked(
        "Ask the requester",
        "The requester sees your question on the ticket. Their answer brings the request back to "
        "you.",
        "Ask",
        "What do you need to know?",
        True,
        "the requester was asked; their answer brings it back to you",
    ),
    ApprovalAction.DELEGATE: Asked(
        "Delegate",
        "Another person decides in your place.",
        "Delegate",
        "Message (optional)",
        False,
        "delegated",
    ),
    REQUEST: Asked(
        "Request approval",
        "The ticket waits for the decision. If you choose no approver, the matching policy or the "
        "manager of the department decides.",
        "Request approval",
        "Reason (optional)",
        False,
        "approval requested",
    ),
}


@dataclass(frozen=True)
class Subject:
    """A ticket to decide about, as the dialog shows it; `id` is the request's, or the ticket's."""

    id: int
    ticket_id: int
    number: str
    title: str
    version: int


def _subjects(desk: Desk, action: str, ids: list[int]) -> list[Subject]:
    desk.actor.must("work_tickets", "decide on approvals")
    found = []
    for one in ids:
        ticket_id = one if action == REQUEST else approval_listing.read(desk, one)["ticket_id"]
        row = ticket_list.read(desk, ticket_id, "line")
        found.append(Subject(one, row.id, ticket_numbers.key(row), row.title, row.version))
    return found


def _act(
    desk: Desk, subjects: list[Subject], action: str, words: str, more: dict[str, Any]
) -> list[Refused]:
    """Decide on tickets that still are as they were shown; what was refused, and why."""
    results = approval_decisions.act_on_many(
        desk,
        [one.id for one in subjects],
        ApprovalAction(action),
        comments=words or None,
        seen={one.id: one.version for one in subjects},
        **more,
    )
    return [
        Refused(result.request_id, result.error.message, isinstance(result.error, Stale))
        for result in results
        if result.error
    ]


def _request(desk: Desk, subject: Subject, words: str, person_id: int | None) -> None:
    ticket = tickets.hold(desk, subject.ticket_id)
    tickets.expect_seen(desk, ticket, subject.version, ticket.assignee_id)
    approval_requests.request(
        desk, ticket, reason=words or None, approver_ids=[person_id] if person_id else ()
    )


def _cancel(desk: Desk, request_id: int) -> str:
    ticket_id = approval_listing.read(desk, request_id)["ticket_id"]
    approval_decisions.cancel(desk, request_id)
    return ticket_numbers.key(ticket_list.read(desk, ticket_id, "line"))


@dataclass(frozen=True)
class Refused:
    """A request that was not decided, and why; `is_stale` if its ticket had changed."""

    request_id: int
    why: str
    is_stale: bool


class Deciding(rx.State):
    """What is about to be decided, and on which approvals (or which ticket)."""

    action: str = ""
    title: str = ""
    about: str = ""
    hint: str = ""
    button: str = ""
    words: str = ""
    error: str = ""
    unsent_key: str = ""
    person: Entry = Entry("", "")

    _subjects: list[Subject] = []

    @bridge.event
    async def begin(self, action: str, ids: list[int]) -> None:
        """Open the dialog for an action on approvals, or for a request on a ticket."""
        asked = DIALOGS.get(action)
        if asked is None or not ids:
            return
        self.action = action
        await self._look([int(one) for one in ids][:MOST])
        self.hint, self.button, self.words = asked.hint, asked.button, asked.words
        self.error, self.person = "", Entry("", "")

    async def _look(self, ids: list[int]) -> None:
        """Show the tickets as they are now, and remember that they were shown so."""
        self._subjects = await bridge.read(self, _subjects, self.action, ids)
        self.unsent_key = f"approval.{self.action}.{'-'.join(map(str, sorted(ids)))}"
        numbers = [one.number for one in self._subjects]
        of = " for" if self.action == REQUEST else ""
        self.title = f"{DIALOGS[self.action].title}{of} {work.named(numbers)}"
        self.about = self._subjects[0].title if len(numbers) == 1 else ", ".join(numbers)
        await open_dialog(self, DECIDE, self.action, self._subjects)

    @bridge.event
    def choose(self, person_id: str, name: str) -> None:
        """Whom to delegate to, or to ask."""
        self.person = Entry(person_id if person_id.isdigit() else "", name)

    @bridge.submission
    async def decide(self, seen: str, form: dict[str, Any]) -> Any:
        """Do it; what is wrong is said in the dialog, which stays open."""
        await confirm(self, DECIDE, seen)
        asked = DIALOGS[self.action]
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
        except Stale as stale:
            refused = [Refused(self._subjects[0].id, stale.message, True)]
        except Invalid as wrong:
            self.error = wrong.message
            return None
        if len(self._subjects) == 1 and refused and refused[0].is_stale:
            await self._look([self._subjects[0].id])
            self.error = f"{refused[0].why} Look at it again before you decide."
            return None
        await close_dialog(self)
        not_done = {one.request_id for one in refused}
        numbers = [one.number for one in self._subjects if one.id not in not_done]
        toasts = [w.toast(why, tone="red") for why in dict.fromkeys(one.why for one in refused)]
        if not numbers:
            return toasts
        done = w.toast(f"{work.named(numbers)}: {asked.done}", tone="green")
        return [*toasts, done, w.forget_unsent(self.unsent_key)]

    async def _do(self, words: str, form: dict[str, Any], person_id: int | None) -> list[Refused]:
        if self.action == REQUEST:
            await bridge.write(self, _request, self._subjects[0], words, person_id)
            return []
        more: dict[str, Any] = {}
        if self.action == ApprovalAction.APPROVE:
            lines = str(form.get("conditions", "")).splitlines()
            more["conditions"] = [line.strip() for line in lines if line.strip()]
        if self.action == ApprovalAction.DELEGATE:
            more["delegate_to_id"] = person_id
        return await bridge.write(self, _act, self._subjects, self.action, words, more)

    @bridge.event
    async def cancel(self, request_id: int) -> Any:
        """Take a request back."""
        number = await bridge.write(self, _cancel, request_id)
        return w.toast(f"{number}: request for approval withdrawn")


def _person() -> rx.Component:
    label = rx.cond(Deciding.action == REQUEST, "Approver (optional)", "Who decides in your place")
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
    return dialog_root(
        DECIDE,
        rx.dialog.content(
            rx.dialog.title(Deciding.title, size="3", dir="auto"),
            rx.el.p(Deciding.about, class_name="dialog-about", dir="auto"),
            rx.dialog.description(Deciding.hint, class_name="soft", size="1"),
            DraftForm.create(
                rx.cond(wants_person, _person()),
                rx.el.label(Deciding.words, w.text_area("words", rows=4)),
                rx.cond(
                    Deciding.action == ApprovalAction.APPROVE.value,
                    rx.el.label(
                        "Conditions, one a line (optional)", w.text_area("conditions", rows=2)
                    ),
                ),
                rx.el.p(Deciding.error, class_name="field-error", role="alert"),
                rx.el.div(
                    w.saved_line(False, "", 0),
                    rx.dialog.close(w.button("Cancel", data_discards_draft="true")),
                    w.button(Deciding.button, look="primary", submit=True),
                    class_name="end",
                ),
                on_submit=Deciding.decide(OpenDialog.seen),
                place=Deciding.unsent_key,
                key=Deciding.unsent_key,
                class_name="small-form",
            ),
            max_width="480px",
        ),
    )

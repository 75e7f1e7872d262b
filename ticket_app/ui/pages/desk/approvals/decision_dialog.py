"""The dialog in which staff approve, reject, delegate, ask for information or request approval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Invalid, VersionConflict
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets import locking, ticket_lookup
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import DraftForm
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    dialog_root,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.lookup import LookupOption, lookup_list
from ticket_app.ui.texts import describe_tickets

REQUEST: Final = "request"
DECISION_DIALOG: Final = "decide"
MAX_REQUESTS: Final = 100
"""The most requests that one submission decides."""


@dataclass(frozen=True)
class DialogText:
    """The texts of the dialog for one action."""

    title: str
    hint: str
    button: str
    field_label: str
    is_required: bool
    done_message: str


DIALOG_TEXTS: Final[dict[str, DialogText]] = {
    ApprovalAction.APPROVE: DialogText(
        texts.APPROVAL_APPROVE,
        texts.APPROVAL_APPROVE_HINT,
        texts.APPROVAL_APPROVE,
        texts.APPROVAL_COMMENT,
        False,
        texts.APPROVAL_APPROVE_DONE,
    ),
    ApprovalAction.REJECT: DialogText(
        texts.APPROVAL_REJECT,
        texts.APPROVAL_REJECT_HINT,
        texts.APPROVAL_REJECT,
        texts.APPROVAL_REASON,
        True,
        texts.APPROVAL_REJECT_DONE,
    ),
    ApprovalAction.REQUEST_INFO: DialogText(
        texts.APPROVAL_ASK_TITLE,
        texts.APPROVAL_ASK_HINT,
        texts.APPROVAL_ASK,
        texts.APPROVAL_ASK_QUESTION,
        True,
        texts.APPROVAL_ASK_DONE,
    ),
    ApprovalAction.DELEGATE: DialogText(
        texts.APPROVAL_DELEGATE,
        texts.APPROVAL_DELEGATE_HINT,
        texts.APPROVAL_DELEGATE,
        texts.APPROVAL_MESSAGE,
        False,
        texts.APPROVAL_DELEGATE_DONE,
    ),
    REQUEST: DialogText(
        texts.APPROVAL_REQUEST,
        texts.APPROVAL_REQUEST_HINT,
        texts.APPROVAL_REQUEST,
        texts.APPROVAL_REQUEST_REASON,
        False,
        texts.APPROVAL_REQUEST_DONE,
    ),
}


@dataclass(frozen=True)
class DecisionSubject:
    """A ticket in the dialog; `id` is the id of the request, or of the ticket for `REQUEST`."""

    id: int
    ticket_id: int
    number: str
    title: str
    version: int


def _load_subjects(uow: UnitOfWork, action: str, ids: list[int]) -> list[DecisionSubject]:
    uow.actor.require("work_tickets", "decide on approvals")
    found = []
    for one in ids:
        ticket_id = (
            one if action == REQUEST else approval_listing.get_request(uow, one)["ticket_id"]
        )
        row = ticket_lookup.read_ticket(uow, ticket_id, "summary")
        found.append(
            DecisionSubject(one, row.id, ticket_numbers.format_key(row), row.title, row.version)
        )
    return found


def _decide_all(
    uow: UnitOfWork,
    subjects: list[DecisionSubject],
    action: str,
    comments: str,
    options: dict[str, object],
) -> list[FailedDecision]:
    """Decide on tickets that have not changed since they were shown, and return the failures."""
    results = approval_decisions.perform_bulk_action(
        uow,
        [one.id for one in subjects],
        ApprovalAction(action),
        comments=comments or None,
        seen_versions={one.id: one.version for one in subjects},
        **options,
    )
    return [
        FailedDecision(
            result.request_id, result.error.message, isinstance(result.error, VersionConflict)
        )
        for result in results
        if result.error
    ]


def _request_approval(
    uow: UnitOfWork, subject: DecisionSubject, reason: str, person_id: int | None
) -> None:
    ticket = locking.lock_ticket(uow, subject.ticket_id)
    locking.ensure_version(uow, ticket, subject.version, ticket.assignee_id)
    approval_requests.request_approval(
        uow, ticket, reason=reason or None, approver_ids=[person_id] if person_id else ()
    )


def _cancel(uow: UnitOfWork, request_id: int) -> str:
    ticket_id = approval_listing.get_request(uow, request_id)["ticket_id"]
    approval_decisions.cancel_request(uow, request_id)
    return ticket_numbers.format_key(ticket_lookup.read_ticket(uow, ticket_id, "summary"))


@dataclass(frozen=True)
class FailedDecision:
    """A request that was not decided, and why; `is_stale` if its ticket had changed."""

    request_id: int
    reason: str
    is_stale: bool


class DecisionDialog(rx.State):
    """The action to take and the requests (or the ticket) it is for."""

    action: str = ""
    title: str = ""
    subject_text: str = ""
    hint: str = ""
    button_label: str = ""
    field_label: str = ""
    error: str = ""
    unsent_key: str = ""
    chosen_person: LookupOption = LookupOption("", "")

    _subjects: list[DecisionSubject] = []

    @bridge.event
    async def open_for(self, action: str, ids: list[int]) -> None:
        """Open the dialog for an action on approval requests, or for a new request on a ticket."""
        text = DIALOG_TEXTS.get(action)
        if text is None or not ids:
            return
        self.action = action
        await self._show_subjects([int(one) for one in ids][:MAX_REQUESTS])
        self.hint, self.button_label, self.field_label = text.hint, text.button, text.field_label
        self.error, self.chosen_person = "", LookupOption("", "")

    async def _show_subjects(self, ids: list[int]) -> None:
        """Show the current tickets and remember their versions."""
        self._subjects = await bridge.read(self, _load_subjects, self.action, ids)
        self.unsent_key = f"approval.{self.action}.{'-'.join(map(str, sorted(ids)))}"
        numbers = [one.number for one in self._subjects]
        preposition = " for" if self.action == REQUEST else ""
        tickets = describe_tickets(numbers)
        self.title = f"{DIALOG_TEXTS[self.action].title}{preposition} {tickets}"
        self.subject_text = self._subjects[0].title if len(numbers) == 1 else ", ".join(numbers)
        await open_dialog(self, DECISION_DIALOG, self.action, self._subjects)

    @bridge.event
    def choose_person(self, person_id: str, name: str) -> None:
        """Choose the delegate or the approver."""
        self.chosen_person = LookupOption(person_id if person_id.isdigit() else "", name)

    @bridge.submission
    async def decide(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Perform the action; show an error in the dialog and keep it open if that fails."""
        await ensure_dialog_is_current(self, DECISION_DIALOG, seen)
        text = DIALOG_TEXTS[self.action]
        comments = str(form.get("words", "")).strip()
        person_id = int(self.chosen_person.value) if self.chosen_person.value else None
        if text.is_required and not comments:
            self.error = texts.APPROVAL_REQUIRED_FIELD
            return None
        if self.action == ApprovalAction.DELEGATE and person_id is None:
            self.error = texts.APPROVAL_CHOOSE_DELEGATE
            return None
        try:
            failed = await self._submit(comments, form, person_id)
        except VersionConflict as stale:
            failed = [FailedDecision(self._subjects[0].id, stale.message, True)]
        except Invalid as error:
            self.error = error.message
            return None
        if len(self._subjects) == 1 and failed and failed[0].is_stale:
            await self._show_subjects([self._subjects[0].id])
            self.error = texts.approval_review_first(failed[0].reason)
            return None
        await close_dialog(self)
        failed_ids = {one.request_id for one in failed}
        numbers = [one.number for one in self._subjects if one.id not in failed_ids]
        toasts = [w.toast(why, tone="red") for why in dict.fromkeys(one.reason for one in failed)]
        if not numbers:
            return toasts
        done = w.toast(
            texts.approval_done(describe_tickets(numbers), text.done_message),
            tone="green",
        )
        return [*toasts, done, w.forget_unsent(self.unsent_key)]

    async def _submit(
        self, comments: str, form: bridge.FormData, person_id: int | None
    ) -> list[FailedDecision]:
        if self.action == REQUEST:
            await bridge.write(self, _request_approval, self._subjects[0], comments, person_id)
            return []
        options: dict[str, object] = {}
        if self.action == ApprovalAction.APPROVE:
            lines = str(form.get("conditions", "")).splitlines()
            options["conditions"] = [line.strip() for line in lines if line.strip()]
        if self.action == ApprovalAction.DELEGATE:
            options["delegate_to_id"] = person_id
        return await bridge.write(self, _decide_all, self._subjects, self.action, comments, options)

    @bridge.event
    async def withdraw(self, request_id: int) -> bridge.Events:
        """Withdraw a request for approval."""
        number = await bridge.write(self, _cancel, request_id)
        return w.toast(texts.approval_done(number, texts.APPROVAL_WITHDRAW_DONE))


def _person_picker() -> rx.Component:
    label = rx.cond(
        DecisionDialog.action == REQUEST, texts.APPROVAL_APPROVER, texts.APPROVAL_DELEGATE_TO
    )
    return rx.el.div(
        rx.el.span(label, class_name="field-label"),
        rx.cond(
            DecisionDialog.chosen_person.value != "",
            rx.el.div(
                rx.el.span(DecisionDialog.chosen_person.label, dir="auto"),
                w.button(
                    texts.APPROVAL_CHANGE_PERSON, on_click=DecisionDialog.choose_person("", "")
                ),
                class_name="selected-person",
            ),
            lookup_list(
                "staff",
                texts.DESK_SEARCH_PEOPLE,
                lambda entry: DecisionDialog.choose_person(entry.value, entry.label),
                closes_menu=False,
            ),
        ),
    )


def decision_dialog() -> rx.Component:
    """Return the dialog; a page that decides contains it once."""
    needs_person = (DecisionDialog.action == ApprovalAction.DELEGATE.value) | (
        DecisionDialog.action == REQUEST
    )
    return dialog_root(
        DECISION_DIALOG,
        rx.dialog.content(
            rx.dialog.title(DecisionDialog.title, size="3", dir="auto"),
            rx.el.p(DecisionDialog.subject_text, class_name="dialog-subject", dir="auto"),
            rx.dialog.description(DecisionDialog.hint, class_name="text-muted", size="1"),
            DraftForm.create(
                rx.cond(needs_person, _person_picker()),
                rx.el.label(DecisionDialog.field_label, w.text_area("words", rows=4)),
                rx.cond(
                    DecisionDialog.action == ApprovalAction.APPROVE.value,
                    rx.el.label(texts.APPROVAL_CONDITIONS, w.text_area("conditions", rows=2)),
                ),
                rx.el.p(DecisionDialog.error, class_name="field-error", role="alert"),
                rx.el.div(
                    w.saved_indicator(False, "", 0),
                    rx.dialog.close(w.button(texts.DESK_CANCEL, data_discards_draft="true")),
                    w.button(DecisionDialog.button_label, variant="primary", submit=True),
                    class_name="align-end",
                ),
                on_submit=DecisionDialog.decide(OpenDialog.fingerprint),
                place=DecisionDialog.unsent_key,
                key=DecisionDialog.unsent_key,
                class_name="compact-form",
            ),
            max_width="480px",
        ),
    )

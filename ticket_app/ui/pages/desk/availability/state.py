"""The availability of the signed-in agent: now, and absences that are planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import reflex as rx

from ticket_app.core.people import absences
from ticket_app.core.people.rows import AbsenceRow
from ticket_app.core.platform.errors import (
    DomainError,
    Invalid,
    RuleViolation,
    Unauthenticated,
)
from ticket_app.core.platform.natural_dates import parse_moment
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AgentState
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import ensure_dialog_is_current, open_dialog
from ticket_app.ui.pages.desk.availability import texts
from ticket_app.ui.rows import iso_time

AVAILABILITY_DIALOG: Final = "availability"


@dataclass(frozen=True)
class PlannedAbsence:
    """A later absence."""

    id: int
    state: str
    starts_at: str
    ends_at: str


@dataclass(frozen=True)
class AvailabilityData:
    """What the dialog shows."""

    state: str
    until: str
    planned: list[PlannedAbsence]


def _planned(row: AbsenceRow) -> PlannedAbsence:
    return PlannedAbsence(
        row.id,
        texts.STATES[AgentState(row.state)],
        iso_time(row.starts_at),
        iso_time(row.ends_at) if row.ends_at else "",
    )


def _load(uow: UnitOfWork) -> AvailabilityData:
    uow.actor.require("work_tickets", "see their availability")
    current = absences.find_availability(uow, [uow.actor.id]).get(uow.actor.id, absences.ACTIVE)
    return AvailabilityData(
        str(current.state),
        iso_time(current.until) if current.until else "",
        [_planned(row) for row in absences.list_own_absences(uow) if row.starts_at > uow.now],
    )


def _moment(uow: UnitOfWork, name: str, text: str) -> datetime | None:
    return parse_moment(name, text, now=uow.now, zone=uow.time_zone) if text.strip() else None


def _set_state(uow: UnitOfWork, state: AgentState, until: str) -> None:
    absences.set_own_state(uow, state, _moment(uow, "until", until))


def _plan(uow: UnitOfWork, starts: str, ends: str) -> None:
    starts_at, ends_at = _moment(uow, "from", starts), _moment(uow, "to", ends)
    if starts_at is None or ends_at is None:
        raise RuleViolation(texts.ENTER_BOTH)
    absences.plan_absence(uow, AgentState.AWAY, starts_at, ends_at)


def _plan_texts(form: bridge.FormData) -> tuple[str, str]:
    return str(form.get("absence-from", "")), str(form.get("absence-to", ""))


def _describe_error(error: DomainError) -> str:
    """Return an error as a sentence that names what is wrong as the dialog does."""
    if isinstance(error, Invalid):
        return f"{texts.FIELDS[error.field]} {error.reason}"
    return error.message


class AvailabilityDialog(rx.State):
    """The dialog with one's availability."""

    state: str = str(AgentState.ACTIVE)
    until: str = ""
    planned: list[PlannedAbsence] = []
    error: str = ""
    plan_error: str = ""

    @bridge.event
    async def open(self) -> None:
        """Open the dialog."""
        await self._load_rows()
        await open_dialog(self, AVAILABILITY_DIALOG)

    async def _load_rows(self) -> None:
        data = await bridge.read(self, _load)
        self.state, self.until, self.planned = data.state, data.until, data.planned
        self.error = self.plan_error = ""

    @bridge.submission
    async def save(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Become active, away or offline now."""
        await ensure_dialog_is_current(self, AVAILABILITY_DIALOG, seen)
        state = str(form.get("state", ""))
        if state not in set(AgentState):
            return None
        try:
            await bridge.write(self, _set_state, AgentState(state), str(form.get("until", "")))
        except Invalid as error:
            self.error = _describe_error(error)
            return None
        await self._load_rows()
        return w.toast(texts.SAVED, tone="green")

    @bridge.submission
    async def plan(self, seen: str, form: bridge.FormData) -> bridge.Events:
        """Plan a later absence."""
        await ensure_dialog_is_current(self, AVAILABILITY_DIALOG, seen)
        try:
            await bridge.write(self, _plan, *_plan_texts(form))
        except Unauthenticated:
            raise
        except DomainError as error:
            self.plan_error = _describe_error(error)
            return None
        await self._load_rows()
        return [w.clear_text("absence-from"), w.clear_text("absence-to")]

    @bridge.event
    async def remove(self, seen: str, absence_id: int) -> None:
        """Remove a planned absence."""
        await ensure_dialog_is_current(self, AVAILABILITY_DIALOG, seen)
        await bridge.write(self, absences.cancel_absence, absence_id)
        await self._load_rows()
